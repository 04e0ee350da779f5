"""Step 5: what a network must beat, on the same folds and the same prepared rows.

The strength of the rivals is part of the answer, so the linear penalty and the size of the trees are chosen on inner
rows, as the network's settings are. A family is a `rivals.Baseline`; fitted on training rows it becomes a
`FittedBaseline`.
"""

import contextlib
import functools
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Int
from scipy import sparse
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.exceptions import ConvergenceWarning
from threadpoolctl import ThreadpoolController

from tenfold.baselines.rivals import Baseline
from tenfold.lookup import Lookup
from tenfold.measures.measure import Measure, Prediction
from tenfold.prepare.folded import PHOTO_FEATURES, FoldedTable
from tenfold.prepare.history import HistoryColumn
from tenfold.prepare.table import TablePreparation
from tenfold.problem.definition import EncodedTarget, Problem
from tenfold.shapes import Codes, Rows, Table
from tenfold.split.folds import Fold, Pair

__all__ = [
    "BaselineScores",
    "FittedBaseline",
    "beside",
    "fit_baseline",
    "fit_with_parts",
    "past_of",
    "predict_with",
    "rival_inputs",
    "score_baseline",
]

NUM_TUNING_PAIRS = 2
"""Inner folds that choose a baseline's setting: two of five save most of the time."""

FEW_ROWS_FOR_THREADS = 20_000
"""Below so many rows one thread fits: a second gains little, and threads that wait for each other on a busy machine
cost up to ten times as much (measured on 4,000 rows: 0.13 s with one, 1.3 s with two)."""


@dataclass(frozen=True)
class FittedBaseline:
    """A baseline fitted on training rows.

    Args:
        baseline: Its family.
        settings: Those that were chosen.
        model: The fitted scikit-learn model.
        problem: What it predicts.
        seconds: Time of the final fit.
    """

    baseline: Baseline
    settings: dict[str, Any]
    model: Any
    problem: Problem
    seconds: float

    def predict(self, inputs: Any) -> Prediction:
        """Numbers, or a probability for each class or label of the problem (0 for one that the training rows lacked).

        In double precision, where the probabilities of single-precision models add up to 1 only after a division.
        """
        return predict_with(self.model, self.problem, inputs)


def predict_with(model: Any, problem: Problem, inputs: Any) -> Prediction:
    """A fitted scikit-learn model's answers as predictions; see `FittedBaseline.predict`.

    Args:
        model: Fitted on encoded targets.
        problem: What it predicts.
        inputs: Prepared rows.
    """
    usable = _usable(inputs)
    with _computing(inputs.shape[0]):
        if problem.kind == "several_labels":
            return np.asarray(model.predict_proba(usable), dtype=np.float64)
        if not problem.has_classes:
            return np.asarray(model.predict(usable), dtype=np.float64)
        probabilities = np.zeros((inputs.shape[0], len(problem.labels)))
        probabilities[:, model.classes_] = model.predict_proba(usable)
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


def rival_inputs(folded: FoldedTable, block: int, sees: str = "inputs", of: Rows | None = None) -> Any:
    """What baselines see of a table: terms of texts, inputs, features of photos, then codes; they are told how many.

    Args:
        folded: The prepared table.
        block: The fold that prepared it.
        sees: `Baseline.sees`: `"past"` for the windows of the target in its own unit.
        of: Positions of rows in the table; None for all.

    Returns:
        These rows; codes as numbers, which are exact up to 16 million. A sparse matrix where there are texts.
    """
    rows = folded.rows(block, np.arange(folded.num_rows) if of is None else of)
    if sees == "past":
        return past_of(folded.preparations[block], folded.lookups, rows)
    num_terms = folded.text_sizes.num_terms
    bag = (folded.terms[rows], folded.weights[rows], num_terms) if num_terms else None
    features = folded.lookups[PHOTO_FEATURES][rows] if PHOTO_FEATURES in folded.lookups else None
    return beside(folded.inputs[rows], folded.codes[rows], bag, features)


