"""What the pages about lessons have in common."""

from collections.abc import Iterator, Sequence

from tenfold.lessons.course import PARTS, list_headers, place
from tenfold.lessons.header import Header


def link(header: Header) -> str:
    """A lesson's title, as a link that works in the repository and on the site."""
    return f"[{header.title}](../lessons/{header.path.name})"


def parts() -> Iterator[tuple[str, Sequence[Header]]]:
    """Each part of the course that has lessons, with them."""
    for title, first, last in PARTS:
        found = [header for header in list_headers() if first <= place(header) <= last]
        if found:
            yield title, found


def cell(text: str) -> str:
    """Text as a cell of a table."""
    return text.replace("|", "\\|")
