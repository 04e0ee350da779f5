"""The code that is written makes the model that it was written from."""

from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from tenfold.repairing.code_writer import model_code


def executed(code: str, *rows: Any) -> keras.Model:
    names: dict[str, Any] = {"np": np}
    exec(compile(code, "written", "exec"), names)  # noqa: S102  # written here from a model of this test
    model: keras.Model = names["build_model"](*rows)
    return model


def comparable(model: keras.Model) -> list[Any]:
    """Layers, optimizer and compile arguments; the model's own name is nobody's concern."""
    config, compiled = model.get_config(), model.get_compile_config()
    return [{name: value for name, value in config.items() if name not in ("name", "build_input_shape")},
            {name: value for name, value in compiled.items() if name != "optimizer"},
            {name: value for name, value in model.optimizer.get_config().items() if name != "name"}]  # fmt: skip


def images() -> keras.Model:
    model = keras.Sequential([
        keras.Input((8, 8, 1), name="picture"),
        layers.Conv2D(4, 3, padding="same", activation="relu", kernel_initializer="he_normal"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dropout(0.3, seed=5),
        layers.Dense(10, kernel_regularizer=keras.regularizers.L2(1e-3), name="last"),
        layers.Softmax(),
    ])  # fmt: skip
    loss = keras.losses.SparseCategoricalCrossentropy(ignore_class=3)
    model.compile(keras.optimizers.SGD(0.05, momentum=0.9, clipnorm=1.0), loss, metrics=["accuracy"])
    return model


def words() -> keras.Model:
    model = keras.Sequential([
        keras.Input((None,), dtype="int32"),
        layers.Embedding(30, 4, mask_zero=True),
        layers.Bidirectional(layers.LSTM(3, dropout=0.2)),
        layers.Dense(2, activation=keras.activations.softmax),
    ])  # fmt: skip
    rate = keras.optimizers.schedules.ExponentialDecay(0.01, 100, 0.9)
    model.compile(keras.optimizers.AdamW(rate), "sparse_categorical_crossentropy", weighted_metrics=["accuracy"])
    return model


def branches() -> keras.Model:
    columns, other = keras.Input((6,), name="columns"), keras.Input((2,), name="other")
    hidden = layers.Dense(8, activation="tanh", name="hidden")(columns)
    shared = layers.Dense(8)
    twice = shared(shared(hidden))
    joined = layers.Concatenate()([hidden, twice, other]) * 2.0
    outputs = [layers.Dense(1, name="total")(joined), layers.Dense(3, activation="softmax", name="kind")(hidden)]
    model = keras.Model([columns, other], outputs)
    losses = {"total": "mse", "kind": "sparse_categorical_crossentropy"}
    model.compile("adam", losses, loss_weights={"total": 0.5, "kind": 1.0}, metrics={"kind": ["accuracy"]})
    return model


def nested() -> keras.Model:
    inner = keras.Sequential([keras.Input((3,)), layers.Dense(4, "relu")], name="inner")
    model = keras.Sequential([keras.Input((3,)), inner, layers.Dense(1)])
    model.compile("rmsprop", keras.losses.Huber(0.5))
    return model


@pytest.mark.parametrize("build", [images, words, branches])
def test_the_code_of_a_model_makes_the_same_model(build: Any):
    keras.utils.clear_session()
    model = build()
    code = model_code(model)
    keras.utils.clear_session()  # names that Keras counts start anew
    assert comparable(executed(code)) == comparable(model)


def test_a_model_inside_a_model_becomes_a_function_of_its_own():
    code = model_code(nested())
    assert "def build_inner():" in code
    assert executed(code).count_params() == nested().count_params()


def test_defaults_are_left_out_and_the_learning_rate_is_always_told():
    model = keras.Sequential([keras.Input((3,)), layers.Dense(1, activation="linear", use_bias=True)])
    model.compile("adam", "mse")
    code = model_code(model)
    assert "layers.Dense(1)," in code
    assert 'model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.001), loss="mse")' in code


def test_numbers_from_the_rows_are_written_as_what_computes_them():
    layer = layers.Normalization(mean=[1.0, 2.0], variance=[1.0, 4.0])
    model = keras.Sequential([keras.Input((2,)), layer, layers.Dense(1)])
    model.compile("adam", "mse")
    code = model_code(model, {layer.name: {"mean": "np.mean(x, axis=0)", "variance": "np.var(x, axis=0)"}})
    assert "layers.Normalization(mean=np.mean(x, axis=0), variance=np.var(x, axis=0))" in code
    rows = np.array([[0.0, 0.0], [2.0, 4.0]])
    built = executed(code, rows, None)
    np.testing.assert_allclose(built.layers[0](rows), layer(rows), rtol=1e-6)


def test_a_function_of_the_users_own_is_named_where_it_belongs():
    def lopsided(y_true: Any, y_pred: Any) -> Any:
        return keras.ops.mean(keras.ops.square(y_true - y_pred))

    model = keras.Sequential([keras.Input((2,)), layers.Dense(1)])
    model.compile("adam", lopsided)
    assert "loss=lopsided" in model_code(model)


def test_long_calls_have_an_argument_a_line():
    assert max(map(len, model_code(images()).splitlines())) <= 100
