"""What targets ask for, and how answers are scored whatever the head."""

from typing import Any

import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score, r2_score

from tenfold.checks.facts import OutputFacts
from tenfold.repairing.task import Target, read_target, row_scores

GENERATOR = np.random.default_rng(0)


def output(loss: str, units: int = 1, metrics: tuple[str, ...] = ()) -> OutputFacts:
    return OutputFacts("y", "dense", (), units, (units,), loss, metrics=metrics)


def repeated(y: list[Any], times: int = 12) -> np.ndarray:
    return np.repeat(np.array(y), times, axis=0)


@pytest.mark.parametrize(
    ("y", "loss", "units", "metrics", "kind", "num_classes"),
    [
        ([0, 1, 1], "binary_crossentropy", 1, (), "two classes", 2),
        ([-1, 1, 1], "hinge", 1, (), "two classes", 2),
        ([0, 1, 2, 3], "sparse_categorical_crossentropy", 4, (), "classes", 4),
        ([1, 2, 3], "sparse_categorical_crossentropy", 3, (), "classes", 4),
        ([0, 1, 2, 3], "mean_squared_error", 4, (), "classes", 4),
        ([0, 1, 2, 3], "mean_squared_error", 1, ("acc",), "classes", 4),
        ([0.0, 1 / 255, 2 / 255], "sparse_categorical_crossentropy", 3, (), "classes", 3),
        ([[0, 1, 0], [1, 0, 0]], "mean_squared_error", 3, (), "one-hot", 3),
        ([[0, 1, 1], [1, 0, 0]], "binary_crossentropy", 3, (), "multi-label", 3),
        ([0.3, 1.7, 2.2], "mean_squared_error", 1, (), "numbers", 0),
        ([12, 40, 33], "mean_squared_error", 1, (), "numbers", 0),
    ],
)
def test_targets_are_read_by_their_values_and_by_what_they_are_trained_on(y, loss, units, metrics, kind, num_classes):
    target = read_target(repeated(y), output(loss, units, metrics))
    assert (target.kind, target.num_classes) == (kind, num_classes)


def test_numbers_score_the_variance_that_is_explained():
    y = GENERATOR.normal(3, 2, (50, 1))
    answers = y + GENERATOR.normal(0, 1, (50, 1))
    target = read_target(y, output("mean_squared_error"))
    assert row_scores(target, answers, y).mean() == pytest.approx(r2_score(y, answers))


def test_a_constant_answer_scores_nothing_by_absolute_errors():
    y = GENERATOR.normal(3, 2, 51)
    target = read_target(y, output("mean_absolute_error"))
    assert row_scores(target, np.full((51, 1), np.median(y)), y).mean() == pytest.approx(0)


def test_rare_classes_count_as_much_where_that_is_asked():
    y = np.array([0] * 18 + [1] * 2)
    answers = GENERATOR.random((20, 1))
    target = read_target(y, output("binary_crossentropy"), is_balanced=True)
    expected = balanced_accuracy_score(y, answers[:, 0] > 0.5)
    assert row_scores(target, answers, y).mean() == pytest.approx(expected)


@pytest.mark.parametrize(
    ("labels", "answers", "threshold", "rights"),
    [
        ((0, 1), [[0.2], [0.7]], None, [1, 1]),
        ((0, 1), [[0.2], [0.7]], 0.0, [0, 1]),
        ((-1, 1), [[-0.2], [0.7]], None, [1, 1]),
        ((0, 1), [[0.9, 0.1], [0.2, 0.8]], None, [1, 1]),
        ((0, 1), [[np.nan], [0.7]], None, [0, 1]),
    ],
)
def test_two_classes_are_read_from_one_unit_or_two(labels, answers, threshold, rights):
    target = Target("two classes", tuple(map(float, labels)), 2)
    found = row_scores(target, np.array(answers), np.array(labels), threshold=threshold)
    assert found.tolist() == rights


def test_one_unit_for_several_classes_answers_the_nearest_label():
    target = Target("classes", (0.0, 1.0, 2.0), 3)
    assert row_scores(target, np.array([[0.4], [1.6], [0.6]]), np.array([0, 2, 2])).tolist() == [1, 1, 0]


def test_answers_of_another_shape_are_all_wrong():
    target = Target("one-hot", (0.0, 1.0), 3)
    assert row_scores(target, np.ones((4, 2)), np.eye(3)[[0, 1, 2, 0]]).tolist() == [0, 0, 0, 0]
