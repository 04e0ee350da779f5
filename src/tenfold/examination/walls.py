"""Where the loss of each output is cut off, written into the facts that the checks read."""

from dataclasses import replace

import keras

from tenfold.checks.facts import ModelFacts, OutputFacts
from tenfold.precision.walls import LOSSES, MIXED, wall

__all__ = ["with_walls"]


def with_walls(facts: ModelFacts) -> ModelFacts:
    """The facts, with the wall of each output whose loss reads probabilities."""
    return replace(facts, outputs=tuple(_with_wall(output) for output in facts.outputs))


def _with_wall(output: OutputFacts) -> OutputFacts:
    if output.loss not in LOSSES or output.from_logits:
        return output
    found = wall(_format(output.dtype), output.loss, epsilon=keras.config.epsilon())
    return replace(output, wall=(found.lower, found.upper))


def _format(dtype: str) -> str:
    """The format that the loss is computed in: probabilities of 16 bits are cast to `floatx` first."""
    mixed = next((policy for policy, half in MIXED.items() if half == dtype), dtype)
    return mixed if keras.config.floatx() == "float32" else dtype
