"""Input arrays as plain facts: their kind, their scale, what is missing, constant or there twice.

Missing and infinite entries are counted in all rows. Scales are measured on rows at equal distances, so that a large
array costs no more than a small one.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from tenfold.checks.facts import InputFacts, LayerFacts, ModelFacts

__all__ = ["count_missing", "input_facts", "spread_rows"]

_MOST_ENTRIES = 1_000_000
"""Entries that scales are measured on: a mean is then known to a thousandth of a standard deviation."""

_MOST_FEATURES = 300
"""Features among which equal ones are sought."""

_SCALERS = frozenset(
    {
        "BatchNormalization", "CategoryEncoding", "Discretization", "GroupNormalization", "Hashing", "IntegerLookup",
        "LayerNormalization", "Normalization", "RMSNormalization", "Rescaling", "StringLookup",
        "TextVectorization", "UnitNormalization",
    }
)  # fmt: skip
"""Layers after which the scale of the inputs no longer matters."""


_COMPARING = frozenset({"Equal", "Greater", "GreaterEqual", "Less", "LessEqual", "NotEqual"})


def input_facts(
    name: str,
    values: np.ndarray,
    model: ModelFacts | None,
    *,
    is_single: bool = True,
    most_entries: int = _MOST_ENTRIES,
) -> InputFacts:
    """One input array as facts.

    Args:
        name: Name of the input; with a model, that of its input layer.
        values: The array; leading axis `row`.
        model: The model that reads it, as far as it is known.
        is_single: Whether the model has no other input.
        most_entries: Entries that scales are measured on.
    """
    rows = spread_rows(values, most_entries)
    scale = _scale(rows)
    num_missing, num_infinite = count_missing(values)
    readers = [] if model is None else _readers(model, name, is_single=is_single)
    embeddings = _embeddings(readers, values)
    kind = "tokens" if _are_tokens(rows, embeddings) else _kind(values)
    is_table = kind == "table"
    vocabulary = _vocabulary(embeddings)
    num_unknown, num_cut = _count_unread(values, vocabulary)
    return InputFacts(
        name=name,
        kind=kind,
        shape=tuple(values.shape[1:]),
        minimum=scale.minimum,
        maximum=scale.maximum,
        mean=scale.mean,
        std=scale.std,
        means=tuple(map(float, scale.means)),
        stds=tuple(map(float, scale.stds)),
        num_missing=num_missing,
        num_infinite=num_infinite,
        constant=_constant(values, scale.stds) if is_table else (),
        twins=_twins(values, rows, scale.stds) if is_table else (),
        is_scaled_inside=bool(readers) and all(layer.kind in _SCALERS or not layer.is_known for layer in readers),
        vocabulary=vocabulary,
        num_unknown=num_unknown,
        num_cut=num_cut,
    )


def spread_rows(values: np.ndarray, most_entries: int) -> np.ndarray:
    """Rows at equal distances, as many as stay below a number of entries."""
    row_size = max(1, int(np.prod(values.shape[1:])))
    most_rows = max(1, most_entries // row_size)
    return values[:: -(-len(values) // most_rows)] if len(values) > most_rows else values


def _readers(model: ModelFacts, name: str, *, is_single: bool) -> list[LayerFacts]:
    """The first layers behind an input that scale it, weigh it or cannot be looked into."""
    layers = {layer.name: layer for layer in model.layers}
    starts = {one.name for one in model.layers if one.kind == "InputLayer" and (one.name == name or is_single)}
    found: dict[str, LayerFacts] = {}
    waiting = list(_takers(layers.values(), starts)) or [one for one in model.layers[:1] if not one.sources]
    while waiting:
        layer = waiting.pop()
        if layer.kind in _SCALERS or layer.kernel is not None or not layer.is_known or _rescales(layer):
            found[layer.name] = layer
        else:
            waiting += [one for one in _takers(layers.values(), {layer.name}) if one.name not in found]
    return list(found.values())


def _takers(layers: Iterable[LayerFacts], names: set[str]) -> list[LayerFacts]:
    """Layers that take the answers of some; comparisons are left out: what they answer is a mask."""
    return [layer for layer in layers if names.intersection(layer.sources) and layer.kind not in _COMPARING]


def _rescales(layer: LayerFacts) -> bool:
    return layer.kind in ("TrueDivide", "Divide", "Multiply", "Log", "Log1p")


def _embeddings(readers: Sequence[LayerFacts], values: np.ndarray) -> list[LayerFacts]:
    """The readers, if each looks the entries up: embeddings, and of whole numbers also dense layers over bags."""
    looks_up = {"Embedding", "BagDense"} if values.dtype.kind in "iu" else {"Embedding"}
    return list(readers) if all(layer.kind in looks_up for layer in readers) else []


def _are_tokens(rows: np.ndarray, embeddings: Sequence[LayerFacts]) -> bool:
    return bool(embeddings) and bool(np.all(rows >= 0) and np.all(rows == np.floor(rows)))


def _vocabulary(embeddings: Sequence[LayerFacts]) -> int:
    """Rows of the smallest of them; 0 without."""
    return min((one.kernel.fan_in for one in embeddings if one.kernel is not None), default=0)


def _count_unread(values: np.ndarray, vocabulary: int) -> tuple[int, int]:
    """How many entries are no row of the embedding, and how many have a fraction."""
    if not vocabulary or values.dtype.kind not in "biuf":
        return 0, 0
    unknown = int(np.count_nonzero((values < 0) | (values >= vocabulary)))
    return unknown, int(np.count_nonzero(values % 1)) if values.dtype.kind == "f" else 0


def _kind(values: np.ndarray) -> str:
    return {2: "table", 3: "sequence", 4: "image"}.get(values.ndim, "table" if values.ndim == 1 else "other")


class _Scale(NamedTuple):
    """Moments of the finite entries, over all and for each entry of the last axis."""

    minimum: float
    maximum: float
    mean: float
    std: float
    means: np.ndarray
    stds: np.ndarray


def _scale(rows: np.ndarray) -> _Scale:
    flat = rows.reshape(-1, rows.shape[-1] if rows.ndim > 1 else 1).astype(np.float64)
    is_number = np.isfinite(flat)
    if not is_number.any():
        return _Scale(0.0, 0.0, 0.0, 0.0, np.zeros(flat.shape[1]), np.zeros(flat.shape[1]))
    counts = np.maximum(is_number.sum(axis=0), 1)
    means = np.where(is_number, flat, 0.0).sum(axis=0) / counts
    variances = (np.where(is_number, flat - means, 0.0) ** 2).sum(axis=0) / counts
    mean = float(np.average(means, weights=counts))
    variance = float(np.average(variances + (means - mean) ** 2, weights=counts))
    found = flat[is_number]
    return _Scale(float(found.min()), float(found.max()), mean, variance**0.5, means, np.sqrt(variances))


def count_missing(values: np.ndarray) -> tuple[int, int]:
    """How many entries are NaN and how many infinite, in all rows."""
    if values.dtype.kind != "f":
        return 0, 0
    with np.errstate(over="ignore", invalid="ignore"):  # a sum that overflows only has the entries looked at
        if np.isfinite(values.sum()):
            return 0, 0
    return int(np.isnan(values).sum()), int(np.isinf(values).sum())


def _constant(values: np.ndarray, stds: np.ndarray) -> tuple[int, ...]:
    """Features that never change; those that do not in the rows looked at are looked at in all."""
    columns = values.reshape(len(values), -1)
    still = [place for place, std in enumerate(stds) if std == 0]
    return tuple(place for place in still if np.all(columns[:, place] == columns[0, place]))


def _twins(values: np.ndarray, rows: np.ndarray, stds: np.ndarray) -> tuple[tuple[int, int], ...]:
    """Pairs of features that are equal in every row; constant ones are told as such."""
    whole, seen = values.reshape(len(values), -1), rows.reshape(len(rows), -1)
    first_with: dict[bytes, int] = {}
    found = []
    for place in range(min(whole.shape[1], _MOST_FEATURES)):
        if stds[place] == 0:
            continue
        earlier = first_with.setdefault(np.ascontiguousarray(seen[:, place]).tobytes(), place)
        if earlier != place and np.array_equal(whole[:, earlier], whole[:, place]):
            found.append((earlier, place))
    return tuple(found)
