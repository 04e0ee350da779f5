"""The protocol follows from the amount of data, or is what was asked for, if the rows can fill it."""

import pytest

from tenfold.errors import OptionError, SplitError
from tenfold.split.protocol import NUM_FOLDS_IN_TIME, PLENTY_ROWS, VERY_FEW_ROWS, choose_protocol, fewer_networks


def test_the_protocol_follows_from_the_amount_of_data():
    amounts = (20, VERY_FEW_ROWS - 1, VERY_FEW_ROWS, PLENTY_ROWS - 1, PLENTY_ROWS)
    kinds = [choose_protocol(rows).kind for rows in amounts]
    assert kinds == ["iterated_k_fold", "iterated_k_fold", "k_fold", "k_fold", "hold_out"]
    assert choose_protocol(50, num_repeats=1).kind == "k_fold"
    assert choose_protocol(50, num_repeats=3).num_repeats == 3


def test_in_time_nothing_is_dealt_again():
    kinds = [choose_protocol(rows, in_time=True).kind for rows in (20, VERY_FEW_ROWS, PLENTY_ROWS)]
    assert kinds == ["k_fold", "k_fold", "hold_out"]
    found = choose_protocol(20, in_time=True)
    assert (found.num_folds, found.num_repeats, found.in_time) == (NUM_FOLDS_IN_TIME, 1, True)


@pytest.mark.parametrize(
    ("kind", "num_folds", "expected"),
    [
        ("hold-out", None, ("hold_out", 1, 1)),
        ("hold_out", 1, ("hold_out", 1, 1)),
        ("K-fold", 10, ("k_fold", 10, 1)),
        ("k fold", None, ("k_fold", 5, 1)),
        ("iterated-k-fold", 3, ("iterated_k_fold", 3, 2)),
        (None, 1, ("hold_out", 1, 1)),
        (None, 7, ("iterated_k_fold", 7, 2)),
    ],
)
def test_a_protocol_can_be_asked_for(kind: str | None, num_folds: int | None, expected: tuple[str, int, int]):
    found = choose_protocol(400, kind=kind, num_folds=num_folds)
    assert (found.kind, found.num_folds, found.num_repeats) == expected


def test_asking_for_folds_of_plenty_of_rows_is_asking_for_k_fold():
    found = choose_protocol(PLENTY_ROWS, num_folds=3)
    assert (found.kind, found.num_folds, found.num_inner_folds) == ("k_fold", 3, 5)
    assert found.because == "K-fold with 3 folds was asked for; 10,000 rows by themselves suggest a single hold-out"


def test_asking_for_iteration_iterates_even_where_the_budget_would_not():
    assert choose_protocol(400, num_repeats=1, kind="iterated_k_fold").num_repeats == 2


def test_what_was_asked_for_says_what_the_rows_suggest():
    assert choose_protocol(2_000, kind="k_fold").because == "K-fold was asked for, as 2,000 rows suggest"
    found = choose_protocol(2_000, num_folds=8)
    assert found.because == "K-fold with 8 folds was asked for; 2,000 rows by themselves suggest 5 folds"


@pytest.mark.parametrize(
    ("wish", "match"),
    [
        ({"kind": "iterated_k_fold", "in_time": True}, r"Time runs once.*`hold-out` or `k-fold`"),
        ({"kind": "hold_out", "num_folds": 4}, r"A hold-out has no 4 folds"),
        ({"kind": "k_fold", "num_folds": 1}, r"40 rows to work on cannot make 1 folds.*2 to 20 folds"),
        ({"num_folds": 21}, r"cannot make 21 folds"),
        ({"num_folds": 20, "in_time": True}, r"cannot make 20 folds. Expected: 2 to 19 folds"),
        ({"num_folds": 0}, r"cannot make 0 folds"),
        ({"num_folds": -3}, r"cannot make -3 folds"),
    ],
)
def test_impossible_wishes_are_refused(wish: dict[str, object], match: str):
    with pytest.raises(SplitError, match=match):
        choose_protocol(40, **wish)


def test_an_unknown_protocol_is_refused_with_the_nearest_one():
    with pytest.raises(OptionError, match=r"`k-folds` is not a protocol.*did you mean `k-fold`"):
        choose_protocol(40, kind="k-folds")


def test_photos_are_scored_by_fewer_networks_unless_folds_were_asked_for():
    many, few = choose_protocol(3_000), choose_protocol(200)
    assert fewer_networks(many, 3_000, 1, is_asked=False).kind == "hold_out"
    assert fewer_networks(many, 3_000, 2, is_asked=False).num_inner_folds == 2
    once = fewer_networks(few, 200, 1, is_asked=False)
    assert (once.kind, once.num_repeats, once.num_inner_folds) == ("k_fold", 1, 1)
    asked = choose_protocol(3_000, num_folds=4)
    found = fewer_networks(asked, 3_000, 1, is_asked=True)
    assert (found.kind, found.num_folds, found.num_inner_folds) == ("k_fold", 4, 1)
    assert found.because == asked.because
