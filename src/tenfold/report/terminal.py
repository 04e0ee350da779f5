"""The answer on a terminal: at most 20 lines, 80 columns wide, readable at 60, in any encoding.

    print(closing_block(facts, width=80))       # after `tenfold run`
    print(headline_line(facts))                 # with -q

Words carry every meaning, so nothing here is coloured; paths are never cut.
"""

import textwrap
from collections.abc import Iterator, Sequence

from tenfold.report.facts import Facts, Finding, Verdict
from tenfold.report.next_step import predict_command
from tenfold.report.numbers import duration
from tenfold.report.phrases import Phrases
from tenfold.report.standing import Standing, standing_of
from tenfold.report.tables import Table, in_order, over_guess
from tenfold.report.verdict import decide
from tenfold.report.words import clean, counted, short_name, without_backticks

__all__ = ["closing_block", "headline_line", "without_glyphs"]

MOST_LINES = 20
LONGEST_NAME = 24
"""Letters of a model's name in the table. Arbitrary."""

MOST_MODELS = 5
MOST_FINDINGS = 2

COMPARED = {"beats", "beats_little", "unclear", "same", "worse", "disagrees"}
"""Verdicts under which a table of models says what it seems to say."""

GLYPHS = {
    "·": "-",
    "×": "x",
    "…": "...",
    "→": "->",
    "±": "+-",
    "\u2013": "-",  # en dash, an empty cell
    "\u2212": "-",  # minus
    "\u00a0": " ",  # no break
}
"""What stands for a glyph where the stream has ASCII only."""


def closing_block(facts: Facts, *, width: int = 80, unicode: bool = True) -> str:
    """What stands on stdout when a run is done.

    Args:
        facts: What the run found.
        width: Columns of the terminal; below 60 it is laid out for 60.
        unicode: Whether the stream can show more than ASCII.

    Returns:
        At most 20 lines, the first one the headline, the last ones the paths.
    """
    verdict, standing = facts.verdict or decide(facts), standing_of(facts)
    width = max(60, width)
    head = _wrapped(headline_line(facts, path=False), width)
    tail = [*_work(facts, width), *_paths(facts, verdict, width)]
    table = _table(facts, standing, width) if standing and verdict.code in COMPARED else []
    findings = _findings(facts, width)
    room = MOST_LINES - len(head) - len(tail) - len(table) - len(findings)
    told = list(_fitting(_told(facts, verdict, standing), width, room))
    text = "\n".join([*head, *told, *table, *findings, *tail])
    return text if unicode else without_glyphs(text)


def headline_line(facts: Facts, *, path: bool = True) -> str:
    """The headline with both scores; with -q also the report's path, on a line of its own.

    Args:
        facts: What the run found.
        path: Whether to add the report's path.

    Returns:
        One or two lines.
    """
    verdict, standing = facts.verdict or decide(facts), standing_of(facts)
    line = without_backticks(verdict.headline)
    if standing and verdict.code in {"beats", "beats_little", "worse"}:
        own, other = (standing.form.value(one.score.value) for one in (standing.network, standing.baseline))
        line = f"{line.removesuffix('.')}: {facts.measure.short} {own} against {other}."
    report = facts.paths.report if facts.paths else ""
    return f"{line}\n{report}" if path and report else line


def without_glyphs(text: str) -> str:
    """The same text for a stream that shows ASCII only; what has no stand-in becomes a question mark.

    >>> without_glyphs("13 × 2 · a…")
    '13 x 2 - a...'
    """
    for glyph, stand_in in GLYPHS.items():
        text = text.replace(glyph, stand_in)
    return text.encode("ascii", errors="replace").decode("ascii")


