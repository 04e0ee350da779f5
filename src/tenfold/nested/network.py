"""The chosen members as networks: the one that is delivered, and each by itself where that is asked."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import jax
import keras
import numpy as np
from jaxtyping import Float

from tenfold.nested.results import Candidate, FoldResult, Members
from tenfold.nested.rows import NestedRows
from tenfold.nested.training import build_network, network_of
from tenfold.networks.bases import with_base
from tenfold.networks.fine_tuning import whole_network
from tenfold.networks.ladder import InputShape
from tenfold.networks.table import average_network, with_linear_layer
from tenfold.problem.definition import Problem

__all__ = ["final_network", "member_answers", "member_network"]


def final_network(nested: NestedRows, result: FoldResult) -> keras.Model:
    """The members of the fold that holds all working rows, averaged in one Keras model.

    Args:
        nested: Folds and rows.
        result: What that fold chose.

    Returns:
        A Keras model that answers with their mean.
    """
    numbers = range(len(_members_of(result).outcomes))
    network = average_network([member_network(nested, result, number) for number in numbers])
    if nested.base is not None:
        network = with_base(network, nested.base)
    if not nested.starts:
        return network
    linear = nested.starts[0]
    return with_linear_layer(network, linear.kernel, linear.bias, linear.num_terms)


def member_network(nested: NestedRows, result: FoldResult, number: int) -> keras.Model:
    """One member of the fold that holds all working rows, as a Keras model.

    Args:
        nested: Folds and rows.
        result: What that fold chose.
        number: Position of the member.

    Returns:
        A head on a frozen base takes the base's numbers; one whose base was trained on, photos as they are.
    """
    candidate = result.candidate
    model = network_of(nested, candidate)()
    model.set_weights([values[number] for values in _members_of(result).weights])
    if not candidate.rung.is_tuned:
        return model
    head = network_of(nested, replace(candidate, rung=replace(candidate.rung, is_tuned=False)))()
    return whole_network(model, head, nested.base)


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
