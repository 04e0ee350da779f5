"""Every slope is a central difference, and one that is wrong by 0.1 % is seen: of each kind of layer, each array."""

import dataclasses

import numpy as np
import pytest

from tenfold.errors import OptionError
from tenfold.scratch.activations import ACTIVATIONS
from tenfold.scratch.convolution import Convolution
from tenfold.scratch.dense import Dense
from tenfold.scratch.differences import check_gradients
from tenfold.scratch.embedding import Embedding
from tenfold.scratch.gru import GRU
from tenfold.scratch.layer import AbstractLayer, Passed, Slopes
from tenfold.scratch.losses import (
    BinaryCrossentropy,
    CategoricalCrossentropy,
    MeanAbsoluteError,
    MeanSquaredError,
    SparseCategoricalCrossentropy,
)
from tenfold.scratch.lstm import LSTM
from tenfold.scratch.network import Network
from tenfold.scratch.normalization import BatchNormalization
from tenfold.scratch.pooling import AveragePooling, GlobalAveragePooling, GlobalMaxPooling, MaxPooling
from tenfold.scratch.recurrent import SimpleRNN
from tenfold.scratch.shaping import ActivationLayer, Dropout, Reshape
from tenfold.scratch.windows import Windows

RIGHT, WRONG = 1e-5, 5e-4
"""Rounding leaves about 1e-8; an error of 0.1 % is one of 1e-3."""


def numbers(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape)


def weights(**shapes: tuple[int, ...]) -> dict[str, np.ndarray]:
    return {name: numbers(*shape, seed=place + 1) for place, (name, shape) in enumerate(shapes.items())}


def statistics(channels: int) -> dict[str, np.ndarray]:
    return {"moving_mean": numbers(channels), "moving_variance": numbers(channels) ** 2 + 0.5}


SERIES, PICTURE = (3, 5, 4), (3, 6, 5, 2)
PAIRS = Windows((2, 2), (2, 2))
LAYERS = {
    "dense": (Dense("tanh", weights=weights(kernel=(4, 3), bias=(3,))), (3, 4)),
    "conv1d": (
        Convolution(Windows((2,), (1,), "causal", (2,)), "sigmoid", weights=weights(kernel=(2, 4, 3), bias=(3,))),
        SERIES,
    ),
    "conv2d": (
        Convolution(Windows((3, 2), (2, 1), "same"), "tanh", weights=weights(kernel=(3, 2, 2, 4), bias=(4,))),
        PICTURE,
    ),
    "max pooling": (MaxPooling(PAIRS), PICTURE),
    "average pooling": (AveragePooling(Windows((3, 3), (2, 2), "same")), PICTURE),
    "global average pooling": (GlobalAveragePooling(), PICTURE),
    "global max pooling": (GlobalMaxPooling(), SERIES),
    "reshape": (Reshape(), PICTURE),
    "dropout": (Dropout(0.4, seed=3), SERIES),
    "batch normalization": (BatchNormalization(statistics(2), weights=weights(gamma=(2,), beta=(2,))), PICTURE),
    "simple rnn": (
        SimpleRNN(weights=weights(kernel=(4, 3), recurrent_kernel=(3, 3), bias=(3,)), return_sequences=True),
        SERIES,
    ),
    "lstm": (LSTM(weights=weights(kernel=(4, 12), recurrent_kernel=(3, 12), bias=(12,))), SERIES),
    "gru": (GRU(weights=weights(kernel=(4, 9), recurrent_kernel=(3, 9), bias=(2, 9))), SERIES),
    "gru, reset before": (
        GRU(weights=weights(kernel=(4, 9), recurrent_kernel=(3, 9), bias=(9,)), reset_after=False),
        SERIES,
    ),
    **{f"activation {name}": (ActivationLayer(name), (3, 4)) for name in ACTIVATIONS},
}
ARRAYS = [(kind, array) for kind, (layer, _) in LAYERS.items() for array in ("inputs", *layer.weights)]
LOSSES = {
    "mse": (MeanSquaredError(), numbers(4, 3, seed=5), numbers(4, 3)),
    "mae": (MeanAbsoluteError(), numbers(4, 3, seed=5), numbers(4, 3)),
    "binary, clipped": (BinaryCrossentropy(), np.eye(4, 3), np.random.default_rng(1).uniform(0.1, 0.9, (4, 3))),
    "binary, fused": (BinaryCrossentropy(from_logits=True), np.eye(4, 3), numbers(4, 3)),
    "categorical, clipped": (CategoricalCrossentropy(), np.eye(4, 3), numbers(4, 3) ** 2 + 0.1),
    "categorical, fused": (CategoricalCrossentropy(from_logits=True), np.eye(4, 3), numbers(4, 3)),
    "sparse, clipped": (SparseCategoricalCrossentropy(), np.array([2, 0, 1, 1]), numbers(4, 3) ** 2 + 0.1),
    "sparse, fused": (SparseCategoricalCrossentropy(from_logits=True), np.array([2, 0, 1, 1]), numbers(4, 3)),
}


