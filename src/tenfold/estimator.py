"""The scikit-learn face: `TenfoldClassifier` and `TenfoldRegressor`.

`fit` is the inner part of the workflow without files: columns are prepared, inner folds choose what holds the network
back (and, with a larger budget, its size), and the chosen members answer together. Frames with text, dates and gaps go
in as they are. What `fit` says of itself is not an honest score: use `cross_val_score`, or `tenfold run`.

    model = TenfoldClassifier().fit(passengers, survived)
    model.predict_proba(passengers.head())
    cross_val_score(TenfoldRegressor(budget="standard"), houses, prices, scoring="neg_mean_absolute_error")
"""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float, Shaped
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_array, check_consistent_length, check_is_fitted, column_or_1d, validate_data

from tenfold.capacity import Climb, choose_ladder, climb_ladder
from tenfold.data.target_column import TargetColumn, number_column
from tenfold.engine.network import require_jax
from tenfold.errors import TableError, TargetError
from tenfold.model_folder.network import TrainedModel
from tenfold.nested.network import final_network
from tenfold.nested.results import Tally
from tenfold.nested.rows import NestedRows
from tenfold.networks.ladder import Rung, choose_contenders
from tenfold.networks.recipes import choose_recipe
from tenfold.prepare.cells import check_inputs
from tenfold.prepare.folded import fold_table
from tenfold.prepare.target import answers_to_predictions
from tenfold.problem.definition import EncodedTarget, Problem
from tenfold.problem.last_layers import ProblemKind
from tenfold.progress_display.choice import display_for
from tenfold.question.budget import Budget, find_budget
from tenfold.split.folds import Fold
from tenfold.split.splitter import RowSplitter
from tenfold.tune import TuningPlan, tune_network

__all__ = ["TenfoldClassifier", "TenfoldRegressor"]

NAME, ASKED = "y", "the estimator was chosen for it"
"""The target has no name of its own here, and its kind is not inferred."""

NUM_INNER_FOLDS = 3
"""Folds that choose; the members that answer are trained on two thirds of the rows each (as the workflow's own)."""

FEWEST_ROWS = 6
"""Rows that a fit needs: two to choose by in each inner fold (arbitrary)."""

FEW_ROWS, SMALL = 500, Rung((16, 16))
"""Below so many rows a quick fit takes this network: two layers of 16 are what such tables can fill, and its program
compiles fastest."""

ROWS_AT_A_TIME = 256
"""Rows of one forward pass; fewer are padded, so that an answer does not depend on what is asked with it."""


