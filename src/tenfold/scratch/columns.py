"""A network for two classes in a dozen functions, with rows of data standing in columns, as a well-known course has it.

    parameters = scratch.L_layer_model(X, Y, [12288, 20, 7, 5, 1], learning_rate=0.0075, num_iterations=2500)
    labels = scratch.predict(X_test, Y_test, parameters)      # prints the accuracy

`X` has the shape (features, m), one column for each of the m rows, and `Y` the shape (1, m). All layers but the last
are relu, the last is a sigmoid. Names and signatures are those of the course, capital letters included: `Z` is what a
layer sums up, `A` what its activation makes of it, `dZ` is the derivative of the cost by `Z`.

Forward, for layer l, with A0 = X:      Zl = Wl A(l-1) + bl             Al = relu(Zl), or sigmoid(Zl) in the last layer
Cost:                                   J = -1/m sum(Y log AL + (1 - Y) log(1 - AL))
Backward, dJ/dA without its 1/m:        dZl = dAl * slope(Zl)           dA(l-1) = Wl^T dZl
                                        dWl = 1/m dZl A(l-1)^T          dbl = 1/m sum of dZl over the columns
Update:                                 Wl <- Wl - rate dWl             bl <- bl - rate dbl

Source: Andrew Ng and others, Neural Networks and Deep Learning, week 4 (the functions that `seeds/004` names).
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from jaxtyping import Float, Real

from tenfold.errors import OptionError, did_you_mean

__all__ = [
    "Cache",
    "L_layer_model",
    "L_model_backward",
    "L_model_forward",
    "Parameters",
    "compute_cost",
    "compute_cost_from_logits",
    "initialize_parameters",
    "initialize_parameters_deep",
    "linear_activation_backward",
    "linear_activation_forward",
    "predict",
    "two_layer_model",
    "update_parameters",
]

Columns: TypeAlias = Float[np.ndarray, "_ _"]
"""One line a unit, one column for each row of the data; also a layer's weights."""

Labels: TypeAlias = Real[np.ndarray, "1 _"]
"""0 or 1 for each row of the data."""

Parameters: TypeAlias = dict[str, Float[np.ndarray, "..."]]
"""`W1`, `b1`, `W2`, `b2`, ... or their derivatives `dW1`, `db1`, ..."""

Cache: TypeAlias = tuple[tuple[Columns, Columns, Columns], Columns]
"""What the way back needs of one layer: `((A_prev, W, b), Z)`."""

_SEED = 1
"""The course draws its first weights after `np.random.seed(1)`: the same numbers on every machine, in every year."""


def initialize_parameters(n_x: int, n_h: int, n_y: int) -> Parameters:
    """First parameters of a network with one hidden layer: small normal weights, no bias.

    Args:
        n_x: Number of features, at least 1.
        n_h: Number of hidden units, at least 1.
        n_y: Number of outputs; 1 for two classes.

    Returns:
        `W1` of shape (n_h, n_x), `b1` (n_h, 1), `W2` (n_y, n_h), `b2` (n_y, 1). Weights have the standard deviation
        0.01, small enough for a sigmoid to begin on its slope, and are not equal, or all hidden units would stay equal.

    >>> initialize_parameters(3, 2, 1)["W1"].round(4)
    array([[ 0.0162, -0.0061, -0.0053],
           [-0.0107,  0.0087, -0.023 ]])
    """
    draw = np.random.RandomState(_SEED)  # the course's own numbers need its own generator
    return {
        "W1": draw.randn(n_h, n_x) * 0.01,
        "b1": np.zeros((n_h, 1)),
        "W2": draw.randn(n_y, n_h) * 0.01,
        "b2": np.zeros((n_y, 1)),
    }


