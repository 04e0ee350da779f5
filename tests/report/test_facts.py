"""Facts to JSON and back."""

import math

import pytest

from tenfold.errors import RunFolderError
from tenfold.report.decisions import Measure, Problem
from tenfold.report.evidence import ClassErrors, Interval, MemberScore, Model, NumberErrors, Tenth
from tenfold.report.facts import Facts, Run, Source


def _facts(**parts: object) -> Facts:
    source = Source("houses.csv", "3f1c", 49082, 506, 14, "2026-11-20T16:41:05Z")
    run = Run("houses-run", "tenfold run houses.csv", source, "2026-11-20T16:41:05Z", 46.1, {"tenfold": "0.1.0"})
    problem = Problem("number", "price", "`price` is a number.", "It has 229 values.")
    return Facts(run=run, problem=problem, measure=Measure("mae", "mean absolute error", "MAE", "lower"), **parts)


def test_facts_survive_a_round_trip():
    model = Model(
        "n", "the network", "network", (MemberScore(0, 1, 2.5),), Interval(2.5, 2.0, 3.0), 0.1, 0.2, 3.0, 7, 9
    )
    facts = _facts(models=(model,), errors=ClassErrors(("no", "yes"), ((1, 2), (3, 4)), 5))
    assert Facts.from_json(facts.to_json()).to_json() == facts.to_json()


def test_kinds_of_errors_are_told_apart():
    errors = NumberErrors(1.0, 2.0, 0.0, (), is_grid=False, tenths=(Tenth(0.0, 1.0, 3, (1.0, 2.0, 3.0, 4.0, 5.0)),))
    facts = _facts(errors=errors)
    assert Facts.from_json(facts.to_json()).errors == errors


def test_a_number_that_does_not_exist_is_null_and_comes_back_as_nan():
    model = Model("n", "the network", "network", (), Interval(1.0, math.nan, math.inf))
    text = _facts(models=(model,)).to_json()
    assert '"score":{"value":1.0,"low":null,"high":null}' in text
    assert math.isnan(Facts.from_json(text).models[0].score.low)


def test_an_optional_number_stays_none():
    facts = Facts.from_json(_facts().to_json())
    assert facts.measure.matters is None
    assert facts.protocol is None


def test_same_facts_are_the_same_bytes():
    assert _facts().to_json() == _facts().to_json()
    assert "\n" not in _facts().to_json()


def test_a_field_of_a_later_version_is_ignored():
    text = _facts().to_json().replace('"schema":1', '"schema":1,"mood":"good"')
    assert Facts.from_json(text).to_json() == _facts().to_json()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "cannot be read"),
        ("[]", "cannot be read"),
        ('{"schema": 1}', "missing.*run"),
        ('{"schema": 2}', "another version of Tenfold. Expected: schema 1. Received: schema 2"),
    ],
)
def test_what_is_not_facts_is_refused_with_a_sentence(text: str, message: str):
    with pytest.raises(RunFolderError, match=message):
        Facts.from_json(text)


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ('"better":"lower"', '"better":"left"', "'left' is none of"),
        ('"step":7', '"step":"x"', "'x' is not of type int"),
    ],
)
def test_a_field_of_the_wrong_kind_is_refused(right: str, wrong: str, message: str):
    with pytest.raises(RunFolderError, match=message):
        Facts.from_json(_facts().to_json().replace(right, wrong))
