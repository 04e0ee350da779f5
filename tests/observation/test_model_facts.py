"""A Keras model of any kind is described layer by layer, with its outputs and its optimizer."""

import keras
import numpy as np
import pytest

from judged import CLASSES, NUMBERS, ONE_HOT, TWO_CLASSES, X, classifier, network
from tenfold.errors import ModelError
from tenfold.observation.model_facts import model_facts

layers = keras.layers
Dense = layers.Dense
SPARSE = "sparse_categorical_crossentropy"


class Residual(keras.Model):
    """A model with a call of its own, two branches and an operation of `keras.ops`."""

    def __init__(self):
        super().__init__()
        self.first, self.second = Dense(4, name="first"), Dense(4, name="second")
        self.last = Dense(3, activation="softmax", name="last")

    def call(self, x):
        return self.last(keras.ops.relu(self.first(x)) + self.second(x))


def compiled(model, loss=SPARSE, optimizer="adam", **more):
    model.compile(optimizer, loss, **more)
    return model


def sources(facts):
    return {layer.name: layer.sources for layer in facts.layers}


def test_a_sequential_model_in_the_order_of_its_layers():
    model = network(Dense(8, activation="relu"), layers.Dropout(0.25), Dense(3, activation="softmax"), loss=SPARSE)
    facts = model_facts(model, X, CLASSES)
    assert [layer.kind for layer in facts.layers] == ["InputLayer", "Dense", "Dropout", "Dense"]
    assert [layer.activation for layer in facts.layers] == ["", "relu", "", "softmax"]
    assert [layer.units for layer in facts.layers] == [4, 8, 8, 3]
    assert (facts.layers[2].rate, facts.num_parameters) == (0.25, 4 * 8 + 8 + 8 * 3 + 3)


def test_sources_follow_branches_and_models_inside_are_taken_apart():
    inputs = keras.Input((4,), name="rows")
    inner = keras.Sequential([Dense(4, name="one"), layers.ReLU(name="two")])
    joined = layers.add([inner(inputs), Dense(4, name="beside")(inputs)], name="sum")
    model = compiled(keras.Model(inputs, Dense(3, activation="softmax", name="last")(joined)))
    found = sources(model_facts(model, X, CLASSES))
    assert found == {
        "rows": (), "one": ("rows",), "two": ("one",), "beside": ("rows",), "sum": ("two", "beside"), "last": ("sum",),
    }  # fmt: skip


def test_a_model_with_a_call_of_its_own_is_watched_and_left_as_it_was():
    model = compiled(Residual())
    facts = model_facts(model, X, CLASSES)
    assert sources(facts) == {"first": (), "second": (), "operation_1": ("second",), "last": ("operation_1",)}
    assert [layer.is_known for layer in facts.layers] == [True, True, False, True]
    assert "call" not in vars(model.first)


def test_mixed_precision_does_not_tear_the_chain():
    class Chain(keras.Model):
        def __init__(self):
            super().__init__()
            self.first = Dense(3, dtype="mixed_bfloat16", name="first")
            self.last = layers.Activation("softmax", dtype="float32", name="last")

        def call(self, x):
            return self.last(self.first(x))

    facts = model_facts(compiled(Chain()), X, CLASSES)
    assert sources(facts) == {"first": (), "last": ("first",)}
    assert (facts.layers[0].dtype, facts.outputs[0].dtype) == ("bfloat16", "float32")


def test_operations_of_a_functional_model_are_activations_where_they_are():
    inputs = keras.Input((4,))
    hidden = keras.activations.relu(Dense(4)(inputs))
    model = compiled(keras.Model(inputs, keras.ops.softmax(Dense(3)(hidden))))
    facts = model_facts(model, X, CLASSES)
    assert [layer.activation for layer in facts.layers] == ["", "linear", "relu", "linear", "softmax"]
    assert facts.outputs[0].activations == ("softmax",)


@pytest.mark.parametrize(("activation", "name"), [
    ("swish", "silu"), (None, "linear"), (lambda x: x, "custom"), (layers.LeakyReLU(), "leaky_relu"),
    (keras.activations.tanh, "tanh"),
])  # fmt: skip
def test_an_activation_by_its_name(activation, name):
    assert model_facts(classifier(3, activation), X, CLASSES).outputs[0].activation == name


