"""The famous losses come out of real training, and their twins from logits learn."""

import numpy as np
import pytest

from tenfold.checks.frozen import recognise_frozen
from tenfold.precision.frozen_losses import freeze_images, freeze_text


def test_ten_classes_on_bytes_stand_at_14_5063():
    found = freeze_images(num_seeds=3, epochs=4, num_rows=1000)

    assert np.all(found.is_frozen)
    np.testing.assert_allclose(found.loss[:, -1], 14.5063, atol=5e-5)
    np.testing.assert_allclose(found.accuracy[:, -1], 0.1, atol=1e-6)
    assert np.all(found.twin_loss[:, -1] < found.twin_loss[:, 0] / 5)
    assert recognise_frozen(float(found.loss[0, -1]), num_classes=10).share == 0.9


@pytest.mark.slow
def test_without_sigmoid_a_text_convnet_may_stand_at_8_0792_and_7_9785():
    found = freeze_text(num_seeds=3, epochs=2)

    assert found.is_frozen.tolist() == [False, True, True]
    np.testing.assert_allclose(found.loss[1:], 8.0792, atol=5e-5)
    np.testing.assert_allclose(found.val_loss[1:], 7.9785, atol=5e-5)
    np.testing.assert_allclose(found.accuracy[1:, -1], 0.49875, atol=1e-6)
    assert recognise_frozen(float(found.val_loss[1, -1]), num_rows=200).share == pytest.approx(0.495)
    assert np.all(np.diff(found.twin_loss, axis=1) < 0)
