"""A fused model: the same answers, the gradient that Keras loses, in Keras' own fit and after a round trip."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers, ops

import tenfold
from engine.models import classes, numbers
from tenfold.errors import ModelError, OptionError
from tenfold.precision.fused_models import FusedModel, FusedSequential
from tenfold.precision.fusing import fuse, save_fused

LOGIT = -20.0

LAST = {
    "two classes": (1, "sigmoid", "binary_crossentropy", [[1.0]], 1.0),
    "numbered classes": (2, "softmax", "sparse_categorical_crossentropy", [1], 1.0),
    "one-hot classes": (2, "softmax", keras.losses.CategoricalCrossentropy(), [[0.0, 1.0]], 1.0),
    "two classes, focal": (1, "sigmoid", keras.losses.BinaryFocalCrossentropy(gamma=2.0), [[1.0]], 1.0),
    "classes, focal": (2, "softmax", keras.losses.CategoricalFocalCrossentropy(alpha=1.0), [[0.0, 1.0]], 1.0),
}
"""Units, activation, loss, the target, and minus the gradient with respect to the wrong logit."""


def one_weight(units: int, activation: str, loss: Any, *, apart: bool = False) -> keras.Model:
    dense = [layers.Dense(units, use_bias=False), layers.Activation(activation)]
    model = keras.Sequential(
        [keras.Input((1,)), *(dense if apart else [layers.Dense(units, activation, use_bias=False)])]
    )
    model.compile(keras.optimizers.SGD(1.0), loss, metrics=["accuracy"])
    model.set_weights([np.array([[0.0] * (units - 1) + [LOGIT]], "float32")])
    return model


@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize("name", LAST)
def test_the_gradient_that_keras_loses_is_there_in_keras_own_fit_and_after_a_round_trip(
    name: str, apart: bool, tmp_path: Path
):
    units, activation, loss, target, step = LAST[name]
    x, y = np.ones((1, 1), "float32"), np.array(target)
    model = one_weight(units, activation, loss, apart=apart)
    fused = fuse(model)
    np.testing.assert_array_equal(fused.predict(x, verbose=0), model.predict(x, verbose=0))
    save_fused(fused, tmp_path / "fused.keras")
    loaded = keras.models.load_model(tmp_path / "fused.keras")
    model.fit(x, y, verbose=0)
    assert model.get_weights()[0][0, -1] == LOGIT
    for one in (fused, loaded):
        assert one.fit(x, y, verbose=0).history["loss"] == [pytest.approx(-LOGIT, rel=1e-6)]
        np.testing.assert_allclose(one.get_weights()[0][0, -1], LOGIT + step, rtol=1e-6)


def several_outputs() -> keras.Model:
    inputs = keras.Input((5,))
    hidden = layers.Dropout(0.3)(layers.BatchNormalization()(layers.Dense(4, "tanh")(inputs)))
    outputs = [
        layers.Dense(1, "sigmoid", name="two")(hidden),
        layers.Dense(3, "softmax", name="three")(hidden),
        layers.Dense(1, name="number")(hidden),
    ]
    model = keras.Model(inputs, outputs)
    model.compile(
        "adam",
        {"two": "binary_crossentropy", "three": keras.losses.SparseCategoricalCrossentropy(), "number": "mse"},
        loss_weights={"two": 1.0, "three": 0.5, "number": 2.0},
        metrics={"two": ["accuracy", "auc"], "three": ["sparse_categorical_crossentropy"]},
    )
    return model


TARGETS = [classes(22)[:, None].astype("float32"), classes(22, 3), numbers(22, 1, seed=1)]


def test_training_a_fused_model_with_keras_equals_training_the_model_with_fused_heads():
    keras.utils.set_random_seed(3)
    model, x = several_outputs(), numbers(22, 5)
    weights, given = model.get_weights(), [np.linspace(0.5, 2, 22)] * 3
    fused = fuse(model)
    assert type(fused) is FusedModel
    assert [one.split(":")[0] for one in fused.changes] == ["`two`", "`three`", "`number`"]
    assert ["on logits" in one for one in fused.changes] == [True, True, False]
    asked = {"epochs": 3, "batch_size": 8, "shuffle": False, "verbose": 0, "sample_weight": given}
    ours = tenfold.fit(model, x, TARGETS, **asked).history
    theirs = fused.fit(x, TARGETS, **asked).history
    assert ours.keys() == theirs.keys()
    for name, values in ours.items():
        np.testing.assert_allclose(values, theirs[name], rtol=2e-5, err_msg=name)
    for own, other, start in zip(model.get_weights(), fused.get_weights(), weights, strict=True):
        np.testing.assert_allclose(own, other, rtol=2e-5, atol=2e-6)
        assert own.shape == start.shape


def test_tenfold_trains_a_fused_model_as_the_model_it_came_from():
    keras.utils.set_random_seed(4)
    model, x, y = one_weight(1, "sigmoid", "binary_crossentropy"), np.ones((4, 1), "float32"), np.ones((4, 1))
    fused = fuse(model)
    first = tenfold.fit(model, x, y, epochs=3, verbose=0).history
    for setting in (True, False):  # its losses read logits, so there is nothing else it could be
        again = fuse(fused) if setting else fused
        np.testing.assert_allclose(tenfold.fit(again, x, y, epochs=3, fuse=setting, verbose=0).history["loss"],
                                   first["loss"], rtol=1e-6)  # fmt: skip


def test_metrics_callbacks_and_class_weights_see_probabilities():
    seen = []

    class Watch(keras.callbacks.Callback):
        def on_epoch_end(self, *_: Any) -> None:
            seen.append(self.model.predict(np.ones((1, 1), "float32"), verbose=0)[0, 0])

    def mean_answer(_: Any, y_pred: Any) -> Any:
        return ops.mean(y_pred)

    model = one_weight(1, "sigmoid", "binary_crossentropy")
    model.compile(keras.optimizers.SGD(0.0), "binary_crossentropy", metrics=[mean_answer])
    model.set_weights([np.array([[-1.0]], "float32")])
    history = fuse(model).fit(np.ones((2, 1)), np.array([[0.0], [1.0]]), class_weight={0: 1.0, 1: 3.0}, epochs=2,
                              callbacks=[Watch()], verbose=0).history  # fmt: skip
    probability = 1 / (1 + np.e)
    np.testing.assert_allclose([*seen, *history["mean_answer"]], probability, rtol=1e-6)
    np.testing.assert_allclose(history["loss"], (np.log1p(np.exp(-1)) + 3 * np.log1p(np.e)) / 2, rtol=1e-6)


def test_training_continues_where_the_model_stood():
    x, y = numbers(16, 3), classes(16)
    model = keras.Sequential([keras.Input((3,)), layers.Dense(1, "sigmoid")])
    model.compile("adam", "binary_crossentropy")
    model.fit(x, y, epochs=2, shuffle=False, verbose=0)
    fused = fuse(model)
    assert int(fused.optimizer.iterations) == int(model.optimizer.iterations) == 2
    rest = {"epochs": 2, "shuffle": False, "verbose": 0}
    np.testing.assert_allclose(
        fused.fit(x, y, **rest).history["loss"], model.fit(x, y, **rest).history["loss"], rtol=1e-5
    )


def own_activation(x: Any) -> Any:
    return ops.sigmoid(x)


def ending_with(*last: Any, loss: Any) -> keras.Model:
    model = keras.Sequential([keras.Input((3,)), *last])
    model.compile("sgd", loss)
    return model


LEFT = {
    "no crossentropy": (
        lambda: ending_with(layers.Dense(1, "sigmoid"), loss="mse"),
        "no crossentropy of probabilities",
    ),
    "reads logits": (
        lambda: ending_with(layers.Dense(1, "sigmoid"), loss=keras.losses.BinaryCrossentropy(from_logits=True)),
        "reads logits already",
    ),
    "no activation": (lambda: ending_with(layers.Dense(1), loss="binary_crossentropy"), "ends with linear"),
    "own activation": (
        lambda: ending_with(layers.Dense(1, own_activation), loss="binary_crossentropy"),
        "ends with own_activation",
    ),
    "chosen later": (
        lambda: ending_with(layers.Dense(1, "sigmoid"), loss="crossentropy"),
        "name the one that is meant",
    ),
}


@pytest.mark.parametrize("name", LEFT)
def test_what_cannot_be_fused_is_said_and_left_as_it_is(name: str):
    build, sentence = LEFT[name]
    model = build()
    left = fuse(model)
    assert type(left) is keras.Sequential
    assert sentence in left.changes[0]
    np.testing.assert_array_equal(left.predict(numbers(4, 3), verbose=0), model.predict(numbers(4, 3), verbose=0))


def test_a_class_of_the_users_own_is_left_as_it_is():
    @keras.saving.register_keras_serializable("tests")
    class Own(keras.Model):
        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.dense = layers.Dense(1, "sigmoid")

        def call(self, inputs: Any) -> Any:
            return self.dense(inputs)

    model = Own()
    model(numbers(4, 3))
    model.compile("sgd", "binary_crossentropy")
    left = fuse(model)
    assert "a class of its own (`Own`)" in left.changes[0]
    np.testing.assert_array_equal(left.predict(numbers(4, 3), verbose=0), model.predict(numbers(4, 3), verbose=0))


def test_a_fused_model_is_fused_already():
    fused = fuse(one_weight(1, "sigmoid", "binary_crossentropy"))
    again = fuse(fused)
    assert type(fused) is type(again) is FusedSequential
    assert again.changes == ["The model is a fused one already: its heads train on logits."]


def test_the_model_itself_is_not_changed():
    model = one_weight(1, "sigmoid", "binary_crossentropy")
    optimizer, activation = model.optimizer, model.layers[-1].activation
    fuse(model).fit(np.ones((1, 1)), np.ones((1, 1)), verbose=0)
    assert model.get_weights()[0] == LOGIT
    assert (model.optimizer, model.layers[-1].activation, model.loss) == (optimizer, activation, "binary_crossentropy")


def test_a_model_that_is_not_compiled_or_not_built_is_refused():
    model = keras.Sequential([layers.Dense(1, "sigmoid")])
    with pytest.raises(ModelError, match="is not compiled"):
        fuse(model)
    model.compile("sgd", "binary_crossentropy")
    with pytest.raises(ModelError, match="is not built, so it has no weights yet"):
        fuse(model)


def test_a_fused_model_is_written_to_a_keras_file_only(tmp_path: Path):
    with pytest.raises(OptionError, match=r"does not end in \.keras"):
        save_fused(fuse(one_weight(1, "sigmoid", "binary_crossentropy")), tmp_path / "fused.h5")
