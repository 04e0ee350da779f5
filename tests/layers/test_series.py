"""Low, middle and high numbers that never cross, and the loss that makes them quantiles."""

import keras
import numpy as np
import pytest
from sklearn.metrics import mean_pinball_loss

from tenfold.layers import QuantileSteps
from tenfold.networks.pinball import QUANTILES, pinball, pinball_loss


def test_low_middle_and_high_never_cross():
    raw = np.random.default_rng(0).normal(0, 30, (5, 3 * 2)).astype(np.float32)
    low, middle, high = np.split(np.asarray(QuantileSteps()(raw)), 3, axis=1)
    assert (low <= middle).all()
    assert (middle <= high).all()
    np.testing.assert_allclose(middle, raw[:, 2:4])


def test_the_first_step_is_what_nought_gives():
    found = np.asarray(QuantileSteps(1.5)([np.zeros((1, 6), np.float32), np.array([[7.0, 8.0]], np.float32)]))
    np.testing.assert_allclose(found, [[5.5, 6.5, 7.0, 8.0, 8.5, 9.5]], rtol=1e-6)


def test_pinball_is_that_of_scikit_learn_twice_over():
    rng = np.random.default_rng(1)
    truth, said = rng.normal(size=(7, 2)).astype(np.float32), rng.normal(size=(7, 6)).astype(np.float32)
    parts = np.split(said, 3, axis=1)
    expected = [mean_pinball_loss(truth, part, alpha=share) for share, part in zip(QUANTILES, parts, strict=True)]
    assert float(np.mean(np.asarray(pinball(truth, said)))) == pytest.approx(2 * np.mean(expected), rel=1e-5)


def test_the_middle_alone_costs_its_absolute_error():
    truth = np.array([[1.0], [5.0]], np.float32)
    said = np.array([[1.0, 3.0, 1.0], [5.0, 5.0, 5.0]], np.float32)
    np.testing.assert_allclose(np.asarray(pinball(truth, said)) * 3, [2.0, 0.0], rtol=1e-6)


def test_a_model_of_quantiles_is_saved_and_read_again(tmp_path):
    inputs = keras.Input((4,))
    model = keras.Model(inputs, QuantileSteps(0.5)(keras.layers.Dense(6)(inputs)))
    model.compile("adam", pinball_loss())
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras", compile=False, safe_mode=True)
    x = np.ones((2, 4), np.float32)
    np.testing.assert_allclose(again.predict(x, verbose=0), model.predict(x, verbose=0))
