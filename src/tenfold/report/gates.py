"""Conditions that a script may ask of a run: `tenfold run ... --require beats`, exit code 1 where one does not hold.

Without a gate every verdict is a success: "no network beats the baseline" is a result.
"""

from collections.abc import Sequence
from typing import Literal, TypeAlias, get_args

from tenfold.report.audit.about_data import SUSPICIOUS
from tenfold.report.facts import Facts
from tenfold.report.verdict import decide

__all__ = ["GATES", "Gate", "unmet_gates"]

Gate: TypeAlias = Literal["beats", "no-leak"]

GATES: tuple[Gate, ...] = get_args(Gate)


def unmet_gates(facts: Facts, required: Sequence[Gate]) -> tuple[str, ...]:
    """What was asked for and does not hold.

    Args:
        facts: What the run found.
        required: `"beats"`: the network is better than the best simple model, its interval above 0. `"no-leak"`: no
            column was found that may give the answer away.

    Returns:
        A sentence for each gate that does not hold; empty where all do.
    """
    verdict = facts.verdict or decide(facts)
    unmet = []
    if "beats" in required and verdict.code not in {"beats", "beats_little"}:
        unmet.append(f"--require beats: {verdict.headline}")
    if "no-leak" in required and (leaks := _leaks(facts)):
        unmet.append(f"--require no-leak: {leaks[0]}")
    if "no-leak" in required and verdict.code == "unfinished":
        unmet.append(f"--require no-leak: {verdict.headline}")
    return tuple(unmet)


def _leaks(facts: Facts) -> list[str]:
    """Sentences of what may give the answer away."""
    found = [
        one.sentence
        for one in facts.findings
        if one.outcome in {"finding", "muted"} and one.severity == "error" and one.code in SUSPICIOUS
    ]
    return ([decide(facts).headline] if facts.leak is not None else []) + found
