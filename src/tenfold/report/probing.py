"""What the finished network was asked after it was scored: are its probabilities true, and which columns does it use.

Part of the schema of `report.facts`. Both are measured on rows that the network was not trained on.

Sources: calibration by equal-count bins, slope and intercept, Van Calster and others (2019); the score, Brier (1950);
importance by shuffling a column, Breiman (2001), with a shuffled noise column as the threshold, Kursa and Rudnicki
(2010).
"""

from dataclasses import dataclass, field

from tenfold.report.evidence import Interval

__all__ = ["Calibration", "CalibrationBin", "ColumnImportance", "Importance"]


@dataclass(frozen=True)
class CalibrationBin:
    """Rows whose predicted probability lies from `low` to `high`; all bins hold about as many rows.

    Args:
        low: Smallest probability among them, 0 to 1.
        high: Largest.
        predicted: Mean of their probabilities.
        observed: Share of them in which it came true, with its 95 % interval.
        num_rows: How many.
    """

    low: float
    high: float
    predicted: float
    observed: Interval
    num_rows: int


@dataclass(frozen=True)
class Calibration:
    """Whether 70 % means 70 %, on rows that the network was not trained on.

    Args:
        of: What the probability is of, a phrase: "`churn` = `yes`", or "the class it names" with several classes.
        bins: By predicted probability, smallest first; of the probabilities as the network answers them in the end.
        slope: Of the logistic regression of what happened on the logit of the probability; 1 is right, under 1 the
            probabilities are too far out.
        intercept: Of the same with the slope held at 1, in logits; 0 is right, above 0 they are too small.
        brier: Mean squared distance of probability and what happened, 0 to 1, lower is better.
        brier_no_skill: The same for always saying the share among all rows.
        brier_before: Before the probabilities were put right; NaN where they were not touched.
        slope_before: As `slope`, before; NaN where not touched.
        intercept_before: As `intercept`, before; NaN where not touched.
        bins_before: As `bins`, before; empty where not touched.
        method: How they were put right, a phrase: "logits divided by 1.31"; empty where they were not.
    """

    of: str
    bins: tuple[CalibrationBin, ...]
    slope: float
    intercept: float
    brier: float
    brier_no_skill: float
    brier_before: float = float("nan")
    slope_before: float = float("nan")
    intercept_before: float = float("nan")
    bins_before: tuple[CalibrationBin, ...] = ()
    method: str = ""


@dataclass(frozen=True)
class ColumnImportance:
    """How much score is lost when this column is shuffled; positive = the network gets worse without it."""

    column: str
    loss: Interval


@dataclass(frozen=True)
class Importance:
    """Which columns the network uses: loss of score when one column's cells are shuffled among the scored rows.

    Args:
        columns: Every column in use, in any order.
        measure: Name of the score that is lost, "mean absolute error"; empty = the run's measure.
        noise: The same for a column of random numbers that the network was given or that ignores the target: what
            chance alone makes. NaN where it was not measured.
        num_shuffles: How often each column was shuffled, per fold and seed.
        num_members: Networks that were asked (folds x seeds).
        alike: Columns that carry the same information, so that each hides the other: groups of names.
    """

    columns: tuple[ColumnImportance, ...]
    measure: str = ""
    noise: Interval = field(default_factory=lambda: Interval(float("nan"), float("nan"), float("nan")))
    num_shuffles: int = 1
    num_members: int = 0
    alike: tuple[tuple[str, ...], ...] = ()
