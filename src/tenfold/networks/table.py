"""Networks for tables: dense layers of growing size, as ordinary compiled Keras models.

The ladder begins with no hidden layer at all, which is linear or logistic regression trained by gradient descent: if
that is best, the workflow says so. Layers have stable names (`hidden_1`, `dropout_1`, `output`), so that the engine can
trace `dropout_1.rate` or `hidden_1.kernel_regularizer.l2` as settings that differ between members of one program.
Targets of a single output have the shape (row, 1): Keras' metrics want the shape of the output.

Source: widths that double and a clipped gradient follow the plain network in Gorishniy, Kotelnikov and Babenko (2024),
"TabM", without its embeddings.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import keras

from tenfold.networks.ladder import Rung
from tenfold.problem import Problem

__all__ = ["Regularisation", "average_network", "inner_loss_name", "table_network"]

LEARNING_RATE = 1e-3
"""Adam's default. Source: Kingma and Ba (2015); Keras."""

CLIP_NORM = 1.0
"""Gradients longer than this are shortened. Source: TabM's default."""


@dataclass(frozen=True)
class Regularisation:
    """What holds a network back from overfitting; the defaults leave it free.

    Args:
        dropout: Share of the units of each hidden layer that are silenced in training, 0 to below 1.
        l2: Strength of the squared penalty on the weights of each layer, in units of the loss.
        learning_rate: Adam's step size.
    """

    dropout: float = 0.0
    l2: float = 0.0
    learning_rate: float = LEARNING_RATE

    def settings(self, rung: Rung) -> dict[str, float]:
        """The same as the engine's settings, for a network that was built with dropout and L2 above zero."""
        numbers = range(1, len(rung.widths) + 1)
        layers = [*(f"hidden_{number}" for number in numbers), "output"]
        return {
            "optimizer.learning_rate": self.learning_rate,
            **{f"dropout_{number}.rate": self.dropout for number in numbers},
            **{f"{layer}.kernel_regularizer.l2": self.l2 for layer in layers},
        }


def table_network(
    num_inputs: int, problem: Problem, rung: Rung, regularisation: Regularisation | None = None
) -> Callable[[], keras.Model]:
    """A function that builds a compiled network for a table.

    Args:
        num_inputs: Prepared inputs.
        problem: Decides the last layer, the loss and the metric that inner folds choose by.
        rung: Widths of the hidden layers.
        regularisation: Dropout and L2 to build in. A part above zero belongs to the program, so that members may give
            it values of their own (zero included); a part at zero costs nothing.

    Returns:
        A function without arguments, as the engine and `cross_validate` take it.
    """
    held = regularisation or Regularisation()

    def dense(units: int, name: str, activation: str | None) -> keras.layers.Layer:
        penalty = keras.regularizers.L2(held.l2) if held.l2 else None
        return keras.layers.Dense(units, activation=activation, kernel_regularizer=penalty, name=name)

    def build() -> keras.Model:
        layers = [keras.Input((num_inputs,), name="inputs")]
        for number, width in enumerate(rung.widths, start=1):
            layers.append(dense(width, f"hidden_{number}", "relu"))
            if held.dropout:
                layers.append(keras.layers.Dropout(held.dropout, name=f"dropout_{number}"))
        layers.append(dense(problem.num_outputs, "output", problem.last_layer.activation))
        model = keras.Sequential(layers, name=f"table_{rung.label.replace('-', '_')}")
        optimizer = keras.optimizers.Adam(held.learning_rate, global_clipnorm=CLIP_NORM)
        model.compile(optimizer, loss=problem.last_layer.loss, metrics=[_inner_metric(problem)])
        return model

    return build


def inner_loss_name(problem: Problem) -> str:
    """Name in a history of what inner folds choose by, lower is better: free of penalties, unlike the loss."""
    return "val_mae" if problem.is_number else "val_log_loss"


def _inner_metric(problem: Problem) -> keras.metrics.Metric:
    if problem.is_number:
        return keras.metrics.MeanAbsoluteError(name="mae")
    if problem.kind == "two_classes":
        return keras.metrics.BinaryCrossentropy(name="log_loss")
    return keras.metrics.SparseCategoricalCrossentropy(name="log_loss")


def average_network(members: Sequence[keras.Model]) -> keras.Model:
    """One network that answers with the mean of several.

    Args:
        members: At least one trained network; all take the same inputs.

    Returns:
        A Keras model that holds copies of them side by side, without optimizers.
    """
    inputs = keras.Input(members[0].input_shape[1:], name="inputs")
    copies = [_copy(member, f"member_{number}") for number, member in enumerate(members, start=1)]
    answers = [copy(inputs) for copy in copies]
    outputs = keras.layers.Average(name="average")(answers) if len(answers) > 1 else answers[0]
    return keras.Model(inputs, outputs, name=f"average_of_{len(members)}")


def _copy(member: keras.Model, name: str) -> keras.Model:
    copy = keras.models.clone_model(member)
    copy.set_weights(member.get_weights())
    copy.name = name
    return copy
