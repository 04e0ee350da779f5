"""The last layers of a trained base, trained on together with the head that was found for it.

First a head is trained on what the frozen base says (`networks.bases`); a head that knows nothing yet would send large
gradients into the base and spoil what it knows. Then the base's last block is set free and both are trained at a small
rate that falls to 0. Batch normalisations stay as they are, in inference mode and with their own scale: their
statistics are those of a million photos, and a batch of 32 has nothing better to say.

Source: F. Chollet, Deep Learning with Python (2017), section 5.3.2, and second edition (2021), section 8.3.2: RMSprop
at 1e-5 on the last block; Keras' guide "Transfer learning & fine-tuning" for batch normalisation.
"""

from typing import Any

import keras

from tenfold.layers import BothViews, MeanOfViews, RandomShift
from tenfold.networks.bases import with_base
from tenfold.networks.pretrained import FAMILIES
from tenfold.networks.seeing import SHIFT_SHARE

__all__ = ["multiply_adds", "read_tuned", "trained_layers", "whole_network"]


def read_tuned(photos: Any, base: keras.Model, dropout: float) -> Any:
    """From a photo through a copy of the base, whose last layers can be trained, to one line of numbers.

    Args:
        photos: `(row, height, width, channel)`, bytes.
        base: From `bases.load_base`.
        dropout: Share of the line that is silenced in training.
    """
    shift = max(1, round(SHIFT_SHARE * photos.shape[1]))
    views = BothViews(name="views")(RandomShift(shift, name="shifted")(photos))
    line = MeanOfViews(name="reading")(_free_copy(base)(views))
    return keras.layers.Dropout(dropout, name="reading_dropout")(line) if dropout else line


def whole_network(network: keras.Model, head: keras.Model, base: keras.Model) -> keras.Model:
    """A network from `read_tuned` as it is delivered: like one on a frozen base, with weights of its own in the base.

    Args:
        network: Trained.
        head: Of the same architecture on the base's numbers; takes over the weights of the same name.
        base: From `bases.load_base`.
    """
    values = {variable.path: variable.value for variable in network.weights}
    for variable in head.trainable_variables:
        variable.assign(values[variable.path])
    own = _free_copy(base)
    own.set_weights(network.get_layer(base.name).get_weights())
    return with_base(head, own)


def trained_layers(base: keras.Model) -> list[keras.layers.Layer]:
    """The layers of a base that are set free: those of its last block that have weights, but for normalisations."""
    family = next(one for one in FAMILIES if base.name.startswith(one.words))
    return [
        layer
        for layer in _leaves(base)
        if layer.weights
        and layer.name.startswith(family.last_block)
        and not isinstance(layer, keras.layers.BatchNormalization)
    ]


def multiply_adds(base: keras.Model) -> int:
    """Multiplications of numbers by weights that one photo takes."""
    return sum(_multiply_adds(layer) for layer in _leaves(base))


def _multiply_adds(layer: keras.layers.Layer) -> int:
    kernel = getattr(layer, "kernel", None)
    if kernel is None or not isinstance(layer, keras.layers.Conv2D | keras.layers.DepthwiseConv2D):
        return 0
    _, height, width, _ = layer.output.shape
    return int(height * width * kernel.shape[0] * kernel.shape[1] * kernel.shape[2] * kernel.shape[3])


def _free_copy(base: keras.Model) -> keras.Model:
    """The same network with the same weights, of which the last layers can be trained."""
    copy = keras.models.clone_model(base)
    copy.set_weights(base.get_weights())
    copy.name = base.name
    copy.trainable = True
    free = {layer.name for layer in trained_layers(copy)}
    for layer in _leaves(copy):
        layer.trainable = layer.name in free
    return copy


def _leaves(model: keras.Model) -> list[keras.layers.Layer]:
    """The layers of a model and of the models in it."""
    return [leaf for layer in model.layers for leaf in (_leaves(layer) if isinstance(layer, keras.Model) else [layer])]
