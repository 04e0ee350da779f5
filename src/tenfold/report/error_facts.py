"""Where a model errs, from its predictions on rows it was not trained on.

Made for figures 10 and 11 and the table of worst rows. Up to 500 rows each is a point; above that, neighbours are
counted on a grid, so that the page stays small whatever the table's size.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float, Int

from tenfold.report.evidence import ClassErrors, NumberErrors, PredictedCell, Ranking, Tenth, WorstRow
from tenfold.report.numbers import decimals_for

__all__ = ["class_errors", "number_errors"]

MOST_POINTS = 500
"""Above this, a grid: 2,000 points as SVG weigh 220 kB (measured); the limit itself is arbitrary."""

GRID_CELLS = 28
"""Cells along each side of the grid: about 10 px each at 400 px."""

NUM_WORST = 20


def number_errors(
    actual: Float[np.ndarray, " row"],
    predicted: Float[np.ndarray, " row"],
    rows: Int[np.ndarray, " row"],
    *,
    cells_of: Mapping[int, Mapping[str, str]] | None = None,
) -> NumberErrors:
    """Quantiles, bias, tenths, points and worst rows of predicted numbers.

    Args:
        actual: The target, in its own unit.
        predicted: Prediction for the same rows, out of fold.
        rows: Line of each row in the file, from 1, the header not counted.
        cells_of: Line to a few of its cells as text, to be shown beside the worst rows. Optional.

    Returns:
        The facts, at most 20 worst rows.
    """
    errors = actual - predicted
    sizes = np.abs(errors)
    decimals = max(0, decimals_for(float(np.quantile(sizes, 0.5)), float(np.max(sizes))))
    return NumberErrors(
        half_under=float(np.quantile(sizes, 0.5)),
        nine_in_ten_under=float(np.quantile(sizes, 0.9)),
        bias=float(np.mean(errors)),
        cells=_points(actual, predicted) if len(actual) <= MOST_POINTS else _grid(actual, predicted),
        is_grid=len(actual) > MOST_POINTS,
        tenths=_tenths(errors, predicted),
        worst=tuple(
            WorstRow(
                row=int(rows[i]),
                actual=f"{actual[i]:.6g}",
                predicted=f"{predicted[i]:.{decimals}f}",
                loss=float(sizes[i]),
                cells=dict((cells_of or {}).get(int(rows[i]), {})),
            )
            for i in _largest(sizes)
        ),
    )


def class_errors(
    actual: Int[np.ndarray, " row"],
    probabilities: Float[np.ndarray, "row class"],
    rows: Int[np.ndarray, " row"],
    classes: Sequence[str],
    *,
    rival: Float[np.ndarray, "row class"] | None = None,
    positive: int = 1,
    cells_of: Mapping[int, Mapping[str, str]] | None = None,
) -> ClassErrors:
    """Confusion, ranking (two classes) and worst rows of predicted classes.

    Args:
        actual: Number of each row's class.
        probabilities: Predicted probability of each class, out of fold.
        rows: Line of each row in the file, from 1, the header not counted.
        classes: Labels in the order of the columns.
        rival: The best baseline's probabilities for the same rows. Optional.
        positive: With two classes, the one to be found.
        cells_of: Line to a few of its cells as text. Optional.

    Returns:
        The facts, at most 20 worst rows, only rows that were predicted wrongly.
    """
    guesses = np.argmax(probabilities, axis=1)
    confusion = np.zeros((len(classes), len(classes)), dtype=np.int64)
    np.add.at(confusion, (actual, guesses), 1)
    of_truth = np.take_along_axis(probabilities, actual[:, None], axis=1)[:, 0]
    losses = -np.log(np.clip(of_truth, np.finfo(np.float32).tiny, 1.0))
    return ClassErrors(
        classes=tuple(classes),
        confusion=tuple(tuple(int(count) for count in line) for line in confusion),
        num_right=int(np.trace(confusion)),
        ranking=_ranking(actual, probabilities, rival, positive) if len(classes) == 2 else None,  # noqa: PLR2004
        worst=tuple(
            WorstRow(
                row=int(rows[i]),
                actual=classes[actual[i]],
                predicted=classes[guesses[i]],
                loss=float(losses[i]),
                cells=dict((cells_of or {}).get(int(rows[i]), {})),
            )
            for i in _largest(losses)
            if guesses[i] != actual[i]
        ),
    )


def _largest(losses: Float[np.ndarray, " row"]) -> Int[np.ndarray, " worst"]:
    return np.argsort(-losses, kind="stable")[:NUM_WORST]


def _points(actual: Float[np.ndarray, " row"], predicted: Float[np.ndarray, " row"]) -> tuple[PredictedCell, ...]:
    pairs = zip(predicted, actual, strict=True)
    return tuple(PredictedCell(_short(across), _short(up)) for across, up in pairs)


def _grid(actual: Float[np.ndarray, " row"], predicted: Float[np.ndarray, " row"]) -> tuple[PredictedCell, ...]:
    both = np.concatenate([actual, predicted])
    edges = np.linspace(both.min(), both.max(), GRID_CELLS + 1)
    centres = (edges[:-1] + edges[1:]) / 2
    counts, _, _ = np.histogram2d(predicted, actual, bins=(edges, edges))
    filled = zip(*np.nonzero(counts), strict=True)
    return tuple(PredictedCell(_short(centres[i]), _short(centres[j]), int(counts[i, j])) for i, j in filled)


def _tenths(errors: Float[np.ndarray, " row"], predicted: Float[np.ndarray, " row"]) -> tuple[Tenth, ...]:
    order = np.argsort(predicted, kind="stable")
    parts = np.array_split(order, min(10, max(1, len(order) // 10)))
    return tuple(
        Tenth(
            low=_short(predicted[part[0]]),
            high=_short(predicted[part[-1]]),
            num_rows=len(part),
            quantiles=_five_quantiles(errors[part]),
        )
        for part in parts
        if len(part)
    )


def _five_quantiles(errors: Float[np.ndarray, " row"]) -> tuple[float, float, float, float, float]:
    tenth, quarter, half, three_quarters, nine_tenths = np.quantile(errors, [0.1, 0.25, 0.5, 0.75, 0.9])
    return _short(tenth), _short(quarter), _short(half), _short(three_quarters), _short(nine_tenths)


def _ranking(
    actual: Int[np.ndarray, " row"],
    probabilities: Float[np.ndarray, "row class"],
    rival: Float[np.ndarray, "row class"] | None,
    positive: int,
) -> Ranking:
    """The top of the order: as many rows as a tenth of all, rounded down to one leading digit."""
    tenth = max(1, len(actual) // 10)
    size = 10 ** (len(str(tenth)) - 1)
    num_rows = tenth // size * size

    def found(scores: Float[np.ndarray, "row class"]) -> int:
        top = np.argsort(-scores[:, positive], kind="stable")[:num_rows]
        return int(np.sum(actual[top] == positive))

    return Ranking(num_rows, found(probabilities), None if rival is None else found(rival))


def _short(value: float) -> float:
    """Four significant digits: more than a figure can show."""
    return float(f"{value:.4g}")
