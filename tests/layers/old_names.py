"""The 104 layer names of Keras 2.3 at work: small networks that hold every one, trained by the engine and by Keras.

Layers with inputs of one kind stand side by side in one network, each behind a small dense layer of its own, whose
weights move only where a gradient comes back through the layer. So nine networks show all names.
"""

import functools
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax
import keras
import numpy as np
from keras import layers as kl

import tenfold
from tenfold import layers as tl

NUM_ROWS = 8
"""Two steps of four rows."""


@keras.saving.register_keras_serializable("tests")
def halved(x: Any) -> Any:
    """What the Lambda layer computes."""
    return x / 2


@keras.saving.register_keras_serializable("tests")
class Scaled(kl.Layer):
    """A user's own `Layer` with an `InputSpec`: a factor for each feature."""

    def build(self, input_shape: Any) -> None:
        self.input_spec = kl.InputSpec(ndim=2, axes={-1: input_shape[-1]})
        self.factor = self.add_weight(shape=(input_shape[-1],), initializer="ones", name="factor")

    def call(self, inputs: Any) -> Any:
        return inputs * self.factor


@keras.saving.register_keras_serializable("tests")
class Leaky(tl.Recurrent):
    """A user's own `Recurrent` layer: a state that leaks."""

    def build(self, input_shape: Any) -> None:
        super().build(input_shape)
        self.kernel = self.add_weight(shape=(input_shape[-1], self.units), name="kernel")

    def step(self, inputs: Any, states: Any) -> Any:
        state = 0.5 * states[0] + keras.ops.tanh(keras.ops.matmul(inputs, self.kernel))
        return state, [state]


@dataclass(frozen=True)
class Kind:
    """Inputs of one kind.

    Attributes:
        shape: Of a row.
        layers: By the name that a network of Keras 2 used, what makes the layer.
        merges: The same of layers that merge two inputs.
    """

    shape: tuple[int, ...]
    layers: dict[str, Callable[[], Any]]
    merges: dict[str, Callable[[], Any]] | None = None


