"""Keras models read into scratch layers: chains and models among their layers; the rest is refused in one sentence."""

import keras
import numpy as np
import pytest

from tenfold.errors import ModelError
from tenfold.scratch.compiled import loss_from_keras, optimizer_from_keras
from tenfold.scratch.network import Network
from tenfold.scratch.optimizers import SGD
from tenfold.scratch.reading import from_keras

layers = keras.layers


def chain(*parts, shape=(6, 4)) -> keras.Model:
    return keras.Sequential([keras.Input(shape), *parts])


def test_the_numbers_are_those_of_predict():
    model = chain(layers.Conv1D(3, 2, activation="relu"), layers.GRU(5), layers.Dense(2, activation="softmax"))
    rows = np.random.default_rng(0).normal(size=(7, 6, 4))
    np.testing.assert_allclose(from_keras(model).predict(rows), model.predict(rows, verbose=0), atol=1e-5)


def test_a_functional_chain_and_a_model_as_a_layer_are_unfolded():
    inner = chain(layers.Dense(3), layers.Dropout(0.2))
    inputs = keras.Input((6, 4))
    model = keras.Model(inputs, layers.Dense(2)(layers.Flatten()(inner(inputs))))
    assert [type(layer).__name__ for layer in from_keras(model).layers] == ["Dense", "Dropout", "Reshape", "Dense"]
    rows = np.random.default_rng(0).normal(size=(7, 6, 4))
    np.testing.assert_allclose(from_keras(model).predict(rows), model.predict(rows, verbose=0), atol=1e-5)


def test_layers_keep_their_names():
    model = chain(layers.Dense(3, name="first"), layers.Dense(2, name="second"))
    assert [layer.name for layer in from_keras(model).layers] == ["first", "second"]


def branched() -> keras.Model:
    inputs = keras.Input((4,))
    return keras.Model(inputs, layers.Add()([layers.Dense(3)(inputs), layers.Dense(3)(inputs)]), name="branched")


def shared() -> keras.Model:
    inputs, twice = keras.Input((4,)), layers.Dense(4)
    return keras.Model(inputs, twice(twice(inputs)), name="shared")


def with_state() -> keras.Model:
    inputs = keras.Input((6, 4))
    hidden = layers.Dense(4)(inputs)
    first = layers.GlobalAveragePooling1D()(hidden)
    return keras.Model(inputs, layers.SimpleRNN(4)(hidden, initial_state=first), name="with_state")


@pytest.mark.parametrize("make", [branched, shared, with_state])
def test_what_is_no_chain_is_refused(make):
    with pytest.raises(ModelError, match=f"The model `{make.__name__}` is no chain of layers"):
        from_keras(make())


def test_a_model_without_weights_is_refused():
    with pytest.raises(ModelError, match=r"has no weights yet.*build it"):
        from_keras(keras.Sequential([layers.Dense(2)]))


class Dense(layers.Dense):
    """Another layer of the same name."""


@pytest.mark.parametrize("layer", [layers.LayerNormalization(name="odd"), Dense(3, name="odd")])
def test_a_layer_that_is_not_known_is_refused(layer):
    with pytest.raises(ModelError, match=rf"The layer `odd` \({type(layer).__name__}\) cannot be opened"):
        from_keras(chain(layer))


@pytest.mark.parametrize(
    ("layer", "setting"),
    [
        (layers.Dense(3, kernel_regularizer="l2"), "kernel_regularizer"),
        (layers.Conv1D(4, 2, groups=2), "groups"),
        (layers.Conv1D(4, 2, data_format="channels_first"), "data_format"),
        (layers.LSTM(3, dropout=0.2), "dropout"),
        (layers.GRU(3, go_backwards=True), "go_backwards"),
        (layers.ReLU(max_value=6), "max_value"),
        (layers.BatchNormalization(axis=1), "axis"),
        (layers.GlobalAveragePooling1D(keepdims=True), "keepdims"),
    ],
)
def test_a_setting_that_changes_the_numbers_is_refused(layer, setting):
    with pytest.raises(ModelError, match=f"cannot be opened with its `{setting}`"):
        from_keras(chain(layer))


def test_words_that_are_masked_are_refused():
    model = keras.Sequential([keras.Input((5,)), layers.Embedding(4, 3, mask_zero=True)])
    with pytest.raises(ModelError, match="cannot be opened with its `mask_zero`"):
        from_keras(model)


def twice(x):
    return 2 * x


@pytest.mark.parametrize("given", ["mish", twice])
def test_an_activation_that_is_not_known_is_refused(given):
    with pytest.raises(ModelError, match="cannot be opened with its `activation`"):
        from_keras(chain(layers.Dense(3, activation=given)))


@pytest.mark.parametrize(
    "loss", ["mse", "mean_squared_error", keras.losses.MeanSquaredError(name="own"), "MeanSquaredError"]
)
def test_a_loss_is_known_however_it_was_given(loss):
    model = chain(layers.Dense(1))
    model.compile("sgd", loss)
    assert type(loss_from_keras(model)).__name__ == "MeanSquaredError"
    assert optimizer_from_keras(model) == SGD(float(np.float32(0.01)))


@pytest.mark.parametrize("weights", [0.5, [0.5], {"answer": 2}])
def test_a_weight_of_the_loss_is_refused(weights):
    model = chain(layers.Dense(1, name="answer"))
    model.compile("sgd", {"answer": "mse"} if isinstance(weights, dict) else "mse", loss_weights=weights)
    with pytest.raises(ModelError, match=r"loss_weights="):
        loss_from_keras(model)


@pytest.mark.parametrize("loss", [{"answer": "mae"}, ["mae"], keras.losses.MeanAbsoluteError()])
def test_the_loss_of_the_one_output_may_be_given_by_its_name_or_place(loss):
    model = chain(layers.Dense(1, name="answer"))
    model.compile("sgd", loss)
    assert type(loss_from_keras(model)).__name__ == "MeanAbsoluteError"


def test_a_weight_of_one_changes_nothing():
    model = chain(layers.Dense(1))
    model.compile("sgd", "mse", loss_weights=[1.0])
    assert type(loss_from_keras(model)).__name__ == "MeanSquaredError"


@pytest.mark.parametrize(
    "loss", ["huber", keras.losses.BinaryCrossentropy(label_smoothing=0.1), keras.losses.MeanSquaredError("sum")]
)
def test_a_loss_that_is_not_known_is_refused(loss):
    model = chain(layers.Dense(1))
    model.compile("sgd", loss)
    with pytest.raises(ModelError, match=r"The loss of the model .* cannot be opened"):
        loss_from_keras(model)


@pytest.mark.parametrize(
    "optimizer",
    [
        keras.optimizers.Nadam(),
        keras.optimizers.Adam(amsgrad=True),
        keras.optimizers.SGD(clipnorm=1.0),
        keras.optimizers.SGD(keras.optimizers.schedules.CosineDecay(0.1, 10)),
    ],
)
def test_an_optimizer_that_is_not_known_is_refused(optimizer):
    model = chain(layers.Dense(1))
    model.compile(optimizer, "mse")
    with pytest.raises(ModelError, match=r"The optimizer of the model .* cannot be opened"):
        optimizer_from_keras(model)


def test_a_model_that_is_not_compiled_is_refused():
    with pytest.raises(ModelError, match=r"has no loss.*compile it"):
        loss_from_keras(chain(layers.Dense(1)))


def test_an_empty_network_says_what_it_is_told():
    rows = np.ones((3, 2))
    assert Network(()).predict(rows) is rows
