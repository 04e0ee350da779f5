"""Measures of predicted numbers: any number, a share, a count, or several at once.

A number is measured in its own unit. Several numbers have several units: the error of each is divided by the spread of
its target before the mean is taken, so that 1 is about what a guess of the mean is off by, whatever the unit.

Source of the deviance: McCullagh and Nelder (1989), Generalized Linear Models, table 2.1.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from sklearn import metrics

from tenfold.measures.measure import Measure, Truth
from tenfold.problem.definition import Problem

__all__ = ["MAE", "POISSON_DEVIANCE", "R2", "RMSE", "SHARE_LOG_LOSS", "mae_in_spreads"]

INFINITY = float("inf")
MEDIAN, MEAN = "always guessing the median", "always guessing the mean"


def _mae_of_median(truth: Truth) -> float:
    return float(np.abs(truth - np.median(truth)).mean())


def _zero(_: Truth) -> float:
    return 0.0


def _poisson_deviance(truth: Truth, prediction: Any) -> float:
    """Twice the log-likelihood lost against a perfect prediction; infinite where a count is predicted impossible."""
    if ((prediction < 0) | ((prediction == 0) & (truth > 0))).any():
        return INFINITY
    possible = (prediction > 0) | (truth > 0)
    return float(metrics.mean_poisson_deviance(truth[possible], prediction[possible])) * float(possible.mean())


def _deviance_of_mean(truth: Truth) -> float:
    return _poisson_deviance(truth, np.full(len(truth), truth.mean())) if truth.any() else 0.0


def _share_log_loss(truth: Truth, prediction: Any) -> float:
    """Binary cross-entropy of shares, nats; infinite outside of 0 to 1, where no share can lie."""
    if ((prediction < 0) | (prediction > 1)).any():
        return INFINITY
    with np.errstate(divide="ignore", invalid="ignore"):
        there = np.where(truth > 0, -truth * np.log(prediction), 0.0)
        rest = np.where(truth < 1, -(1 - truth) * np.log1p(-prediction), 0.0)
    return float((there + rest).mean())


MAE = Measure("mae", "mean absolute error", "MAE", "lower", "target", MEDIAN, metrics.mean_absolute_error,
              _mae_of_median)  # fmt: skip
RMSE = Measure("rmse", "root mean squared error", "RMSE", "lower", "target", MEAN, metrics.root_mean_squared_error,
               np.std)  # fmt: skip
R2 = Measure("r2", "explained share of the variance", "R2", "higher", "share", MEAN, metrics.r2_score, _zero,
             (-INFINITY, 1.0))  # fmt: skip
POISSON_DEVIANCE = Measure("poisson_deviance", "mean Poisson deviance", "Poisson deviance", "lower", "", MEAN,
                           _poisson_deviance, _deviance_of_mean)  # fmt: skip
SHARE_LOG_LOSS = Measure("log_loss", "log loss", "log loss", "lower", "nats", MEAN, _share_log_loss,
                         lambda truth: _share_log_loss(truth, np.full(len(truth), truth.mean())))  # fmt: skip


def mae_in_spreads(problem: Problem) -> Measure:
    """The mean over several targets of their mean absolute error divided by their spread.

    Args:
        problem: Several numbers; its columns say the spreads.

    Returns:
        The measure; its parts are the mean absolute error of each target, in that target's own unit.
    """
    spreads = np.array([column.spread for column in problem.columns])
    return Measure(
        "mae_in_spreads",
        "mean absolute error in spreads of the targets",
        "MAE in spreads",
        "lower",
        "",
        "always guessing the medians",
        lambda truth, prediction: float(_errors(truth, prediction).mean(axis=0) @ (1 / spreads)) / len(spreads),
        lambda truth: float(_errors(truth, np.median(truth, axis=0)).mean(axis=0) @ (1 / spreads)) / len(spreads),
        parts=partial(_by_target, problem.targets),
    )


def _errors(truth: Truth, prediction: Any) -> np.ndarray:
    return np.asarray(np.abs(truth - prediction))


def _by_target(targets: Sequence[str], truth: Truth, prediction: Any) -> dict[str, float]:
    return dict(zip(targets, map(float, _errors(truth, prediction).mean(axis=0)), strict=True))
