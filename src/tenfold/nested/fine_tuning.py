"""Fine-tuning: heads that were chosen go on, together with the last block of the base that they stand on.

Every member of a fold's chosen head goes on from its own weights, on its own inner fold, so that the comparison with
the frozen base is paired. Each outer fold takes fine-tuning by its own inner rows, as it takes any candidate, and is
scored on rows that none of its members has seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tenfold.nested.results import Candidate, FoldResult, Tally, best_of_each_fold
from tenfold.nested.retraining import head_values
from tenfold.nested.rows import NestedRows
from tenfold.nested.training import train_pairs
from tenfold.networks.fine_tuning import multiply_adds, trained_layers
from tenfold.networks.ladder import Rung
from tenfold.progress import ProgressListener, silence
from tenfold.run_folder.stages import NOWHERE, Stages

__all__ = ["FineTuned", "fine_tune"]

BILLION = 1_000_000_000


@dataclass(frozen=True)
class FineTuned:
    """What came of it.

    Args:
        chosen: What each fold answers with now, fine-tuned or as it was.
        words: What was done and what it gained, or why it was not done; empty where no fold stands on a base.
        tally: What it took.
    """

    chosen: tuple[FoldResult, ...]
    words: str = ""
    tally: Tally = field(default_factory=Tally)


def fine_tune(
    nested: NestedRows,
    chosen: Sequence[FoldResult],
    rates: Sequence[float],
    most_work: float,
    *,
    kept: Stages = NOWHERE,
    progress: ProgressListener = silence,
) -> FineTuned:
    """Go on with what stands on a frozen base, and let each fold choose.

    Args:
        nested: Folds and rows.
        chosen: The choice of each fold, in the order of the folds.
        rates: Learning rates to try, the first of a schedule that falls to 0; none leaves bases frozen.
        most_work: Multiplications of a number by a weight that it may take in all, in billions.
        kept: Finished stages of the run.
        progress: Told of the training.
    """
    frozen = [one for one in chosen if one.candidate.rung.base]
    if not frozen:
        return FineTuned(tuple(chosen))
    if not rates:
        return FineTuned(tuple(chosen), "With the quick budget the base stays frozen; standard tries fine-tuning.")
    work = _work(nested, frozen) * len(rates) / BILLION
    if work > most_work:
        return FineTuned(
            tuple(chosen),
            f"Fine-tuning was not tried: it would take {work:,.0f} billion multiplications, and this budget has "
            f"{most_work:,.0f} billion for it; a smaller network or a larger budget fits.",
        )
    found, tally = list[FoldResult](), Tally()
    by_rung: dict[Rung, list[FoldResult]] = {}
    for one in frozen:
        by_rung.setdefault(one.candidate.rung, []).append(one)
    for rung, heads in by_rung.items():
        starts = {one.fold: head_values(nested, one) for one in heads}
        pairs = [(_tuned(one.candidate, rate), one.fold) for rate in rates for one in heads]
        name = f"fine-tuning of {rung.label}"
        results, spent = train_pairs(
            nested, pairs, name=name, only_best=True, starts=starts, kept=kept, progress=progress
        )
        before = {one.fold: one for one in heads}
        found += [replace(one, before=before[one.fold]) for one in results]
        tally += spent
    best = best_of_each_fold([*chosen, *found])  # of equal ones the frozen
    taken = tuple(best[fold] for fold in range(len(nested.folds)))
    return FineTuned(taken, _words(nested, chosen, taken, found, rates), tally)


def _tuned(candidate: Candidate, rate: float) -> Candidate:
    held = replace(candidate.regularisation, learning_rate=rate)
    return replace(candidate, rung=replace(candidate.rung, is_tuned=True), regularisation=held)


def _work(nested: NestedRows, frozen: Sequence[FoldResult]) -> int:
    """Multiplications that one learning rate takes: photos to train on pass once an epoch, others twice."""
    passes = 0
    for one in frozen:
        epochs = nested.recipe_of(_tuned(one.candidate, 0.0).rung).epochs
        inner = nested.folds[one.fold].inner
        rows = sum(len(train) + 2 * len(validation) for train, validation in inner)
        passes += epochs * rows * len(one.seeds)
    return passes * multiply_adds(nested.base)


def _words(
    nested: NestedRows,
    chosen: Sequence[FoldResult],
    taken: Sequence[FoldResult],
    found: Sequence[FoldResult],
    rates: Sequence[float],
) -> str:
    """What was done, and what came of it for the network that is delivered and for the folds."""
    layers = trained_layers(nested.base)
    num_weights = sum(layer.count_params() for layer in layers)
    epochs = nested.recipe_of(found[0].candidate.rung).epochs
    done = (
        f"Fine-tuning went on from there: the last block of {nested.base.name} ({layers[0].name} to {layers[-1].name}, "
        f"{num_weights:,} weights; batch normalisations stay as they are) and the head, {epochs} epochs at a learning "
        f"rate that falls from {' or '.join(f'{rate:g}' for rate in rates)} to 0, on photos "
        "mirrored and moved at random."
    )
    outer = sum(one.candidate.rung.is_tuned for one in taken[:-1])
    folds = f"{outer} of {len(taken) - 1} outer folds took it"
    of_final = [one.loss for one in found if one.fold == nested.final]
    if not of_final:
        return f"{done} {folds}; the network of all working rows stands on no base."
    before, after = chosen[nested.final].loss, min(of_final)
    if taken[nested.final].candidate.rung.is_tuned:
        rate = taken[nested.final].candidate.regularisation.learning_rate
        return f"{done} The inner loss fell from {before:.3g} to {after:.3g} (at {rate:g}), so it is taken; {folds}."
    return f"{done} The inner loss was {after:.3g}, no better than {before:.3g} before: the base stays frozen; {folds}."
