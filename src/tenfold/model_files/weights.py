"""Arrays of a Keras 1 or 2 file into the layers of Keras 3: their order and their layout.

Source: `preprocess_weights_for_loading` and `_convert_rnn_weights` in `keras/engine/saving.py` of Keras 2.3.1, which
led from Keras 1 to 2 and from cuDNN's layout to Keras'.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import keras
import numpy as np

from tenfold.errors import ModelError
from tenfold.layers import CuDNNGRU, CuDNNLSTM, Highway, LocallyConnected1D, LocallyConnected2D

__all__ = ["Saved", "assign"]

CONVOLUTIONS = (
    keras.layers.Conv1D, keras.layers.Conv2D, keras.layers.Conv3D, keras.layers.Conv2DTranspose,
    keras.layers.ConvLSTM2D,
)  # fmt: skip
CUDNN = {CuDNNLSTM: 4, CuDNNGRU: 3}
"""Gates of each."""
GATES_OF_KERAS_1 = {12: (0, 2, 1, 3), 9: (0, 1, 2)}
"""Where Keras 1 kept the kernel of each of our gates, by the number of its arrays: an LSTM has input, cell, forget,
output."""
HIGHWAY = {"W_carry": "transform_kernel", "b_carry": "transform_bias", "W": "kernel", "b": "bias"}
CUT_PICTURE = 4
"""Axes of a kernel over pictures: height, width, input channel, filter."""


@dataclass(frozen=True)
class Saved:
    """The arrays of one layer of a file.

    Attributes:
        names: As the file names them, such as `dense_1/kernel:0`.
        arrays: As the file holds them.
        is_keras_1: Whether Keras 1 wrote them.
        backend: What Keras ran on.
    """

    names: tuple[str, ...]
    arrays: tuple[np.ndarray, ...]
    is_keras_1: bool = False
    backend: str = "tensorflow"

    def part(self, places: Sequence[int]) -> "Saved":
        """Some of the arrays."""
        names = tuple(self.names[place] for place in places)
        arrays = tuple(self.arrays[place] for place in places)
        return Saved(names, arrays, self.is_keras_1, self.backend)


def assign(layer: Any, saved: Saved) -> None:
    """Give a layer, a wrapper or a network inside a network what the file holds for it.

    Args:
        layer: The layer, built.
        saved: Its arrays.

    Raises:
        ModelError: Another number of arrays, or another shape, than the layer has.
    """
    if isinstance(layer, keras.Model):
        for inner, of_inner in _shared_out(layer, saved):
            assign(inner, of_inner)
    elif isinstance(layer, keras.layers.Bidirectional):
        half = len(saved.arrays) // 2
        assign(layer.forward_layer, saved.part(range(half)))
        assign(layer.backward_layer, saved.part(range(half, len(saved.arrays))))
    elif isinstance(layer, keras.layers.TimeDistributed):
        assign(layer.layer, saved)
    else:
        _fill(layer, _as_keras_3(layer, saved))


def _fill(layer: Any, arrays: Sequence[np.ndarray]) -> None:
    variables = layer.trainable_weights + layer.non_trainable_weights
    expected, received = [tuple(one.shape) for one in variables], [one.shape for one in arrays]
    if expected != received:
        raise ModelError(
            "weights_differ", f"What the file holds for layer `{layer.name}` does not fit it",
            expected=f"arrays of shapes {_listed(expected)}", received=_listed(received),
        )  # fmt: skip
    for variable, array in zip(variables, arrays, strict=True):
        variable.assign(array)


def _listed(shapes: Sequence[tuple[int, ...]]) -> str:
    return ", ".join(map(str, shapes)) or "none"


def _shared_out(network: Any, saved: Saved) -> list[tuple[Any, Saved]]:
    """The arrays of a network inside a network, layer by layer.

    A file lists all that trains before all that does not, of one layer after the other; where names of variables tell
    the layer, they decide, because a frozen layer has no such order.
    """
    leaves = _leaves(network)
    named = [_owner(name, leaves) for name in saved.names]
    if None not in named:
        places = {name: [place for place, one in enumerate(named) if one == name] for name in leaves}
        if all(len(places[name]) == len(layer.weights) for name, layer in leaves.items()):
            return [(layer, saved.part(places[name])) for name, layer in leaves.items()]
    found: dict[str, list[int]] = {name: [] for name in leaves}
    place = 0
    for part in ("_trainable", "_fixed"):
        for name, layer in leaves.items():
            count = sum(getattr(one, "trainable", True) == (part == "_trainable") for one in layer.weights)
            found[name] += range(place, place + count)
            place += count
    if place != len(saved.arrays):
        raise ModelError(
            "weights_differ", f"What the file holds for network `{network.name}` does not fit it",
            expected=f"{place} arrays", received=f"{len(saved.arrays)} arrays",
        )  # fmt: skip
    return [(layer, saved.part(found[name])) for name, layer in leaves.items()]


def _leaves(network: Any) -> dict[str, Any]:
    """Layers with weights by name, those of networks inside too."""
    found: dict[str, Any] = {}
    for layer in network.layers:
        if isinstance(layer, keras.Model):
            found.update(_leaves(layer))
        elif layer.weights:
            found[layer.name] = layer
    return found


def _owner(name: str, leaves: Mapping[str, Any]) -> str | None:
    return next((part for part in reversed(name.split("/")[:-1]) if part in leaves), None)


def _as_keras_3(layer: Any, saved: Saved) -> list[np.ndarray]:
    """The arrays in the order and layout of Keras 3."""
    arrays = list(saved.arrays)
    if not arrays:
        return arrays
    if isinstance(layer, Highway):
        return _by_name(layer, saved)
    if saved.is_keras_1:
        arrays = _of_keras_1(layer, arrays)
    if isinstance(layer, CONVOLUTIONS) and saved.backend == "theano":  # which turned kernels around: true convolution
        kernels = 2 if isinstance(layer, keras.layers.ConvLSTM2D) else 1
        axes = tuple(range(arrays[0].ndim - 2))
        arrays = [np.flip(one, axes) if place < kernels else one for place, one in enumerate(arrays)]
    if type(layer) in CUDNN:
        arrays = _of_cudnn(layer, arrays)
    if isinstance(layer, LocallyConnected1D | LocallyConnected2D):
        arrays[0] = _places_first(layer, arrays[0])
    return arrays


def _by_name(layer: Any, saved: Saved) -> list[np.ndarray]:
    """Keras 1 and 2 stored a Highway's arrays in different orders, but by the same names."""
    ends = sorted(HIGHWAY, key=len, reverse=True)
    found = {}
    for name, array in zip(saved.names, saved.arrays, strict=True):
        plain = name.rpartition("/")[2].removesuffix(":0")
        end = next((one for one in ends if plain == one or plain.endswith("_" + one)), None)
        found[HIGHWAY.get(end or "", plain)] = array
    return [found[one.name] for one in layer.weights if one.name in found]


