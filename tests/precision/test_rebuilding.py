"""A model in double precision computes in it from end to end."""

import jax
import keras
import numpy as np
import pytest
from keras.src.backend.common import dtypes

from tenfold.engine.network import Batch
from tenfold.precision.digits import compare_with_float64
from tenfold.precision.rebuilding import in_float64, in_precision, rebuild


def _model():
    """Keras moves the inputs of tanh and of means to float32, whatever `floatx` is."""
    keras.utils.set_random_seed(0)
    layers = [keras.layers.Dense(5, activation="tanh"), keras.layers.GlobalAveragePooling1D(), keras.layers.Dense(1)]
    model = keras.Sequential([keras.Input((4, 3)), *layers])
    model.compile("sgd", "mse")
    return model


def _by_hand(model, x):
    first, bias, last, constant = (np.asarray(one, np.float64) for one in model.get_weights())
    return np.tanh(x @ first + bias).mean(axis=1) @ last + constant


@pytest.fixture
def rows():
    return np.random.default_rng(0).normal(size=(6, 4, 3))


def test_tanh_and_means_keep_their_digits(rows):
    model = _model()

    with in_float64(), jax.numpy_dtype_promotion("standard"):
        exact = np.asarray(rebuild(model, change=lambda config: in_precision(config, "float64"))(rows))

    np.testing.assert_allclose(exact, _by_hand(model, rows), rtol=1e-14)


def test_keras_promotes_as_before_once_it_is_over():
    before = dict(dtypes.BIT64_TO_BIT32_DTYPE)

    with pytest.raises(RuntimeError, match="on the way"), in_float64():
        raise RuntimeError("on the way")

    assert before == dtypes.BIT64_TO_BIT32_DTYPE
    assert keras.config.floatx() == "float32"


def test_the_step_that_an_audit_compares_with_is_exact(rows):
    model, y = _model(), np.linspace(-1, 1, 6)[:, None]

    with jax.numpy_dtype_promotion("standard"):
        found = compare_with_float64(model, Batch(rows.astype("float32"), y.astype("float32"), None))

    exact = np.mean((_by_hand(model, rows.astype("float32").astype("float64")) - y.astype("float32")) ** 2)
    assert found.exact_loss == pytest.approx(exact, rel=1e-13)
    assert found.loss_error > 1e-10  # of single precision
