"""`tenfold.repair`: put right what was found wrong, where training shows that it helps.

fixed = tenfold.repair(model, x, y, epochs=50)
fixed               # what was changed, and what it brought
print(fixed.diff)   # the model as Python code, before and after
fixed.model.fit(x, y, **fixed.fit_arguments)
"""

import contextlib
import time
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import jax
import numpy as np

from tenfold.checks.finding import Finding
from tenfold.engine.arrays import num_rows, to_arrays
from tenfold.engine.network import Batch, require_jax
from tenfold.engine.starts import build_model
from tenfold.errors import OptionError
from tenfold.examination.examine import examine
from tenfold.progress import Note, ProgressListener
from tenfold.progress_display.choice import display_for
from tenfold.repairing.candidates import ONLY_REPORTED
from tenfold.repairing.choosing import Choosing
from tenfold.repairing.judging import Verdict, judge
from tenfold.repairing.outputs import targets_of
from tenfold.repairing.pace import affordable_rows
from tenfold.repairing.program import Case, FitArguments, Program
from tenfold.repairing.repaired import NOTHING_FOUND, NOTHING_HELPS, Repair, repaired, unchanged
from tenfold.repairing.rewriting import with_input
from tenfold.repairing.rows import deal
from tenfold.repairing.scoring import Scorer

__all__ = ["repair"]

BUDGET_SECONDS = 300.0

JUDGING_SHARE = 0.2
"""Part of the budget that the sealed rows may take where choosing has used up all of it (arbitrary)."""
"""Time for a repair by default: some thirty candidates of a small network (arbitrary)."""

FEWEST_SEEDS = 3
"""Fewer paired trainings tell nothing from noise."""


def repair(
    model: Any,
    x: Any,
    y: Any,
    *,
    epochs: int,
    validation_data: Any = None,
    batch_size: int = 32,
    validation_split: float = 0.0,
    shuffle: bool = True,
    class_weight: Mapping[int, float] | None = None,
    findings: Iterable[Finding] | None = None,
    seed: int = 0,
    seeds: int = 5,
    budget_seconds: float = BUDGET_SECONDS,
    mute: Sequence[str] = (),
    tips: bool = False,
    verbose: int | str = "auto",
) -> Repair:
    """Repair a network whose training goes wrong.

    A fifth of the rows is sealed at the start. On the others the candidates of each finding are trained by
    cross-validation, with the same seeds and folds as the program before them, and the best is kept if it is better.
    The whole repair is then trained with up to four times as many seeds and scored on the sealed rows: it must be
    better there beyond the noise of seeds, else nothing is changed (`tenfold.repairing.acceptance` has the tests).

    Args:
        model: A compiled Keras model, Sequential or functional (others: only how they are trained is repaired), or a
            function without arguments that returns one. It is not trained here; layers that training does not change
            keep their numbers, the others start anew.
        x: Inputs: arrays, lists or dicts of arrays, pandas objects; leading axis `row`.
        y: Targets, nested as the model answers.
        epochs: Epochs of the user's own `fit`.
        validation_data: Validation rows of the user's own `fit`; looked at for findings only.
        batch_size: Rows of a training step of the user's own `fit`.
        validation_split: Of the user's own `fit`: the last part of the rows, which it does not train on.
        shuffle: Of the user's own `fit`.
        class_weight: Of the user's own `fit`.
        findings: What `tenfold.examine` has found; by default it is asked.
        seed: Decides the split of the rows, initial weights and orders; same seed, same repair.
        seeds: Paired trainings of each candidate, at least 3.
        budget_seconds: No further candidate is trained after so many seconds; the last comparison always is.
        mute: Codes of checks whose findings are left aside.
        tips: Whether candidates are tried for tips, too.
        verbose: 0 silent, 1 one live line, 2 lines, `"auto"`.

    Returns:
        The repaired model, what was changed and why, as code, diff and evidence. Where nothing was found, or nothing
        helps, the model itself.

    Raises:
        BackendError: Keras runs on another backend.
        ModelError: The model is not compiled, or Keras cannot copy it.
        OptionError: Fewer than three seeds, or another argument out of range.
        TableError: Inputs and targets have different numbers of rows, or are not numbers.
    """
    require_jax()
    _check(seeds, budget_seconds)
    began = time.monotonic()
    user_model, data = build_model(model), to_arrays(x, y)
    fit = FitArguments(
        epochs, batch_size, shuffle=shuffle, class_weight=class_weight, validation_split=validation_split
    )
    with _quiet():
        if findings is None:
            findings = examine(user_model, x, y, validation_data=validation_data, epochs=epochs, batch_size=batch_size,
                               shuffle=shuffle, seed=seed, mute=mute)  # fmt: skip
        heard = [one for one in findings if not {one.code, one.fault} & set(mute) and (tips or one.severity != "tip")]
        untouched = Program(with_input(user_model, jax.tree.leaves(data.x)[0]), fit)
        if not heard:
            return unchanged(user_model, untouched, data, {"findings": []}, NOTHING_FOUND, seed=seed)
        workshop = _Workshop(
            untouched, data, heard, seed=seed, seeds=seeds, deadline=began + budget_seconds,
            listener=display_for(verbose),
        )  # fmt: skip
        return workshop.run(user_model, began)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Without Keras' word on a softmax of one unit, which is one of the findings."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*You are using a softmax over axis", UserWarning)
        yield


