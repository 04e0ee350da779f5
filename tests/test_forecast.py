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
    errors = forecasting.facts.forecast.network_range
    assert found["sold 90 %"][0] - found["sold"][0] == pytest.approx(errors.high)
    assert found["sold 10 %"][0] < found["sold"][0] < found["sold 90 %"][0]
    assert found["day"].tolist() == [pd.Timestamp("2021-01-01") + pd.Timedelta(days=NUM_STEPS + 6)]
    assert found["sold"][0] == pytest.approx(daily(NUM_STEPS + 7)["sold"].iloc[-1], abs=5)
    simple = predict(forecasting.path, later, baseline=True)
    assert simple["sold"][0] == pytest.approx(found["sold"][0], abs=5)


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
