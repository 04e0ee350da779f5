"""Loss and metrics of many members on rows that none of them was trained or validated on."""

from collections.abc import Sequence
from typing import Any

import jax
import numpy as np
from jaxtyping import Int

from tenfold.engine.gathering import gather
from tenfold.engine.network import Batch, Network, State

__all__ = ["evaluate_members"]

_ROWS_AT_A_TIME = 256
"""Rows of one forward pass. Arbitrary: bounds the memory of activations."""


def evaluate_members(
    network: Network, states: State, data: Batch, rows: Int[np.ndarray, " row"]
) -> dict[str, np.ndarray]:
    """What `Model.evaluate` says of each member on the same rows.

    Args:
        network: The model, with the members' own numbers inside.
        states: The members' states, with a leading member axis.
        data: The whole data as NumPy arrays.
        rows: Positions of the rows to evaluate on, at least one.

    Returns:
        Metrics by Keras' own names, `loss` first, each with a leading member axis.
    """
    size = min(_ROWS_AT_A_TIME, len(rows))
    whole = len(rows) - len(rows) % size
    names: list[str] = []  # in Keras' order, which JAX would sort

    def of_member(state: State, data: Batch, lines: Any, rest: Any) -> list[Any]:
        def step(carry: tuple[State, list[Any]], own: Any) -> tuple[tuple[State, list[Any]], None]:
            batch = gather(data, own)
            return network.validation_step(*carry, {}, batch), None

        carry, _ = jax.lax.scan(step, (state, list(network.metric_start)), lines)
        if len(rest):
            carry, _ = step(carry, rest)
        results = network.results(carry[1])
        names[:] = results
        return list(results.values())

    def of_all(states: State, data: Batch, lines: Any, rest: Any) -> Any:
        return jax.lax.map(lambda state: of_member(state, data, lines, rest), states)

    lines, rest = np.asarray(rows[:whole], np.int32).reshape(-1, size), np.asarray(rows[whole:], np.int32)
    found: Sequence[Any] = jax.jit(of_all)(states, data, lines, rest)
    return dict(zip(names, (np.asarray(values) for values in found), strict=True))
