"""Suspicions about columns as findings of the report, and the checks that found nothing."""

from collections.abc import Sequence

from tenfold.prepare.suspects.suspect import CODES, Suspect, SuspectKind
from tenfold.report.facts import Finding

__all__ = ["suspect_findings"]

_PASSED: dict[SuspectKind, tuple[str, str]] = {
    "copy": ("A copy of the target", "No column is the target under another name."),
    "alone": ("One column alone", "No column alone predicts the target nearly perfectly."),
    "identifier": ("Identifiers", "No column tells single rows apart."),
    "missingness": ("Filled in afterwards", "In no column do gaps tell the target."),
    "zeros": ("Zeros for gaps", "No column has zeros far from its other values."),
    "capped": ("A capped target", "The target's highest value is not unusually frequent."),
    "repeats": ("Repeated columns", "No column holds the same as another."),
    "nearly_constant": ("Nearly constant columns", "No column has one value nearly everywhere."),
}


_JUDGED_BY: dict[SuspectKind, str] = {
    "copy": "score of this column alone",
    "alone": "score of this column alone",
    "missingness": "score of its gaps alone",
    "zeros": "share of the rows",
    "capped": "share of the rows",
    "nearly_constant": "share of the rows",
}
"""What the number beside a finding is; the others have none."""


def suspect_findings(suspects: Sequence[Suspect], mute: Sequence[str] = ()) -> tuple[Finding, ...]:
    """Findings for errors and warnings, tips for notes, and one line for each check that found nothing.

    Args:
        suspects: The worst first.
        mute: Codes that are folded away. What a run concludes from a suspect does not depend on it.

    Returns:
        Findings in the same order, then the checks that passed.
    """
    found = [
        Finding(
            one.code, "muted" if one.code in mute else "tip" if one.severity == "note" else "finding", one.sentence,
            one.severity, one.hint,
            {_JUDGED_BY[one.kind]: one.score} if one.kind in _JUDGED_BY else {}, _PASSED[one.kind][0],
        )
        for one in suspects
    ]  # fmt: skip
    silent = [kind for kind in CODES if kind not in {one.kind for one in suspects}]
    passed = [Finding(CODES[kind], "passed", _PASSED[kind][1], "note", title=_PASSED[kind][0]) for kind in silent]
    return (*found, *passed)