@dataclasses.dataclass(frozen=True, eq=False)
class Planted(AbstractLayer):
    """A layer one of whose slopes is 0.1 % too large."""

    inner: AbstractLayer
    array: str

    def forward(self, inputs, *, training=False) -> Passed:
        return self.inner.with_weights(self.weights).forward(inputs, training=training)

    def backward(self, gradient, kept) -> Slopes:
        slopes = self.inner.with_weights(self.weights).backward(gradient, kept)
        if self.array == "inputs":
            return Slopes(1.001 * slopes.inputs, slopes.weights)
        return Slopes(slopes.inputs, {**slopes.weights, self.array: 1.001 * slopes.weights[self.array]})


@pytest.mark.parametrize("kind", LAYERS)
def test_every_slope_is_a_central_difference(kind):
    layer, shape = LAYERS[kind]
    for training in (False, True):
        assert check_gradients(layer, numbers(*shape), training=training).largest < RIGHT


@pytest.mark.parametrize(("kind", "array"), ARRAYS)
def test_a_slope_that_is_wrong_by_a_thousandth_is_seen(kind, array):
    layer, shape = LAYERS[kind]
    planted = Planted(layer, array, weights=layer.weights)
    found = check_gradients(planted, numbers(*shape), training=True)
    wrong = "inputs" if array == "inputs" else f"0.{array}"
    assert [name for name, error in found.errors.items() if error > WRONG] == [wrong]


def test_a_table_of_words_is_moved_and_its_words_are_not():
    layer, words = Embedding(weights=weights(embeddings=(5, 3))), np.array([[1, 2, 2], [0, 1, 1]])
    assert list(check_gradients(layer, words).errors) == ["0.embeddings"]
    assert check_gradients(layer, words).largest < RIGHT
    assert check_gradients(Planted(layer, "embeddings", weights=layer.weights), words).largest > WRONG


@pytest.mark.parametrize("kind", LOSSES)
def test_the_slope_of_a_loss_is_a_central_difference(kind):
    loss, targets, predictions = LOSSES[kind]
    assert check_gradients(Network(()), predictions, loss=loss, targets=targets).largest < RIGHT


@pytest.mark.parametrize("kind", LOSSES)
def test_a_loss_whose_slope_is_wrong_by_a_thousandth_is_seen(kind):
    loss, targets, predictions = LOSSES[kind]

    class Wrong(type(loss)):
        def slope(self, targets, predictions):
            return 1.001 * super().slope(targets, predictions)

    wrong = Wrong(**dataclasses.asdict(loss))
    assert check_gradients(Network(()), predictions, loss=wrong, targets=targets).largest > WRONG


def test_a_whole_network_with_its_loss_is_checked_array_by_array():
    first = Dense("tanh", weights=weights(kernel=(4, 3), bias=(3,)))
    network = Network((first, Dense("softmax", weights=weights(kernel=(3, 2), bias=(2,)))))
    found = check_gradients(
        network, numbers(5, 4), loss=SparseCategoricalCrossentropy(), targets=np.array([0, 1, 1, 0, 1])
    )
    assert list(found.errors) == ["inputs", "0.kernel", "0.bias", "1.kernel", "1.bias"]
    assert found.largest < RIGHT


def test_a_loss_needs_targets():
    with pytest.raises(OptionError, match="A loss needs `targets` to be checked"):
        check_gradients(Network(()), numbers(3, 2), loss=MeanSquaredError())
