"""Networks that are frozen at a loss of share x 16.1181, made on purpose from the mechanism.

Two famous ones. *Ten classes, raw pixels:* a softmax on bytes from 0 to 255 has logits of hundreds, so each row's own
class has a probability of 0 or 1; Keras clips it to [1e-7, 1 - 1e-7]; after a few steps one class wins everywhere and
nine tenths of the rows lose -ln(1e-7): 14.5063. *Two classes, no sigmoid:* the outputs of the last layer are taken for
probabilities; where they are all negative they are clipped to 1e-7, rows of label 1 lose -ln(1e-7) and rows of label 0
nothing: 0.50125 x 16.1181 = 8.0792 in training, 0.495 x 16.1181 = 7.9785 in validation. The last layer's inputs are
maxima of relu and never negative, so whether all outputs are negative is decided when the weights are drawn.

The data is generated: the mechanism asks nothing of it but its scale and its labels. Losses and training are Keras' own
(`fuse=False`); the twin is trained from logits.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from jaxtyping import Float

from tenfold.engine.member import Member
from tenfold.engine.population import train_population

__all__ = ["FrozenTraining", "freeze_images", "freeze_text"]

BATCH = 128

SAME = 1e-4
"""Two losses that differ by less stand still, nats: four decimals are what Keras prints."""

NUM_TEXTS = {"train": (800, 401), "held_out": (200, 99)}
"""Texts, and how many of them have label 1: the shares of the published run, 0.50125 and 0.495."""

TELLING = 0.1
"""Share of a text's words that come from its label's own. Arbitrary."""


@dataclass(frozen=True)
class FrozenTraining:
    """Trainings that freeze, and their twins from logits.

    Attributes:
        name: `"images"` or `"text"`.
        share: Share of the training rows that sit at the ceiling once frozen.
        loss: Training loss by epoch, nats.
        val_loss: Validation loss by epoch; None where nothing was held out.
        accuracy: Training accuracy by epoch.
        twin_loss: Training loss by epoch of the same starts trained from logits.
    """

    name: str
    share: float
    loss: Float[np.ndarray, "seed epoch"]
    val_loss: Float[np.ndarray, "seed epoch"] | None
    accuracy: Float[np.ndarray, "seed epoch"]
    twin_loss: Float[np.ndarray, "seed epoch"]

    @property
    def is_frozen(self) -> np.ndarray:
        """Of each seed, whether the last two epochs' losses are the same to four decimals."""
        return np.abs(np.diff(self.loss[:, -2:], axis=1))[:, 0] < SAME


def freeze_images(*, num_seeds: int = 4, epochs: int = 10, num_rows: int = 2000, seed: int = 0) -> FrozenTraining:
    """A softmax of ten classes on bytes: Adam at its defaults, `sparse_categorical_crossentropy`.

    Args:
        num_seeds: Trainings from different weights.
        epochs: Epochs of each.
        num_rows: Images of 32 x 32 x 3 bytes, a tenth of them of each class; a multiple of 10.
        seed: Seed of images and trainings.

    Returns:
        Losses that end at 0.9 x 16.1181.
    """
    x, y = _images(np.random.default_rng(seed), num_rows)
    members = [Member(np.arange(num_rows), seed=number) for number in range(num_seeds)]

    def train(*, from_logits: bool) -> Any:
        def build() -> Any:
            last = keras.layers.Dense(10, activation="linear" if from_logits else "softmax")
            model = keras.Sequential([keras.Input(x.shape[1:]), keras.layers.Flatten(), last])
            loss = keras.losses.SparseCategoricalCrossentropy(from_logits=from_logits)
            model.compile(keras.optimizers.Adam(), loss, metrics=["accuracy"])
            return model

        return train_population(build, x, y, members, epochs=epochs, batch_size=BATCH, seed=seed, fuse=False).history

    return _frozen("images", 0.9, train)


def freeze_text(*, num_seeds: int = 12, epochs: int = 6, seed: int = 0) -> FrozenTraining:
    """A text convnet that ends in `Dense(1)` without sigmoid, trained with `binary_crossentropy`.

    Args:
        num_seeds: Trainings from different weights; about a third freeze.
        epochs: Epochs of each.
        seed: Seed of texts and trainings.

    Returns:
        Losses that, where frozen, are 0.50125 x 16.1181 on 800 rows and 0.495 x 16.1181 on 200 held-out rows.
    """
    x, y = _texts(np.random.default_rng(seed))
    train_rows, held_out = np.split(np.arange(len(x)), [NUM_TEXTS["train"][0]])
    members = [Member(train_rows, held_out, seed=number) for number in range(num_seeds)]

    def train(*, from_logits: bool) -> Any:
        def build() -> Any:
            model = keras.Sequential([
                keras.Input(x.shape[1:]),
                keras.layers.Embedding(500, 16),
                keras.layers.Conv1D(32, 7, activation="relu"),
                keras.layers.MaxPooling1D(5),
                keras.layers.Conv1D(32, 7, activation="relu"),
                keras.layers.GlobalMaxPooling1D(),
                keras.layers.Dense(1),
            ])  # fmt: skip
            loss = keras.losses.BinaryCrossentropy(from_logits=from_logits)
            model.compile(keras.optimizers.RMSprop(), loss, metrics=["accuracy"])
            return model

        return train_population(build, x, y, members, epochs=epochs, batch_size=BATCH, seed=seed, fuse=False).history

    num_texts, num_ones = NUM_TEXTS["train"]
    return _frozen("text", num_ones / num_texts, train)


def _frozen(name: str, share: float, train: Callable[..., Any]) -> FrozenTraining:
    history, twin = train(from_logits=False), train(from_logits=True)
    return FrozenTraining(name, share, history["loss"], history.get("val_loss"), history["accuracy"], twin["loss"])


def _images(generator: np.random.Generator, num_rows: int) -> tuple[Any, Any]:
    """A third pattern of the class in blocks of 4 pixels, two thirds noise; bytes."""
    y = generator.permutation(np.repeat(np.arange(10), num_rows // 10))
    patterns = generator.integers(0, 256, (10, 8, 8, 3)).repeat(4, axis=1).repeat(4, axis=2)
    noise = generator.integers(0, 256, (num_rows, 32, 32, 3))
    return ((patterns[y] + 2 * noise) // 3).astype(np.float32), y


def _texts(generator: np.random.Generator) -> tuple[Any, Any]:
    """Texts of 100 words; one word in ten comes from 25 that the label has for its own."""
    y = np.concatenate([generator.permutation(np.arange(count) < ones) for count, ones in NUM_TEXTS.values()])
    words = generator.integers(1, 500, (len(y), 100))
    own = np.where(y, 1, 26)[:, None] + generator.integers(0, 25, words.shape)
    x = np.where(generator.random(words.shape) < TELLING, own, words)
    return x.astype(np.float32), y.astype(np.float32)[:, None]
