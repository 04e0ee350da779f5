"""The README's promises: short, its commands exist, its example runs."""

import re
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def test_the_readme_is_read_in_one_sitting() -> None:
    assert len(README.splitlines()) < 100


@pytest.mark.parametrize(
    "target", sorted({word for block in blocks("console") for word in re.findall(r"make (\w+)", block)})
)
def test_its_commands_exist(target: str) -> None:
    assert re.search(rf"^{target}:.* ## ", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)]+)\)", README))
def test_its_links_lead_somewhere(link: str) -> None:
    assert (ROOT / link).exists()


def test_its_example_runs_and_prints_what_it_shows(capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = blocks("python")
    exec(compile(example, "README.md", "exec"), {})  # noqa: S102 (the README is ours)
    printed, shown = capsys.readouterr().out.splitlines(), blocks("text")[1].splitlines()
    assert [line.split()[0] for line in printed] == [line.split()[0] for line in shown]
    for line, expected in zip(printed[2:], shown[2:], strict=True):  # last digits differ from machine to machine
        values, promised = (np.array(one.split()[1:-1], float) for one in (line, expected))
        np.testing.assert_allclose(values, promised, rtol=0.02, equal_nan=True)
