"""Layers for tables, as ordinary Keras layers: embeddings of numbers and codes, scales, parametric activations, heads.

Some of these learn slower or faster than the rest of their network. That needs no special optimizer: a layer keeps its
weight divided by its learning-rate factor and multiplies it again in its forward pass. Adam does not see the scale of a
gradient, so the product moves `factor` times as fast as a weight of the same start, and decoupled decay acts on it
alike.

All layers treat rows one by one, work in float32 and float64 and are registered with Keras: after
`import tenfold.layers` a saved model loads in safe mode.

Sources: embeddings of numbers by Gorishniy, Rubachev and Babenko (2022), "On Embeddings for Numerical Features";
scales, periodic embeddings (PBLD), parametric activations by Holzmueller, Grinsztajn and Steinwart (2024), "Better by
Default" (RealMLP); adapters by Gorishniy, Kotelnikov and Babenko (2024), "TabM"; products of pairs by Rendle (2010),
"Factorization Machines".
"""

import math
from collections.abc import Sequence
from typing import Any, no_type_check

import keras
from keras import ops
from keras.saving import register_keras_serializable

__all__ = [
    "CodeEmbedding",
    "HeadAdapter",
    "HeadMean",
    "PairProducts",
    "ParametricActivation",
    "PeriodicEmbedding",
    "PiecewiseLinearEmbedding",
    "ScaledDense",
    "ScalingLayer",
]

SLOW = 0.1
"""Learning-rate factor of biases, activations and number embeddings. Source: RealMLP-TD."""

FAST = 6.0
"""Learning-rate factor of the front scale. Source: RealMLP-TD."""


