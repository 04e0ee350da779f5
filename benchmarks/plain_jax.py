"""The four networks written by hand in JAX, as lean as an expert would: no Keras, no masks, no settings.

Each does what a Keras step does: loss, one metric, RMSprop. The rival is honest: input products of the LSTM are hoisted
out of its loop, and the convnet is timed in a scan and step by step (XLA's convolution is slow inside a loop on CPU).
"""

from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax

Params = list[tuple[Array, ...]]
Network = Callable[[Params, Array], Array]


def weights(*shapes: Sequence[int]) -> Params:
    """Kernels and biases; the fan-in is all axes but the last."""
    generator = np.random.default_rng(0)
    return [
        (jnp.asarray(generator.normal(size=shape) / np.sqrt(np.prod(shape[:-1])), jnp.float32), jnp.zeros(shape[-1]))
        for shape in shapes
    ]


def dense(params: Params, x: Array) -> Array:
    """ReLU layers and a linear one."""
    *hidden, (kernel, bias) = params
    for layer, shift in hidden:
        x = jax.nn.relu(x @ layer + shift)
    return x @ kernel + bias


def lstm(params: Params, words: Array) -> Array:
    """An embedding, an LSTM whose input products are one matrix product, and a linear layer."""
    (table, _), (kernel, bias), (recurrent, _), head = params
    inputs = jnp.moveaxis(table[words] @ kernel + bias, 1, 0)

    def cell(state: tuple[Array, Array], projected: Array) -> tuple[tuple[Array, Array], None]:
        hidden, memory = state
        into, forget, candidate, out = jnp.split(projected + hidden @ recurrent, 4, axis=-1)
        memory = jax.nn.sigmoid(forget) * memory + jax.nn.sigmoid(into) * jnp.tanh(candidate)
        return (jax.nn.sigmoid(out) * jnp.tanh(memory), memory), None

    start = jnp.zeros((words.shape[0], recurrent.shape[0]))
    (hidden, _), _ = lax.scan(cell, (start, start), inputs)
    return dense([head], hidden)


def convnet(params: Params, x: Array) -> Array:
    """Three convolutions, two max-poolings, two dense layers."""
    numbers = ("NHWC", "HWIO", "NHWC")
    for place, (kernel, bias) in enumerate(params[:3]):
        x = jax.nn.relu(lax.conv_general_dilated(x, kernel, (1, 1), "VALID", dimension_numbers=numbers) + bias)
        if place < len(params) - 3:  # two poolings: after all but the last of three convolutions
            x = lax.reduce_window(x, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")
    return dense(params[3:], x.reshape(len(x), -1))


def squared(outputs: Array, targets: Array) -> tuple[Array, Array]:
    """Mean squared and mean absolute error."""
    error = outputs - targets
    return jnp.mean(error**2), jnp.mean(jnp.abs(error))


def binary(outputs: Array, targets: Array) -> tuple[Array, Array]:
    """Crossentropy of logits, and accuracy."""
    loss = jnp.mean(jax.nn.softplus(outputs) - outputs * targets)
    return loss, jnp.mean((outputs > 0) == targets.astype(bool))


def classes(outputs: Array, targets: Array) -> tuple[Array, Array]:
    """Crossentropy of logits, and accuracy."""
    chosen = jnp.take_along_axis(outputs, targets[:, None], axis=-1)[:, 0]
    return jnp.mean(jax.nn.logsumexp(outputs, axis=-1) - chosen), jnp.mean(outputs.argmax(axis=-1) == targets)


NETWORKS: dict[str, tuple[Network, Callable[[Array, Array], tuple[Array, Array]], list[tuple[int, ...]]]] = {
    "houses": (dense, squared, [(13, 64), (64, 64), (64, 1)]),
    "digits": (dense, classes, [(784, 512), (512, 10)]),
    "text": (lstm, binary, [(2000, 32), (32, 128), (32, 128), (32, 1)]),
    "convnet": (convnet, classes, [(3, 3, 1, 32), (3, 3, 32, 64), (3, 3, 64, 64), (576, 64), (64, 10)]),
}


def make_step(name: str) -> tuple[Params, Callable[[Any, tuple[Array, Array]], tuple[Any, None]]]:
    """First weights, and a step from (weights, averages, totals) and a batch to the same after it."""
    network, measure, shapes = NETWORKS[name]

    def loss_of(params: Params, x: Array, y: Array) -> tuple[Array, Array]:
        return measure(network(params, x), y)

    def step(state: Any, batch: tuple[Array, Array]) -> tuple[Any, None]:
        params, averages, totals = state
        (loss, metric), gradients = jax.value_and_grad(loss_of, has_aux=True)(params, *batch)
        averages = jax.tree.map(lambda mean, slope: 0.9 * mean + 0.1 * slope**2, averages, gradients)
        params = jax.tree.map(
            lambda weight, slope, mean: weight - 1e-3 * slope / (jnp.sqrt(mean) + 1e-7), params, gradients, averages
        )
        size = len(batch[0])
        return (params, averages, totals + jnp.stack([loss, metric, jnp.ones(())]) * size), None

    return weights(*shapes), step
