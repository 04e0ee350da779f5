"""The row to explain, from a file: a table as `tenfold examine` reads it, or arrays as NumPy saves them.

tenfold explain model.keras houses.csv --target price --row 3
tenfold explain model.keras digits.npz --row 3                        # its arrays x and y
tenfold explain model.keras digits.npz --target classes --row 3       # another name for y
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tenfold.data.table import read_table
from tenfold.errors import OptionError, TableError, TargetError, did_you_mean
from tenfold.examination.programs import rows_of
from tenfold.scratch.layer import AnyNumbers

__all__ = ["names_of", "read_rows"]


def read_rows(path: Path, target: str | None, model: Any, *, drop: Sequence[str] = ()) -> tuple[AnyNumbers, AnyNumbers]:
    """Inputs and targets of a file, one line a row.

    Args:
        path: A CSV or Parquet file, or an `.npz` file with inputs and targets.
        target: The column to predict; of an `.npz` file the array, `y` where nothing is said.
        model: The model; its input shape decides how a table's row is folded.
        drop: Columns of a table to leave out.

    Raises:
        OptionError: A table without the column to predict.
        TableError: The file does not hold what it should.
        TargetError: There is no such column or array.
    """
    if path.suffix == ".npz":
        return _arrays(path, target or "y")
    if target is None:
        raise OptionError("no_target", f"`{path}` is given without the column to predict", expected="--target COL")
    return rows_of(path, target, model, drop=drop)


def names_of(path: Path, target: str | None, *, drop: Sequence[str] = ()) -> tuple[str, ...]:
    """What a table calls the numbers of a row; nothing for arrays.

    Args:
        path: The file.
        target: The column to predict.
        drop: Columns that are left out.
    """
    if path.suffix == ".npz":
        return ()
    return tuple(str(name) for name in read_table(path).frame.columns if name not in (target, *drop))


def _arrays(path: Path, target: str) -> tuple[AnyNumbers, AnyNumbers]:
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays: Mapping[str, Any] = dict(file)
    except (OSError, ValueError, EOFError) as error:
        what = f"`{path.name}` holds no arrays of numbers" if path.is_file() else f"There is no file `{path}`"
        raise TableError(
            "no_arrays", what, expected="an .npz file, as `numpy.savez(file, x=..., y=...)` writes it"
        ) from error
    if target not in arrays:
        raise TargetError(
            "no_such_array", f"`{path.name}` has no array `{target}`",
            expected=f"one of {', '.join(arrays)}", hint=did_you_mean(target, arrays),
        )  # fmt: skip
    others = [name for name in arrays if name != target]
    name = "x" if "x" in others else others[0] if len(others) == 1 else ""
    if not name:
        raise TableError(
            "no_inputs", f"`{path.name}` does not say which array the inputs are", expected="an array `x`",
            received=", ".join(others) or f"`{target}` alone",
        )  # fmt: skip
    for one in (name, target):
        if arrays[one].dtype.kind not in "fiub" or arrays[one].ndim == 0:
            raise TableError(
                "not_numbers",
                f"The array `{one}` of `{path.name}` is not made of numbers, one line a row",
                received=f"{arrays[one].dtype}, shape {arrays[one].shape}",
            )
    return arrays[name], arrays[target]
