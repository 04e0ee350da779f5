"""Models for tests of searches: small, with every kind of setting."""

from typing import Any

import keras
import numpy as np
import optuna
from keras import layers

from tenfold.trials.found import Search

ROWS = 43
X = np.random.default_rng(0).normal(size=(ROWS, 5)).astype("float32")
Y = (X[:, 0] - X[:, 1] + 0.1 * np.random.default_rng(1).normal(size=ROWS)).astype("float32")


def build(trial: optuna.trial.BaseTrial) -> keras.Model:
    """One architecture; learning rate, dropout and L2 as settings."""
    rate = trial.suggest_float("learning_rate", 1e-3, 1e-1, log=True)
    strength = trial.suggest_float("strength", 1e-5, 1e-2, log=True)
    model = keras.Sequential(
        [
            keras.Input((5,)),
            layers.Dense(4, "tanh", kernel_regularizer=keras.regularizers.L2(strength)),
            layers.Dropout(trial.suggest_float("rate", 0.05, 0.5)),
            layers.Dense(1),
        ]
    )
    model.compile(keras.optimizers.Adam(rate), "mse", metrics=["mae"])
    return model


def search(build: Any = build, **arguments: Any) -> Search:
    import tenfold

    given: dict[str, Any] = {"trials": 6, "cv": 3, "epochs": 3, "batch": 4, "batch_size": 8, "verbose": 0} | arguments
    return tenfold.search(build, given.pop("x", X), given.pop("y", Y), **given)
