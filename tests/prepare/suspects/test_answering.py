"""Columns that give the answer away are told, and strong but honest ones are not called errors."""

import numpy as np
import pandas as pd
import pytest

from tenfold.prepare.suspects.finding import find_suspects
from tenfold.prepare.suspects.suspect import Suspect
from tenfold.problem.definition import define_problem


def passengers(num_rows: int = 600) -> pd.DataFrame:
    """Two honest columns and a target that they predict in part."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"sex": rng.choice(["f", "m"], num_rows), "age": rng.normal(40, 12, num_rows).round(1)})
    chance = np.where(frame["sex"] == "f", 0.75, 0.2) + np.where(frame["age"] < 20, 0.15, 0)
    return frame.assign(survived=(rng.random(num_rows) < chance).astype(int))


def suspects(frame: pd.DataFrame, target: str) -> list[Suspect]:
    problem = define_problem(frame, target)
    return list(find_suspects(frame.drop(columns=[target]), problem.encode(frame[target]), problem))


def told(frame: pd.DataFrame, target: str) -> dict[str, tuple[str, str]]:
    return {one.column: (one.kind, one.severity) for one in suspects(frame, target)}


def test_an_honest_table_is_not_suspected():
    assert suspects(passengers(), "survived") == []


@pytest.mark.parametrize("coded", [{0: "no", 1: "yes"}, {0: 7, 1: 3}, {0: False, 1: True}, {0: None, 1: "alive"}])
def test_a_copy_of_the_target_is_an_error_however_it_is_written(coded: dict[int, object]):
    frame = passengers()
    frame["alive"] = frame["survived"].map(coded)
    found = suspects(frame, "survived")
    assert [(one.column, one.code, one.severity) for one in found] == [("alive", "TF502", "error")]
    assert found[0].sentence == "`alive` is `survived` in other words: each of its values stands for one class."
    assert found[0].hint == "leave it out: --drop alive"


def test_a_copy_with_slips_in_a_few_rows_is_still_one_and_with_many_is_not():
    frame = passengers(2_000)
    for name, slips in (("alive", 4), ("guess", 200)):
        frame[name] = frame["survived"].mask(frame.index < slips, 1 - frame["survived"])
    assert told(frame, "survived") == {"alive": ("copy", "error")}


@pytest.mark.parametrize("unit", ["0.92 * price", "log(price)", "300 - price"])
def test_a_number_in_another_unit_is_a_copy(unit: str):
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"size": rng.normal(size=300), "price": rng.uniform(50, 250, 300)})
    frame["euros"] = frame.eval(unit)
    assert told(frame, "price") == {"euros": ("copy", "error")}


def test_a_column_that_predicts_alone_is_an_error():
    rng = np.random.default_rng(2)
    frame = passengers()
    frame["days"] = np.where(frame["survived"] == 1, rng.uniform(5, 9, 600), rng.uniform(0, 4, 600))
    frame["ward"] = [f"ward {number}" for number in frame["survived"] * 20 + rng.integers(0, 20, 600)]
    assert told(frame, "survived") == {"days": ("alone", "error"), "ward": ("alone", "error")}


def test_a_strong_column_is_a_note_and_no_error():
    rng = np.random.default_rng(3)
    frame = passengers(2_000)
    frame["cells"] = rng.normal(size=2_000) + 3.0 * frame["survived"]
    assert told(frame, "survived") == {"cells": ("alone", "note")}


def test_what_is_filled_in_only_afterwards_is_told_by_its_gaps():
    rng = np.random.default_rng(4)
    frame = passengers()
    boat = np.where(frame["survived"] == 1, rng.integers(1, 17, 600).astype(float), np.nan)
    boat[rng.choice(600, 12, replace=False)] = 3.0
    found = suspects(frame.assign(boat=boat), "survived")
    assert [(one.column, one.kind, one.severity) for one in found] == [("boat", "missingness", "warning")]
    assert found[0].sentence.startswith("Whether `boat` is filled in tells `survived`: gaps alone reach an area")


def test_several_classes_and_several_labels_are_judged_too():
    rng = np.random.default_rng(5)
    frame = pd.DataFrame({"width": rng.normal(size=400), "kind": rng.choice(["a", "b", "c"], 400)})
    frame["code"] = frame["kind"].map({"a": 30, "b": 10, "c": 20})
    assert told(frame, "kind") == {"code": ("copy", "error")}
    labels = pd.DataFrame({"x": rng.normal(size=400), "p": rng.integers(0, 2, 400), "q": rng.integers(0, 2, 400)})
    labels["also q"] = labels["q"] * 5
    problem = define_problem(labels, ["p", "q"])
    found = find_suspects(labels[["x", "also q"]], problem.encode(labels[["p", "q"]]), problem)
    assert [(one.column, one.kind, one.severity) for one in found] == [("also q", "copy", "error")]


def test_a_trend_in_time_is_never_an_error():
    years = np.arange(1900, 2000)
    frame = pd.DataFrame({"year": years, "level": 300 + (years - 1900) ** 1.5})
    assert told(frame, "level") == {"year": ("copy", "warning")}


def test_chance_is_not_suspected():
    rng = np.random.default_rng(6)
    frame = pd.DataFrame({f"x{place}": rng.normal(size=60) for place in range(40)})
    frame["word"] = [f"w{number}" for number in rng.integers(0, 50, 60)]
    assert not [one for one in suspects(frame.assign(y=rng.integers(0, 2, 60)), "y") if one.kind != "repeats"]
