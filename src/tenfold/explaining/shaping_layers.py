"""Formulas of layers without weights, and of batch normalisation and embeddings: pooling, another shape, dropout."""

import numpy as np

from tenfold.explaining.passing_through import activate, activate_back, letters
from tenfold.explaining.sliding import Sliding
from tenfold.explaining.worksheet import Draft
from tenfold.scratch.normalization import BatchNormalization
from tenfold.scratch.pooling import AveragePooling, GlobalMaxPooling, MaxPooling
from tenfold.scratch.shaping import ActivationLayer
from tenfold.scratch.tracing import LayerTrace

__all__ = [
    "activation_back", "activation_forward", "average_back", "average_forward", "dropout_back", "dropout_forward",
    "embedding_back", "embedding_forward", "global_back", "global_forward", "max_back", "max_forward",
    "normalization_back", "normalization_forward", "reshape_back", "reshape_forward",
]  # fmt: skip

_BY_INPUT = "slope by the inputs: what arrives at the layer before"


def max_forward(draft: Draft, layer: LayerTrace, settings: MaxPooling) -> None:
    """The largest number in each window."""
    at = Sliding(settings.windows, layer.input_shape[:-1])
    formula = f"a[{at.places}, c] = max(x[{at.seen}, c])"
    draft.add("a", layer.outputs[0], formula, what="output: the largest number in the window", sizes=at.sizes)
    what = "which cell of the window won, counted from 0; among equals the first"
    draft.add("winner", layer.inside["winner"][0], what=what)


def max_back(draft: Draft, layer: LayerTrace, settings: MaxPooling) -> None:
    """The slope goes to the winner alone."""
    if layer.input_slope is not None:
        at = Sliding(settings.windows, layer.input_shape[:-1])
        formula = f"g_x[{at.pixels}, c] = g[{at.seeing}, c] * (winner[{at.seeing}, c] == {at.number})"
        told = "slope by the inputs: the winner of a window gets all of it, the others nothing"
        draft.add("g_x", layer.input_slope[0], formula, what=told, slope_of="x", sizes=at.sizes)


def average_forward(draft: Draft, layer: LayerTrace, settings: AveragePooling) -> None:
    """The mean of each window."""
    at = Sliding(settings.windows, layer.input_shape[:-1])
    draft.add("share", 1 / layer.inside["count"][0], what="1 / number of the window's cells inside the picture")
    formula = f"a[{at.places}, c] = x[{at.seen}, c] * share[{at.places}, c]"
    draft.add("a", layer.outputs[0], formula, what="output: mean of the window", sizes=at.sizes)


def average_back(draft: Draft, layer: LayerTrace, settings: AveragePooling) -> None:
    """Each cell of a window gets its share of the slope."""
    if layer.input_slope is not None:
        at = Sliding(settings.windows, layer.input_shape[:-1])
        formula = f"g_x[{at.pixels}, c] = g[{at.seeing}, c] * share[{at.seeing}, c]"
        draft.add("g_x", layer.input_slope[0], formula, what=_BY_INPUT, slope_of="x", sizes=at.sizes)


def global_forward(draft: Draft, layer: LayerTrace, settings: object) -> None:
    """One number for each channel: the mean, or the largest."""
    axes = letters(layer.inputs.ndim - 1, "c")
    if isinstance(settings, GlobalMaxPooling):
        draft.add("a", layer.outputs[0], f"a[c] = max(x[{axes}])", what="output: the largest of all places")
        wins = layer.inside["wins"][0]
        wins = wins / wins.sum(axis=tuple(range(wins.ndim - 1)))
        draft.add("wins", wins, what="1 where a place is the largest (equals share it), else 0")
    else:
        draft.add(
            "a", layer.outputs[0], f"a[c] = n1 * x[{axes}]", what="output: mean of all places", numbers=_n1(layer)
        )


def global_back(draft: Draft, layer: LayerTrace, settings: object) -> None:
    """To the winner, or to all places alike."""
    if layer.input_slope is not None:
        axes = letters(layer.inputs.ndim - 1, "c")
        is_max = isinstance(settings, GlobalMaxPooling)
        formula = f"g_x[{axes}] = g[c] * wins[{axes}]" if is_max else f"g_x[{axes}] = n1 * g[c]"
        draft.add("g_x", layer.input_slope[0], formula, what=_BY_INPUT, slope_of="x", numbers=_n1(layer))


def reshape_forward(draft: Draft, layer: LayerTrace, settings: object) -> None:  # noqa: ARG001  # nothing to set
    """The same numbers in another shape."""
    axes = letters(layer.outputs.ndim - 1)
    draft.add("a", layer.outputs[0], f"a[{axes}] = same(x)", what="output: the same numbers in another shape")


def reshape_back(draft: Draft, layer: LayerTrace, settings: object) -> None:  # noqa: ARG001  # nothing to set
    """The same slopes in the old shape."""
    if layer.input_slope is not None:
        axes = letters(layer.inputs.ndim - 1)
        draft.add("g_x", layer.input_slope[0], f"g_x[{axes}] = same(g)", what=_BY_INPUT, slope_of="x")


