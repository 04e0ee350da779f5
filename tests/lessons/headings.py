"""The headings of the documents (lessons/headings.toml), and which lessons cover them."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tenfold.lessons.course import lessons_folder, list_headers
from tenfold.lessons.header import Header

LAYERS_HEADING = "The 104 layers"


@dataclass(frozen=True)
class Document:
    """A document that the course goes back to."""

    number: str
    title: str
    headings: tuple[str, ...]

    @property
    def full_headings(self) -> tuple[str, ...]:
        """As lessons name them in `covers`."""
        return tuple(f"{self.number} {heading}" for heading in self.headings)


def read_documents() -> tuple[Document, ...]:
    said = tomllib.loads((lessons_folder() / "headings.toml").read_text(encoding="utf-8"))
    return tuple(Document(one["number"], one["title"], tuple(one["headings"])) for one in said["documents"])


def covering(headers: Sequence[Header] | None = None) -> Mapping[str, Sequence[Header]]:
    """The lessons that cover each heading."""
    found: dict[str, list[Header]] = defaultdict(list)
    for header in list_headers() if headers is None else headers:
        for heading in header.covers:
            found[without_count(heading)].append(header)
    return found


def without_count(heading: str) -> str:
    """A heading without the number that counts it among its like: "001 2. Choosing ..."."""
    return re.sub(r"^(\d{3}) \d+\. ", r"\1 ", heading)


def uncovered(headers: Sequence[Header]) -> list[str]:
    """Headings that none of these lessons covers."""
    known = covering(headers)
    return [heading for document in DOCUMENTS for heading in document.full_headings if heading not in known]


def unknown(headers: Sequence[Header]) -> dict[str, list[str]]:
    """Headings that no document has, and the lessons that cover them all the same."""
    known = {heading for document in DOCUMENTS for heading in document.full_headings}
    return {
        heading: [header.name for header in those]
        for heading, those in covering(headers).items()
        if heading not in known
    }


DOCUMENTS = read_documents()
