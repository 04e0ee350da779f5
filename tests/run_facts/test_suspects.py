"""Suspicions as findings: what is shown, what is a tip, and which checks passed."""

from tenfold.prepare.suspects.suspect import CODES, Suspect
from tenfold.run_facts.suspects import suspect_findings


def test_a_muted_suspicion_is_folded_away_and_keeps_its_severity():
    copy = Suspect("alive", "copy", 1.0, "`alive` is `survived` in other words.", "error", "leave it out")
    assert [(one.outcome, one.severity) for one in suspect_findings([copy], ["TF502"])[:1]] == [("muted", "error")]


def test_errors_are_findings_notes_are_tips_and_silent_checks_passed():
    copy = Suspect("alive", "copy", 1.0, "`alive` is `survived` in other words.", "error", "leave it out")
    cap = Suspect("price", "capped", 0.05, "`price` is exactly 50 in 16 of 506 rows.", "note")
    found = suspect_findings([copy, cap])
    assert [(one.code, one.outcome, one.severity) for one in found[:2]] == [
        ("TF502", "finding", "error"), ("TF508", "tip", "note"),
    ]  # fmt: skip
    assert found[0].numbers == {"score of this column alone": 1.0}
    assert {one.code for one in found[2:]} == set(CODES.values()) - {"TF502", "TF508"}
    assert {one.outcome for one in found[2:]} == {"passed"}
    assert all(one.title and one.sentence.endswith(".") for one in found)
