"""Zeros for gaps, caps, columns that repeat others, columns with one value nearly everywhere, identifiers."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tenfold.data.table import read_table
from tenfold.prepare.suspects.finding import find_suspects
from tenfold.prepare.suspects.suspect import Suspect
from tenfold.problem.definition import define_problem


def suspects(frame: pd.DataFrame, target: str) -> list[Suspect]:
    problem = define_problem(frame, target)
    return list(find_suspects(frame.drop(columns=[target]), problem.encode(frame[target]), problem))


def patients(num_rows: int = 500) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "insulin": np.where(rng.random(num_rows) < 0.3, 0, rng.normal(120, 20, num_rows).round()),
            "gain": np.where(rng.random(num_rows) < 0.9, 0, rng.uniform(2_000, 9_000, num_rows).round()),
            "rain": rng.exponential(3, num_rows).round(1),
            "balance": np.where(rng.random(num_rows) < 0.2, 0, rng.normal(0, 50, num_rows)),
            "children": rng.integers(0, 5, num_rows),
            "cost": rng.normal(size=num_rows),
        }
    )


def test_zeros_far_below_all_others_are_told_and_natural_zeros_are_not():
    found = suspects(patients(), "cost")
    assert [(one.column, one.code, one.severity) for one in found] == [("insulin", "TF507", "note")]
    zeros = int((patients()["insulin"] == 0).sum())
    assert found[0].sentence.startswith(f"`insulin` is 0 in {zeros} of 500 rows, while all others are ")


def test_a_capped_target_is_told():
    rng = np.random.default_rng(1)
    price = rng.lognormal(3, 0.5, 900).round(1)
    honest = pd.DataFrame({"size": rng.normal(size=900), "price": price})
    assert suspects(honest, "price") == []
    found = suspects(honest.assign(price=np.minimum(price, 40.0)), "price")
    assert [(one.column, one.code) for one in found] == [("price", "TF508")]
    assert found[0].sentence.startswith("`price` is exactly 40 in ")


def test_columns_that_hold_the_same_are_named_once():
    rng = np.random.default_rng(2)
    frame = pd.DataFrame({"level": rng.integers(1, 4, 200), "metres": rng.normal(size=200), "y": rng.normal(size=200)})
    frame["class"] = frame["level"].map({1: "First", 2: "Second", 3: "Third"})
    frame["is_first"] = frame["level"] == 1
    frame["feet"] = frame["metres"] * 3.28084
    sentences = [one.sentence for one in suspects(frame, "y")]
    assert sentences == [
        "`class` holds the same as `level`.", "`is_first` follows from `level`.", "`feet` holds the same as `metres`.",
    ]  # fmt: skip


def test_a_column_with_one_value_nearly_everywhere_and_an_identifier_are_notes():
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"guest_id": rng.permutation(9_000)[:400], "flag": [0] * 397 + [1] * 3})
    found = suspects(frame.assign(y=rng.normal(size=400)), "y")
    assert [(one.column, one.code, one.severity) for one in found] == [
        ("guest_id", "TF503", "note"), ("flag", "TF510", "note"),
    ]  # fmt: skip
    assert found[1].sentence == "`flag` has one value in all but 3 of 400 rows."


SHARED = {
    "titanic/titanic_train.csv": "Survived", "titanic/titanic_seaborn.csv": "survived",
    "adult/adult-test.csv": "column_15", "california_housing/housing.csv": "median_house_value",
    "german_credit/german.csv": "column_21", "abalone/abalone.csv": "column_9",
    "creditcard/creditcard_union.csv": "Class", "mammography/mammography.csv": "column_7",
    "breast_cancer_wisconsin/breast-cancer-wisconsin.csv": "column_10", "iris/iris.csv": "column_5",
    "pima_diabetes/pima-indians-diabetes.csv": "column_9", "bakery_kiel/umsatzdaten_gekuerzt.csv": "Umsatz",
    "penguins/penguins.csv": "species", "goodbooks/ratings_tenth_of_users.csv": "rating",
    "sonar/sonar.csv": "column_61",
}  # fmt: skip


@pytest.mark.skipif("TENFOLD_DATA" not in os.environ, reason="TENFOLD_DATA names no folder with the shared tables")
@pytest.mark.parametrize(("path", "target"), SHARED.items())
def test_real_tables_hold_one_copy_of_a_target_and_no_other_error(path: str, target: str):
    frame = read_table(Path(os.environ["TENFOLD_DATA"]) / path).frame
    errors = [one.column for one in suspects(frame, target) if one.severity == "error"]
    assert errors == (["alive"] if "seaborn" in path else [])
