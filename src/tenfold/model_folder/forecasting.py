"""How a run reads tables as series, kept beside its network, and the frame of a forecast.

    model/series.json     step, horizon, windows and channels: new tables are read as the training table was

The rows of a new table end where somebody stands and asks; later rows may say what is known ahead. The forecast has a
row for each series: the time that it is for, the series, the target, and between which values it will lie in eight of
ten cases, by the errors on rows that the network was not trained on.

Source of the range: split conformal prediction (Papadopoulos et al. 2002), for each end by itself.
"""

import json
from dataclasses import asdict, dataclass

import pandas as pd

from tenfold.data.series import forecast_origins
from tenfold.data.series_plan import SeriesPlan
from tenfold.errors import RunFolderError
from tenfold.model_folder.baseline import TrainedBaseline
from tenfold.model_folder.network import TrainedModel
from tenfold.report.forecast import ErrorRange
from tenfold.run_folder.folder import RunFolder

__all__ = ["KeptPlan", "forecast", "load_plan", "save_plan"]

SERIES = "model/series.json"


@dataclass(frozen=True)
class KeptPlan:
    """What a run keeps for its forecasts.

    Args:
        plan: How tables are read.
        network: Where eight in ten errors of the network lie.
        baseline: The same of the best baseline.
    """

    plan: SeriesPlan
    network: ErrorRange
    baseline: ErrorRange


def save_plan(folder: RunFolder, plan: SeriesPlan, network: ErrorRange, baseline: ErrorRange) -> None:
    """Write the plan into the run folder.

    Args:
        folder: The run folder.
        plan: How the training table was read.
        network: Where eight in ten errors of the network lie.
        baseline: The same of the best baseline.

    Raises:
        MachineError: The disk is full or the folder cannot be written.
    """
    ranges = {"network": asdict(network), "baseline": asdict(baseline)}
    folder.write_text(SERIES, json.dumps({"plan": plan.to_plain(), **ranges}, ensure_ascii=False, indent=1))


def load_plan(folder: RunFolder) -> KeptPlan | None:
    """The plan of a run that forecasts; None where it predicts rows.

    Args:
        folder: The run folder.

    Raises:
        RunFolderError: The file is damaged.
    """
    if not (folder.path / SERIES).is_file():
        return None
    try:
        content = json.loads(folder.read_text(SERIES))
        ranges = (ErrorRange(**content[name]) for name in ("network", "baseline"))
        return KeptPlan(SeriesPlan.from_plain(content["plan"]), *ranges)
    except (KeyError, TypeError, ValueError) as error:
        what = f"How `{folder.path}` reads series cannot be read"
        raise RunFolderError("series_damaged", what, expected="JSON as Tenfold writes it") from error


def forecast(model: TrainedModel | TrainedBaseline, kept: KeptPlan, frame: pd.DataFrame) -> pd.DataFrame:
    """What follows the last row of each series.

    Args:
        model: The run's network, or its baseline.
        kept: How tables are read, and how large errors are.
        frame: A new table.

    Returns:
        Columns for the time that is forecast, the series where there are several, the target, and the ends of the
        range in which it will lie in eight of ten cases.

    Raises:
        TableError: The table does not continue the series as they were: see `forecast_origins`.
    """
    plan, errors = kept.plan, kept.baseline if isinstance(model, TrainedBaseline) else kept.network
    rows = forecast_origins(frame, plan).frame
    named = [plan.time_column, *([plan.series] if plan.series else [])]
    predictions, _ = model.predict_frame(rows)
    for words, error in (("10 %", errors.low), ("90 %", errors.high)):
        predictions[f"{plan.target} {words}"] = predictions[plan.target] + error
    return pd.concat([rows[named].reset_index(drop=True), predictions], axis=1)
