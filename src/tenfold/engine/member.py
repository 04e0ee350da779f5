"""A member: one training run, by the rows it sees and the settings it has."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Int

__all__ = ["Member"]


@dataclass(frozen=True)
class Member:
    """One training run of a population.

    Attributes:
        train_rows: Positions of the rows to train on, 0 to the number of rows - 1.
        validation_rows: Positions of the rows to validate on; may be empty.
        fold: Which fold it is, for its randomness and for the tables.
        seed: Which repetition with other initial weights and another order of rows.
        trial: Which candidate of a search.
        settings: Settings that differ between members, by name (`tenfold.engine.settings`).
        epochs: Epochs that it trains at most; None for all epochs of the call.
        start: Values that some variables start from in place of the model's own, by Keras' path (`output/kernel`).
    """

    train_rows: Int[np.ndarray, " train_row"]
    validation_rows: Int[np.ndarray, " validation_row"] = field(default_factory=lambda: np.zeros(0, np.int64))
    fold: int = 0
    seed: int = 0
    trial: int = 0
    settings: Mapping[str, float] = field(default_factory=dict)
    epochs: int | None = None
    start: Mapping[str, np.ndarray] = field(default_factory=dict, repr=False)

    def entropy(self, run_seed: int, purpose: str) -> np.random.SeedSequence:
        """The member's own source of randomness for one purpose, whatever its place in the population.

        Args:
            run_seed: Seed of the whole call, 0 or above.
            purpose: `"order"`, `"weights"` or `"noise"`; each has a stream of its own.
        """
        return np.random.SeedSequence([run_seed, self.fold, self.seed, self.trial, *purpose.encode()])
