"""What nested training leaves behind, as plain numbers: candidates, what they scored, what it took.

A result keeps no program and no Keras object, so that it can be written down and read again by a run that continues.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace

import numpy as np
from jaxtyping import Float, Int

from tenfold.engine.population import PopulationResult
from tenfold.measures.measure import Prediction
from tenfold.networks.ladder import Rung
from tenfold.networks.recipes import Regularisation

__all__ = ["FREE", "Candidate", "FoldResult", "Members", "Tally", "best_of_each_fold", "with_numbers_of_others"]

FREE = Regularisation()


@dataclass(frozen=True)
class Candidate:
    """What may be chosen: a size and what holds it back.

    Args:
        rung: Size of the network.
        regularisation: Dropout, L2, learning rate.
        trial: 0 for the free network of the ladder, else the number of the trial.
    """

    rung: Rung
    regularisation: Regularisation = FREE
    trial: int = 0


@dataclass(frozen=True)
class Tally:
    """How much was trained.

    Args:
        num_members: Networks.
        num_programs: Programs compiled.
        num_stopped: Networks that stopped early.
        num_nonfinite: Networks frozen at a loss that was not finite.
        compile_seconds: Spent on compiling.
    """

    num_members: int = 0
    num_programs: int = 0
    num_stopped: int = 0
    num_nonfinite: int = 0
    compile_seconds: float = 0.0

    @classmethod
    def of(cls, population: PopulationResult) -> "Tally":
        """The tally of one population."""
        outcomes = population.outcomes
        return cls(
            len(outcomes),
            population.num_programs,
            outcomes.count("stopped_early"),
            outcomes.count("nonfinite_loss"),
            population.compile_seconds,
        )

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True)
class Members:
    """Trained members of one candidate, by inner fold, then by seed.

    Args:
        weights: In the order of `Model.get_weights`, each with a leading axis `member`.
        history: Name of a loss to its values, an epoch a column; NaN after a member stopped.
        epochs_trained: Of each member.
        best_epochs: Epoch whose weights are kept, counted from 0.
        outcomes: How each ended.
    """

    weights: tuple[np.ndarray, ...] = field(repr=False)
    history: dict[str, Float[np.ndarray, "member epoch"]] = field(repr=False)
    epochs_trained: Int[np.ndarray, " member"]
    best_epochs: Int[np.ndarray, " member"]
    outcomes: tuple[str, ...]

    @classmethod
    def of(cls, population: PopulationResult, numbers: Int[np.ndarray, " member"], losses: Sequence[str]) -> "Members":
        """Some members of a population.

        Args:
            population: That was trained.
            numbers: Positions of the members to keep.
            losses: Names of the histories to keep.
        """
        states, network = population.states, population.network
        return cls(
            tuple(np.asarray(leaf)[numbers] for leaf in network.in_order_of_weights(states.trainable, states.frozen)),
            {name: population.history[name][numbers] for name in losses},
            population.epochs_trained[numbers],
            population.best_epochs[numbers],
            tuple(population.outcomes[number] for number in numbers),
        )


@dataclass(frozen=True)
class FoldResult:
    """One candidate on one outer fold.

    Args:
        candidate: What was trained.
        fold: Position of the outer fold among `NestedRows.folds`.
        seeds: Seeds of its members.
        losses: Inner loss at each member's best epoch, lower is better; infinite where a member was not finite.
        best_epochs: Epochs of training up to that loss, at least 1.
        predictions: For the outer rows, a row of answers a seed: the mean over the inner folds' members, as numbers in
            the target's unit or probabilities. None where there are no outer rows, and of a trial that was not chosen.
        inner_predictions: For each inner fold the answers for its validation rows, the mean over the seeds, alike.
        members: The members themselves; kept for the fold of all working rows, and there for the candidate with the
            lowest loss of those trained together. Of heads on a frozen base, which are small, kept for every fold.
        seconds: Time that its members' training took, compilation not counted.
        before: Whose weights its members began with; None where they began anew.
    """

    candidate: Candidate
    fold: int
    seeds: tuple[int, ...]
    losses: Float[np.ndarray, "inner seed"]
    best_epochs: Int[np.ndarray, "inner seed"]
    predictions: tuple[Prediction, ...] | None = None
    inner_predictions: tuple[Prediction, ...] = field(default=(), repr=False)
    members: Members | None = field(default=None, repr=False)
    seconds: float = float("nan")
    before: "FoldResult | None" = field(default=None, repr=False)

    @property
    def loss(self) -> float:
        """What the inner folds choose by: the mean over inner folds and seeds."""
        return float(self.losses.mean())

    @property
    def numbers(self) -> "FoldResult":
        """The same without what is a size per row or weight, which is all that many results would fill memory with."""
        return replace(self, predictions=None, inner_predictions=(), members=None)


def best_of_each_fold(results: Iterable[FoldResult]) -> dict[int, FoldResult]:
    """The result with the lowest inner loss of each fold; of equal ones the first, which is the smaller and freer."""
    best = dict[int, FoldResult]()
    for one in results:
        if one.fold not in best or one.loss < best[one.fold].loss:
            best[one.fold] = one
    return best


def with_numbers_of_others(results: Iterable[FoldResult], best: Mapping[int, FoldResult]) -> list[FoldResult]:
    """The same results, of which only the best keep answers and members.

    Args:
        results: Of any folds.
        best: The best of each fold, which need not be among them.
    """
    return [one if one is best[one.fold] else one.numbers for one in results]
