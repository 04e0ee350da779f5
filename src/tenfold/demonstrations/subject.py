"""What a demonstration trains: the user's model on the user's rows, or a small network on rows made for the purpose."""

import functools
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from jaxtyping import Float

from tenfold.engine.arrays import first_rows, num_rows, to_arrays
from tenfold.engine.member import Member
from tenfold.engine.network import Batch, Network, require_jax
from tenfold.engine.population import PopulationResult, train_population
from tenfold.engine.settings import LEARNING_RATE, find_settings
from tenfold.engine.starts import build_model
from tenfold.engine.telemetry import Telemetry
from tenfold.engine.training import check_seeds
from tenfold.errors import ModelError, OptionError
from tenfold.examination.copies import copier

__all__ = ["PROBE_ROWS", "Subject", "check_counts", "is_example", "losses_of", "rows_of"]

PROBE_ROWS = 256
"""Rows that layers are looked at with at most: a unit that is dead on all of them is dead. Arbitrary."""


class Subject:
    """A model and its rows.

    Args:
        model: A compiled Keras model, or a function without arguments that returns one; it is not changed.
        x: Inputs.
        y: Targets.

    Attributes:
        data: Its rows.
        build: What builds compiled models with weights of their own.

    Raises:
        ModelError: Not a compiled Keras model, or it does not fit the rows.
        OptionError: Only one of inputs and targets.
        TableError: Rows that are not numbers, or not as many inputs as targets.
    """

    def __init__(self, model: Any, x: Any, y: Any) -> None:
        self.data = rows_of(x, y)
        self._given = model
        is_function = callable(model) and not isinstance(model, keras.Model)
        self.build = model if is_function else copier(self.model)

    @functools.cached_property
    def network(self) -> Network:
        """The model itself, or one that the function has returned, as the engine sees it: it is built and fits."""
        return Network(build_model(self._given), first_rows(self.data, min(32, num_rows(self.data))))

    @property
    def model(self) -> Any:
        """The Keras model of `network`."""
        return self.network.model

    @property
    def rate(self) -> float:
        """The learning rate that the model was compiled with.

        Raises:
            ModelError: Its optimizer has none that could be exchanged.
        """
        rate = find_settings(self.model).get(LEARNING_RATE)
        if rate is None:
            raise ModelError(
                "no_learning_rate", f"`{type(self.model.optimizer).__name__}` has no learning rate to vary",
                hint="compile the model with a number for `learning_rate`",
            )  # fmt: skip
        return rate

    def trained(
        self, members: Sequence[Member], *, epochs: int, batch_size: int, seed: int, callbacks: Sequence[Any] = (),
        telemetry: Telemetry | None = None,
    ) -> PopulationResult:  # fmt: skip
        """Train members of the model as one program."""
        return train_population(
            self.build, self.data.x, self.data.y, members, epochs=epochs, batch_size=batch_size, seed=seed,
            callbacks=callbacks, telemetry=telemetry,
        )  # fmt: skip


def is_example(model: Any, x: Any, y: Any) -> bool:
    """Whether a view is asked for without a model and without rows.

    Raises:
        OptionError: Rows without a model.
    """
    if model is None and not (x is None and y is None):
        raise OptionError(
            "no_model_given", "These rows come without a model", expected="a compiled Keras model before `x` and `y`",
            hint="leave out `x` and `y` too to see an example",
        )  # fmt: skip
    return model is None


def rows_of(x: Any, y: Any) -> Batch:
    """Inputs and targets that were both given.

    Raises:
        OptionError: Only one of them, or neither.
        TableError: They do not fit together.
    """
    require_jax()
    if x is None or y is None:
        raise OptionError(
            "no_rows_given", "A model of your own needs the rows that it is trained on",
            expected="`x` and `y`", hint="leave out `model`, `x` and `y` together to see an example",
        )  # fmt: skip
    return to_arrays(x, y)


def check_counts(*, seeds: int, seed: int) -> None:
    """Refuse numbers that no seeds can be made from.

    Raises:
        OptionError: Less than one seed, or a seed below 0.
    """
    check_seeds(seed)
    if isinstance(seeds, bool) or not isinstance(seeds, int) or seeds < 1:
        raise OptionError("num_seeds", "`seeds` must be a whole number of at least 1", received=repr(seeds))


def losses_of(
    result: PopulationResult, groups: int, epochs: int, name: str = "loss"
) -> Float[np.ndarray, "group seed epoch"]:
    """A log of members that stand group by group, seed by seed; NaN where a member had ended."""
    history = np.asarray(result.history[name], float)[:, :epochs]
    padded = np.full((len(history), epochs), np.nan)
    padded[:, : history.shape[1]] = history
    return padded.reshape(groups, -1, epochs)
