"""A trial that has been asked for: what the user's `build` made of it, and what training told so far."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import optuna

from tenfold.engine.network import Batch
from tenfold.engine.population import PopulationResult
from tenfold.engine.variants import Variant, counting_names_anew, variant_of
from tenfold.errors import ModelError, OptionError, TenfoldError

__all__ = ["Asked", "Hunt", "ask", "model_of", "words_of"]

BATCH_SIZE, EPOCHS = "batch_size", "epochs"
"""What a trial may decide beside its model: as a suggestion of this name, or as a user attribute of the trial."""


@dataclass
class Hunt:
    """One search for a best trial, over the folds of some rows.

    Attributes:
        study: Optuna's study.
        folds: Training rows and validation rows of each fold.
        outer_rows: Rows that take no part in this hunt and score its winner; None for the hunt over all rows.
        winner: The members of the best trial so far.
        winner_number: Its number.
        winner_sizes: Its batch size and its epochs.
    """

    study: optuna.Study
    folds: Sequence[tuple[np.ndarray, np.ndarray]]
    outer_rows: np.ndarray | None = None
    winner: "PopulationResult | None" = field(default=None, repr=False)
    winner_number: int = -1
    winner_sizes: tuple[int, int] = (0, 0)


@dataclass
class Asked:
    """A trial between asking and telling.

    Attributes:
        trial: Optuna's trial.
        hunt: The search it belongs to.
        variant: Its model.
        batch_size: Rows of a training step.
        epochs: Epochs that its members train at most.
        values: The measure on each fold trained so far, by fold; the mean over seeds.
        parts: Populations that its members trained in, with their positions there.
        seconds: Time that its members' training took.
        failure: Why it cannot be told a value, as a phrase; empty while it can.
    """

    trial: Any
    hunt: Hunt
    variant: Variant
    batch_size: int
    epochs: int
    values: dict[int, float] = field(default_factory=dict)
    parts: list[tuple[PopulationResult, list[int]]] = field(default_factory=list, repr=False)
    seconds: float = 0.0
    failure: str = ""

    @property
    def value(self) -> float:
        """The mean over the folds."""
        return float(np.mean(list(self.values.values())))

    @property
    def mean_epochs(self) -> float:
        """Epochs that its members trained, on average up to the one whose weights they keep."""
        kept = [population.best_epochs[numbers] + 1 for population, numbers in self.parts]
        return float(np.mean(np.concatenate(kept)))


def ask(hunt: Hunt, build: Callable[[Any], Any], sample: Batch, *, batch_size: int, epochs: int) -> Asked | None:
    """The next trial of a hunt, built.

    Args:
        hunt: Whose study is asked.
        build: The user's function of a trial.
        sample: First rows of the data.
        batch_size: For a trial that does not choose its own.
        epochs: Likewise.

    Returns:
        The trial; None if `build` raised `optuna.TrialPruned`, its way to say that these settings make no model.

    Raises:
        ModelError: `build` raised anything else, or returned what is no compiled model; naming the trial's settings.
    """
    trial = hunt.study.ask()
    try:
        variant = variant_of(lambda: build(trial), sample)
        sizes = _size(trial, BATCH_SIZE, batch_size), _size(trial, EPOCHS, epochs)
    except optuna.TrialPruned:
        hunt.study.tell(trial, state=optuna.trial.TrialState.PRUNED)
        return None
    except Exception as error:
        hunt.study.tell(trial, state=optuna.trial.TrialState.FAIL)
        raise _of_trial(trial, error) from error
    return Asked(trial, hunt, variant, *sizes)


def model_of(build: Callable[[Any], Any], params: dict[str, Any], number: int) -> Callable[[], Any]:
    """A function that builds a trial's model once more, also after the trial was told.

    Args:
        build: The user's function of a trial.
        params: What was suggested.
        number: Of the trial.
    """

    def again() -> Any:
        with counting_names_anew():
            return build(optuna.trial.FixedTrial(dict(params), number))

    return again


def words_of(params: dict[str, Any]) -> str:
    """Settings as a user would write them.

    >>> words_of({"units": 32, "rate": 0.12345678})
    'units=32, rate=0.123457'
    """
    return ", ".join(f"{name}={value:.6g}" if isinstance(value, float) else f"{name}={value!r}"
                     for name, value in params.items())  # fmt: skip


def _size(trial: optuna.Trial, name: str, given: int) -> int:
    value = trial.user_attrs.get(name, trial.params.get(name, given))
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
        raise OptionError(name, f"`{name}` must be a whole number of at least 1", received=repr(value))
    return int(value)


def _of_trial(trial: optuna.Trial, error: Exception) -> ModelError:
    words = words_of(trial.params) or "it has suggested nothing yet"
    complaint = error.what if isinstance(error, TenfoldError) else f"{type(error).__name__}: {error}"
    return ModelError(
        "trial_not_built",
        f"`build` fails for trial {trial.number} ({words}): {complaint.splitlines()[0].rstrip('.')}",
        expected=error.expected if isinstance(error, TenfoldError) else "a compiled keras.Model",
        received=error.received if isinstance(error, TenfoldError) else None,
        hint="raise optuna.TrialPruned() in `build` for settings that make no model",
    )
