"""What is trained: the four networks of the design, and a family of dense ones for the boundary.

Data are random numbers of the right shapes (the time of a step does not depend on their values). Nothing here imports
a framework: `build` takes the `keras` module of the process it runs in.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Arrays = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Workload:
    """One network on one batch size.

    Attributes:
        title: What the tables call it.
        num_rows: Rows of an epoch.
        batch_size: Rows of a step.
        epochs: Epochs that are timed at a time.
        draw: Makes inputs and targets.
        layers: Makes the Keras layers.
        loss: Keras' name of the loss.
        metric: Keras' name of the metric.
    """

    title: str
    num_rows: int
    batch_size: int
    epochs: int
    draw: Callable[[np.random.Generator, int], Arrays]
    layers: Callable[[Any], list[Any]]
    loss: str
    metric: str

    @property
    def steps(self) -> int:
        """Steps of an epoch, the last partial batch included."""
        return -(-self.num_rows // self.batch_size)

    def data(self) -> Arrays:
        """Inputs and targets."""
        return self.draw(np.random.default_rng(0), self.num_rows)

    def build(self, keras: Any, **compile_arguments: Any) -> Any:
        """The compiled Keras model."""
        model = keras.Sequential(self.layers(keras))
        model.compile("rmsprop", self.loss, metrics=[self.metric], **compile_arguments)
        return model


def _table(num_features: int) -> Callable[[np.random.Generator, int], Arrays]:
    def draw(generator: np.random.Generator, num_rows: int) -> Arrays:
        x = generator.normal(size=(num_rows, num_features)).astype("float32")
        return x, x[:, :1] + generator.normal(size=(num_rows, 1)).astype("float32")

    return draw


def _images(*shape: int) -> Callable[[np.random.Generator, int], Arrays]:
    def draw(generator: np.random.Generator, num_rows: int) -> Arrays:
        return generator.normal(size=(num_rows, *shape)).astype("float32"), generator.integers(0, 10, num_rows)

    return draw


def _words(generator: np.random.Generator, num_rows: int) -> Arrays:
    return generator.integers(0, 2000, (num_rows, 80)), generator.integers(0, 2, (num_rows, 1)).astype("float32")


def _dense(num_features: int, *widths: int) -> Callable[[Any], list[Any]]:
    def layers(keras: Any) -> list[Any]:
        hidden = [keras.layers.Dense(width, activation="relu") for width in widths]
        return [keras.Input((num_features,)), *hidden, keras.layers.Dense(1)]

    return layers


def _digits(keras: Any) -> list[Any]:
    layers = keras.layers
    return [keras.Input((784,)), layers.Dense(512, activation="relu"), layers.Dense(10, activation="softmax")]


def _text(keras: Any) -> list[Any]:
    layers = keras.layers
    return [keras.Input((80,), dtype="int32"), layers.Embedding(2000, 32), layers.LSTM(32), layers.Dense(1, "sigmoid")]


def _convnet(keras: Any) -> list[Any]:
    layers = keras.layers
    return [
        keras.Input((28, 28, 1)),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(64, 3, activation="relu"),
        layers.Flatten(),
        layers.Dense(64, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ]


_CLASSES = ("sparse_categorical_crossentropy", "accuracy")
WORKLOADS = {
    "houses": Workload("13-64-64-1, batch 16", 404, 16, 100, _table(13), _dense(13, 64, 64), "mse", "mae"),
    "digits": Workload("784-512-10, batch 128", 6400, 128, 4, _images(784), _digits, *_CLASSES),
    "text": Workload(
        "Embedding 2000 x 32, LSTM 32, 80 words, batch 64",
        1280,
        64,
        3,
        _words,
        _text,
        "binary_crossentropy",
        "accuracy",
    ),
    "convnet": Workload(
        "conv 32-64-64, dense 64 on 28 x 28, batch 64", 1280, 64, 3, _images(28, 28, 1), _convnet, *_CLASSES
    ),
}


def workload_named(name: str) -> Workload:
    """One of the four, or `dense-WIDTH-BATCH`: 32 features, two hidden layers of this width, 2,048 rows."""
    if name in WORKLOADS:
        return WORKLOADS[name]
    _, width, batch_size = name.split("-")
    layers = _dense(32, int(width), int(width))
    title = f"32-{width}-{width}-1, batch {batch_size}"
    return Workload(title, 2048, int(batch_size), 4, _table(32), layers, "mse", "mae")


def num_parameters(width: int) -> int:
    """Weights of the network `dense-WIDTH-BATCH`."""
    return 33 * width + (width + 1) * width + width + 1
