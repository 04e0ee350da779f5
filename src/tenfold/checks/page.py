"""The page of all checks, docs/checks.md, made from the checks themselves: what it says is what is judged.

A check's anchor is its code in lower case: `docs/checks.md#tf101`.
"""

import textwrap
from collections.abc import Iterator, Mapping, Sequence

from tenfold.checks.check import Check, Threshold
from tenfold.checks.finding import FAULTS, Finding

__all__ = ["checks_page"]

_WIDTH = 120

_STAGES = {
    "model": "The model, before anything is trained",
    "data": "The data, without a network",
    "probe": "Short probe trainings",
    "history": "The history of a training",
}

_INTRODUCTION = """# Checks

Generated from the checks by `python tests/docs/test_checks_page.py`.

`tenfold.examine(model, x, y)` and `tenfold examine` ask all of these; every training asks those that need no training
of their own. A finding says what is wrong, the numbers it was judged by and what to do. Its severity is `error` (the
network cannot learn what was asked), `warning` (it learns worse than it could, or its score cannot be trusted) or `tip`
(it works, and could be built better). Findings come with the likeliest first cause first: a finding that follows from
another one is told as a tip and names it. `mute=["TF108", "imbalance"]` leaves out checks by their code, and kinds of
fault by their name.
"""


def checks_page(checks: Sequence[Check], examples: Mapping[str, Finding]) -> str:
    """The page.

    Args:
        checks: All checks, in the order of codes.
        examples: A finding of a check by its code, to be shown; a check without one is described all the same.

    Returns:
        Markdown.
    """
    parts = [_INTRODUCTION, *_faults(checks)]
    for stage, title in _STAGES.items():
        parts.append(f"## {title}\n")
        for check in checks:
            if check.stage == stage:
                parts += _of_check(check, examples.get(check.code))
    return "\n".join(parts).rstrip() + "\n"


def _faults(checks: Sequence[Check]) -> Iterator[str]:
    yield "## Kinds of fault\n"
    yield "In the order of causes: what stands above can bring about what stands below.\n"
    yield "| fault | is | told by |"
    yield "|---|---|---|"
    for fault, phrase in FAULTS.items():
        told = ", ".join(f"[{check.code}](#{check.code.lower()})" for check in checks if fault in check.faults)
        yield f"| `{fault}` | {phrase} | {told} |"
    yield ""


def _of_check(check: Check, example: Finding | None) -> Iterator[str]:
    yield f'<a id="{check.code.lower()}"></a>\n'
    yield f"### {check.code}: {check.title}\n"
    yield _wrapped(check.explanation)
    yield _wrapped(f"*What to do:* {check.repair}")
    yield _wrapped(f"*Names:* {', '.join(f'`{fault}`' for fault in check.faults)}. {_repairs(check)}")
    if check.thresholds:
        yield from _thresholds(check.thresholds)
    if example is not None:
        yield "For example:\n"
        yield _wrapped(f"{example.severity}: {example.message}", "> ").rstrip()
        yield ">"
        yield _wrapped(example.repair, "> ")


def _wrapped(text: str, mark: str = "") -> str:
    lines = textwrap.wrap(text, _WIDTH, initial_indent=mark, subsequent_indent=mark, break_long_words=False,
                          break_on_hyphens=False)  # fmt: skip
    return "\n".join(lines) + "\n"


def _repairs(check: Check) -> str:
    if not check.repairs:
        return "It only reports."
    return f"`tenfold.repair` tries: {', '.join(name.replace('_', ' ') for name in check.repairs)}."


def _thresholds(thresholds: Sequence[Threshold]) -> Iterator[str]:
    yield "| threshold | value | of what | source |"
    yield "|---|---|---|---|"
    for one in thresholds:
        yield f"| {one.name.lower().replace('_', ' ')} | {one.value:g} | {one.unit} | {one.source} |"
    yield ""
