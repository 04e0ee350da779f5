"""Which weights a run on photos reads them with, decided before anything is read: photos are decoded in their size."""

from pathlib import Path
from typing import Any

from tenfold.data.class_files import PHOTOS, kind_of_source
from tenfold.networks.pretrained import NO_WEIGHTS, Weights, download_weights, find_weights
from tenfold.question.budget import Budget

__all__ = ["QUICK", "choose_weights", "reads_photos"]

QUICK = "quick"
"""The budget that downloads nothing."""


def reads_photos(table: Any) -> bool:
    """Whether what the user named is a folder or zip of photos."""
    return isinstance(table, str | Path) and kind_of_source(Path(table)) is PHOTOS


def choose_weights(table: Any, asked: str, budget: Budget) -> Weights | None:
    """The weights that photos are read with.

    Args:
        table: What the user named.
        asked: `--weights`, as typed; empty for what is there or can be had.
        budget: Of the run; the quick one downloads nothing.

    Returns:
        The weights; None for a table without photos, where none are wanted and where none can be had.

    Raises:
        OptionError: No such file, or a file that is none of weights known here.
    """
    if not reads_photos(table) or asked == NO_WEIGHTS:
        return None
    found = find_weights(asked)
    if found is None and budget.name != QUICK:
        found = download_weights()
    return found
