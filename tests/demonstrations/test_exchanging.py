"""Other activations in hidden layers, and nothing else changed."""

import keras
import numpy as np
import pytest

from tenfold.demonstrations.exchanging import hidden_activations, with_activation
from tenfold.errors import ModelError


def compiled(*layers: keras.layers.Layer, inputs: tuple[int, ...] = (3,)) -> keras.Model:
    model = keras.Sequential([keras.Input(inputs), *layers])
    model.compile(keras.optimizers.SGD(0.125, momentum=0.5), "binary_crossentropy")
    return model


def activations(model: keras.Model) -> list[str]:
    return [getattr(getattr(layer, "activation", None), "__name__", type(layer).__name__) for layer in model.layers]


DENSE = keras.layers.Dense


def test_hidden_layers_change_and_the_answer_does_not():
    model = compiled(DENSE(4, "relu", name="first"), DENSE(5, "tanh", name="second"), DENSE(1, "sigmoid"))

    assert hidden_activations(model) == {"first": "relu", "second": "tanh"}
    assert activations(with_activation(model, "gelu")) == ["gelu", "gelu", "sigmoid"]
    assert activations(with_activation(model, "leaky_relu", instead_of=("relu",))) == ["leaky_relu", "tanh", "sigmoid"]
    assert activations(model) == ["relu", "tanh", "sigmoid"]


def test_layers_that_are_activations_change_too():
    rectified, flat = keras.layers.ReLU(name="rectified"), keras.layers.Activation("tanh", name="flat")
    model = compiled(DENSE(4), rectified, DENSE(4), flat, DENSE(1, "sigmoid"))

    assert hidden_activations(model) == {"rectified": "relu", "flat": "tanh"}
    found = with_activation(model, "sigmoid")
    assert activations(found) == ["linear", "sigmoid", "linear", "sigmoid", "sigmoid"]
    assert [layer.name for layer in found.layers] == [layer.name for layer in model.layers]


def test_what_has_no_activation_of_its_own_stays_as_it_is():
    model = compiled(
        keras.layers.LSTM(4), DENSE(3, "softmax", name="shares"), DENSE(2), DENSE(1, "sigmoid"), inputs=(5, 2)
    )

    assert hidden_activations(model) == {}


def test_optimizer_and_loss_are_those_of_the_model():
    found = with_activation(compiled(DENSE(4, "relu"), DENSE(1, "sigmoid")), "tanh")

    assert float(found.optimizer.learning_rate) == 0.125
    assert (found.optimizer.momentum, found.loss) == (0.5, "binary_crossentropy")


def test_initial_weights_follow_the_activation_where_they_are_asked_to():
    model = compiled(DENSE(4, "sigmoid"), DENSE(1, "sigmoid"))
    kinds = [type(with_activation(model, "relu", redraws=redraws).layers[0].kernel_initializer).__name__
             for redraws in (False, True)]  # fmt: skip

    assert kinds == ["GlorotUniform", "HeNormal"]


def test_branches_of_a_functional_model_keep_their_ways():
    given = keras.Input((3,))
    left, right = DENSE(4, "relu", name="left")(given), DENSE(4, "tanh", name="right")(given)
    model = keras.Model(given, DENSE(1, "sigmoid", name="answer")(keras.layers.add([left, right])))
    model.compile("sgd", "binary_crossentropy")
    found = with_activation(model, "elu")

    assert hidden_activations(found) == {"left": "elu", "right": "elu"}
    assert found.get_layer("answer").activation.__name__ == "sigmoid"
    assert found.count_params() == model.count_params()


def test_a_model_of_its_own_class_is_refused():
    class Own(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.hidden, self.answer = DENSE(4, "relu"), DENSE(1)

        def call(self, x):
            return self.answer(self.hidden(x))

    model = Own()
    model(np.zeros((1, 3), "float32"))
    model.compile("sgd", "mse")
    with pytest.raises(ModelError, match=r"The layers of this model cannot be exchanged\. Expected: a Sequential"):
        with_activation(model, "tanh")
