"""Splits that are refused: with too few rows, groups, times or classes a score would say nothing."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Int

from tenfold.errors import SplitError
from tenfold.shapes import Rows
from tenfold.split.folds import Parts
from tenfold.split.protocol import NUM_FOLDS

__all__ = [
    "FEWEST_ROWS",
    "FEWEST_TO_TRAIN",
    "check_amount",
    "check_classes",
    "check_groups",
    "check_left",
    "check_rarest_class",
]

FEWEST_ROWS = 10
"""Rows that a run needs at least: 8 to work on, then 6 to train on in a fold and 4 in an inner one (arbitrary)."""

FEWEST_TO_TRAIN = 4
"""Rows that any part must have to be trained on (arbitrary: as many as an inner fold of `FEWEST_ROWS` has)."""


def check_amount(
    num_rows: int, groups: Int[np.ndarray, " row"] | None, times: Float[np.ndarray, " row"] | None
) -> None:
    """Refuse a table with too few rows, groups or times for a run."""
    if num_rows < FEWEST_ROWS:
        raise SplitError(
            "too_few_rows",
            f"The table has {num_rows} rows",
            expected=f"at least {FEWEST_ROWS}: a fifth is sealed, the others train and validate",
        )
    num_groups = num_rows if groups is None else len(np.unique(groups))
    if num_groups < FEWEST_ROWS:
        raise SplitError(
            "too_few_groups",
            f"The rows form {num_groups} groups that must not be split",
            expected=f"at least {FEWEST_ROWS}: a fifth is sealed, the others train and validate",
        )
    moments = num_rows if times is None else len(np.unique(times))
    if moments < FEWEST_ROWS:
        raise SplitError(
            "too_few_times",
            f"The rows have {moments} different times",
            expected=f"at least {FEWEST_ROWS}: the last are sealed, the others train and validate in turn",
        )


def check_groups(rows: Rows, groups: Int[np.ndarray, " any_row"] | None, num_folds: int) -> None:
    """Refuse more folds than groups: some would be empty."""
    num_groups = len(rows) if groups is None else len(np.unique(groups[rows]))
    if num_groups < num_folds:
        raise SplitError(
            "more_folds_than_groups",
            f"{num_folds} folds are more than the {num_groups} groups of the rows to work on",
            expected=f"2 to {num_groups} folds: a group is never split",
            hint="fewer folds",
        )


def check_rarest_class(rows: Rows, classes: Int[np.ndarray, " any_row"] | None, num_folds: int) -> None:
    """More folds than usual are refused where a class would be missing from some: that was not so without them."""
    if classes is None or num_folds <= NUM_FOLDS:
        return
    rarest = int(np.unique_counts(classes[rows]).counts.min())
    if rarest < num_folds:
        raise SplitError(
            "more_folds_than_class",
            f"{num_folds} folds are more than the {rarest} rows of the rarest class",
            expected=f"2 to {max(NUM_FOLDS, rarest)} folds, so that classes are in each of them",
            hint="fewer folds",
        )


def check_left(parts: Parts, where: str, fewest: int = FEWEST_TO_TRAIN) -> None:
    """Refuse a part of time before which nothing is left."""
    if len(parts.train) >= fewest:
        return
    if parts.num_purged_for_group > parts.num_purged / 2:
        reason = f"{_are(parts.num_purged_for_group)} left out because their group goes on later"
        hint = "groups that last all the time cannot be kept apart in its order: leave out the group or the time"
    else:
        reason = f"{_are(parts.num_purged)} left out for the gap"
        hint = "a smaller gap, or fewer folds"
    rows = "1 row" if len(parts.train) == 1 else f"{len(parts.train)} rows"
    raise SplitError(
        "nothing_before",
        f"Before {where} in order of time {rows} can be trained on: {reason}",
        expected=f"at least {fewest}",
        hint=hint,
    )


def check_classes(every: Sequence[Parts], classes: Int[np.ndarray, " any_row"] | None, which: str) -> None:
    """Refuse an order of time in which classes come one after the other: there is nothing to tell apart."""
    if classes is None or any(len(np.unique(classes[parts.validation])) > 1 for parts in every):
        return
    raise SplitError(
        "classes_in_order",
        f"In order of time the classes come one after the other: {which} rows of one class only",
        expected="at least two classes among the rows that are scored together",
        hint="is this column a time, or is the table sorted by its target?",
    )


def _are(count: int) -> str:
    return "1 is" if count == 1 else f"{count:,} are"