def initialize_parameters_deep(layers_dims: Sequence[int]) -> Parameters:
    """First parameters of a network with any number of layers.

    Args:
        layers_dims: Units of each layer, the features first, such as `[12288, 20, 7, 5, 1]`; at least two numbers.

    Returns:
        `Wl` of shape (units of l, units of l - 1) and `bl` (units of l, 1). Weights have the standard deviation
        1 / sqrt(units of l - 1) (LeCun 1998), so that a layer's sums are about as large as its inputs, however many.

    >>> {name: value.shape for name, value in initialize_parameters_deep([4, 3, 1]).items()}
    {'W1': (3, 4), 'b1': (3, 1), 'W2': (1, 3), 'b2': (1, 1)}
    """
    draw = np.random.RandomState(_SEED)  # as in initialize_parameters
    parameters: Parameters = {}
    for layer, (inputs, units) in enumerate(pairwise(layers_dims), start=1):
        parameters[f"W{layer}"] = draw.randn(units, inputs) / np.sqrt(inputs)
        parameters[f"b{layer}"] = np.zeros((units, 1))
    return parameters


def linear_activation_forward(A_prev: Columns, W: Columns, b: Columns, activation: str) -> tuple[Columns, Cache]:
    """One layer forward: Z = W A_prev + b, then A = relu(Z) or sigmoid(Z).

    Args:
        A_prev: What the layer before gave, (units before, m).
        W: Weights, (units, units before).
        b: Biases, (units, 1): each is added to its whole line.
        activation: `"relu"` or `"sigmoid"`.

    Returns:
        `A` of shape (units, m), and the cache `((A_prev, W, b), Z)` for the way back.

    Raises:
        OptionError: The activation is neither.

    >>> A, _ = linear_activation_forward(np.array([[1.0], [2.0]]), np.array([[3.0, -1.0]]), np.array([[-4.0]]), "relu")
    >>> A
    array([[0.]])
    """
    _check_activation(activation)
    Z = W @ A_prev + b
    A = np.maximum(Z, 0) if activation == "relu" else _sigmoid(Z)
    return A, ((A_prev, W, b), Z)


def compute_cost(AL: Columns, Y: Labels) -> float:
    """The mean crossentropy, -1/m sum(Y log AL + (1 - Y) log(1 - AL)), in nats.

    Only the term of the true class is looked up. As the formula stands, an answer of exactly 1 for a row of class 1
    asks for 0 · log 0, which is "not a number", although the row costs nothing.

    Args:
        AL: Probability of class 1, (1, m), 0 to 1.
        Y: True classes, (1, m), 0 or 1.

    Returns:
        The cost, from 0; infinite where an answer is certain and wrong (`compute_cost_from_logits` is not).

    >>> round(compute_cost(np.array([[0.5, 0.9, 1.0]]), np.array([[0.0, 1.0, 1.0]])), 4)
    0.2662
    """
    probability_of_truth = np.where(Y == 1, AL, 1 - AL)
    with np.errstate(divide="ignore"):
        return float(-np.mean(np.log(probability_of_truth)))


def compute_cost_from_logits(ZL: Columns, Y: Labels) -> float:
    """The same cost from the last layer's sums: `1/m sum(max(Z, 0) - Z Y + log(1 + exp(-|Z|)))`.

    With A = 1 / (1 + exp(-Z)) the two are one formula, but this one never takes the logarithm of a rounded 0: it is
    right for any Z, where `compute_cost` ends at Z = 37, the last place where 1 - A is not 0 in double precision.

    Args:
        ZL: Sums of the last layer before its sigmoid, (1, m).
        Y: True classes, (1, m), 0 or 1.

    Returns:
        The cost in nats, from 0.

    >>> compute_cost_from_logits(np.array([[800.0]]), np.array([[0.0]]))
    800.0
    """
    return float(np.mean(np.maximum(ZL, 0) - ZL * Y + np.log1p(np.exp(-np.abs(ZL)))))


