"""What a quick model can learn from the data, without a network: trees on at most 2,000 rows and 100 features.

Extremely randomised trees (Geurts, Ernst and Wehenkel 2006) need no scaling, no tuning and a fraction of a second, and
they see what linear models cannot. Their answers are always those for rows that they were not fitted on. Wide inputs
are reduced to their principal components, and tokens to counts of the most frequent ones.

scikit-learn is imported where it is used: the checks of every training, which ask no quick model, do without (0.3 s).
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from tenfold.checks.facts import InputFacts, TargetFacts

__all__ = ["Answers", "Question", "Sample", "answers_out_of_fold", "as_features", "question_of", "sample_of"]

_MOST_ROWS = 2_000
"""Rows that expensive measures are taken on."""

_MOST_FEATURES = 100
_COMPONENTS = 50
_MOST_COLUMNS = 2_000  # before principal components are taken
_MOST_TOKENS = 200
_FOLDS = 3
_FEWEST_ROWS = 20
_TREES = 50
_ROWS_A_LEAF = 3


class Question(NamedTuple):
    """A target as one column.

    Attributes:
        values: Class numbers from 0, or numbers.
        num_classes: Number of classes; 0 for numbers.
    """

    values: np.ndarray
    num_classes: int


class Answers(NamedTuple):
    """Out-of-fold answers of the quick model.

    Attributes:
        out_of_fold: Probabilities of the classes, axes `(row, class)`, or numbers, for rows not fitted on.
        score: Share of the guess's error taken away: 0 as the guess, 1 perfect. For classes the guess's error is that
            of every class alike, `1 - 1/K`, so that a rare class counts as much as a frequent one; for numbers it is
            the variance of their ranks, and the share is the squared correlation, with its sign.
        train_score: The same on the rows fitted on.
        linear_score: The score of a linear model, out of fold.
        chance: What one in a hundred random orders of the targets reaches with the same answers.
    """

    out_of_fold: np.ndarray
    score: float
    train_score: float
    linear_score: float
    chance: float


def question_of(target: TargetFacts, values: np.ndarray) -> Question | None:
    """The target as one column; None where it has several columns or steps."""
    if target.num_missing:
        return None
    if target.kind == "one-hot":
        return Question(np.argmax(values, axis=1), values.shape[1])
    if target.kind in ("two classes", "classes"):
        distinct, codes = np.unique(values.reshape(-1), return_inverse=True)
        return Question(codes, len(distinct))
    if target.kind == "number" and len(values) == values.size:
        return Question(values.reshape(-1).astype(np.float64), 0)
    return None


class Sample(NamedTuple):
    """Rows that are looked at, in order, with their targets.

    Attributes:
        rows: Numbers of the rows.
        question: Their targets; class numbers count the classes that occur here.
    """

    rows: np.ndarray
    question: Question


def sample_of(question: Question) -> Sample | None:
    """At most 2,000 rows at equal distances, without classes of fewer rows than folds; None where nothing is left."""
    num_rows = len(question.values)
    rows = np.unique(np.linspace(0, num_rows - 1, min(num_rows, _MOST_ROWS)).astype(int))
    if question.num_classes:
        counts = np.bincount(question.values[rows], minlength=question.num_classes)
        rows = rows[counts[question.values[rows]] >= _FOLDS]
    if len(rows) < _FEWEST_ROWS:
        return None
    if not question.num_classes:
        return Sample(rows, Question(question.values[rows], 0))
    present, codes = np.unique(question.values[rows], return_inverse=True)
    return Sample(rows, Question(codes, len(present))) if len(present) > 1 else None


def as_features(inputs: Sequence[InputFacts], arrays: Sequence[np.ndarray], rows: np.ndarray, seed: int) -> np.ndarray:
    """Inputs of some rows as a table of numbers, of at most 100 columns for each input."""
    found = [_columns(facts, array[rows], seed) for facts, array in zip(inputs, arrays, strict=True)]
    return np.concatenate(found, axis=1)


def _columns(facts: InputFacts, values: np.ndarray, seed: int) -> np.ndarray:
    from sklearn.decomposition import PCA  # noqa: PLC0415

    flat = values.reshape(len(values), -1)
    if facts.kind == "tokens":
        return _token_counts(flat)
    flat = flat.astype(np.float64)
    flat = np.where(np.isfinite(flat), flat, facts.mean)
    if flat.shape[1] <= _MOST_FEATURES:
        return flat
    spread = flat.std(axis=0)
    flat = flat[:, np.sort(np.argsort(-spread, kind="stable")[:_MOST_COLUMNS])]
    components = min(_COMPONENTS, len(flat) - 1)
    found: np.ndarray = PCA(components, svd_solver="randomized", random_state=seed).fit_transform(flat)
    return found


def _token_counts(tokens: np.ndarray) -> np.ndarray:
    """How often each of the most frequent tokens stands in each row."""
    codes = tokens.astype(np.int64)
    _, inverse, counts = np.unique(codes, return_inverse=True, return_counts=True)
    frequent = np.argsort(-counts, kind="stable")[:_MOST_TOKENS]
    place = np.full(len(counts), len(frequent))
    place[frequent] = np.arange(len(frequent))
    found = np.zeros((len(codes), len(frequent) + 1))
    np.add.at(found, (np.arange(len(codes))[:, None], place[inverse.reshape(codes.shape)]), 1.0)
    return found[:, :-1]


def answers_out_of_fold(features: np.ndarray, question: Question, seed: int) -> Answers:
    """The quick model's answers for rows that it was not fitted on; each class has as many rows as folds."""
    from sklearn.model_selection import KFold, StratifiedKFold  # noqa: PLC0415

    is_classes = question.num_classes > 0
    splitter = (StratifiedKFold if is_classes else KFold)(_FOLDS, shuffle=True, random_state=seed)
    values = question.values if is_classes else _ranks(question.values)
    folds = list(splitter.split(features, values))
    trees, train_scores = _out_of_fold(_trees(seed), features, values, folds, question.num_classes)
    linear, _ = _out_of_fold(_linear(), features, values, folds, question.num_classes)
    return Answers(
        trees,
        _score(trees, values, question.num_classes),
        float(np.mean(train_scores)),
        _score(linear, values, question.num_classes),
        _chance(trees, values, question, seed),
    )


