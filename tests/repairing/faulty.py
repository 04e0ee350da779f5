"""One small program with each fault that has candidates: the model, its rows, epochs and batch size."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import layers

from repairing.programs import circles, clouds, line, network

__all__ = ["FAULTY"]

Faulty = tuple[Callable[[], keras.Model], Callable[[], tuple[Any, Any]], dict[str, Any]]


def dense(*arguments: Any, **named: Any) -> layers.Dense:
    return layers.Dense(*arguments, **named)


def on_raw_inputs() -> keras.Model:
    return network(2, dense(16, "relu"), head=dense(3, "softmax"), optimizer=keras.optimizers.SGD(0.1),
                   loss="sparse_categorical_crossentropy")  # fmt: skip


def thousands() -> tuple[Any, Any]:
    x, y = clouds()
    return 1000 * x + 5000, y


def numbers(optimizer: Any) -> Callable[[], keras.Model]:
    return lambda: network(3, dense(8, "relu"), head=dense(1), optimizer=optimizer(), loss="mse")


def of_millions() -> tuple[Any, Any]:
    x, y = line()
    return x, 20_000 * y + 300_000


def with_gaps() -> tuple[Any, Any]:
    x, y = clouds()
    x[::9, 0] = np.nan
    return x, y


def divided_labels() -> tuple[Any, Any]:
    x, y = clouds(classes=4)
    return x, y / 255


def rare() -> tuple[Any, Any]:
    generator = np.random.default_rng(0)
    y = (np.arange(1500) % 12 == 0).astype("int64")
    return (generator.normal(0, 1, (1500, 2)) + 1.6 * y[:, None]).astype("float32"), y


def sorted_by_class() -> tuple[Any, Any]:
    x, y = clouds()
    order = np.argsort(y, kind="stable")
    return x[order], y[order]


def three_classes(*hidden: Any, **named: Any) -> Callable[[], keras.Model]:
    return lambda: network(
        2, *(layer() for layer in hidden), head=dense(3, "softmax"), loss="sparse_categorical_crossentropy", **named
    )


def rings(*hidden: Callable[[], Any], optimizer: Callable[[], Any] | None = None) -> Callable[[], keras.Model]:
    return lambda: network(
        2, *(layer() for layer in hidden), head=dense(1, "sigmoid"), optimizer=optimizer and optimizer()
    )


def halves() -> tuple[Any, Any]:
    x = np.random.default_rng(0).normal(size=(240, 2)).astype("float32")
    return x, (x.sum(axis=1) > 0).astype("int64")


def noisy_few() -> tuple[Any, Any]:
    generator = np.random.default_rng(0)
    x = generator.normal(size=(300, 6)).astype("float32")
    return x, (x[:, 0] + generator.normal(0, 1.0, 300)).astype("float32")


WIDE = (lambda: dense(16, "relu"),)
SGD, ADAM = keras.optimizers.SGD, keras.optimizers.Adam

FAULTY: dict[str, Faulty] = {
    "numeric": (three_classes(*WIDE), with_gaps, {"epochs": 20}),
    "head_loss_mismatch": (
        lambda: network(2, dense(16, "relu"), head=dense(3, "relu"), loss="sparse_categorical_crossentropy"),
        clouds, {"epochs": 15},
    ),
    "label_error": (lambda: network(2, dense(16, "relu"), head=dense(4, "softmax"),
                                    loss="sparse_categorical_crossentropy"), divided_labels, {"epochs": 20}),
    "ordered_data": (three_classes(*WIDE), sorted_by_class, {"epochs": 20, "validation_split": 0.4}),
    "unscaled_input": (on_raw_inputs, thousands, {"epochs": 15}),
    "unscaled_target": (numbers(lambda: ADAM(0.02)), of_millions, {"epochs": 30}),
    "clipped_loss": (
        lambda: network(2, head=dense(1, "sigmoid", kernel_initializer=keras.initializers.Constant(-400.0)),
                        optimizer=SGD(20.0)), halves, {"epochs": 10},
    ),
    "imbalance": (lambda: network(2, dense(8, "relu"), head=dense(1, "sigmoid"), optimizer=ADAM(0.01)), rare,
                  {"epochs": 10}),
    "bad_init": (rings(lambda: dense(16, "relu", kernel_initializer="zeros")), circles, {"epochs": 40}),
    "no_nonlinearity": (rings(lambda: dense(16), lambda: dense(16)), circles, {"epochs": 40}),
    "dropout": (rings(*(lambda: dense(8, "relu"), lambda: layers.Dropout(0.97)) * 2), circles, {"epochs": 40}),
    "exploding_gradient": (numbers(lambda: SGD(1.0)), line, {"epochs": 15}),
    "vanishing_gradient": (rings(*(lambda: dense(8, "sigmoid"),) * 6), circles, {"epochs": 40}),
    "saturation": (
        rings(lambda: dense(16, "sigmoid", kernel_initializer=keras.initializers.RandomNormal(stddev=60.0))), circles,
        {"epochs": 40},
    ),
    "dying_relu": (
        rings(lambda: dense(16, "relu", bias_initializer=keras.initializers.Constant(-9.0))), circles, {"epochs": 40},
    ),
    "lr_too_high": (rings(*WIDE, optimizer=lambda: ADAM(3.0)), circles, {"epochs": 40}),
    "lr_too_low": (rings(*WIDE, optimizer=lambda: ADAM(1e-6)), circles, {"epochs": 40}),
    "optimizer": (rings(*WIDE, optimizer=lambda: keras.optimizers.Adadelta(0.001)), circles, {"epochs": 40}),
    "too_few_epochs": (rings(*WIDE), circles, {"epochs": 4}),
    "capacity": (rings(lambda: dense(1, "relu")), circles, {"epochs": 60}),
    "overfitting": (
        lambda: network(6, dense(128, "relu"), dense(128, "relu"), head=dense(1), optimizer=ADAM(0.005), loss="mse"),
        noisy_few, {"epochs": 150},
    ),
}  # fmt: skip
"""Fault -> how to build the model, its rows, and the arguments of `fit`."""
