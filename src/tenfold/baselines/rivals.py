"""Who a network must beat: for each kind of problem a constant guess, a linear model and gradient-boosted trees.

All are scikit-learn's. Texts are bags of terms to linear models, which may weigh them by how differently classes use
them (`telling.py`), and to trees the bags' 50 strongest directions. Linear models take a column of very many levels
(users, books) one input a level, which with a penalty is the damped mean of each level, the rival that matters for
ratings; trees take the level's mean target, fitted on the training rows and crosswise among them. Shares are predicted
as classes in proportion: a row that is 0.3 counts 0.3 as yes and 0.7 as no, which keeps every prediction between 0
and 1. Counts are fitted by Poisson likelihood.

Sources: T. Koren (2009) on damped means; Micci-Barreca (2001) on target encoding, as in scikit-learn's `TargetEncoder`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from scipy import sparse
from sklearn.base import BaseEstimator, clone
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import TruncatedSVD
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.linear_model import LogisticRegression, PoissonRegressor, Ridge
from sklearn.model_selection import KFold, StratifiedKFold
from sklearn.multioutput import MultiOutputRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, TargetEncoder

from tenfold.baselines.line import BesideLine, BesideRidge, InLogs, LineAndRidge, LinesAndRidge
from tenfold.baselines.softmax import SoftmaxRegression
from tenfold.baselines.telling import TellingTerms
from tenfold.measures.measure import Measure
from tenfold.problem.definition import Problem

__all__ = ["Baseline", "choose_baselines"]

PENALTIES = tuple(10.0**power for power in range(-4, 5))
"""Ridge's alpha, and one over the C of logistic regression (arbitrary; wide enough that the ends are rarely chosen)."""

CODE_PENALTIES = (1.0, 3.0, 5.0, 7.0, 10.0, 20.0)
"""The same where levels are inputs: rows by which a level's mean is damped. On a tenth of 95,487 ratings by users of
books, root mean squared error 0.864 with 5 and 0.866 with 10; means damped by hand, users by 5 and books by 10 rows,
reach 0.862, the mean of all 0.986."""

POISSON_PENALTIES = tuple(10.0**power for power in range(-6, 1))
"""Of the mean deviance, not of its sum as in ridge: smaller by the number of rows (arbitrary)."""

TERM_PENALTIES = (0.1, 0.01, 1.0)
"""The same for terms of texts (on film reviews and sentences the best C is 1 to 30, whichever way terms are weighted);
the first where classes are many, each of which is a model of its own."""

FEW_CLASSES = 8
"""Classes up to which all of these are tried (arbitrary: a fit of 52 kinds of newswires takes two seconds)."""

NUM_DIRECTIONS = 50
"""Directions of the bags that trees see (latent semantic analysis; arbitrary)."""

SMALL_TREES: dict[str, Any] = {"max_leaf_nodes": 8, "min_samples_leaf": 10}
"""Better than scikit-learn's 31 leaves of 20 rows on three of four tables of 500 to 1,600 rows (boston, titanic, german
credit; not on wine)."""

TINY_TREES: dict[str, Any] = {"learning_rate": 0.05, "max_iter": 200, "max_leaf_nodes": 4, "min_samples_leaf": 5}
"""Twice the trees of half the step: log loss 0.42 on titanic, where small trees have 0.43 and the default 0.48; on
boston small trees stay best (mean absolute error 2.21, tiny 2.36, default 2.26; trees grown by absolute error 2.31)."""

MANY_CLASSES_TREES: dict[str, Any] = {**SMALL_TREES, "l2_regularization": 1.0}
"""The same for texts of many classes, each of which is a tree a round. Without a penalty the leaves of classes of a few
rows grow without bound: accuracy on 51 kinds of newswires (5,200 texts, 1,300 held out) 0.89 with it, 0.44 without, and
0.27 with scikit-learn's default trees."""

