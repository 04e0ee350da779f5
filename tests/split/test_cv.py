"""What a user may pass as `cv`, and what is refused."""

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import GroupKFold, LeaveOneOut, ShuffleSplit, StratifiedKFold, TimeSeriesSplit

from tenfold.errors import SplitError
from tenfold.split.cv import resolve_splits
from tenfold.split.folds import Pair

NUMBERS = np.linspace(0.5, 9.25, 23)
CLASSES = np.array([0] * 14 + [1] * 9)


def validated(pairs: list[Pair]) -> list[int]:
    return sorted(np.concatenate([validation for _, validation in pairs]).tolist())


def test_a_number_validates_each_row_once():
    pairs = resolve_splits(4, None, NUMBERS, seed=1)
    assert [len(validation) for _, validation in pairs] == [6, 6, 6, 5]
    assert validated(pairs) == list(range(23))


@pytest.mark.parametrize(
    "y",
    [
        pytest.param(CLASSES, id="whole"),
        pytest.param(CLASSES.astype(np.float32), id="float"),
        pytest.param(CLASSES[:, None], id="column"),
        pytest.param(CLASSES.astype(bool), id="bool"),
        pytest.param(np.eye(2)[CLASSES], id="one-hot"),
        pytest.param(np.array(["a", "b"])[CLASSES], id="text"),
        pytest.param(pd.Series(CLASSES), id="series"),
        pytest.param(CLASSES.tolist(), id="list"),
    ],
)
def test_a_number_spreads_classes_evenly(y: object):
    pairs = resolve_splits(3, None, y)
    assert [int(CLASSES[validation].sum()) for _, validation in pairs] == [3, 3, 3]


def test_many_whole_numbers_are_not_classes():
    counts = np.arange(30)
    assert len(resolve_splits(5, None, counts)) == 5


def test_a_number_never_splits_a_group():
    groups = np.repeat(np.arange(8), [1, 2, 3, 3, 3, 3, 4, 4])
    pairs = resolve_splits(4, None, NUMBERS, groups=groups, seed=0)
    assert validated(pairs) == list(range(23))
    assert all(not set(groups[train]) & set(groups[validation]) for train, validation in pairs)


@pytest.mark.parametrize(
    "splitter",
    [StratifiedKFold(3), ShuffleSplit(2, random_state=0), TimeSeriesSplit(3), LeaveOneOut()],
    ids=lambda s: type(s).__name__,
)
def test_any_splitter_gives_its_own_pairs(splitter: object):
    x = np.zeros((23, 2))
    for ours, theirs in zip(resolve_splits(splitter, x, CLASSES), splitter.split(x, CLASSES), strict=True):
        np.testing.assert_array_equal(ours[0], theirs[0])
        np.testing.assert_array_equal(ours[1], theirs[1])


def test_a_splitter_gets_the_groups_and_classes_instead_of_one_hot_rows():
    groups = np.arange(23) // 4
    pairs = resolve_splits(GroupKFold(3), {"a": np.zeros((23, 1))}, np.eye(2)[CLASSES], groups)
    assert validated(pairs) == list(range(23))
    assert len(resolve_splits(StratifiedKFold(3), None, np.eye(2)[CLASSES])) == 3


def test_several_outputs_are_dealt_by_row():
    assert validated(resolve_splits(2, None, {"a": NUMBERS, "b": CLASSES})) == list(range(23))
    assert validated(resolve_splits(2, None, [NUMBERS, CLASSES])) == list(range(23))


def test_a_list_of_positions_or_masks_is_taken_as_it_is():
    mask = np.arange(23) < 5
    pairs = resolve_splits([([0, 1], [2]), (~mask, mask)], None, NUMBERS)
    assert [side.tolist() for side in pairs[0]] == [[0, 1], [2]]
    assert [side.tolist() for side in pairs[1]] == [list(range(5, 23)), list(range(5))]


@pytest.mark.parametrize(
    ("cv", "y", "match"),
    [
        (1, NUMBERS, r"`cv` is 1\. Expected: at least 2 folds"),
        (24, NUMBERS, "24 folds are more than the 23 rows of the table"),
        (10, CLASSES, "10 folds are more than the 9 rows of class 1 of `y`"),
        (StratifiedKFold(24), CLASSES, "`StratifiedKFold` cannot split these rows"),
        ("five", NUMBERS, "`cv` does not say how to split.*Received: `five`"),
        (True, NUMBERS, "Received: `True`"),
        (None, NUMBERS, "an object of type `NoneType`"),
        ([], NUMBERS, "`cv` makes no folds"),
        ([([0, 1], [1, 2])], NUMBERS, "Fold 0 of `cv` trains and validates on the same 1 rows"),
        ([([0], [1]), ([0], [23])], NUMBERS, "Fold 1 of `cv` names rows that do not exist.*0 to 22"),
        ([([0], [-1])], NUMBERS, "Fold 0 of `cv` names rows that do not exist"),
        ([([0], [])], NUMBERS, "Fold 0 of `cv` does not name rows"),
        ([([0.0], [1.0])], NUMBERS, "Fold 0 of `cv` does not name rows"),
        ([3], NUMBERS, "Fold 0 of `cv` is not a pair of rows"),
    ],
)
def test_what_cannot_be_split_is_refused(cv: object, y: object, match: str):
    with pytest.raises(SplitError, match=match):
        resolve_splits(cv, None, y)


def test_more_folds_than_groups_are_refused():
    with pytest.raises(SplitError, match="4 folds are more than the 3 groups"):
        resolve_splits(4, None, NUMBERS, groups=np.arange(23) % 3)
