"""Sizes of networks for tables, smallest first: plain data, so that a budget is chosen before Keras is loaded."""

from dataclasses import dataclass

__all__ = ["LADDER", "Rung"]


@dataclass(frozen=True)
class Rung:
    """A size of the ladder.

    Args:
        widths: Units of each hidden layer; empty for a linear network.
    """

    widths: tuple[int, ...]

    @property
    def label(self) -> str:
        """As shown: "64-64", or "linear"."""
        return "-".join(map(str, self.widths)) or "linear"


LADDER = (Rung(()), Rung((8,)), Rung((16, 16)), Rung((32, 32)), Rung((64, 64)), Rung((128, 128)), Rung((256, 256)))
"""Smallest first."""
