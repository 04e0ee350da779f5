"""Convolutions as matrix products: values and gradients of XLA's own convolution, to the last digits of float64."""

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jax import lax

from engine.derivatives import assert_same_derivatives, draw
from tenfold.engine import convolution as convolution_module
from tenfold.engine.lowering import lower, needs_lowering

LAYOUTS = {
    1: (("NHC", "HIO", "NHC"), ("NCH", "OIH", "NCH")),
    2: (("NHWC", "HWIO", "NHWC"), ("NCHW", "OIHW", "NCHW"), ("NHWC", "HWIO", "NCHW")),
    3: (("NDHWC", "DHWIO", "NDHWC"), ("NCDHW", "OIDHW", "NCDHW")),
}


@dataclass
class Drawn:
    """A convolution and its operands."""

    inputs: Any
    kernel: Any
    parameters: dict[str, Any]

    def __call__(self, inputs, kernel):
        return lax.conv_general_dilated(inputs, kernel, **self.parameters)


@st.composite
def convolutions(draw_from):
    rank = draw_from(st.integers(1, 3))
    layout = draw_from(st.sampled_from(LAYOUTS[rank]))
    groups, channels, outputs = draw_from(
        st.sampled_from([(1, 1, 4), (1, 3, 2), (1, 5, 7), (2, 2, 3), (4, 1, 1), (3, 1, 2)])
    )

    def per_axis(values):
        return tuple(draw_from(values) for _ in range(rank))

    kernel_sizes = per_axis(st.integers(1, 5 - rank))
    parameters = {
        "window_strides": per_axis(st.integers(1, 3)),
        "padding": tuple(zip(per_axis(st.integers(-1, 3)), per_axis(st.integers(-1, 3)), strict=True)),
        "lhs_dilation": per_axis(st.sampled_from([1, 1, 2, 3] if rank < 3 else [1, 1, 2])),
        "rhs_dilation": per_axis(st.sampled_from([1, 1, 2])),
    }
    reaches = [(size - 1) * gap + 1 for size, gap in zip(kernel_sizes, parameters["rhs_dilation"], strict=True)]
    sizes = tuple(reach + 1 + draw_from(st.integers(1, 4)) for reach in reaches)
    parameters |= {"dimension_numbers": layout, "feature_group_count": groups}
    return Drawn(
        arranged("N" + layout_axes(rank) + "C", layout[0], draw(5, *sizes, groups * channels)),
        arranged(layout_axes(rank) + "IO", layout[1], draw(*kernel_sizes, channels, groups * outputs, seed=2)),
        parameters,
    )


def layout_axes(rank):
    return {1: "H", 2: "HW", 3: "DHW"}[rank]


def arranged(present, wanted, array):
    return array.transpose([present.index(letter) for letter in wanted])


