"""Focal crossentropies that read logits.

Keras' focal losses accept `from_logits=True`, but turn the logits into probabilities first and clip those, so a row
behind the wall has no gradient there either. These count the same loss from the logarithms of the probabilities: the
crossentropy as `log_sigmoid` or `log_softmax`, and 1 - p without subtracting p from 1. Fused heads are trained on
them; they are registered with Keras, so that a fused model that was saved loads again.

Source: Lin, Goyal, Girshick, He and Dollar (2017), "Focal Loss for Dense Object Detection"; arguments and label
smoothing as in `keras.losses`.
"""

from typing import Any

import keras
import numpy as np
from keras import ops
from keras.src.losses.losses import LossFunctionWrapper

__all__ = [
    "BinaryFocalCrossentropyOnLogits",
    "CategoricalFocalCrossentropyOnLogits",
    "binary_focal_crossentropy_on_logits",
    "categorical_focal_crossentropy_on_logits",
]


@keras.saving.register_keras_serializable("tenfold")  # type: ignore[untyped-decorator]  # Keras is not annotated
def binary_focal_crossentropy_on_logits(
    y_true: Any,
    y_pred: Any,
    *,
    apply_class_balancing: bool = False,
    alpha: float = 0.25,
    gamma: float = 2.0,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Any:
    """`keras.losses.binary_focal_crossentropy` of logits.

    Args:
        y_true: Targets in [0, 1].
        y_pred: Logits of the same shape.
        apply_class_balancing: Whether the classes are weighted by `alpha` and `1 - alpha`.
        alpha: Weight of class 1, in [0, 1]. Default: Lin et al. 2017.
        gamma: Exponent of the focal factor, 0 or more. Default: Lin et al. 2017.
        label_smoothing: Share of each target moved to 0.5, in [0, 1].
        axis: The axis that is averaged.

    Returns:
        One loss a row, in nats.
    """
    logits = ops.convert_to_tensor(y_pred)
    target = ops.cast(y_true, logits.dtype)
    target = target * (1.0 - label_smoothing) + 0.5 * label_smoothing
    crossentropy = ops.binary_crossentropy(target, logits, from_logits=True)
    missing = target * ops.sigmoid(-logits) + (1.0 - target) * ops.sigmoid(logits)  # 1 - p of the true class
    focal = _power(missing, gamma) * crossentropy
    if apply_class_balancing:
        focal = (target * alpha + (1.0 - target) * (1.0 - alpha)) * focal
    return ops.mean(focal, axis=axis)


@keras.saving.register_keras_serializable("tenfold")  # type: ignore[untyped-decorator]  # Keras is not annotated
def categorical_focal_crossentropy_on_logits(
    y_true: Any, y_pred: Any, *, alpha: Any = 0.25, gamma: float = 2.0, label_smoothing: float = 0.0, axis: int = -1
) -> Any:
    """`keras.losses.categorical_focal_crossentropy` of logits.

    Args:
        y_true: One-hot targets.
        y_pred: Logits of the same shape.
        alpha: Weight of all classes, or one of each. Default: Keras'.
        gamma: Exponent of the focal factor, 0 or more. Default: Lin et al. 2017.
        label_smoothing: Share of each target spread over the classes, in [0, 1].
        axis: The axis of the classes.

    Returns:
        One loss a row, in nats.
    """
    logits = ops.convert_to_tensor(y_pred)
    target = ops.cast(y_true, logits.dtype)
    target = target * (1.0 - label_smoothing) + label_smoothing / target.shape[-1]
    log_probability = ops.log_softmax(logits, axis=axis)
    factor = _power(-ops.expm1(log_probability), gamma) * ops.convert_to_tensor(alpha, dtype=logits.dtype)
    return ops.sum(-factor * target * log_probability, axis=axis)


class _OnLogits(LossFunctionWrapper):  # type: ignore[misc]  # Keras is not annotated
    """A loss function with its arguments, as Keras' own classes keep theirs."""

    function: Any

    def __init__(
        self, *, reduction: str = "sum_over_batch_size", name: str | None = None, dtype: Any = None, **arguments: Any
    ) -> None:
        super().__init__(type(self).function, reduction=reduction, name=name, dtype=dtype, **arguments)

    def get_config(self) -> dict[str, Any]:
        """What the loss is rebuilt from."""
        return {"name": self.name, "reduction": self.reduction, "dtype": self._dtype_policy.name, **self._fn_kwargs}


@keras.saving.register_keras_serializable("tenfold")
class BinaryFocalCrossentropyOnLogits(_OnLogits):
    """`keras.losses.BinaryFocalCrossentropy` of logits, with the arguments of the function above."""

    function = staticmethod(binary_focal_crossentropy_on_logits)


@keras.saving.register_keras_serializable("tenfold")
class CategoricalFocalCrossentropyOnLogits(_OnLogits):
    """`keras.losses.CategoricalFocalCrossentropy` of logits, with the arguments of the function above."""

    function = staticmethod(categorical_focal_crossentropy_on_logits)


def _power(probability: Any, gamma: float) -> Any:
    """Probability ** gamma, with a finite gradient at 0 for every gamma."""
    smallest = float(np.finfo(np.float16 if "16" in str(probability.dtype) else np.float32).tiny)
    return ops.power(ops.maximum(probability, smallest), gamma)
