"""Rows that demonstrations make for themselves."""

import numpy as np
import pytest

from tenfold.demonstrations.examples import INITIAL_WEIGHTS, circles, deep_network, digits


def test_circles_have_the_radii_they_say():
    x, y = circles(1000, noise=0.0, seed=0)

    assert (x.dtype, x.shape, y.shape) == (np.float32, (1000, 2), (1000, 1))
    assert np.linalg.norm(x, axis=1) == pytest.approx(np.where(y[:, 0], 0.5, 1.0), abs=1e-6)
    assert y.mean() == 0.5
    assert (circles(50, noise=0.2, seed=3)[0] == circles(50, noise=0.2, seed=3)[0]).all()


def test_digits_lie_between_0_and_1():
    x, y = digits(100)

    assert (x.min(), x.max(), x.shape, set(y)) == (0.0, 1.0, (100, 64), set(range(10)))


@pytest.mark.parametrize("kind", INITIAL_WEIGHTS)
def test_a_deep_network_is_as_deep_as_it_says(kind: str):
    model = deep_network(4, kind)

    assert [layer.activation.__name__ for layer in model.layers] == [kind.split(",", maxsplit=1)[0]] * 4 + ["sigmoid"]
    small = [np.std(np.asarray(layer.kernel)) for layer in model.layers[1:-1]]
    assert ("small" in kind) == (max(small) < 0.15)
