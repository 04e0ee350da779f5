"""What a script may require of a run."""

from collections.abc import Callable

from tenfold.report.facts import Facts, Finding
from tenfold.report.gates import unmet_gates

Each = dict[str, Facts]
Make = Callable[..., Facts]


def test_only_a_network_that_is_better_meets_beats(each_code: Each):
    met = {code for code, facts in each_code.items() if not unmet_gates(facts, ["beats"])}
    assert met == {"beats", "beats_little"}


def test_a_leak_and_an_unfinished_run_do_not_meet_no_leak(each_code: Each):
    unmet = {code for code, facts in each_code.items() if unmet_gates(facts, ["no-leak"])}
    assert unmet == {"leak", "unfinished"}


def test_a_finding_of_severity_error_is_a_leak_and_a_warning_is_none(houses: Make):
    copy = Finding("TF502", "finding", "`cost` is a copy of `price`.", severity="error")
    alone = Finding("TF501", "finding", "`rooms` alone tells much.", severity="warning")
    assert unmet_gates(houses(findings=(alone,)), ["no-leak"]) == ()
    assert unmet_gates(houses(findings=(alone, copy)), ["beats", "no-leak"]) == (
        "--require no-leak: `cost` is a copy of `price`.",
    )


def test_a_fault_of_the_network_is_no_leak_and_a_leak_that_is_muted_is_one(houses: Make):
    broken = Finding("TF406", "finding", "The loss stopped being a number.", severity="error")
    muted = Finding("TF502", "muted", "`cost` is a copy of `price`.", severity="error")
    assert unmet_gates(houses(findings=(broken,)), ["no-leak"]) == ()
    assert len(unmet_gates(houses(findings=(broken, muted)), ["no-leak"])) == 1


def test_nothing_required_is_nothing_unmet(each_code: Each):
    assert all(unmet_gates(facts, []) == () for facts in each_code.values())