class _Workshop:
    """One repair, from the rows to the result."""

    def __init__(
        self, untouched: Program, data: Batch, findings: Sequence[Finding], *, seed: int, seeds: int, deadline: float,
        listener: ProgressListener,
    ) -> None:  # fmt: skip
        self.untouched, self.data, self.findings = untouched, data, findings
        self.seed, self.seeds, self.deadline, self.listener = seed, seeds, deadline, listener
        count = affordable_rows(
            untouched, data, num_rows=num_rows(data), seeds=seeds, seconds=deadline - time.monotonic()
        )
        self.dealt = deal(data.x, data.y, seeds=seeds, seed=seed, most_open=count)
        is_balanced = any(one.fault == "imbalance" for one in findings)
        self.targets = targets_of(untouched.model, data.x, data.y, is_balanced=is_balanced)

    def run(self, user_model: Any, began: float) -> Repair:
        """Choose, judge, and put together what came out."""
        scorer = Scorer(self.data.x, self.data.y, self.targets, seed=self.seed, progress=self.listener)
        choosing = Choosing(
            self.untouched, self._case(self.dealt.open), self.dealt, scorer, self.deadline,
            lambda text: self.listener(Note(text)),
        )  # fmt: skip
        best = choosing.run(self.findings)
        evidence, verdict = self._evidence(choosing, scorer), None
        if best.changes:
            left = max(self.deadline - time.monotonic(), JUDGING_SHARE * (self.deadline - began))
            verdict = judge(self.untouched, best, self.dealt, scorer, seeds=self.seeds, seconds=left)
            evidence["final"] = verdict.to_json()
        evidence["seconds"] = round(time.monotonic() - began, 1)
        if verdict is None or not (verdict.confirms if choosing.is_clear else verdict.is_sure):
            return unchanged(user_model, self.untouched, self.data, evidence, NOTHING_HELPS, seed=self.seed)
        whole = choosing.again(best.changes, self._case(np.arange(num_rows(self.data)))) or best
        return repaired(self.untouched, _with_epochs(whole, verdict), self.data, evidence, seed=self.seed)

    def _case(self, rows: np.ndarray) -> Case:
        x, y = jax.tree.map(lambda leaf: leaf[rows], (self.data.x, self.data.y))
        return Case(x, y, self.targets)

    def _evidence(self, choosing: Choosing, scorer: Scorer) -> dict[str, Any]:
        reported = {one.code: ONLY_REPORTED[one.fault] for one in self.findings if one.fault in ONLY_REPORTED}
        return {
            "measure": self.targets[0].measure if len(self.targets) == 1 else "mean over the outputs",
            "rows": self.dealt.to_json(),
            "findings": [one.to_json() for one in self.findings],
            "only_reported": reported,
            "untouched": [round(float(score), 6) for score in choosing.start.scores],
            "candidates": choosing.notes,
            "programs": scorer.num_programs,
            "members": scorer.num_members,
        }


def _with_epochs(program: Program, verdict: Verdict) -> Program:
    """Early stopping has told how many epochs are right: those are trained, on all rows."""
    if program.fit.patience is None:
        return program
    return replace(program, fit=replace(program.fit, epochs=max(1, verdict.epochs), patience=None))


def _check(seeds: int, budget_seconds: float) -> None:
    if isinstance(seeds, bool) or not isinstance(seeds, int) or seeds < FEWEST_SEEDS:
        raise OptionError("repair_seeds", f"`seeds` must be a whole number of at least {FEWEST_SEEDS}",
                          received=repr(seeds), hint="5 is the default")  # fmt: skip
    if not budget_seconds > 0:
        raise OptionError("budget_seconds", "`budget_seconds` must be above 0", received=repr(budget_seconds))
