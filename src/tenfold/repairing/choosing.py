"""Which repairs are kept: finding by finding in the order of causes, each candidate against the best program so far.

1. The untouched program is trained on every seed.
2. For each finding its candidates are trained with the same seeds and rows; the best of them is kept if it is clearly
   better (`acceptance.py`).
3. Faults hide one another: with inputs of a thousand no learning rate is right, and with a wrong rate scaling does not
   help. So the best candidates of all findings that were not kept alone are tried together, with other learning rates.
4. What all other numbers depend on is looked at once more: learning rate, optimizer, epochs. Where nothing was kept so
   far, every family of candidates is tried in the order of causes.
5. A kept repair without which the program is as good goes again.

All of it happens on open rows. The sealed ones are asked once, at the end, by `judging.py`.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from tenfold.checks.finding import Finding
from tenfold.repairing.acceptance import Comparison, compare_folds
from tenfold.repairing.candidates import BY_FAULT, FAMILIES, candidates_for
from tenfold.repairing.program import Case, Change, Program
from tenfold.repairing.proposal import Asked
from tenfold.repairing.rows import Dealt
from tenfold.repairing.scoring import Scored, Scorer

__all__ = ["Choosing"]

SETTINGS = ("learning_rate", "optimizer"), ("epochs", "batch_size")
"""Families that are looked at again once others have changed the program."""

LEAST_GAIN = 0.01
"""A change brings as much of the score at least, unless a finding asks for it and it is sure (arbitrary): a model is
repaired here, not tuned."""

TOGETHER, SETTINGS_STAGE = "together", "settings"
"""Stages that are no finding's."""

BEYOND = Asked("", "")
"""Why settings are looked at again: no finding asks for it."""


