"""Step 5: what a network must beat, on the same folds and the same prepared rows.

Three rivals, all scikit-learn's: a constant guess, a linear model (ridge or logistic regression) and gradient-boosted
trees. Their strength is part of the answer, so the linear penalty and the size of the trees are chosen on inner rows,
as the network's settings are. A family is a `Baseline`; fitted on training rows it becomes a `FittedBaseline`.
"""

import contextlib
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from jaxtyping import Float, Int
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression, Ridge
from threadpoolctl import threadpool_limits

from tenfold.metrics import Measure, Prediction
from tenfold.prepare.folded import FoldedTable
from tenfold.problem import Problem
from tenfold.shapes import Table
from tenfold.split import Fold, Pair

__all__ = ["Baseline", "BaselineScores", "FittedBaseline", "choose_baselines", "score_baseline"]

PENALTIES = tuple(10.0**power for power in range(-4, 5))
"""Ridge's alpha, and one over the C of logistic regression (arbitrary; wide enough that the ends are rarely chosen)."""

TREE_SIZES: tuple[dict[str, int], ...] = ({}, {"max_leaf_nodes": 8, "min_samples_leaf": 10})
"""scikit-learn's default (31 leaves of 20 rows), and smaller trees, which were better on three of four tables of 500 to
1,600 rows (boston, titanic, german credit; not on wine)."""

NUM_TUNING_PAIRS = 2
"""Inner folds that choose a baseline's setting: two of five save most of the time."""

FEW_ROWS_FOR_THREADS = 20_000
"""Below so many rows one thread fits: a second gains little, and threads that wait for each other on a busy machine
cost up to ten times as much (measured on 4,000 rows: 0.13 s with one, 1.3 s with two)."""

Target = Float[np.ndarray, " row"] | Int[np.ndarray, " row"]


@dataclass(frozen=True)
class Baseline:
    """A family of simple models with the settings that inner rows choose from.

    Args:
        name: As in a table.
        words: As in a sentence.
        role: The constant guess, or a model.
        settings: Candidates; with one there is nothing to choose.
        make: Settings to an unfitted scikit-learn model.
    """

    name: str
    words: str
    role: Literal["baseline", "guess"]
    settings: tuple[dict[str, Any], ...]
    make: Callable[..., Any]


@dataclass(frozen=True)
class FittedBaseline:
    """A baseline fitted on training rows.

    Args:
        baseline: Its family.
        settings: Those that were chosen.
        model: The fitted scikit-learn model.
        num_classes: Of the problem; 0 for a number.
        seconds: Time of the final fit.
    """

    baseline: Baseline
    settings: dict[str, Any]
    model: Any
    num_classes: int
    seconds: float

    def predict(self, inputs: Table) -> Prediction:
        """Numbers, or a probability for each class of the problem (0 for one that the training rows lacked).

        In double precision, where the probabilities of single-precision models add up to 1 only after a division.
        """
        with _computing(len(inputs)):
            if not self.num_classes:
                return np.asarray(self.model.predict(_usable(inputs)), dtype=np.float64)
            probabilities = np.zeros((len(inputs), self.num_classes))
            probabilities[:, self.model.classes_] = self.model.predict_proba(_usable(inputs))
        return np.asarray(probabilities / probabilities.sum(axis=1, keepdims=True))


