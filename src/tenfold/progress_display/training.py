"""What the progress of one population says: its history, its speed, its members."""

import math
from dataclasses import dataclass, field

from tenfold.progress import TrainingProgress
from tenfold.progress_display.words import about, clock, number, sparkline

__all__ = ["TrainingWatch"]

SYMBOLS_AT_MOST = 60
"""Members that are shown one symbol each; above, only their numbers."""

SPARKS = 12


@dataclass
class TrainingWatch:
    """The populations that were seen train, one at a time; feed it each event, then read its phrases."""

    events: list[TrainingProgress] = field(default_factory=list)

    def see(self, event: TrainingProgress) -> None:
        """Take the next event; another population than the last one's begins a new history."""
        if self.events and not _continues(self.events[-1], event):
            self.events.clear()
        self.events.append(event)

    @property
    def now(self) -> TrainingProgress:
        """The last event."""
        return self.events[-1]

    @property
    def fraction(self) -> float:
        """Share of the work that is done, 0 to 1: a population whose members all stopped is done."""
        if self.is_over:
            return 1.0
        return min(1.0, self.now.epoch / self.now.epochs) if self.now.epochs else 0.0

    @property
    def is_over(self) -> bool:
        """Whether no member trains any more."""
        return self.now.epoch >= self.now.epochs or (self.now.epoch > 0 and self.now.num_training == 0)

    @property
    def seconds_left(self) -> float | None:
        """Estimate from the epochs since the first event, so that compilation does not count; None before two."""
        first = self.events[0]
        epochs_seen = self.now.epoch - first.epoch
        if epochs_seen <= 0 or self.is_over:
            return None
        return (self.now.seconds - first.seconds) / epochs_seen * (self.now.epochs - self.now.epoch)

    @property
    def time(self) -> str:
        """`0:09, about 5 s left`."""
        left = self.seconds_left
        return clock(self.now.seconds) + (f", {about(left)} left" if left is not None else "")

    @property
    def losses(self) -> str:
        """`training 1.02 ▇▅▃▁    inner validation 2.55 ▇▅▂▃`."""
        training = [event.loss for event in self.events if event.epoch > 0]
        validation = [event.validation_loss for event in self.events if event.validation_loss is not None]
        finite = {name: [one for one in losses if math.isfinite(one)]
                  for name, losses in (("loss", training), ("validation loss", validation))}  # fmt: skip
        parts = [
            f"{name} {number(values[-1])} {sparkline(values, SPARKS)}" for name, values in finite.items() if values
        ]
        return "    ".join(parts)

    @property
    def counts(self) -> str:
        """`12 of 15 training, 2 stopped, 1 not finite`."""
        event = self.now
        training = f"{event.num_training} of {event.num_members} training"
        parts = [f"{event.num_members} members" if self.is_over else training]
        parts += [f"{event.num_stopped} stopped"] if event.num_stopped else []
        parts += [f"{event.num_nonfinite} not finite"] if event.num_nonfinite else []
        return ", ".join(parts)

    @property
    def members(self) -> str:
        """One symbol a member where they are few, then what the symbols mean."""
        event = self.now
        if event.num_members > SYMBOLS_AT_MOST or event.num_members == 1:
            return self.counts
        num_other = event.num_members - event.num_training - event.num_stopped - event.num_nonfinite
        symbols = "●" * event.num_training + "○" * event.num_stopped + "×" * event.num_nonfinite + "·" * num_other
        return f"{symbols}  {self.counts}"


def _continues(before: TrainingProgress, after: TrainingProgress) -> bool:
    same = (before.epochs, before.num_members) == (after.epochs, after.num_members)
    return same and after.epoch >= before.epoch and after.seconds >= before.seconds
