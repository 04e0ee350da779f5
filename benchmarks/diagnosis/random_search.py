"""The rival of a repair: random search over what people tune, for the same time.

Trial 0 is the program as it is; every further trial draws optimizer, learning rate, batch size, epochs, width, depth,
activation, initial weights, dropout, and a last layer and loss of the right kind, all at once, as the random baseline
of Humbatova, Jahangirova and Tonella (ICST 2023, section III) does. A trial is scored on a quarter of the rows; the
best is trained again on all of them. It has what the repair has: the same engine, measure and rewriting of models.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from tenfold.engine.arrays import to_arrays
from tenfold.engine.starts import deferring_initializers
from tenfold.errors import SplitError
from tenfold.repairing.activations import with_activation
from tenfold.repairing.graph import is_rewritable
from tenfold.repairing.heads import propose_heads
from tenfold.repairing.outputs import targets_of
from tenfold.repairing.program import Case, FitArguments, Program
from tenfold.repairing.proposal import Asked
from tenfold.repairing.scoring import Scored, Scorer, train_whole
from tenfold.repairing.starts import drawn_by
from tenfold.repairing.structure import deeper, dropout_at, wider
from tenfold.split.cv import resolve_splits

__all__ = ["Searched", "random_search"]

OPTIMIZERS = ("SGD", "RMSprop", "Adam", "Nadam", "Adagrad")
HELD_PARTS = 4
RATES = 1e-5, 1.0
BATCHES = (16, 32, 64, 128, 256)
MOST_EPOCHS = 3
WIDTHS = (1, 2, 4)
ACTIVATIONS = (None, "relu", "leaky_relu", "selu", "tanh", "sigmoid")
INITIALIZERS = (None, "he_normal", "glorot_uniform", "lecun_normal")
DROPOUTS = (None, 0.0, 0.2)


@dataclass(frozen=True)
class Searched:
    """What a search has found.

    Attributes:
        model: The best trial's model, trained on all rows.
        num_trials: Trials that were trained.
        is_changed: Whether another trial than the program as it is was best.
    """

    model: keras.Model
    num_trials: int
    is_changed: bool


def random_search(
    model: keras.Model, x: Any, y: Any, *, epochs: int, batch_size: int, seconds: float, seed: int
) -> Searched:
    """Look for a better program for some seconds.

    Args:
        model: The compiled model.
        x: Inputs.
        y: Targets.
        epochs: Of the program's own `fit`.
        batch_size: Likewise.
        seconds: No further trial begins after them.
        seed: Of the draws.
    """
    start, data = time.monotonic(), to_arrays(x, y)
    untouched = Program(model, FitArguments(epochs, batch_size))
    targets = targets_of(model, data.x, data.y)
    case, held = Case(data.x, data.y, targets), _held(data.y, seed)
    scorer = Scorer(data.x, data.y, targets, seed=seed)
    best: Scored | None = None
    count = 0
    for program in _drawn(untouched, case, np.random.default_rng(seed)):
        if count and time.monotonic() - start > seconds:
            break
        trial = scorer.score([program], [held])[0]
        count += 1
        if not trial.failure and (best is None or trial.scores.mean() > best.scores.mean()):
            best = trial
    chosen = untouched if best is None else best.program
    return Searched(train_whole(chosen, data, seed=seed), count, chosen is not untouched)


def _held(y: Any, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows to train trials on, in their order, and a quarter to score them on."""
    target = keras.tree.flatten(y)[0]
    try:
        train, scored = resolve_splits(HELD_PARTS, None, target, None, seed)[0]
    except SplitError:  # a class with fewer rows than parts
        train, scored = resolve_splits(HELD_PARTS, None, np.arange(len(target)) + 0.5, None, seed)[0]
    return np.sort(train), scored


def _drawn(untouched: Program, case: Case, generator: np.random.Generator) -> Iterator[Program]:
    yield untouched
    while True:
        yield _one(untouched, case, generator)


def _one(program: Program, case: Case, generator: np.random.Generator) -> Program:
    """The program with everything drawn anew."""
    pick = generator.choice
    rate = float(np.exp(generator.uniform(*np.log(RATES))))
    program = program.fitted(
        batch_size=int(pick(BATCHES)), epochs=int(program.fit.epochs * generator.uniform(1, MOST_EPOCHS))
    )
    if is_rewritable(program.model):
        program = _architecture(program, case, generator)
    with deferring_initializers():
        return program.compiled(optimizer=getattr(keras.optimizers, str(pick(OPTIMIZERS)))(rate))


def _architecture(program: Program, case: Case, generator: np.random.Generator) -> Program:
    def pick(choices: tuple[Any, ...]) -> Any:
        return choices[generator.integers(len(choices))]

    head = pick((None, *propose_heads(program, case, Asked("", ""))))
    activation, initializer, times, dropout = map(pick, (ACTIVATIONS, INITIALIZERS, WIDTHS, DROPOUTS))
    if head is not None:
        program = head.apply(program, case) or program
    if activation is not None:
        program = with_activation(program, activation) or program
    if initializer is not None:
        program = drawn_by(program, lambda _: initializer) or program
    if times > 1:
        program = wider(program, times) or program
    if generator.integers(2):
        program = deeper(program) or program
    return program if dropout is None else dropout_at(program, dropout) or program