FEW_ROWS, MANY_ROWS = 2_500, 10_000
"""Up to the first, fits are so cheap that tiny trees are tried too; from the second on trees are added until they stop
to help on a tenth of the training rows (arbitrary)."""

LONG: dict[str, Any] = {"early_stopping": True, "max_iter": 500}

RIDGE_BELOW_TREES = 10.0
"""Penalty of the ridge that trees of many forecasts start from (arbitrary: with so many rows it hardly matters)."""

NUM_PARTS = 5
"""Parts of the training rows among which levels get their mean target crosswise. scikit-learn's default."""

MEDIAN_MEASURES = {"mae", "median_absolute_error", "mape", "d2_absolute_error_score", "mae_in_spreads"}
"""Measures that like the median better than the mean."""


@dataclass(frozen=True)
class Baseline:
    """A family of simple models with the settings that inner rows choose from.

    Args:
        name: As in a table.
        words: As in a sentence.
        role: The constant guess, or a model.
        settings: Candidates; with one there is nothing to choose.
        make: Settings to an unfitted scikit-learn model.
        sees: Prepared inputs, or the target's own past in its unit.
    """

    name: str
    words: str
    role: Literal["baseline", "guess"]
    settings: tuple[dict[str, Any], ...]
    make: Callable[..., Any]
    sees: Literal["inputs", "past"] = "inputs"


@dataclass(frozen=True)
class Columns:
    """Columns that are more than numbers.

    Args:
        num_codes: The last ones, codes of levels.
        num_terms: The first ones, terms of texts.
        levels: Places of those that a target is a line through, where it is forecast.
        in_logs: Whether models of it see log(1 + target).
    """

    num_codes: int = 0
    num_terms: int = 0
    levels: tuple[int, ...] = ()
    in_logs: bool = False


def choose_baselines(
    problem: Problem, measure: Measure, *, seed: int, num_codes: int = 0, num_terms: int = 0,
    levels: tuple[int, ...] = (), in_logs: bool = False,
) -> tuple[Baseline, ...]:  # fmt: skip
    """The rivals for a problem, the constant guess first.

    Args:
        problem: From `define_problem`.
        measure: The measure of success; the guess is the constant that it likes best.
        seed: Of the trees.
        num_codes: How many of the last inputs are codes of levels.
        num_terms: How many of the first inputs are terms of texts.
        levels: Places of inputs that a number is a line through, before anything else is said of it.
        in_logs: Whether models see log(1 + the number).

    Returns:
        Guess, linear model, trees.
    """
    columns = Columns(num_codes, num_terms, levels, in_logs)
    trees = Baseline(
        "boosted trees",
        "gradient-boosted trees",
        "baseline",
        _tree_settings(problem, columns),
        lambda **size: _trees(problem, columns, seed, size),
    )
    return _guess(problem, measure), _linear(problem, columns), trees


def _guess(problem: Problem, measure: Measure) -> Baseline:
    if problem.has_classes:
        name = f"always `{problem.label_texts[int(np.argmax(problem.class_counts))]}`"
        words = name.replace("always", "always guessing")
        return Baseline(name, words, "guess", ({"strategy": "prior"},), DummyClassifier)
    if problem.kind == "several_labels":
        words = "always guessing the share of each label"
        return Baseline("share of each label", words, "guess", ({},), lambda: EachLabel(DummyClassifier()))
    statistic = "median" if measure.key in MEDIAN_MEASURES else "mean"
    of = f"{statistic} of `{problem.target}`" if problem.is_number else f"{statistic} of each target"
    words = f"always guessing the {statistic}{'s' * (not problem.is_number)}"
    return Baseline(of, words, "guess", ({"strategy": statistic},), DummyRegressor)


