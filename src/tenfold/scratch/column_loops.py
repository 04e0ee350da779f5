"""The same layer written with loops: what a matrix product does, one multiplication at a time.

`linear_forward_by_loops` and its neighbours give the numbers of `tenfold.scratch.linear_activation_forward` and
`linear_activation_backward` (to rounding: a matrix product may add in another order) and take about a thousand times as
long. The exercise "why loops, after vectorisation?" is answered by reading them beside the one-line forms.
"""

import numpy as np
from jaxtyping import Float

__all__ = ["cost_by_loops", "linear_backward_by_loops", "linear_forward_by_loops"]


def linear_forward_by_loops(
    A_prev: Float[np.ndarray, "before column"], W: Float[np.ndarray, "unit before"], b: Float[np.ndarray, "unit 1"]
) -> Float[np.ndarray, "unit column"]:
    """Z[j, i] = b[j] + sum over k of W[j, k] A_prev[k, i]; vectorised: `W @ A_prev + b`.

    Args:
        A_prev: What the layer before gave, one column a row.
        W: Weights.
        b: Biases.

    Returns:
        The layer's sums, before its activation.
    """
    Z = np.zeros((W.shape[0], A_prev.shape[1]))
    for column in range(A_prev.shape[1]):
        for unit in range(W.shape[0]):
            total = b[unit, 0]
            for before in range(W.shape[1]):
                total += W[unit, before] * A_prev[before, column]
            Z[unit, column] = total
    return Z


def linear_backward_by_loops(
    dZ: Float[np.ndarray, "unit column"],
    A_prev: Float[np.ndarray, "before column"],
    W: Float[np.ndarray, "unit before"],
) -> tuple[Float[np.ndarray, "before column"], Float[np.ndarray, "unit before"], Float[np.ndarray, "unit 1"]]:
    """Each weight's share in each row's error, added up; vectorised: `W.T @ dZ`, `dZ @ A_prev.T / m`, `dZ.sum(1) / m`.

    Args:
        dZ: Derivative of the cost by this layer's sums, without the 1/m of the mean.
        A_prev: What the layer before gave.
        W: Weights.

    Returns:
        `dA_prev`, `dW` and `db`.
    """
    num_columns = A_prev.shape[1]
    dA_prev, dW, db = np.zeros(A_prev.shape), np.zeros(W.shape), np.zeros((W.shape[0], 1))
    for column in range(num_columns):
        for unit in range(W.shape[0]):
            error = dZ[unit, column]
            db[unit, 0] += error / num_columns
            for before in range(W.shape[1]):
                dW[unit, before] += error * A_prev[before, column] / num_columns
                dA_prev[before, column] += error * W[unit, before]
    return dA_prev, dW, db


def cost_by_loops(AL: Float[np.ndarray, "1 column"], Y: Float[np.ndarray, "1 column"]) -> float:
    """The mean over rows of -log(probability of the true class); vectorised: `compute_cost`.

    Args:
        AL: Probability of class 1, above 0 and below 1.
        Y: True classes, 0 or 1.

    Returns:
        The cost in nats.
    """
    total = 0.0
    for column in range(Y.shape[1]):
        probability = AL[0, column]
        total -= np.log(probability) if Y[0, column] == 1 else np.log(1 - probability)
    return float(total / Y.shape[1])