def past_of(preparation: TablePreparation, lookups: Mapping[str, Lookup], rows: Any) -> Table:
    """The windows of the target in its own unit.

    Args:
        preparation: Has scaled them.
        lookups: With the scaled ones.
        rows: Positions in it, or a slice.
    """
    column = preparation.lookup_columns["history"]
    if not isinstance(column, HistoryColumn):
        raise TypeError("`history` is the name of windows of a series")
    return column.past(lookups["history"], rows)


def beside(
    inputs: Table,
    codes: Codes | None,
    bag: tuple[np.ndarray, np.ndarray, int] | None,
    features: np.ndarray | None = None,
) -> Any:
    """Terms of texts, inputs, features of photos and codes side by side, as baselines take them.

    Args:
        inputs: Prepared inputs.
        codes: Codes of levels; None without.
        bag: Terms and weights of each row, and how many terms there are; None without texts.
        features: Of photos, see `prepare.pictures`; None without photos.

    Returns:
        An array, or with texts a sparse matrix.
    """
    more = [features, None if codes is None else codes.astype(np.float32)]
    parts = [inputs, *(part for part in more if part is not None and part.shape[1])]
    dense = np.concatenate(parts, axis=1) if parts[1:] else np.asarray(inputs)
    if bag is None:
        return dense
    terms, weights, num_terms = bag
    starts = np.arange(len(terms) + 1) * terms.shape[1]
    lines = sparse.csr_matrix((weights.ravel(), terms.ravel(), starts), shape=(len(terms), num_terms))
    lines.sum_duplicates()
    lines.eliminate_zeros()
    return sparse.hstack([lines, sparse.csr_matrix(dense)], format="csr")


def fit_baseline(
    baseline: Baseline,
    problem: Problem,
    measure: Measure,
    inputs: Any,
    target: EncodedTarget,
    train_rows: Int[np.ndarray, " train_row"],
    inner: Sequence[Pair],
) -> FittedBaseline:
    """Choose the settings on inner rows, then fit on all training rows.

    Args:
        baseline: The family.
        problem: From `define_problem`.
        measure: For numbers it chooses the settings; for classes and labels the log loss does, which is smoother.
        inputs: From `rival_inputs`: rows of the whole table, as the fold prepares them.
        target: Encoded target of the whole table, in its own unit.
        train_rows: Positions to fit on.
        inner: Pairs within `train_rows`.

    Returns:
        The fitted model.
    """
    settings, _ = _chosen(baseline, problem, measure, inputs, target, inner)
    return _fit(baseline, problem, settings, inputs[train_rows], target[train_rows])


def fit_with_parts(
    baseline: Baseline,
    problem: Problem,
    measure: Measure,
    inputs: Any,
    target: EncodedTarget,
    fold: Fold,
) -> tuple[FittedBaseline, tuple[FittedBaseline, ...]]:
    """As `fit_baseline`, and the same settings fitted on the training rows of each inner fold.

    Args:
        baseline: The family.
        problem: From `define_problem`.
        measure: As there.
        inputs: From `rival_inputs`.
        target: Encoded target of the whole table, in its own unit.
        fold: Its training rows and inner folds.

    Returns:
        Of all training rows, and of each inner fold; those that chose the settings are not fitted again.
    """
    settings, tried = _chosen(baseline, problem, measure, inputs, target, fold.inner)
    parts = [
        tried.get(place) or _fit(baseline, problem, settings, inputs[train], target[train])
        for place, (train, _) in enumerate(fold.inner)
    ]
    rows = fold.train_rows
    return _fit(baseline, problem, settings, inputs[rows], target[rows]), tuple(parts)


