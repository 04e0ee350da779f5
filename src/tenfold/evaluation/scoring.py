"""Scores of the outer folds as the report compares them: a number a fold and seed, for every model on the same rows.

Where folds are dealt anew (iterated K-fold) each repeat is a seed with folds of its own. A single hold-out has no folds
to tell chance from: its rows are scored in five parts, which says how much the score depends on the rows, though
nothing of other training rows. In order of time the parts are stretches of time, and the first block of rows, which
only trains, is in no score. The errors of a forecast are scored in stretches of each fold (`stretches`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from tenfold.data.order import Order
from tenfold.evaluation.stretches import stretches_of
from tenfold.intervals import share_spread
from tenfold.measures.measure import Measure, Prediction
from tenfold.split.folds import Fold
from tenfold.split.protocol import Protocol
from tenfold.split.splitter import RowSplitter

__all__ = ["OuterRows", "OuterScores", "out_of_fold"]

NUM_PARTS = 5
"""Parts that a single hold-out is scored in (arbitrary; as many as there would be folds)."""


SHARED_ROWS = 4 / 3
"""Caution in Nadeau and Bengio's ratio, which supposes that two of five folds' scores correlate at 0.20. Where there is
nothing to find they correlate at 0.23: on 3,000 random tables (120 rows, 8 columns, ridge, ROC AUC) the 95 % intervals
held chance in 94.3 % of five folds and 95.4 % of five folds dealt twice. With 4/3 of the ratio, which supposes 0.25, in
95.7 and 97.2 % (`tests/test_scoring.py` draws fewer)."""


@dataclass(frozen=True)
class OuterScores:
    """Scores of one model.

    Args:
        table: One score a fold and seed, in the measure's unit.
        smallest_spread: Standard deviation that chance among a fold's rows implies at least, in the measure's unit.
    """

    table: Float[np.ndarray, "fold seed"]
    smallest_spread: float


@dataclass(frozen=True)
class OuterRows:
    """Which rows are scored together.

    Args:
        protocol: How the working rows are divided.
        folds: Outer folds.
        measure: The measure of success.
        target: Encoded target of all rows.
        splitter: Deals the parts of a hold-out.
        forecast: When the target of each row happens, where it is forecast: its gap is the horizon.
    """

    protocol: Protocol
    folds: tuple[Fold, ...]
    measure: Measure
    target: Float[np.ndarray, "..."] | Int[np.ndarray, "..."]
    splitter: RowSplitter
    forecast: Order | None = None

    @property
    def num_rows(self) -> int:
        """Rows that are scored together: those of a fold, or of a part of a hold-out; the mean where they differ."""
        sizes = [len(rows) for rows in self._together]
        return round(sum(sizes) / len(sizes))

    @property
    def rows_ratio(self) -> float:
        """How much variance folds add because they share training rows; in `1 / K + rows_ratio` of the intervals.

        Rows that are scored together per training row, the mean over the folds, times `SHARED_ROWS` where there are
        folds. Folds dealt at random all have the same ratio, but for a row. Forward in time each fold trains on more
        rows than the one before, and Nadeau and Bengio's correction knows one ratio only. The mean of the ratios is
        taken: early folds, whose networks have least in common with the last one's, count as much as they do in the
        score, and it lies above the ratio of the mean sizes, so that the interval errs to the wide side.
        """
        if self.protocol.kind == "hold_out":
            return self.num_rows / len(self.folds[0].train_rows)
        if self._in_stretches:
            sizes = ((len(part), len(fold.train_rows)) for fold in self.folds for part in self._stretches(fold))
            return float(np.mean([scored / trained for scored, trained in sizes]))
        ratios = [len(fold.validation_rows) / len(fold.train_rows) for fold in self.folds]
        return SHARED_ROWS * float(np.mean(ratios))

    @property
    def is_redrawn(self) -> bool:
        """Whether each seed has folds of its own."""
        return self.protocol.kind == "iterated_k_fold"

    def score(self, predictions: Sequence[Sequence[Prediction]]) -> OuterScores:
        """Score a model.

        Args:
            predictions: For each outer fold a prediction a seed (one, where there is no chance in the model).

        Returns:
            One score a fold and seed.
        """
        if self.protocol.kind == "hold_out":
            table = self._score_parts(self.folds[0], self._together, predictions[0])
        elif self._in_stretches:
            scored = zip(self.folds, predictions, strict=True)
            table = np.concatenate([self._score_parts(fold, self._stretches(fold), ones) for fold, ones in scored])
        else:
            by_fold = np.array(
                [self._score_fold(fold, ones) for fold, ones in zip(self.folds, predictions, strict=True)]
            )
            shape = (self.protocol.num_repeats, self.protocol.num_folds)
            table = by_fold[:, 0].reshape(shape).T if self.is_redrawn else by_fold
        is_share = self.measure.unit == "share" and self.measure.better == "higher" and self.measure.key != "r2"
        spread = share_spread(float(np.nanmean(table)), self.num_rows) if is_share else 0.0
        return OuterScores(table, spread)

    def _score_fold(self, fold: Fold, predictions: Sequence[Prediction]) -> list[float]:
        truth = self.target[fold.validation_rows]
        return [self.measure.score(truth, prediction) for prediction in predictions]

    @property
    def _together(self) -> Sequence[Int[np.ndarray, " _"]]:
        """Rows that are scored together."""
        if self.protocol.kind == "hold_out":
            return self.splitter.parts(self.folds[0].validation_rows, NUM_PARTS)
        if self._in_stretches:
            return [part for fold in self.folds for part in self._stretches(fold)]
        return [fold.validation_rows for fold in self.folds]

    @property
    def _in_stretches(self) -> bool:
        """Whether folds are scored in stretches of time: the errors of a forecast, by means over rows."""
        return self.forecast is not None and self.protocol.kind == "k_fold" and self.measure.better == "lower"

    def _stretches(self, fold: Fold) -> list[Int[np.ndarray, " _"]]:
        """The scored rows of a fold, stretch by stretch."""
        if self.forecast is None:
            raise TypeError("only a forecast is scored in stretches")
        rows = fold.validation_rows
        found = stretches_of(self.forecast.times[rows], self.forecast.gap, len(self.folds))
        return [rows[places] for places in found]

    def _score_parts(
        self, fold: Fold, parts: Sequence[Int[np.ndarray, " _"]], predictions: Sequence[Prediction]
    ) -> Float[np.ndarray, "fold seed"]:
        """Scores of parts of a fold's rows."""
        place = {int(row): position for position, row in enumerate(fold.validation_rows)}
        places = [np.array([place[int(row)] for row in part]) for part in parts]
        return np.array(
            [
                [self.measure.score(self.target[part], prediction[where]) for prediction in predictions]
                for part, where in zip(parts, places, strict=True)
            ]
        )


def out_of_fold(
    folds: Sequence[Fold], predictions: Sequence[Sequence[Prediction]], num_rows: int
) -> tuple[Int[np.ndarray, " scored"], Prediction]:
    """Each scored row's prediction, the mean where several seeds or repeats have one.

    Args:
        folds: Outer folds.
        predictions: For each of them a prediction a seed.
        num_rows: Rows of the table.

    Returns:
        Positions of the rows that have a prediction, ascending, and the predictions. In time the first block has none.
    """
    shape = predictions[0][0].shape[1:]
    total, count = np.zeros((num_rows, *shape)), np.zeros(num_rows)
    for fold, ones in zip(folds, predictions, strict=True):
        for prediction in ones:
            total[fold.validation_rows] += prediction
            count[fold.validation_rows] += 1
    rows = np.flatnonzero(count)
    return rows, total[rows] / count[rows].reshape(-1, *(1 for _ in shape))