def linear_activation_backward(dA: Columns, cache: Cache, activation: str) -> tuple[Columns, Columns, Columns]:
    """One layer backward, by the chain rule.

    dZ = dA * [Z > 0] for relu, dZ = dA * s (1 - s) with s = sigmoid(Z); then dW = 1/m dZ A_prev^T,
    db = 1/m sum of dZ over the columns, dA_prev = W^T dZ.

    Args:
        dA: Derivative of the cost by this layer's `A`, (units, m), without the 1/m of the mean.
        cache: What `linear_activation_forward` returned.
        activation: `"relu"` or `"sigmoid"`, as on the way forward.

    Returns:
        `dA_prev` (units before, m), `dW` (units, units before) and `db` (units, 1).

    Raises:
        OptionError: The activation is neither.
    """
    _check_activation(activation)
    linear_cache, Z = cache
    slope = (Z > 0).astype(float) if activation == "relu" else _sigmoid(Z) * (1 - _sigmoid(Z))
    return _linear_backward(dA * slope, linear_cache)


def L_model_forward(X: Columns, parameters: Parameters) -> tuple[Columns, list[Cache]]:
    """All layers forward: relu, relu, ..., sigmoid.

    Args:
        X: Data, (features, m).
        parameters: `W1`, `b1`, ... of all layers.

    Returns:
        The probability of class 1, (1, m), and the caches of all layers, first layer first.
    """
    A, caches, last = X, [], _num_layers(parameters)
    for layer in range(1, last + 1):
        activation = "sigmoid" if layer == last else "relu"
        A, cache = linear_activation_forward(A, parameters[f"W{layer}"], parameters[f"b{layer}"], activation)
        caches.append(cache)
    return A, caches


def L_model_backward(AL: Columns, Y: Labels, caches: Sequence[Cache]) -> Parameters:
    """All layers backward, the last first.

    The last layer's two factors, dAL = -Y/AL + (1 - Y)/(1 - AL) and the sigmoid's slope AL (1 - AL), are multiplied out
    by hand to dZL = AL - Y: the same number, with no division by 0 where the network is certain.

    Args:
        AL: What `L_model_forward` returned, (1, m).
        Y: True classes, (1, m), 0 or 1.
        caches: The caches of all layers, first layer first.

    Returns:
        `dWl` and `dbl` of all layers.
    """
    gradients: Parameters = {}
    last = len(caches)
    dA, gradients[f"dW{last}"], gradients[f"db{last}"] = _linear_backward(AL - Y, caches[-1][0])
    for layer in range(last - 1, 0, -1):
        dA, dW, db = linear_activation_backward(dA, caches[layer - 1], "relu")
        gradients[f"dW{layer}"], gradients[f"db{layer}"] = dW, db
    return gradients


def update_parameters(parameters: Parameters, grads: Parameters, learning_rate: float) -> Parameters:
    """One step of gradient descent: W <- W - rate dW, b <- b - rate db.

    Args:
        parameters: `W1`, `b1`, ...; they stay as they are.
        grads: `dW1`, `db1`, ...
        learning_rate: Length of the step, above 0.

    Returns:
        The new parameters.

    >>> update_parameters({"W1": np.array([[2.0]])}, {"dW1": np.array([[-24.0]])}, learning_rate=0.01)
    {'W1': array([[2.24]])}
    """
    return {name: value - learning_rate * grads[f"d{name}"] for name, value in parameters.items()}


def two_layer_model(
    X: Columns,
    Y: Labels,
    layers_dims: Sequence[int],
    learning_rate: float = 0.0075,
    num_iterations: int = 3000,
    print_cost: bool = False,  # noqa: FBT001, FBT002  # the course's signature
) -> Parameters:
    """A network with one hidden layer, trained from `initialize_parameters`.

    Args:
        X: Data, (features, m).
        Y: Classes, (1, m), 0 or 1.
        layers_dims: Three numbers: features, hidden units, 1.
        learning_rate: Length of a step; 0.0075 is the course's.
        num_iterations: Steps, each over all rows.
        print_cost: Print the cost at step 0, 100, 200, ...

    Returns:
        The trained parameters.

    Raises:
        OptionError: `layers_dims` does not fit the data.
    """
    _check_dims(X, Y, layers_dims, expected_layers=3)
    return _descend(X, Y, initialize_parameters(*layers_dims), learning_rate, num_iterations, print_cost=print_cost)


