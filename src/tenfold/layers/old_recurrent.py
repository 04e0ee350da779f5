"""Recurrent layers as Keras 1 and 2 let users write them: a class with a `step`, and the loop over pictures.

    class Leaky(Recurrent):                     # a layer of Keras 1 or 2.0: weights in `build`, one step in `step`
        def build(self, input_shape):
            super().build(input_shape)
            self.kernel = self.add_weight(shape=(input_shape[-1], self.units), name="kernel")

        def step(self, inputs, states):
            state = 0.9 * states[0] + ops.matmul(inputs, self.kernel)
            return state, [state]

Source: `keras/layers/recurrent.py` of Keras 2.0.4 and `keras/legacy/layers.py` of Keras 2.3.1.
"""

from typing import Any, no_type_check

import keras
from keras.saving import register_keras_serializable
from keras.src.layers.rnn.conv_lstm import ConvLSTMCell  # Keras 3 keeps the cell to itself

from tenfold.layers.old_arguments import takes_old_names

__all__ = ["ConvLSTM2DCell", "ConvRecurrent2D", "Recurrent"]

PICTURES = 5
"""Axes of a series of pictures: row, step, height, width, channel."""


@no_type_check
class _StepCell(keras.layers.Layer):  # type: ignore[misc]  # Keras is not annotated
    """The step of a `Recurrent` layer as a cell. It holds no weights: they belong to the layer."""

    def __init__(self, step: Any, state_size: tuple[int, ...], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.step, self.state_size, self.output_size = step, state_size, state_size[0]

    def call(self, inputs: Any, states: Any) -> Any:
        return self.step(inputs, states)

    def get_config(self) -> dict[str, Any]:
        """What it holds; the layer, which is saved, makes its cell anew."""
        return {**super().get_config(), "state_size": self.state_size}


@register_keras_serializable("tenfold")
@no_type_check  # Keras reads the arguments of `__init__`, which a wrapper that checks them would hide
class Recurrent(keras.layers.RNN):  # type: ignore[misc]
    """Base class of recurrent layers: a subclass says in `step` what one step does; the loop is Keras' own.

    Input: `(row, step, feature)`; output: `(row, unit)`, or `(row, step, unit)` with `return_sequences`. A subclass
    calls `super().build(input_shape)`, creates its weights and defines `step(inputs, states)`, which returns the output
    `(row, unit)` and the next states.

    Args:
        units: Numbers of the output and of each state.
        num_states: States that a step hands to the next; an LSTM has 2.
        **kwargs: `return_sequences`, `return_state`, `go_backwards`, `stateful` and `unroll` as in `keras.layers.RNN`,
            and `output_dim`, which Keras 1 called `units`.
    """

    @takes_old_names("Recurrent")
    def __init__(self, units: int, num_states: int = 1, **kwargs: Any) -> None:
        cell = _StepCell(self.step, (units,) * num_states, name="step")
        super().__init__(cell, **kwargs)
        self.units, self.num_states = units, num_states

    def step(self, inputs: Any, states: Any) -> Any:
        """What one step does; a subclass defines it.

        Args:
            inputs: Of one step, `(row, feature)`.
            states: What the step before handed on, each `(row, unit)`.

        Returns:
            The output `(row, unit)` and the list of next states.
        """
        raise NotImplementedError(f"{type(self).__name__} is a recurrent layer without a `step`; define it.")

    def get_config(self) -> dict[str, Any]:
        """What the layer is rebuilt from."""
        config = super().get_config()
        del config["cell"]
        return {**config, "units": self.units, "num_states": self.num_states}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "Recurrent":
        """The layer of a configuration."""
        return cls(**config)


@register_keras_serializable("tenfold")
@no_type_check
class ConvLSTM2DCell(ConvLSTMCell):  # type: ignore[misc]
    """One step of a convolutional LSTM over pictures: `keras.layers.ConvLSTM2D` is its loop.

    Source: Shi and others (2015), "Convolutional LSTM Network", equation 3, without peepholes, as in Keras.

    Args:
        filters: Channels of the output and of both states.
        kernel_size: Of the convolutions, one number or height and width.
        **kwargs: As `keras.layers.ConvLSTM2D` takes them, without those of the loop.
    """

    @takes_old_names("ConvLSTM2DCell")
    def __init__(self, filters: int, kernel_size: Any, **kwargs: Any) -> None:
        super().__init__(2, filters, kernel_size, **kwargs)

    def build(self, inputs_shape: Any, states_shape: Any = None) -> None:
        """Create kernels and bias; a shape out of a saved model comes as a list."""
        super().build(tuple(inputs_shape), states_shape)


@register_keras_serializable("tenfold")
@no_type_check
class ConvRecurrent2D(keras.layers.RNN):  # type: ignore[misc]
    """The loop of a cell over series of pictures.

    Input: `(row, step, height, width, channel)`; output: that of the cell at the last step, or at each step with
    `return_sequences`. Keras 2.1 and later call it `ConvRNN2D`.

    Args:
        cell: A cell whose `compute_output_shape` and `get_initial_state` know pictures, such as `ConvLSTM2DCell`.
        **kwargs: `return_sequences`, `return_state`, `go_backwards` and `stateful` as in `keras.layers.RNN`.
    """

    def __init__(self, cell: Any, **kwargs: Any) -> None:
        super().__init__(cell, **kwargs)
        self.input_spec = keras.InputSpec(ndim=PICTURES)

    def compute_output_shape(self, sequences_shape: Any, initial_state_shape: Any = None) -> Any:
        """That of the cell, with a step axis where each step answers."""
        del initial_state_shape
        row, step, *picture = sequences_shape
        output, states = self.cell.compute_output_shape((row, *picture))
        found = (row, step, *output[1:]) if self.return_sequences else tuple(output)
        return (found, *map(tuple, states)) if self.return_state else found
