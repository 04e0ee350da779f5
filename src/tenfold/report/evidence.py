"""What the steps measured: scores per fold and seed, sizes, curves, trials, errors.

Part of the schema of `report.facts`. Most of it is made by small functions, so that the workflow only hands over
arrays: `report.comparison` makes `Model` and `Difference`, `report.error_facts` makes `NumberErrors` and `ClassErrors`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

__all__ = [
    "Capacity",
    "ClassErrors",
    "Curve",
    "Difference",
    "Histogram",
    "Interval",
    "LabelErrors",
    "LabelScore",
    "Leak",
    "LearningCurves",
    "MemberScore",
    "Model",
    "NumberErrors",
    "PredictedCell",
    "Ranking",
    "Rung",
    "SealedResult",
    "SeveralErrors",
    "TargetScore",
    "Tenth",
    "Trial",
    "Tuning",
    "WorstRow",
]


@dataclass(frozen=True)
class Interval:
    """A value with its 95 % interval, in one unit. NaN bounds: no interval can be given."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Histogram:
    """Rows per bin: `edges` has one number more than `counts`. `target_means` per bin where drawn, else empty."""

    edges: tuple[float, ...]
    counts: tuple[int, ...]
    target_means: tuple[float, ...] = ()


@dataclass(frozen=True)
class MemberScore:
    """The score of one member: one fold, one seed."""

    fold: int
    seed: int
    score: float


@dataclass(frozen=True)
class Model:
    """One model scored on the outer folds.

    Args:
        name: As in the table: "network 64-64", "boosted trees", "linear", "mean of `price`".
        words: As in a sentence: "the network", "gradient-boosted trees", "always guessing `no`".
        role: The network, a baseline, or the constant guess (exactly one of the first and the last).
        scores: One for each fold and seed; a deterministic baseline may have seed 0 only.
        score: Mean and interval.
        fold_spread: Standard deviation over folds, seeds averaged out; NaN where not known.
        seed_spread: Standard deviation of one network's score on one fold from seed to seed; NaN with one seed.
        seconds: Training time of one final fit, seconds.
        num_parameters: Trainable parameters; None where the word means nothing.
        num_bytes: Size on disk; None where not saved.
    """

    name: str
    words: str
    role: Literal["network", "baseline", "guess"]
    scores: tuple[MemberScore, ...]
    score: Interval
    fold_spread: float = float("nan")
    seed_spread: float = float("nan")
    seconds: float = float("nan")
    num_parameters: int | None = None
    num_bytes: int | None = None


@dataclass(frozen=True)
class Difference:
    """Two models on the same folds and seeds; positive = `model` is better than `rival`."""

    model: str
    rival: str
    interval: Interval
    pairs_won: int
    num_pairs: int


@dataclass(frozen=True)
class Rung:
    """One size of the ladder, trained on every fold and seed.

    Args:
        label: As shown: "64-64".
        num_parameters: Trainable parameters.
        training: Training loss at the end, per member.
        validation: Loss on inner validation rows at each member's best epoch, per member.
        best_epochs: 1-based epoch of that best, per member.
        num_overfitting: Members whose validation loss turned up again while the training loss still fell.
    """

    label: str
    num_parameters: int
    training: tuple[MemberScore, ...]
    validation: tuple[MemberScore, ...]
    best_epochs: tuple[int, ...] = ()
    num_overfitting: int = 0


@dataclass(frozen=True)
class Capacity:
    """Step 6: bigger until it overfits.

    Args:
        rungs: Smallest first.
        chosen: Label of the rung taken on.
        overfits_from: Label of the first rung that overfits; empty where none did.
        loss: Name of the loss, "mean squared error of the scaled target".
        decision: One sentence.
        because: One sentence.
    """

    rungs: tuple[Rung, ...]
    chosen: str
    overfits_from: str = ""
    loss: str = "loss"
    decision: str = ""
    because: str = ""


@dataclass(frozen=True)
class Curve:
    """Losses of one member, an entry an epoch; shorter where it stopped. `best_epoch` counts from 1, 0 = none."""

    fold: int
    seed: int
    training: tuple[float, ...]
    validation: tuple[float, ...] = ()
    best_epoch: int = 0
    outcome: Literal["ran", "stopped_early", "nonfinite_loss"] = "ran"


@dataclass(frozen=True)
class LearningCurves:
    """Curves of one population.

    Args:
        of: Which, "network 64-64, inner folds".
        loss: Name of the loss.
        curves: One for each member.
        seed_counts: What a curve's `seed` counts: seeds, or the inner folds of an outer fold.
    """

    of: str
    loss: str
    curves: tuple[Curve, ...]
    seed_counts: Literal["seed", "inner fold"] = "seed"


@dataclass(frozen=True)
class Trial:
    """One candidate in the order tried: network, settings and inner score (never an outer or sealed one)."""

    number: int
    settings: Mapping[str, float]
    score: Interval
    num_pruned: int = 0
    network: str = ""


