"""The tables that networks are compared on: where each is, what is predicted, what is left out and why.

The files are not part of this repository: `TENFOLD_DATA` names the folder that holds them. Columns are left out only
where what they would measure is not how well a method learns: row numbers, and names of which each row has its own.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from tenfold.data.table import LoadedTable, read_table, table_from_frame
from tenfold.datasets.catalogue import CATALOGUE

__all__ = ["TABLES", "SharedTable", "data_folder"]


@dataclass(frozen=True)
class SharedTable:
    """A table of the shared data.

    Args:
        name: As in the results.
        file: Within the folder of the data.
        target: Column to predict.
        columns: Names in the file's order, where the file has no line of names; empty where it has one.
        left_out: Columns that nobody is given, and why.
    """

    name: str
    file: str
    target: str
    columns: tuple[str, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)

    def load(self, folder: Path) -> LoadedTable:
        """The table without the columns that are left out, as every method gets it.

        Args:
            folder: Folder of the data.
        """
        frame = read_table(folder / self.file).frame
        return table_from_frame(self.named(frame), self.name)

    def named(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame with its columns' names, without those that are left out."""
        if self.columns:
            frame = frame.set_axis(list(self.columns), axis="columns")
        return frame.drop(columns=list(self.left_out))


def data_folder() -> Path:
    """The folder that `TENFOLD_DATA` names; ends the program where it names none."""
    folder = os.environ.get("TENFOLD_DATA", "")
    if not Path(folder).is_dir() or not folder:
        raise SystemExit("TENFOLD_DATA must name the folder of the shared data, such as TENFOLD_DATA=../shared/data")
    return Path(folder)


def _shared(name: str, data_set: str = "", left_out: Mapping[str, str] | None = None) -> SharedTable:
    """A table of `tenfold.datasets`, by its own name or by that of the results."""
    entry = CATALOGUE[data_set or name]
    return SharedTable(name, f"{entry.folder}/{entry.files[0]}", str(entry.target), entry.columns, left_out or {})


TABLES = (
    _shared("iris"),
    _shared("penguins"),
    _shared("sonar"),
    _shared("boston", "boston_housing"),
    _shared("breast_cancer", "breast_cancer_wisconsin"),
    _shared("pima", "pima_diabetes"),
    _shared(
        "titanic",
        left_out={
            "PassengerId": "number of the row",
            "Name": "each passenger's own; how a method reads free text is not measured here",
            "Ticket": "nearly each passenger's own",
        },
    ),
    _shared("german_credit"),
    _shared("wine_red"),
    _shared("abalone"),
    _shared("wine_white"),
    _shared("mammography"),
    _shared(
        "creditcard",
        left_out={"Time": "seconds within recordings that this union of samples has mixed: a number of the row"},
    ),
    _shared("california", "california_housing"),
    _shared("adult"),
)
"""Smallest first: what runs long runs last."""
