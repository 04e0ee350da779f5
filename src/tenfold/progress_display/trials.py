"""What the progress of a search says."""

from tenfold.progress import TrialsProgress
from tenfold.progress_display.words import about, clock, number, printable

__all__ = ["describe_trials"]


def describe_trials(event: TrialsProgress) -> str:
    """`trials 20/60  best mae 2.21  4 pruned  epoch 31/100 of 45 members  0:09, about 20 s left`."""
    parts = [f"trials {event.num_told}/{event.num_trials}"]
    parts += [f"best {printable(event.measure)} {number(event.best)}"] if event.best is not None else []
    parts += [f"{event.num_pruned} pruned"] if event.num_pruned else []
    parts += [f"{event.num_failed} failed"] if event.num_failed else []
    if (training := event.training) is not None:
        parts += [f"epoch {training.epoch}/{training.epochs} of {training.num_members} members"]
    return "  ".join([*parts, clock(event.seconds) + _left(event)])


def _left(event: TrialsProgress) -> str:
    """Estimate from the trials that are over; nothing before the first batch and after the last."""
    if not 0 < event.num_told < event.num_trials:
        return ""
    return f", {about(event.seconds / event.num_told * (event.num_trials - event.num_told))} left"
