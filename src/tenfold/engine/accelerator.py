"""What a GPU needs done otherwise, while the step is traced. Nothing here changes a number beyond rounding.

- *Recurrent layers.* On a GPU Keras' LSTM calls cuDNN, and that call cannot be batched over members. The layers are
  traced on Keras' generic path instead, whose products are batched over members.
- *Embeddings.* The gradient of a lookup adds rows at given places, which jaxlib 0.10.2 to 0.11.0 compile to a loop up
  to 450 times slower on a GPU (jax #38806, openxla/xla #46225). For small vocabularies the gradient is taken as a
  product with one-hot rows; the lookup itself stays.
"""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import jax
import jax.numpy as jnp
import keras

from tenfold.engine.exchange import exchanged

__all__ = ["fit_for_members", "take_rows"]

SMALL_VOCABULARY = 4_096
"""Largest vocabulary whose gradient is a product with one-hot rows: beyond it the rows cost more than they save.
Arbitrary until measured."""


@contextlib.contextmanager
def fit_for_members(model: Any) -> Iterator[None]:
    """Exchange what a GPU cannot batch over members while the block traces the model.

    Args:
        model: A built Keras model.
    """
    with contextlib.ExitStack() as stack:
        for layer in model._flatten_layers(include_self=False):
            if getattr(layer, "use_cudnn", False):
                stack.enter_context(exchanged(layer, "use_cudnn", value=False))
            if type(layer) is keras.layers.Embedding and _is_small(layer):
                stack.enter_context(exchanged(layer, "call", value=_lookup(layer)))
        yield


@jax.custom_vjp
def take_rows(table: Any, positions: Any) -> Any:
    """Rows of a table by position; its gradient is a product with one-hot rows.

    Args:
        table: Shape `(word, feature)`.
        positions: Whole numbers from 0 to the number of words - 1, of any shape.

    Returns:
        Shape `(*positions.shape, feature)`.
    """
    return jnp.take(table, positions, axis=0)


def _forward(table: Any, positions: Any) -> tuple[Any, tuple[Any, int]]:
    return take_rows(table, positions), (positions, table.shape[0])


def _backward(kept: tuple[Any, int], gradient: Any) -> tuple[Any, None]:
    positions, num_words = kept
    rows = jax.nn.one_hot(positions.reshape(-1), num_words, dtype=gradient.dtype)
    return rows.T @ gradient.reshape(-1, gradient.shape[-1]), None


take_rows.defvjp(_forward, _backward)


def _lookup(layer: Any) -> Callable[[Any], Any]:
    def call(inputs: Any) -> Any:
        positions = jnp.asarray(inputs).astype(jnp.int32)
        return take_rows(jnp.asarray(layer.embeddings), positions).astype(layer.compute_dtype)

    return call


def _is_small(layer: Any) -> bool:
    return layer.input_dim <= SMALL_VOCABULARY and not layer.lora_enabled and not getattr(layer, "_is_quantized", False)
