"""A member equals its lone Keras fit: losses and metrics, many at a time as outputs of one model."""

from functools import partial
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers, losses, metrics

from engine.models import classes, dense, numbers, sequential
from engine.oracle import assert_members_equal_lone_fits, precision

X = numbers(22, 5)
POSITIVE = np.abs(numbers(22, 1, seed=2))
SIGNS = 2.0 * classes(22)[:, None] - 1
ONE_HOT = np.eye(3)[classes(22, 3)]

LOSSES: dict[str, tuple[Any, int, str | None, np.ndarray, list[Any]]] = {
    "mse": ("mse", 1, None, numbers(22, 1, seed=1), ["mae", metrics.R2Score, metrics.RootMeanSquaredError]),
    "mae": ("mae", 2, None, numbers(22, 2, seed=1), ["mse", metrics.CosineSimilarity]),
    "mape": ("mean_absolute_percentage_error", 1, None, 1 + POSITIVE, [metrics.MeanAbsolutePercentageError]),
    "msle": ("mean_squared_logarithmic_error", 1, "softplus", POSITIVE, []),
    "huber": (partial(losses.Huber, 0.3), 1, None, numbers(22, 1, seed=3), []),
    "log_cosh": ("log_cosh", 1, None, numbers(22, 1, seed=4), []),
    "poisson": ("poisson", 1, "softplus", POSITIVE, [metrics.Poisson]),
    "hinge": ("hinge", 1, "tanh", SIGNS, [metrics.Hinge]),
    "squared_hinge": ("squared_hinge", 1, "tanh", SIGNS, []),
    "cosine": (partial(losses.CosineSimilarity), 3, None, numbers(22, 3, seed=5), []),
}
CLASS_LOSSES: dict[str, tuple[Any, int, str | None, np.ndarray, list[Any]]] = {
    "binary": (
        partial(losses.BinaryCrossentropy, label_smoothing=0.1), 1, "sigmoid", classes(22)[:, None],
        ["accuracy", partial(metrics.AUC, name="auc"), partial(metrics.Precision, name="precision"),
         partial(metrics.Recall, name="recall")],
    ),
    "one_hot": (
        partial(losses.CategoricalCrossentropy, label_smoothing=0.2), 3, "softmax", ONE_HOT,
        ["accuracy", metrics.F1Score, partial(metrics.TopKCategoricalAccuracy, 2)],
    ),
    "sparse": (
        "sparse_categorical_crossentropy", 3, "softmax", classes(22, 3),
        ["accuracy", partial(metrics.SparseTopKCategoricalAccuracy, 2)],
    ),
    "logits": (partial(losses.BinaryCrossentropy, from_logits=True), 1, None, classes(22)[:, None], []),
    "focal": (partial(losses.BinaryFocalCrossentropy), 1, "sigmoid", classes(22)[:, None], ["accuracy"]),
    "classes_focal": (partial(losses.CategoricalFocalCrossentropy), 3, "softmax", ONE_HOT, []),
    "divergence": ("kl_divergence", 3, "softmax", ONE_HOT * 0.7 + 0.1, [metrics.KLDivergence]),
}  # fmt: skip


def made(loss_or_metric: Any) -> Any:
    return loss_or_metric if isinstance(loss_or_metric, str) else loss_or_metric()


def build_all(cases: dict[str, Any]) -> Any:
    """A model with an output for each case."""

    def build() -> keras.Model:
        inputs = keras.Input((5,))
        outputs = {
            name: layers.Dense(units, activation, name=name)(inputs)
            for name, (_, units, activation, _, _) in cases.items()
        }
        model = keras.Model(inputs, outputs)
        model.compile(
            "adam",
            {name: made(case[0]) for name, case in cases.items()},
            metrics={name: [made(metric) for metric in case[4]] for name, case in cases.items()},
            weighted_metrics={next(iter(cases)): ["mae"]},
            loss_weights={name: 0.5 + number for number, name in enumerate(cases)},
        )
        return model

    return build


@pytest.mark.parametrize(("cases", "mode"), [(LOSSES, "map"), (CLASS_LOSSES, "vmap")])
def test_losses_and_metrics(cases: dict[str, Any], mode: str):
    y = {name: case[3] for name, case in cases.items()}
    weight = {name: 0.2 + classes(22, 4, seed=number) for number, name in enumerate(cases)}
    with precision("float64", mixes_types=True):
        result = assert_members_equal_lone_fits(
            build_all(cases), X, y, kind="float64", mode=mode, sample_weight=weight, epochs=2
        )
    assert result.num_waves == 1


def asymmetric(y: Any, answer: Any) -> Any:
    return keras.ops.mean(keras.ops.maximum(2 * (y - answer), answer - y), axis=-1)


class Largest(metrics.Metric):
    """The largest error of all rows."""

    def __init__(self) -> None:
        super().__init__(name="largest")
        self.value = self.add_weight(shape=(), initializer="zeros", name="value")

    def update_state(self, y: Any, answer: Any, sample_weight: Any = None) -> None:
        del sample_weight
        self.value.assign(keras.ops.maximum(self.result(), keras.ops.max(keras.ops.abs(y - answer))))

    def result(self) -> Any:
        return keras.ops.convert_to_tensor(self.value)


def test_a_loss_and_a_metric_of_the_users_own_never_see_padding():
    build = sequential(dense(2), loss=asymmetric, metrics=lambda: [Largest()])
    with precision("float64"):
        result = assert_members_equal_lone_fits(build, X, numbers(22, 2), kind="float64", epochs=3)
    assert result.num_waves == 2


def test_a_sum_over_rows_and_weights_of_rows():
    weight = 0.2 + classes(22, 3)
    with precision("float64"):
        build = sequential(dense(2), loss=losses.MeanSquaredError(reduction="sum"), weighted_metrics=["mae"])
        assert_members_equal_lone_fits(build, X, numbers(22, 2), kind="float64", sample_weight=weight, epochs=3)