@pytest.mark.usefixtures("float64")
@settings(max_examples=16, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(convolutions(), st.booleans())
def test_every_convolution_has_the_values_and_gradients_of_xla(monkeypatch, drawn, in_chunks):
    monkeypatch.setattr(convolution_module, "CHUNK_BYTES", 2_000 if in_chunks else 10_000_000)
    operands = (drawn.inputs, drawn.kernel)
    assert needs_lowering(jax.make_jaxpr(drawn)(*operands).jaxpr)
    assert_same_derivatives(lower(drawn), drawn, operands)


@pytest.mark.usefixtures("float64")
@pytest.mark.parametrize("padding", ["SAME", "VALID"])
@pytest.mark.parametrize("strides", [(1, 1), (2, 2), (3, 2), (4, 5)])
def test_a_transposed_convolution_equals_xla_even_where_outputs_meet_only_zeros(strides, padding):
    def convolve(inputs, kernel):
        return lax.conv_transpose(inputs, kernel, strides, padding, dimension_numbers=("NHWC", "HWIO", "NHWC"))

    assert_same_derivatives(lower(convolve), convolve, (draw(2, 5, 4, 3), draw(3, 2, 3, 7)))


def test_a_transposed_convolution_multiplies_with_no_zeros():
    def convolve(inputs, kernel):
        return lax.conv_transpose(inputs, kernel, (2, 2), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC"))

    jaxpr = str(jax.make_jaxpr(lower(convolve))(draw(5, 8, 8, 3), draw(4, 4, 3, 7)))
    assert jaxpr.count("dot_general[") == 4  # one for each residue of the position, with 2 x 2 of the 4 x 4 taps
    assert jaxpr.count("f32[5,8,8,12] = concatenate") == 4


@pytest.mark.parametrize(("dtype", "tolerance"), [("float32", 2e-6), ("bfloat16", 2e-2), ("float16", 2e-3)])
@pytest.mark.parametrize("groups", [1, 6])
def test_single_and_half_precision_differ_only_by_rounding(dtype, tolerance, groups):
    def convolve(inputs, kernel):
        return lax.conv_general_dilated(
            inputs, kernel, (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC"), feature_group_count=groups
        )

    operands = draw(5, 8, 7, 6, dtype=dtype), draw(3, 3, 6 // groups, 12, dtype=dtype, seed=2)
    assert_same_derivatives(lower(convolve), convolve, operands, tolerance)


def test_half_precision_operands_may_have_single_precision_outputs():
    def convolve(inputs, kernel):
        return lax.conv_general_dilated(inputs, kernel, (1,), "SAME", preferred_element_type=jnp.float32)

    operands = draw(5, 3, 8, dtype="bfloat16"), draw(4, 3, 3, dtype="bfloat16", seed=2)
    assert jax.eval_shape(lower(convolve), *operands).dtype == jnp.float32
    np.testing.assert_allclose(lower(convolve)(*operands), convolve(*operands), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    ("parameters", "kernel_shape"),
    [
        ({"batch_group_count": 2}, (3, 3, 6, 4)),
        ({"padding": ((-7, 0), (0, 0))}, (3, 3, 6, 4)),
        ({"padding": ((30, 30), (0, 0))}, (40, 7, 6, 4)),
    ],
    ids=["groups along the batch", "nothing left", "too many taps"],
)
def test_what_does_not_pay_passes_through(parameters, kernel_shape):
    def convolve(inputs, kernel):
        arguments = {"window_strides": (1, 1), "padding": "VALID"} | parameters
        return lax.conv_general_dilated(inputs, kernel, **arguments, dimension_numbers=("NHWC", "HWIO", "NHWC"))

    operands = draw(4, 8, 8, 6), draw(*kernel_shape)
    assert not needs_lowering(jax.make_jaxpr(convolve)(*operands).jaxpr)


def test_integers_pass_through():
    def convolve(inputs, kernel):
        return lax.conv_general_dilated(inputs, kernel, (1,), "VALID")

    operands = jnp.ones((2, 3, 8), int), jnp.ones((4, 3, 3), int)
    assert not needs_lowering(jax.make_jaxpr(convolve)(*operands).jaxpr)


@pytest.mark.usefixtures("float64")
@pytest.mark.parametrize("order", [1, 2])
def test_forward_and_second_derivatives_agree_too(order):
    def convolve(inputs, kernel):
        return lax.conv_general_dilated(inputs, kernel, (1, 2), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC"))

    def derivative(function):
        def loss(inputs, kernel):
            return jnp.sum(jnp.tanh(function(inputs, kernel)))

        derived = loss if order == 1 else jax.grad(loss, (0, 1))
        return jax.jvp(
            derived, (draw(5, 4, 6, 3), draw(3, 3, 3, 2)), (draw(5, 4, 6, 3, seed=3), draw(3, 3, 3, 2, seed=4))
        )

    for ours, theirs in zip(
        jax.tree.leaves(derivative(lower(convolve))), jax.tree.leaves(derivative(convolve)), strict=True
    ):
        np.testing.assert_allclose(ours, theirs, rtol=1e-11, atol=1e-13)
