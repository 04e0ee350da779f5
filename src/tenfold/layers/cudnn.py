"""`CuDNNLSTM` and `CuDNNGRU`: recurrent layers as NVIDIA's cuDNN defines them, on any device.

cuDNN's LSTM has two biases for each gate, one beside the inputs and one beside the state: `8 units` numbers where
Keras' LSTM has `4 units`. Its GRU applies the reset gate after the matrix product, as Keras' does by default, and has
two biases as well. Neither layer needs cuDNN here: Keras 2 did, and ran them on a GPU alone.

Source: `keras/layers/cudnn_recurrent.py` of Keras 2.3.1; Chetlur and others (2014), "cuDNN: Efficient Primitives for
Deep Learning", and the equations of `cudnnRNNMode_t` in NVIDIA's cuDNN reference.
"""

from typing import Any, no_type_check

import keras
from keras import ops
from keras.saving import register_keras_serializable

from tenfold.layers.old_arguments import takes_old_names

__all__ = ["CuDNNGRU", "CuDNNLSTM"]

FIXED = ("activation", "recurrent_activation", "use_bias", "dropout", "recurrent_dropout", "seed", "reset_after",
         "use_cudnn", "zero_output_for_mask", "unroll")  # fmt: skip
"""Of Keras' layers, but not of cuDNN's."""

OF_CELL = (
    "unit_forget_bias",
    *(f"{weight}_{kind}" for weight in ("kernel", "recurrent", "bias")
      for kind in ("initializer", "regularizer", "constraint")),
)  # fmt: skip
"""Arguments of the layer that its cell takes."""


@register_keras_serializable("tenfold")
@no_type_check  # Keras reads the arguments of `__init__`, which a wrapper that checks them would hide
class CuDNNLSTMCell(keras.layers.LSTMCell):  # type: ignore[misc]  # Keras is not annotated
    """A step of cuDNN's LSTM: `W x + b_W + R h + b_R` at each gate.

    Args:
        units: Units.
        **kwargs: As `keras.layers.LSTMCell` takes them.
    """

    def build(self, input_shape: Any) -> None:
        """Create kernels and both biases; that of the state starts the forget gate at 1."""
        self.kernel = self.add_weight(
            shape=(input_shape[-1], 4 * self.units), name="kernel", initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer, constraint=self.kernel_constraint,
        )  # fmt: skip
        self.recurrent_kernel = self.add_weight(
            shape=(self.units, 4 * self.units), name="recurrent_kernel", initializer=self.recurrent_initializer,
            regularizer=self.recurrent_regularizer, constraint=self.recurrent_constraint,
        )  # fmt: skip
        self.biases = self.add_weight(
            shape=(8 * self.units,), name="bias",
            initializer=self._starts if self.unit_forget_bias else self.bias_initializer,
            regularizer=self.bias_regularizer, constraint=self.bias_constraint,
        )  # fmt: skip

    @property
    def bias(self) -> Any:
        """Of each gate, both biases added."""
        beside_inputs, beside_state = ops.split(self.biases, 2)
        return beside_inputs + beside_state

    def _starts(self, shape: Any, dtype: Any = None) -> Any:
        del shape
        before, after = (self.bias_initializer((count * self.units,), dtype=dtype) for count in (5, 2))
        return ops.concatenate([before, ops.ones((self.units,), dtype=dtype), after])


@register_keras_serializable("tenfold")
@no_type_check
class CuDNNLSTM(keras.layers.RNN):  # type: ignore[misc]
    """cuDNN's LSTM: sigmoid gates, tanh, two biases a gate.

    Input: `(row, step, feature)`; output: `(row, unit)`, or `(row, step, unit)` with `return_sequences`. Weights:
    `kernel` `(feature, 4 unit)`, `recurrent_kernel` `(unit, 4 unit)` and `bias` `(8 unit,)`, gates in the order input,
    forget, cell, output.

    Args:
        units: Units.
        **kwargs: `unit_forget_bias`, initializers, regularizers, constraints and what to return as in
            `keras.layers.LSTM`.
    """

    @takes_old_names("CuDNNLSTM")
    def __init__(self, units: int, **kwargs: Any) -> None:
        of_cell = {name: kwargs.pop(name) for name in OF_CELL if name in kwargs}
        cell = CuDNNLSTMCell(units, dtype=kwargs.get("dtype"), name="cudnn_lstm_cell", **of_cell)
        super().__init__(cell, **kwargs)
        self.units, self.input_spec = units, keras.InputSpec(ndim=3)

    def get_config(self) -> dict[str, Any]:
        """What the layer is rebuilt from."""
        config, of_cell = super().get_config(), self.cell.get_config()
        del config["cell"]
        config |= {name: of_cell[name] for name in ("units", *OF_CELL)}
        return {key: value for key, value in config.items() if key not in FIXED}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "CuDNNLSTM":
        """The layer of a configuration."""
        return cls(**config)


@register_keras_serializable("tenfold")
@no_type_check
class CuDNNGRU(keras.layers.GRU):  # type: ignore[misc]
    """cuDNN's GRU: the reset gate after the matrix product, two biases a gate.

    Input: `(row, step, feature)`; output: `(row, unit)`, or `(row, step, unit)` with `return_sequences`. Weights:
    `kernel` `(feature, 3 unit)`, `recurrent_kernel` `(unit, 3 unit)` and `bias` `(2, 3 unit)`, gates in the order
    update, reset, new.

    Args:
        units: Units.
        **kwargs: Initializers, regularizers, constraints and what to return as in `keras.layers.GRU`.
    """

    @takes_old_names("CuDNNGRU")
    def __init__(self, units: int, **kwargs: Any) -> None:
        super().__init__(units, reset_after=True, **kwargs)

    def get_config(self) -> dict[str, Any]:
        """What the layer is rebuilt from."""
        return {key: value for key, value in super().get_config().items() if key not in FIXED}
