"""What rivals are given and draw their settings from."""

import sys
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.exceptions import ConvergenceWarning

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from rivals import RIVALS, _FilledNumbers, probabilities_of
from shared_tables import TABLES, SharedTable

ROWS = np.arange(40)
PAIRS = [(ROWS[8:], ROWS[:8]), (ROWS[:32], ROWS[32:])]


def frame_of(num_rows: int) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"size": rng.normal(size=num_rows), "kind": rng.choice(["a", "b", "c"], size=num_rows)})
    return frame.mask(rng.uniform(size=frame.shape) < 0.1)


@pytest.mark.parametrize("rival", [one for one in RIVALS if one.backend == "jax"], ids=lambda one: one.name)
def test_a_rival_answers_with_a_number_or_a_probability_for_each_class(rival):
    frame, rng = frame_of(40), np.random.default_rng(1)
    classes, numbers = rng.permutation(np.repeat([0, 2], 20)), rng.normal(size=40)
    with pytest.warns(ConvergenceWarning) if rival.name == "mlp" else nullcontext():
        probabilities = probabilities_of(rival.make("classes", PAIRS).fit(frame, classes), frame, 3)
        predicted = probabilities_of(rival.make("number", PAIRS).fit(frame, numbers), frame, 0)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    assert (probabilities[:, 1] == 0).all()  # a class that it was not shown
    assert predicted.shape == (40,)


def test_gaps_in_numbers_take_the_training_rows_median_and_a_mark():
    filled = _FilledNumbers().fit(pd.DataFrame({"size": [1.0, None, 5.0], "kind": ["a", "b", None]}))
    found = filled.transform(pd.DataFrame({"size": [None, 7.0], "kind": [None, "z"]}))
    assert found["size"].tolist() == [3.0, 7.0]
    assert found["size is missing"].tolist() == [1.0, 0.0]
    assert found["kind"].isna().tolist() == [True, False]


def test_a_table_without_names_gets_them_and_loses_what_nobody_is_given():
    table = SharedTable("houses", "houses.csv", "price", ("row", "size", "price"), {"row": "number of the row"})
    named = table.named(pd.DataFrame([[1, 2.0, 3.0]], columns=["column_1", "column_2", "column_3"]))
    assert named.columns.tolist() == ["size", "price"]


def test_at_least_twelve_tables_each_with_a_name_of_its_own():
    assert len({one.name for one in TABLES}) == len(TABLES) >= 12
    assert all(one.target in one.columns for one in TABLES if one.columns)
