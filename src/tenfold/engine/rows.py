"""Which rows a member sees, and in what order.

Each member has its training rows, its validation rows and a stream of random numbers for the order of its rows. Here
these become index matrices with one line a member: rows are never copied, and members with fewer rows than others are
padded with their own first row, which then weighs nothing. A member's randomness follows from (run seed, fold, seed,
trial) alone, never from its place in the population.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Int

from tenfold.engine.member import Member

__all__ = ["Geometry", "RowOrder", "fill_lines"]


@dataclass(frozen=True)
class Geometry:
    """The sizes that decide a program's shape; one for all members of a wave.

    Attributes:
        batch_size: Rows of a training step.
        num_steps: Training steps of an epoch, full ones and a padded one.
        partial_rows: Rows of the last, smaller step, where padding is not allowed; 0 for none.
        validation_batch_size: Rows of a validation step.
        num_validation_steps: Validation steps, full ones and a padded one; 0 without validation.
        validation_partial_rows: Rows of the last, smaller validation step, where padding is not allowed.
        masks_training: Whether any training row is padding.
        masks_validation: Whether any validation row is padding.
        ragged: Whether members differ in their number of steps.
    """

    batch_size: int
    num_steps: int
    partial_rows: int
    validation_batch_size: int
    num_validation_steps: int
    validation_partial_rows: int
    masks_training: bool
    masks_validation: bool
    ragged: bool

    @property
    def train_width(self) -> int:
        """Length of a member's line of training rows."""
        return self.num_steps * self.batch_size + self.partial_rows

    @property
    def validation_width(self) -> int:
        """Length of a member's line of validation rows."""
        return self.num_validation_steps * self.validation_batch_size + self.validation_partial_rows

    @classmethod
    def of(
        cls,
        num_train: Sequence[int],
        num_validation: Sequence[int],
        *,
        batch_size: int,
        validation_batch_size: int,
        pads_training: bool,
        pads_validation: bool,
    ) -> "Geometry":
        """The sizes for members with these numbers of rows.

        Args:
            num_train: Training rows of each member.
            num_validation: Validation rows of each member.
            batch_size: Rows of a training step.
            validation_batch_size: Rows of a validation step.
            pads_training: Whether padded rows can take part in training; else all numbers must be equal.
            pads_validation: The same for validation.
        """
        steps, partial, masks = _steps(num_train, batch_size, pads=pads_training)
        validation_steps, validation_partial, validation_masks = _steps(
            num_validation, validation_batch_size, pads=pads_validation
        )
        ragged = len({-(-count // batch_size) for count in num_train}) > 1
        return cls(
            batch_size, steps, partial, validation_batch_size, validation_steps, validation_partial,
            masks, validation_masks, ragged,
        )  # fmt: skip


def _steps(counts: Sequence[int], batch_size: int, *, pads: bool) -> tuple[int, int, bool]:
    if pads:
        steps = max(-(-count // batch_size) for count in counts)
        return steps, 0, any(count != steps * batch_size for count in counts)
    return counts[0] // batch_size, counts[0] % batch_size, False


def fill_lines(rows: Sequence[Int[np.ndarray, " _"]], width: int) -> Int[np.ndarray, "member row"]:
    """Rows of each member as one line, padded with the member's own first row.

    >>> fill_lines([np.array([4, 2]), np.array([1, 0, 3])], 3)
    array([[4, 2, 4],
           [1, 0, 3]], dtype=int32)
    """
    lines = np.zeros((len(rows), width), np.int32)
    for line, own in zip(lines, rows, strict=True):
        line[: len(own)] = own
        line[len(own) :] = own[0] if len(own) else 0
    return lines


class RowOrder:
    """The order of training rows, epoch by epoch.

    Args:
        members: The members, in the order of the wave.
        geometry: Sizes of the wave.
        run_seed: Seed of the call; None draws from NumPy's global generator, as `Model.fit` does.
        shuffle: True shuffles all rows each epoch, `"batch"` the rows within each batch, False keeps them.
    """

    def __init__(
        self, members: Sequence[Member], geometry: Geometry, run_seed: int | None, *, shuffle: bool | str
    ) -> None:
        self.rows = [np.asarray(member.train_rows, np.int32) for member in members]
        self.geometry = geometry
        self.shuffle = shuffle
        self.generators: list[np.random.Generator | None] = [
            None if run_seed is None else np.random.default_rng(member.entropy(run_seed, "order")) for member in members
        ]

    def next_epochs(
        self, count: int, capacity: int, wanted: Bool[np.ndarray, " member"]
    ) -> Int[np.ndarray, "member epoch row"]:
        """Orders of the next epochs.

        Args:
            count: Epochs to draw.
            capacity: Epochs that the array has room for; the rest stays zero. One line is enough without shuffling.
            wanted: Members that still train; nothing is drawn for the others.

        Returns:
            Positions of rows in the data.
        """
        if not self.shuffle:
            return fill_lines(self.rows, self.geometry.train_width)[:, None, :]
        orders = np.zeros((len(self.rows), capacity, self.geometry.train_width), np.int32)
        for line, own, generator, trains in zip(orders, self.rows, self.generators, wanted, strict=True):
            for epoch in range(count if trains else 0):
                line[epoch, : len(own)] = own[self._permutation(len(own), generator)]
            line[:count, len(own) :] = own[0]
        return orders

    def _permutation(self, count: int, generator: np.random.Generator | None) -> Int[np.ndarray, " row"]:
        permute = np.random.permutation if generator is None else generator.permutation
        if self.shuffle != "batch":
            return permute(count)
        size = self.geometry.batch_size
        return np.concatenate([permute(min(size, count - start)) + start for start in range(0, count, size)])
