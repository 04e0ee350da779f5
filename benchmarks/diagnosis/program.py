"""A program of the development set: a model, data and a way to train, as a user has them, and the fault in it.

Checks are tuned and measured on such programs: sound ones, on which they should be silent, and mutants, each a sound
twin with one fault put into it by hand. A program also knows how it would be judged on new rows, so that the harm of a
fault is measured (`harm.py`) and not assumed. The names of the faults are those of `finding.fault`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import keras
import numpy as np
from diagnosis.rows import Rows
from sklearn.metrics import accuracy_score, balanced_accuracy_score, f1_score, r2_score

__all__ = ["FAULTS", "PROGRAMS", "Program", "changed", "mutant", "score_of", "sequential", "sound"]

FAULTS = (
    "head_loss_mismatch",
    "unscaled_input",
    "unscaled_target",
    "misaligned_xy",
    "ordered_data",
    "split_mismatch",
    "leakage",
    "imbalance",
    "bad_init",
    "dying_relu",
    "saturation",
    "vanishing_gradient",
    "exploding_gradient",
    "lr_too_high",
    "lr_too_low",
    "optimizer",
    "too_few_epochs",
    "no_nonlinearity",
    "dropout",
    "overfitting",
    "capacity",
    "clipped_loss",
    "label_error",
    "metric",
    "numeric",
)


@dataclass(frozen=True)
class Program:
    """One program.

    Attributes:
        name: Unique; the family comes first.
        family: Kind of data: `circles`, `digits`, `text`, ...
        build: Gives the compiled model.
        rows: Gives, for a seed, all rows as the program prepares them.
        epochs: Of the program's own `fit`.
        batch_size: Of the program's own `fit`.
        answers: What a prediction is read as: `classes` (scored by accuracy), `rare` (classes, balanced accuracy),
            `labels` (several at once, micro F1) or `numbers` (R2).
        threshold: Where one output, or one label, turns from no to yes: 0.5, or 0 where the model answers logits.
        fault: What is wrong, or None for a sound program.
        also_acceptable: Other names of the fault that a fair judge accepts, since changing that cures the program too.
        twin: Name of the sound program it comes from.
        human_fix: What a knowing reader would answer.
        is_real: Retold from a program that people really asked about: measured, never tuned on.
    """

    name: str
    family: str
    build: Callable[[], keras.Model]
    rows: Callable[[int], Rows]
    epochs: int
    batch_size: int = 32
    answers: str = "classes"
    threshold: float = 0.5
    fault: str | None = None
    also_acceptable: tuple[str, ...] = ()
    twin: str | None = None
    human_fix: str = ""
    is_real: bool = False

    def data(self, seed: int) -> tuple[Any, Any, tuple[Any, Any] | None]:
        """`x`, `y` and `validation_data` (None where the program has none) as the program hands them over."""
        rows = self.rows(seed)
        return rows.x, rows.y, rows.validation

    @property
    def accepted(self) -> tuple[str, ...]:
        """All names of its fault that count as right, the own one first."""
        return (self.fault, *self.also_acceptable) if self.fault else ()


PROGRAMS: dict[str, Program] = {}
"""All programs that have been imported, by name."""

Builder = Callable[[], keras.Model]


def sound(family: str, rows: Callable[[int], Rows], *, epochs: int, **settings: Any) -> Callable[[Builder], Program]:
    """Makes the function under it a sound program of that name. `settings` are fields of `Program`."""

    def register(build: Builder) -> Program:
        return _kept(Program(build.__name__, family, build, rows, epochs, **settings))

    return register


def mutant(twin: Program, fault: str, *, fix: str, **settings: Any) -> Callable[[Builder], Program]:
    """Makes the function under it the model of a faulty program; all else is its twin's, or as in `settings`."""

    def register(build: Builder) -> Program:
        return changed(twin, build.__name__, fault, fix=fix, build=build, **settings)

    return register


def changed(twin: Program, name: str, fault: str, *, fix: str, **settings: Any) -> Program:
    """A faulty program that has its twin's model, unless `settings` say otherwise."""
    return _kept(replace(twin, name=name, fault=fault, twin=twin.name, human_fix=fix, **settings))


def _kept(program: Program) -> Program:
    if program.name in PROGRAMS or (program.fault or FAULTS[0]) not in FAULTS:
        message = f"`{program.name}` is taken, or `{program.fault}` is no fault."
        raise ValueError(message)
    PROGRAMS[program.name] = program
    return program


def sequential(shape: tuple[int | None, ...], *layers: Any, optimizer: Any, loss: Any, metrics: Any = None) -> Any:
    """A compiled `keras.Sequential` of these layers behind an `Input` of this shape."""
    model = keras.Sequential([keras.Input(shape), *layers])
    model.compile(optimizer=optimizer, loss=loss, metrics=metrics)
    return model


def score_of(program: Program, predictions: Any, truth: Any) -> float:
    """How well the program answers on new rows; the higher, the better.

    Args:
        program: Says what a prediction means.
        predictions: The model's outputs on `rows.held_x`.
        truth: `rows.held_y`.

    Returns:
        Accuracy, balanced accuracy or micro F1 in [0, 1]; R2 for numbers, at least -1. Predictions that are not finite
        have the score of an answer that knows nothing: 0.
    """
    if isinstance(predictions, list | tuple):
        predictions = np.concatenate(predictions, axis=1)
    predictions = np.asarray(predictions, dtype=float)
    if not np.isfinite(predictions).all():
        return 0.0
    if program.answers == "numbers":
        return max(-1.0, _explained(truth, predictions))
    if program.answers == "labels":
        return float(f1_score(truth, predictions > program.threshold, average="micro", zero_division=0.0))
    answers = _classes(predictions, program.threshold)
    measure = balanced_accuracy_score if program.answers == "rare" else accuracy_score
    return float(measure(np.ravel(truth), answers))


def _explained(truth: Any, predictions: np.ndarray) -> float:
    columns = np.reshape(truth, (len(truth), -1)), predictions.reshape(len(truth), -1)
    return float(r2_score(*columns, multioutput="variance_weighted"))


def _classes(predictions: np.ndarray, threshold: float) -> np.ndarray:
    outputs = predictions.reshape(len(predictions), -1)
    return (outputs[:, 0] > threshold).astype(int) if outputs.shape[1] == 1 else outputs.argmax(axis=1)
