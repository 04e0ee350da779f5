"""A study's trials as tables."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from tenfold.errors import OptionError

if TYPE_CHECKING:
    import optuna

__all__ = ["STATES", "importance_frame", "trials_frame"]

STATES = {"COMPLETE": "complete", "PRUNED": "pruned", "FAIL": "failed", "RUNNING": "running", "WAITING": "waiting"}
"""Optuna's states in our words."""

ENOUGH_TO_RANK = 4
"""Complete trials below which nothing is said about settings (arbitrary; below, any order is luck)."""


def trials_frame(trials: "Sequence[optuna.trial.FrozenTrial]") -> pd.DataFrame:
    """A row a trial.

    Args:
        trials: In order.

    Returns:
        Columns `number`, `state`, `value`, `fold_0` and so on, a column a setting, `epochs` (mean over members up to
        the weights they keep), `seconds` (training alone), `reason` (why it failed).
    """
    num_folds = 1 + max((step for one in trials for step in one.intermediate_values), default=-1)
    params = list(dict.fromkeys(name for one in trials for name in one.params))
    taken = {"number", "state", "value", "epochs", "seconds", "reason", *(f"fold_{fold}" for fold in range(num_folds))}
    columns = {name: f"param_{name}" if name in taken else name for name in params}
    return pd.DataFrame(
        [
            {
                "number": one.number,
                "state": STATES[one.state.name],
                "value": _value(one),
                **{f"fold_{fold}": one.intermediate_values.get(fold, math.nan) for fold in range(num_folds)},
                **{column: one.params.get(name) for name, column in columns.items()},
                "epochs": one.user_attrs.get("tenfold_epochs_trained", math.nan),
                "seconds": one.user_attrs.get("tenfold_seconds", math.nan),
                "reason": one.user_attrs.get("tenfold_failure", ""),
            }
            for one in trials
        ]
    )


def importance_frame(study: "optuna.Study") -> pd.DataFrame:
    """Which settings matter: a row a setting, the largest share first.

    Shares of the variance between trials that are good and trials that are not (PED-ANOVA, Watanabe, Bansal and Hutter
    2023), as Optuna computes them; they sum to 1.

    Raises:
        OptionError: Too few complete trials, or none that differ.
    """
    import optuna  # noqa: PLC0415  # tables of a loaded search are made without it

    complete = [one for one in study.get_trials(deepcopy=False) if one.state.name == "COMPLETE"]
    values = {one.value for one in complete}
    if len(complete) < ENOUGH_TO_RANK or len(values) == 1:
        raise OptionError(
            "too_few_trials", "The trials do not tell which settings matter",
            expected=f"at least {ENOUGH_TO_RANK} complete trials of different value", received=f"{len(complete)}",
            hint="ask for more trials",
        )  # fmt: skip
    shares: dict[str, Any] = optuna.importance.get_param_importances(study)
    return pd.DataFrame({"setting": list(shares), "importance": list(shares.values())})


def _value(one: "optuna.trial.FrozenTrial") -> float:
    if one.state.name == "COMPLETE":
        return float(one.value if one.value is not None else math.nan)
    values = list(one.intermediate_values.values())
    return float(np.mean(values)) if values else math.nan
