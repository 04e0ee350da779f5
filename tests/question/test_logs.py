"""Logarithms of skewed series: tried where they may help, chosen by rows that nobody scores."""

import numpy as np
import pandas as pd
import pytest

from series_frames import daily
from tenfold.data.table import table_from_frame
from tenfold.nested.rows import nest_rows
from tenfold.options import Options
from tenfold.question.posing import Question, pose_question


def posed(frame: pd.DataFrame) -> Question:
    return pose_question(table_from_frame(frame, "sold"), ["sold"], Options(time="day", horizon="1d", budget="quick"))


def skewed() -> pd.DataFrame:
    """A walk of logarithms: what moves it moves it by a share."""
    rng, frame = np.random.default_rng(3), daily(400)
    week = 0.8 * np.sin(2 * np.pi * np.arange(400) / 7)
    return frame.assign(sold=np.expm1(np.maximum(3 + week + rng.normal(0, 0.6, 400), 0)))


def test_a_skewed_series_is_seen_in_logarithms_where_these_err_less():
    question = posed(skewed())
    assert question.series.is_log
    assert "`sold` is skewed; models see log(1 + its value): the linear model was off by" in question.notes[-1]
    found = nest_rows(
        question.inputs, question.problem, question.target, question.splitter, question.rows.working,
        question.protocol, num_seeds=1,
    )  # fmt: skip
    scale, table = found.table.scales[0], found.table
    assert scale.is_log
    np.testing.assert_allclose(scale.restore(scale.scale(question.target)), question.target, rtol=1e-4)
    past = table.preparations[0].lookup_columns["history"].past(table.lookups["history"], np.arange(3))
    np.testing.assert_allclose(past, question.inputs["sold so far"].array.lookup[np.arange(3)][:, :, 0], rtol=1e-3)


def test_a_series_that_is_not_skewed_or_falls_below_nought_stays_as_it_is():
    plain = posed(daily(240))
    assert not plain.series.is_log
    assert not any("skewed" in note for note in plain.notes)
    frame = skewed()
    assert not posed(frame.assign(sold=frame["sold"] - 30)).series.is_log


def test_what_is_scored_has_no_say():
    """The last third is made as unlike as can be: the choice stays."""
    frame = skewed()
    later = frame.index > 260
    frame.loc[later, "sold"] = np.linspace(0, 5_000, int(later.sum()))
    assert posed(frame).notes[-1] == posed(skewed()).notes[-1]


@pytest.mark.parametrize("is_log", [False, True])
def test_a_plan_is_kept_with_its_choice(is_log: bool):
    plan = posed(skewed()).series
    again = type(plan).from_plain({**plan.to_plain(), "is_log": is_log})
    assert again.is_log == is_log
    assert again.meaning.is_log == is_log
