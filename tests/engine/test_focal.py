"""Focal losses of logits: Keras' own where Keras does not clip, exact where it does."""

from typing import Any

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest

from tenfold.engine.focal import binary_focal_crossentropy_on_logits, categorical_focal_crossentropy_on_logits

LOGITS = np.random.default_rng(0).normal(scale=3.0, size=(7, 4))
TWO = (LOGITS[:, ::-1] > 0).astype(float)
ONE_HOT = np.eye(4)[[0, 1, 2, 3, 0, 1, 2]]

BINARY: list[dict[str, Any]] = [{}, {"gamma": 0.5}, {"gamma": 3.0, "label_smoothing": 0.1},
                                {"apply_class_balancing": True, "alpha": 0.3}]  # fmt: skip
CATEGORICAL: list[dict[str, Any]] = [{}, {"gamma": 1.0, "alpha": [0.1, 0.2, 0.3, 0.4]}, {"label_smoothing": 0.1}]


@pytest.mark.parametrize(
    ("ours", "theirs", "target", "arguments"),
    [
        *((binary_focal_crossentropy_on_logits, keras.losses.binary_focal_crossentropy, TWO, one) for one in BINARY),
        *((categorical_focal_crossentropy_on_logits, keras.losses.categorical_focal_crossentropy, ONE_HOT, one)
          for one in CATEGORICAL),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("float64")
def test_values_and_gradients_are_kerass_where_nothing_is_clipped(ours, theirs, target, arguments):
    def of(loss: Any, **reading: bool) -> tuple[Any, Any]:
        return jax.value_and_grad(lambda x: jnp.sum(loss(target, x, **arguments, **reading)))(jnp.asarray(LOGITS))

    for own, other in zip(of(ours), of(theirs, from_logits=True), strict=True):
        np.testing.assert_allclose(own, other, rtol=1e-9)


@pytest.mark.parametrize("logit", [-20.0, -60.0, -200.0])
def test_far_behind_the_wall_the_gradient_is_minus_one(logit: float):
    def binary(x: Any) -> Any:
        return jnp.sum(binary_focal_crossentropy_on_logits(np.ones((1, 1), "float32"), x, gamma=0.5))

    def categorical(x: Any) -> Any:
        target = np.array([[0, 1]], "float32")
        return jnp.sum(categorical_focal_crossentropy_on_logits(target, x, alpha=1.0, gamma=0.5))

    np.testing.assert_allclose(jax.grad(binary)(jnp.full((1, 1), logit)), [[-1.0]], rtol=1e-6)
    np.testing.assert_allclose(jax.grad(categorical)(jnp.array([[0.0, logit]])), [[1.0, -1.0]], rtol=1e-6)


@pytest.mark.parametrize("gamma", [0.0, 0.5, 1.0, 2.0])
def test_a_row_that_is_certainly_right_has_a_finite_gradient(gamma: float):
    def binary(x: Any) -> Any:
        return jnp.sum(binary_focal_crossentropy_on_logits(np.ones((1, 1), "float32"), x, gamma=gamma))

    assert np.isfinite(jax.grad(binary)(jnp.full((1, 1), 200.0))).all()
