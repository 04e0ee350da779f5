"""Formulas of layers that multiply with a matrix once: dense, and convolutions with their kernel at every place."""

from tenfold.explaining.passing_through import SUM, activate, activate_back, letters
from tenfold.explaining.sliding import Sliding
from tenfold.explaining.worksheet import Draft
from tenfold.scratch.convolution import Convolution
from tenfold.scratch.dense import Dense
from tenfold.scratch.tracing import LayerTrace

__all__ = ["convolution_back", "convolution_forward", "dense_back", "dense_forward"]


def dense_forward(draft: Draft, layer: LayerTrace, settings: Dense) -> None:
    """z_j = Σ_i x_i W_ij + b_j; a = f(z)."""
    rows = letters(layer.inputs.ndim - 1, "")
    draft.add(
        "W", layer.weights["kernel"], what="weights: a row for each input, a column for each unit", is_weight=True
    )
    bias = _bias(draft, layer)
    sums = f"z[{rows}j] = x[{rows}i] * W[i, j]" + (" + b[j]" if bias else "")
    draft.add("z", layer.inside["sums"][0], sums, what=SUM)
    activate(draft, settings.activation, layer.outputs[0])


def dense_back(draft: Draft, layer: LayerTrace, settings: Dense) -> None:
    """δ = g f'(z); ∂L/∂W_ij = x_i δ_j; ∂L/∂b_j = δ_j; ∂L/∂x_i = Σ_j W_ij δ_j."""
    rows = letters(layer.inputs.ndim - 1, "")
    activate_back(draft, settings.activation, layer.inside_slopes["sums"][0])
    _weight_slopes(draft, layer, f"g_W[i, j] = x[{rows}i] * delta[{rows}j]", f"g_b[j] = delta[{rows}j]")
    if layer.input_slope is not None:
        told = "slope by the inputs: what arrives at the layer before"
        draft.add("g_x", layer.input_slope[0], f"g_x[{rows}i] = W[i, j] * delta[{rows}j]", what=told, slope_of="x")


def convolution_forward(draft: Draft, layer: LayerTrace, settings: Convolution) -> None:
    """z[p, k] = Σ_cells Σ_c x[stride · p + cell, c] K[cell, c, k] + b[k]; a = f(z)."""
    at = Sliding(settings.windows, layer.input_shape[:-1])
    what = "kernel: a small window for each channel and filter"
    draft.add("K", layer.weights["kernel"], what=what, is_weight=True)
    bias = " + b[k]" if _bias(draft, layer) else ""
    formula = f"z[{at.places}, k] = x[{at.seen}, c] * K[{at.cells}, c, k]{bias}"
    draft.add("z", layer.inside["sums"][0], formula, what=SUM)
    activate(draft, settings.activation, layer.outputs[0])


def convolution_back(draft: Draft, layer: LayerTrace, settings: Convolution) -> None:
    """δ = g f'(z); the kernel collects (what it saw) · δ from all places, an input from all windows that see it."""
    at = Sliding(settings.windows, layer.input_shape[:-1])
    activate_back(draft, settings.activation, layer.inside_slopes["sums"][0])
    _weight_slopes(
        draft,
        layer,
        f"g_K[{at.cells}, c, k] = x[{at.seen}, c] * delta[{at.places}, k]",
        f"g_b[k] = delta[{at.places}, k]",
        kernel="K",
    )
    if layer.input_slope is not None:
        formula = f"g_x[{at.pixels}, c] = K[{at.cells}, c, k] * delta[{at.seeing}, k]"
        told = "slope by the inputs: from every window that sees the place"
        draft.add("g_x", layer.input_slope[0], formula, what=told, slope_of="x", sizes=at.sizes)


def _bias(draft: Draft, layer: LayerTrace) -> bool:
    if "bias" in layer.weights:
        draft.add("b", layer.weights["bias"], what="bias: one for each unit", is_weight=True)
    return "bias" in layer.weights


def _weight_slopes(draft: Draft, layer: LayerTrace, of_kernel: str, of_bias: str, kernel: str = "W") -> None:
    what = "slope by the weights: input times δ"
    draft.add(f"g_{kernel}", layer.weight_slopes["kernel"], of_kernel, what=what, slope_of=kernel)
    if "bias" in layer.weights:
        draft.add("g_b", layer.weight_slopes["bias"], of_bias, what="slope by the bias: δ itself", slope_of="b")
