"""Gradients before the first step, against a chain whose gradients are known by hand."""

import keras
import numpy as np
import pytest

from tenfold import views
from tenfold.demonstrations.examples import circles
from tenfold.demonstrations.subject import Subject
from tenfold.demonstrations.vanishing import gradients_at_the_start
from tenfold.engine.member import Member
from tenfold.errors import ModelError, OptionError

X = np.array([[1.0], [-2.0], [3.0]], np.float32)
T = np.array([[0.5], [1.0], [-1.0]], np.float32)


def chain(*weights: float) -> keras.Model:
    """One unit a layer, no bias: y = w_n ... w_2 w_1 x, with a tanh that is nearly straight at these sizes."""
    layers = [keras.layers.Dense(1, "linear", use_bias=False, kernel_initializer=keras.initializers.Constant(one))
              for one in weights]  # fmt: skip
    model = keras.Sequential([keras.Input((1,)), *layers])
    model.compile(keras.optimizers.SGD(0.1), "mean_squared_error")
    return model


def test_the_gradient_of_a_chain_is_the_product_of_the_other_weights():
    weights = (0.5, 3.0, -2.0)
    product = np.prod(weights)
    slope = np.mean(2 * (product * X - T) * X)  # dL / d(product)
    found = gradients_at_the_start(
        Subject(chain(*weights), X, T), [Member(np.arange(3)), Member(np.arange(3), seed=1)], seed=0
    )

    assert found == pytest.approx(np.array([[abs(slope * product / one) for one in weights]] * 2), rel=1e-5)


def deep(depth: int, activation: str) -> keras.Model:
    hidden = [keras.layers.Dense(3, activation) for _ in range(depth)]
    model = keras.Sequential([keras.Input((2,)), *hidden, keras.layers.Dense(1, "sigmoid")])
    model.compile("adam", "binary_crossentropy")
    return model


def test_a_function_of_depth_and_activation_is_shown_at_each_depth():
    rows = circles(40, noise=0.1, seed=0)
    tried = {"depths": (1, 3), "activations": ("tanh", "sigmoid")}
    seen = views.gradient_by_layer(deep, *rows, **tried, epochs=2, seeds=2).numbers

    assert (seen.kinds, seen.depths) == (("tanh", "sigmoid"), (1, 3))
    assert seen.gradient.shape == (2, 2, 2, 4)
    assert np.isfinite(seen.gradient).sum(axis=-1).tolist() == [[[2, 2], [4, 4]]] * 2
    assert seen.loss.shape == (2, 2, 2)
    assert (seen.first_over_last()[1, 1] < seen.first_over_last()[0, 1]).all()


def test_a_users_own_model_is_shown_as_it_is_beside_others():
    seen = views.gradient_by_layer(deep(2, "gelu"), *circles(40, noise=0.1, seed=0), activations=("relu",), epochs=1,
                                   seeds=1).numbers  # fmt: skip

    assert (seen.kinds, seen.depths) == (("as it is (gelu)", "relu"), (2,))
    assert seen.gradient.shape == (2, 1, 1, 3)


def test_a_chain_of_linear_layers_is_refused():
    with pytest.raises(ModelError, match="No hidden layer of the model has an activation"):
        views.gradient_by_layer(chain(1.0, 2.0), X, T)


@pytest.mark.parametrize("depths", [(), (3, 2), (0, 1), (2, 2)])
def test_depths_that_do_not_rise_are_refused(depths: tuple[int, ...]):
    with pytest.raises(OptionError, match="`depths` must be whole numbers in rising order"):
        views.gradient_by_layer(deep, X, T, depths=depths)


def test_an_activation_that_the_example_does_not_know_is_refused():
    with pytest.raises(OptionError, match="The example networks do not know one of these"):
        views.gradient_by_layer(activations=("swish",))