def test_outputs_in_order_with_their_losses_and_metrics():
    inputs = keras.Input((4,))
    heads = {"price": Dense(1, name="price")(inputs), "kind": Dense(3, activation="softmax", name="kind")(inputs)}
    model = compiled(
        keras.Model(inputs, heads), {"price": "mse", "kind": SPARSE}, metrics={"price": ["mae"], "kind": ["accuracy"]}
    )
    found = model_facts(model, X, {"price": NUMBERS, "kind": CLASSES}).outputs
    assert {one.name: (one.loss, one.units, one.metrics, one.is_fused) for one in found} == {
        "price": ("mean_squared_error", 1, ("mean_absolute_error",), False),
        "kind": (SPARSE, 3, ("sparse_categorical_accuracy",), True),
    }


def test_from_logits_is_read_from_the_loss():
    loss = keras.losses.CategoricalCrossentropy(from_logits=True)
    (output,) = model_facts(classifier(3, None, loss), X, ONE_HOT).outputs
    assert (output.loss, output.from_logits, output.activations) == ("categorical_crossentropy", True, ())


@pytest.mark.parametrize("initializer", ["glorot_uniform", "he_normal", "lecun_uniform", "random_normal", "zeros"])
def test_an_initializer_is_named_while_its_weights_are_drawn(initializer):
    model = network(Dense(50, kernel_initializer=initializer), Dense(3, activation="softmax"), loss=SPARSE)
    facts = model_facts(model, X, CLASSES)
    kernel = facts.layers[1].kernel
    assert kernel.initializer == type(keras.initializers.get(initializer)).__name__
    model.layers[0].set_weights([1.5 * np.ones((4, 50)) + model.layers[0].get_weights()[0], np.zeros(50)])
    assert model_facts(model, X, CLASSES).layers[1].kernel.initializer == ""


def test_a_kernel_by_hand():
    model = classifier()
    model.build((None, 4))
    weights = np.outer([1.0, 2.0, 3.0, 4.0], [1.0, -1.0, 1.0, -1.0, 0.0])
    model.layers[0].set_weights([weights, np.full(5, 0.5)])
    kernel = model_facts(model, X, CLASSES).layers[1].kernel
    assert (kernel.fan_in, kernel.fan_out, kernel.bias_mean) == (4, 5, 0.5)
    assert kernel.std == pytest.approx(weights.std())
    assert kernel.unit_spread == pytest.approx(np.mean([row.std() for row in weights]))
    assert kernel.glorot_std == pytest.approx((2 / 9) ** 0.5)


@pytest.mark.parametrize("layer", [layers.LSTM(6), layers.Bidirectional(layers.GRU(6)), layers.SimpleRNN(6)])
def test_recurrent_weights_are_found_in_their_cells(layer):
    steps = np.repeat(X[:, :, np.newaxis], 2, axis=2)
    facts = model_facts(network(layer, Dense(3, activation="softmax"), loss=SPARSE), steps, CLASSES)
    assert (facts.layers[1].kernel.initializer, facts.layers[1].activation) == ("GlorotUniform", "tanh")


def test_the_optimizer_and_its_numbers():
    optimizer = keras.optimizers.SGD(0.5, momentum=0.9, clipnorm=1.0)
    found = model_facts(classifier(optimizer=optimizer), X, CLASSES).optimizer
    assert (found.kind, found.learning_rate, found.momentum, found.clips) == ("sgd", 0.5, pytest.approx(0.9), True)
    assert found.default_learning_rate == 0.01
    scheduled = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.1, 10))
    assert model_facts(classifier(optimizer=scheduled), X, CLASSES).optimizer.is_scheduled


@pytest.mark.parametrize(("model", "y"), [
    (classifier(loss="categorical_crossentropy"), CLASSES), (classifier(2), CLASSES), (classifier(3), ONE_HOT),
])  # fmt: skip
def test_a_model_that_does_not_fit_its_targets_is_described_with_the_complaint(model, y):
    facts = model_facts(model, X, y)
    assert "fit" in facts.misfit
    assert facts.outputs[0].loss.endswith("crossentropy")


def test_a_model_that_cannot_take_the_inputs_is_refused():
    with pytest.raises(ModelError, match="does not fit the inputs"):
        model_facts(compiled(keras.Sequential([keras.Input((7,)), Dense(3)])), X, CLASSES)


def test_a_model_that_is_not_compiled_is_refused():
    with pytest.raises(ModelError, match="is not compiled"):
        model_facts(keras.Sequential([Dense(3)]), X, CLASSES)


def test_nothing_in_the_model_is_changed():
    model = classifier(1, "sigmoid", "binary_crossentropy", metrics=["accuracy"])
    model.build((None, 4))
    before = [np.array(weight) for weight in model.get_weights()]
    model_facts(model, X, TWO_CLASSES)
    assert all(np.array_equal(old, new) for old, new in zip(before, model.get_weights(), strict=True))
    assert int(model.optimizer.iterations) == 0