def _of_keras_1(layer: Any, arrays: list[np.ndarray]) -> list[np.ndarray]:
    recurrent = keras.layers.LSTM | keras.layers.GRU | keras.layers.ConvLSTM2D
    if isinstance(layer, recurrent) and len(arrays) in GATES_OF_KERAS_1:
        gates = GATES_OF_KERAS_1[len(arrays)]
        is_first = isinstance(layer, keras.layers.ConvLSTM2D) and layer.data_format == "channels_first"
        gathered = [[arrays[3 * gate + kind] for gate in gates] for kind in range(3)]
        axis = 0 if is_first else -1
        found = [np.concatenate(one, axis=axis if one[0].ndim > 1 else 0) for one in gathered]
        return [one.transpose(2, 3, 1, 0) if is_first and one.ndim == CUT_PICTURE else one for one in found]
    kernel = arrays[0]
    is_first = getattr(layer, "data_format", None) == "channels_first"
    if isinstance(layer, keras.layers.Conv1D) and kernel.ndim == CUT_PICTURE:
        if kernel.shape[:2] != (layer.kernel_size[0], 1) or kernel.shape[3] != layer.filters:
            kernel = kernel.transpose(2, 3, 1, 0)
        kernel = kernel[:, 0]
    elif isinstance(layer, keras.layers.Conv2DTranspose):
        kernel = kernel.transpose(2, 3, 0, 1) if is_first else kernel.transpose(0, 1, 3, 2)
    elif isinstance(layer, keras.layers.Conv2D | keras.layers.Conv3D) and is_first:
        kernel = kernel.transpose(*range(2, kernel.ndim), 1, 0)
    return [kernel, *arrays[1:]]


def _of_cudnn(layer: Any, arrays: list[np.ndarray]) -> list[np.ndarray]:
    """Undo cuDNN's layout: it reads a gate's kernel line by line of units; Keras 2 kept its numbers in that order."""
    gates = CUDNN[type(layer)]
    kernel, recurrent, bias = arrays
    kernel = np.hstack([one.T.reshape(one.shape, order="F") for one in np.hsplit(kernel, gates)])
    recurrent = np.hstack([one.T for one in np.hsplit(recurrent, gates)])
    return [kernel, recurrent, bias.reshape(2, -1) if isinstance(layer, CuDNNGRU) else bias]


def _places_first(layer: Any, kernel: np.ndarray) -> np.ndarray:
    """A kernel as the second and third `implementation` of TensorFlow's Keras stored it, a line a place as here."""
    shape = tuple(layer.kernel.shape)
    if kernel.shape == shape or layer.data_format != "channels_last":
        return kernel
    if kernel.ndim == 1 and layer.padding == "valid" and kernel.size == np.prod(shape):
        return kernel.reshape(shape[0], shape[2], shape[1]).swapaxes(1, 2)
    rank = layer.rank
    if kernel.ndim != 2 * rank + 2:
        return kernel
    lengths, channels = kernel.shape[:rank], kernel.shape[rank]
    found = np.zeros((*layer.places, *layer.kernel_size, channels, layer.filters), kernel.dtype)
    before = [margin[0] for margin in layer._margins(lengths)]  # noqa: SLF001  # the layer's own cut of its input
    for place in product(*map(range, layer.places)):
        for offset in product(*map(range, layer.kernel_size)):
            read = [
                one * step + by - margin
                for one, step, by, margin in zip(place, layer.strides, offset, before, strict=True)
            ]
            if all(0 <= one < length for one, length in zip(read, lengths, strict=True)):
                found[(*place, *offset)] = kernel[(*read, slice(None), *place)]
    return found.reshape(shape)
