"""The page on searches: its example runs."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "search.md"


def test_the_example_runs(capsys):
    (example,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    exec(compile(example, str(PAGE), "exec"), {})  # noqa: S102  # a page of this repository
    assert "by the folds that chose it, the best of 12 trials" in capsys.readouterr().out
