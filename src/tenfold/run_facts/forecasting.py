"""A forecast as facts: the last stretch that was scored against what came, and errors by hour, weekday or month."""

import numpy as np
import pandas as pd
from jaxtyping import Float, Int

from tenfold.baselines.rivals import Baseline
from tenfold.data.series_plan import SeriesPlan
from tenfold.report.forecast import ErrorRange, Forecast, Phase

__all__ = ["forecast_facts", "share_within"]

DRAWN = {24: 168, 7: 84}
"""Steps that are drawn, by season: a week of hours, twelve weeks of days."""

USUALLY_DRAWN = 120
"""Steps that are drawn otherwise: ten years of months (arbitrary)."""

OUTER_TENTHS = (0.1, 0.9)
"""Quantiles between which eight in ten errors lie."""

HOURS, DAYS, MONTHS = (
    [f"{hour:02}" for hour in range(24)],
    ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
)


def forecast_facts(
    plan: SeriesPlan,
    inputs: pd.DataFrame,
    times: Float[np.ndarray, " row"],
    truth: Float[np.ndarray, " row"],
    scored: Int[np.ndarray, " scored_row"],
    network: Float[np.ndarray, " scored_row"],
    baseline: Float[np.ndarray, " scored_row"],
    rival: Baseline,
    notes: tuple[str, ...],
) -> Forecast:
    """What a forecast shows.

    Args:
        plan: How the table is read as series.
        inputs: Input columns of all origins.
        times: Of all targets.
        truth: All targets.
        scored: Positions of the rows that were scored out of fold.
        network: The network's forecasts for them.
        baseline: The best baseline's.
        rival: Which that is.
        notes: On step, gaps and windows.

    Returns:
        The facts; of several series the one is drawn that has the most rows at the end.
    """
    name, drawn = _last_stretch(plan, inputs, times, scored)
    phase, labels, number = _phase(plan, inputs[plan.time_column].iloc[scored])
    errors = np.abs(network - truth[scored]), np.abs(baseline - truth[scored])
    phases = []
    for place, label in enumerate(labels):
        own = number == place
        if own.any():
            of_network, of_baseline = (float(one[own].mean()) for one in errors)
            phases.append(Phase(label, of_network, of_baseline, int(own.sum())))
    rows = scored[drawn]
    return Forecast(
        plan.step.words if plan.horizon == 1 else plan.step.ago(plan.horizon).removesuffix(" before"),
        name,
        "days" if plan.step.unit != "units" else plan.time,
        _plain(times[rows]),
        _plain(truth[rows]),
        _plain(network[drawn]),
        _plain(baseline[drawn]),
        rival.name,
        rival.words,
        phase if len(phases) > 1 else "",
        tuple(phases) if len(phases) > 1 else (),
        _range(truth[scored] - network),
        _range(truth[scored] - baseline),
        notes,
    )


def share_within(found: ErrorRange, truth: Float[np.ndarray, " row"], network: Float[np.ndarray, " row"]) -> float:
    """Share of rows that came within a range around what was forecast.

    Args:
        found: The range.
        truth: What came.
        network: What was forecast.
    """
    errors = truth - network
    return float(np.mean((errors >= found.low) & (errors <= found.high)))


def _range(errors: Float[np.ndarray, " row"]) -> ErrorRange:
    """Where eight in ten lie: as errors of rows that nobody trained on do, so will those of new rows."""
    low, high = np.quantile(errors, OUTER_TENTHS)
    return ErrorRange(float(low), float(high))


def _plain(line: Float[np.ndarray, " drawn"]) -> tuple[float, ...]:
    return tuple(map(float, line))


def _last_stretch(
    plan: SeriesPlan, inputs: pd.DataFrame, times: Float[np.ndarray, " row"], scored: Int[np.ndarray, " scored_row"]
) -> tuple[str, Int[np.ndarray, " drawn"]]:
    """The series that is drawn, and which of the scored rows, in order of time."""
    most = DRAWN.get(plan.season, USUALLY_DRAWN)
    own = np.arange(len(scored))
    name = ""
    if plan.series:
        names = inputs[plan.series].iloc[scored].to_numpy()
        late = own[np.argsort(times[scored], kind="stable")][-most:]
        name = str(pd.Series(names[late]).mode().iloc[0])
        own = own[names == name]
    return name, own[np.argsort(times[scored[own]], kind="stable")][-most:]


def _phase(plan: SeriesPlan, moments: pd.Series) -> tuple[str, list[str], Int[np.ndarray, " row"]]:
    """The part of the calendar that errors are told by, its values, and the value of each row."""
    if plan.step.unit == "units":
        return "", [], np.zeros(0, np.int64)
    if plan.step.days < 1:
        return "hour of the day", HOURS, moments.dt.hour.to_numpy()
    if plan.step.days == 1:
        return "day of the week", DAYS, moments.dt.day_of_week.to_numpy()
    return "month", MONTHS, moments.dt.month.to_numpy() - 1
