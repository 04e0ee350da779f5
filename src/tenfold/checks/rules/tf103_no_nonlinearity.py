"""TF103: two weight layers with nothing bent in between are one.

Rule 18 of the anchors (UMLAUT, NeuraLint's MissingRelus). Batch normalisation and average pooling do not help: after
training they are linear too. A layer that is much narrower than both its sides is a bottleneck, which is linear on
purpose (a code, a low rank, a linear bottleneck of MobileNetV2), and so is a depthwise convolution in front of another.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from tenfold.checks.check import Check, Threshold
from tenfold.checks.facts import Evidence, LayerFacts, ModelFacts
from tenfold.checks.finding import Finding, Passed, Severity, Silent
from tenfold.checks.wiring import WEIGHING, before

__all__ = ["CHECK"]

_BOTTLENECK = 0.5
_ENOUGH = 0.03


class _Pair(NamedTuple):
    first: LayerFacts
    second: LayerFacts


def _judge(evidence: Evidence) -> list[Finding] | Passed | Silent:
    model = evidence.model
    if model is None:
        return Silent("no model was given", skipped=True)
    if sum(layer.kind in WEIGHING for layer in model.layers) < 2:
        return Silent("fewer than two layers have weights to chain")
    pairs = _linear_pairs(model)
    if not pairs:
        return Passed({"weight_layers": sum(layer.kind in WEIGHING for layer in model.layers)})
    measures: Mapping[str, float] = {} if evidence.data is None else evidence.data.measures
    severity = _severity(model, pairs, measures)
    return [CHECK.finding(severity, _message(pairs), subject=pairs[0].first.name, **_numbers(pairs, measures))]


def _linear_pairs(model: ModelFacts) -> list[_Pair]:
    found = []
    for second in model.layers:
        first = before(model, second) if second.kind in WEIGHING else None
        if first is not None and _is_linear(first) and not _is_bottleneck(first, second):
            found.append(_Pair(first, second))
    return found


def _is_linear(layer: LayerFacts) -> bool:
    return (
        layer.kind in WEIGHING
        and layer.activation == "linear"
        and layer.is_known
        and not layer.kind.startswith("Depthwise")
    )


def _is_bottleneck(first: LayerFacts, second: LayerFacts) -> bool:
    fan_in = first.kernel.fan_in if first.kernel else first.units
    return first.units < _BOTTLENECK * min(fan_in, second.units)


def _severity(model: ModelFacts, pairs: list[_Pair], measures: Mapping[str, float]) -> Severity:
    if _linear_is_enough(measures):
        return "tip"
    linear = {pair.first.name for pair in pairs}
    hidden = [layer for layer in model.layers if layer.kind in WEIGHING][:-1]
    bends = any(layer.activation not in ("", "linear") for layer in model.layers[:-1])
    is_all = all(layer.name in linear for layer in hidden) and not bends
    return "error" if is_all and "learnable_linear" in measures else "warning"


def _linear_is_enough(measures: Mapping[str, float]) -> bool:
    linear, any_model = measures.get("learnable_linear"), measures.get("learnable")
    return linear is not None and any_model is not None and linear >= any_model - _ENOUGH


def _message(pairs: list[_Pair]) -> str:
    names = ", ".join(f"`{pair.first.name}` -> `{pair.second.name}`" for pair in pairs[:3])
    more = f" and {len(pairs) - 3} more" if len(pairs) > 3 else ""
    return (
        f"No activation stands between {names}{more}: two such layers compute no more than one, and depth adds nothing."
    )


def _numbers(pairs: list[_Pair], measures: Mapping[str, float]) -> dict[str, Any]:
    measured = {name: measures[name] for name in ("learnable", "learnable_linear") if name in measures}
    return {"pairs": [f"{pair.first.name} -> {pair.second.name}" for pair in pairs], **measured}


CHECK = Check(
    code="TF103",
    title="Weight layers without an activation between them",
    faults=("no_nonlinearity",),
    stage="model",
    explanation=(
        "A layer without an activation multiplies and adds. Two of them in a row multiply and add twice, which a "
        "single one can do as well: the network stays as simple as if the second were not there, and cannot bend where "
        "the data do."
    ),
    repair='Give the first of them an activation: activation="relu".',
    repairs=("activation",),
    thresholds=(
        Threshold(
            "bottleneck", _BOTTLENECK, "of the narrower side", "arbitrary: narrower layers are linear on purpose"
        ),
        Threshold("enough", _ENOUGH, "of the guess's error", "arbitrary: a linear model this close is enough"),
    ),
    judge=_judge,
)
