"""The chosen members as networks: the one that is delivered, and each by itself where that is asked."""

from typing import Any

import jax
import keras
import numpy as np
from jaxtyping import Float

from tenfold.nested.results import FoldResult, Members
from tenfold.nested.rows import NestedRows
from tenfold.nested.training import network_of
from tenfold.networks.table import average_network

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
    return average_network(models)


def member_answers(nested: NestedRows, result: FoldResult, x: Any) -> Float[np.ndarray, "member row output"]:
    """What each member of the fold of all working rows answers.

    Args:
        nested: Folds and rows.
        result: What that fold chose.
        x: Inputs as the network takes them, prepared as that fold prepares them.

    Returns:
        Scaled numbers or probabilities.
    """
    members = _members_of(result)
    model = network_of(nested, result.candidate)()
    places = {id(variable): place for place, variable in enumerate(model.weights)}

    def values(variables: list[Any]) -> list[Any]:
        """The members' own values; seeds of dropout, which are no weights, are the model's."""
        same = np.ones(len(members.outcomes), np.int64)
        return [
            members.weights[places[id(one)]] if id(one) in places else np.multiply.outer(same, np.asarray(one.value))
            for one in variables
        ]

    @jax.jit
    def answer(trainable: list[Any], frozen: list[Any]) -> Any:
        return jax.lax.map(lambda state: model.stateless_call(*state, x, training=False)[0], (trainable, frozen))

    return np.asarray(answer(values(model.trainable_variables), values(model.non_trainable_variables)))


def _members_of(result: FoldResult) -> Members:
    if result.members is None:
        raise ValueError("only the chosen candidate of the fold of all working rows keeps its members")
    return result.members
