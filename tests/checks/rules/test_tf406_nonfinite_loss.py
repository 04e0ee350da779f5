"""TF406: how many members lost their loss, and when."""

import numpy as np

from tenfold.checks.facts import Evidence, HistoryFacts
from tenfold.checks.finding import Finding, Passed, Silent
from tenfold.checks.rules.tf406_nonfinite_loss import CHECK

NAN, INF = float("nan"), float("inf")


def said(lines: list[list[float]], outcomes: list[str]) -> Finding | Passed | Silent:
    found = CHECK.judge(Evidence(history=HistoryFacts({"loss": np.array(lines)}, len(lines[0]), tuple(outcomes))))
    return found[0] if isinstance(found, list) else found


def test_a_single_training_that_broke_is_an_error_with_its_epoch():
    found = said([[1.0, 2.0, INF, NAN]], ["nonfinite_loss"])
    assert isinstance(found, Finding)
    assert (found.severity, found.fault, found.evidence["first_epoch"]) == ("error", "exploding_gradient", 3)
    assert "The loss of the training stopped being a number, first in epoch 3" in found.message


def test_few_members_of_many_are_a_warning():
    found = said([[1.0, 0.5], [1.0, NAN], [1.0, 0.4]], ["ran", "nonfinite_loss", "ran"])
    assert isinstance(found, Finding)
    assert found.severity == "warning"
    assert "of 1 of 3 members" in found.message


def test_a_member_whose_weights_alone_broke_is_found_in_its_last_epoch():
    found = said([[1.0, 0.5]], ["nonfinite_loss"])
    assert isinstance(found, Finding)
    assert found.evidence["first_epoch"] == 2


def test_members_that_stopped_early_are_sound():
    assert isinstance(said([[1.0, 0.5, NAN]], ["stopped_early"]), Passed)
    assert isinstance(CHECK.judge(Evidence()), Silent)
