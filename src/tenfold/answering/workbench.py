"""What every step of a run works with: the question, its folder, the listener; how steps and looks are told."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from tenfold.nested.rows import NestedRows, nest_rows
from tenfold.progress import ProgressListener, StepFinished, StepStarted
from tenfold.question.asked_texts import asked_ways
from tenfold.question.posing import Question
from tenfold.run_folder.folder import RunFolder
from tenfold.run_folder.ledger import Look, add_look
from tenfold.run_folder.stages import Stages

__all__ = ["Outcome", "Workbench"]


@dataclass
class Outcome:
    """What a step says when it is over."""

    text: str = ""


@dataclass(frozen=True)
class Workbench:
    """A question on its way to an answer.

    Args:
        question: Steps 1 to 3.
        folder: Where ledger and finished stages are.
        progress: Told of each step and training.
    """

    question: Question
    folder: RunFolder
    progress: ProgressListener

    @property
    def kept(self) -> Stages:
        """What the run has finished so far."""
        return self.folder.stages

    @contextlib.contextmanager
    def step(self, number: int, name: str, doing: str = "") -> Iterator[Outcome]:
        """Tell that a step begins and how it ended."""
        self.progress(StepStarted(number, name, doing))
        began, outcome = time.perf_counter(), Outcome()
        yield outcome
        self.progress(StepFinished(number, name, outcome.text, time.perf_counter() - began))

    def nest(self, inputs: pd.DataFrame) -> NestedRows:
        """The question's folds, with these of its columns prepared."""
        question = self.question
        return nest_rows(
            inputs,
            question.problem,
            question.target,
            question.splitter,
            question.rows.working,
            question.protocol,
            num_seeds=question.budget.num_seeds,
            texts=question.options.text,
            vectors=question.vectors,
            ways=asked_ways(question.options),
        )

    def note_look(self, part: Literal["inner", "outer", "sealed"], what: str, num_scores: int) -> None:
        """Write a look into the ledger; to be done before its scores are used."""
        rows = self.question.rows
        sha256 = rows.sha256 if part == "sealed" else rows.working_sha256
        add_look(self.folder.ledger, Look(part, what, num_scores, sha256))