class _Network(BaseEstimator):  # type: ignore[misc]  # scikit-learn publishes no annotations
    """What both estimators share."""

    def __init__(
        self,
        *,
        budget: Any = "quick",
        epochs: Any = None,
        random_state: Any = 0,
        verbose: Any = 0,
    ) -> None:
        self.budget = budget
        self.epochs = epochs
        self.random_state = random_state
        self.verbose = verbose

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.string = True
        tags.input_tags.categorical = True
        return tags

    def _fit_frame(self, frame: pd.DataFrame, problem: Problem, target: EncodedTarget) -> None:
        """Choose and train; the result is `model_`."""
        require_jax()
        nested, budget = self._nested(frame, problem, target), find_budget(self.budget)
        if not nested.table.input_names and not nested.table.code_names:
            raise TableError("no_inputs", "No column can help to predict: each is empty, constant or an identifier",
                             expected="at least one column that differs between rows")  # fmt: skip
        progress = display_for(self.verbose)
        climb, ladder = Climb((), (), Tally()), choose_ladder(budget.ladder, len(frame))
        if budget.name != "quick":
            climb = climb_ladder(nested, ladder, progress=progress)
        is_small = budget.name == "quick" and len(frame) < FEW_ROWS
        rungs = (SMALL,) if is_small else choose_contenders(nested.shape, budget.num_contenders)
        plan = TuningPlan(budget.num_trials, rungs, is_wide=budget.is_wide)
        tuned = tune_network(nested, climb, plan, progress=progress)
        self.num_trials_ = len(tuned.trials)
        self.model_ = TrainedModel(
            final_network(nested, tuned.chosen[0]), nested.table.preparations[0], nested.table.input_names,
            nested.table.scales[0], problem, nested.table.rank_names, nested.table.code_names,
        )  # fmt: skip

    def _nested(self, frame: pd.DataFrame, problem: Problem, target: EncodedTarget) -> NestedRows:
        """One fold of all rows, with inner folds that choose."""
        seed, rows = int(check_random_state(self.random_state).randint(2**31 - 1)), np.arange(len(frame))
        splitter = RowSplitter(len(frame), problem.strata(target), seed)
        inner = splitter.inner(rows, NUM_INNER_FOLDS, 0, 0)
        whole = Fold(-1, 0, rows, np.zeros(0, np.int64), inner)
        table, seeds = fold_table(frame, problem, target, [rows]), tuple(range(_num_seeds(find_budget(self.budget))))
        nested = NestedRows(problem, table, (whole,), (seeds,), None, seed)
        if self.epochs is None:
            return nested
        recipe = choose_recipe(choose_ladder((), len(frame))[-1], len(frame))
        return replace(nested, recipe=replace(recipe, epochs=self.epochs, patience=min(recipe.patience, self.epochs)))

    def _answers(self, x: Any) -> Float[np.ndarray, "..."]:
        """Numbers or probabilities for rows."""
        check_is_fitted(self)
        frame, model = _frame_of(self, x, reset=False), self.model_
        prepared = model.preparation.transform(frame)
        arrays = {one.name: np.asarray(getattr(prepared, one.name)) for one in model.network.inputs}
        starts = range(0, len(frame), ROWS_AT_A_TIME)
        parts = ({name: array[start:][:ROWS_AT_A_TIME] for name, array in arrays.items()} for start in starts)
        answers = [_padded_answers(model.network, part) for part in parts]
        return answers_to_predictions(np.concatenate(answers), model.problem, model.scale)


class TenfoldClassifier(ClassifierMixin, _Network):  # type: ignore[misc]  # as above
    """A network for classes, chosen by inner folds.

    Args:
        budget: `"quick"`: four trials of dropout, weight decay and learning rate on one size of network. `"standard"`
            and `"thorough"`: sizes too, and more trials; `"thorough"` also more seeds and kinds of network, penalties
            on weights and label smoothing.
        epochs: Epochs of training at most; None leaves it to the number of rows.
        random_state: Decides folds, initial weights and order of rows; an int, a `RandomState` or None.
        verbose: 0 silent, 1 one live line, 2 lines, `"auto"`.

    Attributes:
        classes_: Labels in order.
        n_features_in_: Columns seen in `fit`.
        feature_names_in_: Their names, where `fit` saw a frame.
        model_: The preparation and the Keras network (`model_.network`).
    """

    def fit(self, X: Any, y: Any) -> "TenfoldClassifier":  # noqa: N803  # scikit-learn's name
        """Choose and train.

        Args:
            X: Arrays of numbers, or a frame whose columns may hold text, dates and gaps; leading axis row.
            y: Label of each row, two different ones or more.

        Returns:
            The estimator.

        Raises:
            ValueError: Input that does not fit, in a sentence.
        """
        frame, labels = _frame_of(self, X, reset=True), _labels_of(y, X)
        self.classes_, codes = np.unique(labels, return_inverse=True)
        if len(self.classes_) < 2:  # noqa: PLR2004
            raise TargetError("one_class", "`y` holds one class only", expected="at least two classes",
                              received=f"the class {self.classes_[0]!r} in all rows")  # fmt: skip
        column = TargetColumn(NAME, tuple(range(len(self.classes_))), tuple(map(int, np.bincount(codes))))
        kind: ProblemKind = "two_classes" if len(self.classes_) == 2 else "several_classes"  # noqa: PLR2004
        self._fit_frame(frame, Problem(kind, (column,), ASKED, len(frame)), codes.astype(np.int32))
        return self

    def predict(self, X: Any) -> Shaped[np.ndarray, " row"]:  # noqa: N803
        """The likeliest class of each row."""
        likeliest = self.predict_proba(X).argmax(axis=1)
        return np.asarray(self.classes_[likeliest])

    def predict_proba(self, X: Any) -> Float[np.ndarray, "row class"]:  # noqa: N803
        """The probability of each class, in the order of `classes_`."""
        return self._answers(X)