@register_keras_serializable("tenfold")
@no_type_check  # Keras reads the arguments of `__init__`, which a wrapper that checks them would hide
class ScalingLayer(keras.layers.Layer):  # type: ignore[misc]  # Keras is not annotated
    """Multiplies each column by a factor of its own that starts at 1: a soft choice of columns.

    Input and output: `(row, column)`.

    Args:
        learning_rate_factor: How many times as fast as other weights the factors move; above 0.
        **kwargs: As every Keras layer takes them.
    """

    def __init__(self, learning_rate_factor: float = FAST, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.learning_rate_factor = learning_rate_factor

    def build(self, input_shape: Any) -> None:
        """Create the factors, one a column."""
        start = keras.initializers.Constant(1 / self.learning_rate_factor)
        self.scale = self.add_weight(shape=(input_shape[-1],), initializer=start, name="scale")

    def call(self, inputs: Any) -> Any:
        """Columns times their factors."""
        return inputs * (self.scale * self.learning_rate_factor)

    def get_config(self) -> dict[str, Any]:
        """What the layer is rebuilt from."""
        return {**super().get_config(), "learning_rate_factor": self.learning_rate_factor}


@register_keras_serializable("tenfold")
@no_type_check
class ScaledDense(keras.layers.Layer):  # type: ignore[misc]
    """A dense layer whose weights start at unit variance: y = x W / sqrt(columns) + b.

    Under Adam it learns as a `Dense` layer with the learning rate divided by sqrt(columns), so that one learning rate
    serves layers of all widths. The bias starts at 0 and has a learning-rate factor of its own.

    Input `(row, column)`, output `(row, unit)`.

    Args:
        units: Units.
        bias_learning_rate_factor: How many times as fast as the weights the bias moves; above 0.
        kernel_initializer: Start of W; by default normal with variance 1.
        **kwargs: As every Keras layer takes them.
    """

    def __init__(
        self, units: int, bias_learning_rate_factor: float = SLOW, kernel_initializer: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.units, self.bias_learning_rate_factor = units, bias_learning_rate_factor
        self.kernel_initializer = keras.initializers.get(
            kernel_initializer or keras.initializers.RandomNormal(0.0, 1.0)
        )

    def build(self, input_shape: Any) -> None:
        """Create W and b."""
        self.kernel = self.add_weight(
            shape=(input_shape[-1], self.units), initializer=self.kernel_initializer, name="kernel"
        )
        self.bias = self.add_weight(shape=(self.units,), initializer="zeros", name="bias")

    def call(self, inputs: Any) -> Any:
        """The product, scaled, and the bias."""
        scale = 1 / math.sqrt(self.kernel.shape[0])
        return ops.matmul(inputs, self.kernel * scale) + self.bias * self.bias_learning_rate_factor

    def compute_output_shape(self, input_shape: Any) -> tuple[Any, ...]:
        """`(row, unit)`."""
        return (*input_shape[:-1], self.units)

    def get_config(self) -> dict[str, Any]:
        """What the layer is rebuilt from."""
        return {
            **super().get_config(),
            "units": self.units,
            "bias_learning_rate_factor": self.bias_learning_rate_factor,
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
        }


@register_keras_serializable("tenfold")
@no_type_check
class ParametricActivation(keras.layers.Layer):  # type: ignore[misc]
    """x + a (f(x) - x): between the identity (a = 0) and an activation (a = 1), learnt for each unit; a starts at 1.

    Input and output: `(row, unit)`.

    Args:
        activation: Keras' name of f, or a function.
        learning_rate_factor: How many times as fast as other weights `a` moves; above 0.
        **kwargs: As every Keras layer takes them.
    """

    def __init__(self, activation: Any = "selu", learning_rate_factor: float = SLOW, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.activation, self.learning_rate_factor = keras.activations.get(activation), learning_rate_factor

    def build(self, input_shape: Any) -> None:
        """Create a, one number a unit."""
        start = keras.initializers.Constant(1 / self.learning_rate_factor)
        self.slope = self.add_weight(shape=(input_shape[-1],), initializer=start, name="slope")

    def call(self, inputs: Any) -> Any:
        """Identity and activation, mixed."""
        return inputs + self.slope * self.learning_rate_factor * (self.activation(inputs) - inputs)

    def get_config(self) -> dict[str, Any]:
        """What the layer is rebuilt from."""
        return {
            **super().get_config(),
            "activation": keras.activations.serialize(self.activation),
            "learning_rate_factor": self.learning_rate_factor,
        }


@register_keras_serializable("tenfold")
@no_type_check
class PiecewiseLinearEmbedding(keras.layers.Layer):  # type: ignore[misc]
    """A learnt piecewise linear curve for each unit of each column, with knots at quantiles.

    A rank r (where a number lies among the training rows, 0 to 1) is encoded as clip(r * bins - bin, 0, 1), bin after
    bin: as linear interpolation between quantiles. An embedding is a straight line of the rank from -1 to 1 that starts
    at random, plus a linear map of the encoding that starts at zero (version "B" of the package rtdl_num_embeddings,
    with the rank in place of the scaled number).

    Input `(row, column)` with ranks in [0, 1]; output `(row, column * unit)`.

    Args:
        bins: Linear pieces of a curve, at least 1.
        units: Curves of a column.
        **kwargs: As every Keras layer takes them.
    """

    def __init__(self, bins: int = 48, units: int = 16, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.bins, self.units = bins, units

    def build(self, input_shape: Any) -> None:
        """Create the lines and the curves."""
        columns, random = input_shape[-1], keras.initializers.RandomUniform
        self.line = self.add_weight(shape=(columns, self.units), initializer=random(-1.0, 1.0), name="line")
        self.bias = self.add_weight(shape=(columns, self.units), initializer=random(-1.0, 1.0), name="bias")
        self.kernel = self.add_weight(shape=(columns, self.bins, self.units), initializer="zeros", name="kernel")

    def call(self, inputs: Any) -> Any:
        """Curves of all columns, side by side."""
        positions = ops.arange(self.bins, dtype=inputs.dtype)
        encoded = ops.clip(ops.expand_dims(inputs, -1) * self.bins - positions, 0.0, 1.0)
        lines = ops.expand_dims(2 * inputs - 1, -1) * self.line + self.bias
        curves = lines + ops.einsum("rcb,cbu->rcu", encoded, self.kernel)
        return ops.reshape(curves, (-1, inputs.shape[-1] * self.units))

    def compute_output_shape(self, input_shape: Any) -> tuple[Any, int]:
        """`(row, column * unit)`."""
        return input_shape[0], input_shape[-1] * self.units

    def get_config(self) -> dict[str, Any]:
        """What the layer is rebuilt from."""
        return {**super().get_config(), "bins": self.bins, "units": self.units}


@register_keras_serializable("tenfold")
@no_type_check
class PeriodicEmbedding(keras.layers.Layer):  # type: ignore[misc]
    """Waves of each column, mixed and set beside the number itself (PBLD: periodic, bias, linear, dense).

    cos(2 pi (x w + b)) for `frequencies` w and b of each column's own, mapped linearly to `units`; x is appended.

    Input `(row, column)`: numbers whose quartile range is about 1; output `(row, column * (unit + 1))`.

    Args:
        frequencies: Waves of a column.
        units: What they are mixed to.
        sigma: Standard deviation of the frequencies at the start, in periods per unit of the number.
        learning_rate_factor: How many times as fast as other weights all of these move; above 0.
        **kwargs: As every Keras layer takes them.
    """

    def __init__(
        self,
        frequencies: int = 16,
        units: int = 3,
        sigma: float = 0.1,
        learning_rate_factor: float = SLOW,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.frequencies, self.units, self.sigma = frequencies, units, sigma
        self.learning_rate_factor = learning_rate_factor

    def build(self, input_shape: Any) -> None:
        """Create frequencies, phases and the mixture."""
        columns, factor = input_shape[-1], self.learning_rate_factor

        def uniform(end: float) -> Any:
            return keras.initializers.RandomUniform(-end / factor, end / factor)

        waves = (columns, self.frequencies)
        normal = keras.initializers.RandomNormal(0.0, self.sigma / factor)
        self.frequency = self.add_weight(shape=waves, initializer=normal, name="frequency")
        self.phase = self.add_weight(shape=waves, initializer=uniform(0.5), name="phase_bias")
        end = 1 / math.sqrt(self.frequencies)
        self.kernel = self.add_weight(shape=(*waves, self.units), initializer=uniform(end), name="kernel")
        self.bias = self.add_weight(shape=(columns, self.units), initializer=uniform(end), name="bias")

    def call(self, inputs: Any) -> Any:
        """Mixed waves and the number, column by column."""
        factor, numbers = self.learning_rate_factor, ops.expand_dims(inputs, -1)
        angles = (2 * math.pi * factor) * (numbers * self.frequency + self.phase)
        waves = ops.cast(ops.cos(angles), angles.dtype)  # Keras' cosine on JAX is in single precision
        mixed = (ops.einsum("rcf,cfu->rcu", waves, self.kernel) + self.bias) * factor
        return ops.reshape(ops.concatenate([mixed, numbers], -1), (-1, inputs.shape[-1] * (self.units + 1)))

    def compute_output_shape(self, input_shape: Any) -> tuple[Any, int]:
        """`(row, column * (unit + 1))`."""
        return input_shape[0], input_shape[-1] * (self.units + 1)

    def get_config(self) -> dict[str, Any]:
        """What the layer is rebuilt from."""
        own = ("frequencies", "units", "sigma", "learning_rate_factor")
        return {**super().get_config(), **{name: getattr(self, name) for name in own}}


@register_keras_serializable("tenfold")
@no_type_check
class CodeEmbedding(keras.layers.Layer):  # type: ignore[misc]
    """A learnt vector for each level of each code column; code 0 stands for unknown, missing and rare.

    Input `(row, column)` with whole numbers from 0 to the column's size - 1; output `(row, column, unit)`.

    Args:
        sizes: Codes of each column, the unknown one included.
        units: Length of a vector.
        embeddings_initializer: Start of the vectors; by default normal with deviation 0.1 / sqrt(units).
        embeddings_regularizer: Penalty on the table. An L2 of `s` on means of squares over `n` rows draws a mean over
            `m` rows towards zero as `n * s` further rows would.
        **kwargs: As every Keras layer takes them.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        units: int,
        embeddings_initializer: Any = None,
        embeddings_regularizer: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.sizes, self.units = tuple(int(size) for size in sizes), units
        start = embeddings_initializer or keras.initializers.RandomNormal(0.0, 0.1 / math.sqrt(units))
        self.embeddings_initializer = keras.initializers.get(start)
        self.embeddings_regularizer = keras.regularizers.get(embeddings_regularizer)

    def build(self, input_shape: Any) -> None:
        """Create one table: the columns' codes one below the other."""
        del input_shape
        self.embeddings = self.add_weight(
            shape=(sum(self.sizes), self.units),
            initializer=self.embeddings_initializer,
            regularizer=self.embeddings_regularizer,
            name="embeddings",
        )

    def call(self, inputs: Any) -> Any:
        """The vector of each code."""
        starts = [sum(self.sizes[:column]) for column in range(len(self.sizes))]
        return ops.take(self.embeddings, ops.cast(inputs, "int32") + ops.convert_to_tensor(starts, "int32"), axis=0)

    def compute_output_shape(self, input_shape: Any) -> tuple[Any, ...]:
        """`(row, column, unit)`."""
        return (*input_shape, self.units)

    def get_config(self) -> dict[str, Any]:
        """What the layer is rebuilt from."""
        return {
            **super().get_config(),
            "sizes": list(self.sizes),
            "units": self.units,
            "embeddings_initializer": keras.initializers.serialize(self.embeddings_initializer),
            "embeddings_regularizer": keras.regularizers.serialize(self.embeddings_regularizer),
        }


@register_keras_serializable("tenfold")
@no_type_check
class PairProducts(keras.layers.Layer):  # type: ignore[misc]
    """The products of all pairs of vectors, summed: for a user's and a book's vector their dot product.

    ((sum of vectors)^2 - sum of squared vectors) / 2, summed over each output's units.

    Input `(row, column, unit)`, output `(row, output)`.

    Args:
        outputs: Into how many equal parts the units fall, one an output.
        **kwargs: As every Keras layer takes them.
    """

    def __init__(self, outputs: int = 1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.outputs = outputs

    def call(self, inputs: Any) -> Any:
        """One number an output."""
        both = ops.square(ops.sum(inputs, axis=1)) - ops.sum(ops.square(inputs), axis=1)
        return ops.sum(ops.reshape(both, (-1, self.outputs, inputs.shape[-1] // self.outputs)), axis=-1) / 2

    def compute_output_shape(self, input_shape: Any) -> tuple[Any, int]:
        """`(row, output)`."""
        return input_shape[0], self.outputs

    def get_config(self) -> dict[str, Any]:
        """What the layer is rebuilt from."""
        return {**super().get_config(), "outputs": self.outputs}


@register_keras_serializable("tenfold")
@no_type_check
class HeadAdapter(keras.layers.Layer):  # type: ignore[misc]
    """Each of several heads sees the columns through factors of its own; what follows is shared (TabM-mini).

    Input `(row, column)`, output `(row, head, column)`.

    Args:
        heads: How many.
        initializer: Start of the factors; by default normal with variance 1 (after embeddings of numbers, as in TabM).
        **kwargs: As every Keras layer takes them.
    """

    def __init__(self, heads: int, initializer: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.heads = heads
        self.initializer = keras.initializers.get(initializer or keras.initializers.RandomNormal(0.0, 1.0))

    def build(self, input_shape: Any) -> None:
        """Create the factors, a line a head."""
        shape = (self.heads, input_shape[-1])
        self.scale = self.add_weight(shape=shape, initializer=self.initializer, name="scale")

    def call(self, inputs: Any) -> Any:
        """Columns times factors, head by head."""
        return ops.expand_dims(inputs, 1) * self.scale

    def compute_output_shape(self, input_shape: Any) -> tuple[Any, ...]:
        """`(row, head, column)`."""
        return (input_shape[0], self.heads, input_shape[-1])

    def get_config(self) -> dict[str, Any]:
        """What the layer is rebuilt from."""
        return {
            **super().get_config(),
            "heads": self.heads,
            "initializer": keras.initializers.serialize(self.initializer),
        }


@register_keras_serializable("tenfold")
@no_type_check
class HeadMean(keras.layers.Layer):  # type: ignore[misc]
    """In training each head answers for itself, so that each has a loss of its own; else they answer with their mean.

    Input `(row, head, output)`; output `(row, output, head)` in training, else `(row, output)`. The loss must know this
    (`networks.training_loss`). Heads come last, so that a lone output is no lone last axis, which Keras would drop.
    """

    def call(self, inputs: Any, training: bool | None = None) -> Any:  # noqa: FBT001  # as Keras calls it
        """The heads' own answers in training, else their mean."""
        return ops.swapaxes(inputs, 1, 2) if training else ops.mean(inputs, axis=1)

    def compute_output_shape(self, input_shape: Any) -> tuple[Any, ...]:
        """`(row, output)`."""
        return (input_shape[0], input_shape[2])
