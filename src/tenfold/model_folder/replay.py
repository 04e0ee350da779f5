"""A few rows with the final model's answers, kept so that `tenfold verify` can ask the model again.

    record/replay_inputs.parquet    the rows' input columns
    record/replay_answers.parquet   what the model answered, a column an output

The answers are those to the rows as they are read back, so that a type that Parquet does not keep changes nothing. The
question can then be repeated without the table. A run that shows no rows keeps none.
"""

import numpy as np
import pandas as pd
import pyarrow as pa
from jaxtyping import Float

from tenfold.data.lookup_column import LookupArray, is_lookup_column
from tenfold.errors import RunFolderError
from tenfold.lookup import Lookup
from tenfold.model_folder.network import TrainedModel, load_model
from tenfold.prepare.history import HistoryColumn
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
    answers = _answers(model, _laid_in(model, pd.read_parquet(folder.path / INPUTS)))
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
    model = load_model(folder)
    before, now = kept.to_numpy(np.float64), _answers(model, _laid_in(model, rows))
    if before.shape != now.shape:
        return float("inf")
    return float(np.max(np.abs(now - before)) / (np.std(before) or 1.0))


def _answers(model: TrainedModel, rows: pd.DataFrame) -> Float[np.ndarray, "row output"]:
    prediction, _ = model.predict(rows)
    return np.asarray(prediction, np.float64).reshape(len(rows), -1)


def _laid_in(model: TrainedModel, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows as they were, windows and photos arrays again."""
    cells = {}
    for column in model.preparation.lookup_columns.values():
        if isinstance(column, HistoryColumn):
            flat = np.array(rows[column.name].tolist(), np.float32)
            ends = np.arange(1, len(rows) + 1, dtype=np.int32) * column.length - 1
            windows = Lookup(flat.reshape(-1, len(column.channels)), ends, column.length)
            cells[column.name] = LookupArray(windows)
        else:
            photos = np.stack([np.frombuffer(cell, np.uint8) for cell in rows[column.name]])
            pixels = photos.reshape(-1, column.height, column.width, column.channels)
            cells[column.name] = LookupArray(Lookup(pixels, np.arange(len(rows), dtype=np.int32)))
    return rows.assign(**cells)


def _storable(column: pd.Series) -> pd.Series:
    """The column, or its cells as text where they are of several types, which Parquet cannot hold; arrays plainly."""
    if is_lookup_column(column):
        cells = [cell.tobytes() if cell.dtype == np.uint8 else cell.ravel().tolist() for cell in column.array]
        return pd.Series(cells, index=column.index, dtype=object)
    try:
        pa.array(column, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return column.map(str, na_action="ignore")
    return column
