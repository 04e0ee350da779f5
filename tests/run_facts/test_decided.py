"""Steps 1 to 4 told as facts: decisions, reasons, evidence from working rows only."""

import numpy as np
import pandas as pd
import pytest

from tenfold.metrics import choose_measures
from tenfold.prepare.table import TablePreparation
from tenfold.problem import Problem, define_problem
from tenfold.report.decisions import FoldRows
from tenfold.run_facts.decided import measure_facts, preparation_facts, problem_facts, protocol_facts
from tenfold.split import RowSplitter, choose_protocol


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


@pytest.mark.parametrize(
    ("num_rows", "words"),
    [
        (200, "40 rows sealed; 160 to work on: 5 folds, dealt 2 times, 5 inner folds in each."),
        (2_000, "400 rows sealed; 1,600 to work on: 5 folds, 5 inner folds in each."),
        (20_000, "4,000 rows sealed; 16,000 to work on: a fifth held out, and a fifth of the rest inside."),
    ],
)
def test_a_protocol_is_told_in_one_sentence(num_rows: int, words: str):
    rows = RowSplitter(num_rows, None, 0).seal("data")
    facts = protocol_facts(choose_protocol(len(rows.working)), rows, [FoldRows(0, 3, 1)], 2)
    assert facts.decision == words
    assert (facts.num_working, facts.num_sealed, facts.sealed_sha256) == (
        len(rows.working),
        len(rows.sealed),
        rows.sha256,
    )


def test_columns_are_told_in_their_order_with_what_becomes_of_them():
    frame = pd.DataFrame(
        {
            "id": np.arange(40),
            "size": [None, *np.linspace(1, 4, 39)],
            "colour": ["red", "blue", "green", "red"] * 10,
            "new": ["yes", "no"] * 20,
            "day": pd.date_range("2024-01-01", periods=40),
        }
    )
    facts = preparation_facts(frame, TablePreparation.fit(frame))
    assert [column.kind for column in facts.columns] == ["identifier", "number", "category", "yes_no", "date"]
    assert [column.num_inputs for column in facts.columns] == [0, 2, 3, 1, 5]
    assert facts.num_inputs == 11
    assert facts.decision == "5 columns become 11 inputs; not used: `id`."
    _, size, colour, *_ = facts.columns
    assert (size.num_missing, size.low, size.high) == (1, 1.0, 4.0)
    assert colour.treatment == "an input for each of 3 levels"
    assert facts.columns[0].dropped == "identifier: it numbers the rows"