KINDS = {
    "features": Kind(
        (6,),
        {
            "Activation": lambda: kl.Activation("tanh"),
            "ActivityRegularization": lambda: kl.ActivityRegularization(l1=0.01, l2=0.01),
            "AlphaDropout": lambda: kl.AlphaDropout(0.3, seed=1),
            "BatchNormalization": kl.BatchNormalization,
            "Dense": lambda: kl.Dense(3),
            "Dropout": lambda: kl.Dropout(0.3, seed=2),
            "ELU": lambda: kl.ELU(0.7),
            "GaussianDropout": lambda: kl.GaussianDropout(0.3, seed=3),
            "GaussianNoise": lambda: kl.GaussianNoise(0.3, seed=4),
            "Highway": lambda: tl.Highway(activation="tanh"),
            "Lambda": lambda: kl.Lambda(halved),
            "Layer": Scaled,
            "InputSpec": Scaled,
            "LeakyReLU": lambda: kl.LeakyReLU(negative_slope=0.1),
            "MaxoutDense": lambda: tl.MaxoutDense(3),
            "PReLU": kl.PReLU,
            "ReLU": lambda: kl.ReLU(negative_slope=0.1),
            "RepeatVector": lambda: kl.RepeatVector(2),
            "Reshape": lambda: kl.Reshape((2, 3)),
            "Softmax": kl.Softmax,
            "ThresholdedReLU": lambda: tl.ThresholdedReLU(0.1),
        },
        {
            "Add": kl.Add, "Average": kl.Average, "Concatenate": kl.Concatenate, "Dot": lambda: kl.Dot(1),
            "Maximum": kl.Maximum, "Minimum": kl.Minimum, "Multiply": kl.Multiply, "Subtract": kl.Subtract,
        },
    ),
    "series": Kind(
        (6, 4),
        {
            "AtrousConvolution1D": lambda: tl.AtrousConvolution1D(3, 2, atrous_rate=2),
            "AveragePooling1D": lambda: kl.AveragePooling1D(2),
            "Conv1D": lambda: kl.Conv1D(3, 2),
            "Cropping1D": lambda: kl.Cropping1D((1, 2)), "Flatten": kl.Flatten,
            "GlobalAveragePooling1D": kl.GlobalAveragePooling1D, "GlobalMaxPooling1D": kl.GlobalMaxPooling1D,
            "LocallyConnected1D": lambda: tl.LocallyConnected1D(3, 2, strides=2),
            "MaxPooling1D": lambda: kl.MaxPooling1D(2),
            "Permute": lambda: kl.Permute((2, 1)), "SeparableConv1D": lambda: kl.SeparableConv1D(3, 2),
            "SpatialDropout1D": lambda: kl.SpatialDropout1D(0.3, seed=5),
            "TimeDistributed": lambda: kl.TimeDistributed(kl.Dense(2)),
            "UpSampling1D": lambda: kl.UpSampling1D(2), "ZeroPadding1D": lambda: kl.ZeroPadding1D((1, 2)),
        },
    ),
    "steps": Kind(
        (4, 3),
        {
            "Bidirectional": lambda: kl.Bidirectional(kl.LSTM(2)), "CuDNNGRU": lambda: tl.CuDNNGRU(2),
            "CuDNNLSTM": lambda: tl.CuDNNLSTM(2), "GRU": lambda: kl.GRU(2, reset_after=False),
            "GRUCell": lambda: kl.RNN(kl.GRUCell(2)), "LSTM": lambda: kl.LSTM(2),
            "LSTMCell": lambda: kl.RNN(kl.LSTMCell(2)), "RNN": lambda: kl.RNN(kl.SimpleRNNCell(2)),
            "Recurrent": lambda: Leaky(2), "SimpleRNN": lambda: kl.SimpleRNN(2),
            "SimpleRNNCell": lambda: kl.RNN(kl.SimpleRNNCell(3)),
            "StackedRNNCells": lambda: kl.RNN(kl.StackedRNNCells([kl.SimpleRNNCell(2), kl.SimpleRNNCell(3)])),
        },
    ),
    "pictures": Kind(
        (6, 5, 3),
        {
            "AtrousConvolution2D": lambda: tl.AtrousConvolution2D(2, 2, 2, atrous_rate=(2, 2)),
            "AveragePooling2D": lambda: kl.AveragePooling2D(2),
            "Conv2D": lambda: kl.Conv2D(2, 3), "Conv2DTranspose": lambda: kl.Conv2DTranspose(2, 2, strides=2),
            "Cropping2D": lambda: kl.Cropping2D(((1, 2), (0, 1))),
            "Deconvolution2D": lambda: tl.Deconvolution2D(2, 2, 2, subsample=(2, 2)),
            "DepthwiseConv2D": lambda: kl.DepthwiseConv2D(2),
            "GlobalAveragePooling2D": kl.GlobalAveragePooling2D, "GlobalMaxPooling2D": kl.GlobalMaxPooling2D,
            "LocallyConnected2D": lambda: tl.LocallyConnected2D(2, (2, 3)),
            "MaxPooling2D": kl.MaxPooling2D, "SeparableConv2D": lambda: kl.SeparableConv2D(2, 2),
            "SpatialDropout2D": lambda: kl.SpatialDropout2D(0.3, seed=6), "UpSampling2D": kl.UpSampling2D,
            "ZeroPadding2D": lambda: kl.ZeroPadding2D(((1, 0), (2, 1))),
        },
    ),
    "volumes": Kind(
        (4, 3, 4, 2),
        {
            "AveragePooling3D": lambda: kl.AveragePooling3D((2, 1, 2)),
            "Conv3D": lambda: kl.Conv3D(2, 2), "Conv3DTranspose": lambda: kl.Conv3DTranspose(2, 2),
            "Cropping3D": lambda: kl.Cropping3D((1, 0, 1)), "Deconvolution3D": lambda: tl.Deconvolution3D(2, 2, 2, 2),
            "GlobalAveragePooling3D": kl.GlobalAveragePooling3D, "GlobalMaxPooling3D": kl.GlobalMaxPooling3D,
            "MaxPooling3D": lambda: kl.MaxPooling3D((2, 1, 2)),
            "SpatialDropout3D": lambda: kl.SpatialDropout3D(0.3, seed=7), "UpSampling3D": lambda: kl.UpSampling3D(2),
            "ZeroPadding3D": lambda: kl.ZeroPadding3D(1),
        },
    ),
    "films": Kind(
        (3, 4, 3, 2),
        {
            "ConvLSTM2D": lambda: kl.ConvLSTM2D(2, 2, padding="same"),
            "ConvLSTM2DCell": lambda: tl.ConvRecurrent2D(tl.ConvLSTM2DCell(2, 2, padding="same")),
            "ConvRecurrent2D": lambda: tl.ConvRecurrent2D(
                tl.ConvLSTM2DCell(2, 2, padding="same"), return_sequences=True
            ),
        },
    ),
}  # fmt: skip


def _first(width: int, name: str) -> Any:
    """The small dense layer in front of a layer."""
    return kl.Dense(width, name=f"before_{name}")


def network_of(kind: Kind) -> keras.Model:
    """Every layer of one kind side by side, compiled."""
    inputs = kl.Input(kind.shape)
    ends = []
    for name, make in kind.layers.items():
        ends.append(make()(_first(kind.shape[-1], name)(inputs)))
    for name, make in (kind.merges or {}).items():
        ends.append(make()([_first(kind.shape[-1], name)(inputs), inputs]))
    return _ending(inputs, ends)


def words() -> keras.Model:
    """The layer that reads words, with padding left out behind it."""
    return _chain(
        kl.Input((5,), dtype="int32"), kl.Embedding(7, 3, mask_zero=True, name="before_Embedding"), kl.LSTM(2)
    )


