"""Layers added, widened or taken away: `normalisation`, `capacity`, `dropout`, `regularisation`.

Batch normalisation goes between a hidden layer and what follows it (Ioffe and Szegedy 2015). Capacity grows fourfold in
width, by one more hidden layer, or both: steps large enough to be told from noise (arbitrary). Dropout above a half is
brought to 0.2 (Srivastava et al. 2014 use 0.2 to 0.5), or taken away. What overfits gets dropout, a penalty on large
weights, or a quarter of the units.
"""

from collections.abc import Iterator
from typing import Any

import keras

from tenfold.repairing.graph import head_of, hidden_layers, is_rewritable
from tenfold.repairing.program import Case, Change, Program
from tenfold.repairing.proposal import Asked, of_program, proposal
from tenfold.repairing.rewriting import changed, new_layer

__all__ = [
    "deeper",
    "dropout_at",
    "propose_capacity",
    "propose_less_dropout",
    "propose_normalization",
    "propose_regularization",
    "wider",
]

WIDER = 4
NEW_UNITS = 64
"""Units of a hidden layer where there was none (Keras' own examples)."""

LITTLE_DROPOUT, MORE_DROPOUT = 0.2, (0.3, 0.5)
STRENGTHS = 1e-3, 1e-2
"""Of an L2 penalty: that of Chollet 2021, chapter 5, and ten times as much."""

NARROWER = 4
FEWEST_UNITS = 4
"""Of a hidden layer that is made narrower (arbitrary)."""

_RECURRENT = (keras.layers.LSTM, keras.layers.GRU, keras.layers.SimpleRNN)
_DROPOUTS = (keras.layers.Dropout, keras.layers.SpatialDropout1D, keras.layers.SpatialDropout2D,
             keras.layers.SpatialDropout3D)  # fmt: skip


def propose_normalization(program: Program, case: Case, asked: Asked) -> Iterator[Change]:
    """Batch normalisation behind every hidden layer."""
    del case
    if is_rewritable(program.model):
        yield proposal(asked, "normalisation", "batch normalisation behind each hidden layer", of_program(_normalised))


def propose_capacity(program: Program, case: Case, asked: Asked) -> Iterator[Change]:
    """Wider, deeper, both."""
    del case
    if not is_rewritable(program.model):
        return
    yield proposal(asked, "capacity", f"hidden layers {WIDER} times as wide", of_program(wider))
    yield proposal(asked, "capacity", "one more hidden layer", of_program(deeper))
    yield proposal(
        asked, "capacity", f"hidden layers {WIDER} times as wide and one more",
        of_program(_wider_and_deeper),
    )  # fmt: skip


def propose_less_dropout(program: Program, case: Case, asked: Asked) -> Iterator[Change]:
    """Less dropout, or none."""
    del case
    if is_rewritable(program.model):
        says = f"dropout of at most {LITTLE_DROPOUT:g}"
        yield proposal(asked, "dropout", says, of_program(dropout_at, LITTLE_DROPOUT))
        yield proposal(asked, "dropout", "no dropout", of_program(dropout_at, 0.0))


def propose_regularization(program: Program, case: Case, asked: Asked) -> Iterator[Change]:
    """Dropout behind the hidden layers, a penalty on large weights, or fewer units."""
    del case
    if not is_rewritable(program.model):
        return
    for rate in MORE_DROPOUT:
        says = f"dropout of {rate:g} behind each hidden layer"
        yield proposal(asked, "regularisation", says, of_program(_with_dropout, rate))
    for strength in STRENGTHS:
        says = f"L2 penalty of {strength:g} on hidden weights"
        yield proposal(asked, "regularisation", says, of_program(_with_penalty, strength))
    yield proposal(asked, "regularisation", f"hidden layers 1/{NARROWER} as wide", of_program(_narrower))


def _normalised(program: Program) -> Program | None:
    return _behind_hidden(program, keras.layers.BatchNormalization)


def _with_dropout(program: Program, rate: float) -> Program | None:
    return _behind_hidden(program, keras.layers.Dropout, rate)


def _behind_hidden(program: Program, kind: type, *arguments: Any) -> Program | None:
    model, chains = program.model, {}
    if any(isinstance(layer, kind) for layer in model.layers):
        return None
    for number, layer in enumerate(hidden_layers(model)):
        new = new_layer(model, kind, *arguments)
        chains[layer.name] = [changed(layer), changed(new, name=f"{new.name}_{number}") if number else new]
    return program.rewritten(chains) if chains else None


def _with_penalty(program: Program, strength: float) -> Program | None:
    penalty = keras.regularizers.serialize(keras.regularizers.L2(strength))
    layers = [layer for layer in hidden_layers(program.model) if layer.get_config().get("kernel_regularizer") is None]
    chains = {
        layer.name: [changed(layer, kernel_regularizer=penalty)]
        for layer in layers
        if "kernel_regularizer" in layer.get_config()
    }
    return program.rewritten(chains) if chains else None


def wider(program: Program, times: int = WIDER) -> Program | None:
    """The program with hidden layers that are so many times as wide."""
    model = program.model
    layers = [*hidden_layers(model), *(layer for layer in model.layers if isinstance(layer, _RECURRENT))]
    chains = {layer.name: [changed(layer, **_times(layer, times))] for layer in layers if _times(layer, times)}
    return program.rewritten(chains) if chains else None


def _narrower(program: Program) -> Program | None:
    chains = {}
    for layer in hidden_layers(program.model):
        fewer = {name: max(FEWEST_UNITS, size // NARROWER) for name, size in _times(layer, 1).items()}
        if fewer and fewer != _times(layer, 1):
            chains[layer.name] = [changed(layer, **fewer)]
    return program.rewritten(chains) if chains else None


def _wider_and_deeper(program: Program) -> Program | None:
    wide = wider(program)
    return None if wide is None else deeper(wide)


def _times(layer: Any, times: int) -> dict[str, int]:
    config = layer.get_config()
    return {name: times * config[name] for name in ("units", "filters") if isinstance(config.get(name), int)}


def deeper(program: Program) -> Program | None:
    """One more dense layer before the last, like the hidden dense layer before it."""
    model, head = program.model, head_of(program.model)
    if head is None or not isinstance(head.layer, keras.layers.Dense):
        return None
    dense = [layer for layer in hidden_layers(model) if isinstance(layer, keras.layers.Dense)]
    units, activation = (dense[-1].units, dense[-1].activation) if dense else (NEW_UNITS, keras.activations.relu)
    if activation is keras.activations.linear:
        activation = keras.activations.relu
    new = new_layer(model, keras.layers.Dense, units, activation=activation, kernel_initializer="he_normal")
    return program.rewritten({head.layer.name: [new, changed(head.layer)]})


def dropout_at(program: Program, rate: float) -> Program | None:
    """Dropout layers at this rate or below; without any, and without recurrent dropout, at 0."""
    chains: dict[str, list[Any]] = {}
    for layer in program.model.layers:
        config = layer.get_config()
        if isinstance(layer, _DROPOUTS) and layer.rate > rate:
            chains[layer.name] = [changed(layer, rate=rate)] if rate else []
        elif max(config.get("dropout") or 0, config.get("recurrent_dropout") or 0) > rate and layer.weights:
            names = [name for name in ("dropout", "recurrent_dropout") if config.get(name, 0) > rate]
            chains[layer.name] = [changed(layer, **dict.fromkeys(names, rate))]
    return program.rewritten(chains) if chains else None
