"""A matplotlib figure as inline SVG that takes the page's colours and fonts, weighs little and never changes by itself.

Text stays text. Marker colours become CSS variables with a fallback, coordinates are rounded to 0.1 px (29 to 38 %
less), ids belong to one figure, and neither date nor machine leaves a trace: same figure, same bytes.
"""

import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape

import matplotlib as mpl
from matplotlib.figure import Figure

from tenfold.report.figures.canvas import FAINT, GREY, INK, NETWORK, PAPER, QUIET, RIVAL, Drawing

__all__ = ["VARIABLES", "own_settings", "svg_panels"]

VARIABLES = {
    NETWORK: "var(--network,#0072b2)",
    RIVAL: "var(--rival,#d55e00)",
    GREY: "var(--grey,#767676)",
    INK: "var(--ink,#1d2127)",
    QUIET: "var(--quiet,#5b626b)",
    FAINT: "var(--faint,#d5d8dc)",
    PAPER: "var(--paper,#ffffff)",
}

UNTOUCHED = {"backend", "backend_fallback", "interactive", "toolbar", "webagg.open_in_browser"}
"""What `matplotlib.rc_context` would reset and thereby switch off a notebook's own display (matplotlib #25041)."""


@contextmanager
def own_settings(salt: str) -> Iterator[None]:
    """Matplotlib's defaults and ours for a moment, whatever style the user has set; his come back afterwards.

    Args:
        salt: Name of the figure, so that ids differ between figures and agree between runs.
    """
    before = {key: value for key, value in mpl.rcParams.items() if key not in UNTOUCHED}
    ours = {key: value for key, value in mpl.rcParamsDefault.items() if key not in UNTOUCHED}
    ours |= {"svg.fonttype": "none", "svg.hashsalt": f"tenfold {salt}", "text.parse_math": False}
    ours |= {"path.simplify": False, "axes.unicode_minus": False}
    try:
        mpl.rcParams.update(ours)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Glyph .* missing from font")  # the reader's browser has it
            yield
    finally:
        mpl.rcParams.update(before)


def svg_panels(drawing: Drawing) -> list[str]:
    """Each panel of a drawing as an `<svg>` element; the first carries the words, the others are decoration.

    Args:
        drawing: The figure, drawn inside `own_settings`.

    Returns:
        One string a panel, to be put into HTML as it is.
    """
    return [
        _inline(_drawn(panel, f"{drawing.name}-{number}"), drawing, number)
        for number, panel in enumerate(drawing.panels)
    ]


def _drawn(panel: Figure, salt: str) -> str:
    sheet = io.StringIO()
    with own_settings(salt):
        panel.savefig(sheet, format="svg", transparent=True, metadata={"Date": None})
    return sheet.getvalue()


def _inline(source: str, drawing: Drawing, number: int) -> str:
    opening, body = re.split(r"(?<=>)", source[source.index("<svg") :], maxsplit=1)
    box = re.search(r'viewBox="([^"]+)"', opening)
    body = _small(_without_preamble(body.replace("</svg>", "")))
    body = _themed(_own_ids(body, f"{drawing.name}-{number}"))
    words = _words(drawing) if number == 0 else ('aria-hidden="true"', "")
    size = box.group(1) if box else "0 0 400 300"
    return f'<svg viewBox="{_round(size)}" {words[0]}>{words[1]}<g aria-hidden="true" font-size="12">{body}</g></svg>'


def _words(drawing: Drawing) -> tuple[str, str]:
    title, desc = f"{drawing.name}-title", f"{drawing.name}-desc"
    plain = escape(drawing.finding.replace("`", ""))
    words = f'<title id="{title}">{plain}</title><desc id="{desc}">{escape(drawing.reading.replace("`", ""))}</desc>'
    return f'role="img" aria-labelledby="{title} {desc}"', words


def _without_preamble(body: str) -> str:
    """No metadata, no comments, no global style (it would reach the page around)."""
    for pattern in (r"<metadata>.*?</metadata>", r"<!--.*?-->", r"<defs>\s*<style.*?</style>\s*</defs>"):
        body = re.sub(pattern, "", body, flags=re.DOTALL)
    return body


def _small(body: str) -> str:
    """Coordinates at 0.1 px, no spaces between elements, no styles that say the default."""
    body = re.sub(r'\b(d|x|y|x1|x2|y1|y2|transform|width|height|points)="([^"]*)"', _rounded_attribute, body)
    body = re.sub(r"font-size: 12px; |font-family: [^;]*; ", "", body)  # the page's fonts; 12 px is said once, outside
    body = re.sub(r' transform="rotate\(-?0 [^"]*"', "", body)
    body = re.sub(r">\s+<", "><", body)
    body = re.sub(
        r'style="([^"]*)"', lambda found: f'style="{found.group(1).replace("; ", ";").replace(": ", ":")}"', body
    )
    return re.sub(r"<g([^>]*)>((?:<use [^>]*/>)+)</g>", _style_once, body).strip()


def _style_once(found: re.Match[str]) -> str:
    """Marks that share a style take it from their group: half of the bytes of 500 points."""
    group, marks = found.groups()
    styles = set(re.findall(r'style="[^"]*"', marks))
    if len(styles) != 1:
        return found.group()
    style = styles.pop()
    return f"<g{group} {style}>{marks.replace(' ' + style, '')}</g>"


def _rounded_attribute(found: re.Match[str]) -> str:
    text = _round(" ".join(found.group(2).split()))
    return f'{found.group(1)}="{text}"'


def _round(text: str) -> str:
    return re.sub(r"-?\d+\.\d+(?:e-?\d+)?", lambda number: f"{float(number.group()):.1f}".removesuffix(".0"), text)


def _own_ids(body: str, prefix: str) -> str:
    """Ids that something refers to become short and the figure's own, the others go."""
    used = dict.fromkeys(re.findall(r'href="#([^"]+)"', body) + re.findall(r"url\(#([^)]+)\)", body))
    names = {name: f"{prefix}-{number}" for number, name in enumerate(used)}
    body = re.sub(r' id="([^"]+)"', lambda found: f' id="{names[found[1]]}"' if found[1] in names else "", body)
    body = re.sub(r'xlink:href="#([^"]+)"', lambda found: f'href="#{names[found[1]]}"', body)
    return re.sub(r"url\(#([^)]+)\)", lambda found: f"url(#{names[found[1]]})", body)


def _themed(body: str) -> str:
    for colour, variable in VARIABLES.items():
        body = body.replace(colour, variable)
    return body
