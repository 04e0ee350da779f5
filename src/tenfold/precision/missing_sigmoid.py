"""A text convnet without its sigmoid: the loss falls, and the accuracy that Keras 2 reported falls too.

`Dense(1)` with `binary_crossentropy` and no activation learns, where it is not frozen from the start
(`tenfold.precision.frozen_losses`): outputs above 1 cost nothing more than 1.2e-7, so they are free to grow. Keras 2.0
counted a row as right where the label equals the *rounded* output. An output of 1.7 rounds to 2, which is no label: the
better the network, the fewer rows count. Keras 3 asks whether the output is above 0.5, and sees nothing wrong.

The three variants of the same network: no sigmoid, sigmoid, and logits with the loss that belongs to them.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from jaxtyping import Float

from tenfold.engine.member import Member
from tenfold.engine.population import train_population

__all__ = ["VARIANTS", "SigmoidStory", "as_numbers", "rounded_accuracy", "tell_missing_sigmoid"]

VARIANTS = ("no_sigmoid", "sigmoid", "from_logits")
NUM_WORDS, LENGTH, BATCH = 2000, 120, 128
STILL = 1e-4
"""A loss that moves by less over all epochs has not moved, nats."""

WORD = re.compile(r"[a-z']+")


@dataclass(frozen=True)
class SigmoidStory:
    """What each variant reported, by epoch.

    Attributes:
        loss: Training loss, nats, by variant.
        accuracy: Training accuracy as Keras 3 counts it: the probability is above 0.5.
        rounded: As Keras 2.0 counted it: the label equals the rounded output.
        val_accuracy: Held-out accuracy as Keras 3 counts it.
        val_rounded: As Keras 2.0 counted it.
        born_frozen: Of each seed, whether the variant without sigmoid never moved.
    """

    loss: dict[str, Float[np.ndarray, "seed epoch"]]
    accuracy: dict[str, Float[np.ndarray, "seed epoch"]]
    rounded: dict[str, Float[np.ndarray, "seed epoch"]]
    val_accuracy: dict[str, Float[np.ndarray, "seed epoch"]]
    val_rounded: dict[str, Float[np.ndarray, "seed epoch"]]
    born_frozen: np.ndarray


def rounded_accuracy(y_true: Any, y_pred: Any) -> Any:
    """Binary accuracy of Keras 2.0: `K.mean(K.equal(y_true, K.round(y_pred)), axis=-1)`."""
    return keras.ops.mean(keras.ops.cast(keras.ops.equal(y_true, keras.ops.round(y_pred)), y_pred.dtype), axis=-1)


def tell_missing_sigmoid(
    texts: Any,
    labels: Any,
    train: np.ndarray,
    held_out: np.ndarray,
    *,
    num_seeds: int = 6,
    epochs: int = 20,
    seed: int = 0,
) -> SigmoidStory:
    """Trains the three variants from the same starts.

    Args:
        texts: Numbers of words, 0 for none, shape `(row, word)`.
        labels: 0 and 1, shape `(row, 1)`.
        train: Positions of the rows to train on.
        held_out: Positions of the rows to look at.
        num_seeds: Trainings of each variant.
        epochs: Epochs of each.
        seed: Seed of the trainings.

    Returns:
        Loss and both accuracies of the variants, epoch by epoch.
    """
    members = [Member(train, held_out, seed=number) for number in range(num_seeds)]
    histories = {
        variant: train_population(
            _builder(variant, texts.shape[1]), texts, labels, members, epochs=epochs, batch_size=BATCH, seed=seed,
            fuse=False,
        ).history
        for variant in VARIANTS
    }  # fmt: skip

    def series(name: str) -> dict[str, Any]:
        return {variant: history[name] for variant, history in histories.items()}

    moved = np.ptp(histories["no_sigmoid"]["loss"], axis=1)
    return SigmoidStory(
        series("loss"), series("accuracy"), series("rounded_accuracy"), series("val_accuracy"),
        series("val_rounded_accuracy"), moved < STILL,
    )  # fmt: skip


def _builder(variant: str, length: int) -> Callable[[], Any]:
    """The convnet of the published notebook with fewer words and filters; metrics are asked for what they judge."""
    from_logits = variant == "from_logits"

    def build() -> Any:
        model = keras.Sequential([
            keras.Input((length,)),
            keras.layers.Embedding(NUM_WORDS, 32),
            keras.layers.Conv1D(32, 7, activation="relu"),
            keras.layers.MaxPooling1D(5),
            keras.layers.Conv1D(32, 7, activation="relu"),
            keras.layers.GlobalMaxPooling1D(),
            keras.layers.Dense(1, activation="sigmoid" if variant == "sigmoid" else None),
        ])  # fmt: skip
        metrics = [
            keras.metrics.BinaryAccuracy("accuracy", threshold=0.0 if from_logits else 0.5),
            _rounded(from_logits),
        ]
        loss = keras.losses.BinaryCrossentropy(from_logits=from_logits)
        model.compile(keras.optimizers.RMSprop(1e-3), loss, metrics=metrics)
        return model

    return build


def _rounded(from_logits: bool) -> Any:  # noqa: FBT001 (one caller)
    def of_logits(y_true: Any, y_pred: Any) -> Any:
        return rounded_accuracy(y_true, keras.ops.sigmoid(y_pred))

    return keras.metrics.MeanMetricWrapper(of_logits if from_logits else rounded_accuracy, name="rounded_accuracy")


def as_numbers(texts: Sequence[str], train: np.ndarray) -> Any:
    """Texts as the numbers of their last 120 words, the 1,999 most frequent words of the training rows.

    Args:
        texts: Reviews.
        train: Positions of the training rows.

    Returns:
        Shape `(row, word)`, float32; 0 in front where a text is shorter.
    """
    split = [WORD.findall(text.lower().replace("<br />", " ")) for text in texts]
    counts = Counter(word for row in train for word in split[row])
    numbers = {word: number for number, (word, _) in enumerate(counts.most_common(NUM_WORDS - 1), start=1)}
    table = np.zeros((len(split), LENGTH), np.float32)
    for row, words in enumerate(split):
        known = [numbers[word] for word in words if word in numbers][-LENGTH:]
        table[row, LENGTH - len(known) :] = known
    return table
