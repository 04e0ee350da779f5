"""A compiled Keras model seen as plain facts, for the checks to judge.

    facts = model_facts(model, x, y, batch_size=32)
    facts.outputs[0].activation, facts.outputs[0].loss

The model is built on its first batch if it is not built yet; none of its numbers are changed. A model whose output does
not fit its targets is described as well, with Keras' or the engine's complaint in `misfit`.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

import jax
import keras

from tenfold.checks.facts import ModelFacts
from tenfold.engine.arrays import first_rows, to_arrays
from tenfold.engine.fits import check_output_fits
from tenfold.engine.network import Batch, Network
from tenfold.errors import ModelError
from tenfold.observation.layer_facts import layer_facts
from tenfold.observation.optimizer_facts import optimizer_facts
from tenfold.observation.output_facts import output_facts
from tenfold.observation.passage import passages

__all__ = ["model_facts", "network_facts"]


def model_facts(model: Any, x: Any, y: Any, *, batch_size: int = 32) -> ModelFacts:
    """What the checks may know of a model.

    Args:
        model: A compiled Keras model.
        x: Inputs as `Model.fit` takes them.
        y: Targets likewise.
        batch_size: Rows of the batch that the model is built on.

    Returns:
        The facts.

    Raises:
        ModelError: The model is not compiled, or cannot take the inputs.
        TableError: Inputs and targets of different numbers of rows, or not of numbers.
    """
    data = to_arrays(x, y)
    network, misfit = _built(model, data, first_rows(data, batch_size))
    metric_misfit = ""
    if network is None:
        with _without_metrics(model):
            network, without = _built(model, data, first_rows(data, batch_size))
        if network is not None:
            misfit, metric_misfit = without, misfit
    return _facts(model, data.x, network, misfit, metric_misfit)


def network_facts(network: Network, x: Any) -> ModelFacts:
    """What the checks may know of a model that the engine is about to train, or has trained.

    Args:
        network: The engine's view of the model, whose outputs fit their targets.
        x: Inputs as NumPy arrays, nested as the model takes them.
    """
    return _facts(network.model, x, network, "")


def _facts(model: Any, x: Any, network: Network | None, misfit: str, metric_misfit: str = "") -> ModelFacts:
    row = jax.tree.map(lambda leaf: leaf[:1], x)
    way = passages(model, row)
    layers = tuple(layer_facts(passage) for passage in way.layers)
    fused = frozenset() if network is None else frozenset(head.output for head in network.heads)
    return ModelFacts(
        layers=layers,
        outputs=output_facts(model, layers, way.outputs, row, fused),
        optimizer=optimizer_facts(model.optimizer),
        num_parameters=sum(int(variable.value.size) for variable in model.trainable_variables),
        misfit=misfit,
        metric_misfit=metric_misfit,
        has_own_training=network is not None and network.follows_keras,
    )


def _built(model: Any, data: Batch, sample: Batch) -> tuple[Network | None, str]:
    """The model built on its first batch, and what keeps its outputs from fitting the targets.

    Raises:
        ModelError: Anything else that keeps it from being built.
    """
    try:
        network = Network(model, sample)
    except ModelError as error:
        if error.code != "does_not_fit" or not _takes(model, sample.x):
            raise
        return None, _complaint(error)
    try:
        check_output_fits(network, data)
    except ModelError as error:
        return network, _complaint(error)
    return network, ""


@contextlib.contextmanager
def _without_metrics(model: Any) -> Iterator[None]:
    """Lay the model's metrics aside while the block runs: Keras builds them first, and complains of them first."""
    metrics = model._compile_metrics
    model._compile_metrics = None
    try:
        yield
    finally:
        model._compile_metrics = metrics


def _complaint(error: ModelError) -> str:
    what = error.what[0].upper() + error.what[1:]
    return f"{what}. Received: {error.received}."


def _takes(model: Any, x: Any) -> bool:
    """Whether the model answers to these inputs, so that only its targets can be what does not fit."""
    try:
        shapes = jax.tree.map(lambda leaf: keras.KerasTensor(leaf.shape, leaf.dtype), x)
        keras.src.backend.compute_output_spec(model, shapes)
    except (ValueError, TypeError, KeyError, RuntimeError):
        return False
    return bool(model.built)