def L_layer_model(
    X: Columns,
    Y: Labels,
    layers_dims: Sequence[int],
    learning_rate: float = 0.009,
    num_iterations: int = 3000,
    print_cost: bool = False,  # noqa: FBT001, FBT002  # the course's signature
) -> Parameters:
    """A network with any number of layers, trained from `initialize_parameters_deep`.

    Args:
        X: Data, (features, m).
        Y: Classes, (1, m), 0 or 1.
        layers_dims: Units of each layer, features first, 1 last.
        learning_rate: Length of a step; 0.009 is the course's.
        num_iterations: Steps, each over all rows.
        print_cost: Print the cost at step 0, 100, 200, ...

    Returns:
        The trained parameters.

    Raises:
        OptionError: `layers_dims` does not fit the data.
    """
    _check_dims(X, Y, layers_dims)
    return _descend(X, Y, initialize_parameters_deep(layers_dims), learning_rate, num_iterations, print_cost=print_cost)


def predict(X: Columns, Y: Labels, parameters: Parameters) -> Columns:
    """Class of each row, 1 where its probability is above 0.5; prints the accuracy.

    Args:
        X: Data, (features, m).
        Y: True classes, (1, m), for the accuracy.
        parameters: What a training returned.

    Returns:
        Labels 0 or 1, (1, m).

    >>> predict(np.array([[-1.0, 2.0]]), np.array([[0.0, 1.0]]), {"W1": np.array([[3.0]]), "b1": np.array([[0.0]])})
    Accuracy: 1.0
    array([[0., 1.]])
    """
    AL, _ = L_model_forward(X, parameters)
    labels = (AL > 0.5).astype(float)  # noqa: PLR2004  # the more probable of two classes
    print(f"Accuracy: {np.mean(labels == Y)}")  # noqa: T201  # so the course's function does
    return labels


def _descend(
    X: Columns, Y: Labels, parameters: Parameters, learning_rate: float, num_iterations: int, *, print_cost: bool
) -> Parameters:
    for iteration in range(num_iterations):
        AL, caches = L_model_forward(X, parameters)
        gradients = L_model_backward(AL, Y, caches)
        parameters = update_parameters(parameters, gradients, learning_rate)
        if print_cost and iteration % 100 == 0:
            print(f"Cost after iteration {iteration}: {compute_cost(AL, Y):.6f}")  # noqa: T201  # asked for
    return parameters


def _linear_backward(dZ: Columns, linear_cache: tuple[Columns, Columns, Columns]) -> tuple[Columns, Columns, Columns]:
    A_prev, W, _ = linear_cache
    m = A_prev.shape[1]
    return W.T @ dZ, dZ @ A_prev.T / m, dZ.sum(axis=1, keepdims=True) / m


def _sigmoid(Z: Columns) -> Columns:
    return np.asarray(1 / (1 + np.exp(-np.clip(Z, -700, None))))  # exp(710) is more than a double can hold


def _num_layers(parameters: Parameters) -> int:
    return len(parameters) // 2


def _check_activation(activation: str) -> None:
    if activation not in ("relu", "sigmoid"):
        raise OptionError(
            "unknown_scratch_activation",
            f"`{activation}` is no activation of the course's layers",
            expected="`relu` or `sigmoid`",
            hint=did_you_mean(activation, ["relu", "sigmoid"]),
        )


def _check_dims(X: Columns, Y: Labels, layers_dims: Sequence[int], expected_layers: int | None = None) -> None:
    """One number for each layer, the first and the last as the data have them."""
    fits = len(layers_dims) > 1 and (layers_dims[0], layers_dims[-1], X.shape[1]) == (X.shape[0], *Y.shape)
    if not fits or len(layers_dims) != (expected_layers or len(layers_dims)):
        middle = ", hidden units, " if expected_layers else ", ..., "
        raise OptionError(
            "layers_dims",
            "The numbers of units in `layers_dims` do not fit the data",
            expected=f"[{X.shape[0]}{middle}{Y.shape[0]}] and as many columns in `Y` as in `X`",
            received=f"{list(layers_dims)}, X of shape {X.shape}, Y of shape {Y.shape}",
            hint="rows of data stand in columns here: transpose a table",
        )
