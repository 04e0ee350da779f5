"""Who hands data to whom: walks along the layers of a model, past those that only hand on."""

from collections.abc import Iterator

from tenfold.checks.facts import LayerFacts, ModelFacts

__all__ = ["WEIGHING", "before", "behind", "ends_in_output"]

WEIGHING = frozenset(
    {
        "Conv1D", "Conv1DTranspose", "Conv2D", "Conv2DTranspose", "Conv3D", "Conv3DTranspose", "Dense",
        "DepthwiseConv1D", "DepthwiseConv2D", "EinsumDense", "SeparableConv1D", "SeparableConv2D",
    }
)  # fmt: skip
"""Layers that weigh their inputs and add up, then apply their activation."""

_HANDING_ON = frozenset(
    {
        "ActivityRegularization", "AlphaDropout", "AveragePooling1D", "AveragePooling2D", "AveragePooling3D",
        "BatchNormalization", "Cropping1D", "Cropping2D", "Cropping3D", "Dropout", "Flatten", "GaussianDropout",
        "GaussianNoise", "GlobalAveragePooling1D", "GlobalAveragePooling2D", "GlobalAveragePooling3D", "Identity",
        "Normalization", "Permute", "RepeatVector", "Rescaling", "Reshape", "SpatialDropout1D", "SpatialDropout2D",
        "SpatialDropout3D", "UpSampling1D", "UpSampling2D", "UpSampling3D", "ZeroPadding1D", "ZeroPadding2D",
        "ZeroPadding3D",
    }
)  # fmt: skip
"""Layers whose answers are a linear function of what they take; batch normalisation is one after training."""


def before(model: ModelFacts, layer: LayerFacts) -> LayerFacts | None:
    """The layer in front of another, past those that only hand on; None where several meet, or at the inputs."""
    while len(layer.sources) == 1:
        source = model.layer(layer.sources[0])
        if source is None or source.kind == "InputLayer":
            return None
        if not _only_hands_on(source):
            return source
        layer = source
    return None


def behind(model: ModelFacts, layer: LayerFacts) -> Iterator[LayerFacts]:
    """The layers that take a layer's answers, past those that only hand on."""
    for taker in model.layers:
        if layer.name in taker.sources:
            if _only_hands_on(taker):
                yield from behind(model, taker)
            else:
                yield taker


def ends_in_output(model: ModelFacts, layer: LayerFacts) -> bool:
    """Whether a layer answers for the model, or its answers reach no other layer with weights."""
    if any(output.layer == layer.name for output in model.outputs):
        return True
    takers = [one for one in model.layers if layer.name in one.sources]
    return all(one.kernel is None and not one.num_parameters and ends_in_output(model, one) for one in takers)


def _only_hands_on(layer: LayerFacts) -> bool:
    return layer.kind in _HANDING_ON or (layer.kind == "Activation" and layer.activation == "linear")
