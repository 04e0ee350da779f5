"""Which problem a target column poses, and what follows for the last layer and the loss."""

import dataclasses
import json

import numpy as np
import pandas as pd
import pytest

from tenfold.errors import OptionError, TargetError
from tenfold.problem.definition import Problem, define_problem
from tenfold.problem.last_layers import LAST_LAYERS


def with_target(values: object) -> pd.DataFrame:
    target = pd.Series(values, name="y")
    return pd.DataFrame({"x": np.arange(len(target)), "y": target})


@pytest.mark.parametrize(
    ("values", "kind", "labels"),
    [
        ([1.5, 2.5, 0.5, 2.5], "number", ()),
        ([3, 4, 5, 8, 3, 4, 5, 8], "number", ()),
        (["12.5", "3", "7"], "number", ()),
        ([0, 1, 1, 0, 1], "two_classes", (0, 1)),
        ([1.0, 2.0, 2.0, 1.0], "two_classes", (1, 2)),
        ([True, False, False, True], "two_classes", (False, True)),
        (["yes", "no", "no", "yes"], "two_classes", ("no", "yes")),
        ([2, 0, 1, 1, 2, 0], "several_classes", (0, 1, 2)),
        (["1", "3", "2", "1", "3", "2"], "several_classes", (1, 2, 3)),
        (["b", "a", "c", "c", "b", "a"], "several_classes", ("a", "b", "c")),
        (pd.Categorical(["b", "a", "b", "a"]), "two_classes", ("a", "b")),
        ([0, 1, 2, 3] * 200 + [4, 4], "number", ()),
        ([0.0, 0.25, 1.0, 0.5], "share", ()),
        ([0.1, 0.2, 0.3, 1.01], "number", ()),
        (list(range(25)) * 2, "number", ()),
    ],
)
def test_the_kind_of_problem_is_told_from_the_target(values: object, kind: str, labels: tuple[object, ...]):
    problem = define_problem(with_target(values), "y")
    assert (problem.kind, problem.labels) == (kind, labels)


def test_the_last_layers_are_those_of_the_universal_workflow():
    assert [(kind, row.activation, row.loss) for kind, row in LAST_LAYERS.items()] == [
        ("two_classes", "sigmoid", "binary_crossentropy"),
        ("several_classes", "softmax", "sparse_categorical_crossentropy"),
        ("several_labels", "sigmoid", "binary_crossentropy"),
        ("number", None, "mse"),
        ("share", "sigmoid", "binary_crossentropy"),
        ("count", "exponential", "poisson"),
        ("several_numbers", None, "mse"),
    ]
    assert LAST_LAYERS["share"].other_losses == ("mse",)
    outputs = [define_problem(with_target(y), "y").num_outputs for y in ([1.5, 2, 3], [0, 1, 1, 0], list("abcabc"))]
    assert outputs == [1, 1, 3]


def test_the_reason_names_what_was_seen():
    assert define_problem(with_target([1.5, 2.5, 4]), "y").because == "`y` holds 3 different numbers"
    assert define_problem(with_target(list("baab")), "y").because == "`y` holds two values, `a` and `b`"
    assert define_problem(with_target([0, 1, 2] * 2), "y").because.startswith("`y` holds the whole numbers 0 to 2")
    assert define_problem(with_target(list("abcabc")), "y").because == "`y` holds 3 different texts"


def test_a_rare_class_is_the_positive_one():
    common_last = define_problem(with_target(["bad"] * 3 + ["good"] * 17), "y")
    assert common_last.labels == ("good", "bad")
    assert common_last.class_counts == (17, 3)
    assert common_last.is_imbalanced
    balanced = define_problem(with_target(["bad"] * 4 + ["good"] * 16), "y")
    assert balanced.labels == ("bad", "good")
    assert not balanced.is_imbalanced


def test_numbers_and_labels_are_encoded_by_their_order():
    number = define_problem(with_target(["1.5", "2", "7"]), "y")
    np.testing.assert_array_equal(number.encode(pd.Series(["2", "3.25"])), [2.0, 3.25])
    classes = define_problem(with_target([1.0, 3.0, 2.0] * 2), "y")
    encoded = classes.encode(pd.Series([3, 1, 2]))
    np.testing.assert_array_equal(encoded, [2, 0, 1])
    assert encoded.dtype == np.int32
    with pytest.raises(TargetError, match="Row 2 of `y` has the label `4`, which is not a known class"):
        classes.encode(pd.Series([3, 4]))


