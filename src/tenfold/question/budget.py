"""How much work a run may be: quick, standard or thorough."""

from dataclasses import dataclass

from tenfold.errors import OptionError, did_you_mean
from tenfold.networks.ladder import LADDER, Rung

__all__ = ["BUDGETS", "Budget", "find_budget"]


@dataclass(frozen=True)
class Budget:
    """What a run tries.

    Args:
        name: As typed.
        num_repeats: How often folds are dealt anew where rows are very few.
        num_seeds: Seeds of each member where they are not.
        ladder: Sizes, smallest first; how far it is climbed depends on the rows (`capacity.choose_ladder`).
        num_trials: Trials of dropout, weight decay and learning rate.
        num_contenders: Architectures that the trials are dealt to (`networks.ladder.choose_contenders`).
        is_wide: Whether the trials are of penalties and label smoothing too.
        photo_side: Pixels of a side that photos are brought to.
        photo_trials: Trials where photos are read.
        photo_rates: Learning rates of fine-tuning, where photos are read with trained weights; none keeps them frozen.
        photo_work: Multiplications, in billions, that fine-tuning may take.
        photo_inner_folds: Inner folds where photos are read, whose networks take longest; 1 is an inner hold-out.
    """

    name: str
    num_repeats: int
    num_seeds: int
    ladder: tuple[Rung, ...]
    num_trials: int
    num_contenders: int
    is_wide: bool = False
    photo_side: int = 64
    photo_trials: int = 4
    photo_inner_folds: int = 2
    photo_rates: tuple[float, ...] = ()
    photo_work: float = 0.0


BUDGETS = (
    Budget("quick", 1, 1, (LADDER[0], LADDER[2]), 4, 1, photo_side=48, photo_trials=2, photo_inner_folds=1),
    Budget("standard", 2, 1, (LADDER[0], LADDER[2], LADDER[3]), 8, 2, photo_rates=(1e-4,), photo_work=2_000),
    Budget(
        "thorough",
        3,
        3,
        LADDER,
        32,
        9,
        is_wide=True,
        photo_side=96,
        photo_trials=12,
        photo_inner_folds=3,
        photo_rates=(1e-4, 1e-5),
        photo_work=50_000,
    ),
)
"""Chosen so that 1,000 rows take about half a minute, a minute and tens of minutes on two cores."""


def find_budget(name: str) -> Budget:
    """The budget of a name.

    Raises:
        OptionError: No budget of this name.
    """
    known = {budget.name: budget for budget in BUDGETS}
    if name not in known:
        raise OptionError(
            "unknown_budget",
            f"`{name}` is not a budget",
            expected=f"one of {', '.join(known)}",
            hint=did_you_mean(name, known),
        )
    return known[name]
