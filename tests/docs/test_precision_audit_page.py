"""The page about audit and fuse: its programs run, and what they claim holds."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "precision-audit.md"


def test_the_programs_of_the_page_run(tmp_path: Path):
    program = "\n".join(re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL))
    path = tmp_path / "page.py"  # a file, so that the audit can name lines
    path.write_text(program, encoding="utf-8")
    exec(compile(program, str(path), "exec"), {"__name__": "page"})  # noqa: S102  # the page is ours
