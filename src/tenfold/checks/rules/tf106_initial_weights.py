"""TF106: initial weights differ from unit to unit and have the size that keeps signals alive.

Rule 9 of the anchors (TheDeepChecker's symmetry test, SageMaker's PoorWeightInitialization, NeuraLint's ConstantInit).
Only weights that still are what their initializer drew are measured against Glorot and He: trained, loaded and frozen
ones may have any size. Embeddings have their own; and behind batch or layer normalisation size does not matter.
"""

from dataclasses import replace
from math import isfinite, sqrt

from tenfold.checks.check import Check, Threshold
from tenfold.checks.facts import Evidence, KernelFacts, LayerFacts, ModelFacts
from tenfold.checks.finding import Finding, Passed, Severity, Silent
from tenfold.checks.reach import learns_nothing
from tenfold.checks.wiring import WEIGHING, ends_in_output

__all__ = ["CHECK"]

_FACTOR = 4.0
_EXTREME = 50.0
_OFFSET = 5.0
_LARGE_OFFSET = 30.0
_BIAS = 3.0
_ALIKE = 1e-6
_RECURRENT = frozenset({"Bidirectional", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "GRU", "LSTM", "RNN", "SimpleRNN"})
_NORMALISING = ("BatchNormalization", "LayerNormalization", "GroupNormalization", "RMSNormalization")


def _judge(evidence: Evidence) -> list[Finding] | Passed | Silent:
    model = evidence.model
    if model is None:
        return Silent("no model was given", skipped=True)
    judged = [one for one in model.layers if one.is_trainable and one.kind in WEIGHING | _RECURRENT and one.kernel]
    if not judged:
        return Silent("no layer has weights that training changes")
    found = [finding for layer in judged for finding in (_of_layer(model, layer),) if finding is not None]
    if evidence.probe is not None and learns_nothing(evidence.probe):
        found = [replace(one, severity="warning") if one.severity == "tip" else one for one in found]
    return found or Passed({layer.name: layer.kernel.std for layer in judged if layer.kernel})


def _of_layer(model: ModelFacts, layer: LayerFacts) -> Finding | None:
    kernel = layer.kernel
    if kernel is None or kernel.fan_in * kernel.fan_out == 1:
        return None
    if not isfinite(kernel.std):
        return _finding(layer, kernel, "error", f"`{layer.name}` starts with weights that are not finite.")
    is_last = ends_in_output(model, layer)
    if not is_last and _are_alike(layer, kernel):
        return _finding(
            layer, kernel, "error",
            f"All {layer.units} units of `{layer.name}` start with the same weights ({kernel.mean:.3g}): they get the "
            "same gradient and stay one unit for ever.",
        )  # fmt: skip
    if not kernel.initializer or (is_last and kernel.std == 0):
        return None
    return _of_size(model, layer, kernel, is_last=is_last)


def _are_alike(layer: LayerFacts, kernel: KernelFacts) -> bool:
    is_single = layer.units < 2 or layer.kind.startswith("Depthwise")
    return not is_single and kernel.unit_spread <= _ALIKE * max(abs(kernel.mean), kernel.glorot_std)


def _of_size(model: ModelFacts, layer: LayerFacts, kernel: KernelFacts, *, is_last: bool) -> Finding | None:
    if any(layer.name in taker.sources and taker.kind in _NORMALISING for taker in model.layers):
        return None
    ratio = max(kernel.std / kernel.he_std, min(1.0, kernel.std / kernel.glorot_std))  # 1 from Glorot's to He's
    offset = abs(kernel.mean) * sqrt(kernel.fan_in) / kernel.glorot_std
    if ratio > _FACTOR or (0 < ratio < 1 / _FACTOR and not is_last):
        word, times = ("large", ratio) if ratio > 1 else ("small", 1 / ratio)
        return _finding(
            layer, kernel, _severity(ratio),
            f"The initial weights of `{layer.name}` (`{kernel.initializer}`, standard deviation {kernel.std:.3g}) are "
            f"{times:.3g} times too {word} for {kernel.fan_in} inputs and {kernel.fan_out} outputs.",
        )  # fmt: skip
    if offset > _OFFSET:
        return _finding(
            layer, kernel, "warning" if offset > _LARGE_OFFSET else "tip",
            f"The initial weights of `{layer.name}` (`{kernel.initializer}`) are not centred: their mean is "
            f"{kernel.mean:.3g}, so that all units answer nearly the same.",
        )  # fmt: skip
    if abs(kernel.bias_mean) > _BIAS and not is_last and layer.kind not in _RECURRENT:
        return _finding(
            layer, kernel, "warning",
            f"The biases of `{layer.name}` start at {kernel.bias_mean:.3g}, which drowns what the weights say.",
        )  # fmt: skip
    return None


def _severity(ratio: float) -> Severity:
    """Weights that are too small delay learning; those that are too large prevent it."""
    if ratio > 1:
        return "error" if ratio > _EXTREME else "warning"
    return "warning" if ratio < 1 / _EXTREME else "tip"


def _finding(layer: LayerFacts, kernel: KernelFacts, severity: Severity, message: str) -> Finding:
    name = "he_normal" if "relu" in layer.activation else "glorot_uniform"
    return CHECK.finding(
        severity, message, subject=layer.name,
        repair=f'Write kernel_initializer="{name}" (or leave it out) and let biases start at zero.',
        initializer=kernel.initializer, mean=kernel.mean, std=kernel.std, glorot_std=kernel.glorot_std,
        unit_spread=kernel.unit_spread, bias_mean=kernel.bias_mean,
    )  # fmt: skip


CHECK = Check(
    code="TF106",
    title="Initial weights of a wrong size, or all alike",
    faults=("bad_init",),
    stage="model",
    explanation=(
        "Units that start alike get the same gradient and stay alike, so a layer that starts with zeros or ones works "
        "like a single unit. Weights that are too large saturate the activations or blow up the signal from layer to "
        "layer, weights that are too small let it fade. Glorot's and He's formulas keep its size."
    ),
    repair="Leave out `kernel_initializer`: Keras' default suits most layers.",
    repairs=("initialisation",),
    thresholds=(
        Threshold("factor", _FACTOR, "times Glorot's standard deviation", "SageMaker's PoorWeightInitialization: 10"),
        Threshold("extreme", _EXTREME, "times Glorot's standard deviation", "arbitrary: one severity higher"),
        Threshold("offset", _OFFSET, "standard deviations of a unit's sum", "a warning where nothing is learnt"),
        Threshold("large_offset", _LARGE_OFFSET, "standard deviations of a unit's sum", "a warning by itself"),
        Threshold("bias", _BIAS, "units of the answer", "arbitrary: three standard deviations of a unit's sum"),
    ),
    judge=_judge,
)
