"""What is strange about a column, in words that say what to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = ["CODES", "Severity", "Suspect", "SuspectKind", "leaking"]

SuspectKind: TypeAlias = Literal[
    "alone", "copy", "identifier", "missingness", "zeros", "capped", "repeats", "nearly_constant"
]
Severity: TypeAlias = Literal["error", "warning", "note"]

CODES: dict[SuspectKind, str] = {
    "alone": "TF501", "copy": "TF502", "identifier": "TF503", "missingness": "TF504", "zeros": "TF507",
    "capped": "TF508", "repeats": "TF509", "nearly_constant": "TF510",
}  # fmt: skip
"""Code of each kind, TF5xx: about columns of a table; TF505 and TF506 are about rows. The checks of `tenfold.checks`
have TF1xx to TF4xx."""


@dataclass(frozen=True)
class Suspect:
    """One strange thing about one column.

    Args:
        column: Its name; of the target for `"capped"`.
        kind: What is strange.
        score: What it was judged by: ROC AUC, balanced accuracy or R2 from 0 to 1, else a share of the rows.
        sentence: What was seen, one sentence, names in backticks.
        severity: An error is overwhelming evidence that the column holds the answer; a warning needs a decision; a note
            is worth knowing.
        hint: What to do, one sentence.
    """

    column: str
    kind: SuspectKind
    score: float
    sentence: str
    severity: Severity
    hint: str = ""

    @property
    def code(self) -> str:
        """Of the check that found it."""
        return CODES[self.kind]

    @property
    def note(self) -> str:
        """The sentence as a phrase beside the column's name.

        >>> Suspect("class", "repeats", 1.0, "`class` holds the same as `pclass`.", "note").note
        'holds the same as `pclass`'
        """
        phrase = self.sentence.removeprefix(f"`{self.column}` ").rstrip(".")
        return phrase[0].lower() + phrase[1:]


def leaking(suspects: Sequence[Suspect], allowed: Sequence[str]) -> list[Suspect]:
    """The suspects that forbid the use of a score: overwhelming evidence that nobody vouched for.

    Args:
        suspects: Of the working rows, the worst first.
        allowed: Columns that are known at the time of prediction, by the user's word.
    """
    return [one for one in suspects if one.severity == "error" and one.column not in allowed]
