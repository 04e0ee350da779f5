"""A model of what a line through one input leaves: forecasts that begin at the last value.

Trees cannot go beyond the targets that they have seen, and a penalty draws a linear model to the mean of all years.
Both make them fail where a series rises. So the target is first a line through the last value (or through the
value of the same phase a season ago, whichever says more in the training rows), and the model predicts the rest.

Source: the residual form in which most forecasting networks are built, such as NLinear (Zeng et al. 2023).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, clone

__all__ = ["BesideLine", "LineAndRidge"]


class BesideLine(BaseEstimator):  # type: ignore[misc]  # scikit-learn is not annotated
    """A line through one of some inputs, and a model of the rest.

    Args:
        model: Of numbers, unfitted.
        places: Columns of the inputs that the line may go through; the one that says most is taken.
    """

    def __init__(self, model: Any, places: Sequence[int]) -> None:
        self.model = model
        self.places = places

    def fit(self, inputs: Any, target: np.ndarray) -> "BesideLine":
        """Least squares for the line, then the model on what is left."""
        inputs = np.asarray(inputs, np.float64)  # neighbouring lags are nearly alike: single precision is too short
        fits = [_line(inputs[:, place], target) for place in self.places]
        best = int(np.argmin([left for _, _, left in fits]))
        self.place_, (self.slope_, self.level_, _) = self.places[best], fits[best]
        self.model_ = clone(self.model).fit(inputs, target - self._along(inputs))
        return self

    def predict(self, inputs: Any) -> np.ndarray:
        """The line and the model, added."""
        return np.asarray(self._along(inputs) + self.model_.predict(inputs))

    def _along(self, inputs: Any) -> np.ndarray:
        return np.asarray(inputs[:, self.place_] * self.slope_ + self.level_, dtype=np.float64)


class LineAndRidge(BesideLine):
    """The same with a linear model: together they are linear, with coefficients."""

    @property
    def coef_(self) -> np.ndarray:
        """One an input."""
        coefficients = np.array(self.model_.coef_, dtype=np.float64)
        coefficients[self.place_] += self.slope_
        return coefficients

    @property
    def intercept_(self) -> float:
        """The answer where all inputs are 0."""
        return float(self.model_.intercept_ + self.level_)


def _line(values: np.ndarray, target: np.ndarray) -> tuple[float, float, float]:
    """Slope, level, and the mean absolute rest, of a line by least squares."""
    centred = np.asarray(values, np.float64) - float(np.mean(values, dtype=np.float64))
    below = float(centred @ centred)
    slope = float(centred @ target) / below if below else 0.0
    level = float(target.mean() - slope * np.mean(values, dtype=np.float64))
    return slope, level, float(np.abs(target - slope * values - level).mean())
