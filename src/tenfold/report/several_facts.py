"""Where a model errs that predicts several labels or several numbers at once, each by itself.

The companion of `error_facts` for problems with more than one target column.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from jaxtyping import Float, Int
from sklearn import metrics

from tenfold.report.evidence import LabelErrors, LabelScore, SeveralErrors, TargetScore, WorstRow
from tenfold.report.numbers import decimals_for

__all__ = ["NUM_WORST", "label_errors", "label_losses", "several_errors", "several_losses"]

NUM_WORST = 20

LIKELIER = 0.5
"""From this probability on a label is named."""


def label_losses(
    actual: Int[np.ndarray, "row label"], probabilities: Float[np.ndarray, "row label"]
) -> Float[np.ndarray, " row"]:
    """Minus the logarithm of what each row's true labels were given, nats, added up over labels."""
    of_truth = np.where(actual == 1, probabilities, 1 - probabilities)
    return np.asarray(-np.log(np.clip(of_truth, np.finfo(np.float32).tiny, 1.0)).sum(axis=1))


def label_errors(
    actual: Int[np.ndarray, "row label"],
    probabilities: Float[np.ndarray, "row label"],
    rows: Int[np.ndarray, " row"],
    labels: Sequence[str],
    *,
    rival: Float[np.ndarray, "row label"] | None = None,
    cells_of: Mapping[int, Mapping[str, str]] | None = None,
) -> LabelErrors:
    """What each label scores, and the rows that went worst.

    Args:
        actual: 1 where the row has the label, else 0.
        probabilities: Predicted probability of each label, out of fold.
        rows: Line of each row in the file, from 1, the header not counted.
        labels: Their names, in the order of the columns.
        rival: The best baseline's probabilities for the same rows. Optional.
        cells_of: Line to a few of its cells as text. Optional.

    Returns:
        The facts, at most 20 worst rows, only rows with a wrong label.
    """
    named = (probabilities >= LIKELIER).astype(np.int64)
    losses = label_losses(actual, probabilities)
    is_right = (named == actual).all(axis=1)
    worst = [place for place in np.argsort(-losses, kind="stable")[:NUM_WORST] if not is_right[place]]
    return LabelErrors(
        tuple(
            _label_score(name, actual[:, place], probabilities[:, place], None if rival is None else rival[:, place])
            for place, name in enumerate(labels)
        ),
        len(actual),
        int(is_right.sum()),
        tuple(
            WorstRow(
                int(rows[place]),
                _there(actual[place], labels),
                _there(named[place], labels),
                float(losses[place]),
                dict((cells_of or {}).get(int(rows[place]), {})),
            )
            for place in worst
        ),
    )


def _label_score(
    name: str,
    actual: Int[np.ndarray, " row"],
    probability: Float[np.ndarray, " row"],
    rival: Float[np.ndarray, " row"] | None,
) -> LabelScore:
    named = probability >= LIKELIER
    return LabelScore(
        name,
        int(actual.sum()),
        int(named.sum()),
        int((named & (actual == 1)).sum()),
        _ranked(metrics.average_precision_score, actual, probability),
        _ranked(metrics.roc_auc_score, actual, probability),
        float("nan") if rival is None else _ranked(metrics.average_precision_score, actual, rival),
    )


def _ranked(compute: Callable[..., float], actual: Int[np.ndarray, " row"], score: Float[np.ndarray, " row"]) -> float:
    """A measure of an order; NaN where all rows are alike."""
    return float(compute(actual, score)) if np.ptp(actual) else float("nan")


def _there(has: Int[np.ndarray, " label"], labels: Sequence[str]) -> str:
    return ", ".join(name for name, is_there in zip(labels, has, strict=True) if is_there) or "none"


def several_losses(
    actual: Float[np.ndarray, "row target"],
    predicted: Float[np.ndarray, "row target"],
    spreads: Float[np.ndarray, " target"],
) -> Float[np.ndarray, " row"]:
    """The mean over targets of each row's absolute error divided by the target's spread."""
    return np.asarray((np.abs(actual - predicted) / spreads).mean(axis=1))


def several_errors(
    actual: Float[np.ndarray, "row target"],
    predicted: Float[np.ndarray, "row target"],
    rows: Int[np.ndarray, " row"],
    targets: Sequence[str],
    spreads: Float[np.ndarray, " target"],
    *,
    rival: Float[np.ndarray, "row target"] | None = None,
    cells_of: Mapping[int, Mapping[str, str]] | None = None,
) -> SeveralErrors:
    """What each target's errors are, and the rows that went worst.

    Args:
        actual: The targets, each in its own unit.
        predicted: Predictions for the same rows, out of fold.
        rows: Line of each row in the file, from 1, the header not counted.
        targets: Their names, in the order of the columns.
        spreads: What an error of each target is divided by, in its own unit.
        rival: The best baseline's predictions for the same rows. Optional.
        cells_of: Line to a few of its cells as text. Optional.

    Returns:
        The facts, at most 20 worst rows.
    """
    losses = several_losses(actual, predicted, spreads)
    errors = np.abs(actual - predicted)
    decimals = [max(0, decimals_for(float(np.median(one)), float(one.max()))) for one in errors.T]
    return SeveralErrors(
        tuple(
            _target_score(name, actual[:, place], predicted[:, place], None if rival is None else rival[:, place])
            for place, name in enumerate(targets)
        ),
        len(actual),
        tuple(
            WorstRow(
                int(rows[place]),
                "; ".join(f"{value:.6g}" for value in actual[place]),
                "; ".join(f"{value:.{digits}f}" for value, digits in zip(predicted[place], decimals, strict=True)),
                float(losses[place]),
                dict((cells_of or {}).get(int(rows[place]), {})),
            )
            for place in np.argsort(-losses, kind="stable")[:NUM_WORST]
        ),
    )


def _target_score(
    name: str,
    actual: Float[np.ndarray, " row"],
    predicted: Float[np.ndarray, " row"],
    rival: Float[np.ndarray, " row"] | None,
) -> TargetScore:
    errors = actual - predicted
    sizes = np.abs(errors)
    return TargetScore(
        name,
        float(sizes.mean()),
        float(np.abs(actual - np.median(actual)).mean()),
        float("nan") if rival is None else float(np.abs(actual - rival).mean()),
        float(np.quantile(sizes, 0.5)),
        float(np.quantile(sizes, 0.9)),
        float(errors.mean()),
        float(1 - (errors**2).sum() / ((actual - actual.mean()) ** 2).sum()) if np.ptp(actual) else float("nan"),
    )