class TenfoldRegressor(RegressorMixin, _Network):  # type: ignore[misc]  # as above
    """A network for a number, chosen by inner folds.

    Args:
        budget: As in `TenfoldClassifier`.
        epochs: Likewise.
        random_state: Likewise.
        verbose: Likewise.

    Attributes:
        n_features_in_: Columns seen in `fit`.
        feature_names_in_: Their names, where `fit` saw a frame.
        model_: The preparation and the Keras network (`model_.network`).
    """

    def fit(self, X: Any, y: Any) -> "TenfoldRegressor":  # noqa: N803  # scikit-learn's name
        """Choose and train.

        Args:
            X: Arrays of numbers, or a frame whose columns may hold text, dates and gaps; leading axis row.
            y: A number for each row.

        Returns:
            The estimator.

        Raises:
            ValueError: Input that does not fit, in a sentence.
        """
        frame, numbers = _frame_of(self, X, reset=True), _numbers_of(y, X)
        column = number_column(pd.Series(numbers, name=NAME))
        self._fit_frame(frame, Problem("number", (column,), ASKED, len(frame)), numbers)
        return self

    def predict(self, X: Any) -> Float[np.ndarray, " row"]:  # noqa: N803
        """The expected number of each row."""
        return self._answers(X)


def _num_seeds(budget: Budget) -> int:
    return budget.num_seeds


def _frame_of(estimator: _Network, x: Any, *, reset: bool) -> pd.DataFrame:
    """Any input as a frame; columns and their names are kept or compared, as scikit-learn does."""
    least = {"ensure_min_samples": FEWEST_ROWS} if reset else {}
    if not isinstance(x, pd.DataFrame):
        array = validate_data(estimator, x, reset=reset, dtype=None, ensure_all_finite="allow-nan", **least)
        return pd.DataFrame(array, columns=[f"column {place}" for place in range(1, array.shape[1] + 1)])
    validate_data(estimator, x, reset=reset, skip_check_array=True)
    if reset and len(x) < FEWEST_ROWS:
        raise TableError("few_rows", f"Found {len(x)} rows (n_samples={len(x)})", expected=f"at least {FEWEST_ROWS}")
    named = x.rename(columns=str).reset_index(drop=True)
    if reset:
        check_inputs(named, named.columns)
    return named


def _labels_of(y: Any, x: Any) -> np.ndarray:
    _check_given(y)
    labels = np.asarray(column_or_1d(y, warn=True))
    check_classification_targets(labels)
    check_consistent_length(x, labels)
    return labels


def _numbers_of(y: Any, x: Any) -> np.ndarray:
    _check_given(y)
    numbers = np.asarray(column_or_1d(y, warn=True, dtype=np.float64))
    check_array(numbers, ensure_2d=False, input_name="y")
    check_consistent_length(x, numbers)
    return numbers


def _check_given(y: Any) -> None:
    if y is None:
        raise TargetError("no_target_given", "The estimator requires y to be passed, but the target y is None")


def _padded_answers(network: Any, arrays: dict[str, np.ndarray]) -> np.ndarray:
    """A network's answers for at most `ROWS_AT_A_TIME` rows."""
    count = len(next(iter(arrays.values())))
    padded = {name: np.pad(array, ((0, ROWS_AT_A_TIME - count), (0, 0))) for name, array in arrays.items()}
    return np.asarray(network(padded, training=False))[:count]
