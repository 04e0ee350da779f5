"""How a run reads tables as series, kept beside its network, and the frame of a forecast.

    model/series.json     step, horizon, windows and channels: new tables are read as the training table was

The rows of a new table end where somebody stands and asks; later rows may say what is known ahead. The forecast has a
row for each series: the time that it is for, the series, and the target.
"""

import json

import pandas as pd

from tenfold.data.series import forecast_origins
from tenfold.data.series_plan import SeriesPlan
from tenfold.errors import RunFolderError
from tenfold.model_folder.baseline import TrainedBaseline
from tenfold.model_folder.network import TrainedModel
from tenfold.run_folder.folder import RunFolder

__all__ = ["forecast", "load_plan", "save_plan"]

SERIES = "model/series.json"


def save_plan(folder: RunFolder, plan: SeriesPlan) -> None:
    """Write the plan into the run folder.

    Args:
        folder: The run folder.
        plan: How the training table was read.

    Raises:
        MachineError: The disk is full or the folder cannot be written.
    """
    folder.write_text(SERIES, json.dumps(plan.to_plain(), ensure_ascii=False, indent=1))


def load_plan(folder: RunFolder) -> SeriesPlan | None:
    """The plan of a run that forecasts; None where it predicts rows.

    Args:
        folder: The run folder.

    Raises:
        RunFolderError: The file is damaged.
    """
    if not (folder.path / SERIES).is_file():
        return None
    try:
        return SeriesPlan.from_plain(json.loads(folder.read_text(SERIES)))
    except (KeyError, TypeError, ValueError) as error:
        what = f"How `{folder.path}` reads series cannot be read"
        raise RunFolderError("series_damaged", what, expected="JSON as Tenfold writes it") from error


def forecast(model: TrainedModel | TrainedBaseline, plan: SeriesPlan, frame: pd.DataFrame) -> pd.DataFrame:
    """What follows the last row of each series.

    Args:
        model: The run's network, or its baseline.
        plan: How tables are read.
        frame: A new table.

    Returns:
        Columns for the time that is forecast, the series where there are several, and the target.

    Raises:
        TableError: The table does not continue the series as they were: see `forecast_origins`.
    """
    rows = forecast_origins(frame, plan).frame
    named = [plan.time_column, *([plan.series] if plan.series else [])]
    predictions, _ = model.predict_frame(rows)
    return pd.concat([rows[named].reset_index(drop=True), predictions], axis=1)
