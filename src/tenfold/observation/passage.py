"""The layers of a model in the order in which data passes, each with the layers whose answers it takes.

A functional or sequential model holds its graph, and models inside it are taken apart. A model with a `call` of its own
is watched while it is traced on shapes: what a layer is handed is what another answered, or something was computed in
between with operations, which then stand in the list as a part of an unknown kind.
"""

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import jax
import keras
from keras.src.models.functional import Functional

from tenfold.engine.known_parts import is_known

__all__ = ["Passage", "Passages", "graph_of", "passages"]


class Passage(NamedTuple):
    """One layer on the way.

    Attributes:
        name: Its name.
        layer: The Keras layer or operation; None for something computed between two layers.
        sources: Names of the layers whose answers it takes; empty for an input layer, and where a model with a `call`
            of its own hands on its inputs.
        shape: Shape of its answer without the row axis.
    """

    name: str
    layer: Any
    sources: tuple[str, ...]
    shape: tuple[int | None, ...]


class Passages(NamedTuple):
    """All layers on the way, and the names of those that answer, in the order of the model's outputs."""

    layers: tuple[Passage, ...]
    outputs: tuple[str, ...]


def passages(model: Any, x: Any) -> Passages:
    """The layers of a built model in order.

    Args:
        model: A built Keras model.
        x: One row of inputs or more, as NumPy arrays nested as the model takes them.
    """
    graph = graph_of(model)
    if graph is None:
        return _watch(model, x)
    found: list[Passage] = []
    inputs = [tensor._keras_history.operation for tensor in keras.tree.flatten(graph.inputs)]
    found += [Passage(layer.name, layer, (), tuple(layer.output.shape[1:])) for layer in inputs]
    outputs = _walk(graph, [(layer.name,) for layer in inputs], found)
    return Passages(tuple(found), tuple(outputs))


def graph_of(model: Any) -> Functional | None:
    """The graph of layers of a functional or sequential model; None for a model with a `call` of its own."""
    graph = getattr(model, "_functional", None) or model
    return graph if isinstance(graph, Functional) and type(graph).call is Functional.call else None


def _walk(graph: Functional, incoming: Sequence[tuple[str, ...]], found: list[Passage]) -> list[str]:
    """Adds the layers of a graph; `incoming` names what each of its inputs comes from. Returns who answers."""
    makers = {id(tensor): names for tensor, names in zip(keras.tree.flatten(graph.inputs), incoming, strict=True)}
    for depth in sorted(graph._nodes_by_depth, reverse=True):
        for node in graph._nodes_by_depth[depth]:
            if not node.is_input:
                sources = [makers.get(id(tensor), ()) for tensor in node.input_tensors]
                answers = _visit(node, sources, found)
                makers.update(zip(map(id, node.output_tensors), answers, strict=True))
    last = [makers.get(id(tensor), ()) for tensor in keras.tree.flatten(graph.outputs)]
    return [names[0] if names else "" for names in last]


def _visit(node: Any, sources: Sequence[tuple[str, ...]], found: list[Passage]) -> list[tuple[str, ...]]:
    inner = graph_of(node.operation) if isinstance(node.operation, keras.Model) else None
    if inner is not None:
        return [(name,) for name in _walk(inner, sources, found)]
    name, answers = node.operation.name, node.output_tensors
    shape = tuple(answers[0].shape[1:]) if answers else ()
    if all(name != one.name for one in found):  # a shared layer stands where it is met first
        found.append(Passage(name, node.operation, _flat(sources), shape))
    return [(name,)] * len(answers)


def _flat(sources: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for names in sources for name in names))


class _Call(NamedTuple):
    layer: Any
    taken: list[Any]
    answered: list[Any]


def _watch(model: Any, x: Any) -> Passages:
    """Layers in the order in which the model calls them while it is traced on shapes."""
    calls: list[_Call] = []
    with contextlib.ExitStack() as watched:
        for layer in (model, *_parts(model)):
            watched.enter_context(_noting_calls(layer, calls))
        variables = ([v.value for v in model.trainable_variables], [v.value for v in model.non_trainable_variables])
        jax.eval_shape(lambda rows: model.stateless_call(*variables, rows)[0], x)
    whole = next(call for call in reversed(calls) if call.layer is model)
    return _joined([call for call in calls if call.layer is not model], whole)


def _parts(layer: Any) -> Iterator[Any]:
    """Layers that do the work: Keras' own as they are, those of the user's own that only call others taken apart."""
    for child in layer._flatten_layers(include_self=False, recursive=False):
        is_whole = is_known(type(child).__module__) and not isinstance(child, keras.Model)
        has_others = any(True for _ in child._flatten_layers(include_self=False, recursive=False))
        if is_whole or not has_others or child._trainable_variables:
            yield child
        else:
            yield from _parts(child)


@contextlib.contextmanager
def _noting_calls(layer: Any, calls: list[_Call]) -> Iterator[None]:
    """Note what the layer takes and answers while the block runs."""
    call = layer.call

    def noting(*args: Any, **kwargs: Any) -> Any:
        answer = call(*args, **kwargs)
        calls.append(_Call(layer, _tensors((args, kwargs)), _tensors(answer)))
        return answer

    layer.__dict__["call"] = noting
    try:
        yield
    finally:
        del layer.__dict__["call"]


def _tensors(tree: Any) -> list[Any]:
    return [leaf for leaf in jax.tree.leaves(tree) if isinstance(leaf, jax.Array)]


def _joined(calls: Sequence[_Call], whole: _Call) -> Passages:
    """Calls as passages: what was handed on unchanged joins two layers, anything else is an operation in between."""
    makers: dict[int, tuple[str, ...]] = {id(tensor): () for tensor in whole.taken}
    found: list[Passage] = []
    for call in calls:
        sources = [_maker(tensor, makers, found, call.layer) for tensor in call.taken]
        shape = tuple(call.answered[0].shape[1:]) if call.answered else ()
        if all(call.layer.name != one.name for one in found):
            found.append(Passage(call.layer.name, call.layer, _flat(sources), shape))
        makers.update((id(tensor), (call.layer.name,)) for tensor in call.answered)
    ends = [_maker(tensor, makers, found, None) for tensor in whole.answered]
    return Passages(tuple(found), tuple(names[0] if names else "" for names in ends))


def _maker(tensor: Any, makers: dict[int, tuple[str, ...]], found: list[Passage], taker: Any) -> tuple[str, ...]:
    """Who made a tensor; an operation is added to the list where no layer did."""
    if id(tensor) in makers or not found:
        return makers.get(id(tensor), ())
    before = found[-1]
    if taker is not None and before.shape == tensor.shape[1:] and before.layer.compute_dtype != taker.compute_dtype:
        return (before.name,)  # handed on in another precision
    name = f"operation_{sum(one.layer is None for one in found) + 1}"
    found.append(Passage(name, None, (before.name,), tuple(tensor.shape[1:])))
    makers[id(tensor)] = (name,)
    return (name,)
