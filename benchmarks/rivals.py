"""The rivals on tables: what each is, with its settings in the open, and the preparation that its own makers advise.

scikit-learn's models stand behind `skrub.tabular_pipeline`, which prepares a table for each as skrub sees fit. RealMLP
prepares tables itself, but for gaps in numbers: those take the median, with a column that marks them. Nothing here
imports Tenfold: RealMLP trains in an environment of its own.

RealMLP's defaults choose the epoch by the share of wrong classes and smooth labels. Where ranks are measured (ROC AUC,
average precision) its authors advise cross-entropy without smoothing: that is a rival of its own, on those tables.

Source: Holzmueller, Grinsztajn, Steinwart (2024), Better by default (RealMLP).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

__all__ = ["RIVALS", "Rival", "probabilities_of"]

PENALTIES = tuple(10.0**power for power in range(-4, 5))
Kind = Literal["number", "classes"]
Pairs = Sequence[tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class Rival:
    """A method to compare with.

    Args:
        name: As in the results.
        words: As on the page.
        backend: Environment that it runs in.
        packages: Whose versions matter.
        make: What is predicted, and inner pairs as positions among the training rows, to an unfitted model.
        measures: Keys of the only measures that it is meant for; empty for all.
    """

    name: str
    words: str
    backend: str
    packages: tuple[str, ...]
    make: Callable[[Kind, Pairs], Any]
    measures: tuple[str, ...] = ()


def probabilities_of(model: Any, frame: pd.DataFrame, num_classes: int) -> np.ndarray:
    """Predictions of a fitted model: numbers, or a probability for each class, 0 for one it was not shown."""
    if not num_classes:
        return np.asarray(model.predict(frame), dtype=np.float64).reshape(len(frame))
    probabilities = np.zeros((len(frame), num_classes))
    probabilities[:, np.asarray(model.classes_, dtype=np.int64)] = model.predict_proba(frame)
    return probabilities / probabilities.sum(axis=1, keepdims=True)


def _trees(problem: Kind, _pairs: Pairs) -> Any:
    import skrub

    return skrub.tabular_pipeline(_boosting(problem, early_stopping=False))


def _linear(problem: Kind, pairs: Pairs) -> Any:
    import skrub
    from sklearn.linear_model import LogisticRegressionCV, RidgeCV

    chosen = {"scoring": _scorer(problem), "cv": list(pairs)}
    if problem == "number":
        return skrub.tabular_pipeline(RidgeCV(PENALTIES, **chosen))
    costs = [1 / penalty for penalty in PENALTIES]
    return skrub.tabular_pipeline(
        LogisticRegressionCV(Cs=costs, l1_ratios=(0.0,), max_iter=1_000, use_legacy_attributes=False, **chosen)
    )


def _mlp(problem: Kind, _pairs: Pairs) -> Any:
    import skrub
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.preprocessing import StandardScaler

    if problem == "classes":
        return skrub.tabular_pipeline(MLPClassifier(random_state=0))
    return TransformedTargetRegressor(
        regressor=skrub.tabular_pipeline(MLPRegressor(random_state=0)), transformer=StandardScaler()
    )


def _realmlp(problem: Kind, _pairs: Pairs, **settings: Any) -> Any:
    from pytabkit import RealMLP_TD_Classifier, RealMLP_TD_Regressor
    from sklearn.pipeline import make_pipeline

    kind = RealMLP_TD_Regressor if problem == "number" else RealMLP_TD_Classifier
    return make_pipeline(_FilledNumbers(), kind(device="cpu", random_state=0, n_threads=1, **settings))


def _advised_realmlp(problem: Kind, pairs: Pairs) -> Any:
    return _realmlp(problem, pairs, val_metric_name="cross_entropy", use_ls=False)


def _boosting(problem: Kind, **settings: Any) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    kind = HistGradientBoostingRegressor if problem == "number" else HistGradientBoostingClassifier
    return kind(random_state=0, **settings)


def _scorer(problem: Kind) -> str:
    """What inner rows choose by: the measure of a number, and of classes the log loss, which is smoother than ranks."""
    return "neg_mean_absolute_error" if problem == "number" else "neg_log_loss"


class _FilledNumbers:
    """Numbers without gaps and text as categories, as RealMLP wants them; gaps in categories it takes as they are."""

    def fit(self, frame: pd.DataFrame, _target: Any = None) -> "_FilledNumbers":
        numbers = frame.select_dtypes("number")
        self.medians_ = numbers.median()
        self.with_gaps_ = list(numbers.columns[numbers.isna().any()])
        return self

    def transform(self, frame: pd.DataFrame) -> pd.DataFrame:
        categories = {name: frame[name].astype("category") for name in frame.columns.difference(self.medians_.index)}
        marks = {f"{name} is missing": frame[name].isna().astype(np.float64) for name in self.with_gaps_}
        return frame.fillna(self.medians_).assign(**categories, **marks)

    def fit_transform(self, frame: pd.DataFrame, target: Any = None) -> pd.DataFrame:
        return self.fit(frame, target).transform(frame)


_SCIKIT_LEARN = ("scikit-learn", "skrub")

RIVALS = (
    Rival("linear", "ridge or logistic regression, penalty chosen on inner rows", "jax", _SCIKIT_LEARN, _linear),
    Rival("trees", "boosted trees, scikit-learn's defaults without early stopping", "jax", _SCIKIT_LEARN, _trees),
    Rival("mlp", "scikit-learn's MLP with its defaults (a number is standardised)", "jax", _SCIKIT_LEARN, _mlp),
    Rival("realmlp", "RealMLP-TD of pytabkit with its defaults", "realmlp", ("pytabkit", "torch"), _realmlp),
    Rival(
        "advised_realmlp",
        "RealMLP-TD as its authors advise where ranks are measured",
        "realmlp",
        ("pytabkit", "torch"),
        _advised_realmlp,
        ("roc_auc", "average_precision"),
    ),
)
"""In the order in which they run: the quick ones first."""
