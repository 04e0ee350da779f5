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

__all__ = ["BesideLine", "BesideRidge", "InLogs", "LineAndRidge", "LinesAndRidge"]


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


class BesideRidge(BaseEstimator):  # type: ignore[misc]
    """A model of what a ridge leaves, as forecasting networks start from a ridge.

    Trees say little of what a line says in one number. With many rows a ridge fits its own training rows hardly better
    than others, so that what it leaves there is what it leaves elsewhere.

    Args:
        model: Of numbers, unfitted.
        ridge: A `LineAndRidge`, unfitted.
    """

    def __init__(self, model: Any, ridge: Any) -> None:
        self.model = model
        self.ridge = ridge

    def fit(self, inputs: Any, target: np.ndarray) -> "BesideRidge":
        """The ridge, then the model on what is left."""
        self.ridge_ = clone(self.ridge).fit(inputs, target)
        self.model_ = clone(self.model).fit(inputs, target - self.ridge_.predict(inputs))
        return self

    def predict(self, inputs: Any) -> np.ndarray:
        """The ridge and the model, added."""
        return np.asarray(self.ridge_.predict(inputs) + self.model_.predict(inputs))


class LinesAndRidge(BaseEstimator):  # type: ignore[misc]
    """The same for several targets, each with a line of its own; one linear model of all that is left.

    Args:
        model: Linear, of several numbers, unfitted.
        places: Columns of the inputs that the lines may go through.
    """

    def __init__(self, model: Any, places: Sequence[int]) -> None:
        self.model = model
        self.places = places

    def fit(self, inputs: Any, targets: np.ndarray) -> "LinesAndRidge":
        """Least squares for the lines, then the model on what is left."""
        inputs = np.asarray(inputs, np.float64)
        self.lines_, self.level_ = np.zeros((targets.shape[1], inputs.shape[1])), np.zeros(targets.shape[1])
        for number, target in enumerate(targets.T):
            fits = [_line(inputs[:, place], target) for place in self.places]
            best = int(np.argmin([left for _, _, left in fits]))
            self.lines_[number, self.places[best]], self.level_[number], _ = fits[best]
        self.model_ = clone(self.model).fit(inputs, targets - inputs @ self.lines_.T - self.level_)
        return self

    def predict(self, inputs: Any) -> np.ndarray:
        """A line a row."""
        return np.asarray(np.asarray(inputs, np.float64) @ self.coef_.T + self.intercept_)

    @property
    def coef_(self) -> np.ndarray:
        """A line a target, one number an input."""
        return np.asarray(np.atleast_2d(self.model_.coef_) + self.lines_)

    @property
    def intercept_(self) -> np.ndarray:
        """The answers where all inputs are 0."""
        return np.asarray(self.model_.intercept_ + self.level_)


class InLogs(BaseEstimator):  # type: ignore[misc]
    """A model of log(1 + target): for targets above -1 whose large values are many times their usual ones.

    What it predicts is nearer the median than the mean, as the absolute error likes it.

    Args:
        model: Of numbers, unfitted.
    """

    def __init__(self, model: Any) -> None:
        self.model = model

    def fit(self, inputs: Any, target: np.ndarray) -> "InLogs":
        """Fit on the logarithms."""
        self.model_ = clone(self.model).fit(inputs, np.log1p(target))
        return self

    def predict(self, inputs: Any) -> np.ndarray:
        """In the target's own unit."""
        return np.asarray(np.expm1(self.model_.predict(inputs)))

    @property
    def coef_(self) -> np.ndarray:
        """Of a linear model, in logarithms."""
        return np.asarray(self.model_.coef_)

    @property
    def intercept_(self) -> Any:
        """Of a linear model, in logarithms."""
        return self.model_.intercept_


def _line(values: np.ndarray, target: np.ndarray) -> tuple[float, float, float]:
    """Slope, level, and the mean absolute rest, of a line by least squares."""
    centred = np.asarray(values, np.float64) - float(np.mean(values, dtype=np.float64))
    below = float(centred @ centred)
    slope = float(centred @ target) / below if below else 0.0
    level = float(target.mean() - slope * np.mean(values, dtype=np.float64))
    return slope, level, float(np.abs(target - slope * values - level).mean())
