"""What a run leaves for other programs to read: scores, histories and out-of-fold predictions as frames."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from tenfold.measures.measure import Prediction
from tenfold.problem.definition import Problem
from tenfold.report.evidence import LearningCurves, Model

__all__ = ["history_frame", "prediction_frame", "score_frame"]


def score_frame(models: Sequence[Model]) -> pd.DataFrame:
    """A row a model, outer fold and seed, as the report compares them; `score` in the measure's unit."""
    rows = [(model.name, one.fold, one.seed, one.score) for model in models for one in model.scores]
    return pd.DataFrame(rows, columns=["model", "fold", "seed", "score"])


def history_frame(curves: LearningCurves) -> pd.DataFrame:
    """A row a member of the final network and epoch (counted from 0): its inner fold and seed, then the loss.

    It is the loss that members stop by, without penalties, on the rows trained on and on the inner fold held out.
    """
    columns = ["member", "fold", "seed", "epoch", "loss", "val_loss"]
    rows = [
        (member, one.fold, one.seed, epoch, loss, one.validation[epoch] if one.validation else float("nan"))
        for member, one in enumerate(curves.curves)
        for epoch, loss in enumerate(one.training)
    ]
    return pd.DataFrame(rows, columns=columns)


def prediction_frame(problem: Problem, rows: np.ndarray, predictions: Prediction) -> pd.DataFrame:
    """A row a row that was scored out of fold; `row` counts from 1 as the report does."""
    columns = (
        {"prediction": predictions}
        if problem.is_number
        else {text: predictions[:, place] for place, text in enumerate(problem.label_texts or problem.targets)}
    )
    return pd.DataFrame({"row": rows + 1, **columns})
