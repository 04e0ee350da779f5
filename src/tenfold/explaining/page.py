"""The page of one row: one HTML file, offline, that one clicks through, and that is readable without scripts.

It looks as the report of a run looks: the same styles, colour schemes and tables.
"""

import base64
import hashlib
import json
from functools import cache
from importlib import resources
from typing import Any

import jinja2
from markupsafe import Markup

import tenfold
from tenfold.explaining.figures_in_text import short
from tenfold.explaining.losses import clip_note
from tenfold.explaining.packing import BUDGET, pack
from tenfold.explaining.static_tables import tables_of
from tenfold.explaining.words import settings_in_words, verdict
from tenfold.explaining.worksheet import PHASES, Worksheet
from tenfold.report.markup import prose, typographic
from tenfold.report.numbers import count
from tenfold.report.words import clean

__all__ = ["render_page"]


def render_page(worksheet: Worksheet, *, source: str = "", note: str = "", full: bool = False) -> str:
    """The page of a row.

    Args:
        worksheet: The row.
        source: Where the row comes from, such as `"houses.csv"`.
        note: What had to be chosen, as a sentence; empty where nothing had to be.
        full: Whether every number is kept, however large the page becomes.

    Returns:
        One HTML document.
    """
    return _environment().get_template("explain.html.j2").render(_context(worksheet, source, note, full=full))


def _context(worksheet: Worksheet, source: str, note: str, *, full: bool) -> dict[str, Any]:
    packed = pack(worksheet, budget=None if full else BUDGET)
    trace = worksheet.trace
    said, truth = verdict(worksheet)
    scripts = [
        _asset("tenfold.report", "page.js"),
        _asset("tenfold.explaining", "cells.js") + _asset("tenfold.explaining", "explain.js"),
    ]
    return {
        "trace": trace,
        "source": source,
        "notes": [one for one in (note, clip_note(worksheet)) if one],
        "version": tenfold.__version__,
        "prediction": said,
        "truth": truth,
        "loss": short(trace.loss.value),
        "settings": settings_in_words(trace.update.optimizer),
        "before": short(trace.update.loss_before),
        "after": short(trace.update.loss_after),
        "promised": short(trace.update.loss_expected),
        "phases": PHASES,
        "tables": tables_of(worksheet),
        "packed": packed,
        "worksheet": _inert(packed.data),
        "style": Markup(_asset("tenfold.report", "page.css") + _asset("tenfold.explaining", "explain.css")),  # noqa: S704 - our own files
        "scripts": [Markup(script) for script in scripts],  # noqa: S704 - our own files
        "hashes": [
            f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}" for script in scripts
        ],
    }


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.ChoiceLoader(
            [jinja2.PackageLoader("tenfold.explaining"), jinja2.PackageLoader("tenfold.report")]
        ),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters |= {"prose": prose, "typographic": typographic, "count": count, "clean": clean}
    return environment


@cache
def _asset(package: str, name: str) -> str:
    return (resources.files(package) / "templates" / name).read_text(encoding="utf-8")


def _inert(data: Any) -> Markup:
    """Data for a script element that is never run: no `<` can end it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", r"\u003c").replace(">", r"\u003e").replace("&", r"\u0026"))  # noqa: S704 - escaped