def _linear(problem: Problem, columns: Columns) -> Baseline:
    penalties = CODE_PENALTIES if columns.num_codes else PENALTIES
    if columns.num_terms:
        penalties = TERM_PENALTIES if problem.num_outputs <= FEW_CLASSES else TERM_PENALTIES[:1]
    if problem.kind == "count":
        grid = tuple({"alpha": penalty} for penalty in POISSON_PENALTIES)
        return _linear_baseline("Poisson regression", grid, _poisson, columns)
    if problem.is_scaled and columns.levels:
        beside = LineAndRidge if problem.kind == "number" else LinesAndRidge
        grid = tuple({"alpha": one} for one in penalties)

        def linear(**setting: float) -> Any:
            model = beside(Ridge(**setting), columns.levels)
            return InLogs(model) if columns.in_logs else model

        return _linear_baseline("linear regression", grid, linear, columns)
    if problem.is_scaled:
        return _linear_baseline("linear regression", tuple({"alpha": one} for one in penalties), Ridge, columns)
    kinds: dict[str, Callable[..., Any]] = {
        "share": lambda **setting: InProportion(_logistic(**setting)),
        "several_labels": lambda **setting: EachLabel(_logistic(**setting)),
    }
    grid = tuple({"C": 1 / penalty} for penalty in penalties)
    if columns.num_terms and problem.has_classes:
        model = SoftmaxRegression if problem.kind == "several_classes" else _logistic
        return Baseline(
            "bag of words", "bag-of-words logistic regression", "baseline",
            tuple({**one, "is_counting": is_counting} for one in grid for is_counting in (True, False)),
            lambda is_counting, **setting: _with_codes(
                OneHotEncoder(handle_unknown="ignore", dtype=np.float32),
                make_pipeline(TellingTerms(columns.num_terms, is_counting), model(**setting)), columns.num_codes,
            ),
        )  # fmt: skip
    return _linear_baseline("logistic regression", grid, kinds.get(problem.kind, _logistic), columns)


def _linear_baseline(
    words: str, settings: tuple[dict[str, Any], ...], model: Callable[..., Any], columns: Columns
) -> Baseline:
    levels = OneHotEncoder(handle_unknown="ignore", dtype=np.float32)
    name = "bag of words" if columns.num_terms else "linear"
    said = f"bag-of-words {words}" if columns.num_terms else words
    return Baseline(
        name, said, "baseline", settings, lambda **setting: _with_codes(levels, model(**setting), columns.num_codes)
    )


def _logistic(**setting: float) -> LogisticRegression:
    return LogisticRegression(max_iter=1_000, **setting)


def _poisson(**setting: float) -> PoissonRegressor:
    return PoissonRegressor(max_iter=1_000, **setting)


def _tree_settings(problem: Problem, columns: Columns) -> tuple[dict[str, Any], ...]:
    """Sizes to choose from."""
    if columns.num_terms and problem.has_classes and problem.num_outputs > FEW_CLASSES:
        return (MANY_CLASSES_TREES,)
    if problem.num_rows >= MANY_ROWS and problem.kind != "share":  # a share's row stands on both sides of their tenth
        return LONG, LONG | {"learning_rate": 0.05, "max_leaf_nodes": 63}
    return ({}, SMALL_TREES, TINY_TREES) if problem.num_rows <= FEW_ROWS else ({}, SMALL_TREES)


def _trees(problem: Problem, columns: Columns, seed: int, size: dict[str, Any]) -> Any:
    size = {"early_stopping": False, "random_state": seed} | size
    kinds = {"two_classes": "binary", "several_classes": "multiclass", "several_labels": "binary"}
    deal = StratifiedKFold if problem.kind in kinds else KFold
    crosswise = deal(NUM_PARTS, shuffle=True, random_state=seed)
    means = TargetEncoder(target_type=kinds.get(problem.kind, "continuous"), cv=crosswise)

    def behind(model: Any) -> Any:
        return _with_codes(means, _with_directions(model, columns, seed), columns.num_codes)

    if problem.kind == "several_labels":
        return EachLabel(behind(HistGradientBoostingClassifier(**size)))
    if problem.kind == "share":
        return behind(InProportion(HistGradientBoostingClassifier(**size)))
    if problem.has_classes:
        return behind(HistGradientBoostingClassifier(**size))
    loss = {"loss": "poisson"} if problem.kind == "count" else {}
    one = behind(HistGradientBoostingRegressor(**loss, **size))
    if problem.kind == "number" and columns.levels:
        ridge = LineAndRidge(Ridge(RIDGE_BELOW_TREES), columns.levels)
        beside = BesideRidge(one, ridge) if problem.num_rows >= MANY_ROWS else BesideLine(one, columns.levels)
        return InLogs(beside) if columns.in_logs else beside
    return MultiOutputRegressor(one) if problem.kind == "several_numbers" else one


