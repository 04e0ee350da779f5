"""A user's program from files: a saved model and a table, or a Python file that builds the model.

    tenfold examine model.keras houses.csv --target price
    tenfold examine --build train.py:build houses.csv --target price
    tenfold examine --build train.py:build            # the file's own function `data()` gives x and y

A saved model is loaded in Keras' safe mode: nothing from it is executed. A Python file is executed: it is the user's
own.
"""

import importlib.util
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import keras
import numpy as np
import pandas as pd
from keras.src.utils.naming import to_snake_case

from tenfold.data.table import read_table
from tenfold.errors import ModelError, OptionError, TableError, TargetError, did_you_mean
from tenfold.model_files.reading import load_model

__all__ = ["Program", "load_compiled", "load_program", "rows_of"]


@dataclass(frozen=True)
class Program:
    """What a user's Python file gives.

    Attributes:
        model: The compiled model.
        data: (x, y) or (x, y, validation_data); None where the file has no function `data`.
        epochs: Its constant `EPOCHS`; None without one.
        batch_size: Its constant `BATCH_SIZE`; None without one.
    """

    model: Any
    data: tuple[Any, ...] | None
    epochs: int | None
    batch_size: int | None


def load_compiled(path: Path) -> Any:
    """A compiled model that Keras has saved, of any age.

    Args:
        path: A `.keras`, `.h5` or `.hdf5` file.

    Raises:
        ModelError: No such file, not a model, a model with code of its own, or one that is not compiled.
    """
    return _compiled(load_model(path), f"`{path.name}`")


def load_program(described: str) -> Program:
    """The model and data of a Python file.

    Args:
        described: `"FILE.py:FUNCTION"`; the function takes no arguments and returns a compiled model.

    Raises:
        OptionError: The file or the function is not there, or fails.
        ModelError: The function does not return a compiled model.
    """
    file, _, name = described.rpartition(":")
    path = Path(file)
    if not file or not name.isidentifier() or not path.is_file():
        raise OptionError(
            "build", f"`--build {described}` names no function of a Python file" if not file or path.is_file()
            else f"There is no file `{path}`",
            expected="FILE.py:FUNCTION, such as train.py:build", received=described,
        )  # fmt: skip
    module = _executed(path)
    build = getattr(module, name, None)
    if not callable(build):
        functions = [one for one, value in vars(module).items() if callable(value) and not one.startswith("_")]
        raise OptionError(
            "build", f"`{path.name}` has no function `{name}`", expected="a function that returns a compiled model",
            hint=did_you_mean(name, functions),
        )  # fmt: skip
    model = _compiled(_called(build, path, name), f"what `{name}` of `{path.name}` returns")
    gives_data = getattr(module, "data", None)
    data = _called(gives_data, path, "data") if callable(gives_data) else None
    if data is not None and (not isinstance(data, tuple | list) or len(data) not in (2, 3)):
        raise OptionError(
            "build_data", f"`data` of `{path.name}` does not return data",
            expected="(x, y) or (x, y, validation_data)", received=type(data).__name__,
        )  # fmt: skip
    return Program(
        model,
        None if data is None else tuple(data),
        getattr(module, "EPOCHS", None),
        getattr(module, "BATCH_SIZE", None),
    )


def rows_of(table: Path, target: str, model: Any, *, drop: Sequence[str] = ()) -> tuple[np.ndarray, np.ndarray]:
    """Inputs and targets of a table, as this model takes them.

    Args:
        table: A CSV or Parquet file.
        target: Its column to predict. Text becomes class numbers in the order of the alphabet, and one-hot rows where
            the model's loss reads those.
        model: The model; its input shape decides how many columns are needed and how a row is folded.
        drop: Columns to leave out.

    Returns:
        Inputs of shape `(row, ...)` as float32, and targets.

    Raises:
        TableError: A column is not made of numbers, or their number does not fit the model.
        TargetError: There is no such column.
    """
    frame = read_table(table).frame
    if target not in frame.columns:
        raise TargetError(
            "unknown_target", f"`{table.name}` has no column `{target}`",
            expected=f"one of {', '.join(map(str, frame.columns[:8]))}{', ...' * (len(frame.columns) > 8)}",  # noqa: PLR2004
            hint=did_you_mean(target, frame.columns),
        )  # fmt: skip
    unknown = next((name for name in drop if name not in frame.columns), None)
    if unknown is not None:
        raise TableError("unknown_column", f"`{table.name}` has no column `{unknown}`",
                         expected="a column to leave out",
                         hint=did_you_mean(unknown, frame.columns))  # fmt: skip
    columns = frame.drop(columns=[target, *drop])
    texts = [str(name) for name in columns if not pd.api.types.is_numeric_dtype(columns[name])]
    if texts:
        raise TableError(
            "not_numbers", f"Column `{texts[0]}` of `{table.name}` is not made of numbers",
            expected="what the model was trained on: numbers",
            hint=f"leave it out with --drop {texts[0]}, or prepare the table in Python and use --build",
        )  # fmt: skip
    return _folded(columns.to_numpy(np.float32), model, table.name), _targets(frame[target], model)


