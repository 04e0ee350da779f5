"""Small convnets whose weights are known."""

from typing import Any

import keras
import numpy as np

SIDE = 6


def photos(count: int = 3, channels: int = 2, side: int = SIDE) -> np.ndarray:
    return np.random.default_rng(4).normal(size=(count, side, side, channels)).astype(np.float32)


def set_normal(model: keras.Model, seed: int = 1) -> keras.Model:
    """Weights drawn anew, biases too."""
    rng = np.random.default_rng(seed)
    model.set_weights([rng.normal(size=one.shape) for one in model.get_weights()])
    return model


def pooled(last: str | None = "softmax", classes: int = 3, channels: int = 2) -> keras.Sequential:
    """One convolution of 1 x 1 that is rectified, its mean over all places, a dense layer."""
    layers = [
        keras.Input((SIDE, SIDE, channels)),
        keras.layers.Conv2D(4, 1, activation="relu", name="only"),
        keras.layers.GlobalAveragePooling2D(),
        keras.layers.Dense(classes, last, name="said"),
    ]
    return set_normal(keras.Sequential(layers))


def deep(photo: tuple[int, int, int] = (12, 12, 3)) -> keras.Model:
    """Bytes in a dict, two convolutions, a residual block with normalisation, softmax as a layer."""
    seen = keras.Input(photo, dtype="uint8", name="photos")
    hidden: Any = keras.layers.Rescaling(1 / 127.5, -1.0, name="scaled")(seen)
    hidden = keras.layers.Conv2D(5, 3, padding="same", activation="relu", name="first")(hidden)
    hidden = keras.layers.MaxPooling2D(2, name="half")(hidden)
    made = keras.layers.Conv2D(5, 3, padding="same", name="second")(hidden)
    made = keras.layers.BatchNormalization(name="normalised")(made)
    hidden = keras.layers.Activation("relu", name="block")(keras.layers.Add(name="sum")([hidden, made]))
    logits = keras.layers.Dense(3, name="logits")(keras.layers.Flatten(name="line")(hidden))
    keras.utils.set_random_seed(3)
    model = keras.Model({"photos": seen}, keras.layers.Activation("softmax", name="answer")(logits))
    rng = np.random.default_rng(0)
    for layer in (model.get_layer("first"), model.get_layer("second"), model.get_layer("logits")):
        layer.set_weights([rng.normal(0, 0.3, one.shape) for one in layer.get_weights()])
    return model


def wrapped(model: keras.Model) -> keras.Model:
    """The same within another model, as a delivered network holds its members."""
    inputs = {one.name: keras.Input(one.shape[1:], name=one.name, dtype=one.dtype) for one in model.inputs}
    return keras.Model(inputs, model(inputs))


class Subclassed(keras.Model):  # type: ignore[misc]
    """Two layers and a call of its own."""

    def __init__(self, of: keras.Sequential) -> None:
        super().__init__()
        self.seeing, self.pooling, self.saying = (of.layers[place] for place in range(3))

    def call(self, inputs: Any) -> Any:
        return self.saying(self.pooling(self.seeing(inputs)))
