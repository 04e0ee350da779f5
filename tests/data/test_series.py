"""Tables as series: steps, gaps, windows, origins; pandas' own `shift` is the oracle."""

import json

import numpy as np
import pandas as pd
import pytest

from series_frames import daily
from tenfold.data.series import forecast_origins, lay_out_origins
from tenfold.data.series_plan import SeriesPlan, plan_series
from tenfold.data.steps import find_step, read_moments
from tenfold.errors import OptionError, TableError

NUM_STEPS = 300


def hourly(num_steps: int = NUM_STEPS) -> pd.DataFrame:
    """A day's wave with noise, wind in three directions, a running number, the hour, and whether it is a holiday."""
    rng, when = np.random.default_rng(0), pd.date_range("2020-01-01", periods=num_steps, freq="h")
    return pd.DataFrame({
        "when": when.strftime("%Y-%m-%d %H:%M"),
        "heat": np.sin(2 * np.pi * when.hour / 24) + rng.normal(0, 0.1, num_steps),
        "wind": np.array(["N", "S", "W"])[rng.integers(0, 3, num_steps)],
        "number": np.arange(1, num_steps + 1),
        "hour": when.hour,
        "holiday": (when.day_of_week == 6).astype(int),
    })  # fmt: skip


def planned(frame: pd.DataFrame, horizon: str = "6h", **options: object) -> SeriesPlan:
    return plan_series(frame, "heat", "when", horizon, **options)


def test_targets_and_windows_are_what_shift_says():
    frame = hourly()
    plan = planned(frame, known_ahead=["holiday"])
    origins = lay_out_origins(frame, plan)
    assert (plan.horizon, plan.length, plan.seasons) == (6, 48, (24,))
    own = origins.frame
    line = np.arange(plan.length - 1, NUM_STEPS - 6)
    np.testing.assert_array_equal(own["heat"], frame["heat"].shift(-6)[line])
    np.testing.assert_array_equal(own["holiday"], frame["holiday"].shift(-6)[line])
    assert own["when"].tolist() == pd.to_datetime(frame["when"]).shift(-6)[line].tolist()
    for back in (0, 1, 47):
        seen = [window[-1 - back, 0] for window in own["heat so far"]]
        np.testing.assert_allclose(seen, frame["heat"].shift(back)[line], rtol=1e-6)
    assert origins.gap == 0.25


def test_windows_hold_numbers_and_levels_but_no_clock():
    plan = planned(hourly())
    assert plan.meaning.channels == ("heat", "wind N", "wind S", "wind W", "holiday", "filled")


def test_rows_in_any_order_are_the_same_series():
    frame = hourly()
    mixed = frame.sample(frac=1, random_state=0).reset_index(drop=True)
    one, other = (lay_out_origins(each, planned(frame)).frame for each in (frame, mixed))
    np.testing.assert_array_equal(one["heat"], other["heat"])
    np.testing.assert_array_equal(one["heat so far"].array.lookup[:], other["heat so far"].array.lookup[:])


def test_a_gap_is_filled_forward_for_a_season_marked_and_never_scored():
    frame = hourly()
    short = frame.drop(index=range(100, 110))
    short.loc[200:203, "heat"] = np.nan
    origins = lay_out_origins(short.reset_index(drop=True), planned(frame))
    last = pd.DatetimeIndex(origins.frame["when"]) - pd.Timedelta("6h")
    line = ((last - pd.Timestamp("2020-01-01")) / pd.Timedelta("1h")).astype(int)
    assert not set(line + 6) & {*range(100, 110), *range(200, 204)}
    window = dict(zip(line, origins.frame["heat so far"], strict=True))[120]
    assert window.shape[0] == 48
    in_gap, behind = 48 - 1 - (120 - 105), 48 - 1 - (120 - 99)
    assert window[in_gap, 0] == window[behind, 0] == np.float32(frame["heat"][99])
    assert window[in_gap, -1] > 0 == window[behind, -1]
    assert "14 steps in 2 gaps (the longest: 10 steps)" in origins.notes[-1]


