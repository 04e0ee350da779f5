"""Forecasts that nobody has to learn: what a series was last, what it was a season ago, and how it changes in a season.

They see the target's own window in its unit, the last column the last step. Each is a scikit-learn model without
anything fitted, so that it is scored, kept and asked like all other rivals.

Source: what is hard to beat on which series, `reference` of forecasting competitions (Makridakis): last value for short
horizons, the season's last value for seasonal series, the mean change over a season where a trend carries on.
"""

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator

__all__ = ["LastValue", "SeasonAgo", "SeasonalChange"]


class _Rule(BaseEstimator):  # type: ignore[misc]  # scikit-learn is not annotated
    """A forecast without anything fitted."""

    def fit(self, windows: Any, target: Any) -> "_Rule":
        """Nothing is fitted."""
        del windows, target
        self.is_fitted_ = True
        return self


class LastValue(_Rule):
    """The last value goes on."""

    def predict(self, windows: Any) -> np.ndarray:
        """The last column."""
        return np.asarray(windows[:, -1])


class _SeasonalRule(_Rule):
    """A forecast by whole seasons.

    Args:
        season: Steps.
        horizon: Steps ahead.
    """

    def __init__(self, season: int, horizon: int) -> None:
        self.season = season
        self.horizon = horizon


class SeasonAgo(_SeasonalRule):
    """What was there whole seasons before the time that is asked for: yesterday at this hour, last year this month."""

    def predict(self, windows: Any) -> np.ndarray:
        """The newest value of the same phase."""
        back = -(-self.horizon // self.season) * self.season - self.horizon
        return np.asarray(windows[:, -1 - back])


class SeasonalChange(_SeasonalRule):
    """The last value, and the mean change from this phase of the season to the one that is asked for."""

    def predict(self, windows: Any) -> np.ndarray:
        """Over all seasons of the window in which the change has ended."""
        last = windows.shape[1] - 1
        starts = np.arange(last - self.season, -1, -self.season)
        starts = starts[starts + self.horizon <= last]
        changes = windows[:, starts + self.horizon] - windows[:, starts]
        return np.asarray(windows[:, -1] + changes.mean(axis=1))
