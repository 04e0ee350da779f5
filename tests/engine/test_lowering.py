"""The rewriting: which calls are entered, what stays as it is, and that a wrong derivative would not go unseen."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax
from jax.sharding import PartitionSpec

from engine.derivatives import assert_same_derivatives, draw
from tenfold.engine.lowering import lower, needs_lowering


def convolve(inputs, kernel):
    return lax.conv_general_dilated(inputs, kernel, (1,), "SAME", dimension_numbers=("NHC", "HIO", "NHC"))


def network(inputs, kernel):
    hidden = jax.nn.relu(convolve(inputs, kernel))
    return lax.reduce_window(hidden, -jnp.inf, lax.max, (1, 2, 1), (1, 2, 1), "VALID")


def operands():
    return draw(5, 8, 3), draw(3, 3, 3, seed=2)


def in_jit(inputs, kernel):
    return jax.jit(convolve)(inputs, kernel)


def in_scan(inputs, kernel):
    return lax.scan(lambda state, _: (jnp.tanh(convolve(state, kernel)), state.sum()), inputs, None, length=3)[0]


def in_cond(inputs, kernel):
    return lax.cond(inputs.sum() > 0, convolve, lambda inputs, kernel: 2 * convolve(inputs, kernel), inputs, kernel)


def in_checkpoint(inputs, kernel):
    return jax.checkpoint(network)(inputs, kernel)


def in_map(inputs, kernel):
    return lax.map(lambda row: convolve(row[None], kernel)[0], inputs)


def in_a_loop_of_jit_and_cond(inputs, kernel):
    return jax.jit(lambda inputs: in_scan(in_cond(inputs, kernel), kernel))(inputs)


@pytest.mark.usefixtures("float64")
@pytest.mark.parametrize(
    "function", [network, in_jit, in_scan, in_cond, in_checkpoint, in_map, in_a_loop_of_jit_and_cond]
)
def test_a_call_is_entered_and_keeps_its_derivatives(function):
    assert needs_lowering(jax.make_jaxpr(function)(*operands()).jaxpr)
    assert not needs_lowering(jax.make_jaxpr(lower(function))(*operands()).jaxpr)
    assert_same_derivatives(lower(function), function, operands())


@pytest.mark.usefixtures("float64")
def test_a_while_loop_is_entered():
    def function(inputs, kernel):
        return lax.while_loop(lambda state: state[0, 0, 0] < 9, lambda state: convolve(state, kernel) + 3, inputs)

    assert not needs_lowering(jax.make_jaxpr(lower(function))(*operands()).jaxpr)
    np.testing.assert_allclose(lower(function)(*operands()), function(*operands()), rtol=1e-12)


@jax.custom_jvp
def doubled(inputs, kernel):
    return convolve(inputs, kernel)


@doubled.defjvp
def doubled_jvp(primals, tangents):
    value, tangent = jax.jvp(convolve, primals, tangents)
    return value, 2 * tangent


@jax.custom_vjp
def tripled(inputs, kernel):
    return convolve(inputs, kernel)


def tripled_forward(inputs, kernel):
    return jax.vjp(convolve, inputs, kernel)


def tripled_backward(pull, cotangent):
    return tuple(3 * gradient for gradient in pull(cotangent))


tripled.defvjp(tripled_forward, tripled_backward)


@pytest.mark.usefixtures("float64")
@pytest.mark.parametrize(("function", "factor"), [(doubled, 2), (tripled, 3)])
def test_a_rule_of_the_user_stays_the_rule(function, factor):
    gradients = jax.grad(lambda *operands: lower(function)(*operands).sum(), (0, 1))(*operands())
    plain = jax.grad(lambda *operands: convolve(*operands).sum(), (0, 1))(*operands())
    assert not needs_lowering(jax.make_jaxpr(lower(function))(*operands()).jaxpr)
    for ours, theirs in zip(gradients, plain, strict=True):
        np.testing.assert_allclose(ours, factor * theirs, rtol=1e-11)


@pytest.mark.usefixtures("float64")
@pytest.mark.parametrize("function", [jax.nn.relu, jax.nn.softmax, jax.nn.logsumexp, jax.nn.softplus])
def test_rules_beside_a_convolution_stay_where_they_matter(function):
    def with_convolution(inputs, kernel):
        return function(1e3 * convolve(inputs, kernel))

    assert_same_derivatives(lower(with_convolution), with_convolution, operands())
    inputs = jnp.zeros((5, 8, 3))  # relu'(0) = 0 and finite slopes of the others come from their own rules
    assert_same_derivatives(lower(with_convolution), with_convolution, (inputs, operands()[1]))


def test_a_function_without_convolutions_is_called_as_it_is():
    calls = []

    def function(inputs):
        calls.append(inputs)
        return jnp.tanh(inputs)

    inputs = draw(5, 3)
    assert lower(function)(inputs) is not None
    assert calls[-1] is inputs


def test_a_call_with_nothing_to_lower_is_bound_untouched():
    @jax.jit
    def dense(inputs):
        return jnp.tanh(inputs)

    def function(inputs, kernel):
        return dense(convolve(inputs, kernel))

    before, after = (jax.make_jaxpr(f)(*operands()).jaxpr.eqns[-1].params["jaxpr"] for f in (function, lower(function)))
    assert str(before) == str(after)


def test_pytrees_and_keywords_come_through():
    inputs, kernel = operands()

    def function(batch, *, scale):
        return {"y": (convolve(batch["x"], kernel) * scale, batch["rest"])}

    expected, found = (f({"x": inputs, "rest": None}, scale=2.0) for f in (function, lower(function)))
    assert jax.tree.structure(found) == jax.tree.structure(expected)
    np.testing.assert_allclose(found["y"][0], expected["y"][0], rtol=1e-5, atol=1e-6)


@pytest.mark.usefixtures("float64")
def test_a_closed_over_kernel_gets_its_gradient():
    inputs, kernel = operands()
    ours = jax.grad(lambda kernel: lower(lambda inputs: convolve(inputs, kernel))(inputs).sum())(kernel)
    theirs = jax.grad(lambda kernel: convolve(inputs, kernel).sum())(kernel)
    np.testing.assert_allclose(ours, theirs, rtol=1e-12)


def training(function):
    """A few steps of gradient descent on the kernel, in a scan."""

    @jax.jit
    def train(inputs, kernel):
        def step(kernel, _):
            return kernel - 1e-3 * jax.grad(lambda kernel: jnp.square(function(inputs, kernel)).sum())(kernel), None

        return lax.scan(step, kernel, None, length=4)[0]

    return train


@pytest.mark.usefixtures("float64")
def test_members_under_vmap_train_as_they_do_alone():
    inputs, kernels = draw(5, 8, 3), draw(4, 3, 3, 3, seed=2)
    together = jax.jit(jax.vmap(training(lower(network)), (None, 0)))(inputs, kernels)
    alone = list(map(functools.partial(training(network), inputs), kernels))
    np.testing.assert_allclose(together, jnp.stack(alone), rtol=1e-11)


@pytest.mark.usefixtures("float64")
@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize(
    "loop", [jax.vmap, lambda function: lambda kernels: lax.map(function, kernels)], ids=["vmap", "map"]
)
def test_members_shared_between_devices_train_as_they_do_alone(loop, check):
    inputs, kernels = draw(5, 8, 3), draw(4, 3, 3, 3, seed=2)
    mesh = jax.make_mesh((2,), ("member",), axis_types=(jax.sharding.AxisType.Auto,))
    spec = PartitionSpec("member")

    def train(kernels, inputs):
        return loop(lambda kernel: training(lower(network))(inputs, kernel))(kernels)

    shared = jax.shard_map(train, mesh=mesh, in_specs=(spec, PartitionSpec()), out_specs=spec, check_vma=check)
    alone = list(map(functools.partial(training(network), inputs), kernels))
    np.testing.assert_allclose(jax.jit(shared)(kernels, inputs), jnp.stack(alone), rtol=1e-11)


@pytest.mark.usefixtures("float64")
@pytest.mark.parametrize("position", [0, 1])
def test_a_gradient_wrong_by_a_thousandth_is_caught(position):
    def nearly(*operands):
        operands = list(operands)
        operand = operands[position]
        operands[position] = 1.001 * operand - lax.stop_gradient(0.001 * operand)
        return network(*operands)

    with pytest.raises(AssertionError, match=f"gradient in operand {position}"):
        assert_same_derivatives(lower(nearly), network, operands())
