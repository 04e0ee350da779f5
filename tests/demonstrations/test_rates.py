"""Many rates as one population, against Keras' own fit of one of them."""

import keras
import numpy as np
import pytest

from tenfold import views
from tenfold.demonstrations.examples import circles
from tenfold.errors import ModelError, OptionError

X, Y = circles(32, noise=0.1, seed=0)


def fixed() -> keras.Model:
    """Weights that no seed changes, and a batch that holds all rows: no order matters."""
    layers = [keras.layers.Dense(4, "tanh", kernel_initializer=keras.initializers.RandomNormal(seed=1)),
              keras.layers.Dense(1, "sigmoid", kernel_initializer=keras.initializers.RandomNormal(seed=2))]  # fmt: skip
    model = keras.Sequential([keras.Input((2,)), *layers])
    model.compile(keras.optimizers.SGD(0.5), "binary_crossentropy")
    return model


def test_each_rate_trains_as_keras_would_train_it():
    seen = views.learning_rates(fixed, X, Y, rates=(2.0, 0.5), epochs=3, seeds=2).numbers
    model = fixed()
    untrained = model.evaluate(X, Y, verbose=0)
    history = model.fit(X, Y, batch_size=32, epochs=3, verbose=0).history["loss"]

    assert seen.rates.tolist() == [0.5, 2.0]
    assert seen.loss[0] == pytest.approx(np.array([history, history]), rel=1e-5)
    assert seen.start == pytest.approx([untrained] * 2, rel=1e-5)
    assert (seen.loss[1] != seen.loss[0])[:, 1:].all()
    assert seen.optimizer == "SGD"


def test_a_rate_that_is_far_too_large_is_told_as_lost():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(4), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.01), "mean_squared_error")
    view = views.learning_rates(model, X, Y, rates=(1e-2, 1e3), epochs=30, seeds=2)

    assert np.isnan(view.numbers.loss[1, :, -1]).all()
    assert view.sentence.endswith("at 1000 it is lost") or view.sentence.endswith("At 1000 it is lost")


@pytest.mark.parametrize("rates", [(0.1,), (0.0, 0.1), (-1.0, 0.1), (0.1, 0.1)])
def test_rates_that_compare_nothing_are_refused(rates: tuple[float, ...]):
    with pytest.raises(OptionError, match="`rates` must be different numbers above 0"):
        views.learning_rates(fixed, X, Y, rates=rates)


def test_a_model_that_is_not_compiled_is_refused():
    with pytest.raises(ModelError, match="compile"):
        views.learning_rates(keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)]), X, Y)
