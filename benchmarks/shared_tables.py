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


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_WINE = _words(
    "fixed_acidity volatile_acidity citric_acid residual_sugar chlorides free_sulfur_dioxide total_sulfur_dioxide "
    "density ph sulphates alcohol quality"
)
_ADULT = _words(
    "age workclass fnlwgt education education_num marital_status occupation relationship race sex capital_gain "
    "capital_loss hours_per_week native_country income"
)
_GERMAN = _words(
    "account duration history purpose amount savings employment rate status_sex debtors residence property age plans "
    "housing credits job liable telephone foreign risk"
)
_BREAST = _words(
    "thickness size_uniformity shape_uniformity adhesion epithelial_size nuclei chromatin nucleoli mitoses class"
)
_ABALONE = _words("sex length diameter height whole_weight shucked_weight viscera_weight shell_weight rings")
_PIMA = _words("pregnancies glucose pressure skin insulin bmi pedigree age diabetes")
_IRIS = _words("sepal_length sepal_width petal_length petal_width species")
_MAMMOGRAPHY = _words("area gray gradient noise contrast moment class")
_SONAR = (*(f"band_{band}" for band in range(1, 61)), "object")

TABLES = (
    SharedTable("iris", "iris/iris.csv", "species", _IRIS),
    SharedTable("penguins", "penguins/penguins.csv", "species"),
    SharedTable("sonar", "sonar/sonar.csv", "object", _SONAR),
    SharedTable("boston", "boston_housing/boston_housing.csv", "MEDV"),
    SharedTable("breast_cancer", "breast_cancer_wisconsin/breast-cancer-wisconsin.csv", "class", _BREAST),
    SharedTable("pima", "pima_diabetes/pima-indians-diabetes.csv", "diabetes", _PIMA),
    SharedTable(
        "titanic",
        "titanic/titanic_train.csv",
        "Survived",
        left_out={
            "PassengerId": "number of the row",
            "Name": "each passenger's own; how a method reads free text is not measured here",
            "Ticket": "nearly each passenger's own",
        },
    ),
    SharedTable("german_credit", "german_credit/german.csv", "risk", _GERMAN),
    SharedTable("wine_red", "wine_quality/winequality-red.csv", "quality", _WINE),
    SharedTable("abalone", "abalone/abalone.csv", "rings", _ABALONE),
    SharedTable("wine_white", "wine_quality/winequality-white.csv", "quality", _WINE),
    SharedTable("mammography", "mammography/mammography.csv", "class", _MAMMOGRAPHY),
    SharedTable(
        "creditcard",
        "creditcard/creditcard_union.csv",
        "Class",
        left_out={"Time": "seconds within recordings that this union of samples has mixed: a number of the row"},
    ),
    SharedTable("california", "california_housing/housing.csv", "median_house_value"),
    SharedTable("adult", "adult/adult-train.csv", "income", _ADULT),
)
"""Smallest first: what runs long runs last."""
