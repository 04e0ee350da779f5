"""One row through a Keras model: every number is there, fits its neighbours, and agrees with JAX."""

import keras
import numpy as np
import pytest

from tenfold.errors import InputError, ModelError, OptionError
from tenfold.scratch.tracing import Trace, trace

layers = keras.layers
ROWS = np.random.default_rng(0)


def one_weight() -> keras.Model:
    model = keras.Sequential([keras.Input((1,)), layers.Dense(1, use_bias=False, name="only")], name="three_to_six")
    model.layers[0].set_weights([np.array([[2.0]])])
    model.compile(keras.optimizers.SGD(0.01), "mse")
    return model


def house_prices() -> tuple[keras.Model, np.ndarray, np.ndarray]:
    model = keras.Sequential([keras.Input((13,)), layers.Dense(64, "relu"), layers.Dense(64, "relu"), layers.Dense(1)])
    model.compile("rmsprop", "mse")
    return model, ROWS.normal(size=(4, 13)), ROWS.normal(size=4)


def digits() -> tuple[keras.Model, np.ndarray, np.ndarray]:
    model = keras.Sequential(
        [
            keras.Input((12, 12, 1)),
            layers.Conv2D(4, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.BatchNormalization(),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(10, "softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    return model, ROWS.uniform(size=(4, 12, 12, 1)), np.array([1, 0, 7, 9])


def words() -> tuple[keras.Model, np.ndarray, np.ndarray]:
    model = keras.Sequential(
        [keras.Input((6,)), layers.Embedding(20, 4), layers.LSTM(5), layers.Dense(1, activation="sigmoid")]
    )
    model.compile("adam", "binary_crossentropy")
    return model, ROWS.integers(0, 20, size=(4, 6)), np.array([0, 1, 1, 0])


@pytest.fixture(scope="module", params=[house_prices, digits, words], ids=lambda make: make.__name__)
def traced(request: pytest.FixtureRequest) -> Trace:
    return trace(*request.param(), row=2)


def test_three_becomes_six_with_a_slope_of_minus_24_and_a_weight_of_2_24():
    found = trace(one_weight(), np.array([[3.0]]), np.array([[10.0]]))
    (only,) = found.layers
    assert (found.model, only.name, only.kind) == ("three_to_six", "only", "Dense")
    assert (only.inputs.item(), found.prediction.item(), found.loss.value) == (3, 6, 16)
    assert (found.loss.slope.item(), only.weight_slopes["kernel"].item()) == (-8, -24)
    assert only.new_weights["kernel"].item() == pytest.approx(2.24, abs=1e-7)  # Keras keeps the rate in float32
    assert found.update.loss_after == pytest.approx((6.72 - 10) ** 2, abs=1e-5)
    assert found.update.loss_expected == pytest.approx(16 - 24 * 0.24, abs=1e-5)


def test_everything_agrees_with_jax(traced):
    assert traced.agreement.largest < 1e-10
    assert traced.agreement.num_slopes == sum(
        slope.size for layer in traced.layers for slope in layer.weight_slopes.values()
    )
    assert "slopes agree with JAX in double precision" in traced.agreement.sentence


def test_a_layer_receives_what_the_one_before_gave(traced):
    for before, after in zip(traced.layers, traced.layers[1:], strict=False):
        assert before.outputs is after.inputs
        assert before.output_slope is after.input_slope
        assert before.output_shape == after.input_shape
    assert traced.layers[-1].outputs is traced.loss.prediction
    assert traced.layers[-1].output_slope is traced.loss.slope


def test_every_array_has_the_shape_of_what_it_belongs_to(traced):
    for layer in traced.layers:
        assert layer.formula
        assert layer.slope_formula
        assert layer.outputs.shape == layer.output_slope.shape
        for name, weight in layer.weights.items():
            assert layer.weight_slopes[name].shape == layer.new_weights[name].shape == weight.shape


def test_a_short_step_does_what_the_slopes_promise(traced):
    update = traced.update
    assert update.loss_before == traced.loss.value
    assert update.loss_after < update.loss_before
    assert update.loss_expected < update.loss_before


def test_the_model_stays_as_it_is():
    model = one_weight()
    trace(model, np.array([[3.0]]), np.array([[10.0]]))
    assert model.layers[0].get_weights()[0].item() == 2
    assert keras.config.floatx() == "float32"
    assert int(model.optimizer.iterations.value) == 0


def test_a_frozen_layer_keeps_its_weights_and_jax_agrees():
    model, x, y = house_prices()
    model.layers[0].trainable = False
    model.compile("sgd", "mse")
    found = trace(model, x, y)
    np.testing.assert_array_equal(found.layers[0].new_weights["kernel"], found.layers[0].weights["kernel"])
    assert found.agreement.largest < 1e-10


def test_a_gate_of_an_lstm_can_be_looked_at():
    found = trace(*words())
    assert {"input", "forget", "candidate", "output", "carried", "states"} <= set(found.layers[1].inside)
    assert found.layers[1].inside["forget"].shape == (1, 6, 5)


def test_a_disagreement_is_said():
    from tenfold.scratch.agreement import Agreement

    assert "differ from JAX" in Agreement(0.0, 0.0, 1e-3, 0.0, 7).sentence


def test_what_does_not_fit_is_refused():
    model = one_weight()
    with pytest.raises(OptionError, match=r"There is no row 4. Expected: 0 to 3"):
        trace(model, np.ones((4, 1)), np.ones(4), row=4)
    with pytest.raises(InputError, match=r"differ in rows. Received: 4 and 3"):
        trace(model, np.ones((4, 1)), np.ones(3))
    with pytest.raises(InputError, match=r"Rows do not fit the model `three_to_six`. Expected: rows of shape \(1,\)"):
        trace(model, np.ones((4, 2)), np.ones(4))
    with pytest.raises(ModelError, match="cannot be opened"):
        trace(keras.Sequential([keras.Input((3,)), layers.LayerNormalization()]), np.ones((4, 3)), np.ones((4, 3)))