@dataclass(frozen=True)
class BaselineScores:
    """A baseline on the outer folds.

    Args:
        baseline: Its family.
        scores: One an outer fold, in the measure's unit.
        predictions: Of each outer fold's validation rows, in their order.
        seconds: Median time of a final fit.
    """

    baseline: Baseline
    scores: tuple[float, ...]
    predictions: tuple[Prediction, ...]
    seconds: float

    @property
    def mean(self) -> float:
        """Mean over the folds that have a score."""
        return float(np.nanmean(self.scores))

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Scores and predictions as arrays, for a run that is killed and continues."""
        predictions = {f"predictions/{fold}": np.asarray(one) for fold, one in enumerate(self.predictions)}
        return {"scores": np.array(self.scores), "seconds": np.array(self.seconds), **predictions}

    @classmethod
    def from_arrays(cls, baseline: Baseline, arrays: Mapping[str, np.ndarray]) -> "BaselineScores":
        """Read what `to_arrays` made.

        Args:
            baseline: Its family.
            arrays: Name to array.
        """
        scores = tuple(arrays["scores"].tolist())
        predictions = tuple(arrays[f"predictions/{fold}"] for fold in range(len(scores)))
        return cls(baseline, scores, predictions, float(arrays["seconds"]))


def choose_baselines(problem: Problem, measure: Measure, *, seed: int) -> tuple[Baseline, ...]:
    """The rivals for a problem, the constant guess first.

    Args:
        problem: From `define_problem`.
        measure: The measure of success; the guess is the constant that it likes best.
        seed: Of the trees.

    Returns:
        Guess, linear model, trees.
    """
    sizes = tuple(TREE_SIZES)
    if problem.is_number:
        statistic = "median" if measure.key == "mae" else "mean"
        return (
            Baseline(
                f"{statistic} of `{problem.target}`",
                f"always guessing the {statistic}",
                "guess",
                ({"strategy": statistic},),
                DummyRegressor,
            ),
            Baseline("linear", "linear regression", "baseline", _grid("alpha", PENALTIES), Ridge),
            Baseline(
                "boosted trees",
                "gradient-boosted trees",
                "baseline",
                sizes,
                lambda **size: HistGradientBoostingRegressor(early_stopping=False, random_state=seed, **size),
            ),
        )
    most_frequent = problem.label_texts[int(np.argmax(problem.class_counts))]
    return (
        Baseline(
            f"always `{most_frequent}`",
            f"always guessing `{most_frequent}`",
            "guess",
            ({"strategy": "prior"},),
            DummyClassifier,
        ),
        Baseline("linear", "logistic regression", "baseline", _grid("C", [1 / p for p in PENALTIES]), _logistic),
        Baseline(
            "boosted trees",
            "gradient-boosted trees",
            "baseline",
            sizes,
            lambda **size: HistGradientBoostingClassifier(early_stopping=False, random_state=seed, **size),
        ),
    )


def fit_baseline(
    baseline: Baseline,
    problem: Problem,
    measure: Measure,
    inputs: Table,
    target: Target,
    train_rows: Int[np.ndarray, " train_row"],
    inner: Sequence[Pair],
) -> FittedBaseline:
    """Choose the settings on inner rows, then fit on all training rows.

    Args:
        baseline: The family.
        problem: From `define_problem`.
        measure: For a number it chooses the settings; for classes the log loss does, which is smoother.
        inputs: Prepared rows of the whole table, as the fold prepares them.
        target: Encoded target of the whole table, in its own unit.
        train_rows: Positions to fit on.
        inner: Pairs within `train_rows`.

    Returns:
        The fitted baseline.
    """
    settings = baseline.settings[0]
    if len(baseline.settings) > 1:
        pairs = inner[:NUM_TUNING_PAIRS]
        losses = [_inner_loss(baseline, problem, measure, inputs, target, pairs, one) for one in baseline.settings]
        settings = baseline.settings[int(np.argmin(losses))]
    return _fit(baseline, problem, settings, inputs[train_rows], target[train_rows])


def score_baseline(
    baseline: Baseline, problem: Problem, measure: Measure, folded: FoldedTable, target: Target, folds: Sequence[Fold]
) -> BaselineScores:
    """Fit on every outer fold's training rows and score on its validation rows.

    Args:
        baseline: The family.
        problem: From `define_problem`.
        measure: The measure of success.
        folded: Block `i` prepared on the training rows of `folds[i]`.
        target: Encoded target of the whole table, in its own unit.
        folds: Outer folds.

    Returns:
        Scores and out-of-fold predictions.
    """
    scores, predictions, seconds = [], [], []
    for block, fold in enumerate(folds):
        inputs = folded.block(block, np.arange(folded.num_rows))
        fitted = fit_baseline(baseline, problem, measure, inputs, target, fold.train_rows, fold.inner)
        predictions.append(fitted.predict(inputs[fold.validation_rows]))
        scores.append(measure.score(target[fold.validation_rows], predictions[-1]))
        seconds.append(fitted.seconds)
    return BaselineScores(baseline, tuple(scores), tuple(predictions), float(np.median(seconds)))


@contextlib.contextmanager
def _computing(num_rows: int) -> Iterator[None]:
    """One thread where few rows would only make threads wait; no word of "invalid" numbers in a matrix product.

    OpenBLAS now and then raises that flag over finite numbers (numpy/numpy#24067): what it says is not to be relied on.
    """
    with threadpool_limits(1 if num_rows < FEW_ROWS_FOR_THREADS else None), np.errstate(invalid="ignore"):
        yield


def _usable(inputs: Table) -> Table:
    """The inputs, or a constant where no column could be used."""
    return inputs if inputs.shape[1] else np.zeros((len(inputs), 1), np.float32)


def _grid(name: str, values: Sequence[float]) -> tuple[dict[str, float], ...]:
    return tuple({name: value} for value in values)


def _logistic(**settings: float) -> LogisticRegression:
    return LogisticRegression(max_iter=1_000, **settings)


def _inner_loss(
    baseline: Baseline,
    problem: Problem,
    measure: Measure,
    inputs: Table,
    target: Target,
    pairs: Sequence[Pair],
    settings: dict[str, Any],
) -> float:
    losses = []
    for train, validation in pairs:
        prediction = _fit(baseline, problem, settings, inputs[train], target[train]).predict(inputs[validation])
        losses.append(_loss(problem, measure, target[validation], prediction))
    return float(np.mean(losses))


def _loss(problem: Problem, measure: Measure, truth: Target, prediction: Any) -> float:
    """Lower is better: the measure of a number, or the log loss of classes."""
    if problem.is_number:
        return -measure.gain(measure.score(truth, prediction), 0.0)
    likelihood = prediction[np.arange(len(truth)), truth]
    return float(-np.log(np.maximum(likelihood, np.finfo(np.float32).eps)).mean())


def _fit(
    baseline: Baseline, problem: Problem, settings: dict[str, Any], inputs: Table, target: Target
) -> FittedBaseline:
    """Fit with given settings. Where the training rows hold one class only, every model is the constant guess."""
    start = time.perf_counter()
    num_classes = len(problem.labels)
    is_one_class = bool(num_classes) and len(np.unique(target)) == 1
    model = DummyClassifier(strategy="prior") if is_one_class else baseline.make(**settings)
    with warnings.catch_warnings(), _computing(len(inputs)):
        # A weak penalty on separable classes never converges; the inner rows judge such a candidate by its predictions.
        warnings.filterwarnings("ignore", category=ConvergenceWarning)
        model.fit(_usable(inputs), target)
    return FittedBaseline(baseline, settings, model, num_classes, time.perf_counter() - start)
