"""Step 6: scale up until it overfits.

To know how large a network must be, one must have seen one that is too large. The ladder is climbed from a linear
network upwards with nothing that holds a network back; each rung is one population over all inner folds.

A rung overfits where its members' validation loss turned up again while the training loss still fell. The rung that is
held back in step 7 follows from the number of rows alone: choosing it by scores would need a look of its own, and a
network that is larger than need be does as well once it is held back. The free rungs stay candidates.

Source: F. Chollet, Deep Learning with Python (2017), section 4.5.6.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from tenfold.nested.results import Candidate, FoldResult, Tally
from tenfold.nested.rows import NestedRows
from tenfold.nested.training import compile_pairs, network_of, train_candidates
from tenfold.networks.ladder import PHOTO_LADDER, Rung
from tenfold.progress import Note, ProgressListener, silence
from tenfold.run_folder.stages import NOWHERE, Stages

__all__ = ["Climb", "RungEvidence", "choose_ladder", "climb_ladder", "compile_ladder"]

TURN_SHARE = 0.02
"""Validation has turned where the last loss is this much above the lowest (arbitrary; above an epoch's noise)."""

OVERFIT_SHARE = 0.5
"""A rung overfits where at least this share of its members does (arbitrary)."""


RUNG_TO_HOLD_BACK = ((2_000, Rung((64, 64))), (10_000, Rung((128, 128))))
"""Rows up to which a rung is held back; 256-256 above. Tuned on boston (404 rows), 64-64 did as well as 128-128 (MAE
2.31 and 2.32), in a quarter of the time."""


TEXT_TOP = Rung((32,))
"""The rung that is held back where texts are read: each of its units has a weight for each of up to 20,000 terms, and
64 of them did no better on film reviews (log loss 0.313 beside 0.316) in four times the memory."""


def choose_ladder(
    budget_ladder: Sequence[Rung], num_rows: int, *, has_texts: bool = False, has_photos: bool = False
) -> tuple[Rung, ...]:
    """The ladder for an amount of rows: up to the rung that will be held back.

    Args:
        budget_ladder: Sizes of the budget, smallest first.
        num_rows: Working rows.
        has_texts: Whether networks read texts.
        has_photos: Whether they read photos.

    Returns:
        Sizes, smallest first; the last one is the rung to hold back.

    >>> [rung.label for rung in choose_ladder((Rung(()), Rung((8,)), Rung((128, 128))), 400)]
    ['linear', '8', '64-64']
    """
    if has_photos:
        return PHOTO_LADDER[: min(len(budget_ladder), len(PHOTO_LADDER))]
    if has_texts:
        return (*(rung for rung in budget_ladder if sum(rung.widths) < sum(TEXT_TOP.widths)), TEXT_TOP)
    top = next((rung for rows, rung in RUNG_TO_HOLD_BACK if num_rows <= rows), Rung((256, 256)))
    return (*(rung for rung in budget_ladder if sum(rung.widths) < sum(top.widths)), top)


@dataclass(frozen=True)
class RungEvidence:
    """What a rung showed on the inner folds of all working rows.

    Args:
        rung: Its size.
        num_parameters: Trainable parameters.
        best_epochs: Epoch with the lowest validation loss of each member, counted from 1.
        training: Training loss by epoch; NaN after a member stopped.
        validation: The same on inner rows.
        outcomes: How each member ended.
    """

    rung: Rung
    num_parameters: int
    best_epochs: Int[np.ndarray, " member"]
    training: Float[np.ndarray, "member epoch"]
    validation: Float[np.ndarray, "member epoch"]
    outcomes: tuple[str, ...]

    @property
    def is_overfitting(self) -> Bool[np.ndarray, " member"]:
        """Whether a member's validation loss turned up while its training loss still fell."""
        last = (~np.isnan(self.training)).sum(axis=1) - 1
        members, best = np.arange(len(last)), self.best_epochs - 1
        lowest = self.validation[members, best]  # below 0 for a Poisson loss
        turned = self.validation[members, last] > lowest + TURN_SHARE * np.abs(lowest)
        return np.asarray(turned & (self.training[members, last] < self.training[members, best]))

    @property
    def overfits(self) -> bool:
        """Whether enough members do."""
        return bool(self.is_overfitting.mean() >= OVERFIT_SHARE)


@dataclass(frozen=True)
class Climb:
    """The ladder, climbed.

    Args:
        results: Of every rung and fold.
        evidence: Of every rung, smallest first.
        tally: What it took.
    """

    results: tuple[FoldResult, ...]
    evidence: tuple[RungEvidence, ...]
    tally: Tally

    @property
    def top(self) -> Rung:
        """The largest rung, which is held back in step 7."""
        return self.evidence[-1].rung

    @property
    def overfits_from(self) -> Rung | None:
        """The smallest rung that overfits on the inner folds of all working rows."""
        return next((one.rung for one in self.evidence if one.overfits), None)


def climb_ladder(
    nested: NestedRows, ladder: Sequence[Rung], *, kept: Stages = NOWHERE, progress: ProgressListener = silence
) -> Climb:
    """Train every rung on every inner fold.

    Args:
        nested: Folds and rows.
        ladder: Sizes, smallest first.
        kept: Finished stages of the run.
        progress: Told of each rung, then of its training.

    Returns:
        Results and evidence.
    """
    folds = range(len(nested.folds))
    results: list[FoldResult] = []
    evidence, tally = [], Tally()
    for rung in ladder:
        progress(Note(rung.words))
        name = f"width {rung.label}"
        found, spent = train_candidates(nested, [Candidate(rung)], folds, name=name, kept=kept, progress=progress)
        results += found
        evidence.append(_evidence(nested, found[-1]))
        tally += spent
    return Climb(tuple(results), tuple(evidence), tally)


def compile_ladder(nested: NestedRows, ladder: Sequence[Rung], *, kept: Stages = NOWHERE) -> None:
    """Begin to compile all rungs in the background.

    Args:
        nested: Folds and rows.
        ladder: Sizes, smallest first.
        kept: Finished stages of the run.
    """
    for rung in ladder:
        pairs = [(Candidate(rung), fold) for fold in range(len(nested.folds))]
        compile_pairs(nested, pairs, name=f"width {rung.label}", kept=kept)


def _evidence(nested: NestedRows, result: FoldResult) -> RungEvidence:
    """What the members of the fold of all working rows showed."""
    members = result.members
    if members is None:
        raise ValueError("evidence comes from the fold of all working rows")
    rung = result.candidate.rung
    return RungEvidence(
        rung,
        network_of(nested, result.candidate)().count_params(),
        members.best_epochs + 1,
        members.history["loss"],
        members.history["val_loss"],
        members.outcomes,
    )
