"""One row through a Keras model and back, with every number kept.

    trace = tenfold.scratch.trace(model, x, y, row=3)
    for layer in trace.layers:
        print(layer.name, layer.input_shape, "→", layer.output_shape, layer.formula)
    trace.loss.value, trace.loss.slope              # how wrong, and which way
    trace.layers[-1].weight_slopes["kernel"]        # the way back
    trace.layers[-1].new_weights["kernel"]          # after one update with this row alone
    trace.agreement.sentence                        # beside JAX, measured

Everything is plain data, so that a page, a table or a test can show it. The row is looked at outside training: dropout
passes everything on, and batch normalisation uses its moving averages (one row alone has no variance).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tenfold.errors import InputError, OptionError
from tenfold.scratch.agreement import Agreement, Opinion, agreement, opinion_of_keras
from tenfold.scratch.compiled import loss_from_keras, optimizer_from_keras
from tenfold.scratch.layer import AbstractLayer, AnyNumbers, Numbers, Passed, Slopes, Weights
from tenfold.scratch.losses import AbstractLoss
from tenfold.scratch.network import Network, Training
from tenfold.scratch.optimizers import AbstractOptimizer
from tenfold.scratch.reading import from_keras

__all__ = ["LayerTrace", "LossTrace", "Trace", "UpdateTrace", "trace"]


@dataclass(frozen=True, eq=False)
class LayerTrace:
    """One layer, one row.

    Args:
        name: The layer's name in its model.
        kind: Its class, such as `"Dense"`.
        formula: What it computes.
        slope_formula: What its way back computes.
        settings: Its settings in words, such as `{"activation": "relu"}`.
        inputs: What it received, (1, ...).
        outputs: What it gave, (1, ...).
        inside: Numbers between the two by name, such as `"sums"` or an LSTM's gates.
        weights: Its weights by name.
        output_slope: Derivative of the loss by its outputs; None below a table of words.
        input_slope: Derivative of the loss by its inputs; None for a table of words.
        weight_slopes: Derivative of the loss by each weight.
        new_weights: The weights after one update; those of a frozen layer stay.
        inside_slopes: Derivative of the loss by numbers inside, with their names.
        layer: The layer itself, with its settings as values.
    """

    name: str
    kind: str
    formula: str
    slope_formula: str
    settings: Mapping[str, str]
    inputs: AnyNumbers
    outputs: AnyNumbers
    inside: Mapping[str, AnyNumbers]
    weights: Weights
    output_slope: Numbers | None
    input_slope: Numbers | None
    weight_slopes: Weights
    new_weights: Weights
    inside_slopes: Weights
    layer: AbstractLayer

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Shape of one row that comes in."""
        return self.inputs.shape[1:]

    @property
    def output_shape(self) -> tuple[int, ...]:
        """Shape of one row that goes out."""
        return self.outputs.shape[1:]


@dataclass(frozen=True, eq=False)
class LossTrace:
    """How wrong the prediction is.

    Args:
        name: The loss's class, such as `"MeanSquaredError"`.
        formula: The loss.
        slope_formula: Its derivative.
        settings: Its settings in words.
        target: What is true of the row, (1, ...).
        prediction: What the network says, (1, ...).
        value: The loss of this row.
        slope: Derivative of the loss by the prediction, (1, ...).
        loss: The loss itself, with its settings as values.
    """

    name: str
    formula: str
    slope_formula: str
    settings: Mapping[str, str]
    target: AnyNumbers
    prediction: AnyNumbers
    value: float
    slope: Numbers
    loss: AbstractLoss


@dataclass(frozen=True, eq=False)
class UpdateTrace:
    """One step of the optimizer, its first, with this row alone.

    Args:
        name: The optimizer's class, such as `"Adam"`.
        formula: One step.
        settings: Its settings in words, such as `{"learning_rate": "0.01"}`.
        loss_before: The row's loss before the step.
        loss_after: The row's loss after it.
        loss_expected: What the slopes alone promise: loss before + Σ slope · change of weight. The step is good where
            the two are close: it was short enough for the loss to be straight.
        optimizer: The optimizer itself, with its settings as values.
    """

    name: str
    formula: str
    settings: Mapping[str, str]
    loss_before: float
    loss_after: float
    loss_expected: float
    optimizer: AbstractOptimizer


@dataclass(frozen=True, eq=False)
class Trace:
    """One row through a model: forward, loss, backward and update.

    Args:
        model: Name of the model.
        row: Which row of the data, from 0.
        layers: Each layer, in the order in which data pass.
        loss: How wrong the prediction is.
        update: The step that follows.
        agreement: The same row by Keras and JAX, and how far apart.
    """

    model: str
    row: int
    layers: tuple[LayerTrace, ...]
    loss: LossTrace
    update: UpdateTrace
    agreement: Agreement

    @property
    def prediction(self) -> AnyNumbers:
        """What the network says of the row."""
        return np.asarray(self.loss.prediction[0])


