"""The page of what goes wrong is made from the file of results, and so are its figures."""

import json
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))

from going_wrong_page import PAGE, RESULTS, VIEWS, WORDS, numbers_of, write_page  # noqa: E402


def test_the_page_is_made_from_the_results(tmp_path: Path) -> None:
    write_page(RESULTS, tmp_path / "page.md")
    assert (tmp_path / "page.md").read_text() == PAGE.read_text()


@pytest.mark.parametrize("name", VIEWS)
def test_a_sentence_that_was_kept_is_the_one_that_its_numbers_give(name: str) -> None:
    found = json.loads(RESULTS.read_text())[name]
    assert VIEWS[name].sentence(numbers_of(name, found)) == found["sentence"]


def test_every_figure_of_the_page_is_there() -> None:
    figures = re.findall(r"\]\((figures/[\w-]+\.png)\)", PAGE.read_text())
    assert len(figures) == len(VIEWS)
    for figure in figures:
        assert (PAGE.parent / figure).read_bytes().startswith(b"\x89PNG")


def test_the_words_name_checks_that_exist() -> None:
    from tenfold.checks.judging import all_checks

    assert set(re.findall(r"TF\d{3}", WORDS.read_text())) <= {check.code for check in all_checks()}