def score_baseline(
    baseline: Baseline,
    problem: Problem,
    measure: Measure,
    folded: FoldedTable,
    target: EncodedTarget,
    folds: Sequence[Fold],
    fitted: Sequence[FittedBaseline] = (),
) -> BaselineScores:
    """Fit on every outer fold's training rows and score on its validation rows.

    Args:
        baseline: The family.
        problem: From `define_problem`.
        measure: The measure of success.
        folded: Block `i` prepared on the training rows of `folds[i]`.
        target: Encoded target of the whole table, in its own unit.
        folds: Outer folds.
        fitted: The same family where it is fitted on each fold already; none to fit it.

    Returns:
        Scores and out-of-fold predictions.
    """
    scores, predictions, seconds = [], [], []
    for block, fold in enumerate(folds):
        inputs = rival_inputs(folded, block, baseline.sees)
        if fitted:
            one = fitted[block]
        else:
            one = fit_baseline(baseline, problem, measure, inputs, target, fold.train_rows, fold.inner)
        predictions.append(one.predict(inputs[fold.validation_rows]))
        scores.append(measure.score(target[fold.validation_rows], predictions[-1]))
        seconds.append(one.seconds)
    return BaselineScores(baseline, tuple(scores), tuple(predictions), float(np.median(seconds)))


@contextlib.contextmanager
def _computing(num_rows: int) -> Iterator[None]:
    """One thread where few rows would only make threads wait; no word of "invalid" numbers in a matrix product.

    OpenBLAS now and then raises that flag over finite numbers (numpy/numpy#24067): what it says is not to be relied on.
    """
    limit = 1 if num_rows < FEW_ROWS_FOR_THREADS else None
    with _threads().limit(limits=limit), np.errstate(invalid="ignore"):
        yield


@functools.cache
def _threads() -> ThreadpoolController:
    """The thread pools of this process, looked for once: it takes milliseconds, and a run fits hundreds of models."""
    return ThreadpoolController()


def _usable(inputs: Any) -> Any:
    """The inputs, or a constant where no column could be used."""
    return inputs if inputs.shape[1] else np.zeros((inputs.shape[0], 1), np.float32)


def _chosen(
    baseline: Baseline,
    problem: Problem,
    measure: Measure,
    inputs: Any,
    target: EncodedTarget,
    inner: Sequence[Pair],
) -> tuple[dict[str, Any], dict[int, FittedBaseline]]:
    """The settings with the lowest inner loss, and what was fitted with them, by the place of the inner fold."""
    if len(baseline.settings) == 1:
        return baseline.settings[0], {}
    lowest, chosen = np.inf, (baseline.settings[0], dict[int, FittedBaseline]())
    for settings in baseline.settings:
        losses, fits = [], dict[int, FittedBaseline]()
        for place, (train, validation) in enumerate(inner[:NUM_TUNING_PAIRS]):
            fits[place] = _fit(baseline, problem, settings, inputs[train], target[train])
            losses.append(_loss(problem, measure, target[validation], fits[place].predict(inputs[validation])))
        if np.mean(losses) < lowest:
            lowest, chosen = float(np.mean(losses)), (settings, fits)
    return chosen


def _loss(problem: Problem, measure: Measure, truth: EncodedTarget, prediction: Any) -> float:
    """Lower is better: the measure of numbers, or the log loss of classes and labels."""
    if problem.kind == "several_labels":
        likelihood = np.where(truth == 1, prediction, 1 - prediction)
    elif problem.has_classes:
        likelihood = prediction[np.arange(len(truth)), truth]
    else:
        return -measure.gain(measure.score(truth, prediction), 0.0)
    return float(-np.log(np.maximum(likelihood, np.finfo(np.float32).eps)).mean())


def _fit(
    baseline: Baseline, problem: Problem, settings: dict[str, Any], inputs: Any, target: EncodedTarget
) -> FittedBaseline:
    """Fit with given settings. Where all training rows have the same target, every model is the constant guess."""
    start = time.perf_counter()
    is_constant = target.ndim == 1 and not np.ptp(target)
    constant = DummyClassifier(strategy="prior") if problem.has_classes else DummyRegressor()
    model = constant if is_constant else baseline.make(**settings)
    with warnings.catch_warnings(), _computing(inputs.shape[0]):
        # A weak penalty on separable classes never converges; the inner rows judge such a candidate by its predictions.
        warnings.filterwarnings("ignore", category=ConvergenceWarning)
        # A class with fewer rows than parts misses in some of them, when levels are encoded crosswise.
        warnings.filterwarnings("ignore", message="The least populated class", category=UserWarning)
        model.fit(_usable(inputs), target)
    return FittedBaseline(baseline, settings, model, problem, time.perf_counter() - start)
