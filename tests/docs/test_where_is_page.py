"""The page "Where is ... ?" leads from every heading of the five documents to the lesson that covers it.

python tests/docs/test_where_is_page.py        writes docs/where-is.md anew
"""

import sys
from collections.abc import Iterator
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from docs.lesson_pages import link
from layers.old_sources import NAMES
from lessons.headings import DOCUMENTS, LAYERS_HEADING, Document, covering

PAGE = Path(__file__).parents[2] / "docs" / "where-is.md"
HEAD = """# Where is ... ?

The course goes back to five documents. Here is each of their headings, and the [lesson](lessons.md) that covers it. In
the terminal, `tenfold lesson "house prices"` finds a lesson by the source's words as well.
"""


def page() -> str:
    return HEAD + "".join("\n" + "\n".join(section(document)) + "\n" for document in DOCUMENTS)


def section(document: Document) -> Iterator[str]:
    yield from (f"## {document.number}: {document.title}", "", "| heading | lesson |", "|---|---|")
    lessons = covering()
    for heading in document.headings:
        found = lessons.get(f"{document.number} {heading}", ())
        yield f"| {heading} | {', '.join(f'{header.number} {link(header)}' for header in found)} |"
    if f"{document.number} {LAYERS_HEADING}" in document.full_headings:
        yield from ("", f"{LAYERS_HEADING}, each seen in training and in files ([the page of layers](layers.md)):")
        yield from ("", f"{', '.join(f'`{name}`' for name in NAMES)}.")


def test_the_page_is_what_the_headings_and_lessons_say():
    assert page() == PAGE.read_text(encoding="utf-8"), "python tests/docs/test_where_is_page.py writes it anew"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
