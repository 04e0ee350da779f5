"""Step 2: the measure of success, which follows from the problem unless the user names one.

A number is measured by its mean absolute error, in the target's own unit. Classes that are about equally frequent are
measured by ROC AUC (two) or accuracy (several); where one is rare, by average precision or balanced accuracy, because a
constant answer would look good otherwise. Several labels are measured by the mean of their average precisions. Counts
of which most are 0 are measured by Poisson deviance, because always guessing 0 would look good by absolute error.

Source: F. Chollet, Deep Learning with Python (2017), section 4.5.2.
"""

import numpy as np

from tenfold.measures.classes import (
    AVERAGE_PRECISION,
    ROC_AUC,
    accuracy,
    balanced_accuracy,
    label_average_precision,
    label_log_loss,
    label_roc_auc,
    log_loss,
)
from tenfold.measures.measure import Measure, Measures
from tenfold.measures.numbers import MAE, POISSON_DEVIANCE, R2, RMSE, SHARE_LOG_LOSS, mae_in_spreads
from tenfold.measures.scorers import find_measure
from tenfold.problem.definition import Problem

__all__ = ["choose_measures", "inner_measure"]


def choose_measures(problem: Problem, asked: str | None = None) -> Measures:
    """The measures that fit a problem.

    Args:
        problem: From `define_problem`.
        asked: The measure of success by name: one of Tenfold's own keys or any scikit-learn scorer that fits the
            problem. None for the default.

    Returns:
        The measure of success, the others, and why.

    Raises:
        OptionError: An unknown name, or a scorer that does not fit the kind of problem.
    """
    found = _default_measures(problem)
    if asked is None:
        return found
    primary = find_measure(problem, asked, found.all)
    others = tuple(one for one in found.all if one.key != primary.key)
    return Measures(primary, others, "it was asked for")


def inner_measure(problem: Problem) -> Measure:
    """What inner folds choose networks by, whatever the measure of success: a smooth one, free of penalties.

    Args:
        problem: From `define_problem`.

    Returns:
        The mean absolute error of numbers, the deviance of counts, the log loss of classes and labels.
    """
    if problem.kind == "count":
        return POISSON_DEVIANCE
    if problem.is_number:
        return MAE
    return next(one for one in _default_measures(problem).all if one.key in {"log_loss", "mae_in_spreads"})


def _default_measures(problem: Problem) -> Measures:
    if problem.has_classes:
        return _of_classes(problem)
    if problem.kind == "several_labels":
        labels = problem.targets
        because = "labels differ in how rare they are, and what counts is how far up the rows with each are ranked"
        return Measures(label_average_precision(labels), (label_roc_auc(labels), label_log_loss(labels)), because)
    if problem.kind == "several_numbers":
        because = "each target counts the same, whatever its unit"
        return Measures(mae_in_spreads(problem), (R2,), because)
    own_unit = "it reads in the unit of the target, and one large error does not outweigh all others"
    if problem.kind == "count":
        if problem.is_mostly_zero:
            because = "most counts are 0, so always guessing 0 would look good by absolute error"
            return Measures(POISSON_DEVIANCE, (MAE, RMSE), because)
        return Measures(MAE, (POISSON_DEVIANCE, RMSE), own_unit)
    return Measures(MAE, (RMSE, R2, *((SHARE_LOG_LOSS,) if problem.kind == "share" else ())), own_unit)


def _of_classes(problem: Problem) -> Measures:
    guess = f"always guessing `{problem.label_texts[int(np.argmax(problem.class_counts))]}`"
    plain, balanced, loss = accuracy(guess), balanced_accuracy(guess), log_loss(len(problem.labels))
    if problem.kind == "several_classes":
        if problem.is_imbalanced:
            return Measures(balanced, (plain, loss), f"{_rarest(problem)}, so every class counts the same")
        return Measures(plain, (balanced, loss), f"no class is rare: {_rarest_share(problem)}")
    if problem.is_imbalanced:
        because = f"{_rarest(problem)}, so what counts is how far up it is ranked"
        return Measures(AVERAGE_PRECISION, (ROC_AUC, balanced, loss), because)
    return Measures(ROC_AUC, (plain, loss), f"no class is rare: {_rarest_share(problem)}")


def _rarest(problem: Problem) -> str:
    rarest = int(np.argmin(problem.class_counts))
    share = problem.class_counts[rarest] / problem.num_rows
    return f"`{problem.label_texts[rarest]}` is rare ({100 * share:.1f} % of the rows)"


def _rarest_share(problem: Problem) -> str:
    rarest = int(np.argmin(problem.class_counts))
    share = problem.class_counts[rarest] / problem.num_rows
    return f"the rarest, `{problem.label_texts[rarest]}`, has {100 * share:.0f} % of the rows"
