"""Findings of the checks as the report shows them."""

from tenfold.checks.finding import Finding as Found
from tenfold.checks.finding import Passed, Silent
from tenfold.checks.judging import Findings, all_checks
from tenfold.report.facts import Finding
from tenfold.run_facts.checks import check_findings, in_order

WRONG = Found(
    "TF201", "unscaled_input", "warning", "Inputs reach 1e6.", {"largest_size": 1e6, "pairs": [1, 2]}, "Scale."
)
TIP = Found("TF404", "lr_too_high", "tip", "It swings.", {"rise": 0.2, "is_new": True}, "Lower the rate.")


def told() -> tuple[Finding, ...]:
    outcomes = {
        "TF201": (WRONG,),
        "TF404": (TIP,),
        "TF101": (Passed({"outputs": 1}),),
        "TF303": (Silent("nothing was trained", skipped=True),),
        "TF105": (Silent("there is no dropout"),),
        "TF108": (Silent("muted", skipped=True),),
    }
    return check_findings(Findings([WRONG, TIP], outcomes))


def test_errors_and_warnings_are_findings_with_their_number_and_their_page():
    first = told()[0]
    assert (first.code, first.outcome, first.severity) == ("TF201", "finding", "warning")
    assert first.sentence == "Inputs reach 1e6."
    assert first.hint == "Scale. Why: docs/checks.md#tf201."
    assert first.numbers == {"largest size": 1e6}


def test_tips_are_tips_and_their_flags_are_no_numbers():
    second = told()[1]
    assert (second.code, second.outcome, second.severity, second.numbers) == ("TF404", "tip", "note", {"rise": 0.2})


def test_checks_that_found_nothing_say_why():
    quiet = {one.code: (one.outcome, one.hint) for one in told()[2:]}
    assert quiet == {
        "TF101": ("passed", ""),
        "TF303": ("skipped", "only a probe training shows it (`tenfold examine`)"),
        "TF105": ("not_applicable", "there is no dropout"),
        "TF108": ("muted", ""),
    }
    titles = {check.code: check.title for check in all_checks()}
    assert all(one.title == titles[one.code] for one in told())


def test_errors_come_first_and_the_silent_last():
    error, note = Finding("TF502", "finding", "a copy", "error"), Finding("TF508", "tip", "capped", "note")
    passed, muted = Finding("TF503", "passed", ""), Finding("TF501", "muted", "", "error")
    assert [one.code for one in in_order([muted, passed, note, *told()[:2], error])] == [
        "TF502", "TF201", "TF508", "TF404", "TF501", "TF503",
    ]  # fmt: skip
