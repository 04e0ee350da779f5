"""What was decided in steps 1 to 4: problem, measure, protocol, preparation.

Part of the schema of `report.facts`. Each step has its `decision` (one sentence) and `because` (one sentence), then the
evidence, then the `alternatives` that were not taken.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from tenfold.report.evidence import Histogram

__all__ = [
    "Column",
    "FoldRows",
    "LastLayerRow",
    "Look",
    "Measure",
    "Preparation",
    "Problem",
    "ProblemKind",
    "Protocol",
    "Spike",
    "TimeOrder",
    "TimeSpan",
]

ProblemKind: TypeAlias = Literal[
    "number", "share", "count", "two_classes", "several_classes", "several_labels", "several_numbers"
]
"""A number, a share from 0 to 1, a count; one of two or several classes; several labels or numbers at once."""


@dataclass(frozen=True)
class Spike:
    """One value of the target that many rows share: a cap, a floor, a code for missing."""

    value: float
    num_rows: int
    place: Literal["lowest", "highest", "inside"]


@dataclass(frozen=True)
class LastLayerRow:
    """A row of the table of last layers and losses; `activation` is empty for none, `losses` are all it allows."""

    problem: str
    activation: str
    losses: tuple[str, ...]
    is_taken: bool = False


@dataclass(frozen=True)
class Problem:
    """Step 1: what is predicted, and what follows for the last layer and the loss.

    Args:
        kind: What is predicted, see `ProblemKind`.
        target: Name of the target column; of several, their names joined by ", ".
        decision: One sentence: what was decided. "`price` is a number, 5.0 to 50.0: linear output, squared error."
        because: One sentence: why.
        output: The last layer in words, "one linear unit".
        loss: The training loss in words, "mean squared error".
        unit: The target's unit where somebody stated it, "thousand dollars"; else empty.
        distribution: The target's histogram (a number, a share, a count), else None.
        spikes: Values that many rows share (a number).
        classes: Labels in the order of the outputs; the names of the labels with several labels; empty for numbers.
        class_counts: Rows of each class, in the same order, sealed rows not counted; with several labels, rows that
            have the label.
        positive: The class whose probability is predicted, with two classes.
        num_missing_target: Rows left out because their target is missing.
        alternatives: What was not done, a sentence each.
        targets: Names of the target columns in the order of the outputs; empty = the one `target`.
        distributions: A histogram of each target (several numbers), else empty.
        positive_because: Why that class is the positive one, a phrase.
        last_layers: The table that the last layer was taken from.
        remarks: What a reader should know of the target, a sentence each: classes with very few rows, a cap.
    """

    kind: ProblemKind
    target: str
    decision: str
    because: str
    output: str = ""
    loss: str = ""
    unit: str = ""
    distribution: Histogram | None = None
    spikes: tuple[Spike, ...] = ()
    classes: tuple[str, ...] = ()
    class_counts: tuple[int, ...] = ()
    positive: str = ""
    num_missing_target: int = 0
    alternatives: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    distributions: tuple[Histogram, ...] = ()
    positive_because: str = ""
    last_layers: tuple[LastLayerRow, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Measure:
    """Step 2: the measure of success, in its natural sign.

    Args:
        key: `"mae"`, `"rmse"`, `"accuracy"`, `"balanced_accuracy"`, `"roc_auc"`, `"average_precision"`, ...
        name: In words, "mean absolute error".
        short: In a table's head, "MAE".
        better: Which direction is better.
        unit: Unit of the score: the target's own unit ("thousand dollars"), "%" or empty.
        no_skill: What a guess scores that ignores the columns; NaN where the constant guess among the models says it.
        no_skill_words: Who scores that: "a random order", "always guessing `no`".
        matters: Smallest difference that matters to the user (`--matters`), in the score's unit; None where not stated.
        as_percent: True where a share in [0, 1] reads best as percent.
        decision: One sentence: what was decided.
        because: One sentence: why.
        alternatives: Measures not taken, a sentence each.
    """

    key: str
    name: str
    short: str
    better: Literal["lower", "higher"]
    unit: str = ""
    no_skill: float = float("nan")
    no_skill_words: str = ""
    matters: float | None = None
    as_percent: bool = False
    decision: str = ""
    because: str = ""
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True)
class FoldRows:
    """Rows in each part of one fold; `num_purged` came before its validation rows and are used by neither."""

    fold: int
    num_training: int
    num_validation: int
    num_purged: int = 0


@dataclass(frozen=True)
class TimeSpan:
    """Where a fold lies in time: training ends, then the gap, then what is scored; in the unit of `TimeOrder`."""

    fold: int
    training_until: float
    scored_from: float
    scored_until: float


@dataclass(frozen=True)
class TimeOrder:
    """Rows in order of time.

    Args:
        column: The column that says when.
        unit: `"days"` (since 1970) where it holds dates, else its own unit in words.
        gap: Left out before whatever is scored, in that unit.
        gap_words: The same in words, "7 days"; empty without a gap.
        first: Earliest time.
        working_until: Latest time among the rows that were worked on.
        sealed_from: Earliest time under seal.
        last: Latest time.
        spans: One a fold, as `Protocol.folds`.
        num_purged: Rows left out before the sealed ones, worked on by nobody.
    """

    column: str
    unit: str
    gap: float
    gap_words: str
    first: float
    working_until: float
    sealed_from: float
    last: float
    spans: tuple[TimeSpan, ...]
    num_purged: int = 0


@dataclass(frozen=True)
class Look:
    """One line of the ledger: somebody looked at scores.

    Args:
        at: When, UTC.
        part: Which rows were looked at.
        what: In words: "15 networks of width 64 scored on inner rows".
        num_scores: How many scores were seen.
        line: Line in `ledger.jsonl`, from 1; 0 where unknown.
        run: Name of the run that looked; empty for this one.
    """

    at: str
    part: Literal["inner", "outer", "sealed"]
    what: str
    num_scores: int = 1
    line: int = 0
    run: str = ""


@dataclass(frozen=True)
class Protocol:
    """Step 3: who is trained on what and scored on what.

    Args:
        kind: How the working rows are split.
        num_working: Rows that were worked on.
        num_sealed: Rows put away before anything was fitted.
        sealed_sha256: Hash of the sealed rows, as in the ledger.
        folds: Rows in each outer fold; of one seed if all seeds share them.
        num_seeds: Seeds per fold.
        num_inner_folds: Inner folds that choose epoch, size and settings.
        drawn: Phrase for the trust line: "rows drawn at random (no time or group order given)".
        sealed_looks: Looks at these sealed rows, this run's included, by all runs whose ledgers are known.
        sealed_runs: How many runs looked.
        decision: One sentence: what was decided.
        because: One sentence: why.
        ledger: All looks, oldest first.
        alternatives: Protocols not taken, a sentence each.
        time: The order of time, where rows have one.
    """

    kind: Literal["hold_out", "k_fold", "iterated_k_fold", "groups", "time"]
    num_working: int
    num_sealed: int
    sealed_sha256: str
    folds: tuple[FoldRows, ...]
    num_seeds: int = 1
    num_inner_folds: int = 0
    drawn: str = "rows drawn at random (no time or group order given)"
    sealed_looks: int = 0
    sealed_runs: int = 0
    decision: str = ""
    because: str = ""
    ledger: tuple[Look, ...] = ()
    alternatives: tuple[str, ...] = ()
    time: TimeOrder | None = None

    @property
    def num_scored(self) -> int:
        """Rows that a fold scores: all that were worked on, but in a hold-out, and in time those of the first block."""
        return sum(fold.num_validation for fold in self.folds) or self.num_working


@dataclass(frozen=True)
class TellingWords:
    """Words that a class uses more often than the others do, the most telling first.

    Args:
        label: The class.
        words: Words, or pairs of words.
        own: Texts of the class that have each.
        others: Texts of the other classes that do.
        num_own: Texts of the class.
        num_others: Texts of the other classes.
    """

    label: str
    words: tuple[str, ...]
    own: tuple[int, ...]
    others: tuple[int, ...]
    num_own: int
    num_others: int


@dataclass(frozen=True)
class Texts:
    """What a column of texts holds.

    Args:
        median_words: Words of the median text.
        most_words: Nineteen in twenty texts are no longer.
        longest: Words of the longest.
        num_repeated: Texts that repeat an earlier one but for case and blanks.
        num_terms: Words and pairs of words (or n-grams of characters) that have a weight; places where they are hashed.
        num_words: Different words, where a file of vectors was given; else 0.
        num_with_vector: Those of them that have a vector.
        share_with_vector: Share of all words, repeated ones counted, that have one.
        num_empty: Texts without a word.
        tokens: How texts are cut: `"words"`, `"subwords"` or `"characters"`; for the last two, lengths are characters.
        num_hashed: Different terms that are hashed; 0 where they have names.
        share_met: Share of these that fall on a place with another one.
        step: The words that speak for a class are counted in every so many-th text.
        alphabets: Of the letters, the most used first.
        alphabet_shares: Share of each.
        num_mixed: Texts that have Latin and Cyrillic letters side by side.
        num_other_answer: Repeated texts with another answer than the first of them has.
        num_apart: Repeated texts that folds may part from the first.
        num_sealed: Sealed rows with a text of a working row.
        telling: For each class, the largest first; empty where no class is predicted.
    """

    median_words: int
    most_words: int
    longest: int
    num_repeated: int
    num_terms: int
    telling: tuple[TellingWords, ...] = ()
    num_words: int = 0
    num_with_vector: int = 0
    share_with_vector: float = 0.0
    num_empty: int = 0
    tokens: str = "words"
    num_hashed: int = 0
    share_met: float = 0.0
    step: int = 1
    alphabets: tuple[str, ...] = ()
    alphabet_shares: tuple[float, ...] = ()
    num_mixed: int = 0
    num_other_answer: int = 0
    num_apart: int = 0
    num_sealed: int = 0


@dataclass(frozen=True)
class Column:
    """One input column as it was found (working rows only) and what was made of it.

    Args:
        name: As in the file.
        kind: What it holds.
        num_missing: Rows without a value.
        num_distinct: Different values.
        num_inputs: Network inputs made from it; 0 where dropped.
        treatment: What is done, a phrase: "scaled to mean 0, spread 1; 12 gaps filled with the median and marked".
        dropped: Why it is not used, a phrase: "identifier: a different value in every row"; empty where used.
        low: Smallest number seen; NaN for other kinds.
        high: Largest number seen; NaN for other kinds.
        values: Most frequent categories, at most 12; empty for numbers.
        distribution: Histogram of a number, or None; its `target_means` are the mean of the target in each bin (for
            two classes the share of the second class), NaN in an empty bin, empty where there is no such mean.
        value_counts: Rows of each of `values`; empty where not counted.
        value_target_means: Mean of the target among the rows of each of `values`; empty where there is none.
        missing_target_mean: Mean of the target among the rows without a value; NaN where there are none.
        missing_by_class: Rows without a value in each class of the target; empty for numbers.
        quartiles: At 25, 50 and 75 % of the numbers seen; empty for other kinds.
        notes: What is strange about it, a phrase each: "one value in 96 % of rows".
        texts: Of a column of texts to read; None for other kinds.
    """

    name: str
    kind: Literal[
        "number",
        "category",
        "code",
        "date",
        "text",
        "prose",
        "photo",
        "history",
        "yes_no",
        "identifier",
        "constant",
        "empty",
    ]
    num_missing: int = 0
    num_distinct: int = 0
    num_inputs: int = 1
    treatment: str = ""
    dropped: str = ""
    low: float = float("nan")
    high: float = float("nan")
    values: tuple[str, ...] = ()
    distribution: Histogram | None = None
    value_counts: tuple[int, ...] = ()
    value_target_means: tuple[float, ...] = ()
    missing_target_mean: float = float("nan")
    missing_by_class: tuple[int, ...] = ()
    quartiles: tuple[float, ...] = ()
    notes: tuple[str, ...] = ()
    texts: Texts | None = None


@dataclass(frozen=True)
class Preparation:
    """Step 4: from columns to inputs, fitted on the training rows of each fold.

    Args:
        columns: In the order of the table; described on the working rows only.
        num_inputs: Network inputs made from them.
        decision: One sentence.
        because: One sentence.
        alternatives: What was not done, a sentence each.
        num_rows: Working rows that were described; 0 where unknown.
        num_repeated: Rows that repeat an earlier row in every input column; they are never parted by a split.
        target_mean: Mean of the target over the described rows; for two classes the share of the second class; NaN
            where there is no such mean.
        target_mean_of: What that mean is, a phrase: "mean of `price`", "share of `yes`"; empty where there is none.
    """

    columns: tuple[Column, ...]
    num_inputs: int
    decision: str = ""
    because: str = ""
    alternatives: tuple[str, ...] = ()
    num_rows: int = 0
    num_repeated: int = 0
    target_mean: float = float("nan")
    target_mean_of: str = ""
