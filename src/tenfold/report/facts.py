"""What a run found, as plain numbers and words: the one source of terminal, JSON and HTML.

The workflow fills a `Facts`; `report.page`, `report.terminal` and `--json` print it, so they cannot disagree. Nothing
here computes: intervals come from `tenfold.intervals`, comparisons from `report.comparison`, the verdict from
`report.verdict`. The evidence of the steps (models, rungs, curves, trials, errors) is described in `report.evidence`.

Numbers are plain Python `int` and `float`; a number that does not exist is NaN (`null` in JSON). Sequences are tuples.
Times are UTC in ISO 8601, `"2026-11-20T16:41:05Z"`. A score keeps the sign and the unit of its measure.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from tenfold.errors import RunFolderError
from tenfold.report.codec import build, plain
from tenfold.report.evidence import (
    Capacity,
    ClassErrors,
    Difference,
    Histogram,
    Interval,
    Leak,
    LearningCurves,
    Model,
    NumberErrors,
    SealedResult,
    Tuning,
)

__all__ = [
    "SCHEMA",
    "Column",
    "Facts",
    "Finding",
    "FoldRows",
    "Look",
    "Machine",
    "Measure",
    "Paths",
    "Preparation",
    "Problem",
    "Protocol",
    "Reproducibility",
    "Run",
    "Source",
    "Spike",
    "Verdict",
    "VerdictCode",
    "Work",
]

SCHEMA = 1
"""Version of the JSON; raised when a field changes its meaning or goes."""

VerdictCode: TypeAlias = Literal[
    "unfinished", "leak", "nothing", "too_little", "disagrees", "worse", "same", "unclear", "beats_little", "beats"
]


@dataclass(frozen=True)
class Source:
    """The file that was read."""

    file: str
    sha256: str
    num_bytes: int
    num_rows: int
    num_columns: int
    read_at: str


@dataclass(frozen=True)
class Run:
    """Who made this, when, with which words.

    Args:
        name: The run folder's name, as in `tenfold predict NAME new.csv`.
        command: The whole command, to be typed again.
        source: The file that was read.
        started: When, UTC.
        seconds: Wall-clock seconds of the whole run.
        versions: Version of each package that matters, `{"tenfold": "0.1.0", "keras": "3.15.1", ...}`.
        seed: The run's seed.
        budget: `"quick"`, `"standard"` or `"thorough"`.
        finished: False where the run was stopped; the verdict is then `unfinished`.
        step: Last step reached, 1 to 7.
        shows_rows: False where cell values must not be printed (`--no-rows`).
    """

    name: str
    command: str
    source: Source
    started: str
    seconds: float
    versions: Mapping[str, str]
    seed: int = 0
    budget: str = "standard"
    finished: bool = True
    step: int = 7
    shows_rows: bool = True


@dataclass(frozen=True)
class Machine:
    """Where it ran: `system` such as "Linux x86-64", `processor`, `devices` such as "no GPU"."""

    system: str
    processor: str
    num_cores: int
    memory_gib: float
    devices: str = "no GPU"
    precision: str = "float32"
    choices: tuple[str, ...] = ()
    """What the engine chose and why, a phrase each: "members by map (probe: 7.7 ms against 9.8)"."""


@dataclass(frozen=True)
class Work:
    """How much was trained. `peak_gib` is NaN where it was not measured."""

    num_networks: int
    num_programs: int = 0
    num_stopped_early: int = 0
    num_nonfinite: int = 0
    num_settings: int = 0
    compile_seconds: float = float("nan")
    peak_gib: float = float("nan")


@dataclass(frozen=True)
class Spike:
    """One value of the target that many rows share: a cap, a floor, a code for missing."""

    value: float
    num_rows: int
    place: Literal["lowest", "highest", "inside"]


@dataclass(frozen=True)
class Problem:
    """Step 1: what is predicted, and what follows for the last layer and the loss.

    Args:
        kind: A number, one of two classes, or one of several.
        target: Name of the target column.
        decision: One sentence: what was decided. "`price` is a number, 5.0 to 50.0: linear output, squared error."
        because: One sentence: why.
        output: The last layer in words, "one linear unit".
        loss: The training loss in words, "mean squared error".
        unit: The target's unit where somebody stated it, "thousand dollars"; else empty.
        distribution: The target's histogram (a number), else None.
        spikes: Values that many rows share (a number).
        classes: Labels in the order of the outputs; empty for a number.
        class_counts: Rows of each class, in the same order, sealed rows not counted.
        positive: The class whose probability is predicted, with two classes.
        num_missing_target: Rows left out because their target is missing.
        alternatives: What was not done, a sentence each.
    """

    kind: Literal["number", "two_classes", "several_classes"]
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
    """Rows in each part of one fold; `num_purged` lie in time between training and validation, used by neither."""

    fold: int
    num_training: int
    num_validation: int
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
        distribution: Histogram of a number, or None.
    """

    name: str
    kind: Literal["number", "category", "date", "text", "yes_no", "identifier", "constant", "empty"]
    num_missing: int = 0
    num_distinct: int = 0
    num_inputs: int = 1
    treatment: str = ""
    dropped: str = ""
    low: float = float("nan")
    high: float = float("nan")
    values: tuple[str, ...] = ()
    distribution: Histogram | None = None


