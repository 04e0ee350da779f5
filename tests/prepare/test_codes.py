"""Codes of columns with very many levels: which columns get them, which levels, and what the rest shares."""

import time

import numpy as np
import pandas as pd
import pytest

from tenfold.prepare.codes import CodeColumn
from tenfold.prepare.numbers import NumberColumn
from tenfold.prepare.table import TablePreparation


def users(num_levels: int = 40, rows_each: int = 5) -> pd.Series:
    levels = [f"user {number:02d}" for number in range(num_levels) for _ in range(rows_each)]
    return pd.Series(levels, name="user").sample(frac=1, random_state=0).reset_index(drop=True)


def test_each_repeated_level_has_a_code_and_the_rest_shares_zero():
    column = CodeColumn.fit(pd.Series([*users(), *users(2, 1), "once", None], name="user"))
    assert column.levels[:3] == ("user 00", "user 01", "user 02")
    assert column.code_size == 41
    codes = column.codes(pd.Series(["user 01", "once", None, "never", " user 00 "]))
    np.testing.assert_array_equal(codes, [2, 0, 0, 0, 1])
    assert codes.dtype == np.int32


def test_inputs_tell_frequent_levels_gaps_and_how_common_a_level_is():
    cells = pd.Series([*["north"] * 2_000, *users(), None], name="user")
    column = CodeColumn.fit(cells)
    assert column.num_hot == 1
    assert column.input_names == ("user = north", "how common user is", "user is missing")
    expected = NumberColumn.fit(pd.Series(np.log([2_000] * 2_000 + [5] * 200 + [1]), name="c")).from_numbers(
        np.log([2_000.0, 5.0, 1.0, 1.0])
    )[:, 0]
    inputs = column.transform(pd.Series(["north", "user 07", "never", None]))
    np.testing.assert_allclose(inputs, np.column_stack([[1, 0, 0, 0], expected, [0, 0, 0, 1]]))


def test_levels_never_seen_are_counted_and_gaps_where_there_were_none():
    found = CodeColumn.fit(users()).compare(pd.Series(["user 01", "never", None]))
    assert (found.num_unseen, found.num_newly_missing) == (1, 1)


@pytest.mark.parametrize(
    ("name", "values", "kind"),
    [
        ("user_id", np.repeat(np.arange(40), 5), "code"),
        ("bookId", np.repeat(np.arange(40) * 17, 5), "code"),
        ("zip", [f"{number:05d}" for number in np.repeat(np.arange(40) * 913, 5)], "code"),
        ("airport", [f"A{number}" for number in np.repeat(np.arange(40), 5)], "code"),
        ("airport", [f"A{number}" for number in np.repeat(np.arange(30), 5)], "category"),
        ("country", ["home"] * 9_000 + [f"country {number}" for number in np.repeat(np.arange(40), 9)], "category"),
        ("weather_code", np.repeat(np.arange(20), 10), "category"),
        ("Warengruppe", np.repeat(np.arange(6), 30), "category"),
        ("age", np.repeat(np.arange(40), 5), "number"),
        ("fare", np.repeat(np.arange(40) / 4, 5), "number"),
        ("house_number", np.repeat(np.arange(40), 5), "number"),
        ("paid", np.repeat(np.arange(40), 5), "number"),
        ("body mass index", np.repeat(np.arange(40), 5), "number"),
        ("balance_id", np.repeat(np.arange(-20, 20), 5), "number"),
        ("score_id", np.repeat(np.arange(40) / 4, 5), "number"),
    ],
)
def test_names_of_things_become_codes_and_measurements_do_not(name: str, values: object, kind: str):
    preparation = TablePreparation.fit(pd.DataFrame({name: values}).sample(frac=1, random_state=0))
    assert [column.kind for column in preparation.columns] == [kind]


def test_codes_and_ranks_come_back_from_json():
    frame = pd.DataFrame({"user": users(), "size": np.random.default_rng(0).normal(size=200)})
    preparation = TablePreparation.fit(frame)
    back = TablePreparation.from_json(preparation.to_json())
    assert back == preparation
    assert (back.code_names, back.code_sizes, back.rank_names) == (("user",), (41,), ("size",))
    prepared = back.transform(frame)
    assert (prepared.ranks.dtype, prepared.codes.dtype) == (np.float32, np.int32)
    assert prepared.ranks.shape == (200, 1)
    assert prepared.codes.shape == (200, 1)
    assert set(prepared.codes[:, 0]) == set(range(1, 41))
    assert not prepared.unfamiliar


def test_one_row_is_prepared_in_milliseconds_however_many_levels_there_are():
    users = np.repeat(np.arange(20_000), 5)
    frame = pd.DataFrame({"user_id": users, **{f"x{place}": users * (place + 1.0) for place in range(20)}})
    preparation = TablePreparation.fit(frame.sample(frac=1, random_state=0))
    seconds = []
    for row in range(7):
        start = time.process_time()
        preparation.transform(frame.iloc[[row]])
        seconds.append(time.process_time() - start)
    assert np.median(seconds) < 0.05
