"""Initial weights of a size that keeps signals and gradients alive: `initialisation`.

Source: He et al. (2015) in front of a ReLU and its kin, Klambauer et al. (2017) with SELU (LeCun's), Glorot and Bengio
(2010) otherwise; orthogonal recurrent weights (Saxe et al. 2014), which are Keras' default.
"""

from collections.abc import Callable, Iterator
from typing import Any

import keras

from tenfold.repairing.graph import activation_of, is_rewritable
from tenfold.repairing.program import Case, Change, Program
from tenfold.repairing.proposal import Asked, of_program, proposal
from tenfold.repairing.rewriting import changed

__all__ = ["drawn_by", "initializer_for", "propose_initializers"]

_RELU_LIKE = ("relu", "leaky_relu", "elu", "gelu", "silu", "swish", "relu6", "mish")


def propose_initializers(program: Program, case: Case, asked: Asked) -> Iterator[Change]:
    """Weights by the activation they stand before, or Keras' defaults everywhere."""
    del case
    if not is_rewritable(program.model):
        return
    yield proposal(
        asked,
        "initialisation",
        "initial weights by the activation behind them (He, Glorot, LeCun)",
        of_program(_by_activation),
    )
    yield proposal(asked, "initialisation", "initial weights as Keras draws them by default", of_program(_by_default))


def initializer_for(activation: str) -> str:
    """Keras' name of the initializer that belongs before an activation.

    >>> initializer_for("relu"), initializer_for("tanh"), initializer_for("selu")
    ('he_normal', 'glorot_uniform', 'lecun_normal')
    """
    if activation == "selu":
        return "lecun_normal"
    return "he_normal" if activation in _RELU_LIKE else "glorot_uniform"


def _by_activation(program: Program) -> Program | None:
    model = program.model
    return drawn_by(program, lambda layer: initializer_for(activation_of(model, layer)[0]))


def _by_default(program: Program) -> Program | None:
    return drawn_by(program, lambda _: "glorot_uniform")


def drawn_by(program: Program, choose: Callable[[Any], str]) -> Program | None:
    """The program with initial weights by an initializer that is chosen for each layer; None where it has them."""
    chains = {}
    for layer in program.model.layers:
        config = layer.get_config()
        wanted = _wanted(config, choose(layer))
        new = changed(layer, **wanted) if wanted else None
        if new is not None and new.get_config() != config:
            chains[layer.name] = [new]
    return program.rewritten(chains) if chains else None


def _wanted(config: dict[str, Any], kernel: str) -> dict[str, Any]:
    """Entries of a layer's configuration that say how weights begin."""
    is_recurrent = "recurrent_initializer" in config
    names = {
        "kernel_initializer": "glorot_uniform" if is_recurrent else kernel,
        "depthwise_initializer": kernel,
        "pointwise_initializer": kernel,
        "recurrent_initializer": "orthogonal",
        "bias_initializer": "zeros",
    }
    return {
        name: keras.initializers.serialize(keras.initializers.get(one)) for name, one in names.items() if name in config
    }
