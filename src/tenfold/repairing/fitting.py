"""Arguments of `fit`: `epochs`, `early_stopping`, `batch_size`, `class_weight`, `shuffle`.

More epochs are tried with early stopping on rows held back from the training rows, so that a number of epochs that is
too large does no harm. Class weights are those that make every class weigh alike, `rows / (classes * rows of the
class)` (King and Zeng 2001; scikit-learn's `balanced`).
"""

from collections.abc import Iterator

import numpy as np

from tenfold.repairing.program import Case, Change, Program
from tenfold.repairing.proposal import Asked, of_program, proposal

__all__ = [
    "propose_class_weights",
    "propose_early_stopping",
    "propose_epochs",
    "propose_shuffling",
    "propose_smaller_batches",
]

MORE = (3, 10)
"""Times as many epochs; optima are flat, so threefold steps find them (arbitrary)."""

FEWEST_PATIENCE, PATIENCE_SHARE = 5, 0.1
"""Epochs without a better loss until training stops: a tenth of all, at least five (arbitrary)."""

SMALL_BATCH = 32
"""Keras' default."""


def propose_epochs(program: Program, case: Case, asked: Asked) -> Iterator[Change]:
    """Three and ten times as many epochs at most, with early stopping."""
    del case
    for times in MORE:
        epochs = times * program.fit.epochs
        says = f"up to {epochs} epochs instead of {program.fit.epochs}, stopping early"
        yield proposal(asked, "epochs", says, of_program(_longer, times))


def propose_early_stopping(program: Program, case: Case, asked: Asked) -> Iterator[Change]:
    """The same epochs at most, stopped where the loss on rows held back stops falling."""
    del program, case
    yield proposal(asked, "early_stopping", "early stopping with the best weights", of_program(_longer, 1))


def propose_smaller_batches(program: Program, case: Case, asked: Asked) -> Iterator[Change]:
    """Keras' default batch size, where batches are larger."""
    del case
    if program.fit.batch_size > SMALL_BATCH:
        says = f"batches of {SMALL_BATCH} rows instead of {program.fit.batch_size}"
        yield proposal(asked, "batch_size", says, of_program(_smaller))


def propose_class_weights(program: Program, case: Case, asked: Asked) -> Iterator[Change]:
    """Every class weighs alike in training."""
    del program
    if len(case.targets) == 1 and case.targets[0].kind in ("two classes", "classes", "one-hot"):
        yield proposal(asked, "class_weight", "class weights that let every class weigh alike", _weighted)


def propose_shuffling(program: Program, case: Case, asked: Asked) -> Iterator[Change]:
    """Rows shuffled before a part of them is split off; only then their order can do harm."""
    del case
    if program.fit.validation_split or not program.fit.shuffle:
        yield proposal(asked, "shuffle", "rows shuffled before the split and in each epoch", of_program(_shuffled))


def _longer(program: Program, times: int) -> Program | None:
    epochs = times * program.fit.epochs
    patience = max(FEWEST_PATIENCE, round(PATIENCE_SHARE * epochs))
    if program.fit.patience is not None or patience >= epochs:
        return None
    return program.fitted(epochs=epochs, patience=patience)


def _smaller(program: Program) -> Program | None:
    return program.fitted(batch_size=SMALL_BATCH) if program.fit.batch_size > SMALL_BATCH else None


def _weighted(program: Program, case: Case) -> Program | None:
    if program.fit.class_weight is not None or len(case.targets) != 1:
        return None
    y = np.asarray(case.y)
    codes = y.argmax(-1) if case.targets[0].kind == "one-hot" else y.reshape(len(y), -1)[:, 0]
    if not (codes >= 0).all() or not (codes % 1 == 0).all():
        return None
    labels, counts = np.unique(codes, return_counts=True)
    weights = len(codes) / (len(labels) * counts)
    return program.fitted(class_weight={int(a): float(f"{b:.4g}") for a, b in zip(labels, weights, strict=True)})


def _shuffled(program: Program) -> Program | None:
    if program.fit.mixes_rows or not (program.fit.validation_split or not program.fit.shuffle):
        return None
    return program.fitted(mixes_rows=True, shuffle=True)