def test_no_window_goes_over_a_gap_longer_than_a_season():
    frame = hourly()
    origins = lay_out_origins(frame.drop(index=range(120, 160)).reset_index(drop=True), planned(frame))
    line = ((pd.DatetimeIndex(origins.frame["when"]) - pd.Timestamp("2020-01-01")) / pd.Timedelta("1h")).astype(int) - 6
    assert not set(line) & set(range(144, 160 + 47))
    assert 160 + 47 in line
    assert "no window goes over the 1 longer one." in origins.notes[-1]


def test_nothing_after_an_origin_changes_its_window():
    frame = hourly()
    frame.loc[150:155, "heat"] = np.nan
    changed = frame.copy()
    changed.loc[156:, ["heat", "holiday"]] = 7.0
    laid = [lay_out_origins(each, planned(frame)).frame for each in (frame, changed)]
    num_before = int((pd.DatetimeIndex(laid[0]["when"]) < pd.Timestamp(frame["when"][156]) + pd.Timedelta("6h")).sum())
    one, other = (each["heat so far"] for each in laid)
    assert num_before > 50
    for place in range(num_before):
        np.testing.assert_array_equal(one.iloc[place], other.iloc[place])
    assert (one.iloc[num_before] != other.iloc[num_before]).any()


def test_windows_never_go_from_one_series_into_another():
    one, other = hourly(), hourly(150)
    other["heat"] += 100
    both = pd.concat([one.assign(place="a"), other.assign(place="b")], ignore_index=True)
    origins = lay_out_origins(both, planned(both, series="place"))
    assert origins.frame["place"].value_counts().to_dict() == {"a": 300 - 47 - 6, "b": 150 - 47 - 6}
    for place, window in zip(origins.frame["place"], origins.frame["heat so far"], strict=True):
        assert (window[:, 0] > 50).all() == (place == "b")


@pytest.mark.parametrize(
    ("freq", "words", "seasons"),
    [("h", "1 hour", (24, 168)), ("D", "1 day", (7, 365)), ("MS", "1 month", (12,)), ("ME", "1 month", (12,)),
     ("QS", "3 months", (4,)), ("YS", "1 year", ()), ("W", "7 days", (52,)), ("15min", "15 minutes", (96, 672))],
)  # fmt: skip
def test_the_step_is_inferred_and_goes_back_and_forth(freq: str, words: str, seasons: tuple[int, ...]):
    when = pd.Series(pd.date_range("2019-01-31", periods=40, freq=freq))
    step = find_step(when, np.zeros(40, np.int64), "when")
    assert (step.words, step.seasons) == (words, seasons)
    places = step.positions(when)
    np.testing.assert_array_equal(places, np.arange(40))
    if freq != "ME":
        assert step.moments(np.arange(40)).tolist() == when.tolist()


def test_a_time_may_stand_in_several_columns():
    when = pd.to_datetime(hourly()["when"])
    frame = pd.DataFrame({"year": when.dt.year, "month": when.dt.month, "day": when.dt.day, "hour": when.dt.hour})
    assert read_moments(frame, "year,month,day,hour").tolist() == when.tolist()


def test_a_plan_is_kept_as_json():
    plan = planned(hourly(), known_ahead=["holiday"])
    assert SeriesPlan.from_plain(json.loads(json.dumps(plan.to_plain()))) == plan


def test_a_forecast_continues_the_last_row_whose_target_is_known():
    frame = hourly()
    plan = planned(frame, known_ahead=["holiday"])
    later = hourly(306)
    later.loc[300:, "heat"] = np.nan
    later.loc[305, "holiday"] = 1
    found = forecast_origins(later, plan).frame
    assert found["when"].tolist() == [pd.Timestamp(later["when"][305])]
    assert found["holiday"].tolist() == [1]
    np.testing.assert_allclose(found["heat so far"].iloc[0][:, 0], frame["heat"][252:], rtol=1e-6)


def test_what_is_known_ahead_must_be_there():
    plan = planned(hourly(), known_ahead=["holiday"])
    with pytest.raises(TableError, match=r"`holiday` has no value at 2020-01-13 17:00:00, the time that is forecast"):
        forecast_origins(hourly(), plan)


