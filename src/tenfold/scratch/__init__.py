"""A network from scratch, in NumPy, with nothing hidden: every number and every slope can be looked at.

import tenfold

parameters = tenfold.scratch.L_layer_model(X, Y, [12288, 20, 7, 5, 1])    # a course's functions, rows in columns
tenfold.scratch.slope([3], [2], target=10)                                # pencil and paper: -24
tenfold.scratch.trace(model, x, y, row=0)                                 # one row through a Keras model and back
tenfold.scratch.check_gradients(layer, x).largest                         # is a way back right?

The names below load on first use. What computes is NumPy alone; only `trace` asks Keras, for a second opinion.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tenfold.scratch.column_loops import cost_by_loops, linear_backward_by_loops, linear_forward_by_loops
    from tenfold.scratch.columns import (
        L_layer_model,
        L_model_backward,
        L_model_forward,
        compute_cost,
        compute_cost_from_logits,
        initialize_parameters,
        initialize_parameters_deep,
        linear_activation_backward,
        linear_activation_forward,
        predict,
        two_layer_model,
        update_parameters,
    )
    from tenfold.scratch.pencil import error, forward, identity, mean_squared_error, node, relu, slope, update, updates

__all__ = [
    "L_layer_model",
    "L_model_backward",
    "L_model_forward",
    "compute_cost",
    "compute_cost_from_logits",
    "cost_by_loops",
    "error",
    "forward",
    "identity",
    "initialize_parameters",
    "initialize_parameters_deep",
    "linear_activation_backward",
    "linear_activation_forward",
    "linear_backward_by_loops",
    "linear_forward_by_loops",
    "mean_squared_error",
    "node",
    "predict",
    "relu",
    "slope",
    "two_layer_model",
    "update",
    "update_parameters",
    "updates",
]

_HOMES = {
    "L_layer_model": "tenfold.scratch.columns",
    "L_model_backward": "tenfold.scratch.columns",
    "L_model_forward": "tenfold.scratch.columns",
    "compute_cost": "tenfold.scratch.columns",
    "compute_cost_from_logits": "tenfold.scratch.columns",
    "cost_by_loops": "tenfold.scratch.column_loops",
    "error": "tenfold.scratch.pencil",
    "forward": "tenfold.scratch.pencil",
    "identity": "tenfold.scratch.pencil",
    "initialize_parameters": "tenfold.scratch.columns",
    "initialize_parameters_deep": "tenfold.scratch.columns",
    "linear_activation_backward": "tenfold.scratch.columns",
    "linear_activation_forward": "tenfold.scratch.columns",
    "linear_backward_by_loops": "tenfold.scratch.column_loops",
    "linear_forward_by_loops": "tenfold.scratch.column_loops",
    "mean_squared_error": "tenfold.scratch.pencil",
    "node": "tenfold.scratch.pencil",
    "predict": "tenfold.scratch.columns",
    "relu": "tenfold.scratch.pencil",
    "slope": "tenfold.scratch.pencil",
    "two_layer_model": "tenfold.scratch.columns",
    "update": "tenfold.scratch.pencil",
    "update_parameters": "tenfold.scratch.columns",
    "updates": "tenfold.scratch.pencil",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        msg = f"module 'tenfold.scratch' has no attribute '{name}'"
        raise AttributeError(msg)
    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
