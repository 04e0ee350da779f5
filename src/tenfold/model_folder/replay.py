"""A few rows with the final model's answers, kept so that `tenfold verify` can ask the model again.

    record/replay_inputs.parquet    the rows' input columns
    record/replay_answers.parquet   what the model answered, a column an output

The answers are those to the rows as they are read back, so that a type that Parquet does not keep changes nothing. The
question can then be repeated without the table. A run that shows no rows keeps none.
"""

import io

import numpy as np
import pandas as pd
import pyarrow as pa
from jaxtyping import Float

from tenfold.data.lookup_column import LookupArray, is_lookup_column
from tenfold.errors import RunFolderError
from tenfold.lookup import Lookup
from tenfold.model_folder.network import TrainedModel, load_model
from tenfold.run_folder.folder import RunFolder
from tenfold.writing import writing

__all__ = ["NUM_KEPT", "keep_answers", "largest_change"]

INPUTS, ANSWERS = "record/replay_inputs.parquet", "record/replay_answers.parquet"

NUM_KEPT = 20
"""Rows that are kept. Arbitrary: enough that a changed preparation shows in some of them."""


def keep_answers(folder: RunFolder, model: TrainedModel, inputs: pd.DataFrame) -> None:
    """Keep a few rows with what the model answers.

    Args:
        folder: The run folder.
        model: The final model.
        inputs: Input columns of the working rows; the first `NUM_KEPT` are kept.

    Raises:
        MachineError: The disk is full or the folder cannot be written.
    """
    rows = inputs.iloc[:NUM_KEPT].reset_index(drop=True)
    with writing(folder.path / INPUTS) as temporary:
        rows.apply(_storable).to_parquet(temporary, index=False)
    answers = _answers(model, pd.read_parquet(folder.path / INPUTS))
    columns = {str(place): column for place, column in enumerate(answers.T)}
    with writing(folder.path / ANSWERS) as temporary:
        pd.DataFrame(columns).to_parquet(temporary, index=False)


def largest_change(folder: RunFolder) -> float | None:
    """How far the model's answers are from those that were kept.

    Args:
        folder: The run folder.

    Returns:
        Largest difference of an answer, as a share of the spread of the kept answers (of 1 where they have none); None
        where the run kept no rows.

    Raises:
        RunFolderError: The model or the kept rows cannot be read.
    """
    if not (folder.path / INPUTS).exists() and not (folder.path / ANSWERS).exists():
        return None
    try:
        rows, kept = (pd.read_parquet(folder.path / name) for name in (INPUTS, ANSWERS))
    except (OSError, ValueError) as error:
        raise RunFolderError(
            "replay_damaged",
            f"The rows kept in `{folder.path}` cannot be read",
            expected=f"`{INPUTS}` and `{ANSWERS}` as Tenfold wrote them",
            received=f"{type(error).__name__}: {error}"[:200],
        ) from error
    before, now = kept.to_numpy(np.float64), _answers(load_model(folder), rows)
    if before.shape != now.shape:
        return float("inf")
    return float(np.max(np.abs(now - before)) / (np.std(before) or 1.0))


def _answers(model: TrainedModel, rows: pd.DataFrame) -> Float[np.ndarray, "row output"]:
    for name in {one.name for one in model.preparation.lookup_columns.values()} & set(rows.columns):
        cells = np.stack([np.load(io.BytesIO(cell), allow_pickle=False) for cell in rows[name]])
        rows = rows.assign(**{name: LookupArray(Lookup(cells, np.arange(len(cells), dtype=np.int32)))})
    prediction, _ = model.predict(rows)
    return np.asarray(prediction, np.float64).reshape(len(rows), -1)


def _as_bytes(cell: np.ndarray) -> bytes:
    """An array in NumPy's own format, which says its shape and type."""
    written = io.BytesIO()
    np.save(written, cell, allow_pickle=False)
    return written.getvalue()


def _storable(column: pd.Series) -> pd.Series:
    """The column, or its cells as text where they are of several types, which Parquet cannot hold; arrays as bytes."""
    if is_lookup_column(column):
        return pd.Series([_as_bytes(cell) for cell in column], name=column.name, dtype=object)
    try:
        pa.array(column, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return column.map(str, na_action="ignore")
    return column
