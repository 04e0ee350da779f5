"""Optuna's side of a search: studies, the sampler, and quiet.

A batch of trials is asked for before any of them is told. The sampler for that is TPE with the constant liar, which
keeps the trials of a batch apart, and `multivariate`, which sees what settings do together (Falkner, Klein and Hutter
2018, BOHB). It is seeded anew for each batch from the search's seed and the number of trials so far: a search that goes
on from a storage asks what it would have asked without the break.
"""

import contextlib
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np
import optuna
from optuna.storages.journal import JournalFileBackend

from tenfold.errors import OptionError

__all__ = ["DEFAULT_NAME", "Direction", "open_study", "pruner_of", "quiet_optuna", "seed_sampler"]

Direction: TypeAlias = Literal["minimize", "maximize"]

DEFAULT_NAME = "tenfold"
"""Name of a study that the user has not named."""


@contextlib.contextmanager
def quiet_optuna() -> Iterator[None]:
    """Optuna's logger says nothing below a warning, and no word about features that are new, while the block runs."""
    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(max(before, optuna.logging.WARNING))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
            yield
    finally:
        optuna.logging.set_verbosity(before)


def open_study(study: Any, storage: Any, *, direction: Direction) -> optuna.Study:
    """The study that a user names, or a new one.

    Args:
        study: A study of Optuna's, a name in the storage, or None.
        storage: One of Optuna's storages, the URL of a database, the path of a journal file, or None for memory.
        direction: `"minimize"` or `"maximize"`.

    Raises:
        OptionError: Neither a study nor a name, or a study that looks for the other direction or for several measures.
    """
    if isinstance(study, optuna.Study):
        return _checked(study, direction)
    if study is not None and not isinstance(study, str):
        raise OptionError(
            "study", "`study` is not a study", expected="an optuna.Study, or the name of one in `storage`",
            received=f"an object of type `{type(study).__name__}`",
        )  # fmt: skip
    return _checked(
        optuna.create_study(
            storage=_storage(storage), study_name=study or DEFAULT_NAME, direction=direction, load_if_exists=True
        ),
        direction,
    )


def seed_sampler(study: optuna.Study, *, seed: int, batch: int) -> None:
    """Give the study Tenfold's own sampler, seeded for its next batch.

    Args:
        study: Whose trials so far decide, with the seed, what is asked next.
        seed: The search's seed.
        batch: Trials of a batch; the first batch is drawn at random.
    """
    asked = len(study.get_trials(deepcopy=False))
    number = int(np.random.SeedSequence([seed, asked]).generate_state(1)[0])
    with quiet_optuna():
        study.sampler = optuna.samplers.TPESampler(
            n_startup_trials=batch, multivariate=True, group=True, constant_liar=True, seed=number
        )


def pruner_of(pruning: Any) -> optuna.pruners.BasePruner | None:
    """The pruner behind `pruning=`: the paired test for True, none for False, or the user's own.

    Raises:
        OptionError: Something else.
    """
    if pruning is True:
        return optuna.pruners.WilcoxonPruner()  # p < 0.1, Optuna's own threshold
    if pruning is False or pruning is None:
        return None
    if isinstance(pruning, optuna.pruners.BasePruner):
        return pruning
    raise OptionError("pruning", "`pruning` is unknown", expected="True, False or a pruner of Optuna's",
                      received=repr(pruning))  # fmt: skip


def _storage(storage: Any) -> Any:
    is_path = isinstance(storage, Path) or (isinstance(storage, str) and "://" not in storage)
    return optuna.storages.JournalStorage(JournalFileBackend(str(storage))) if is_path else storage


def _checked(study: optuna.Study, direction: str) -> optuna.Study:
    asked = [one.name.lower() for one in study.directions]
    if asked != [direction]:
        raise OptionError(
            "study_direction", f"The study `{study.study_name}` looks for another direction than the measure",
            expected=f"the direction `{direction}`", received=", ".join(asked),
        )  # fmt: skip
    return study
