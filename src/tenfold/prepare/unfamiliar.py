"""What a new table holds that the training rows did not: counted, told, never silent."""

import math
from dataclasses import dataclass

__all__ = ["Unfamiliar"]


@dataclass(frozen=True)
class Unfamiliar:
    """What a column holds that its training rows did not.

    Args:
        column: Its name.
        num_unseen: Rows whose level was never seen.
        num_outside: Rows with a number (or a date) below the smallest or above the largest seen.
        num_unreadable: Rows with text where numbers or dates should be; they count as missing.
        num_newly_missing: Rows without a value, where training rows always had one.
        low: Smallest number seen; NaN for other kinds.
        high: Largest number seen; NaN for other kinds.
        num_unknown: Rows with a text of which no word was seen.
    """

    column: str
    num_unseen: int = 0
    num_outside: int = 0
    num_unreadable: int = 0
    num_newly_missing: int = 0
    low: float = float("nan")
    high: float = float("nan")
    num_unknown: int = 0

    @property
    def num_rows(self) -> int:
        """Rows that are unfamiliar, for whichever reason."""
        own = self.num_unseen + self.num_unknown
        return own + self.num_outside + self.num_unreadable + self.num_newly_missing

    @property
    def sentence(self) -> str:
        """What was found, as one phrase.

        >>> Unfamiliar("rooms", num_outside=2, low=1.0, high=8.5).sentence
        '`rooms`: 2 outside 1 to 8.5, the range seen in training'
        >>> Unfamiliar("title", num_unknown=3).sentence
        '`title`: 3 without a word that training texts had'
        >>> Unfamiliar("day", num_outside=2).sentence
        '`day`: 2 outside the time seen in training'
        """
        seen = f"outside {self.low:g} to {self.high:g}, the range seen in training"
        counts = [
            (self.num_unseen, "with a level never seen in training"),
            (self.num_unknown, "without a word that training texts had"),
            (self.num_outside, "outside the time seen in training" if math.isnan(self.low) else seen),
            (self.num_unreadable, "that cannot be read and count as missing"),
            (self.num_newly_missing, "missing, where training rows never were"),
        ]
        return f"`{self.column}`: " + ", ".join(f"{count} {what}" for count, what in counts if count)
