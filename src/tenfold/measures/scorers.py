"""Any scikit-learn scorer by its name, as a measure in its natural sign.

`neg_mean_absolute_error` becomes the mean absolute error, lower is better. Whether a scorer fits a kind of problem is
tried on a few made-up rows of that kind: what scikit-learn cannot compute there does not fit. A guess without skill is
the best constant answer, scored like any other.

Source: scikit-learn's user guide, section 3.4, "The scoring parameter".
"""

import warnings
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
from sklearn import metrics
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin

from tenfold.errors import OptionError, did_you_mean
from tenfold.measures.measure import Measure, Prediction, Truth
from tenfold.measures.numbers import POISSON_DEVIANCE
from tenfold.problem.definition import Problem

__all__ = ["find_measure", "fitting_scorers"]

OWN_KEYS = {
    "neg_mean_absolute_error": "mae",
    "neg_root_mean_squared_error": "rmse",
    "neg_log_loss": "log_loss",
    "neg_mean_poisson_deviance": "poisson_deviance",
    "neg_mean_absolute_percentage_error": "mape",
}
"""Scorers that have a shorter name here."""

NAMES = {
    "mape": "mean absolute percentage error",
    "f1": "F1",
    "d2_absolute_error_score": "D2 of the absolute error",
    "d2_log_loss_score": "D2 of the log loss",
    "d2_brier_score": "D2 of the Brier score",
    "roc_auc_ovr": "ROC AUC, each class against the rest",
    "roc_auc_ovo": "ROC AUC, each class against each other",
    "matthews_corrcoef": "Matthews correlation",
}
"""Words where the name alone would not read."""

TARGET_UNIT = {"median_absolute_error", "max_error", "rmse"}

UNIT_FREE = {"d2_absolute_error_score", "neg_mean_absolute_percentage_error"}
"""Errors that several numbers may be averaged over: the others would add up different units."""

CLASS_KINDS = {"two_classes", "several_classes", "several_labels"}

UNBOUNDED_BELOW = ("r2", "explained_variance", "d2_")
"""Scores that end at 1 and have no floor, by the begin of their names."""

BOUNDS = {"matthews_corrcoef": (-1.0, 1.0), "positive_likelihood_ratio": (0.0, float("inf"))}

NUM_QUANTILES = 21
"""Constants that are tried for numbers, from the least to the greatest (arbitrary)."""

Scorer = Callable[..., float]


