"""What training minimises: the problem's loss; of several heads the mean of their own; with labels smoothed or not.

Heads that share a network learn to disagree only where each answers for itself. The loss of their mean would be another
one: it lets them make up for each other, as one large network does. So in training `layers.HeadMean` hands on all
answers and the loss is the mean of the heads' losses; a prediction is their mean, and its loss is what is validated.

Keras smooths labels of one of two classes, and of classes given as lines of 0 and 1; for classes given as numbers they
are turned into such lines here. Both losses of this module are taken of probabilities, as Keras does: the engine's
training on logits (`engine.losses`) is for Keras' own. Where a probability is below 1e-7 its gradient is lost; smoothed
labels keep probabilities from there.

Source of heads: Gorishniy, Kotelnikov and Babenko (2024), "TabM" (TabM-mini).
"""

from typing import Any

import keras
from keras.src.losses.losses import LossFunctionWrapper  # a loss of a function with arguments, which Keras keeps inside

from tenfold.networks.inner_loss import NUM_AXES
from tenfold.problem.definition import Problem

__all__ = ["loss_of_each_head", "training_loss"]

SPARSE = "sparse_categorical_crossentropy"


def training_loss(problem: Problem, heads: int = 1, label_smoothing: float | None = None) -> Any:
    """The loss that a network is compiled with.

    Args:
        problem: What is predicted.
        heads: Heads of the network.
        label_smoothing: Above 0 it belongs to the program, so that members may give it values of their own; 0 or None
            for none. Numbers and counts have none.

    Returns:
        Keras' name of the loss, or a loss.
    """
    name = problem.last_layer.loss
    if heads == 1 and not label_smoothing:
        return name
    if heads == 1 and name == "binary_crossentropy":
        return keras.losses.BinaryCrossentropy(label_smoothing=label_smoothing)
    return LossFunctionWrapper(loss_of_each_head, of=name, label_smoothing=label_smoothing or 0.0)


@keras.saving.register_keras_serializable(package="tenfold")  # type: ignore[untyped-decorator]  # Keras is not annotated
def loss_of_each_head(y_true: Any, y_pred: Any, of: str, label_smoothing: Any = 0.0) -> Any:
    """The mean of the heads' own losses.

    Args:
        y_true: `(row, output)`; classes as numbers: `(row,)` or `(row, 1)`.
        y_pred: `(row, output, head)` in training, `(row, output)` of one network or of the heads' mean.
        of: Keras' name of the loss.
        label_smoothing: Share of each target that is spread over the classes, for losses of classes.

    Returns:
        A number a row.
    """
    if of == SPARSE:
        codes = keras.ops.cast(keras.ops.reshape(y_true, (-1,)), "int32")
        y_true, of = keras.ops.one_hot(codes, y_pred.shape[1]), "categorical_crossentropy"
    smoothing = {"label_smoothing": label_smoothing} if of.endswith("crossentropy") else {}
    if len(y_pred.shape) == NUM_AXES:
        return keras.losses.get(of)(y_true, y_pred, **smoothing)
    y_pred = keras.ops.swapaxes(y_pred, 1, 2)
    y_true = keras.ops.expand_dims(y_true, 1) + keras.ops.zeros_like(y_pred)
    return keras.ops.mean(keras.losses.get(of)(y_true, y_pred, **smoothing), axis=1)