@dataclass(frozen=True)
class Tuning:
    """Step 7: which settings were tried, and what the choice cost in optimism.

    Args:
        trials: In the order tried.
        chosen: Number of the trial taken.
        untuned: Number of the trial with the settings of step 6 untouched; -1 where none.
        inner: Inner score of the chosen one, averaged over outer folds.
        outer: Its score on the outer rows.
        measure: What the inner score is, in words; empty = the run's measure.
        better: Direction of the inner score.
        decision: One sentence.
        because: One sentence.
        settings_that_mattered: Share of the spread among trials that each setting explains, 0 to 1, name to share;
            empty where it was not worked out.
    """

    trials: tuple[Trial, ...]
    chosen: int
    untuned: int = -1
    inner: float = float("nan")
    outer: float = float("nan")
    measure: str = ""
    better: Literal["lower", "higher"] = "lower"
    decision: str = ""
    because: str = ""
    settings_that_mattered: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class SealedResult:
    """The one look at the sealed rows.

    Args:
        num_rows: Rows scored.
        score: The final network's score on them.
        expected: Range that the folds predicted (95 %), from `intervals.expected_range`; value = the folds' mean.
        rival: The best baseline's score on them; NaN where not looked at.
    """

    num_rows: int
    score: float
    expected: Interval
    rival: float = float("nan")


@dataclass(frozen=True)
class WorstRow:
    """A row that the network got most wrong. `row` is its line in the file, from 1, the header not counted."""

    row: int
    actual: str
    predicted: str
    loss: float
    cells: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PredictedCell:
    """A point of figure 10, or a cell of its grid: `num_rows` rows near (predicted, actual)."""

    predicted: float
    actual: float
    num_rows: int = 1


@dataclass(frozen=True)
class Tenth:
    """Errors (actual minus predicted) of the rows whose prediction lies from `low` to `high`: quartiles and tenths."""

    low: float
    high: float
    num_rows: int
    quantiles: tuple[float, float, float, float, float]
    """At 10, 25, 50, 75 and 90 %."""


@dataclass(frozen=True)
class NumberErrors:
    """Errors of predicted numbers, out of fold.

    Args:
        half_under: Half of the absolute errors lie under this.
        nine_in_ten_under: Nine in ten do.
        bias: Mean of actual minus predicted.
        cells: For figure 10: single rows up to 500, else a grid.
        is_grid: Whether `cells` is a grid.
        tenths: Errors by tenth of the prediction.
        worst: At most 20.
    """

    half_under: float
    nine_in_ten_under: float
    bias: float
    cells: tuple[PredictedCell, ...]
    is_grid: bool
    tenths: tuple[Tenth, ...]
    worst: tuple[WorstRow, ...] = ()


@dataclass(frozen=True)
class Ranking:
    """Of the `num_rows` rows ranked highest, `num_found` are positive; by the best baseline `num_rival`."""

    num_rows: int
    num_found: int
    num_rival: int | None = None


@dataclass(frozen=True)
class ClassErrors:
    """Errors of predicted classes, out of fold; the class is the one with the largest probability.

    Args:
        classes: Labels in the order of the outputs.
        confusion: Rows counted: `confusion[true][predicted]`.
        num_right: On the diagonal.
        ranking: Two classes: how well the top of the order does.
        worst: At most 20; `loss` is minus the logarithm of the true class's probability, nats.
    """

    classes: tuple[str, ...]
    confusion: tuple[tuple[int, ...], ...]
    num_right: int
    ranking: Ranking | None = None
    worst: tuple[WorstRow, ...] = ()


@dataclass(frozen=True)
class LabelScore:
    """One of several labels, out of fold.

    Args:
        name: Of its column.
        num_there: Rows that have it.
        num_named: Rows that the network names it for: likelier than not.
        num_found: Rows of both kinds at once.
        average_precision: Of the network; NaN where all rows or none have it.
        roc_auc: Of the network; NaN likewise.
        rival: The best baseline's average precision; NaN where not computed.
    """

    name: str
    num_there: int
    num_named: int
    num_found: int
    average_precision: float
    roc_auc: float
    rival: float = float("nan")


@dataclass(frozen=True)
class LabelErrors:
    """Errors of several predicted labels, out of fold.

    Args:
        labels: In the order of the outputs.
        num_rows: Rows that were predicted.
        num_all_right: Rows of which every label is right.
        worst: At most 20; `loss` is minus the logarithm of what the true labels were given, nats, added up.
    """

    labels: tuple[LabelScore, ...]
    num_rows: int
    num_all_right: int
    worst: tuple[WorstRow, ...] = ()


@dataclass(frozen=True)
class TargetScore:
    """One of several predicted numbers, out of fold, in its own unit.

    Args:
        name: Of its column.
        mean_error: Mean absolute error of the network.
        guess: Mean absolute error of always guessing the median.
        rival: Of the best baseline; NaN where not computed.
        half_under: Half of the absolute errors lie under this.
        nine_in_ten_under: Nine in ten do.
        bias: Mean of actual minus predicted.
        explained: Explained share of the variance.
    """

    name: str
    mean_error: float
    guess: float
    rival: float
    half_under: float
    nine_in_ten_under: float
    bias: float
    explained: float


@dataclass(frozen=True)
class SeveralErrors:
    """Errors of several predicted numbers, out of fold.

    Args:
        targets: In the order of the outputs.
        num_rows: Rows that were predicted.
        worst: At most 20; `loss` is the mean of the absolute errors, each divided by its target's spread.
    """

    targets: tuple[TargetScore, ...]
    num_rows: int
    worst: tuple[WorstRow, ...] = ()


@dataclass(frozen=True)
class Leak:
    """A column that may give the answer away, and the score without it (members are cheap).

    Args:
        column: Its name.
        alone: Score of that one column alone.
        with_it: The network's score with it.
        without: The network's score without it.
        rival_without: The best baseline's score without it; NaN where not computed.
        evidence: One sentence of what the data show: "`boat` is filled in for 97 % of `survived` = 1 and 1 % of the
            others."
    """

    column: str
    alone: float
    with_it: float
    without: Interval
    rival_without: float = float("nan")
    evidence: str = ""
