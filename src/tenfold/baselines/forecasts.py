"""The rivals of a forecast: those of every table, on lags, and forecasts that nobody has to learn."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from tenfold.baselines.naive import LastValue, SeasonAgo, SeasonalChange
from tenfold.baselines.rivals import Baseline
from tenfold.data.series_plan import SeriesPlan

__all__ = ["rules_of_step", "with_forecasts"]


def with_forecasts(rivals: Iterable[Baseline], plan: SeriesPlan) -> tuple[Baseline, ...]:
    """A table's rivals by the names that they have for series, and what needs no learning.

    Args:
        rivals: From `choose_baselines`.
        plan: How the table is read as series.

    Returns:
        The guess first; last the last value, what was there a season ago, and the last value with a season's change.
    """
    on_lags = (
        replace(one, words=f"{one.words} on lags", name=f"{one.name} on lags") if one.role == "baseline" else one
        for one in rivals
    )
    return (*on_lags, *_naive(plan))


def _naive(plan: SeriesPlan) -> Iterable[Baseline]:
    yield Baseline("last value", "the last value", "baseline", ({},), LastValue, "past")
    for season in plan.seasons:
        back = -(-plan.horizon // season) * season
        asked = {"season": season, "horizon": plan.horizon}
        if plan.horizon < back < plan.length + plan.horizon:  # at the horizon itself it is the last value
            words = plan.step.ago(back)
            yield Baseline(words, f"what was there {words}", "baseline", (asked,), SeasonAgo, "past")
        if plan.length - 1 >= max(season, plan.horizon) and season == plan.season:
            yield Baseline(
                "last value + change", "the last value with the mean change over a season", "baseline",
                (asked,), SeasonalChange, "past",
            )  # fmt: skip


def rules_of_step(plan: SeriesPlan) -> dict[str, Any]:
    """Forecasts of one step on the way to the horizon that nobody has to learn, by names that all steps share.

    Args:
        plan: How the table is read, with that step as its horizon.

    Returns:
        The last value; what was there a season ago, for each season; the last value with the change of the shortest.
    """
    found: dict[str, Any] = {"last value": LastValue()}
    for season in plan.seasons:
        found[f"{plan.step.ago(season)}"] = SeasonAgo(season, plan.horizon)
        if season == plan.season and plan.length - 1 >= max(season, plan.horizon):
            found["last value + change"] = SeasonalChange(season, plan.horizon)
    return found
