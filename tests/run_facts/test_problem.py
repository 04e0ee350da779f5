"""Steps 1 and 2 told as facts: decisions, reasons, evidence from working rows only."""

import numpy as np
import pandas as pd
import pytest

from tenfold.metrics import choose_measures
from tenfold.problem import Problem, define_problem
from tenfold.run_facts.problem import measure_facts, problem_facts


def posed(values: object) -> tuple[Problem, np.ndarray]:
    frame = pd.DataFrame({"x": 0, "price": values})
    problem = define_problem(frame, "price")
    return problem, problem.encode(frame["price"])


def test_a_number_is_told_with_its_range_distribution_and_cap():
    prices = np.concatenate([np.linspace(5, 49, 80), np.full(20, 50.0)])
    problem, target = posed(prices)
    facts = problem_facts(problem, target, np.arange(100))
    assert facts.decision == "`price` is a number, 5 to 50: one linear unit, mean squared error."
    assert sum(facts.distribution.counts) == 100
    assert [(spike.value, spike.num_rows, spike.place) for spike in facts.spikes] == [(50.0, 20, "highest")]


def test_grades_have_no_spikes():
    problem, target = posed([3.5, 4.0, 5.0, 6.0] * 30)
    assert problem_facts(problem, target, np.arange(120)).spikes == ()


def test_classes_are_counted_among_the_working_rows():
    problem, target = posed(["no", "yes", "no", "yes", "no"] * 10)
    facts = problem_facts(problem, target, np.arange(10))
    assert (facts.classes, facts.class_counts, facts.positive) == (("no", "yes"), (6, 4), "yes")
    assert facts.decision == "`price` is one of two classes: one sigmoid unit, binary cross-entropy."
    problem, target = posed([0, 1, 2] * 10)
    facts = problem_facts(problem, target, np.arange(30))
    assert facts.decision == "`price` is one of 3 classes: 3 softmax units, categorical cross-entropy."
    assert 'problem="number"' in facts.alternatives[0]


@pytest.mark.parametrize(
    ("values", "key", "no_skill", "as_percent"),
    [
        ([1.0, 2.0, 4.0, 8.0, 3.0], "mae", 1.8, False),
        (["a", "b"] * 5, "roc_auc", 0.5, False),
        (["a", "b", "c"] * 5, "accuracy", 1 / 3, True),
    ],
)
def test_a_measure_is_told_with_what_a_guess_scores(values: list[object], key: str, no_skill: float, as_percent: bool):
    problem, target = posed(values)
    facts = measure_facts(choose_measures(problem), target, np.arange(len(target)))
    assert (facts.key, facts.as_percent) == (key, as_percent)
    assert facts.no_skill == pytest.approx(no_skill)
    assert facts.decision.endswith(f"{facts.better} is better.")
