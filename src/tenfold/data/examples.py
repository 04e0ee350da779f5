"""Tables that come with scikit-learn, so that a first run needs no file and no network.

    tenfold run --example diabetes

They are small, real and well known: a number (diabetes), two classes (breast_cancer) and several classes (wine).
"""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
from sklearn.datasets import load_breast_cancer, load_diabetes, load_wine

from tenfold.data.table import LoadedTable, table_from_frame
from tenfold.errors import OptionError, did_you_mean

__all__ = ["EXAMPLES", "Example", "load_example"]


@dataclass(frozen=True)
class Example:
    """A table that comes with the package.

    Args:
        name: As typed after `--example`.
        target: Name of the column to predict.
        about: One phrase: what a row is and what is predicted.
        load: Makes the frame, target included.
    """

    name: str
    target: str
    about: str
    load: Callable[[], pd.DataFrame]


def _diabetes() -> pd.DataFrame:
    frame = load_diabetes(as_frame=True, scaled=False).frame
    return frame.rename(columns={"target": "progression"})


def _breast_cancer() -> pd.DataFrame:
    data = load_breast_cancer(as_frame=True)
    return data.data.assign(diagnosis=data.target_names[data.target])


def _wine() -> pd.DataFrame:
    data = load_wine(as_frame=True)
    return data.data.assign(cultivar=data.target_names[data.target])


EXAMPLES = (
    Example("diabetes", "progression", "442 patients: how far diabetes has come a year later", _diabetes),
    Example("breast_cancer", "diagnosis", "569 tumours: malignant or benign", _breast_cancer),
    Example("wine", "cultivar", "178 wines: which of three cultivars", _wine),
)


def load_example(name: str) -> tuple[LoadedTable, str]:
    """A table that comes with the package, and the name of its target.

    Args:
        name: `"diabetes"`, `"breast_cancer"` or `"wine"`.

    Returns:
        The table and the name of the column to predict.

    Raises:
        OptionError: No example of this name.

    >>> table, target = load_example("wine")
    >>> table.source.num_rows, target
    (178, 'cultivar')
    """
    known = {example.name: example for example in EXAMPLES}
    if name not in known:
        raise OptionError(
            "unknown_example",
            f"There is no example `{name}`",
            expected=f"one of {', '.join(known)}",
            hint=did_you_mean(name, known),
        )
    example = known[name]
    return table_from_frame(example.load(), example.name, format="example"), example.target
