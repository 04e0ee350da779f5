"""No page of the site asks for anything from outside: the build stops where one does.

Links that a reader may follow are no requests; scripts, styles, fonts and pictures are.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

FOLLOWED = {"a", "form"}
"""Tags whose addresses are visited only if the reader asks for it."""

OUTSIDE = re.compile(r"\s*(?:https?:)?//", re.IGNORECASE)
IN_STYLES = re.compile(r"(?:@import\s+|url\()\s*['\"]?((?:https?:)?//[^'\")\s]+)", re.IGNORECASE)


class Requests(HTMLParser):
    """Collects what a browser would fetch for a page from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Look at one tag."""
        if tag in FOLLOWED or (tag == "link" and ("rel", "canonical") in attributes):
            return
        for name, value in attributes:
            if name in {"src", "href", "srcset", "data", "poster"} and OUTSIDE.match(value or ""):
                self.found.append(f"<{tag} {name}={value}>")
            elif name == "style":
                self.found += requests_of_style(value or "")


def requests_of_page(html: str) -> list[str]:
    """What a page asks for from outside."""
    parser = Requests()
    parser.feed(html)
    styles = re.findall(r"<style[^>]*>(.*?)</style>", html, flags=re.DOTALL)
    return parser.found + [one for style in styles for one in requests_of_style(style)]


def requests_of_style(style: str) -> list[str]:
    """What a style asks for from outside."""
    return IN_STYLES.findall(style)


def requests_of_site(folder: Path) -> Iterator[str]:
    """Each request from outside, after the file that makes it."""
    for ending, find in ((".html", requests_of_page), (".css", requests_of_style)):
        for path in sorted(folder.rglob(f"*{ending}")):
            for one in find(path.read_text(encoding="utf-8")):
                yield f"{path.relative_to(folder)}: {one}"


def stop_at_requests(app: "Sphinx", exception: Exception | None) -> None:
    """After the build."""
    found = list(requests_of_site(Path(app.outdir))) if exception is None and app.builder.format == "html" else []
    if found:
        from sphinx.errors import SphinxError  # noqa: PLC0415  # the tests of this file have no Sphinx

        raise SphinxError("pages ask for something from outside:\n" + "\n".join(found))


def setup(app: "Sphinx") -> dict[str, Any]:
    """Known to Sphinx."""
    app.connect("build-finished", stop_at_requests)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
