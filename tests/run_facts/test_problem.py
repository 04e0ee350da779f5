"""Steps 1 and 2 told as facts: decisions, reasons, evidence from working rows only."""

import numpy as np
import pandas as pd
import pytest

from tenfold.measures.choice import choose_measures
from tenfold.problem.definition import Problem, define_problem
from tenfold.run_facts.problem import measure_facts, problem_facts


def posed(values: object, kind: str | None = None) -> tuple[Problem, np.ndarray]:
    targets = values if isinstance(values, dict) else {"price": values}
    frame = pd.DataFrame({"x": 0, **targets})
    problem = define_problem(frame, list(targets), kind=kind)
    return problem, problem.encode(frame)


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


def test_the_table_of_last_layers_is_told_with_the_row_taken():
    problem, target = posed([0.1, 0.5, 0.25, 1.0])
    facts = problem_facts(problem, target, np.arange(4))
    assert facts.decision == "`price` is a share from 0 to 1, 0.1 to 1: one sigmoid unit, binary cross-entropy."
    taken = [row for row in facts.last_layers if row.is_taken]
    assert [(row.problem, row.activation, row.losses) for row in taken] == [
        ("a share from 0 to 1", "sigmoid", ("binary_crossentropy", "mse"))
    ]
    assert len(facts.last_layers) == 7


def test_a_count_has_an_exponential_unit():
    problem, target = posed([0, 1, 5, 2, 0], "count")
    assert problem_facts(problem, target, np.arange(5)).decision == (
        "`price` is a count, 0 to 5: one exponential unit, Poisson loss."
    )
    problem, target = posed([0, 7, 5, 2, 0])
    assert 'problem="count"' in problem_facts(problem, target, np.arange(5)).alternatives[0]


def test_labels_are_counted_and_rare_ones_are_named():
    labels = {"spam": [0, 1] * 15, "urgent": ["no"] * 27 + ["yes"] * 3, "short": [True] * 28 + [False] * 2}
    problem, target = posed(labels)
    facts = problem_facts(problem, target, np.arange(30))
    assert facts.decision == (
        "`spam`, `urgent`, `short` are 3 labels, each there or not: 3 sigmoid units, binary cross-entropy."
    )
    assert (facts.classes, facts.class_counts) == (("spam", "urgent", "short"), (15, 3, 28))
    assert facts.remarks == (
        "Only 3 rows have the label `urgent`: what is said of it is little more than chance.",
        "Only 2 rows lack the label `short`.",
    )
    one_hot, target = posed({"a": [1, 0, 0] * 4, "b": [0, 1, 0] * 4, "c": [0, 0, 1] * 4})
    assert "exactly one of the labels" in problem_facts(one_hot, target, np.arange(12)).alternatives[0]


def test_several_numbers_have_a_histogram_each():
    problem, target = posed({"low": [1.5, 2.5, 4.0, 3.0], "high": [10, 12, 19, 11]})
    facts = problem_facts(problem, target, np.arange(3))
    assert facts.decision == "`low`, `high` are 2 numbers: 2 linear units, mean squared error."
    assert [sum(one.counts) for one in facts.distributions] == [3, 3]
    assert facts.targets == ("low", "high")


@pytest.mark.parametrize(
    ("rows", "why"),
    [(["a"] * 3 + ["b"] * 17, "`a` is the class to be found: it is the rare one."),
     (["a"] * 10 + ["b"] * 10, "`b` is the class to be found: it is the last in order, and neither is rare.")],
)  # fmt: skip
def test_the_positive_class_is_told_with_its_reason(rows: list[str], why: str):
    problem, target = posed(rows)
    assert problem_facts(problem, target, np.arange(20)).remarks[-1] == why


def test_a_cap_is_told_in_words():
    problem, target = posed(np.concatenate([np.linspace(5, 49, 80), np.full(20, 50.0)]))
    remark = problem_facts(problem, target, np.arange(100)).remarks[0]
    assert remark.startswith("20 rows have exactly 50, the highest value of `price`: if it is a cap")


def test_a_percentage_of_the_truth_reads_as_percent():
    problem, target = posed([1.0, 2.0, 4.0, 8.0, 3.0])
    facts = measure_facts(choose_measures(problem, "neg_mean_absolute_percentage_error"), target, np.arange(5))
    assert (facts.key, facts.as_percent, facts.because) == ("mape", True, "It was asked for.")
