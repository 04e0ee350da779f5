"""The pages of the book's networks and of the kinds of data say what their files of results say."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))

import book_page  # noqa: E402
import kinds_page  # noqa: E402


def test_the_page_of_the_books_networks_is_made_from_the_results(tmp_path: Path):
    results = sorted((ROOT / "benchmarks" / "results" / "book").glob("*.json"))
    assert results
    book_page.write_page(results, tmp_path / "page.md")
    assert (tmp_path / "page.md").read_text() == (ROOT / "docs" / "book-networks.md").read_text()


def test_the_page_of_the_kinds_of_data_is_made_from_the_results(tmp_path: Path):
    results = sorted((ROOT / "benchmarks" / "results" / "kinds").glob("*.json"))
    assert results
    kinds_page.write_page(results, tmp_path / "page.md")
    assert (tmp_path / "page.md").read_text() == (ROOT / "docs" / "kinds-of-data.md").read_text()