def masked() -> keras.Model:
    """The layer that leaves steps out."""
    return _chain(kl.Input((4, 3)), kl.Masking(0.0), kl.LSTM(2, name="before_Masking"))


def chain() -> keras.Model:
    """A network that begins with an `InputLayer`."""
    return _chain(kl.InputLayer(shape=(6,)), kl.Dense(3, name="before_InputLayer"))


def _chain(*layers: Any) -> keras.Model:
    model = keras.Sequential([*layers, kl.Dense(1)])
    model.compile(keras.optimizers.SGD(0.05), "mse")
    return model


def _ending(inputs: Any, ends: list[Any]) -> keras.Model:
    flat = [end if len(end.shape) == 2 else kl.Flatten()(end) for end in ends]
    joined = kl.Concatenate()(flat) if len(flat) > 1 else flat[0]
    model = keras.Model(inputs, kl.Dense(1)(joined))
    model.compile(keras.optimizers.SGD(0.05), "mse")
    return model


NETWORKS: dict[str, Callable[[], keras.Model]] = {
    **{name: functools.partial(network_of, kind) for name, kind in KINDS.items()},
    "words": words,
    "masked": masked,
    "chain": chain,
}
NAMES_OF = {
    **{name: [*kind.layers, *(kind.merges or {})] for name, kind in KINDS.items()},
    "words": ["Embedding"],
    "masked": ["Masking"],
    "chain": ["InputLayer", "Input"],
}
"""The names that each network shows; a second name of one class, such as `MaxPool2D`, is shown by the first."""


def first_name(name: str) -> str:
    """The name under which a layer is shown: that of its class."""
    return str(getattr(getattr(kl, name, None), "__name__", name))


def rows_of(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Rows for a network, and targets."""
    generator = np.random.default_rng(11)
    y = generator.normal(size=(NUM_ROWS, 1)).astype(np.float32)
    if name == "words":
        return generator.integers(0, 7, (NUM_ROWS, 5)).astype(np.int32), y
    shape = KINDS[name].shape if name in KINDS else {"masked": (4, 3), "chain": (6,)}[name]
    x = generator.normal(size=(NUM_ROWS, *shape)).astype(np.float32)
    if name == "masked":  # some rows end early, for the layer that leaves such steps out
        x[::2, -1] = 0
    return x, y


@dataclass(frozen=True)
class Shown:
    """What was seen of a network.

    Attributes:
        differs: Names of weights that the engine trained to other numbers than Keras.
        still: Names of the small dense layers that did not move, so that no gradient came back.
        changed_by: Files (`.keras`, `.h5`) after which the network answered otherwise.
    """

    differs: tuple[str, ...]
    still: tuple[str, ...]
    changed_by: tuple[str, ...]


@functools.cache
def shown(name: str) -> Shown:
    """Train one of the networks in the engine and by Keras from the same start, save it and load it."""
    keras.utils.set_random_seed(5)
    model, (x, y) = NETWORKS[name](), rows_of(name)
    start = [np.asarray(one.value) for one in model.variables]
    before = {one.path: np.asarray(one.value) for one in model.weights}
    model.fit(x, y, epochs=1, batch_size=4, shuffle=False, verbose=0)
    by_keras = {one.path: np.asarray(one.value) for one in model.weights}
    fresh = NETWORKS[name]()
    for one, value in zip(fresh.variables, start, strict=True):
        one.assign(value)
    tenfold.fit(fresh, x, y, epochs=1, batch_size=4, shuffle=False, verbose=0, checks=False)
    differs = tuple(
        path for path, one in zip(by_keras, fresh.weights, strict=True)
        if not np.allclose(by_keras[path], one.value, rtol=2e-5, atol=2e-6)
    )  # fmt: skip
    still = tuple(
        path for path in by_keras
        if path.startswith("before_") and np.allclose(before[path], by_keras[path], atol=1e-7)
        and not path.endswith("bias")
    )  # fmt: skip
    return Shown(differs, still, _changed_by_files(fresh, x))


def _changed_by_files(model: keras.Model, x: np.ndarray) -> tuple[str, ...]:
    expected = _answers(model, x)
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for suffix in (".keras", ".h5"):
            path = Path(folder) / f"model{suffix}"
            model.save(path)
            back = tenfold.load_model(path)
            if not np.allclose(expected, _answers(back, x), rtol=1e-6, atol=1e-7) or not _trains(back, x):
                found.append(suffix)
    jax.clear_caches()
    return tuple(found)


def _answers(model: keras.Model, x: np.ndarray) -> np.ndarray:
    """Of a few rows, by one compiled program: operation by operation costs several times that."""
    return np.asarray(model.predict(x, batch_size=NUM_ROWS, verbose=0))


def _trains(model: keras.Model, x: np.ndarray) -> bool:
    return model.compiled and model.count_params() > 0 and x.shape[1:] == model.input_shape[1:]
