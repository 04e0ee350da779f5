"""Embedding: a table with a line of numbers for each word."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tenfold.scratch.layer import AbstractLayer, AnyNumbers, Numbers, Passed, Slopes

__all__ = ["Embedding"]


@dataclass(frozen=True, eq=False)
class Embedding(AbstractLayer):
    """a[t] = E[x[t]]: each word is replaced by its line of the table.

    A line's slope is the sum of the gradients at every place where its word stands; a word that does not occur has
    slope 0. The words themselves are places in a table and have none.

    Args:
        weights: `embeddings` (words, numbers of a line).
    """

    formula: ClassVar[str] = "a[t] = E[x[t]]"
    slope_formula: ClassVar[str] = "∂L/∂E[w] = Σ over rows and the t with x[t] = w of g[t]"

    def forward(self, inputs: AnyNumbers, *, training: bool = False) -> Passed:  # noqa: ARG002, D102  # no difference
        words = inputs.astype(int)
        return Passed(self.weights["embeddings"][words], {"words": words})

    def backward(self, gradient: Numbers, kept: Mapping[str, AnyNumbers]) -> Slopes:  # noqa: D102  # AbstractLayer's
        table = np.zeros_like(self.weights["embeddings"])
        np.add.at(table, kept["words"], gradient)
        return Slopes(None, {"embeddings": table})
