"""Steps 6 and 7 told as facts: a sentence each, and the evidence of all working rows."""

import numpy as np
import pytest

from nested_rows import nest, table
from tenfold.capacity import Climb, climb_ladder
from tenfold.measures.choice import choose_measures, inner_measure
from tenfold.nested.rows import NestedRows
from tenfold.networks.ladder import Rung
from tenfold.run_facts.trained import capacity_facts, curve_facts, tuning_facts
from tenfold.tune import Tuned, tune_network

LADDER = (Rung(()), Rung((3,)), Rung((5, 5)))


@pytest.fixture(scope="module", params=["number", "two_classes"])
def steps(request: pytest.FixtureRequest) -> tuple[NestedRows, Climb, Tuned]:
    nested = nest(request.param, epochs=3)
    climb = climb_ladder(nested, LADDER)
    return nested, climb, tune_network(nested, climb, 3)


def test_the_ladder_is_told_rung_by_rung(steps: tuple[NestedRows, Climb, Tuned]):
    nested, climb, _ = steps
    facts = capacity_facts(nested, climb)
    assert [rung.label for rung in facts.rungs] == ["linear", "3", "5-5"]
    assert facts.chosen == "5-5"
    first = climb.overfits_from
    known = (
        f"Size is not the limit: networks overfit from {first.label} on." if first else "No size up to 5-5 overfits."
    )
    assert facts.decision == known
    assert "Step 7 holds a large" in facts.because or "step 7 holds a large" in facts.because
    places = [(score.fold, score.seed) for score in facts.rungs[1].validation]
    assert places == [(0, 0), (0, 1), (1, 0), (1, 1)]
    expected = np.nanmin(climb.evidence[1].validation[:, :], axis=1)
    if nested.problem.is_number:
        assert all(score.score >= low for score, low in zip(facts.rungs[1].validation, expected, strict=True))


def test_the_curves_are_those_of_the_final_members(steps: tuple[NestedRows, Climb, Tuned]):
    nested, _, tuned = steps
    facts = curve_facts(nested, tuned.chosen[nested.final])
    assert [(curve.fold, curve.seed) for curve in facts.curves] == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert all(len(curve.training) == len(curve.validation) == 3 for curve in facts.curves)
    with pytest.raises(ValueError, match="curves come from the fold of all working rows"):
        curve_facts(nested, tuned.chosen[0])


def test_trials_are_told_in_the_order_tried_with_the_best_free_network_first(steps: tuple[NestedRows, Climb, Tuned]):
    nested, climb, tuned = steps
    measures = choose_measures(nested.problem)
    target = nested.problem.encode(table(nested.problem.kind)["y"])
    facts = tuning_facts(nested, climb, tuned, measures.primary, inner_measure(nested.problem), target)
    assert [trial.number for trial in facts.trials] == [0, 1, 2, 3]
    chosen = tuned.chosen[nested.final]
    unit = nested.table.scales[nested.final].unit
    trial = next(trial for trial in facts.trials if trial.number == facts.chosen)
    assert trial.score.value == pytest.approx(chosen.loss * unit)
    assert trial.score.value == min(trial.score.value for trial in facts.trials)
    assert np.isfinite([facts.inner, facts.outer]).all()
    assert (facts.measure, facts.better) == (("", "lower") if nested.problem.is_number else ("log loss", "lower"))