@dataclass(frozen=True)
class Preparation:
    """Step 4: from columns to inputs, fitted on the training rows of each fold."""

    columns: tuple[Column, ...]
    num_inputs: int
    decision: str = ""
    because: str = ""
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """One check and its outcome.

    Args:
        code: `"TF302"`.
        outcome: Only `"finding"` and `"tip"` are shown unfolded.
        sentence: What was seen, one sentence, names in backticks.
        severity: How bad, for a finding.
        hint: What to do, one sentence; for the other outcomes why it is not applicable or was skipped.
        numbers: The numbers it judged by, name to value.
        title: The check's title, for those that passed.
    """

    code: str
    outcome: Literal["finding", "tip", "passed", "not_applicable", "skipped", "muted"]
    sentence: str
    severity: Literal["error", "warning", "note"] = "warning"
    hint: str = ""
    numbers: Mapping[str, float] = field(default_factory=dict)
    title: str = ""


@dataclass(frozen=True)
class Paths:
    """Where things are, as the user would type them; empty where not written."""

    run: str
    report: str = ""
    facts: str = ""
    model: str = ""
    baseline: str = ""
    predictions: str = ""
    log: str = ""


@dataclass(frozen=True)
class Reproducibility:
    """What it takes to get these numbers again.

    Args:
        changed: What differs from the model as written, a phrase each: "head and loss fused (logits); see step 1".
        again: What the same command gives: "same command, same machine: same numbers (tested)".
        unknown: What was not measured, a phrase each: "energy not measured".
        hashes: File in the run folder to sha256.
    """

    changed: tuple[str, ...] = ()
    again: str = ""
    unknown: tuple[str, ...] = ()
    hashes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """The answer in words, made by `report.verdict.decide`.

    Args:
        code: Which rule of the table holds.
        headline: One sentence.
        sentences: The sentences after it, numbers with their intervals.
        next: What to do next, one sentence; commands in backticks.
        trust: The line of rows, networks, looks and order.
        score: The network's score with its interval.
        baseline: Name of the best baseline; empty where there is none.
        difference: Network against it, positive = network better.
        pairs_won: Fold-and-seed pairs in which the network was better.
        num_pairs: Of so many.
    """

    code: VerdictCode
    headline: str
    sentences: tuple[str, ...]
    next: str
    trust: str
    score: Interval | None = None
    baseline: str = ""
    difference: Interval | None = None
    pairs_won: int = 0
    num_pairs: int = 0


@dataclass(frozen=True)
class Facts:
    """All that a run found. Sections that a stopped run did not reach are None or empty.

    Args:
        models: Scored on the same outer folds and seeds: the network, the baselines, the constant guess, in any order.
        differences: From `report.comparison.compare_models(models, better=...)`.
        errors: Of the network's predictions on outer folds, from `report.error_facts`.
        capacity, curves, tuning: Steps 6 and 7.
        sealed: The one look, None where the sealed rows were not opened.
        leak: The worst suspect, where there is one of severity error.
        verdict: From `report.verdict.decide(facts)`; None until then.
    """

    run: Run
    problem: Problem
    measure: Measure
    protocol: Protocol | None = None
    preparation: Preparation | None = None
    models: tuple[Model, ...] = ()
    differences: tuple[Difference, ...] = ()
    baseline_decision: str = ""
    capacity: Capacity | None = None
    curves: LearningCurves | None = None
    tuning: Tuning | None = None
    sealed: SealedResult | None = None
    errors: NumberErrors | ClassErrors | None = None
    leak: Leak | None = None
    findings: tuple[Finding, ...] = ()
    work: Work | None = None
    machine: Machine | None = None
    paths: Paths | None = None
    reproducibility: Reproducibility = field(default_factory=Reproducibility)
    verdict: Verdict | None = None
    schema: int = SCHEMA

    def to_json(self) -> str:
        """The facts as one line of JSON: ASCII, NaN as null, keys in the schema's order (same facts, same bytes)."""
        return json.dumps(plain(self), allow_nan=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Facts":
        """The facts of a text written by `to_json`.

        Args:
            text: One JSON object; absent fields take their default.

        Returns:
            The facts.

        Raises:
            RunFolderError: Not JSON, another schema, or a field that cannot be read.
        """
        try:
            content = json.loads(text)
            if content["schema"] != SCHEMA:
                raise _wrong_schema(content["schema"])
            facts: Facts = build(cls, content)
        except (KeyError, TypeError, ValueError) as error:
            raise RunFolderError(
                "facts_damaged",
                "The facts of this run cannot be read",
                expected=f"a JSON object of schema {SCHEMA}",
                received=f"{type(error).__name__}: {error}",
                hint="make them again with `tenfold run`",
            ) from error
        return facts


def _wrong_schema(schema: object) -> RunFolderError:
    return RunFolderError(
        "facts_schema",
        "The facts were written by another version of Tenfold",
        expected=f"schema {SCHEMA}",
        received=f"schema {schema}",
    )
