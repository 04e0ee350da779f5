"""The outputs of a model with the losses and metrics that they are trained on."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import jax
import keras
from keras.src.utils.naming import to_snake_case

from tenfold.checks.facts import LayerFacts, OutputFacts
from tenfold.engine.known_parts import is_known
from tenfold.engine.losses import hands_logits, output_position
from tenfold.observation.passage import graph_of

__all__ = ["output_facts"]


_ASKED_FOR = {"accuracy": "acc", "mae": "mean_absolute_error", "mse": "mean_squared_error"}
"""What a user's short name of a metric means before Keras has chosen; an `Accuracy` object is another one."""


class _Trained(NamedTuple):
    """What an output is trained on."""

    loss: str = ""
    from_logits: bool = False
    metrics: tuple[str, ...] = ()


def output_facts(
    model: Any, layers: Sequence[LayerFacts], answering: Sequence[str], x: Any, fused: frozenset[int]
) -> tuple[OutputFacts, ...]:
    """Outputs in order.

    Args:
        model: A compiled model; its compiled loss may be unbuilt where it does not fit the targets.
        layers: Its layers.
        answering: Names of the layers that answer, in the order of the outputs.
        x: One row of inputs.
        fused: Positions of the outputs that the engine trains on their logits.
    """
    answers = _answers(model, x)
    names = getattr(model, "output_names", None) or [f"output_{place + 1}" for place in range(len(answers))]
    found = []
    for place, answer in enumerate(answers):
        layer = answering[place] if place < len(answering) else ""
        trained = _trained(model, place, names)
        shape = tuple(answer.shape[1:])
        found.append(
            OutputFacts(
                name=str(names[place]),
                layer=layer,
                activations=_last_activations(layer, {one.name: one for one in layers}),
                units=int(shape[-1]) if shape else 1,
                shape=shape,
                loss=trained.loss,
                from_logits=trained.from_logits and not hands_logits(model),  # its losses get logits of their own
                dtype=str(answer.dtype),
                metrics=trained.metrics,
                is_fused=place in fused or (trained.from_logits and hands_logits(model)),
            )
        )
    return tuple(found)


def _answers(model: Any, x: Any) -> list[Any]:
    """Shapes and types of the outputs: those that the graph knows, else by tracing a row."""
    graph = graph_of(model)
    if graph is not None:
        return list(keras.tree.flatten(graph.outputs))
    variables = ([v.value for v in model.trainable_variables], [v.value for v in model.non_trainable_variables])
    return list(jax.tree.leaves(jax.eval_shape(lambda rows: model.stateless_call(*variables, rows)[0], x)))


def _last_activations(name: str, layers: dict[str, LayerFacts]) -> tuple[str, ...]:
    """Activations from the last weights to the answer."""
    found: list[str] = []
    while name in layers:
        layer = layers[name]
        found.insert(0, layer.activation if layer.is_known or layer.activation else "custom")
        if layer.num_parameters or layer.kernel is not None or len(layer.sources) != 1:
            break
        name = layer.sources[0]
    return tuple(one for one in found if one not in ("", "linear"))


def _trained(model: Any, place: int, names: Sequence[str]) -> _Trained:
    loss, from_logits = _loss_name(_loss_of(model, place, names))
    return _Trained(loss, from_logits, _metric_names(model, place))


def _loss_of(model: Any, place: int, names: Sequence[str]) -> Any:
    """The compiled loss of an output; as the user wrote it where it could not be built."""
    compiled = model._compile_loss
    if compiled is None:
        return None
    if compiled.built and compiled._flat_losses:
        return next((one.loss for one in compiled._flat_losses if output_position(model, one) == place), None)
    asked = model.loss
    if isinstance(asked, dict):
        return asked.get(names[place])
    if isinstance(asked, (list, tuple)):
        return asked[place] if place < len(asked) else None
    return asked


def _loss_name(loss: Any) -> tuple[str, bool]:
    """Name of a loss and whether it reads logits."""
    if loss is None:
        return "", False
    found = keras.losses.get(loss)
    function = getattr(found, "fn", found)
    arguments = getattr(found, "_fn_kwargs", {})
    name = getattr(function, "__name__", None) or to_snake_case(type(found).__name__)
    is_keras = is_known(str(getattr(function, "__module__", "")))
    return (str(name) if is_keras else "custom"), bool(arguments.get("from_logits", False))


_MIDDLE = 0.5
"""Where Keras' binary accuracy turns from no to yes unless told otherwise."""


def _metric_names(model: Any, place: int) -> tuple[str, ...]:
    compiled = model._compile_metrics
    if compiled is None:
        return ()
    if not compiled.built:
        asked = compiled._user_metrics
        asked = [one for one in keras.tree.flatten(asked) if one is not None]
        return tuple(_ASKED_FOR.get(one, one) if isinstance(one, str) else _metric_name(one) for one in asked)
    lists = (compiled._flat_metrics, compiled._flat_weighted_metrics)
    chosen = [metrics[place] for metrics in lists if place < len(metrics) and metrics[place] is not None]
    return tuple(_metric_name(one) for metrics in chosen for one in metrics.metrics)


def _metric_name(metric: Any) -> str:
    """What a metric measures: its class, or the function that it wraps; a name of the user's own says nothing."""
    kind = type(metric)
    if kind is keras.metrics.MeanMetricWrapper:
        return str(getattr(metric._fn, "__name__", "custom"))
    if not isinstance(metric, keras.metrics.Metric):
        return str(getattr(metric, "__name__", "custom"))
    name = str(to_snake_case(kind.__name__)) if is_known(kind.__module__) else "custom"
    threshold = getattr(metric, "_fn_kwargs", {}).get("threshold", _MIDDLE)
    return name if threshold == _MIDDLE else f"{name}_above_{threshold:g}"
