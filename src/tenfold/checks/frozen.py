"""Losses that are no losses: a number that says which share of the rows sits behind the wall of a clipped probability.

A network whose every answer lies beyond the clip has a loss of share x ceiling and no gradient: it stays there for
ever. In float32 the ceilings are -ln(1e-7) = 16.1181 nats and, for rows of label 0, 23 ln 2 = 15.9424. So a loss of
14.5063 with ten classes says that one class is always answered and nine tenths of the rows are at the ceiling.

    >>> print(recognise_frozen(14.5063, num_classes=10))
    a loss of 14.5063 is 0.9 x 16.1181: that share of the rows sits at the ceiling of a clipped probability

Sources: the study of 2019 for the ceilings; published notebooks for the losses 14.5063, 8.0792 and 7.9785.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

__all__ = ["CEILINGS", "FrozenLoss", "frozen_loss", "recognise_frozen"]

CEILINGS = {"positive": -math.log(1e-7), "negative": 23 * math.log(2)}
"""Nats of a row beyond the clip in float32: of label 1 or any class; of label 0, since 1 - 1e-7 rounds to 1 - 2^-23.

`tenfold.precision.wall` computes them from the format; a test keeps the two equal.
"""

SMALLEST_SHARE = 0.02
"""Below, a loss may as well be an ordinary one: 0.02 x 16.1 = 0.32 nats. Arbitrary."""

TOLERANCE = 1e-4
"""How far a loss may be from share x ceiling, nats: Keras prints four decimals, float32 sums lose the rest."""

LARGEST_CHANCE = 0.05
"""Most rows are counted only while fewer than one loss in twenty would fit some count by chance."""


@dataclass(frozen=True)
class FrozenLoss:
    """A loss explained by rows at a ceiling.

    Attributes:
        loss: What was seen, nats.
        share: Share of the rows that sit at the ceiling, 0 to 1.
        label: Whose ceiling: `"positive"` (label 1, or any class) or `"negative"` (label 0).
    """

    loss: float
    share: float
    label: str

    @property
    def ceiling(self) -> float:
        """Loss of a row that sits there, nats."""
        return CEILINGS[self.label]

    @property
    def error(self) -> float:
        """How far share x ceiling is from the loss, nats."""
        return abs(self.share * self.ceiling - self.loss)

    def __str__(self) -> str:
        return (
            f"a loss of {self.loss:.4f} is {self.share:.5g} x {self.ceiling:.4f}: that share of the rows sits at the "
            "ceiling of a clipped probability"
        )


def frozen_loss(share: float, label: str = "positive") -> float:
    """The loss of a network with a share of its rows at the ceiling and the others answered with certainty.

    Args:
        share: 0 to 1.
        label: `"positive"` or `"negative"`, as in `CEILINGS`.

    Returns:
        Nats, in float32.

    >>> [round(frozen_loss(share), 4) for share in (0.9, 0.50125, 0.495)]
    [14.5063, 8.0792, 7.9785]
    """
    return share * CEILINGS[label]


def recognise_frozen(
    loss: float, *, label_shares: Sequence[float] = (), num_classes: int | None = None, num_rows: int | None = None
) -> FrozenLoss | None:
    """Which share of the rows sits at a ceiling, if the loss says so.

    What is known is tried in the order of its weight: the shares of the labels, equal classes, whole numbers of rows.

    Args:
        loss: Mean loss over the rows, nats.
        label_shares: Share of the rows that each label has, in the order of the labels; they sum to 1.
        num_classes: Number of classes, taken as equally frequent.
        num_rows: Rows that the loss is a mean of. With many rows every loss fits some number of them, so they are
            counted only up to about 2,000.

    Returns:
        The explanation; None where none fits to four decimals.

    >>> recognise_frozen(8.0792, num_rows=800).share, recognise_frozen(7.9785, label_shares=(0.505, 0.495)).share
    (0.50125, 0.495)
    >>> recognise_frozen(0.6931, num_classes=2) is None
    True
    """
    known = [*_of_labels(label_shares), *_of_classes(num_classes), *_of_rows(loss, num_rows)]
    for share, label in known:
        found = FrozenLoss(loss, share, label)
        if SMALLEST_SHARE <= share <= 1 and found.error <= TOLERANCE:
            return found
    return None


def _of_labels(shares: Sequence[float]) -> Iterator[tuple[float, str]]:
    """One label is always answered: all rows of the others are at the ceiling."""
    if len(shares) == 2:  # noqa: PLR2004 (two labels: each has a ceiling of its own)
        yield shares[1], "positive"
        yield shares[0], "negative"
    for share in shares:
        yield 1 - share, "positive"


def _of_classes(num_classes: int | None) -> Iterator[tuple[float, str]]:
    if num_classes is not None and num_classes > 1:
        yield from _of_labels([1 / num_classes] * num_classes)


def _of_rows(loss: float, num_rows: int | None) -> Iterator[tuple[float, str]]:
    """The number of rows that comes closest, the better ceiling first."""
    chance = 2 * len(CEILINGS) * TOLERANCE * (num_rows or 0) / CEILINGS["positive"]
    if num_rows and chance <= LARGEST_CHANCE and math.isfinite(loss):
        nearest = [(round(loss / ceiling * num_rows) / num_rows, label) for label, ceiling in CEILINGS.items()]
        yield from sorted(nearest, key=lambda one: abs(frozen_loss(*one) - loss))
