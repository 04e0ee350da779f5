"""Everything a user can get wrong about the data shows before a folder is made."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tenfold.data.table import table_from_frame
from tenfold.errors import OptionError, SplitError, TableError, TargetError
from tenfold.options import Options
from tenfold.question.posing import Question, join_by, open_table, pose_question


def houses(num_rows: int = 40) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    return pd.DataFrame({"rooms": rng.normal(size=num_rows), "price": rng.normal(size=num_rows)})


def pose(frame: pd.DataFrame, target: str | list[str] = "price", **options: object) -> Question:
    targets = [target] if isinstance(target, str) else target
    return pose_question(table_from_frame(frame), targets, Options(**{"budget": "quick", **options}))


def test_a_question_holds_steps_one_to_three():
    question = pose(houses())
    assert question.problem.kind == "number"
    assert question.measures.primary.key == "mae"
    assert (len(question.rows.working), len(question.rows.sealed)) == (32, 8)
    assert (question.protocol.kind, question.protocol.num_repeats) == ("k_fold", 1)
    assert question.inputs.columns.tolist() == ["rooms"]
    assert pose(houses(), budget="standard").protocol.kind == "iterated_k_fold"


def test_rare_classes_are_named():
    frame = houses().assign(price=["a"] * 20 + ["b"] * 17 + ["c"] * 3)
    assert pose(frame).rare_classes == ("c",)


def test_a_number_below_zero_has_no_rare_classes():
    assert pose(houses().assign(price=np.arange(40) - 20.5)).rare_classes == ()


@pytest.mark.parametrize(
    ("frame", "options", "error", "match"),
    [
        (houses(), {"target": "prise"}, TargetError, "`prise` is not a column"),
        (houses(), {"budget": "huge"}, OptionError, "`huge` is not a budget"),
        (houses(), {"seed": -1}, OptionError, "`seed` is -1"),
        (houses(), {"seed": 2**32}, OptionError, "`seed` is 4294967296. Expected: a whole number from 0 to 4294967295"),
        (houses(), {"target": ""}, TargetError, "`` is not a column"),
        (houses(), {"trials": -2}, OptionError, "`trials` is -2"),
        (houses(), {"matters": "0"}, OptionError, "`matters` is `0`. Expected: a number above 0"),
        (houses(), {"matters": "much"}, OptionError, "`matters` is `much`"),
        (houses(), {"minutes": "-1"}, OptionError, "`minutes` is `-1`. Expected: a number above 0, in minutes"),
        (houses(), {"minutes": "3", "trials": 4}, OptionError, "Both a number of trials and minutes"),
        (houses(), {"target": []}, OptionError, "No column to predict was named"),
        (houses(), {"group": "price"}, OptionError, "`price` is both target and group"),
        (houses(), {"gap": "7d"}, OptionError, "A gap was named, but no column of times"),
        (houses(), {"drop": ("room",)}, TableError, "`room`, which is to be dropped, .*did you mean `rooms`"),
        (houses(), {"drop": ("price",)}, OptionError, "`price` cannot be dropped"),
        (houses(), {"allow": ("room",)}, TableError, "`room`, which is to be allowed, is not a column"),
        (houses(), {"measure": "roc_auc"}, OptionError, "roc_auc"),
        (houses(9), {}, SplitError, "The table has 9 rows"),
        (houses().assign(rooms=3), {}, TableError, r"No column of the table can be used.*`rooms`: `3` in every row"),
        (
            houses(60).assign(rooms=[*map(str, range(59)), "many"]),
            {},
            TableError,
            r"Column `rooms` has 1 of 60 rows that are not numbers \(first: row 60\)",
        ),
    ],
)
def test_bad_input_is_refused(frame: pd.DataFrame, options: dict[str, object], error: type[Exception], match: str):
    with pytest.raises(error, match=match):
        pose(frame, **options)


def test_dropped_columns_and_groups_are_no_inputs():
    frame = houses().assign(nr=range(40), house=np.arange(40) // 2, size=1.0 + np.arange(40) % 7)
    question = pose(frame, drop=("nr",), group="house")
    assert question.inputs.columns.tolist() == ["rooms", "size"]


def test_the_number_of_trials_may_be_chosen():
    assert pose(houses(), trials=3).budget.num_trials == 3


@pytest.mark.parametrize(
    ("join", "on"), [((), ("day",)), (("a.csv", "b.csv", "c.csv"), ("day", "shop")), (("a.csv",), ())]
)
def test_joined_tables_need_a_key_for_all_or_one_each(join: tuple[str, ...], on: tuple[str, ...]):
    with pytest.raises(OptionError, match="one key for all tables, or one for each"):
        join_by(table_from_frame(houses()), Options(join=join, on=on))


def test_a_table_may_be_a_file_a_frame_or_loaded(tmp_path: Path):
    houses().to_csv(tmp_path / "houses.csv", index=False)
    loaded = open_table(tmp_path / "houses.csv")
    assert open_table(loaded) is loaded
    assert open_table(str(tmp_path / "houses.csv")).source == loaded.source
    assert open_table(houses()).source.format == "frame"


def test_rows_that_differ_in_a_dropped_column_alone_stay_together():
    frame = houses()
    twice = pd.concat([frame, frame.iloc[:4].assign(visits=[9, 9, 8, 8])], ignore_index=True)
    twice["visits"] = [*(np.arange(len(frame)) % 7), 9, 9, 8, 8]
    kept = pose_question(table_from_frame(twice), ["price"], Options(drop=("visits",)))
    assert kept.alike.groups is not None
    assert kept.alike.groups[-4:].tolist() == kept.alike.groups[:4].tolist()
    assert pose_question(table_from_frame(twice), ["price"], Options()).alike.groups is None
