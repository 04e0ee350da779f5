"""A data set as its user sees it: words about it at once, its rows when they are asked for."""

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

__all__ = ["DataSet", "Pair", "Rows", "nothing"]

Pair = tuple[Any, Any]
"""Inputs and targets."""


def nothing() -> None:
    """What a data set has not."""


@dataclass(frozen=True)
class Rows:
    """How the rows of a data set are read, each part when it is first asked for.

    Args:
        path: What `tenfold run` takes: a file, a folder or a zip; None for sets without such files.
        frame: Makes the whole table, or None.
        train: Makes the training rows of the source's split, or None.
        test: Makes its test rows, or None.
    """

    path: Path | None = None
    frame: Callable[[], pd.DataFrame | None] = nothing
    train: Callable[[], Pair | None] = nothing
    test: Callable[[], Pair | None] = nothing


@dataclass(frozen=True)
class DataSet:
    """A data set.

    Args:
        name: As `tenfold.datasets.load` takes it.
        about: One sentence: what a row is and what is predicted.
        origin: Who made it, and where it was published.
        licence: What may be done with it.
        target: Column to predict; None where the set is no table.
        folder: Where its files are; None for sets without files.
        rows: How they are read.
    """

    name: str
    about: str
    origin: str
    licence: str
    target: str | None
    folder: Path | None
    rows: Rows = field(repr=False)

    @property
    def path(self) -> Path | None:
        """What `tenfold run` takes: a file, a folder or a zip; None for sets without such files."""
        return self.rows.path

    @functools.cached_property
    def frame(self) -> pd.DataFrame | None:
        """The whole table, target included; None where the set is no table."""
        return self.rows.frame()

    @functools.cached_property
    def train(self) -> Pair | None:
        """Inputs and targets of the training rows, in the source's order (often sorted by class: shuffle them).

        None where the source has no fixed split.
        """
        return self.rows.train()

    @functools.cached_property
    def test(self) -> Pair | None:
        """Inputs and targets of the test rows, likewise."""
        return self.rows.test()