def test_the_kind_can_be_overruled():
    assert define_problem(with_target([0, 1, 2] * 3), "y", kind="number").kind == "number"
    assert define_problem(with_target([3, 5, 8] * 3), "y", kind="several_classes").labels == (3, 5, 8)
    with pytest.raises(TargetError, match=r"`y` has 3 classes\. Expected: problem: one of several classes"):
        define_problem(with_target([3, 5, 8] * 3), "y", kind="two_classes")
    with pytest.raises(OptionError, match="`numbr` is not a kind of problem") as caught:
        define_problem(with_target([3, 5, 8]), "y", kind="numbr")
    assert caught.value.hint == "did you mean `number`?"


@pytest.mark.parametrize(
    ("values", "match"),
    [
        ([1.0, None, 3.0, None], r"`y` is missing in 2 of 4 rows \(first: rows 2, 4\)"),
        ([1.0, None, 3.0], r"`y` is missing in 1 of 3 rows \(first: row 2\)"),
        ([None] * 5, r"`y` is missing in 5 of 5 rows \(first: rows 1, 2, 3, \.\.\.\)"),
        ([7, 7, 7], "`y` has the same value in all 3 rows: `7`"),
        (["7", "7", "7"], "`y` has the same value in all 3 rows: `7`"),
        (["a", "b", "a", "b", "c"], "Class `c` of `y` has one row. Expected: at least 2 rows of each class"),
        (["a", "a", "a", "b", "c", "a", "a"], r"Class `b` of `y` has one row \(and 1 more such classes\)"),
        ([1.5, float("inf"), 2.5], r"`y` is infinite in 1 of 3 rows \(first: row 2\)"),
        ([*map(str, range(30)), "n/a", "x"], r"`y` has 2 of 32 rows that are not numbers \(first: row 31\)"),
        ([f"name {row}" for row in range(25)], "`y` holds 25 different values in 25 rows: too many for classes"),
        (pd.to_datetime(["2024-01-01", "2024-01-02"]), "`y` holds dates"),
    ],
)
def test_a_target_that_cannot_be_predicted_is_refused(values: object, match: str):
    with pytest.raises(TargetError, match=match):
        define_problem(with_target(values), "y")


def test_an_unknown_target_is_refused_with_the_closest_column():
    with pytest.raises(TargetError, match=r"`Y` is not a column of the table\. Expected: one of 2 columns: x, y"):
        define_problem(with_target([1, 2]), "Y")
    many = pd.DataFrame({f"c{position}": [1, 2] for position in range(20)})
    with pytest.raises(TargetError, match=r"one of 20 columns: c0, c1, .*, c9, \.\.\., c19"):
        define_problem(many, "c")


def test_a_file_without_names_says_so():
    frame = pd.DataFrame({"column_1": [1, 2], "column_2": [3, 4]})
    with pytest.raises(TargetError, match="the file has no line of names; its last column is `column_2`"):
        define_problem(frame, "column_3")


def test_a_target_alone_is_refused():
    with pytest.raises(TargetError, match="`y` is the only column"):
        define_problem(pd.DataFrame({"y": [1.5, 2.5]}), "y")


def test_text_is_refused_where_a_number_was_asked_for():
    with pytest.raises(TargetError, match=r"`y` has 2 of 4 rows that are not numbers \(first: row 2\).*Received: `b`"):
        define_problem(with_target(["1", "b", "2", "b"]), "y", kind="number")


def with_targets(**targets: object) -> pd.DataFrame:
    return pd.DataFrame({"x": np.arange(12), **targets})


LABELS = {"urgent": [0, 1, 0, 1] * 3, "spam": ["yes", "no", "no"] * 4, "long": [True] * 9 + [False] * 3}
NUMBERS = {"width": [1.5, 2.0, 4.0] * 4, "height": [10, 30] * 6}


def test_several_columns_with_two_values_are_labels():
    problem = define_problem(with_targets(**LABELS), list(LABELS))
    assert (problem.kind, problem.targets, problem.target) == ("several_labels", tuple(LABELS), "urgent, spam, long")
    assert [column.labels for column in problem.columns] == [(0, 1), ("no", "yes"), (False, True)]
    assert problem.num_outputs == 3
    assert not problem.is_number
    assert not problem.has_classes
    assert problem.because == "each of the 3 columns holds two values"


def test_a_label_that_most_rows_have_is_still_there_where_it_is_1():
    problem = define_problem(with_targets(a=[1] * 10 + [0] * 2, b=[0, 1] * 6), ["a", "b"])
    assert problem.columns[0].labels == (0, 1)
    np.testing.assert_array_equal(problem.encode(with_targets(a=[1, 0] * 6, b=0))[:2], [[1, 0], [0, 0]])


def test_several_columns_of_numbers_are_predicted_at_once():
    frame = with_targets(**NUMBERS)
    problem = define_problem(frame, ["height", "width"])
    assert (problem.kind, problem.num_outputs, problem.target) == ("several_numbers", 2, "height, width")
    np.testing.assert_array_equal(problem.encode(frame), frame[["height", "width"]].to_numpy(float))
    assert [column.spread for column in problem.columns] == pytest.approx(
        [frame.height.std(ddof=0), frame.width.std(ddof=0)]
    )