def test_a_column_that_marks_a_few_times_may_be_empty_where_the_forecast_is():
    def marked(num_steps: int) -> pd.DataFrame:
        return hourly(num_steps).assign(holiday=lambda one: one["holiday"].where(one.index % 10 == 0))

    found = forecast_origins(marked(300), planned(marked(300), known_ahead=["holiday"])).frame
    assert found["holiday"].isna().all()


def test_a_short_past_is_refused():
    with pytest.raises(TableError, match=r"The last 48 steps are not all there"):
        forecast_origins(hourly(40), planned(hourly()))


def test_a_date_that_does_not_parse_is_named():
    frame = hourly()
    frame.loc[16, "when"] = "2020-01-41 16:00"
    with pytest.raises(TableError, match=r"`when` has 1 of 300 rows that are not a date \(first: row 17\)"):
        planned(frame)


def test_a_time_that_stands_twice_is_refused():
    frame = hourly()
    frame.loc[20, "when"] = frame.loc[4, "when"]
    with pytest.raises(TableError, match=r"Rows 5 and 21 have the same time in `when`: 2020-01-01 04:00:00"):
        planned(frame)


def test_times_off_the_step_are_refused():
    frame = hourly()
    frame.loc[30, "when"] = "2020-01-02 06:20"
    with pytest.raises(TableError, match=r"go on by 1 hour, but 1 of 300 lie between such steps \(first: row 31"):
        planned(frame)


@pytest.mark.parametrize(("horizon", "match"), [
    ("400", "A horizon of 400 steps is longer than the data: the longest series has 300"),
    ("90min", "no whole number of steps of 1 hour"), ("soon", "`soon` is not a horizon"), ("0", "`0` is not a horizon"),
    ("1 month", "no whole number of steps of 1 hour"),
])  # fmt: skip
def test_a_horizon_that_does_not_fit_is_refused(horizon: str, match: str):
    with pytest.raises(OptionError, match=match):
        planned(hourly(), horizon)


def test_too_few_steps_are_refused():
    with pytest.raises(TableError, match=r"leave 27 forecasts to learn from"):
        lay_out_origins(hourly(80), planned(hourly(80)))


def test_text_cannot_be_forecast():
    with pytest.raises(TableError, match=r"`wind` holds text"):
        plan_series(hourly(), "wind", "when", "6h")


def test_the_way_to_the_horizon_holds_the_target_at_each_step():
    frame = daily(60)
    frame.loc[40, "sold"] = np.nan
    plan = plan_series(frame, "sold", "day", "3")
    origins = lay_out_origins(frame, plan)
    assert plan.steps == (1, 2, 3)
    np.testing.assert_array_equal(origins.truth[:, -1], origins.frame["sold"])
    first = plan.length - 1
    np.testing.assert_array_equal(origins.truth[0], frame["sold"].to_numpy()[first + 1 : first + 4])
    assert np.isnan(origins.truth).sum() == 2


def test_a_long_way_is_spread_over_48_steps():
    plan = plan_series(daily(400), "sold", "day", "100")
    assert len(plan.steps) == 48
    assert plan.steps[-1] == 100
    assert len(set(np.diff(plan.steps))) == 2


def test_what_is_known_ahead_is_known_at_each_step():
    frame = daily(60).assign(holiday=np.arange(60) % 5)
    plan = plan_series(frame, "sold", "day", "3", known_ahead=["holiday"])
    known = lay_out_origins(frame, plan).known
    first = plan.length - 1
    assert list(known.columns) == ["holiday 1 ahead", "holiday 2 ahead"]
    assert known.iloc[0].tolist() == [(first + 1) % 5, (first + 2) % 5]


def test_series_that_are_too_short_for_a_window_are_told():
    one = pd.DataFrame({"t": np.arange(200), "y": np.arange(200) % 7 * 1.0, "shop": "north"})
    short = pd.DataFrame({"t": np.arange(10), "y": 1.0 * np.arange(10), "shop": "south"})
    frame = pd.concat([one, short], ignore_index=True)
    notes = lay_out_origins(frame, plan_series(frame, "y", "t", "1", series="shop")).notes
    assert notes[1] == (
        "1 series is left out, too short or too full of gaps for one window of 20 steps and the horizon: `south`."
    )
    assert not any("left out" in note for note in lay_out_origins(one, plan_series(one, "y", "t", "1")).notes)
