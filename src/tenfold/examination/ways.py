"""The ways in which a probe trains a network: as its user does, and with one thing changed at a time.

What differs is data or a setting (a learning rate, the scale of inputs or targets, the number of epochs), so all ways
are members of one population and one compiled program trains them. With the same seed they start at the same weights
and see the rows in the same order: what differs in the result comes from what was changed.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from tenfold.checks.facts import DataFacts, InputFacts, ModelFacts, OptimizerFacts, TargetFacts
from tenfold.engine.settings import LEARNING_RATE, find_settings

__all__ = ["START", "Blocks", "Way", "choose_ways", "dropout_rates"]

START = "start"
"""The way that does not move: its first epoch shows the untrained network."""

_RATES = (0.01, 0.1, 10.0, 100.0)
"""Factors of the learning rate. Two orders each way: beyond, a rate is out of range by itself (TF107)."""

_MUCH_DROPOUT = 0.3
"""Rates of dropout from which it is worth seeing what the network does without."""

_IS_STANDARD = 0.3
"""Inputs whose means are within this of 0 and whose spreads are within it of 1 need no scaling."""


@dataclass(frozen=True)
class Way:
    """One way of training.

    Attributes:
        name: As in `ProbeFacts.contrasts`.
        scales_inputs: Whether inputs are standardised.
        scales_targets: Whether targets are.
        rate: Factor of the learning rate.
        is_longer: Whether it trains several times as long.
        drops: Whether dropout acts.
    """

    name: str
    scales_inputs: bool = False
    scales_targets: bool = False
    rate: float = 1.0
    is_longer: bool = False
    drops: bool = True


def choose_ways(network: Any, model: ModelFacts, data: DataFacts) -> list[Way]:
    """The ways worth trying.

    Args:
        network: The engine's network.
        model: The model.
        data: The data.
    """
    ways = [Way("as it is"), Way("longer", is_longer=True)]
    if LEARNING_RATE in find_settings(network.model):
        ways += [Way(START, rate=0.0), *(Way(f"rate x {factor:g}", rate=factor) for factor in _RATES)]
        ways += _usual_rate(model.optimizer)
    if any((layer.rate or 0) >= _MUCH_DROPOUT for layer in model.layers) and dropout_rates(network.model):
        ways.append(Way("no dropout", drops=False))
    inputs = any(_needs_scaling(one) for one in data.inputs)
    reads_classes = any(one.loss.endswith("crossentropy") for one in model.outputs)
    targets = not reads_classes and any(_is_number(one) and not _is_standard(one.mean, one.std) for one in data.targets)
    if inputs:
        ways.append(Way("scaled inputs", scales_inputs=True))
    if targets:
        ways.append(Way("scaled targets", scales_targets=True))
    if inputs and targets:
        ways.append(Way("scaled inputs and targets", scales_inputs=True, scales_targets=True))
    return ways


def _usual_rate(optimizer: OptimizerFacts) -> list[Way]:
    """Keras' default rate, where the user's own is so far from it that no factor leads there."""
    if not optimizer.default_learning_rate or optimizer.learning_rate <= 0:
        return []
    factor = optimizer.default_learning_rate / optimizer.learning_rate
    if min(_RATES) <= factor <= max(_RATES):
        return []
    return [Way("usual larger rate" if factor > 1 else "usual smaller rate", rate=factor)]


def dropout_rates(model: Any) -> list[str]:
    """Names of the settings that are rates of dropout."""
    dropping = {layer.name for layer in model._flatten_layers() if type(layer).__name__.endswith("Dropout")}
    return [name for name in find_settings(model) if name.endswith(".rate") and name.split(".")[0] in dropping]


def _needs_scaling(one: InputFacts) -> bool:
    if one.kind == "tokens" or one.is_scaled_inside:
        return False
    means, stds = np.array(one.means or (one.mean,)), np.array(one.stds or (one.std,))
    return not (_is_standard(float(np.abs(means).max()), float(stds[stds > 0].max(initial=1.0))))


def _is_number(target: TargetFacts) -> bool:
    return target.kind in ("number", "numbers", "sequence")


def _is_standard(mean: float, std: float) -> bool:
    return abs(mean) < _IS_STANDARD and abs(std - 1) < _IS_STANDARD


class Blocks:
    """Inputs and targets one below the other, once for each combination of scaled and unscaled that a way needs.

    Args:
        x: Inputs as a tree of NumPy arrays, training rows first, held-out rows after them.
        y: Targets likewise.
        num_train: How many rows are training rows: scales are fitted on them.
        ways: The ways.
        tokens: For each input leaf, whether it holds token numbers, which are never scaled.
    """

    def __init__(self, x: list[np.ndarray], y: list[np.ndarray], num_train: int, ways: list[Way],
                 tokens: list[bool]) -> None:  # fmt: skip
        self.combinations = sorted({(way.scales_inputs, way.scales_targets) for way in ways})
        self.num_rows = len(x[0])
        scaled_x = [leaf if is_tokens else _standardised(leaf, num_train)
                    for leaf, is_tokens in zip(x, tokens, strict=True)]  # fmt: skip
        scaled_y = [_standardised(leaf, num_train) for leaf in y] if any(c[1] for c in self.combinations) else y
        self.x = [self._stacked(raw, scaled, 0) for raw, scaled in zip(x, scaled_x, strict=True)]
        self.y = [self._stacked(raw, scaled, 1) for raw, scaled in zip(y, scaled_y, strict=True)]

    def _stacked(self, raw: np.ndarray, scaled: np.ndarray, part: int) -> np.ndarray:
        if len(self.combinations) == 1:
            return scaled if self.combinations[0][part] else raw
        return np.concatenate([scaled if one[part] else raw for one in self.combinations])

    def rows(self, way: Way, rows: np.ndarray) -> np.ndarray:
        """Where rows of the data stand for a way."""
        return rows + self.num_rows * self.combinations.index((way.scales_inputs, way.scales_targets))


def _standardised(leaf: np.ndarray, num_train: int) -> np.ndarray:
    """Each feature of the last axis with mean 0 and standard deviation 1 over the training rows; gaps become 0.

    A column of a single value stays at 0. Pictures are scaled by channel.
    """
    known = np.asarray(leaf, np.float64)
    known = np.where(np.isfinite(known), known, np.nan)
    axes = tuple(range(leaf.ndim - 1)) if leaf.ndim > 1 else 0
    train = known[:num_train]
    with np.errstate(all="ignore"):
        mean, std = np.nanmean(train, axis=axes), np.nanstd(train, axis=axes)
    scaled = (known - mean) / np.where(std > 0, std, 1.0)
    return np.asarray(np.nan_to_num(scaled), np.float32 if leaf.dtype.kind in "iub" else leaf.dtype)
