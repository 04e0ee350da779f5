"""A small faulty program for each check of the model and of the data: what the page of checks shows as an example."""

import re
from collections.abc import Callable
from dataclasses import replace

import keras
import numpy as np

from judged import (
    CLASSES,
    NUMBERS,
    ONE_HOT,
    TWO_CLASSES,
    X,
    classifier,
    evidence,
    network,
    outcomes,
    regressor,
)  # fmt: skip
from tenfold.checks.facts import Evidence, UnsafeFacts
from tenfold.checks.finding import Finding

SPARSE = "sparse_categorical_crossentropy"
layers = keras.layers
STEPS = np.arange(300) / 300
WAVES = np.column_stack([np.sin(place * STEPS * 50) for place in (1, 2, 3)]).astype("float32")
SIDES = (WAVES[:, 0] + WAVES[:, 1] > 0).astype(int)


def last() -> keras.Layer:
    return layers.Dense(3, activation="softmax", name="last")


def of_model(*before: keras.Layer) -> Evidence:
    return evidence(network(*before, last(), loss=SPARSE), X, CLASSES)


def in_half() -> Evidence:
    found = evidence(classifier(), X, CLASSES)
    (output,) = found.model.outputs
    return Evidence(model=replace(found.model, outputs=(replace(output, dtype="float16", is_fused=False),)))


def unsafe() -> Evidence:
    found = UnsafeFacts("log", "losses.py, line 12, in `own_loss`", "its argument is 0 for an answer of 0",
                        "write `keras.ops.log(x + 1e-7)`", confirmed=True)  # fmt: skip
    return Evidence(model=replace(evidence(classifier(), X, CLASSES).model, unsafe=(found,)))


def unfused() -> Evidence:
    found = evidence(classifier(1, "sigmoid", "binary_crossentropy"), X, TWO_CLASSES).model
    return Evidence(model=replace(found, outputs=(replace(found.outputs[0], is_fused=False),)))


def with_holes() -> Evidence:
    x = X.copy()
    x[3:6, 1] = np.nan
    return evidence(None, x, CLASSES)


def exchanged() -> Evidence:
    wrong = np.where(np.arange(300) % 5 == 0, 1 - SIDES, SIDES)
    return evidence(None, WAVES, wrong, thorough=True)


EXAMPLES: dict[str, Callable[[], Evidence]] = {
    "TF101": lambda: evidence(classifier(1, "sigmoid", "binary_crossentropy"), X, CLASSES),
    "TF102": lambda: evidence(classifier(3, "softmax", keras.losses.CategoricalCrossentropy(True)), X, ONE_HOT),
    "TF103": lambda: of_model(layers.Dense(16, name="first"), layers.Dense(16, activation="relu", name="second")),
    "TF104": lambda: of_model(layers.Dense(16, activation="softmax", name="hidden")),
    "TF105": lambda: of_model(layers.Dense(16, activation="relu"), layers.Dropout(0.8, name="dropout")),
    "TF106": lambda: of_model(layers.Dense(16, activation="relu", kernel_initializer="zeros", name="hidden")),
    "TF107": lambda: evidence(classifier(optimizer=keras.optimizers.Adam(2.0)), X, CLASSES),
    "TF108": lambda: evidence(regressor(metrics=["accuracy"]), X, NUMBERS),
    "TF109": in_half,
    "TF110": unsafe,
    "TF111": unfused,
    "TF201": lambda: evidence(None, np.column_stack([X, np.linspace(9_000, 80_000, len(X))]), CLASSES),
    "TF202": with_holes,
    "TF203": lambda: evidence(regressor(), X, 200_000 + 50_000 * X[:, 0], epochs=50),
    "TF204": lambda: evidence(None, X, np.sort(CLASSES)),
    "TF205": lambda: evidence(None, WAVES, np.roll(np.random.default_rng(0).permutation(SIDES), 0), thorough=True),
    "TF206": lambda: evidence(None, X, TWO_CLASSES, (255 * X, TWO_CLASSES)),
    "TF207": lambda: evidence(classifier(), X, CLASSES / 255),
    "TF208": lambda: evidence(None, np.column_stack([WAVES, 5 - 2 * SIDES]), SIDES, thorough=True),
    "TF209": lambda: evidence(None, X, (np.arange(60) > 56).astype(int)),
    "TF210": exchanged,
}
"""Small programs, each with the fault that the check names."""


def example(code: str) -> Finding:
    found = next(one for one in outcomes(code, EXAMPLES[code]()) if isinstance(one, Finding))
    return replace(found, message=re.sub(r"`last_\d+`", "`last`", found.message))
