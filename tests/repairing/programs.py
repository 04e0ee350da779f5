"""Small programs with one fault each, and findings that name it."""

from typing import Any

import keras
import numpy as np
from keras import layers
from sklearn.datasets import make_circles

from tenfold.checks.finding import Finding

ROWS = 240


def finding(fault: str, severity: Any = "error") -> Finding:
    return Finding("TF999", fault, severity, f"a program with {fault}")


def circles(rows: int = ROWS) -> tuple[np.ndarray, np.ndarray]:
    x, y = make_circles(rows, noise=0.05, factor=0.4, random_state=0)
    return x.astype("float32"), y.astype("int64")


def clouds(rows: int = ROWS, classes: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Points about the corners of a triangle."""
    generator = np.random.default_rng(0)
    y = generator.integers(0, classes, rows)
    corners = 2 * np.stack(
        [np.cos(2 * np.pi * np.arange(classes) / classes), np.sin(2 * np.pi * np.arange(classes) / classes)], axis=1
    )
    return (corners[y] + generator.normal(0, 0.4, (rows, 2))).astype("float32"), y


def line(rows: int = ROWS) -> tuple[np.ndarray, np.ndarray]:
    """A sum of three columns with a little noise."""
    generator = np.random.default_rng(0)
    x = generator.normal(size=(rows, 3)).astype("float32")
    return x, (x @ np.array([1.0, -2.0, 0.5]) + 0.05 * generator.normal(size=rows)).astype("float32")


def network(
    inputs: int, *hidden: Any, head: Any, optimizer: Any = None, loss: str = "binary_crossentropy", metrics: Any = None
) -> keras.Model:
    model = keras.Sequential([keras.Input((inputs,)), *hidden, head])
    model.compile(optimizer or keras.optimizers.Adam(0.02), loss, metrics=metrics)
    return model


def sound_circles() -> keras.Model:
    return network(2, layers.Dense(16, "relu"), head=layers.Dense(1, "sigmoid"), metrics=["accuracy"])