def _wrapped(text: str, width: int, indent: str = "") -> list[str]:
    return textwrap.wrap(
        text, width, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def _told(facts: Facts, verdict: Verdict, standing: Standing | None) -> list[str]:
    """What was measured: short where the table has the scores, else the verdict's own sentences."""
    if standing is None or verdict.code not in COMPARED - {"disagrees"}:
        return list(verdict.sentences)
    say = Phrases(facts, standing)
    return [sentence for sentence in (_difference(say), _sealed(say), say.rows()) if sentence]


def _fitting(sentences: Sequence[str], width: int, room: int) -> Iterator[str]:
    """Lines of as many whole sentences as there is room for."""
    for sentence in sentences:
        lines = _wrapped(sentence, width, "  ")
        room -= len(lines)
        if room < 0:
            return
        yield from lines


def _difference(say: Phrases) -> str:
    form, interval, pairs = say.standing.difference_form, say.standing.against_baseline.interval, say.standing.won
    if interval.low > 0:
        span = form.span(interval.low, interval.high)
        return f"Better by {form.gain(interval.value)} (95 % interval {span}), in {pairs}."
    if interval.high < 0:
        span = form.span(-interval.high, -interval.low)
        return f"Worse by {form.gain(interval.value)} (95 % interval {span}); ahead in {pairs}."
    rival = say.standing.baseline.words
    return f"The network against {rival}: {say.worse_to_better()} (95 % interval); ahead in {pairs}."


def _sealed(say: Phrases) -> str:
    found, protocol = say.facts.sealed, say.facts.protocol
    if found is None:
        return ""
    looks = protocol.sealed_looks if protocol else 1
    looked = "once" if looks <= 1 else f"{looks} times"
    rows = f"Sealed rows ({found.num_rows:,}, looked at {looked})"
    return f"{rows}: {say.score(found.score)}; the folds expected {say.expected(found)}."


def _table(facts: Facts, standing: Standing, width: int) -> list[str]:
    """Models, scores, intervals, distance from the guess, time: columns that do not fit are left out."""
    measure, models = facts.measure, in_order(facts.models, facts.measure.better)
    kept = [model for model in models if model in models[:MOST_MODELS] or model.role != "baseline"]
    under = f"{'under' if measure.better == 'lower' else 'above'} the guess by"
    head = ("model", f"{measure.short}, %" if measure.as_percent else measure.short, "95 % interval", under, "time")
    rows = [
        (
            short_name(clean(model.name).replace("`", ""), LONGEST_NAME),
            standing.form.bare(model.score.value),
            standing.interval_form.span(model.score.low, model.score.high),
            over_guess(facts, standing, model),
            duration(model.seconds),
        )
        for model in kept
    ]
    lines = aligned(Table(head, tuple(rows)), width)
    left_out = len(models) - len(kept)
    return ["", *lines, *([f"  and {left_out} more in the report"] if left_out else [])]


def aligned(table: Table, width: int, *, longest: int = LONGEST_NAME) -> list[str]:
    """The table in columns, numbers at the right; the last columns go where the width does not hold them.

    Args:
        table: The table; its `words` stand at the left.
        width: Columns of the terminal.
        longest: Letters of the first column; longer ones are cut.

    Returns:
        A line for the head and one for each row.
    """
    lines = [table.head, *table.rows]
    widths = [max(len(line[place]) for line in lines) for place in range(len(table.head))]
    widths[0] = min(widths[0], longest)
    while len(widths) > 2 and 2 + sum(widths) + 3 * (len(widths) - 1) > width:  # noqa: PLR2004 - name and score stay
        widths.pop()
    return [
        "  " + "   ".join(_cell(line[place], room, place in table.words) for place, room in enumerate(widths)).rstrip()
        for line in lines
    ]


def _cell(text: str, room: int, is_word: bool) -> str:  # noqa: FBT001 - one of two sides
    short = text if len(text) <= room else text[: room - 1] + "…"
    return short.ljust(room) if is_word else short.rjust(room)


def _findings(facts: Facts, width: int) -> list[str]:
    fired = [one for one in facts.findings if one.outcome == "finding"]
    lines = [line for one in fired[:MOST_FINDINGS] for line in _finding(one, width)]
    if len(fired) > MOST_FINDINGS:
        lines.append(f"and {counted(len(fired) - MOST_FINDINGS, 'more finding')} in the report")
    return ["", *lines] if lines else []


def _finding(finding: Finding, width: int) -> Iterator[str]:
    yield textwrap.shorten(f"{finding.severity}: {finding.code} {finding.sentence}", width, placeholder="…")
    if finding.hint:
        yield textwrap.shorten(f"hint: {finding.hint}", width - 2, placeholder="…").join(["  ", ""])


def _work(facts: Facts, width: int) -> list[str]:
    parts = [duration(facts.run.seconds)]
    if facts.work:
        parts.append(counted(facts.work.num_networks, "network"))
    looks = facts.protocol.sealed_looks if facts.protocol else 0
    if facts.protocol and facts.protocol.num_sealed:
        parts.append(f"{counted(looks, 'look')} at the sealed rows" if looks else "the sealed rows were not looked at")
    return ["", *_wrapped(" · ".join(parts), width)]


def _paths(facts: Facts, verdict: Verdict, width: int) -> list[str]:
    lines = []
    if facts.paths and facts.paths.report:
        lines.append(f"report   {facts.paths.report}")
    if verdict.code in {"beats", "beats_little"}:
        return [*lines, f"next     {predict_command(facts)}"]
    step = textwrap.wrap(without_backticks(verdict.next), width - 9, break_long_words=False, break_on_hyphens=False)
    return [*lines, *(f"{'next' if not place else '':9}{line}" for place, line in enumerate(step))]