def _out_of_fold(
    model: Any,
    features: np.ndarray,
    values: np.ndarray,
    folds: Sequence[tuple[np.ndarray, np.ndarray]],
    num_classes: int,
) -> tuple[np.ndarray, list[float]]:
    """Answers for rows held out, and the score of each fit on its own rows."""
    targets = np.eye(num_classes)[values] if num_classes else values
    answers, train_scores = np.zeros(targets.shape), []
    for train, rest in folds:
        model.fit(features[train], targets[train])
        answers[rest] = model.predict(features[rest])
        train_scores.append(_score(model.predict(features[train]), values[train], num_classes))
    return answers, train_scores


def _trees(seed: int) -> Any:
    """Trees that answer the mean of the targets in a leaf: for columns of classes, their frequencies."""
    from sklearn.ensemble import ExtraTreesRegressor  # noqa: PLC0415

    return ExtraTreesRegressor(_TREES, min_samples_leaf=_ROWS_A_LEAF, random_state=seed)


def _linear() -> Any:
    from sklearn.linear_model import Ridge  # noqa: PLC0415
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415
    from sklearn.preprocessing import StandardScaler  # noqa: PLC0415

    return make_pipeline(StandardScaler(), Ridge())


def _ranks(values: np.ndarray) -> np.ndarray:
    """Places among the sorted values, 0 to 1, ties alike: a few far values would else outweigh all others."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    middle = np.cumsum(counts) - (counts + 1) / 2
    ranks: np.ndarray = middle[places] / max(1, len(values) - 1)
    return ranks


def _score(answers: np.ndarray, values: np.ndarray, num_classes: int) -> float:
    if not num_classes:
        if np.std(answers) == 0 or np.std(values) == 0:
            return 0.0
        correlation = float(np.corrcoef(answers, values)[0, 1])
        return abs(correlation) * correlation
    hits = np.argmax(answers, axis=1) == values
    counts = np.bincount(values, minlength=num_classes)
    recalls = np.bincount(values, weights=hits, minlength=num_classes)[counts > 0] / counts[counts > 0]
    guess = 1 / len(recalls)
    return float((recalls.mean() - guess) / (1 - guess)) if len(recalls) > 1 else 0.0


def _chance(answers: np.ndarray, values: np.ndarray, question: Question, seed: int) -> float:
    """The score that one in a hundred random orders of the targets has with the same answers."""
    rng = np.random.default_rng(seed)
    scores = [_score(answers, rng.permutation(values), question.num_classes) for _ in range(200)]
    return float(np.quantile(scores, 0.99))
