"""The loss of the best constant answer, worked out from what is known of the target: a yardstick for other losses.

    guess_loss(target, output)      # the variance of the target for "mean_squared_error"

It needs no rows, so that a saved training can be judged.
"""

import math

from tenfold.checks.facts import OutputFacts, TargetFacts

__all__ = ["guess_loss"]

_MEAN_ERROR = 0.798
"""Mean absolute error of the middle over the standard deviation: sqrt(2 / pi), as for a normal distribution."""


def guess_loss(target: TargetFacts, output: OutputFacts) -> float | None:
    """Loss of the best constant answer.

    Args:
        target: What the output is trained on.
        output: The output with its loss.

    Returns:
        In nats for crossentropies, else in the target's own unit; None for a loss or a target without a known one.

    >>> target = TargetFacts("y", "two classes", (), (0.0, 1.0), (3, 1), 0.0, 1.0, 0.25, 0.43, are_whole=True)
    >>> round(guess_loss(target, OutputFacts("y", "head", ("sigmoid",), 1, (1,), "binary_crossentropy")), 3)
    0.562
    """
    match output.loss:
        case "mean_squared_error":
            return target.std**2
        case "mean_absolute_error":
            return _MEAN_ERROR * target.std
        case "categorical_crossentropy" | "sparse_categorical_crossentropy" if target.counts:
            return _entropy([count / sum(target.counts) for count in target.counts])
        case "binary_crossentropy" if 0 <= target.mean <= 1:
            return _entropy([target.mean, 1 - target.mean])
    return None


def _entropy(shares: list[float]) -> float:
    return -sum(share * math.log(share) for share in shares if share > 0)
