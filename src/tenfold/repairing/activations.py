"""Activations of hidden layers that let gradients through: `activation`.

Tried in this order, each with the initial weights that belong to it: ReLU, leaky ReLU (units that cannot die), GELU,
SELU, tanh. Sources: Nair and Hinton (2010), Maas et al. (2013), Hendrycks and Gimpel (2016), Klambauer et al. (2017);
the order of AutoTrainer (Zhang et al. 2021) puts SELU and ReLU first.
"""

from collections.abc import Iterator
from typing import Any

import keras

from tenfold.repairing.graph import ACTIVATIONS, activation_of, hidden_layers, is_rewritable
from tenfold.repairing.program import Case, Change, Program
from tenfold.repairing.proposal import Asked, of_program, proposal
from tenfold.repairing.rewriting import changed
from tenfold.repairing.starts import initializer_for

__all__ = ["propose_activations", "with_activation"]

TRIED = ("relu", "leaky_relu", "gelu", "selu", "tanh")


def propose_activations(program: Program, case: Case, asked: Asked) -> Iterator[Change]:
    """All hidden layers with another activation and the initial weights that belong to it."""
    del case
    if not is_rewritable(program.model):
        return
    for name in TRIED:
        says = f"hidden layers with {name} and {initializer_for(name)} initial weights"
        yield proposal(asked, "activation", says, of_program(with_activation, name))


def with_activation(program: Program, name: str) -> Program | None:
    """The program with this activation in all hidden layers; None where it has them already."""
    model, chains = program.model, {}
    for layer in hidden_layers(model):
        before, owner = activation_of(model, layer)
        weights = changed(layer, **_initial(layer, name))
        if owner is None or owner is layer:
            chains[layer.name] = [changed(weights, activation=name)]
        else:
            chains[layer.name] = [weights]
            chains[owner.name] = [_as_activation(owner, name)]
        if before == name and weights.get_config() == layer.get_config():
            chains.pop(layer.name)
    return program.rewritten(chains) if any(chains.values()) and chains else None


def _initial(layer: Any, name: str) -> dict[str, Any]:
    wanted = keras.initializers.serialize(keras.initializers.get(initializer_for(name)))
    return {"kernel_initializer": wanted} if "kernel_initializer" in layer.get_config() else {}


def _as_activation(owner: Any, name: str) -> Any:
    """The layer that holds the activation, with another one."""
    if type(owner) in ACTIVATIONS:
        return keras.layers.Activation(name, name=owner.name)
    return changed(owner, activation=name)
