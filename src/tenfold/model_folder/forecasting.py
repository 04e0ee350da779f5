"""How a run reads tables as series, kept beside its network, and the frame of a forecast.

    model/series.json     step, horizon, windows and channels: new tables are read as the training table was
    model/path/           the network of all steps to the horizon

The rows of a new table end where somebody stands and asks; later rows may say what is known ahead. The forecast has a
row for each series and each step on the way to the horizon: the time that it is for, the series, the target, and
between which values it will lie in eight of ten cases (`evaluation.ranges`). The last one is by the network that was
chosen for the horizon, the others are by the network of all steps.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float

from tenfold.data.series import Origins, forecast_origins
from tenfold.data.series_plan import SeriesPlan
from tenfold.errors import RunFolderError
from tenfold.evaluation.ranges import Ends, Shifts
from tenfold.model_folder.baseline import TrainedBaseline
from tenfold.model_folder.network import TrainedModel, load_model
from tenfold.report.forecast import ErrorRange
from tenfold.run_folder.folder import RunFolder

__all__ = ["PATH", "KeptPath", "KeptPlan", "forecast", "forecast_path", "load_path", "load_plan", "save_plan"]

SERIES, PATH = "model/series.json", "model/path"


@dataclass(frozen=True)
class KeptPath:
    """What a run keeps of the way to its horizon.

    Args:
        steps: Steps ahead that are forecast, the horizon last.
        is_trained: Whether ranges are the network's own, moved; else the forecast, moved.
        shifts: How far the ends of each step are moved.
    """

    steps: tuple[int, ...]
    is_trained: bool
    shifts: tuple[Shifts, ...]

    @classmethod
    def from_plain(cls, content: Mapping[str, Any]) -> "KeptPath":
        """Read what `dataclasses.asdict` and JSON have made plain."""
        return cls(tuple(content["steps"]), content["is_trained"], tuple(Shifts(**one) for one in content["shifts"]))


@dataclass(frozen=True)
class KeptPlan:
    """What a run keeps for its forecasts.

    Args:
        plan: How tables are read.
        network: Where eight in ten errors of the network lie.
        baseline: The same of the best baseline.
        path: The way to the horizon; None where it is not forecast.
    """

    plan: SeriesPlan
    network: ErrorRange
    baseline: ErrorRange
    path: KeptPath | None = None


def save_plan(folder: RunFolder, kept: KeptPlan) -> None:
    """Write the plan into the run folder.

    Args:
        folder: The run folder.
        kept: How the training table was read, and how large errors are.

    Raises:
        MachineError: The disk is full or the folder cannot be written.
    """
    folder.write_text(SERIES, json.dumps(asdict(kept), ensure_ascii=False, indent=1))


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
        network, baseline = (ErrorRange(**content[name]) for name in ("network", "baseline"))
        path = None if content.get("path") is None else KeptPath.from_plain(content["path"])
        return KeptPlan(SeriesPlan.from_plain(content["plan"]), network, baseline, path)
    except (KeyError, TypeError, ValueError) as error:
        what = f"How `{folder.path}` reads series cannot be read"
        raise RunFolderError("series_damaged", what, expected="JSON as Tenfold writes it") from error


def load_path(folder: RunFolder, kept: KeptPlan) -> TrainedModel | None:
    """The network of all steps to the horizon; None where there is none.

    Args:
        folder: The run folder.
        kept: From `load_plan`.

    Raises:
        RunFolderError: A file is damaged.
    """
    return None if kept.path is None else load_model(folder, PATH)


def forecast(model: TrainedModel | TrainedBaseline, kept: KeptPlan, frame: pd.DataFrame) -> pd.DataFrame:
    """The horizon alone, with a range as wide everywhere: what a baseline can say.

    Args:
        model: The run's network, or its baseline.
        kept: How tables are read, and how large errors are.
        frame: A new table.

    Returns:
        A row a series, with columns for the time that is forecast, the series where there are several, the target, and
        the ends of the range in which it will lie in eight of ten cases.

    Raises:
        TableError: The table does not continue the series as they were: see `forecast_origins`.
    """
    plan, errors = kept.plan, kept.baseline if isinstance(model, TrainedBaseline) else kept.network
    rows = forecast_origins(frame, plan).frame
    predictions, _ = model.predict_frame(rows)
    said = predictions[plan.target].to_numpy()
    named = rows[[plan.time_column, *([plan.series] if plan.series else [])]].reset_index(drop=True)
    return _with_range(named, plan.target, said, Ends(said + errors.low, said + errors.high))


def forecast_path(model: TrainedModel, path: TrainedModel, kept: KeptPlan, frame: pd.DataFrame) -> pd.DataFrame:
    """What follows the last row of each series, step by step to the horizon.

    Args:
        model: The network that was chosen for the horizon.
        path: The network of all steps.
        kept: How tables are read, and how ranges are made.
        frame: A new table.

    Returns:
        As `forecast`, with a row for each series and step, the first step of all series first.

    Raises:
        TableError: See `forecast`.
    """
    plan, way = kept.plan, kept.path
    if way is None:
        raise TypeError("the run keeps no way to its horizon")
    origins = forecast_origins(frame, plan)
    low, middle, high = np.split(path.predict(pd.concat([origins.frame, origins.known], axis=1))[0], 3, axis=1)
    middle = np.column_stack([middle[:, :-1], model.predict(origins.frame)[0]])
    parts = [
        _with_range(_named(origins, plan, step), plan.target, middle[:, place], _ends(way, place, low, middle, high))
        for place, step in enumerate(way.steps)
    ]
    return pd.concat(parts, ignore_index=True)


def _ends(
    way: KeptPath, place: int, low: Float[np.ndarray, "row step"], middle: Float[np.ndarray, "row step"],
    high: Float[np.ndarray, "row step"],
) -> Ends:  # fmt: skip
    """The range of a step; the forecast itself is never outside of it."""
    said = middle[:, place]
    moved = way.shifts[place].move(Ends(low[:, place], high[:, place]) if way.is_trained else Ends(said, said))
    return Ends(np.minimum(moved.low, said), np.maximum(moved.high, said))


def _named(origins: Origins, plan: SeriesPlan, step: int) -> pd.DataFrame:
    """Time and series of each row of a step."""
    places = np.round(plan.step.positions(origins.frame[plan.time_column])).astype(np.int64)
    columns = {plan.time_column: plan.step.moments(places - plan.horizon + step).to_numpy()}
    if plan.series:
        columns[plan.series] = origins.frame[plan.series].to_numpy()
    return pd.DataFrame(columns)


def _with_range(named: pd.DataFrame, target: str, said: Float[np.ndarray, " row"], ends: Ends) -> pd.DataFrame:
    return named.assign(**{target: said, f"{target} 10 %": ends.low, f"{target} 90 %": ends.high})
