"""The chosen members as networks: the one that is delivered, and each by itself where that is asked."""

import functools
from collections.abc import Callable, Sequence
from typing import Any

import jax
import keras
import numpy as np
from jaxtyping import Float

from tenfold.nested.results import Candidate, FoldResult, Members
from tenfold.nested.rows import NestedRows
from tenfold.nested.training import build_network, network_of
from tenfold.networks.bases import with_base
from tenfold.networks.ladder import InputShape
from tenfold.networks.table import average_network, with_linear_layer
from tenfold.problem.definition import Problem

__all__ = ["final_network", "member_answers"]


def final_network(nested: NestedRows, result: FoldResult) -> keras.Model:
    """The members of the fold that holds all working rows, averaged in one Keras model.

    Args:
        nested: Folds and rows.
        result: What that fold chose.

    Returns:
        A Keras model that answers with their mean.
    """
    members, build = _members_of(result), network_of(nested, result.candidate)
    models = []
    for number in range(len(members.outcomes)):
        model = build()
        model.set_weights([values[number] for values in members.weights])
        models.append(model)
    network = average_network(models)
    if nested.base is not None:
        network = with_base(network, nested.base)
    if not nested.starts:
        return network
    linear = nested.starts[0]
    return with_linear_layer(network, linear.kernel, linear.bias, linear.num_terms)


def member_answers(
    nested: NestedRows, result: FoldResult, x: Any, members: Sequence[int] | None = None
) -> Float[np.ndarray, "member row output"]:
    """What members of the fold of all working rows answer.

    Args:
        nested: Folds and rows.
        result: What that fold chose.
        x: Arrays as the network takes them, prepared as that fold prepares them.
        members: Positions of the members to ask; None for all.

    Returns:
        Scaled numbers or probabilities.
    """
    kept = _members_of(result)
    asked = np.arange(len(kept.outcomes)) if members is None else np.asarray(members)
    model, answer = _answering(nested.shape, nested.problem, result.candidate)
    places = {id(variable): place for place, variable in enumerate(model.weights)}

    def values(variables: list[Any]) -> list[Any]:
        """The members' own values; seeds of dropout, which are no weights, are the model's."""
        same = np.ones(len(asked), np.int64)
        return [
            kept.weights[places[id(one)]][asked]
            if id(one) in places
            else np.multiply.outer(same, np.asarray(one.value))
            for one in variables
        ]

    return np.asarray(answer(values(model.trainable_variables), values(model.non_trainable_variables), x))


@functools.lru_cache(maxsize=1)
def _answering(shape: InputShape, problem: Problem, candidate: Candidate) -> tuple[keras.Model, Callable[..., Any]]:
    """A model of the architecture and its compiled answers, kept while the same one is asked again."""
    model = build_network(shape, problem, candidate)()

    @jax.jit
    def answer(trainable: list[Any], frozen: list[Any], x: Any) -> Any:
        return jax.lax.map(lambda state: model.stateless_call(*state, x, training=False)[0], (trainable, frozen))

    return model, answer


def _members_of(result: FoldResult) -> Members:
    if result.members is None:
        raise ValueError("only the chosen candidate of the fold of all working rows keeps its members")
    return result.members
