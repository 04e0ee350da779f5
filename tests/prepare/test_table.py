"""A whole table: which column becomes what, what is dropped, what is refused, and that it comes back from JSON."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as some

from tenfold.errors import RunFolderError, TableError
from tenfold.prepare.cells import check_inputs
from tenfold.prepare.table import TablePreparation


def messy(num_rows: int = 40) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    numbers = rng.normal(size=num_rows)
    return pd.DataFrame(
        {
            "row": np.arange(num_rows),
            "customer_id": rng.permutation(1_000_000)[:num_rows],
            "year": np.arange(1880, 1880 + num_rows),
            "size": np.where(numbers > 1, np.nan, numbers),
            "count": [str(number) for number in rng.integers(0, 9, num_rows)],
            "colour": rng.choice(["red", "blue", "green"], num_rows),
            "is_new": rng.integers(0, 2, num_rows).astype(bool),
            "day": pd.date_range("2024-01-01", periods=num_rows).strftime("%d.%m.%Y"),
            "name": [f"{rng.choice(['Mr', 'Mrs'])} {number:x}{number + 1:x}x" for number in range(num_rows)],
            "token": [f"{number:08d}abc"[::-1] + "q" * number for number in range(num_rows)],
            "same": "x",
            "nothing": None,
        }
    )


def test_each_column_becomes_what_its_cells_are():
    preparation = TablePreparation.fit(messy())
    kinds = {column.name: column.kind for column in preparation.columns}
    assert kinds == {
        "year": "number", "size": "number", "count": "number", "colour": "category", "is_new": "category",
        "day": "date", "name": "text",
    }  # fmt: skip
    dropped = {column.name: column.kind for column in preparation.dropped}
    assert dropped == {
        "row": "identifier", "customer_id": "identifier", "token": "identifier", "same": "constant", "nothing": "empty",
    }  # fmt: skip


def test_inputs_are_finite_small_and_named():
    preparation = TablePreparation.fit(messy())
    inputs = preparation.transform(messy()).inputs
    assert inputs.shape == (40, len(preparation.input_names))
    assert len(set(preparation.input_names)) == len(preparation.input_names)
    assert inputs.dtype == np.float32
    assert np.isfinite(inputs).all()
    assert np.abs(inputs).max() <= 3.0


def test_other_rows_change_nothing_about_a_row():
    preparation = TablePreparation.fit(messy())
    all_rows, alone = preparation.transform(messy()).inputs, preparation.transform(messy().iloc[[7]]).inputs
    np.testing.assert_array_equal(all_rows[[7]], alone)


def test_nothing_is_learnt_from_rows_that_were_not_fitted():
    frame = messy()
    training = np.arange(0, 40, 2)
    spoilt = frame.copy()
    spoilt.loc[1::2, "size"] = 1e9
    spoilt.loc[1::2, "colour"] = "ultraviolet"
    first, second = TablePreparation.fit(frame.iloc[training]), TablePreparation.fit(spoilt.iloc[training])
    assert first.to_json() == second.to_json()


@given(seed=some.integers(0, 20), num_rows=some.integers(3, 60))
def test_a_preparation_comes_back_from_json(seed: int, num_rows: int):
    frame = messy().sample(num_rows, replace=True, random_state=seed).reset_index(drop=True)
    preparation = TablePreparation.fit(frame)
    back = TablePreparation.from_json(preparation.to_json())
    assert back == preparation
    np.testing.assert_array_equal(back.transform(messy()).inputs, preparation.transform(messy()).inputs)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"columns": [{"kind": "pickle"}], "dropped": []}'])
def test_a_damaged_preparation_is_refused(text: str):
    with pytest.raises(RunFolderError, match="The preparation of this run cannot be read"):
        TablePreparation.from_json(text)


def test_json_holds_plain_values_only():
    content = json.loads(TablePreparation.fit(messy()).to_json())
    assert {column["kind"] for column in content["columns"]} == {"number", "category", "date", "text"}


def test_missing_columns_are_named_and_others_ignored():
    preparation = TablePreparation.fit(messy())
    reordered = messy().assign(extra=1)[["extra", *messy().columns[::-1]]]
    np.testing.assert_array_equal(preparation.transform(reordered).inputs, preparation.transform(messy()).inputs)
    with pytest.raises(
        TableError, match=r"The table lacks 2 of 7 columns that the model uses: `size`, `colour`"
    ) as caught:
        preparation.transform(messy().rename(columns={"size": "Size"}).drop(columns=["colour", "token"]))
    assert caught.value.hint == "did you mean `Size`?"


def test_unfamiliar_cells_are_counted_by_column():
    preparation = TablePreparation.fit(messy())
    new = messy().iloc[:4].assign(size=[99.0, 0.0, -99.0, None], colour=["red", "violet", "pink", None])
    sentences = [found.sentence for found in preparation.transform(new).unfamiliar]
    assert len(sentences) == 2
    assert sentences[0].startswith("`size`: 2 outside")
    assert sentences[1] == "`colour`: 2 with a level never seen in training, 1 missing, where training rows never were"
    assert not preparation.transform(messy()).unfamiliar


def test_text_where_numbers_should_be_is_refused_with_its_row():
    frame = pd.DataFrame({"age": [*map(str, range(50)), "old", None, "unknown"]})
    with pytest.raises(
        TableError, match=r"Column `age` has 2 of 53 rows that are not numbers \(first: row 51\).*`old`"
    ):
        check_inputs(frame, ["age"])


@pytest.mark.parametrize(
    "values",
    [
        ["1", "2", "x"] * 10,
        [f"A{number}" for number in range(50)],
        [1.5, None],
        [*map(str, range(60))],
        [*map(str, range(60)), "n/a", "-"],
        [*map(str, range(60)), "12a", "3-5"],
    ],
    ids=["labels", "codes", "gap", "numbers", "words for gaps", "house numbers"],
)
def test_labels_codes_and_gaps_are_not_taken_for_mistakes(values: list[object]):
    check_inputs(pd.DataFrame({"a": values}), ["a"])


def test_a_unit_that_differs_in_a_few_rows_is_refused_with_its_row():
    frame = pd.DataFrame({"weight": [*(f"{number} kg" for number in range(60)), "500 g"]})
    with pytest.raises(TableError, match=r"not numbers in kg \(first: row 61\). Expected: numbers in kg.*`500 g`"):
        check_inputs(frame, ["weight"])


def test_a_table_may_have_no_usable_column():
    preparation = TablePreparation.fit(pd.DataFrame({"same": ["x"] * 5}))
    assert preparation.input_names == ()
    assert preparation.transform(pd.DataFrame({"same": ["y"] * 3})).inputs.shape == (3, 0)