def _folded(values: np.ndarray, model: Any, name: str) -> np.ndarray:
    shape = model.input_shape
    if isinstance(shape, list | dict):
        raise ModelError("several_inputs", "The model has several inputs, and a table gives one",
                         expected="a model with one input", hint="use --build with a function `data`")  # fmt: skip
    wanted = tuple(shape[1:])
    if None in wanted or int(np.prod(wanted)) != values.shape[1]:
        raise TableError(
            "columns_differ", f"`{name}` has {values.shape[1]} columns beside the target, which do not fit the model",
            expected=f"{int(np.prod([one or 1 for one in wanted]))} columns, for inputs of shape {shape}",
            received=f"{values.shape[1]} columns", hint="leave columns out with --drop",
        )  # fmt: skip
    return values.reshape(len(values), *wanted)


def _targets(column: pd.Series, model: Any) -> np.ndarray:
    if pd.api.types.is_numeric_dtype(column):
        values = column.to_numpy(np.float32)
    else:
        values = np.searchsorted(np.unique(column.astype(str)), column.astype(str)).astype(np.float32)
    reads_one_hot = _snake_case(model.loss) == "categorical_crossentropy"
    classes = np.unique(values)
    if reads_one_hot and np.array_equal(classes, np.arange(len(classes))):
        return np.asarray(np.eye(len(classes), dtype=np.float32)[values.astype(int)])
    return np.asarray(values)


def _snake_case(loss: Any) -> str:
    """A loss's name as Keras spells it in text, such as `categorical_crossentropy`."""
    name = loss if isinstance(loss, str) else getattr(loss, "__name__", type(loss).__name__)
    return str(to_snake_case(name))


def _compiled(model: Any, what: str) -> Any:
    if not isinstance(model, keras.Model):
        raise ModelError("not_a_model", f"{what} is not a Keras model", expected="a compiled keras.Model",
                         received=type(model).__name__)  # fmt: skip
    if not getattr(model, "compiled", False):
        raise ModelError(
            "not_compiled", f"{what} is not compiled, so there is no loss and no optimizer to judge",
            expected="a model on which `compile` was called",
            hint="save the model after model.compile(...), or use --build FILE.py:FUNCTION",
        )  # fmt: skip
    return model


def _executed(path: Path) -> ModuleType:
    found = importlib.util.spec_from_file_location(path.stem, path)
    if found is None or found.loader is None:
        raise OptionError("build", f"`{path}` is not a Python file", expected="FILE.py:FUNCTION")
    module = importlib.util.module_from_spec(found)
    sys.modules[path.stem] = module  # Keras looks up a user's own classes there
    sys.path.insert(0, str(path.parent.resolve()))
    try:
        found.loader.exec_module(module)
    except Exception as error:
        raise _fails(path, None, error) from error
    finally:
        sys.path.remove(str(path.parent.resolve()))
    return module


def _called(function: Callable[[], Any], path: Path, name: str) -> Any:
    try:
        return function()
    except Exception as error:
        raise _fails(path, name, error) from error


def _fails(path: Path, name: str | None, error: Exception) -> OptionError:
    lines = [line for line in str(error).strip().splitlines() if line.strip()]
    where = f"`{name}` of `{path.name}`" if name else f"`{path.name}`"
    return OptionError(
        "build_fails", f"{where} fails with {type(error).__name__}: {(lines or [''])[0][:200]}",
        expected="Python code that runs by itself", hint=f"try it first: python {path}",
    )  # fmt: skip
