"""Predictions of many members at once, each for rows of its own."""

from collections.abc import Sequence
from typing import Any

import jax
import keras
import numpy as np

from tenfold.engine.devices import devices_for
from tenfold.engine.gathering import gather
from tenfold.engine.many_members import over_members
from tenfold.engine.network import Network, State
from tenfold.engine.rows import fill_lines

__all__ = ["predict_members"]

_ROWS_AT_A_TIME = 256
"""Rows of one forward pass. Arbitrary: bounds the memory of activations."""


def predict_members(network: Network, states: State, x: Any, rows: Sequence[np.ndarray]) -> list[Any]:
    """What each member answers for its rows.

    Args:
        network: The model.
        states: The members' states, with a leading member axis.
        x: Inputs as NumPy arrays, shared by all members.
        rows: Positions of each member's rows; may differ in number.

    Returns:
        For each member the outputs of its rows in their order, nested as the model answers.
    """
    longest = max((len(own) for own in rows), default=0)
    if longest == 0:
        return [None for _ in rows]
    size = min(_ROWS_AT_A_TIME, longest)
    steps = -(-longest // size)
    lines = fill_lines(rows, steps * size).reshape(len(rows), steps, size)
    devices = devices_for(len(rows))
    seats = np.arange(-(-len(rows) // len(devices)) * len(devices)) % len(rows)

    def one(_: Any, inputs: Any, member: tuple[State, Any]) -> Any:
        state, own = member
        return jax.lax.map(lambda batch: network.predict(state, gather(inputs, batch)), own)

    everyone = jax.tree.map(lambda leaf: leaf[seats], (states, lines))
    answers = jax.jit(over_members(one, devices, 1))(x, everyone)
    return [_own_rows(answers, member, len(own)) for member, own in enumerate(rows)]


def _own_rows(answers: Any, member: int, count: int) -> Any:
    return keras.tree.map_structure(lambda leaf: np.asarray(leaf[member]).reshape(-1, *leaf.shape[3:])[:count], answers)
