"""docs/datasets.md says what the module says."""

from pathlib import Path

from tenfold.datasets.catalogue import CATALOGUE

PAGE = Path(__file__).parents[2] / "docs" / "datasets.md"


def lines() -> list[str]:
    """The table as it should stand."""
    return [
        f"| `{one.name}` | {one.about} | {f'`{one.target}`' if one.target else ''} | {one.licence} | {_comes(one)} |"
        for one in CATALOGUE.values()
    ]


def _comes(entry) -> str:
    ways = [("scikit-learn", entry.is_carried), ("Keras", entry.keras), ("download", entry.downloads)]
    return ", ".join(word for word, holds in ways if holds) or "by hand"


def test_the_table_is_the_catalogue() -> None:
    written = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    assert written == lines()
