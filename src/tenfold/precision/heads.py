"""The study's experiment: the same network with a raw head and with a sigmoid head, over many seeds.

Both heads start from the same weights and see the rows in the same order, pair by pair: the head and its loss decide
what the compiled step is, so the pairs are two populations, not one program. Afterwards both are read through the raw
head, so that their losses are compared as they are, not as a clipped probability shows them.

Source: Grosse's article of 2019 compared 18 trainings that did not share their seeds; the difference drowned in them.
"""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from jaxtyping import Bool, Float

from tenfold.engine.member import Member
from tenfold.engine.population import PopulationResult, train_population
from tenfold.intervals import ScoreInterval, row_interval
from tenfold.precision.tasks import Task
from tenfold.precision.walls import wall

__all__ = ["HEADS", "HeadComparison", "HeadScores", "compare_heads"]

HEADS = ("from_logits", "probability")
BATCH = 32


@dataclass(frozen=True)
class HeadScores:
    """How the networks of one head did, a number a seed.

    Attributes:
        accuracy: Share of test rows on the right side, 0 to 1.
        loss: Mean crossentropy of the test rows from their logits, float64, nats.
        beyond: Share of the training rows whose loss is clipped at the end (logit outside of the walls).
        curve: Mean training loss of each epoch, as the head itself sees it, nats.
        largest_logit: Largest absolute logit of a training row at the end.
    """

    accuracy: Float[np.ndarray, " seed"]
    loss: Float[np.ndarray, " seed"]
    beyond: Float[np.ndarray, " seed"]
    curve: Float[np.ndarray, "seed epoch"]
    largest_logit: Float[np.ndarray, " seed"]


@dataclass(frozen=True)
class HeadComparison:
    """Both heads on one task.

    Attributes:
        task: Name of the task.
        question: It in words.
        start: Bias that the head starts with.
        num_train: Rows trained on.
        num_test: Rows compared on.
        epochs: Epochs trained.
        from_logits: Trained with `from_logits=True`.
        probability: Trained through the sigmoid and the clip, as Keras does.
    """

    task: str
    question: str
    start: float
    num_train: int
    num_test: int
    epochs: int
    from_logits: HeadScores
    probability: HeadScores

    def difference(self, score: str) -> ScoreInterval:
        """Mean of `from_logits - probability` over the pairs, with its 95 % interval over seeds.

        Args:
            score: `"accuracy"` or `"loss"`.
        """
        return row_interval(getattr(self.from_logits, score) - getattr(self.probability, score))


def compare_heads(
    task: Task, *, num_seeds: int, start: float = 0.0, seed: int = 0, epochs: int | None = None
) -> HeadComparison:
    """Trains both heads from the same starts.

    Args:
        task: Data and network.
        num_seeds: Pairs; each has its own initial weights and order of rows.
        start: Bias of the head at the start: the logit that every row begins around.
        seed: Seed of the whole comparison.
        epochs: Epochs; None for the task's own.

    Returns:
        Scores of both heads, pair by pair.
    """
    epochs = epochs or task.epochs
    members = [Member(task.train, seed=number) for number in range(num_seeds)]

    def train(head: str) -> PopulationResult:
        return train_population(
            _builder(task, head, start), task.x, task.y, members, epochs=epochs, batch_size=BATCH, seed=seed, fuse=False
        )

    raw, clipped = (train(head) for head in HEADS)
    read_raw = dataclasses.replace(raw, states=clipped.states)
    scores = [_scores(task, raw, raw.history["loss"]), _scores(task, read_raw, clipped.history["loss"])]
    return HeadComparison(task.name, task.question, start, len(task.train), len(task.test), epochs, *scores)


def _builder(task: Task, head: str, start: float) -> Callable[[], Any]:
    """The network with one head; both draw the same weights from the same seed."""

    def build() -> Any:
        activation, from_logits = ("linear", True) if head == "from_logits" else ("sigmoid", False)
        bias = keras.initializers.Constant(start)
        last = keras.layers.Dense(1, activation=activation, bias_initializer=bias)
        model = keras.Sequential([keras.Input(task.x.shape[1:]), *task.layers(), last])
        loss = keras.losses.BinaryCrossentropy(from_logits=from_logits)
        model.compile(keras.optimizers.Adam(task.learning_rate), loss)
        return model

    return build


def _scores(task: Task, read_raw: PopulationResult, curve: Any) -> HeadScores:
    logits = read_raw.predict(task.x)[..., 0].astype(np.float64)
    labels = task.y[:, 0].astype(np.float64)
    tested = logits[:, task.test]
    losses = np.logaddexp(0, tested) - labels[task.test] * tested
    right = (tested > 0) == (labels[task.test] > 0)
    trained = logits[:, task.train]
    return HeadScores(
        right.mean(axis=1), losses.mean(axis=1), _beyond(trained).mean(axis=1), np.asarray(curve, np.float64),
        np.abs(trained).max(axis=1),
    )  # fmt: skip


def _beyond(logits: Float[np.ndarray, "seed row"]) -> Bool[np.ndarray, "seed row"]:
    found = wall("float32", "binary_crossentropy")
    return (logits < found.lower) | (logits > found.upper)
