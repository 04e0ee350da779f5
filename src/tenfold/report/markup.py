"""From our sentences to HTML, with everything from strangers escaped.

Sentences are plain text with names and commands in backticks; here they become `<code>`. Nothing else is markup:
a column called `<script>` is shown as those eight letters.
"""

import re

from markupsafe import Markup, escape

from tenfold.report.facts import Facts
from tenfold.report.words import clean

__all__ = ["inert_json", "prose", "typographic"]

MINUS, NO_BREAK = "\u2212", "\u00a0"


def typographic(text: str) -> str:
    """Plain minus before a number as a minus sign, no break between a number and its unit.

    >>> typographic("-0.12 to 0.28, 95 % of 2 s") == "\u22120.12 to 0.28, 95\u00a0% of 2\u00a0s"
    True
    >>> typographic("64-64, 2026-11-20")
    '64-64, 2026-11-20'
    """
    text = re.sub(r"(?<![\w.)`-])-(?=\d)", MINUS, text)
    return re.sub(r"(?<=\d) (?=(?:%|s|min|h|kB|MB|GiB|rows?|points?)(?!\w))", NO_BREAK, text)


def prose(text: str) -> Markup:
    """A sentence as HTML: escaped, names in backticks as code.

    >>> prose("The network predicts `a<b` better.")
    Markup('The network predicts <code>a&lt;b</code> better.')
    """
    parts = re.split(r"`([^`]+)`", clean(text))
    html = [_code(part) if place % 2 else escape(typographic(part)) for place, part in enumerate(parts)]
    return Markup("").join(html)


def _code(text: str) -> Markup:
    """Names and commands; an option such as `--seed` is not broken after its first hyphen."""
    words = [Markup("<span>%s</span>") % word if word.startswith("-") else escape(word) for word in text.split(" ")]
    return Markup("<code>%s</code>") % Markup(" ").join(words)


def inert_json(facts: Facts) -> Markup:
    """The facts for a script element that is never run: no `<` can end it.

    The result is JSON still: `<`, `>` and `&` can only stand inside its strings, where an escape means the same.
    """
    text = facts.to_json().replace("<", r"\u003c").replace(">", r"\u003e").replace("&", r"\u0026")
    return Markup(text)  # noqa: S704 - escaped above; autoescape would write &quot;, which a script element keeps as it is
