"""A member equals its lone Keras fit: functional models with several inputs and outputs, subclassed models."""

from typing import Any

import jax
import keras
import pytest
from keras import layers

from engine.models import classes, numbers
from engine.oracle import assert_members_equal_lone_fits, precision

LEFT, RIGHT = numbers(22, 5), numbers(22, 2, seed=1)
PRICE, KIND = numbers(22, 1, seed=2), classes(22, 3)


def two_by_two(*, nested: type) -> keras.Model:
    """Two inputs and two outputs, nested in dicts or in lists."""
    left, right = keras.Input((5,), name="left"), keras.Input((2,), name="right")
    joined = layers.Dense(4, activation="tanh")(layers.Concatenate()([left, right]))
    price, kind = layers.Dense(1, name="price")(joined), layers.Dense(3, "softmax", name="kind")(joined)
    crossentropy = "sparse_categorical_crossentropy"
    if nested is dict:
        model = keras.Model({"left": left, "right": right}, {"price": price, "kind": kind})
        weights, watched = {"price": 0.3, "kind": 2.0}, {"kind": ["accuracy"]}
        model.compile("adam", {"price": "mse", "kind": crossentropy}, loss_weights=weights, metrics=watched)
    else:
        model = keras.Model([left, right], [price, kind])
        model.compile("adam", ["mse", crossentropy], loss_weights=[0.3, 2.0], metrics=[["mae"], ["accuracy"]])
    return model


@pytest.mark.parametrize("mode", ["map", "vmap"])
def test_dicts_of_inputs_and_outputs(mode: str):
    x, y = {"left": LEFT, "right": RIGHT}, {"price": PRICE, "kind": KIND}
    with precision("float64"):
        assert_members_equal_lone_fits(lambda: two_by_two(nested=dict), x, y, kind="float64", mode=mode, epochs=3)


def test_lists_of_inputs_and_outputs_with_weights_for_each():
    weights = [0.5 + classes(22, 3), 0.1 + classes(22, 4)]
    with precision("float64"):
        assert_members_equal_lone_fits(
            lambda: two_by_two(nested=list),
            [LEFT, RIGHT],
            [PRICE, KIND],
            kind="float64",
            sample_weight=weights,
            epochs=3,
        )


def test_an_output_without_a_loss():
    def build() -> keras.Model:
        inputs = keras.Input((5,))
        hidden = layers.Dense(3, activation="tanh", name="hidden")(inputs)
        model = keras.Model(inputs, {"hidden": hidden, "price": layers.Dense(1, name="price")(hidden)})
        model.compile("adam", {"price": "mse", "hidden": None}, metrics={"price": ["mae"]})
        return model

    y = {"price": PRICE, "hidden": numbers(22, 3)}
    with precision("float64"):
        assert_members_equal_lone_fits(build, LEFT, y, kind="float64", epochs=3)


class Residual(keras.Model):
    """A subclassed model: nothing but `call`."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden, self.dropout, self.out = layers.Dense(5, "tanh"), layers.Dropout(0.2), layers.Dense(1)

    def call(self, x: Any, *, training: bool = False) -> Any:
        return self.out(x + self.dropout(self.hidden(x), training=training))


class OwnLoss(Residual):
    """Computes its loss itself, with a penalty."""

    def compute_loss(self, x: Any, y: Any, y_pred: Any, sample_weight: Any = None, training: Any = True) -> Any:
        penalty = keras.ops.mean(keras.ops.square(y_pred))
        return super().compute_loss(x, y, y_pred, sample_weight, training) + 0.1 * penalty


class OwnStep(Residual):
    """Trains itself, as Keras' guide to custom steps on JAX writes it."""

    def train_step(self, state: Any, data: Any) -> Any:
        trainable, frozen, optimizer, metrics = state
        x, y = data

        def loss_of(trainable: Any, frozen: Any) -> Any:
            answer, frozen = self.stateless_call(trainable, frozen, x, training=True)
            return keras.ops.mean(keras.ops.abs(answer - y)), (answer, frozen)

        (loss, (answer, frozen)), gradients = jax.value_and_grad(loss_of, has_aux=True)(trainable, frozen)
        trainable, optimizer = self.optimizer.stateless_apply(optimizer, gradients, trainable)
        with keras.StatelessScope(state_mapping=list(zip(self.metrics_variables, metrics, strict=True))) as scope:
            self.metrics[0].update_state(loss)
            self.metrics[1].update_state(y, answer)
            logs = self.get_metrics_result()
        metrics = [scope.get_current_value(variable) for variable in self.metrics_variables]
        return logs, (trainable, frozen, optimizer, metrics)


@pytest.mark.parametrize("kind", [Residual, OwnLoss, OwnStep])
def test_subclassed_models(kind: type):
    def build() -> keras.Model:
        model = kind()
        model.compile("adam", "mse", metrics=["mse"] if kind is OwnStep else None)
        return model

    with precision("float64"):
        assert_members_equal_lone_fits(build, LEFT, PRICE, kind="float64", epochs=3)
