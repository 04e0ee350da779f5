"""What happens while Tenfold works, as plain events.

The engine and the workflow tell what they do by calling a listener with one event at a time; a listener draws it on a
terminal, writes a line into a log, collects it for a test, or does nothing (`silence`). The events know nothing of
their listeners, so one run can be watched in any of these ways:

    events = []
    tenfold.run("houses.csv", "price", progress=events.append)

A listener is called between two pieces of compiled work, never inside one: it may raise, and the exception (a
`KeyboardInterrupt` for instance) ends the run there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

__all__ = [
    "Event",
    "Note",
    "Noticed",
    "ProgressListener",
    "RunStarted",
    "StepFinished",
    "StepStarted",
    "Stopping",
    "TrainingProgress",
    "TrialsProgress",
    "Warned",
    "silence",
]


@dataclass(frozen=True)
class RunStarted:
    """The table is read and its run folder chosen.

    Args:
        source: The table, as the user named it.
        num_rows: Rows of the table.
        num_columns: Columns of the table, the target among them.
        folder: The run folder, as the user would type it.
        is_continued: Whether the folder held an unfinished run of the same question, which goes on now.
    """

    source: str
    num_rows: int
    num_columns: int
    folder: str
    is_continued: bool = False


@dataclass(frozen=True, kw_only=True)
class TrainingProgress:
    """Where the members of a population stand, told at the end of each chunk of epochs.

    Args:
        epoch: Epochs that are over, 0 to `epochs`.
        epochs: Epochs that a member trains at most.
        loss: Training loss of the last epoch, mean over the members that still train. NaN before the first epoch.
        validation_loss: The same on each member's validation rows; None where there are none.
        num_training: Members that still train.
        num_stopped: Members that stopped early and kept their best weights.
        num_nonfinite: Members that were frozen because their loss was not finite.
        num_members: Members of the population; `num_members - num_training - num_stopped - num_nonfinite` are done
            or wait for their wave.
        seconds: Since this population began to train, compilation included.
    """

    epoch: int
    epochs: int
    loss: float
    validation_loss: float | None
    num_training: int
    num_stopped: int
    num_nonfinite: int
    num_members: int
    seconds: float


@dataclass(frozen=True, kw_only=True)
class TrialsProgress:
    """Where a search stands, told before and after each batch of trials and while a batch trains.

    Args:
        num_told: Trials that are over.
        num_trials: Trials that were asked for in all.
        num_pruned: Trials of those over that were dropped before all folds were trained.
        num_failed: Trials of those over without a finite value.
        measure: The metric that counts.
        best: Its best value so far, a mean over folds; None before there is one.
        training: How the present batch trains; None between batches.
        seconds: Since the search began.
    """

    num_told: int
    num_trials: int
    num_pruned: int
    num_failed: int
    measure: str
    best: float | None
    training: TrainingProgress | None
    seconds: float


@dataclass(frozen=True)
class StepStarted:
    """A step of the workflow begins.

    Args:
        number: 1 to 7, the step of the universal workflow.
        name: One or two words, such as `"scale up"`.
        text: What is about to be done, as a phrase; may be empty.
    """

    number: int
    name: str
    text: str


@dataclass(frozen=True)
class StepFinished:
    """A step of the workflow is over.

    Args:
        number: 1 to 7, the step of the universal workflow.
        name: One or two words, such as `"scale up"`.
        text: What came out, as a phrase.
        seconds: How long the step took.
    """

    number: int
    name: str
    text: str
    seconds: float


@dataclass(frozen=True)
class Note:
    """Something worth a line that is neither a step nor a warning, such as a compilation or a choice of the engine.

    Args:
        text: One phrase.
    """

    text: str


@dataclass(frozen=True)
class Warned:
    """Something that would make the user stop and look, told at once.

    Args:
        code: Stable name of the case, lower case with underscores, or a check's code such as `"TF302"`.
        text: One sentence with the numbers it was judged by.
        hint: What to do about it; may be empty.
    """

    code: str
    text: str
    hint: str


@dataclass(frozen=True)
class Noticed:
    """What the checks have noticed of a training that is over; unlike a note it stays on the screen.

    Args:
        text: One phrase.
    """

    text: str


@dataclass(frozen=True)
class Stopping:
    """The user or the system asked the run to end; it will at the next safe moment."""


Event: TypeAlias = (
    RunStarted | TrainingProgress | TrialsProgress | StepStarted | StepFinished | Note | Noticed | Warned | Stopping
)
ProgressListener: TypeAlias = Callable[[Event], None]


def silence(event: Event) -> None:
    """The listener that does nothing."""
