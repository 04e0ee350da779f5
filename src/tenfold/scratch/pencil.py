"""A network small enough for pencil and paper: one row of numbers, nodes and weights written by hand.

    node([3, 9], [2, -1])                                  # -3: the sum of values times weights
    forward([-1, 2], [[[3, 3], [1, 5]]], [2, -1])          # -3: the same through one hidden layer
    slope([3], [2], target=10)                             # -24: twice the error times the input
    update([2], [-24], learning_rate=0.01)                 # 2.24

A layer is a list of nodes, a node is the list of its weights. Rules: value of a node = activation(sum of inputs times
weights); error = prediction - target; the squared error falls fastest against its slope, 2 · error · input.

Source: the exercises of DataCamp's Deep Learning in Python (`seeds/002`).
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
from jaxtyping import Float, Int

__all__ = ["error", "forward", "identity", "mean_squared_error", "node", "relu", "slope", "update", "updates"]

Numbers: TypeAlias = Sequence[float] | Float[np.ndarray, " number"] | Int[np.ndarray, " number"]


def identity(value: float) -> float:
    """The value itself.

    >>> identity(-3)
    -3
    """
    return value


def relu(value: float) -> float:
    """The value where it is above 0, else 0.

    >>> relu(3), relu(-3)
    (3, 0)
    """
    return max(value, 0)


def node(values: Numbers, weights: Numbers) -> float:
    """The sum of values times weights.

    Args:
        values: What feeds into the node.
        weights: As many weights.

    Returns:
        The node's value, before any activation.
    """
    return float(sum(value * weight for value, weight in zip(values, weights, strict=True)))


def forward(
    values: Numbers,
    hidden_layers: Sequence[Sequence[Numbers]],
    output_weights: Numbers,
    *,
    activation: Callable[[float], float] = identity,
    output_activation: Callable[[float], float] = identity,
) -> float:
    """Forward propagation of one row.

    Args:
        values: The row's inputs.
        hidden_layers: For each layer its nodes, for each node its weights.
        output_weights: Weights of the one output node.
        activation: What each hidden node makes of its sum.
        output_activation: What the output node makes of its sum.

    Returns:
        The prediction.

    >>> forward([3, 5], [[[2, 4], [4, -5]], [[-1, 2], [1, 2]]], [2, 7], activation=relu)
    182.0
    """
    for layer in hidden_layers:
        values = [activation(node(values, weights)) for weights in layer]
    return output_activation(node(values, output_weights))


def error(prediction: float, target: float) -> float:
    """Prediction - target: above 0 where the network says too much.

    >>> error(6, 10)
    -4
    """
    return prediction - target


def mean_squared_error(predictions: Numbers, targets: Numbers) -> float:
    """The mean over rows of the squared error, in the target's unit squared.

    >>> mean_squared_error([1, 5], [1, 3])
    2.0
    """
    squares = [error(prediction, target) ** 2 for prediction, target in zip(predictions, targets, strict=True)]
    return float(np.mean(squares))


def slope(values: Numbers, weights: Numbers, target: float) -> list[float]:
    """How fast the squared error rises with each weight of one node: d(error²)/dw = 2 · error · value.

    Args:
        values: What feeds into the node.
        weights: Its weights.
        target: What its value should be.

    Returns:
        One slope for each weight.

    >>> slope([1, 2, 3], [0, 2, 1], target=0)
    [14.0, 28.0, 42.0]
    """
    twice = 2 * error(node(values, weights), target)
    return [twice * value for value in values]


def update(weights: Numbers, slopes: Numbers, learning_rate: float) -> list[float]:
    """One step against the slope: weight - rate · slope.

    >>> update([2], [-24], learning_rate=0.01)
    [2.24]
    """
    return [weight - learning_rate * rise for weight, rise in zip(weights, slopes, strict=True)]


def updates(
    values: Numbers, weights: Numbers, target: float, *, learning_rate: float, num_updates: int
) -> tuple[list[float], list[float]]:
    """Many steps on one row.

    Args:
        values: What feeds into the node.
        weights: Its first weights.
        target: What its value should be.
        learning_rate: Length of a step.
        num_updates: How many steps.

    Returns:
        The last weights, and the squared error after each step.
    """
    now, squared_errors = list(weights), []
    for _ in range(num_updates):
        now = update(now, slope(values, now, target), learning_rate)
        squared_errors.append(mean_squared_error([node(values, now)], [target]))
    return now, squared_errors