def trace(model: Any, x: Any, y: Any, *, row: int = 0) -> Trace:
    """One row of data through a Keras model: forward, loss, backward and one update.

    Args:
        model: A built and compiled Keras model whose layers follow one another; it stays as it is.
        x: Inputs, one line a row.
        y: What is true of each row.
        row: Which row, from 0 to the number of rows - 1.

    Returns:
        Every number of the way, in double precision, and how far JAX is from it.

    Raises:
        ModelError: A layer, the loss or the optimizer cannot be opened.
        OptionError: There is no such row.
        InputError: Rows do not fit the model or the targets.
    """
    network, loss, optimizer = from_keras(model), loss_from_keras(model), optimizer_from_keras(model)
    x_row, y_row = _row_of(model, np.asarray(x), np.asarray(y), row)
    passed = network.forward(x_row)
    prediction = passed[-1].outputs
    slope = loss.slope(y_row, prediction)
    slopes = network.backward(slope, passed)
    moved, _ = Training(network, loss, optimizer).moved(slopes)
    value = loss.value(y_row, prediction)
    theirs = opinion_of_keras(model, loss, x_row, y_row)
    ours = Opinion(prediction, value, _trained(network, [found.weights for found in slopes]), _trained(moved))
    return Trace(
        model=model.name,
        row=row,
        layers=_layers(network, moved, x_row, passed, slope, slopes),
        loss=LossTrace(
            _kind(loss), loss.formula, loss.slope_formula, _words(loss), y_row, prediction, value, slope, loss
        ),
        update=_update(optimizer, network, moved, slopes, value, loss.value(y_row, moved.predict(x_row))),
        agreement=agreement(ours, theirs),
    )


def _row_of(model: Any, x: AnyNumbers, y: AnyNumbers, row: int) -> tuple[Numbers, AnyNumbers]:
    if not 0 <= row < len(x):
        raise OptionError("no_such_row", f"There is no row {row}", expected=f"0 to {len(x) - 1}")
    if len(y) != len(x):
        raise InputError("rows_differ", "Inputs and targets differ in rows", received=f"{len(x)} and {len(y)}")
    expected = tuple(model.input_shape[1:])
    if len(expected) != x.ndim - 1 or any(ours not in (None, n) for ours, n in zip(expected, x.shape[1:], strict=True)):
        raise InputError(
            "row_shape",
            f"Rows do not fit the model `{model.name}`",
            expected=f"rows of shape {expected}",
            received=f"{x.shape[1:]}",
        )
    return x[row : row + 1].astype(float), y[row : row + 1]


def _layers(
    network: Network, moved: Network, x: Numbers, passed: list[Passed], slope: Numbers, slopes: list[Slopes]
) -> tuple[LayerTrace, ...]:
    inputs = [x, *(left.outputs for left in passed[:-1])]
    arriving = [*(found.inputs for found in slopes[1:]), slope]
    parts = zip(network.layers, moved.layers, inputs, passed, arriving, slopes, strict=True)
    return tuple(_layer(*part) for part in parts)


def _layer(
    layer: AbstractLayer,
    moved: AbstractLayer,
    inputs: AnyNumbers,
    passed: Passed,
    arriving: Numbers | None,
    slopes: Slopes,
) -> LayerTrace:
    return LayerTrace(
        name=layer.name,
        kind=_kind(layer),
        formula=layer.formula,
        slope_formula=layer.slope_formula,
        settings=_words(layer),
        inputs=inputs,
        outputs=passed.outputs,
        inside={name: value for name, value in passed.kept.items() if name not in ("inputs", "outputs")},
        weights=layer.weights,
        output_slope=arriving,
        input_slope=slopes.inputs,
        weight_slopes=slopes.weights,
        new_weights=moved.weights,
        inside_slopes=slopes.inside,
        layer=layer,
    )


def _update(
    optimizer: AbstractOptimizer, network: Network, moved: Network, slopes: list[Slopes], before: float, after: float
) -> UpdateTrace:
    change = sum(
        float((gradient * (new.weights[name] - old.weights[name])).sum())
        for old, new, found in zip(network.layers, moved.layers, slopes, strict=True)
        for name, gradient in found.weights.items()
    )
    return UpdateTrace(
        _kind(optimizer), optimizer.formula, _words(optimizer), before, after, before + change, optimizer
    )


def _trained(network: Network, values: list[Weights] | None = None) -> list[Numbers]:
    """The arrays that training changes, in the network's order, or other values of theirs."""
    found = values or [layer.weights for layer in network.layers]
    pairs = zip(network.layers, found, strict=True)
    return [arrays[name] for layer, arrays in pairs if layer.trainable for name in layer.weights]


def _kind(part: AbstractLayer | AbstractLoss | AbstractOptimizer) -> str:
    return type(part).__name__


def _words(part: Any) -> dict[str, str]:
    """Settings as a reader may see them; arrays are shown elsewhere."""
    hidden = ("weights", "name", "trainable", "statistics", "mask")
    return {name: f"{value}" for name, value in vars(part).items() if name not in hidden}
