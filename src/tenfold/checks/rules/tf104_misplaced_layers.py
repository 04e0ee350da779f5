"""TF104: layers and activations in places where they do harm.

Rule 19 of the anchors (NeuraLint's MissingFlatten and DoubleActivation, UMLAUT's activations). Rules of style, such as
growing widths or a bias in front of batch normalisation, are left out: they fire on sound networks.
"""

from tenfold.checks.check import Check, Threshold
from tenfold.checks.facts import Evidence, LayerFacts, ModelFacts
from tenfold.checks.finding import Finding, Passed, Silent
from tenfold.checks.heads import lacks_flatten, target_of
from tenfold.checks.wiring import WEIGHING, behind

__all__ = ["CHECK"]

_MANY_SIGMOIDS = 3


def _judge(evidence: Evidence) -> list[Finding] | Passed | Silent:
    model = evidence.model
    if model is None:
        return Silent("no model was given", skipped=True)
    found = [*_missing_flatten(evidence, model), *_softmax_inside(model), *_sigmoids(model)]
    return found or Passed({"layers": len(model.layers)})


def _missing_flatten(evidence: Evidence, model: ModelFacts) -> list[Finding]:
    return [
        CHECK.finding(
            "error",
            f"The output has shape {(None, *output.shape)}, an answer for each place of a row, but the target has one "
            "for each row: the rows were never flattened.",
            repair="Add `keras.layers.Flatten()` (or `GlobalAveragePooling2D()` after convolutions) in front of the "
            "first `Dense`.",
            fault="head_loss_mismatch",
            subject=output.layer,
            output_shape=list(output.shape),
        )
        for place, output in enumerate(model.outputs)
        if lacks_flatten(output, target_of(evidence.data, place))
    ]


def _softmax_inside(model: ModelFacts) -> list[Finding]:
    """Softmax whose answers are weighed again; in an attention they are multiplied instead."""
    inside = [one for one in model.layers if one.activation == "softmax" and _is_weighed_again(model, one)]
    return [
        CHECK.finding(
            "warning",
            f"`{layer.name}` has softmax as a hidden activation: its {layer.units} units share a sum of 1, so that "
            "each answers little and passes on little gradient.",
            repair='Write activation="relu" in hidden layers; softmax belongs to the last one.',
            fault="vanishing_gradient",
            subject=layer.name,
            units=layer.units,
        )
        for layer in inside
    ]


def _is_weighed_again(model: ModelFacts, layer: LayerFacts) -> bool:
    return any(taker.kind in WEIGHING for taker in behind(model, layer))


def _sigmoids(model: ModelFacts) -> list[Finding]:
    inside = [
        one for one in model.layers
        if one.kind in WEIGHING and one.activation == "sigmoid" and _is_weighed_again(model, one)
    ]  # fmt: skip
    if len(inside) < _MANY_SIGMOIDS:
        return []
    names = ", ".join(f"`{layer.name}`" for layer in inside)
    return [
        CHECK.finding(
            "tip",
            f"{len(inside)} hidden layers in a row of sigmoids ({names}): each passes on at most a quarter of the "
            "gradient.",
            repair='Write activation="relu" in hidden layers.',
            fault="vanishing_gradient",
            subject=inside[0].name,
            layers=len(inside),
        )
    ]


CHECK = Check(
    code="TF104",
    title="Layers and activations in the wrong place",
    faults=("vanishing_gradient", "head_loss_mismatch"),
    stage="model",
    explanation=(
        "`Dense` works on the last axis only: on an image it answers once for each line of pixels unless the image is "
        "flattened first. Softmax and sigmoid squeeze their answers; between layers they also squeeze the gradient "
        "that the layers in front of them learn from."
    ),
    repair="Put the layer where it belongs.",
    repairs=("activation",),
    thresholds=(Threshold("many_sigmoids", _MANY_SIGMOIDS, "layers", "a quarter of a quarter of a quarter is 1.6 %"),),
    judge=_judge,
)
