"""Arguments of layers as Keras 1 and 2 named them, in the words of Keras 3.

    AtrousConvolution2D(32, nb_row=3, nb_col=3, border_mode="same", atrous_rate=2)
    Conv2D(32, kernel_size=(3, 3), padding="same", dilation_rate=2)        # the same layer

One table serves both ways in which old names arrive: code that calls a layer of `tenfold.layers`, and the layers that
a file of an older Keras describes (`tenfold.load_model`).

Source: `keras/legacy/interfaces.py` of Keras 2.3.1, which led from Keras 1 to 2, and the signatures of Keras 3.
"""

import functools
from collections.abc import Callable, Iterable, Mapping
from typing import Any, no_type_check

__all__ = ["KERAS_3_CLASS", "old_arguments_of", "renamed", "takes_old_names"]

KERAS_3_CLASS = {
    "AtrousConvolution1D": "Conv1D",
    "AtrousConvolution2D": "Conv2D",
    "AvgPool1D": "AveragePooling1D",
    "AvgPool2D": "AveragePooling2D",
    "AvgPool3D": "AveragePooling3D",
    "Convolution1D": "Conv1D",
    "Convolution2D": "Conv2D",
    "Convolution3D": "Conv3D",
    "Convolution2DTranspose": "Conv2DTranspose",
    "Convolution3DTranspose": "Conv3DTranspose",
    "Deconvolution2D": "Conv2DTranspose",
    "Deconvolution3D": "Conv3DTranspose",
    "GlobalAvgPool1D": "GlobalAveragePooling1D",
    "GlobalAvgPool2D": "GlobalAveragePooling2D",
    "GlobalAvgPool3D": "GlobalAveragePooling3D",
    "GlobalMaxPool1D": "GlobalMaxPooling1D",
    "GlobalMaxPool2D": "GlobalMaxPooling2D",
    "GlobalMaxPool3D": "GlobalMaxPooling3D",
    "MaxPool1D": "MaxPooling1D",
    "MaxPool2D": "MaxPooling2D",
    "MaxPool3D": "MaxPooling3D",
    "SeparableConvolution1D": "SeparableConv1D",
    "SeparableConvolution2D": "SeparableConv2D",
    "TimeDistributedDense": "Dense",  # of Keras 1: Dense takes sequences since Keras 2
}
"""The one class behind names that mean the same layer; a name that is not here is its own class."""

_WEIGHTS = {
    "init": "kernel_initializer",
    "W_regularizer": "kernel_regularizer",
    "b_regularizer": "bias_regularizer",
    "W_constraint": "kernel_constraint",
    "b_constraint": "bias_constraint",
    "bias": "use_bias",
}
_IMAGE = {"dim_ordering": "data_format"}
_CONVOLUTION = {
    **_WEIGHTS,
    **_IMAGE,
    "nb_filter": "filters",
    "filter_length": "kernel_size",
    "subsample": "strides",
    "subsample_length": "strides",
    "border_mode": "padding",
    "atrous_rate": "dilation_rate",
}
_POOLING = {**_IMAGE, "border_mode": "padding", "pool_length": "pool_size", "stride": "strides"}
_RECURRENT = {
    **_WEIGHTS,
    "output_dim": "units",
    "inner_init": "recurrent_initializer",
    "inner_activation": "recurrent_activation",
    "U_regularizer": "recurrent_regularizer",
    "dropout_W": "dropout",
    "dropout_U": "recurrent_dropout",
    "forget_bias_init": "unit_forget_bias",
}
_CONV_LSTM = {**_RECURRENT, **_CONVOLUTION}
_DENSE = {**_WEIGHTS, "output_dim": "units"}
_EMBEDDING = {
    "init": "embeddings_initializer",
    "W_regularizer": "embeddings_regularizer",
    "W_constraint": "embeddings_constraint",
}
_BATCH_NORMALIZATION = {
    "beta_init": "beta_initializer",
    "gamma_init": "gamma_initializer",
    "beta_regularizer": "beta_regularizer",
}
_SEPARABLE = {name: new for name, new in _CONVOLUTION.items() if new != "kernel_initializer"}


def _for(layers: Iterable[str], names: Mapping[str, str]) -> dict[str, Mapping[str, str]]:
    return dict.fromkeys(layers, names)


_NAMES: dict[str, Mapping[str, str]] = {
    **_for(["Dense", "MaxoutDense"], _DENSE),
    "Highway": {old: new for old, new in _DENSE.items() if new != "units"},  # as many units as inputs
    **_for(["Conv1D", "Conv2D", "Conv3D", "Conv2DTranspose", "Conv3DTranspose"], _CONVOLUTION),
    **_for(["LocallyConnected1D", "LocallyConnected2D"], _CONVOLUTION),
    **_for(["SeparableConv1D", "SeparableConv2D", "DepthwiseConv2D"], _SEPARABLE),
    **_for(["SimpleRNN", "GRU", "LSTM", "CuDNNGRU", "CuDNNLSTM"], _RECURRENT),
    **_for(["SimpleRNNCell", "GRUCell", "LSTMCell", "Recurrent"], _RECURRENT),
    **_for(["ConvLSTM2D", "ConvLSTM2DCell"], _CONV_LSTM),
    **{f"{kind}Pooling{rank}D": _POOLING for kind in ("Max", "Average") for rank in (1, 2, 3)},
    **{f"Global{kind}Pooling{rank}D": _IMAGE for kind in ("Max", "Average") for rank in (1, 2, 3)},
    **{f"{kind}{rank}D": _IMAGE for kind in ("ZeroPadding", "Cropping") for rank in (2, 3)},
    "UpSampling1D": {"length": "size"},
    "UpSampling2D": _IMAGE,
    "UpSampling3D": _IMAGE,
    **_for(["Dropout", "GaussianDropout", "AlphaDropout", "SpatialDropout1D"], {"p": "rate"}),
    **_for(["SpatialDropout2D", "SpatialDropout3D"], {"p": "rate", **_IMAGE}),
    "GaussianNoise": {"sigma": "stddev"},
    "BatchNormalization": _BATCH_NORMALIZATION,
    "Embedding": _EMBEDDING,
    "PReLU": {"init": "alpha_initializer"},
    "LeakyReLU": {"alpha": "negative_slope"},
    "InputLayer": {"batch_input_shape": "batch_shape", "input_dtype": "dtype"},
    "Flatten": _IMAGE,
}

