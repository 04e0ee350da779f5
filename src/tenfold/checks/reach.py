"""How far each way of training came, on one scale: 0 for the best constant answer, 1 for no error at all.

A way of training is clearly better than another when it came further on the training rows and on rows not trained on,
by more than a tenth of the whole way, and with every seed: the seeds are pairs, started alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.checks.facts import Contrast, OptimizerFacts, ProbeFacts

__all__ = [
    "CLEAR_GAIN",
    "LARGER_RATES",
    "SMALLER_RATES",
    "Gain",
    "best_gain",
    "gain_of",
    "lead_of",
    "learns_in_no_way",
    "learns_nothing",
    "optimizer_cures",
    "rate_of",
    "reach",
    "reached_at_best",
]

CLEAR_GAIN = 0.1
"""A gain of this part of the way from guessing to perfect is clear, if every seed shows at least a part of it. Tuned on
the development programs."""

_CURE = 0.3
"""Part of the way that Adam must gain beyond all rates. Arbitrary: three times a clear gain."""

_EACH_SEED = 0.3
"""Part of the clear gain that every single seed must show."""


LITTLE = 0.1
"""A network that came less far than this has learnt nothing. Arbitrary."""

SMALLER_RATES = ("rate x 0.1", "rate x 0.01", "usual smaller rate")
LARGER_RATES = ("rate x 10", "rate x 100", "usual larger rate")
REMEDIES = (
    SMALLER_RATES,
    LARGER_RATES,
    ("longer",),
    ("scaled inputs",),
    ("scaled targets",),
    ("no dropout",),
    ("adam",),
    ("fused",),
)
"""Ways of training that cure the same kind of fault stand together. What helps most is nearest to the cause: a smaller
rate also helps a little on unscaled inputs, scaled inputs help much."""


@dataclass(frozen=True)
class Gain:
    """How much further a way of training came than the user's own.

    Attributes:
        name: The way.
        trained: Further on training rows, mean over seeds; from -1 to 1 for most.
        held_out: Further on rows not trained on.
        least: The least of both over seeds.
        from_reach: Where the user's own training came, on rows not trained on.
        to_reach: Where this one came.
    """

    name: str
    trained: float
    held_out: float
    least: float
    from_reach: float
    to_reach: float

    @property
    def size(self) -> float:
        """The smaller of both gains."""
        return min(self.trained, self.held_out)

    @property
    def is_clear(self) -> bool:
        """Whether it is beyond what seeds do."""
        return self.size >= CLEAR_GAIN and self.least >= _EACH_SEED * CLEAR_GAIN


def reach(error: np.ndarray, guess: float) -> np.ndarray:
    """Part of the guess's error that is taken away; -1 at least, also where the training was not finite.

    Args:
        error: Errors as in `Contrast.error`.
        guess: Error of the best constant answer.
    """
    came = 1 - np.asarray(error, float) / max(guess, 1e-12)
    return np.clip(np.nan_to_num(came, nan=-1.0), -1.0, 1.0)


def gain_of(probe: ProbeFacts, name: str) -> Gain | None:
    """How much further a way came; None where it was not tried."""
    other, own = probe.contrast(name), probe.as_it_is
    if other is None:
        return None
    trained = _ahead(probe, other.error, own.error)
    has_held_out = not np.isnan(own.validation_error[own.is_finite]).all() if own.is_finite.any() else True
    held_out = _ahead(probe, other.validation_error, own.validation_error) if has_held_out else trained
    return Gain(
        name, float(trained.mean()), float(held_out.mean()), float(min(trained.min(), held_out.min())),
        float(_came(probe, own).mean()), float(_came(probe, other).mean()),
    )  # fmt: skip


def best_gain(probe: ProbeFacts, *names: str) -> Gain | None:
    """The way that came furthest beyond the user's own, of those that were tried."""
    gains = [gain for name in names if (gain := gain_of(probe, name)) is not None]
    return max(gains, key=lambda gain: gain.size, default=None)


def lead_of(probe: ProbeFacts, *names: str, beside: Sequence[str] = ()) -> float:
    """How much more these ways gain than the best of all other remedies; below 0 where another one gains more.

    Args:
        probe: The trainings.
        names: The ways.
        beside: Ways of remedies that are no rivals of theirs.
    """
    own, left_out = best_gain(probe, *names), {*names, *beside}
    others = [gain for group in REMEDIES if not set(group) & left_out if (gain := best_gain(probe, *group))]
    return (own.size if own else 0.0) - max((gain.size for gain in others), default=0.0)


def rate_of(optimizer: OptimizerFacts, way: str) -> float:
    """The learning rate of a way of training: the user's own times a factor, or the usual one."""
    if way.startswith("usual"):
        return optimizer.default_learning_rate or optimizer.learning_rate
    return float(f"{optimizer.learning_rate * float(way.removeprefix('rate x ')):.6g}")


def optimizer_cures(probe: ProbeFacts) -> bool:
    """Whether Adam cures what no learning rate of the user's own optimizer does: then the units were not the cause."""
    gain, rates = gain_of(probe, "adam"), best_gain(probe, *SMALLER_RATES, *LARGER_RATES)
    ahead = gain.size - max(rates.size if rates is not None else 0.0, 0.0) if gain is not None else 0.0
    return gain is not None and gain.is_clear and ahead >= _CURE


def learns_in_no_way(probe: ProbeFacts) -> bool:
    """Whether no way of training that was tried comes clearly beyond guessing."""
    return learns_nothing(probe) and reached_at_best(probe) < LITTLE + CLEAR_GAIN


def learns_nothing(probe: ProbeFacts) -> bool:
    """Whether the user's own training ends about where guessing does."""
    return float(reach(probe.as_it_is.error, probe.guess_error).mean()) < LITTLE


def reached_at_best(probe: ProbeFacts) -> float:
    """How far the network came on its training rows in the best way that was tried, mean over seeds."""
    return max(float(reach(one.error, probe.guess_error).mean()) for one in probe.contrasts.values())


def _ahead(probe: ProbeFacts, other: np.ndarray, own: np.ndarray) -> np.ndarray:
    return np.asarray(reach(other, probe.guess_error) - reach(own, probe.guess_error))


def _came(probe: ProbeFacts, one: Contrast) -> np.ndarray:
    """Where a way came on held-out rows, or on its own rows where none were held out."""
    errors = one.error if np.isnan(one.validation_error).all() else one.validation_error
    return reach(errors, probe.guess_error)
