"""Pooling as folds: values and gradients of XLA's windows, ties included."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jax import lax

from engine.derivatives import assert_same_derivatives, draw
from tenfold.engine.lowering import lower, needs_lowering

REDUCTIONS = {"maximum": (-jnp.inf, lax.max), "minimum": (jnp.inf, lax.min), "sum": (0.0, lax.add)}


@st.composite
def windows(draw_from, most_dilation=1):
    """Shapes and the arguments of `lax.reduce_window`, for 1 to 3 spatial axes between rows and channels."""
    rank = draw_from(st.integers(1, 3))
    lengths = [draw_from(st.integers(1, 5 if rank < 3 else 3)) for _ in range(rank)]
    dilations = [draw_from(st.integers(1, most_dilation)) for _ in range(rank)]
    reaches = [(length - 1) * dilation + 1 for length, dilation in zip(lengths, dilations, strict=True)]
    shape = [reach + draw_from(st.integers(0, 5)) for reach in reaches]
    padding = [(draw_from(st.integers(0, reach - 1)), draw_from(st.integers(0, reach - 1))) for reach in reaches]
    arguments = {
        "window_dimensions": (1, *lengths, 1),
        "window_strides": (1, *(draw_from(st.integers(1, 3)) for _ in range(rank)), 1),
        "padding": ((0, 0), *padding, (0, 0)),
        "window_dilation": (1, *dilations, 1),
    }
    return (3, *shape, 2), arguments


def pooling(reduction, arguments):
    return lambda operand: lax.reduce_window(operand, *REDUCTIONS[reduction], **arguments)


@pytest.mark.usefixtures("float64")
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(windows(most_dilation=2))
def test_every_sum_has_the_values_and_gradients_of_xla(drawn):
    shape, arguments = drawn
    pool, operand = pooling("sum", arguments), draw(*shape)
    assert needs_lowering(jax.make_jaxpr(pool)(operand).jaxpr)
    assert_same_derivatives(lower(pool), pool, (operand,))


@pytest.mark.usefixtures("float64")
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(windows(), st.sampled_from(["maximum", "minimum"]), st.booleans())
def test_every_extreme_has_the_values_and_gradients_of_xla_also_among_equal_elements(drawn, reduction, ties):
    shape, arguments = drawn  # without window dilation, for which XLA's maximum has no gradient
    pool, operand = pooling(reduction, arguments), draw(*shape)
    assert_same_derivatives(lower(pool), pool, (jnp.round(jnp.clip(operand, -1, 1)) if ties else operand,))


def test_the_first_of_equal_elements_in_row_major_order_gets_the_whole_gradient():
    def pool(operand):
        return lax.reduce_window(operand, -jnp.inf, lax.max, (2, 3), (2, 3), "VALID")

    operand = jnp.array([[1.0, 0.0, 2.0], [2.0, 2.0, 1.0]])
    gradient = jax.grad(lambda operand: lower(pool)(operand).sum())(operand)
    np.testing.assert_array_equal(gradient, [[0, 0, 1], [0, 0, 0]])


def test_a_maximum_of_equal_elements_would_split_the_gradient_elsewhere():
    gradient = jax.grad(lambda operand: operand.max())(jnp.zeros((2, 2)))
    np.testing.assert_array_equal(gradient, np.full((2, 2), 0.25))


@pytest.mark.parametrize("place", range(4))
def test_a_nan_in_a_window_is_its_maximum(place):
    def pool(operand):
        return lax.reduce_window(operand, -jnp.inf, lax.max, (2, 2), (2, 2), "VALID")

    operand = jnp.arange(4.0).at[place].set(jnp.nan).reshape(2, 2)
    assert jnp.isnan(lower(pool)(operand)).all()


@pytest.mark.usefixtures("float64")
def test_any_reduction_folds_and_begins_with_its_starting_value():
    def pool(operand):
        return lax.reduce_window(operand, 2.0, lambda one, other: one * other, (2, 3), (1, 2), ((0, 0), (0, 0)))

    operand = draw(5, 9)
    np.testing.assert_allclose(lower(pool)(operand), pool(operand), rtol=1e-12)


def test_a_product_of_each_window_has_the_gradient_that_xla_lacks():
    def pool(operand):
        return lax.reduce_window(operand, jnp.ones(()), lax.mul, (2,), (2,), "VALID")

    gradient = jax.grad(lambda operand: lower(pool)(operand).sum())(jnp.array([2.0, 3.0, 5.0, 7.0]))
    np.testing.assert_array_equal(gradient, [3, 2, 7, 5])


@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
def test_half_precision_sums_are_added_in_single_precision(dtype):
    def pool(operand):
        return lax.reduce_window(operand, jnp.zeros((), dtype), lax.add, (60,), (60,), "VALID")

    operand = jnp.full(60, 1.001, dtype)
    expected = np.asarray(operand, np.float64).sum()
    assert lower(pool)(operand).dtype == dtype
    np.testing.assert_allclose(float(lower(pool)(operand)[0]), expected, rtol=float(jnp.finfo(dtype).eps))


def test_windows_of_many_elements_pass_through():
    def pool(operand):
        return lax.reduce_window(operand, -jnp.inf, lax.max, (70,), (1,), "VALID")

    assert not needs_lowering(jax.make_jaxpr(pool)(draw(100)).jaxpr)


def test_windows_of_integers_pass_through():
    def pool(operand):
        return lax.reduce_window(operand, jnp.iinfo(jnp.int32).min, lax.max, (2,), (2,), "VALID")

    assert not needs_lowering(jax.make_jaxpr(pool)(jnp.arange(6)).jaxpr)
