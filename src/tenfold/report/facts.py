"""What a run found, as plain numbers and words: the one source of terminal, JSON and HTML.

The workflow fills a `Facts`; `report.page`, `report.terminal` and `--json` print it, so they cannot disagree. Nothing
here computes: intervals come from `tenfold.intervals`, comparisons from `report.comparison`, the verdict from
`report.verdict`. Steps 1 to 4 are described in `report.decisions`, the evidence of the others (models, rungs, curves,
trials, errors) in `report.evidence`.

Numbers are plain Python `int` and `float`; a number that does not exist is NaN (`null` in JSON). Sequences are tuples.
Times are UTC in ISO 8601, `"2026-11-20T16:41:05Z"`. A score keeps the sign and the unit of its measure.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from tenfold.codec import build, plain
from tenfold.errors import RunFolderError
from tenfold.report.card import Card
from tenfold.report.decisions import Measure, Preparation, Problem, Protocol
from tenfold.report.evidence import (
    Capacity,
    ClassErrors,
    Difference,
    Interval,
    LabelErrors,
    Leak,
    LearningCurves,
    Model,
    NumberErrors,
    SealedResult,
    SeveralErrors,
    Tuning,
)
from tenfold.report.forecast import Forecast
from tenfold.report.photos import PhotoSheet
from tenfold.report.probing import Calibration, Importance

__all__ = [
    "SCHEMA",
    "Facts",
    "Finding",
    "Machine",
    "Paths",
    "Reproducibility",
    "Run",
    "Source",
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
class Finding:
    """One check and its outcome.

    Args:
        code: `"TF201"` of a check of the network, `"TF501"` of one of the table's columns.
        outcome: Only `"finding"` is shown unfolded.
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
        remake: Command that makes this report again; empty where there is none.
        verify: Command that runs everything again and compares; empty where there is none.
    """

    changed: tuple[str, ...] = ()
    again: str = ""
    unknown: tuple[str, ...] = ()
    hashes: Mapping[str, str] = field(default_factory=dict)
    remake: str = ""
    verify: str = ""


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
        calibration: Of the network's probabilities on outer folds; None for numbers.
        importance: Which columns the network uses.
        photos: Photos to look at; None where there are none, or where no rows may be shown.
        forecast: The last stretch that was scored; None where nothing is forecast.
        card: What the author says about the data and the purpose; None where nobody was asked.
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
    errors: NumberErrors | ClassErrors | LabelErrors | SeveralErrors | None = None
    leak: Leak | None = None
    calibration: Calibration | None = None
    importance: Importance | None = None
    photos: PhotoSheet | None = None
    forecast: Forecast | None = None
    card: Card | None = None
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
