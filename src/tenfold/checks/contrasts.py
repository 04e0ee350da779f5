"""Is a suspicion confirmed? A rule that reads the model or the data suspects, the probe decides.

If the inputs look unscaled but training on scaled ones is no better, the suspicion is told as a tip (UMLAUT named a
fault in 50 of 52 programs, of which 14 were right). It is a tip as well where another remedy gains more: then the cause
lies there.
"""

from dataclasses import replace

from tenfold.checks.facts import ProbeFacts
from tenfold.checks.finding import Finding, Severity
from tenfold.checks.reach import best_gain, lead_of, learns_nothing

__all__ = ["confirmed"]

_BEHIND = 0.1
"""By how much another remedy may gain more: within it both are told."""


def confirmed(
    finding: Finding, probe: ProbeFacts | None, *names: str, otherwise: Severity | None = None, behind: float = _BEHIND
) -> Finding:
    """The finding as the probe leaves it.

    Args:
        finding: A suspicion.
        probe: The probe; None leaves the finding as it is, and so do contrasts that were not tried.
        names: The ways of training that repair it.
        otherwise: Severity of the finding where there is no such contrast; None: its own.
        behind: By how much another remedy may gain more, as a part of the way from guessing to perfect.

    Returns:
        A tip where the repair gains nothing clear, or another one more; an error where it gains and the user's own
        training learns nothing; a warning where it gains otherwise. The gain stands in its evidence.
    """
    gain = None if probe is None else best_gain(probe, *names)
    if probe is None or gain is None:
        return finding if otherwise is None else replace(finding, severity=otherwise)
    lead = lead_of(probe, *names)
    measured = {
        "way": gain.name,
        "gain": round(gain.held_out, 3),
        "gain_on_own_rows": round(gain.trained, 3),
        "lead": round(lead, 3),
    }
    is_cause = gain.is_clear and lead >= -behind
    severity: Severity = "tip" if not is_cause else "error" if learns_nothing(probe) else "warning"
    return replace(finding, severity=severity, evidence={**finding.evidence, **measured})