def activation_forward(draft: Draft, layer: LayerTrace, settings: ActivationLayer) -> None:
    """A = f(x)."""
    activate(draft, settings.activation, layer.outputs[0], sums="x")


def activation_back(draft: Draft, layer: LayerTrace, settings: ActivationLayer) -> None:
    """∂L/∂x = g f'(x)."""
    if layer.input_slope is not None:
        activate_back(draft, settings.activation, layer.input_slope[0], sums="x")
        draft.names["g_x"] = draft.names["delta"]


def dropout_forward(draft: Draft, layer: LayerTrace, settings: object) -> None:  # noqa: ARG001  # no draw outside training
    """Outside training everything passes."""
    axes = letters(layer.inputs.ndim - 1)
    draft.add("a", layer.outputs[0], f"a[{axes}] = x[{axes}]", what="output: outside training nothing is dropped")


def dropout_back(draft: Draft, layer: LayerTrace, settings: object) -> None:  # noqa: ARG001  # no draw outside training
    """Outside training the slope passes as it is."""
    if layer.input_slope is not None:
        axes = letters(layer.inputs.ndim - 1)
        draft.add("g_x", layer.input_slope[0], f"g_x[{axes}] = g[{axes}]", what=_BY_INPUT, slope_of="x")


def embedding_forward(draft: Draft, layer: LayerTrace, settings: object) -> None:  # noqa: ARG001  # all in its table
    """Each word is replaced by its line of the table."""
    axes = letters(layer.inputs.ndim, "").removesuffix(", ")
    what = "table: a line of numbers for each word"
    draft.add("E", layer.weights["embeddings"], what=what, is_weight=True)
    draft.add("a", layer.outputs[0], f"a[{axes}, j] = E[x[{axes}], j]", what="output: each word's line of the table")


def embedding_back(draft: Draft, layer: LayerTrace, settings: object) -> None:  # noqa: ARG001  # all in its table
    """A line collects from every place where its word stands; the other lines get 0."""
    axes = letters(layer.inputs.ndim, "").removesuffix(", ")
    told = "slope by the table: summed over the places of the word; 0 where it was not looked up"
    slopes = layer.weight_slopes["embeddings"]
    draft.add("g_E", slopes, f"g_E[w, j] = g[{axes}, j] * (x[{axes}] == w)", what=told, slope_of="E")


def normalization_forward(draft: Draft, layer: LayerTrace, settings: BatchNormalization) -> None:
    """N = (x - μ) / √(v + ε); a = γ n + β, with the moving averages."""
    axes = letters(layer.inputs.ndim - 1, "c")
    mean, variance = layer.inside["mean"], layer.inside["variance"]
    draft.add("mu", mean, what="moving mean of each channel", symbol="μ")
    draft.add("v", variance, what="moving variance of each channel")
    epsilon = {"epsilon": ("ε", settings.epsilon)}
    scale = 1 / np.sqrt(variance + settings.epsilon)
    draft.add("s", scale, "s[c] = one_over_root(v[c], epsilon)", what="1 / √(v + ε)", numbers=epsilon)
    normalized, formula = layer.inside["normalized"][0], f"n[{axes}] = x[{axes}] * s[c] - mu[c] * s[c]"
    draft.add("n", normalized, formula, what="input with mean 0 and variance 1")
    has_gamma, has_beta = "gamma" in layer.weights, "beta" in layer.weights
    if has_gamma:
        draft.add("gamma", layer.weights["gamma"], what="scale of each channel", symbol="γ", is_weight=True)
    if has_beta:
        draft.add("beta", layer.weights["beta"], what="shift of each channel", symbol="β", is_weight=True)
    formula = f"a[{axes}] = n[{axes}]" + " * gamma[c]" * has_gamma + " + beta[c]" * has_beta
    draft.add("a", layer.outputs[0], formula, what="output: scaled and shifted")


def normalization_back(draft: Draft, layer: LayerTrace, settings: BatchNormalization) -> None:  # noqa: ARG001  # written
    """∂L/∂γ = Σ g n; ∂L/∂β = Σ g; ∂L/∂x = g γ / √(v + ε): the moving averages are constants here."""
    axes = letters(layer.inputs.ndim - 1, "c")
    if "gamma" in layer.weights:
        slopes = layer.weight_slopes["gamma"]
        draft.add("g_gamma", slopes, f"g_gamma[c] = g[{axes}] * n[{axes}]", what="slope by the scale", slope_of="gamma")
    if "beta" in layer.weights:
        slopes = layer.weight_slopes["beta"]
        draft.add("g_beta", slopes, f"g_beta[c] = g[{axes}]", what="slope by the shift", slope_of="beta")
    if layer.input_slope is not None:
        formula = f"g_x[{axes}] = g[{axes}] * s[c]" + " * gamma[c]" * ("gamma" in layer.weights)
        draft.add("g_x", layer.input_slope[0], formula, what=_BY_INPUT, slope_of="x")


def _n1(layer: LayerTrace) -> dict[str, tuple[str, float]]:
    return {"n1": ("1/n", 1 / int(np.prod(layer.input_shape[:-1])))}
