"""Is a suspicion confirmed? A static rule suspects, the probe decides.

If the inputs look unscaled but training on scaled ones is no better, the suspicion is told as a tip: UMLAUT, which
tells every suspicion, named a fault in 50 of 52 programs and was right in 14. Without a probe a suspicion stands as it
is.
"""

from dataclasses import replace

from tenfold.checks.facts import ProbeFacts
from tenfold.checks.finding import Finding, Severity
from tenfold.checks.reach import best_gain, reach

__all__ = ["NOTHING", "confirmed", "learns_nothing"]

NOTHING = 0.1
"""Part of the guess's error: a training that takes away less has learnt nothing. Arbitrary."""


def confirmed(finding: Finding, probe: ProbeFacts | None, *ways: str) -> Finding:
    """The finding as the probe leaves it.

    Args:
        finding: A suspicion.
        probe: The probe, or None.
        ways: The ways of training that repair it, as in `ProbeFacts.contrasts`.

    Returns:
        The finding itself where none of the ways was tried. A tip where the best of them gains nothing clear; where it
        does, an error if the user's own training learns nothing, else a warning. The gain stands in its evidence.
    """
    gain = None if probe is None else best_gain(probe, *ways)
    if probe is None or gain is None:
        return finding
    severity: Severity = "warning" if gain.is_clear else "tip"
    if gain.is_clear and learns_nothing(probe):
        severity = "error"
    measured = {"way": gain.name, "gain": round(gain.held_out, 3), "gain_on_own_rows": round(gain.trained, 3)}
    return replace(finding, severity=severity, evidence={**finding.evidence, **measured})


def learns_nothing(probe: ProbeFacts) -> bool:
    """Whether the user's own training ends at the error of the best constant answer."""
    return float(reach(probe.as_it_is.error, probe.guess_error).mean()) < NOTHING
