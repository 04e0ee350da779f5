"""`tenfold.fit`: what `Model.fit` does, with whole epochs on the device, and what the checks make of it.

    history = tenfold.fit(model, x, y, epochs=100, batch_size=16, validation_split=0.2)
    history.findings          # what is wrong with this training, the likeliest first cause first

The training is that of `tenfold.engine.train`. The checks read the model as it starts, a part of the rows, and the
history: no further training, milliseconds in all. Faults that only a probe training shows are `tenfold.examine`'s.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from tenfold.checks.facts import Evidence, HistoryFacts
from tenfold.checks.judging import check_mute
from tenfold.checks.trainings import NOTHING, announcement, findings_of
from tenfold.engine import train
from tenfold.engine.network import Batch, Network
from tenfold.observation.watching import watched
from tenfold.progress import Noticed
from tenfold.progress_display.choice import display_for

__all__ = ["fit"]


def fit(
    model: Any,
    x: Any,
    y: Any = None,
    *,
    epochs: int = 1,
    batch_size: int | None = None,
    validation_data: Any = None,
    validation_split: float = 0.0,
    callbacks: Sequence[Any] | None = None,
    class_weight: Mapping[int, float] | None = None,
    sample_weight: Any = None,
    shuffle: bool | str = True,
    initial_epoch: int = 0,
    seed: int | None = None,
    verbose: int | str = "auto",
    fuse: bool = True,
    checks: bool = True,
    mute: Iterable[str] = (),
) -> Any:
    """Train a compiled Keras model in place.

    Args:
        model: A compiled Keras model on the JAX backend.
        x: Inputs: arrays, lists or dicts of arrays, pandas objects, or a `keras.utils.PyDataset` or generator.
        y: Targets, nested as the model answers; None with a data set that yields them.
        epochs: Number of the epoch to stop before, counted from 0, as in `Model.fit`.
        batch_size: Rows of a step; 32 by default.
        validation_data: `(x, y)` or `(x, y, sample_weight)` to evaluate on after each epoch.
        validation_split: Fraction of the rows, taken from the end, to evaluate on instead; between 0 and 1.
        callbacks: Keras callbacks.
        class_weight: Weight of each class in training.
        sample_weight: Weight of each row, or of each output's rows.
        shuffle: Shuffle the rows before each epoch (True), within batches (`"batch"`) or not at all.
        initial_epoch: Number of the first epoch.
        seed: Seed of the order of rows. None draws it from NumPy's global generator, exactly as `Model.fit` does.
        verbose: 0 silent, 1 one live line, 2 a line an epoch, `"auto"`.
        fuse: Train sigmoid and softmax heads on their logits, where floating point does not cut the gradient off; False
            reproduces Keras.
        checks: Whether the checks look at the training; a few milliseconds.
        mute: Codes of checks and kinds of fault that are not to be told, such as `"TF401"` or `"imbalance"`.

    Returns:
        A `keras.callbacks.History` with the keys that Keras logs, and two attributes more: `findings`, what the checks
        found, the likeliest first cause first, and `fused_heads`, names of the layers that were trained on logits.

    Raises:
        BackendError: Keras runs on another backend.
        ModelError: The model is not compiled, or does not fit the data.
        OptionError: A callback watches what is not logged, a number is out of range, or a name to mute does not exist.

    Example:
    >>> import keras, numpy as np, tenfold
    >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    >>> model.compile("sgd", "mse")
    >>> x = np.array([[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    >>> history = tenfold.fit(model, x, x.sum(axis=1), epochs=3, verbose=0)
    >>> sorted(history.history), len(history.history["loss"])
    (['loss'], 3)
    """
    muted = tuple(mute)
    check_mute(muted)
    seen = _Seen(Evidence(epochs=epochs, batch_size=batch_size or 32, shuffles=bool(shuffle)), is_watched=checks)
    history = train.fit(
        model, x, y, epochs=epochs, batch_size=batch_size, validation_data=validation_data,
        validation_split=validation_split, callbacks=callbacks, class_weight=class_weight, sample_weight=sample_weight,
        shuffle=shuffle, initial_epoch=initial_epoch, seed=seed, verbose=verbose, fuse=fuse, look=seen.look,
    )  # fmt: skip
    history.findings = (
        findings_of(seen.evidence, _history_facts(history, callbacks, epochs), muted) if checks else NOTHING
    )
    told = announcement(history.findings, "history.findings")
    if told:
        display_for(verbose)(Noticed(told))
    return history


@dataclass
class _Seen:
    """What is seen of a training before it begins.

    Args:
        evidence: What was asked for, until more is seen.
        is_watched: Whether model and data are looked at.
    """

    evidence: Evidence
    is_watched: bool

    def look(self, network: Network, data: Batch, held_out: Batch | None) -> None:
        """Take a look, as the engine offers it."""
        if self.is_watched:
            asked = self.evidence
            self.evidence = watched(
                network, data, held_out, epochs=asked.epochs, batch_size=asked.batch_size, shuffles=asked.shuffles
            )


def _history_facts(history: Any, callbacks: Any, epochs: int) -> HistoryFacts:
    logs = {name: np.asarray(line, float)[None] for name, line in history.history.items() if np.ndim(line) == 1}
    is_finite = all(np.isfinite(logs[name]).all() for name in ("loss", "val_loss") if name in logs)
    came_to_the_end = len(history.epoch) > 0 and history.epoch[-1] + 1 >= epochs
    outcome = "nonfinite_loss" if not is_finite else "ran" if came_to_the_end else "stopped_early"
    return HistoryFacts(
        logs, epochs, (outcome,), keeps_best=any(map(_restores_best, keras.tree.flatten(callbacks or [])))
    )


def _restores_best(callback: Any) -> bool:
    return bool(getattr(callback, "restore_best_weights", False) or getattr(callback, "save_best_only", False))