_DATA_FORMATS = {"tf": "channels_last", "th": "channels_first", "default": None}
_KERNEL_SIZES = [
    ("nb_row", "nb_col"),
    ("kernel_dim1", "kernel_dim2", "kernel_dim3"),
]
_WITHOUT_EFFECT = frozenset({
    "consume_less", "fused", "implementation", "input_dim", "input_length", "output_shape_type", "ragged", "weights",
})  # fmt: skip
"""Left out: how to compute, not what; or told by the shape of the input; or, as `weights`, kept elsewhere in a file."""


def old_arguments_of(name: str) -> dict[str, str]:
    """Old names of a layer's arguments, each with its name in Keras 3; empty where nothing was renamed.

    Args:
        name: The layer's class, of any Keras.

    Returns:
        New name of each old one, in the order of the alphabet.

    >>> old_arguments_of("GaussianNoise")
    {'sigma': 'stddev'}
    """
    layer = KERAS_3_CLASS.get(name, name)
    names = {old: new for old, new in _NAMES.get(layer, {}).items() if old != new and _fits(old, layer)}
    sizes = next((old for old in _KERNEL_SIZES if len(old) == _rank(layer)), None)
    if sizes and names.get("nb_filter"):
        names.update(dict.fromkeys(sizes, "kernel_size"))
    return dict(sorted(names.items()))


def renamed(name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """A layer's arguments in the words of Keras 3.

    Args:
        name: The layer's class, of any Keras.
        arguments: Its arguments by name, of any Keras.

    Returns:
        The same with new names and values, without those that have no effect any more.

    Raises:
        ValueError: An argument stands there by its old and by its new name.

    >>> renamed("Convolution2D", {"nb_filter": 8, "nb_row": 3, "nb_col": 5, "dim_ordering": "tf"})
    {'filters': 8, 'kernel_size': (3, 5), 'data_format': 'channels_last'}
    >>> renamed("Dropout", {"p": 0.5, "rate": 0.5})
    Traceback (most recent call last):
    ValueError: `p` is the old name of `rate`, and both are given.
    """
    names, sizes = old_arguments_of(name), [old for old in _KERNEL_SIZES if set(old) <= set(arguments)]
    found: dict[str, Any] = {}
    for old, value in arguments.items():
        new = names.get(old, old)
        if new != old and new in arguments:
            raise ValueError(f"`{old}` is the old name of `{new}`, and both are given.")
        if sizes and old in sizes[0]:
            found["kernel_size"] = tuple(arguments[each] for each in sizes[0])
        elif old in _WITHOUT_EFFECT and not _takes(name, old):
            continue
        else:
            found[new] = _VALUES.get(old, _same)(value)
    return found


def takes_old_names(name: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """For the `__init__` of a layer: arguments by their old names, and kernels as numbers one after the other.

    Args:
        name: The layer's class, whatever a subclass is called.

    Returns:
        The decorator.
    """

    def decorated(initialise: Callable[..., None]) -> Callable[..., None]:
        @no_type_check  # a wrapper that checks annotations would hide `self` from Keras
        @functools.wraps(initialise)
        def taking(self: Any, *values: Any, **arguments: Any) -> None:
            sizes = values[1:]
            if 1 < _rank(name) == len(sizes) and all(isinstance(size, int) for size in sizes):
                values = (values[0], sizes)  # (32, 3, 3) of Keras 1 is (32, (3, 3))
            initialise(self, *values, **renamed(name, arguments))

        del taking.__wrapped__  # Keras compares two readings of a signature, and both must read this one
        found: Callable[..., None] = taking
        return found

    return decorated


def _same(value: Any) -> Any:
    return value


def _data_format(value: Any) -> Any:
    return _DATA_FORMATS.get(value, value)


def _is_one(value: Any) -> bool:
    return value == "one" or (isinstance(value, Mapping) and "ones" in str(value).lower())


_VALUES: dict[str, Callable[[Any], Any]] = {"dim_ordering": _data_format, "forget_bias_init": _is_one}


def _takes(name: str, argument: str) -> bool:
    return (argument == "input_dim" and name == "Embedding") or (
        argument == "implementation" and name.startswith("LocallyConnected")
    )


def _rank(layer: str) -> int:
    return int(layer[-2]) if layer.endswith("D") and layer[-2:-1].isdigit() else 2 if "2D" in layer else 0


def _fits(old: str, layer: str) -> bool:
    """Whether a name belongs to a layer of this many axes: `filter_length` is of one, `subsample` of more."""
    one_axis = _rank(layer) == 1
    if old == "forget_bias_init":
        return "LSTM" in layer
    if layer.startswith("ConvLSTM"):
        return old not in ("filter_length", "subsample_length", "atrous_rate", "output_dim")
    if old in ("filter_length", "subsample_length", "pool_length", "stride"):
        return one_axis
    if old == "atrous_rate":
        return layer in ("Conv1D", "Conv2D")
    return not (one_axis and old in ("subsample", "dim_ordering"))