def _with_directions(model: Any, columns: Columns, seed: int) -> Any:
    """The model behind the strongest directions of the first columns, where they are terms."""
    if not columns.num_terms:
        return model
    terms = slice(0, columns.num_terms)
    directions = TruncatedSVD(min(NUM_DIRECTIONS, columns.num_terms - 1), random_state=seed)
    return make_pipeline(
        ColumnTransformer([("terms", directions, terms)], remainder="passthrough", sparse_threshold=0.0), model
    )


def _with_codes(encoder: BaseEstimator, model: Any, num_codes: int) -> Any:
    """The model behind an encoder of the last columns, where they are codes."""
    if not num_codes:
        return model
    last = slice(-num_codes, None)
    columns = ColumnTransformer(
        [("others", "passthrough", slice(0, -num_codes)), ("codes", encoder, last)], sparse_threshold=1.0
    )
    return make_pipeline(columns, model)


class InProportion(BaseEstimator):  # type: ignore[misc]  # scikit-learn is not annotated
    """Shares as classes: each row counts as yes by its share and as no by the rest, and the chance of yes is predicted.

    Args:
        classifier: Of two classes, unfitted.
    """

    def __init__(self, classifier: Any) -> None:
        self.classifier = classifier

    def fit(self, inputs: Any, shares: np.ndarray) -> "InProportion":
        """Fit on every row twice, weighted; rows of weight 0 are left out."""
        stack = sparse.vstack if sparse.issparse(inputs) else np.concatenate
        weights, sides = np.concatenate([shares, 1 - shares]), np.repeat([1, 0], len(shares))
        counted = np.flatnonzero(weights > 0)
        twice = sparse.csr_matrix(stack([inputs, inputs])) if sparse.issparse(inputs) else stack([inputs, inputs])
        self.classifier_ = clone(self.classifier).fit(twice[counted], sides[counted], sample_weight=weights[counted])
        return self

    def predict(self, inputs: Any) -> np.ndarray:
        """The chance of yes, 0 to 1."""
        return np.asarray(self.classifier_.predict_proba(inputs)[:, 1])


class EachLabel(BaseEstimator):  # type: ignore[misc]  # scikit-learn is not annotated
    """A classifier a label; a label that all training rows have, or none, is a constant guess.

    scikit-learn's `MultiOutputClassifier` refuses such labels, which a fold of a rare one may have.

    Args:
        classifier: Of two classes, unfitted.
    """

    def __init__(self, classifier: Any) -> None:
        self.classifier = classifier

    def fit(self, inputs: Any, labels: np.ndarray) -> "EachLabel":
        """Fit one classifier a column."""
        self.models_: Sequence[Any] = [
            (clone(self.classifier) if np.ptp(column) else DummyClassifier()).fit(inputs, column) for column in labels.T
        ]
        return self

    def predict_proba(self, inputs: Any) -> np.ndarray:
        """The chance of each label."""
        return np.column_stack([_chance(model, inputs) for model in self.models_])


def _chance(model: Any, inputs: Any) -> np.ndarray:
    """The chance of class 1, which a constant guess may not know."""
    chances = np.zeros((inputs.shape[0], 2))
    chances[:, model.classes_] = model.predict_proba(inputs)
    return chances[:, 1]