class Choosing:
    """The choice of one repair.

    Args:
        untouched: The user's program.
        case: Its open rows.
        dealt: Which rows are for what.
        scorer: Trains and scores.
        deadline: Moment (`time.monotonic`) after which no further training begins.
        say: Told a phrase for each stage.

    Attributes:
        best: The best program so far.
        notes: What was tried: JSON values.
    """

    def __init__(
        self,
        untouched: Program, case: Case, dealt: Dealt, scorer: Scorer, deadline: float,
        say: Callable[[str], None],
    ) -> None:  # fmt: skip
        self.untouched, self.case, self.dealt, self.scorer = untouched, case, dealt, scorer
        self.deadline, self.say = deadline, say
        self.notes: list[dict[str, Any]] = []
        self._tried: set[tuple[tuple[str, ...], str]] = set()
        self._likely: dict[str, Change] = {}
        self.start = self.best = self._scored([untouched], deadline=float("inf"))[0]

    def run(self, findings: Sequence[Finding]) -> Program:
        """Try everything, and give the best program."""
        for finding in findings:
            self._answer(finding)
        self._try_together()
        if self.best is self.start:
            for name in FAMILIES:
                self._try(BEYOND, self._changes(BEYOND, [name]))
        for families in SETTINGS:
            self._try(BEYOND, self._changes(BEYOND, families))
        self._prune()
        return self.best.program

    @property
    def _is_over(self) -> bool:
        """Whether no time is left, or nothing to gain."""
        return time.monotonic() > self.deadline or float(self.best.scores.mean()) > 1 - LEAST_GAIN

    def _answer(self, finding: Finding) -> None:
        asked = Asked(finding.code, finding.fault, finding.subject)
        self.say(f"{finding.code}: {finding.fault}")
        changes = self._changes(asked)
        before = self.best
        found = self._try(asked, changes)
        if found and self.best is before:
            self._likely[found[0].program.changes[-1].candidate] = found[0].program.changes[-1]

    def _changes(self, asked: Asked, families: Iterable[str] | None = None) -> list[Change]:
        names = BY_FAULT.get(asked.fault, ()) if families is None else families
        return candidates_for(self.best.program, self.case, asked, names)

    def _try(self, asked: Asked, changes: Sequence[Change]) -> list[Scored]:
        """Train the candidates, and keep the best if it is better.

        Where a finding asks for it, clearly better or by a hundredth that is rather there than not; else both.

        Args:
            asked: Why they are tried.
            changes: The candidates.

        Returns:
            All that were trained, the best first.
        """
        before = tuple(change.says for change in self.best.program.changes)
        new = [change for change in changes if (before, change.says) not in self._tried]
        self._tried |= {(before, change.says) for change in new}
        programs = [self.best.program.with_change(change, self.case) for change in new]
        return self._contest([one for one in programs if one is not None], asked.code or SETTINGS_STAGE)

    def _try_together(self) -> None:
        """The best candidates of findings that were not kept alone, together, and with other learning rates."""
        stacked: Program | None = self.best.program
        for change in self._likely.values():
            stacked = (stacked and stacked.with_change(change, self.case)) or stacked
        if stacked is None or len(stacked.changes) < len(self.best.program.changes) + 1:
            return
        self.say(TOGETHER)
        rates = candidates_for(stacked, self.case, BEYOND, SETTINGS[0])
        programs = [stacked, *(stacked.with_change(change, self.case) for change in rates)]
        self._contest([one for one in programs if one is not None], TOGETHER)

    def _contest(self, programs: Sequence[Program], stage: str) -> list[Scored]:
        if not programs or self._is_over:
            return []
        found = self._scored(programs)
        trained = sorted((one for one in found if not one.failure), key=lambda one: -float(one.scores.mean()))
        winner = trained[0] if trained else None
        is_kept = winner is not None and self._is_kept(winner, stage)
        for one in found:
            self.notes.append(self._note(one, stage, is_kept=is_kept and one is winner))
        if is_kept and winner is not None:
            winner.program = _with_gain(winner.program, self._against_best(winner))
            self.best = winner
        return trained

    @property
    def is_clear(self) -> bool:
        """Whether the best program is clearly better on the open rows than the untouched one."""
        return compare_folds(self.best.gained, self.start.gained).is_clearly_better

    def _is_kept(self, winner: Scored, stage: str) -> bool:
        found = self._against_best(winner)
        if stage == SETTINGS_STAGE:
            return found.is_clearly_better and found.gain >= LEAST_GAIN
        return found.is_clearly_better or (found.is_rather_better and found.gain >= LEAST_GAIN)

    def _prune(self) -> None:
        """Leave out repairs without which the program is as good, one at a time."""
        while len(self.best.program.changes) > 1 and time.monotonic() < self.deadline:
            changes = self.best.program.changes
            shorter = [self.again([one for one in changes if one is not left_out]) for left_out in changes]
            found = [one for one in self._scored([one for one in shorter if one is not None]) if not one.failure]
            best = max(found, key=lambda one: float(one.scores.mean()), default=None)
            if best is None or best.scores.mean() < self.best.scores.mean():
                return
            self.notes.append(self._note(best, "left out", is_kept=True))
            self.best = best

    def again(self, changes: Iterable[Change], case: Case | None = None) -> Program | None:
        """The untouched program with these repairs, with numbers from other rows where a case is given."""
        program: Program | None = self.untouched
        for change in changes:
            program = program and program.with_change(change, case or self.case)
        return program

    def _scored(self, programs: Sequence[Program], deadline: float | None = None) -> list[Scored]:
        limit = self.deadline if deadline is None else deadline
        found = self.scorer.score(programs, self.dealt.folds, limit)
        for one in found:
            if one.failure:
                one.rows = [np.zeros(len(scored)) for _, scored in self.dealt.folds]
        return found

    def _against_best(self, new: Scored) -> Comparison:
        return compare_folds(new.gained, self.best.gained)

    def _note(self, one: Scored, stage: str, *, is_kept: bool) -> dict[str, Any]:
        comparison = self._against_best(one)
        because = one.failure or _because(comparison, is_kept=is_kept)
        return {
            "stage": stage,
            "changes": [change.to_json() for change in one.program.changes],
            "scores": [round(float(score), 6) for score in one.scores],
            "against": [round(float(score), 6) for score in self.best.scores],
            **comparison.to_json(),
            "kept": is_kept,
            "because": because,
            "diverged": one.diverged,
            "seconds": round(one.seconds, 3),
        }


def _with_gain(program: Program, comparison: Comparison) -> Program:
    """The program whose last change tells what it brought."""
    *before, last = program.changes
    told = replace(last, gain=round(comparison.gain, 6), low=round(comparison.low, 6))
    return replace(program, changes=(*before, told))


def _because(comparison: Comparison, *, is_kept: bool) -> str:
    if is_kept:
        return f"{'clearly' if comparison.is_clearly_better else 'rather'} better than what was best before"
    if comparison.gain <= 0:
        return "not better than what was best before"
    if comparison.is_rather_better:
        return "another candidate is better, or the gain too small or too unsure"
    return "better, but not beyond the noise of seeds and rows"