def test_labels_are_encoded_a_column_each_in_the_order_asked():
    frame = with_targets(**LABELS)
    encoded = define_problem(frame, ["spam", "urgent"]).encode(frame)
    assert encoded.dtype == np.int32
    np.testing.assert_array_equal(encoded[:3], [[1, 0], [0, 1], [0, 0]])


@pytest.mark.parametrize(
    ("targets", "kind", "match"),
    [
        (["a", "a"], None, "`a` is named twice as a target"),
        ([], None, "No target column is named"),
        (["a", "nope"], None, "`nope` is not a column of the table"),
        (["a", "words"], None, "`words` holds no numbers, so the 2 targets cannot be predicted at once"),
        (["a", "b"], "several_labels", "Not every target is a label .* Received: `b` with 3 different values"),
        (
            ["a", "b"],
            "number",
            r"`number` \(a number\) was asked for with 2 target columns. Expected: one target column",
        ),
        ("a", "several_labels", "was asked for with 1 target column. Expected: two or more target columns"),
        ("b", "share", "`b` holds no shares. Expected: numbers from 0 to 1. Received: numbers from 1 to 2.5"),
        ("b", "count", "`b` holds no counts. Expected: whole numbers from 0 on"),
        ("minus", "count", "`minus` holds no counts. .* Received: numbers from -1 to 4"),
        (["x", "a", "b", "words", "minus"], None, "are the only columns: there is nothing to predict from"),
    ],
)
def test_targets_that_do_not_go_together_are_refused(targets: object, kind: str | None, match: str):
    frame = with_targets(a=[0, 1] * 6, b=[1.0, 2.0, 2.5] * 4, words=list("pqr") * 4, minus=[-1, 0, 4] * 4)
    with pytest.raises(TargetError, match=match):
        define_problem(frame, targets, kind=kind)


def test_a_count_is_only_a_count_when_asked_for():
    frame = with_target([0, 0, 0, 1, 2, 9, 0, 3] * 2)
    assert define_problem(frame, "y").kind == "number"
    count = define_problem(frame, "y", kind="count")
    assert (count.kind, count.is_number, count.is_scaled, count.is_mostly_zero) == ("count", True, False, True)
    assert count.because == "`y` holds 5 different whole numbers from 0 on, and counts were asked for"
    assert not define_problem(with_target([0, 3, 4, 5, 9]), "y", kind="count").is_mostly_zero


def test_a_share_says_what_it_saw():
    share = define_problem(with_target([0.0, 0.25, 1.0, 0.5]), "y")
    assert (share.kind, share.because, share.is_scaled) == (
        "share",
        "`y` holds 4 different numbers, all from 0 to 1",
        False,
    )
    assert define_problem(with_target([0.0, 0.25, 1.0, 0.5]), "y", kind="number").kind == "number"


def test_classes_and_frequent_combinations_of_labels_are_what_folds_should_share():
    assert define_problem(with_target([1.5, 2, 4]), "y").strata(np.array([1.0, 2.0])) is None
    np.testing.assert_array_equal(
        define_problem(with_target(list("abab")), "y").strata(np.array([1, 0], np.int32)), [1, 0]
    )
    labels = np.array([[0, 0]] * 12 + [[1, 0]] * 11 + [[1, 1]] * 3 + [[0, 1]] * 2, np.int32)
    strata = define_problem(with_targets(a=[0, 1] * 6, b=[0, 1] * 6), ["a", "b"]).strata(labels)
    assert len(set(strata[:12])) == len(set(strata[12:23])) == len(set(strata[23:])) == 1  # rare ones: by the rarest, b
    assert len(set(strata)) == 3


def test_classes_are_counted_with_their_names():
    problem = define_problem(with_targets(**LABELS), list(LABELS))
    assert problem.count_classes(problem.encode(with_targets(**LABELS))) == (tuple(LABELS), (6, 4, 9))
    assert define_problem(with_target([1.5, 2, 4]), "y").count_classes(np.array([1.0])) == ((), ())
    assert define_problem(with_target(list("abab")), "y").count_classes(np.array([1, 1], np.int32)) == (
        ("a", "b"),
        (0, 2),
    )


@pytest.mark.parametrize("targets", ["x", list(LABELS), list(NUMBERS)])
def test_a_problem_comes_back_from_a_card(targets: object):
    problem = define_problem(with_targets(**LABELS, **NUMBERS), targets)
    found = Problem.from_plain(json.loads(json.dumps(dataclasses.asdict(problem))))
    assert repr(found) == repr(problem)  # NaN is not equal to itself
