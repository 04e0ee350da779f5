"""What members stop by and inner folds choose by: a metric of the network, lower is better, free of penalties.

Numbers are judged by their absolute error on the scaled target, classes and labels by their log loss, counts by their
deviance: the Poisson loss itself falls below 0, where "2 % worse" means nothing, and the absolute error of counts of
which most are 0 is least for a network that always says 0.
"""

from typing import Any

import keras

from tenfold.problem.definition import Problem

__all__ = ["inner_loss_name", "inner_metric", "metric_of_mean", "poisson_deviance"]

NUM_AXES = 2
"""Row and output; answers with a third axis are those of heads in training."""


def inner_loss_name(problem: Problem) -> str:
    """Name in a history of what inner folds choose by, on validation rows."""
    return f"val_{_name(problem)}"


def inner_metric(problem: Problem, heads: int = 1) -> keras.metrics.Metric:
    """The metric that a network is compiled with.

    Args:
        problem: What is predicted.
        heads: Heads of the network: of several their mean is judged, in training too, where each answers for itself.

    Returns:
        A Keras metric with the name that `inner_loss_name` says, without `val_`.
    """
    name = _name(problem)
    if heads > 1:
        return keras.metrics.MeanMetricWrapper(metric_of_mean, name=name, of=_function(problem))
    if name == "mae":
        return keras.metrics.MeanAbsoluteError(name=name)
    if name == "deviance":
        return keras.metrics.MeanMetricWrapper(poisson_deviance, name=name)
    if problem.kind == "several_classes":
        return keras.metrics.SparseCategoricalCrossentropy(name=name)
    return keras.metrics.BinaryCrossentropy(name=name)


@keras.saving.register_keras_serializable(package="tenfold")  # type: ignore[untyped-decorator]  # Keras is not annotated
def metric_of_mean(y_true: Any, y_pred: Any, of: str) -> Any:
    """A metric of the mean of several heads.

    Args:
        y_true: Targets.
        y_pred: `(row, output, head)` in training, `(row, output)` else (`layers.HeadMean`).
        of: Keras' name of a metric function, or `"deviance"`.

    Returns:
        A number a row.
    """
    mean = keras.ops.mean(y_pred, axis=-1) if len(y_pred.shape) > NUM_AXES else y_pred
    function = poisson_deviance if of == "deviance" else keras.losses.get(of)
    return function(y_true, mean)


@keras.saving.register_keras_serializable(package="tenfold")  # type: ignore[untyped-decorator]
def poisson_deviance(y_true: Any, y_pred: Any) -> Any:
    """Deviance of Poisson counts: 2 (y log(y / m) - y + m), at least 0, the mean over the last axis.

    Args:
        y_true: Counts, 0 or above.
        y_pred: Their expectation, above 0.

    Returns:
        A number a row.

    Source: McCullagh and Nelder (1989), Generalized Linear Models, table 2.1.
    """
    y_true, y_pred = keras.ops.cast(y_true, y_pred.dtype), keras.ops.maximum(y_pred, keras.config.epsilon())
    ratio = keras.ops.where(y_true > 0, y_true, y_pred) / y_pred
    return keras.ops.mean(2 * (y_true * keras.ops.log(ratio) - y_true + y_pred), axis=-1)


def _function(problem: Problem) -> str:
    """Keras' name of the same metric, or `"deviance"`."""
    names = {"mae": "mean_absolute_error", "log_loss": "binary_crossentropy"}
    is_sparse = problem.kind == "several_classes"
    return "sparse_categorical_crossentropy" if is_sparse else names.get(_name(problem), _name(problem))


def _name(problem: Problem) -> str:
    if problem.kind == "count":
        return "deviance"
    return "mae" if problem.is_number or problem.kind == "several_numbers" else "log_loss"