class _Numbers(RegressorMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn is not annotated
    """A regressor whose inputs are its answers, so that a scorer can be asked about predictions."""

    def predict(self, predictions: Any) -> Any:
        """The answers."""
        return predictions


class _Classes(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn is not annotated
    """A classifier whose inputs are its probabilities.

    Args:
        num_outputs: Classes, or labels.
        labelled: Whether a row may have several of them.
    """

    def __init__(self, num_outputs: int, *, labelled: bool) -> None:
        self.num_outputs, self.labelled = num_outputs, labelled
        self.classes_ = [np.arange(2)] * num_outputs if labelled else np.arange(num_outputs)

    def predict_proba(self, predictions: Any) -> Any:
        """The probabilities."""
        return predictions

    def predict(self, predictions: Any) -> Any:
        """The likeliest class, or all labels that are likelier than not."""
        return (predictions >= 0.5).astype(int) if self.labelled else predictions.argmax(axis=1)  # noqa: PLR2004


def find_measure(problem: Problem, asked: str, own: Sequence[Measure]) -> Measure:
    """A measure by name.

    Args:
        problem: What is predicted.
        asked: One of Tenfold's keys, or a scikit-learn scorer.
        own: Measures of the problem that have words of their own.

    Returns:
        The measure.

    Raises:
        OptionError: An unknown name, or one that does not fit the kind of problem.
    """
    key = OWN_KEYS.get(asked, asked.removeprefix("neg_"))
    mine = next((measure for measure in own if measure.key in {asked, key}), None)
    if mine is not None:
        return mine
    fitting = fitting_scorers(problem.kind, len(problem.labels) or len(problem.columns))
    scorer = next((name for name in fitting if asked in {name, OWN_KEYS.get(name), name.removeprefix("neg_")}), None)
    if scorer is None:
        raise _refused(problem, asked, fitting)
    return _measure_of(problem, scorer)


@cache
def fitting_scorers(kind: str, num_outputs: int) -> tuple[str, ...]:
    """Names of scikit-learn's scorers that can judge a kind of problem.

    Args:
        kind: See `LAST_LAYERS`.
        num_outputs: Classes, labels or numbers predicted at once.

    Returns:
        Names in alphabetical order; those for clusters are never among them.
    """
    names = set(metrics.get_scorer_names()) - set(metrics.cluster.__all__)
    if kind in CLASS_KINDS:
        names -= {*fitting_scorers("number", 1), *fitting_scorers("count", 1)}  # positions of classes are no numbers
    if kind == "several_numbers":
        names -= {name for name in names if "error" in name and name not in UNIT_FREE}
    answers, (truth, prediction) = _answers(kind, num_outputs), _made_up_rows(kind, num_outputs)
    scores = {name: _ask(metrics.get_scorer(name), answers, truth, prediction) for name in sorted(names)}
    return tuple(name for name, score in scores.items() if np.isfinite(score))


def _refused(problem: Problem, asked: str, fitting: Sequence[str]) -> OptionError:
    known = set(metrics.get_scorer_names())
    what = f"`{asked}` does not fit the problem ({problem.last_layer.problem})" if asked in known else (
        f"`{asked}` is not a measure"
    )  # fmt: skip
    return OptionError("unknown_measure", what, expected=f"one of {', '.join(fitting)}",
                       hint=did_you_mean(asked, [*fitting, *OWN_KEYS.values()]))  # fmt: skip


def _answers(kind: str, num_outputs: int) -> BaseEstimator:
    if kind in CLASS_KINDS:
        return _Classes(num_outputs, labelled=kind == "several_labels")
    return _Numbers()


def _made_up_rows(kind: str, num_outputs: int) -> tuple[Truth, Prediction]:
    """A few rows as this kind has them at the edge of what it allows: a number may be negative, a count 0."""
    rng = np.random.default_rng(0)
    if kind in {"two_classes", "several_classes"}:
        return np.arange(4 * num_outputs) % num_outputs, rng.dirichlet(np.ones(num_outputs), 4 * num_outputs)
    if kind == "several_labels":
        return np.arange(8)[:, None] // (1 + np.arange(num_outputs) % 4) % 2, rng.random((8, num_outputs))
    shape = (8, num_outputs) if kind == "several_numbers" else (8,)
    if kind == "share":
        return np.linspace(0, 1, 8), rng.uniform(0.1, 0.9, 8)
    if kind == "count":
        return np.arange(8.0), rng.uniform(0.1, 9.0, 8)
    return rng.normal(size=shape), rng.normal(size=shape)


def _ask(scorer: Scorer, answers: BaseEstimator, truth: Truth, prediction: Prediction) -> float:
    """What a scorer says; NaN where it cannot say anything."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            return float(scorer(answers, prediction, truth))
        except (ValueError, TypeError, AttributeError, IndexError):
            return float("nan")


def _measure_of(problem: Problem, name: str) -> Measure:
    """A scorer that fits, with its sign turned round where it is a negated error."""
    key, sign = OWN_KEYS.get(name, name.removeprefix("neg_")), -1 if name.startswith("neg_") else 1
    scorer, answers = metrics.get_scorer(name), _answers(problem.kind, len(problem.labels) or len(problem.columns))

    def compute(truth: Truth, prediction: Prediction) -> float:
        return sign * _ask(scorer, answers, truth, prediction)

    def no_skill(truth: Truth) -> float:
        known = [score for guess in _constants(problem, truth) if np.isfinite(score := compute(truth, guess))]
        return (max(known) if sign > 0 else min(known)) if known else float("nan")

    if key == POISSON_DEVIANCE.key:
        return POISSON_DEVIANCE
    words = NAMES.get(key, key.replace("_", " "))
    unit = "percent" if key == "mape" else "target" if key in TARGET_UNIT else ""
    return Measure(key, words, words, "higher" if sign > 0 else "lower", unit, "the best constant guess", compute,
                   no_skill, _bounds(key, sign))  # fmt: skip


def _bounds(key: str, sign: int) -> tuple[float, float]:
    if key.startswith(UNBOUNDED_BELOW):
        return -float("inf"), 1.0
    return BOUNDS.get(key, (0.0, 1.0 if sign > 0 else float("inf")))


def _constants(problem: Problem, truth: Truth) -> list[Prediction]:
    """Answers that ignore the columns: means and quantiles of numbers; shares of classes, and each class alone."""
    if problem.kind == "several_labels":
        levels = [truth.mean(axis=0), np.zeros(truth.shape[1]), np.ones(truth.shape[1])]
        return [np.tile(one, (len(truth), 1)) for one in levels]
    if problem.has_classes:
        shares = np.bincount(truth.astype(np.int64), minlength=len(problem.labels)) / len(truth)
        return [np.tile(one, (len(truth), 1)) for one in (shares, *np.eye(len(problem.labels)))]
    means = [truth.mean(axis=0), (truth.min(axis=0) + truth.max(axis=0)) / 2]
    if (truth >= 0).all():
        means.append(np.expm1(np.log1p(truth).mean(axis=0)))
    guesses = [*means, *np.quantile(truth, np.linspace(0, 1, NUM_QUANTILES), axis=0)]
    return [np.broadcast_to(one, truth.shape).copy() for one in guesses]
