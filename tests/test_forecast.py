"""A forecast from a table of days to what follows its last row, and what it leaves behind."""

import pandas as pd
import pytest

import tenfold
from series_frames import daily
from tenfold.errors import OptionError, TableError
from tenfold.progress import silence
from tenfold.workflow import Run, predict

NUM_STEPS = 200


@pytest.fixture(scope="module")
def forecasting(tmp_path_factory: pytest.TempPathFactory) -> Run:
    place = tmp_path_factory.mktemp("forecast") / "sold-run"
    return tenfold.run(
        daily(NUM_STEPS), "sold", time="day", horizon="1d", budget="quick", trials=1, protocol="hold-out", out=place,
        progress=silence,
    )  # fmt: skip


@pytest.mark.slow
def test_every_rival_of_a_series_is_scored(forecasting):
    scores = {model.name: model.score.value for model in forecasting.facts.models if model.role != "network"}
    assert scores["linear on lags"] < scores["last value + change"] < scores["last value"] < scores["median of `sold`"]
    network = next(model for model in forecasting.facts.models if model.role == "network")
    assert network.score.value < 1.25 * scores["linear on lags"]


@pytest.mark.slow
def test_the_forecast_follows_the_last_row(forecasting):
    later = daily(NUM_STEPS + 7).iloc[60:-1]
    found = forecasting.predict(later)
    assert list(found.columns) == ["day", "sold", "sold 10 %", "sold 90 %"]
    assert found["sold 10 %"][0] < found["sold"][0] < found["sold 90 %"][0]
    assert found["day"].tolist() == [pd.Timestamp("2021-01-01") + pd.Timedelta(days=NUM_STEPS + 6)]
    assert found["sold"][0] == pytest.approx(daily(NUM_STEPS + 7)["sold"].iloc[-1], abs=5)
    simple = predict(forecasting.path, later, baseline=True)
    assert simple["sold"][0] == pytest.approx(found["sold"][0], abs=5)


@pytest.mark.slow
def test_ranges_of_both_ways_are_judged_and_one_is_kept(forecasting):
    kept, other = forecasting.facts.forecast.ranges
    assert {kept.name, other.name} == {"constant", "trained"}
    assert 0.3 < kept.coverage.value <= 1
    assert forecasting.facts.forecast.steps == ()
    assert "rows that took no part in it" in forecasting.report.read_text()


@pytest.fixture(scope="module")
def three_days(tmp_path_factory: pytest.TempPathFactory) -> Run:
    frame = daily(NUM_STEPS + 3).assign(holiday=lambda one: (pd.to_datetime(one["day"]).dt.day_of_week == 6) * 1)
    frame.loc[NUM_STEPS:, ["sold", "rain"]] = float("nan")
    place = tmp_path_factory.mktemp("forecast") / "three-run"
    return tenfold.run(
        frame, "sold", time="day", horizon="3d", known_ahead="holiday", budget="quick", trials=1,
        protocol="hold-out", out=place, progress=silence,
    )  # fmt: skip


@pytest.mark.slow
def test_a_forecast_goes_step_by_step_to_its_horizon(three_days):
    frame = daily(NUM_STEPS + 3).assign(holiday=lambda one: (pd.to_datetime(one["day"]).dt.day_of_week == 6) * 1)
    truth = frame["sold"].iloc[NUM_STEPS:].to_numpy().copy()
    frame.loc[NUM_STEPS:, ["sold", "rain"]] = float("nan")
    found = three_days.predict(frame)
    assert found["day"].tolist() == pd.to_datetime(frame["day"].iloc[NUM_STEPS:]).tolist()
    assert (found["sold 10 %"] <= found["sold"]).all()
    assert (found["sold"] <= found["sold 90 %"]).all()
    assert abs(found["sold"] - truth).max() < 5
    alone = predict(three_days.path, frame, baseline=True)
    assert alone["day"].tolist() == found["day"].tolist()[-1:]
    with pytest.raises(TableError, match="`holiday` has no value at 2021-07-2"):
        three_days.predict(frame.assign(holiday=frame["holiday"].where(frame.index < NUM_STEPS)))


@pytest.mark.slow
def test_errors_are_told_step_by_step(three_days):
    found = three_days.facts.forecast
    assert [one.ahead for one in found.steps] == ["1 day", "2 days", "3 days"]
    assert found.step_rivals == ("linear on lags", "last value", "1 week before", "last value + change")
    assert all(len(one.rivals) == 4 for one in found.steps)
    network = next(model for model in three_days.facts.models if model.role == "network")
    assert found.steps[-1].network == pytest.approx(network.score.value, rel=0.02)
    assert 'id="figure-steps_ahead"' in three_days.report.read_text()


@pytest.mark.slow
def test_the_report_tells_of_the_series(forecasting):
    found = forecasting.facts.forecast
    assert "each of the 186 rows is a forecast 1 step ahead from the last 14 steps" in found.notes[0]
    assert (found.phase, len(found.phases), len(found.times)) == ("day of the week", 7, 30)
    truth = daily(NUM_STEPS)["sold"].to_numpy()
    assert set(found.truth) <= set(truth)
    page = forecasting.report.read_text()
    assert "In the last 30 steps that were scored" in page


@pytest.mark.slow
def test_kept_windows_are_answered_again(forecasting):
    from tenfold.verification.checks import verify_run

    found = {one.name: one for one in verify_run(forecasting.path)}
    assert found["model"].outcome == "ok"


@pytest.mark.parametrize(("options", "match"), [
    ({"horizon": "1d"}, "A horizon was named, but no column of times"),
    ({"time": "day", "series": "rain"}, "`series` was given, but no horizon"),
    ({"time": "day", "known_ahead": "rain"}, "`known-ahead` was given, but no horizon"),
    ({"time": "day", "horizon": "1d", "group": "rain"}, "A group was named beside a horizon"),
    ({"time": "day", "horizon": "1d", "drop": "snow"}, "`snow` is not a column of the table"),
    ({"time": "day", "horizon": "1d", "drop": "sold"}, "`sold` cannot be forecast"),
])  # fmt: skip
def test_options_that_do_not_go_together(options: dict[str, str], match: str):
    with pytest.raises((OptionError, TableError), match=match):
        tenfold.run(daily(), "sold", progress=silence, **options)
