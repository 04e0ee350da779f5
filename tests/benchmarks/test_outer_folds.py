"""Rivals get the folds of the run itself: each row once, no sealed row, repeated rows on one side."""

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tenfold.data.table import table_from_frame
from tenfold.evaluation.scoring import OuterRows
from tenfold.question.posing import Question

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from fit_rival import positions_within
from outer_folds import folds_as_json, hash_folds, outer_rows, question_of


@pytest.fixture(scope="module")
def asked() -> tuple[Question, OuterRows]:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"size": rng.normal(size=90), "age": rng.normal(size=90), "rooms": rng.normal(size=90)})
    frame["kind"] = rng.choice(["a", "b"], size=90)
    frame = pd.concat([frame, frame.iloc[:7]], ignore_index=True)
    question = question_of(table_from_frame(frame), "kind")
    return question, outer_rows(question)


def test_a_repeat_scores_each_working_row_once_and_no_sealed_one(asked: tuple[Question, OuterRows]):
    question, rows = asked
    plain = json.loads(json.dumps(folds_as_json(rows.folds)))
    for repeat in (0, 1):
        scored = np.concatenate([one["validation"] for one in plain if one["repeat"] == repeat])
        np.testing.assert_array_equal(np.sort(scored), question.rows.working)


def test_what_a_rival_may_choose_by_lies_within_its_training_rows(asked: tuple[Question, OuterRows]):
    _, rows = asked
    for fold in folds_as_json(rows.folds):
        assert not set(fold["train"]) & set(fold["validation"])
        for train, validation in fold["inner"]:
            assert not set(train) & set(validation)
            assert set(train) | set(validation) <= set(fold["train"])


def test_repeated_rows_are_never_parted(asked: tuple[Question, OuterRows]):
    question, rows = asked
    groups = question.alike.groups
    assert groups is not None
    for fold in folds_as_json(rows.folds):
        assert not set(groups[fold["train"]]) & set(groups[fold["validation"]])


def test_folds_have_a_name_of_their_own(asked: tuple[Question, OuterRows]):
    _, rows = asked
    plain = folds_as_json(rows.folds)
    moved = [plain[0] | {"train": plain[0]["train"][1:]}, *plain[1:]]
    assert hash_folds("table", plain) == hash_folds("table", json.loads(json.dumps(plain)))
    assert len({hash_folds("table", plain), hash_folds("other table", plain), hash_folds("table", moved)}) == 3


def test_inner_rows_are_found_among_the_training_rows():
    rows = np.array([3, 8, 9, 14, 20])
    np.testing.assert_array_equal(rows[positions_within(rows, np.array([8, 20]))], [8, 20])
