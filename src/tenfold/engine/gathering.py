"""Rows of the data, gathered by position: from arrays with a line a row, and from values that rows look up.

Every place in the engine that takes rows out of the data takes them here.
"""

from typing import Any

import jax
import jax.numpy as jnp
from jaxtyping import Int

from tenfold.lookup import Lookup

__all__ = ["gather", "laid_out", "row_leaves", "slice_rows"]

jax.tree_util.register_dataclass(Lookup, data_fields=["source", "places"], meta_fields=["length", "meaning"])


def gather(data: Any, rows: Int[Any, " row"]) -> Any:
    """Rows of a tree of arrays on the device.

    Args:
        data: Arrays and lookups; None stays None.
        rows: Positions; those out of range become the nearest one, as padding may have them.

    Returns:
        The same tree, each leaf an array with a line a row.
    """
    return jax.tree.map(lambda leaf: _gathered(leaf, rows), data, is_leaf=_is_lookup)


def slice_rows(data: Any, rows: slice) -> Any:
    """Neighbouring rows of a tree of NumPy arrays, without a copy of them; lookups keep all their values."""

    def sliced(leaf: Any) -> Any:
        return Lookup(leaf.source, leaf.places[rows], leaf.length) if _is_lookup(leaf) else leaf[rows]

    return jax.tree.map(sliced, data, is_leaf=_is_lookup)


def laid_out(data: Any) -> Any:
    """The same tree with arrays in place of lookups: for a few rows, to build a model with."""
    return jax.tree.map(lambda leaf: leaf[:] if _is_lookup(leaf) else leaf, data, is_leaf=_is_lookup)


def row_leaves(data: Any) -> list[Any]:
    """The leaves of a tree, lookups whole: each has a `shape` that begins with the number of rows."""
    return list(jax.tree.leaves(data, is_leaf=_is_lookup))


def _is_lookup(leaf: Any) -> bool:
    return isinstance(leaf, Lookup)


def _gathered(leaf: Any, rows: Any) -> Any:
    if not _is_lookup(leaf):
        return jnp.take(leaf, rows, axis=0, mode="clip")
    lines = leaf.lines(jnp.take(leaf.places, rows, axis=0, mode="clip"))
    return jnp.take(leaf.source, lines, axis=0, mode="clip")
