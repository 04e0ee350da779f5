"""Who is better than whom, on the same folds and seeds."""

import numpy as np
import pytest

from tenfold.report.comparison import best_baseline, compare_models, difference_between, scored_model
from tenfold.report.evidence import Model

NETWORK = np.array([[2.0, 2.2], [3.0, 3.4], [1.0, 1.0]])
TREES = np.array([[2.5], [3.2], [0.5]])
MEAN = np.array([[6.0], [7.0], [5.0]])


def _models(better: str = "lower") -> tuple[Model, ...]:
    sign = 1 if better == "lower" else -1
    return (
        scored_model("network", "the network", "network", sign * NETWORK, rows_ratio=0.5),
        scored_model("trees", "gradient-boosted trees", "baseline", sign * TREES, rows_ratio=0.5),
        scored_model("linear", "linear regression", "baseline", sign * (TREES + 1), rows_ratio=0.5),
        scored_model("mean", "the mean", "guess", sign * MEAN, rows_ratio=0.5),
    )


@pytest.mark.parametrize("better", ["lower", "higher"])
def test_a_difference_is_positive_where_the_network_is_better_in_either_direction(better: str):
    differences = compare_models(_models(better), better=better, rows_ratio=0.5)
    found = {(one.model, one.rival): one for one in differences}
    trees = found["network", "trees"]
    assert trees.interval.value == pytest.approx((0.4 + 0.0 - 0.5) / 3)
    assert (trees.pairs_won, trees.num_pairs) == (3, 6)
    assert found["network", "mean"].interval.low > 0


def test_the_best_baseline_is_compared_with_the_guess():
    differences = compare_models(_models(), better="lower", rows_ratio=0.5)
    assert [(one.model, one.rival) for one in differences] == [
        ("network", "trees"),
        ("network", "linear"),
        ("network", "mean"),
        ("trees", "mean"),
    ]


def test_a_model_without_chance_meets_every_seed_of_the_network():
    differences = compare_models(_models(), better="lower", rows_ratio=0.5)
    repeated = scored_model("trees", "trees", "baseline", np.repeat(TREES, 2, axis=1), rows_ratio=0.5)
    again = compare_models((_models()[0], repeated), better="lower", rows_ratio=0.5)
    assert differences[0].interval == again[0].interval


@pytest.mark.parametrize(("better", "name"), [("lower", "trees"), ("higher", "linear")])
def test_the_best_baseline_follows_the_direction_of_the_measure(better: str, name: str):
    found = best_baseline(_models(), better)
    assert found is not None
    assert found.name == name


def test_without_other_baselines_the_guess_is_the_one_to_beat():
    network, *_, guess = _models()
    assert best_baseline((network, guess), "lower") is guess
    assert best_baseline((network,), "lower") is None


def test_a_pair_that_was_not_compared_has_no_difference():
    network, trees, linear, _ = _models()
    differences = compare_models((network, trees), better="lower", rows_ratio=0.5)
    assert difference_between(differences, network, linear) is None
    assert difference_between(differences, network, None) is None


def test_models_that_agree_on_every_row_by_luck_are_not_equal_for_certain():
    same = scored_model("trees", "trees", "baseline", NETWORK, rows_ratio=0.5)
    models = (_models()[0], same)
    bare = compare_models(models, better="lower", rows_ratio=0.5)[0].interval
    floored = compare_models(models, better="lower", rows_ratio=0.5, smallest_spread=0.1)[0].interval
    assert (bare.low, bare.high) == (0.0, 0.0)
    assert floored.high == pytest.approx(4.302653 * 0.1 * np.sqrt(1 / 3 + 1 / 2))
