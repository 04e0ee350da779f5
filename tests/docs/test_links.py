"""Links from page to page lead somewhere, anchors included, in the repository as on the site."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/*/*.md")])
LINK = re.compile(r"\]\((?!https?://)(?P<file>[^)#\s]*)(?:#(?P<anchor>[^)\s]+))?\)")


def prose_of(page: Path) -> str:
    """A page without its code."""
    text = re.sub(r"(?ms)^(`{3,})[^`\n]*\n.*?^\1$", "", page.read_text(encoding="utf-8"))
    return re.sub(r"(?<!`)`[^`\n]+`(?!`)", lambda found: re.sub(r"[\[\]()]", "", found[0]), text)


def slug(heading: str) -> str:
    """How GitHub and MyST name a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def anchors_of(page: Path) -> set[str]:
    prose = prose_of(page)
    headings = {slug(found) for found in re.findall(r"(?m)^#+ (.+)$", prose)}
    return headings | set(re.findall(r'<a id="([^"]+)">', prose))


def broken(page: Path) -> list[str]:
    found = []
    for link in LINK.finditer(prose_of(page)):
        target = (page.parent / link["file"]).resolve() if link["file"] else page
        if not target.exists() or (link["anchor"] and link["anchor"] not in anchors_of(target)):
            found.append(link[0])
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    assert not broken(page)


def test_what_leads_nowhere_is_found(tmp_path):
    (tmp_path / "there.md").write_text('# One thing, and (another)\n\n<a id="mark"></a>\n')
    lines = [
        "[a](there.md) [b](there.md#mark) [c](there.md#one-thing-and-another) [d](https://example.org/x)",
        "[e](nowhere.md) [f](there.md#two) [g](#here) `x[0](y)`",
        "```\n[h](code.md)\n```",
    ]
    (tmp_path / "page.md").write_text("\n".join(lines))
    assert broken(tmp_path / "page.md") == ["](nowhere.md)", "](there.md#two)", "](#here)"]


def test_a_newcomer_reaches_a_lesson_in_two_clicks():
    first = {link["file"] for link in LINK.finditer(prose_of(ROOT / "README.md"))}
    for page in ("docs/lessons.md", "docs/where-is.md"):
        assert page in first
        assert "](../lessons/01_node.py)" in (ROOT / page).read_text(encoding="utf-8")
