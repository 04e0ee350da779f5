"""Known leaks of other tools: nothing that is fitted in a fold may depend on rows that the fold does not train on.

Held-out rows are changed beyond recognition; imputation, scaling, ranks, levels, words, codes, number formats, dropped
columns and the scale of the target must stay what they were, and so must each training row as a network sees it.
"""

import numpy as np
import pandas as pd
import pytest

from tenfold.prepare.folded import FoldedTable, fold_table
from tenfold.prepare.table import TablePreparation
from tenfold.problem.definition import define_problem

NUM_ROWS = 330

WILD = (1e12, -1e12, 0, None, "ultraviolet", "12 kg", "1.234,5", "2999-12-31", "mr x y z", "-", True)


def every_kind() -> pd.DataFrame:
    """A column of each kind, with gaps; also those that are dropped."""
    rng = np.random.default_rng(0)
    users = rng.permutation(np.repeat(np.arange(33), 10))
    sizes = rng.lognormal(size=NUM_ROWS)
    frame = pd.DataFrame(
        {
            "row": np.arange(NUM_ROWS),
            "guest_id": rng.permutation(9_000)[:NUM_ROWS],
            "same": "x",
            "size": np.where(sizes > 3, np.nan, sizes),
            "price": [f"${number:,.2f}" for number in rng.uniform(100, 9_000, NUM_ROWS)],
            "weight": [f"{number:.1f} kg".replace(".", ",") for number in rng.normal(70, 9, NUM_ROWS)],
            "colour": rng.choice(["red", "blue", "green", "seldom"], NUM_ROWS, p=[0.5, 0.3, 0.19, 0.01]),
            "new": rng.choice(["yes", "no"], NUM_ROWS),
            "user_id": users,
            "airport": [f"airport {number}" for number in rng.permutation(users)],
            "day": pd.Series(pd.date_range("2020-01-01", periods=NUM_ROWS).strftime("%Y-%m-%d")).sample(frac=1).array,
            "name": [f"{rng.choice(['Mr', 'Mrs', 'Dr'])} {number:x}{number + 7:x}" for number in range(NUM_ROWS)],
        },
        dtype=object,
    )
    return frame.assign(cost=rng.normal(50, 9, NUM_ROWS))


def prepared(frame: pd.DataFrame, folds: list[np.ndarray]) -> FoldedTable:
    problem = define_problem(frame, "cost")
    return fold_table(frame.drop(columns=["cost"]), problem, problem.encode(frame["cost"]), folds)


def test_the_table_holds_a_column_of_every_kind():
    preparation = TablePreparation.fit(every_kind().drop(columns=["cost"]))
    assert {one.kind for one in preparation.columns} == {"number", "category", "code", "date", "text"}
    assert {one.name for one in preparation.dropped} == {"row", "guest_id", "same"}


@pytest.mark.parametrize("seed", range(4))
def test_nothing_fitted_in_a_fold_knows_the_rows_outside_it(seed: int):
    rng = np.random.default_rng(seed)
    frame, folds = every_kind(), [np.sort(rng.permutation(NUM_ROWS)[:size]) for size in (264, 220, 297)]
    honest = prepared(frame, folds)
    for block, training in enumerate(folds):
        outside = np.setdiff1d(np.arange(NUM_ROWS), training)
        spoilt = frame.copy()
        for name in frame.columns.drop("cost"):
            spoilt.loc[outside, name] = [WILD[place] for place in rng.integers(0, len(WILD), len(outside))]
        spoilt.loc[outside, "cost"] = rng.normal(0, 1e9, len(outside))
        other = prepared(spoilt, [training])
        assert other.preparations[0].to_json() == honest.preparations[block].to_json()
        assert other.scales[0] == honest.scales[block]
        lines = honest.rows(block, training)
        for seen, expected, own, names in (
            (other.inputs, honest.inputs, other.input_names, honest.input_names),
            (other.ranks, honest.ranks, other.rank_names, honest.rank_names),
            (other.codes, honest.codes, other.code_names, honest.code_names),
        ):
            places = [names.index(name) for name in own]
            np.testing.assert_array_equal(seen[training], expected[lines][:, places])
        np.testing.assert_array_equal(other.targets[training], honest.targets[lines])


def test_the_guard_sees_a_preparation_that_was_fitted_on_all_rows(monkeypatch: pytest.MonkeyPatch):
    whole = every_kind().drop(columns=["cost"])
    fitted_on_all = TablePreparation.fit(whole)
    monkeypatch.setattr(TablePreparation, "fit", lambda *_, **__: fitted_on_all)
    assert prepared(every_kind(), [np.arange(200)]).preparations[0] == fitted_on_all
    monkeypatch.undo()
    assert TablePreparation.fit(whole.iloc[:200]) != fitted_on_all
