"""The pinball loss: what makes a network's low, middle and high numbers the quantiles of what will come.

An error above the number costs its share, one below the rest: with shares of 10 and 90 % eight in ten values come to
lie between the low and the high number, and the middle one is the median, which the mean absolute error likes best.

Source: Koenker and Bassett (1978), Regression Quantiles, Econometrica 46.
"""

from typing import Any

import keras
from keras.src.losses.losses import LossFunctionWrapper  # a loss of a function with arguments, which Keras keeps inside

from tenfold.networks.inner_loss import inner_loss_name
from tenfold.problem.definition import Problem

__all__ = ["QUANTILES", "pinball", "pinball_loss", "pinball_metric"]

QUANTILES = (0.1, 0.5, 0.9)
"""Of the low, the middle and the high number."""


@keras.saving.register_keras_serializable(package="tenfold")  # type: ignore[untyped-decorator]  # Keras is not annotated
def pinball(y_true: Any, y_pred: Any) -> Any:
    """The mean pinball loss of the quantiles, twice over: of the middle alone it is the absolute error.

    Args:
        y_true: `(row, target)`.
        y_pred: `(row, 3 x target)`: all lows, all middles, all highs.

    Returns:
        A number a row.
    """
    y_true, losses = keras.ops.cast(y_true, y_pred.dtype), []
    for share, part in zip(QUANTILES, keras.ops.split(y_pred, len(QUANTILES), axis=-1), strict=True):
        error = y_true - part
        losses.append(keras.ops.maximum(share * error, (share - 1) * error))
    return 2 * keras.ops.mean(keras.ops.concatenate(losses, axis=-1), axis=-1)


def pinball_loss() -> Any:
    """The loss that a network of quantiles is compiled with."""
    return LossFunctionWrapper(pinball)


def pinball_metric(problem: Problem) -> keras.metrics.Metric:
    """What its members stop by, under the name by which networks of this problem do.

    Args:
        problem: What is predicted.
    """
    return keras.metrics.MeanMetricWrapper(pinball, name=inner_loss_name(problem).removeprefix("val_"))
