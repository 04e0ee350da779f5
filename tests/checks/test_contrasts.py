"""A suspicion stands, falls or grows by what the probe trained."""

import pytest

from judged import contrast, probe
from tenfold.checks.contrasts import confirmed, learns_nothing
from tenfold.checks.finding import Finding

SUSPICION = Finding("TF201", "unscaled_input", "warning", "too large", {"largest_size": 100.0})
USER = contrast("as it is", [0.3, 0.3, 0.3])


@pytest.mark.parametrize(("error", "severity"), [([0.1] * 3, "warning"), ([0.3] * 3, "tip"), ([0.4] * 3, "tip")])
def test_it_stands_only_where_the_repair_is_clearly_better(error, severity):
    told = confirmed(SUSPICION, probe(USER, contrast("scaled inputs", error)), "scaled inputs")
    assert told.severity == severity
    assert told.evidence["gain"] == pytest.approx((0.3 - error[0]) / 0.5, abs=1e-3)


def test_one_lucky_seed_is_no_confirmation():
    told = confirmed(SUSPICION, probe(USER, contrast("scaled inputs", [0.0, 0.32, 0.3])), "scaled inputs")
    assert told.severity == "tip"


def test_it_grows_to_an_error_where_the_users_own_training_learns_nothing():
    idle = probe(contrast("as it is", [0.5] * 3), contrast("scaled inputs", [0.1] * 3))
    assert learns_nothing(idle)
    assert confirmed(SUSPICION, idle, "scaled inputs").severity == "error"


def test_a_training_that_broke_off_has_learnt_nothing():
    assert learns_nothing(probe(contrast("as it is", [float("nan")] * 2)))


def test_the_best_of_several_ways_counts():
    ways = probe(USER, contrast("rate x 0.1", [0.3] * 3), contrast("rate x 0.01", [0.1] * 3))
    assert confirmed(SUSPICION, ways, "rate x 0.1", "rate x 0.01").evidence["way"] == "rate x 0.01"


def test_without_that_way_of_training_it_stays_as_it_was():
    assert confirmed(SUSPICION, None, "scaled inputs") is SUSPICION
    assert confirmed(SUSPICION, probe(USER), "scaled inputs") is SUSPICION
