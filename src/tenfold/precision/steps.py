"""One training step of a model in another precision: the loss and the gradient of every weight, without an update.

The model is rebuilt (`rebuilding.py`) with its noise silenced, so that two precisions differ by rounding alone, and the
step is the one that `keras.Model.fit` would take: `compute_loss_and_updates` in training mode, on the same rows.
"""

import copy
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import jax
import keras
import numpy as np

from tenfold.engine.network import Batch, Network
from tenfold.precision.rebuilding import compile_alike, in_precision, rebuild, without_noise

__all__ = ["Step", "graph_outputs", "nodes_called_once", "quiet_model", "step_of"]


class Step(NamedTuple):
    """A training step.

    Attributes:
        loss: The loss, regularisation included.
        gradients: Of each trainable variable, in the order of the model, in float64.
        layers: The layer that each of them belongs to.
    """

    loss: float
    gradients: list[np.ndarray]
    layers: list[str]


def quiet_model(model: Any, rows: Batch, policy: str, *, loss_dtype: str, float32_layers: Sequence[str] = ()) -> Any:
    """The model once more, in another precision and without noise, compiled with the same losses.

    Args:
        model: A compiled model.
        rows: Rows to build on.
        policy: Name of a Keras policy.
        loss_dtype: Type in which the losses are counted.
        float32_layers: Names of layers that stay in float32.

    Returns:
        The copy; its optimizer does nothing of its own, its metrics are gone.

    Raises:
        ModelError: It cannot be rebuilt.
    """
    twin = rebuild(
        model, change=lambda config: _in_float32(without_noise(in_precision(config, policy)), float32_layers)
    )
    loss = keras.tree.map_structure(lambda one: _counted_in(one, loss_dtype), model._compile_config.config["loss"])
    compile_alike(model, twin, loss=loss, optimizer="sgd", metrics=None, weighted_metrics=None, auto_scale_loss=False)
    Network(twin, rows, fuse=False)  # builds what `Model.fit` builds on its first batch
    return twin


def step_of(model: Any) -> Callable[..., Step]:
    """A compiled function `(rows, scale=1.0) -> Step` of a model that `quiet_model` made.

    The loss is multiplied by `scale` before it is differentiated and the gradients divided by it afterwards in float64,
    as loss scaling does; what underflows or overflows in between stays lost.
    """
    metrics = [variable.value for variable in model.metrics_variables]
    optimizer = [variable.value for variable in model.optimizer.variables]

    def scaled_loss(trainable: list[Any], frozen: list[Any], rows: Batch, scale: Any) -> tuple[Any, Any]:
        loss, aux = model.compute_loss_and_updates(
            trainable, frozen, metrics, rows.x, rows.y, rows.sample_weight,
            training=True, optimizer_variables=optimizer,
        )  # fmt: skip
        return loss * scale.astype(loss.dtype), aux[0]

    differentiated = jax.jit(jax.value_and_grad(scaled_loss, has_aux=True))

    def step(rows: Batch, scale: float = 1.0) -> Step:
        trainable = [variable.value for variable in model.trainable_variables]
        frozen = [variable.value for variable in model.non_trainable_variables]
        (_, loss), gradients = differentiated(trainable, frozen, rows, np.asarray(scale, np.float32))
        found = [np.asarray(one).astype(np.float64) / scale for one in gradients]
        return Step(float(loss), found, [_layer_of(variable.path) for variable in model.trainable_variables])

    return step


def graph_outputs(model: Any, x: Any) -> dict[str, np.ndarray]:
    """What each layer of a graph gives for the rows, in float64, by the layer's name.

    Layers called more than once, and models that are no graph, are left out.
    """
    graph = getattr(model, "_functional", None) or model
    if not isinstance(graph, keras.src.models.functional.Functional):
        return {}
    tensors = {
        node.operation.name: node.outputs[0]
        for node in nodes_called_once(graph)
        if len(node.outputs) == 1 and not isinstance(node.operation, keras.layers.InputLayer)
    }
    found = keras.Model(graph.inputs, tensors)(keras.tree.flatten(x))
    return {name: np.asarray(value).astype(np.float64) for name, value in found.items()}


def nodes_called_once(graph: Any) -> list[Any]:
    """Nodes of a graph whose layer is called once in it, inputs first."""
    depths = sorted(graph._nodes_by_depth, reverse=True)
    nodes = [node for depth in depths for node in graph._nodes_by_depth[depth]]
    times = Counter(id(node.operation) for node in nodes)
    return [node for node in nodes if times[id(node.operation)] == 1]


def _layer_of(path: str) -> str:
    """The layer of a variable, by the first part of its path: `lstm/lstm_cell/kernel` belongs to `lstm`."""
    return path.split("/", maxsplit=1)[0]


def _counted_in(loss: Any, dtype: str) -> Any:
    """A loss object that counts in another type; names and functions follow Keras' setting by themselves."""
    if not isinstance(loss, keras.losses.Loss):
        return loss
    again = copy.copy(loss)
    again._dtype_policy = keras.DTypePolicy(dtype)
    again._dtype = dtype
    return again


def _in_float32(config: Any, names: Sequence[str]) -> Any:
    """The configuration with the named layers in float32."""
    if isinstance(config, dict):
        inner = {name: _in_float32(value, names) for name, value in config.items()}
        return {**inner, "dtype": "float32"} if inner.get("name") in names and "dtype" in inner else inner
    if isinstance(config, list | tuple):
        return type(config)(_in_float32(part, names) for part in config)
    return config
