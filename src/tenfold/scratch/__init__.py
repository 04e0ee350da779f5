"""A network from scratch, in NumPy, with nothing hidden: every number and every slope can be looked at.

import tenfold

parameters = tenfold.scratch.L_layer_model(X, Y, [12288, 20, 7, 5, 1])    # a course's functions, rows in columns
tenfold.scratch.slope([3], [2], target=10)                                # pencil and paper: -24
tenfold.scratch.trace(model, x, y, row=0)                                 # one row through a Keras model and back
tenfold.scratch.check_gradients(layer, x).largest                         # is a way back right?

The names below load on first use. What computes is NumPy alone; only `trace` asks Keras, for a second opinion.
"""

from typing import TYPE_CHECKING

from tenfold.lazy_names import lazy_names

if TYPE_CHECKING:
    from tenfold.scratch.activations import Activation, activation
    from tenfold.scratch.agreement import Agreement
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
    from tenfold.scratch.compiled import loss_from_keras, optimizer_from_keras
    from tenfold.scratch.convolution import Convolution
    from tenfold.scratch.dense import Dense
    from tenfold.scratch.differences import GradientCheck, check_gradients
    from tenfold.scratch.embedding import Embedding
    from tenfold.scratch.gru import GRU
    from tenfold.scratch.losses import (
        BinaryCrossentropy,
        CategoricalCrossentropy,
        MeanAbsoluteError,
        MeanSquaredError,
        SparseCategoricalCrossentropy,
    )
    from tenfold.scratch.lstm import LSTM
    from tenfold.scratch.network import Network, Training
    from tenfold.scratch.normalization import BatchNormalization
    from tenfold.scratch.optimizers import SGD, Adam, RMSprop
    from tenfold.scratch.pencil import error, forward, identity, mean_squared_error, node, relu, slope, update, updates
    from tenfold.scratch.pooling import AveragePooling, GlobalAveragePooling, GlobalMaxPooling, MaxPooling
    from tenfold.scratch.reading import from_keras
    from tenfold.scratch.recurrent import SimpleRNN
    from tenfold.scratch.shaping import ActivationLayer, Dropout, Reshape
    from tenfold.scratch.tracing import LayerTrace, LossTrace, Trace, UpdateTrace, trace
    from tenfold.scratch.windows import Windows

__all__ = [
    "GRU",
    "LSTM",
    "SGD",
    "Activation",
    "ActivationLayer",
    "Adam",
    "Agreement",
    "AveragePooling",
    "BatchNormalization",
    "BinaryCrossentropy",
    "CategoricalCrossentropy",
    "Convolution",
    "Dense",
    "Dropout",
    "Embedding",
    "GlobalAveragePooling",
    "GlobalMaxPooling",
    "GradientCheck",
    "L_layer_model",
    "L_model_backward",
    "L_model_forward",
    "LayerTrace",
    "LossTrace",
    "MaxPooling",
    "MeanAbsoluteError",
    "MeanSquaredError",
    "Network",
    "RMSprop",
    "Reshape",
    "SimpleRNN",
    "SparseCategoricalCrossentropy",
    "Trace",
    "Training",
    "UpdateTrace",
    "Windows",
    "activation",
    "check_gradients",
    "compute_cost",
    "compute_cost_from_logits",
    "cost_by_loops",
    "error",
    "forward",
    "from_keras",
    "identity",
    "initialize_parameters",
    "initialize_parameters_deep",
    "linear_activation_backward",
    "linear_activation_forward",
    "linear_backward_by_loops",
    "linear_forward_by_loops",
    "loss_from_keras",
    "mean_squared_error",
    "node",
    "optimizer_from_keras",
    "predict",
    "relu",
    "slope",
    "trace",
    "two_layer_model",
    "update",
    "update_parameters",
    "updates",
]

_HOMES = {
    "Activation": "tenfold.scratch.activations",
    "ActivationLayer": "tenfold.scratch.shaping",
    "Adam": "tenfold.scratch.optimizers",
    "Agreement": "tenfold.scratch.agreement",
    "AveragePooling": "tenfold.scratch.pooling",
    "BatchNormalization": "tenfold.scratch.normalization",
    "BinaryCrossentropy": "tenfold.scratch.losses",
    "CategoricalCrossentropy": "tenfold.scratch.losses",
    "Convolution": "tenfold.scratch.convolution",
    "Dense": "tenfold.scratch.dense",
    "Dropout": "tenfold.scratch.shaping",
    "Embedding": "tenfold.scratch.embedding",
    "GRU": "tenfold.scratch.gru",
    "GlobalAveragePooling": "tenfold.scratch.pooling",
    "GlobalMaxPooling": "tenfold.scratch.pooling",
    "GradientCheck": "tenfold.scratch.differences",
    "LSTM": "tenfold.scratch.lstm",
    "L_layer_model": "tenfold.scratch.columns",
    "L_model_backward": "tenfold.scratch.columns",
    "L_model_forward": "tenfold.scratch.columns",
    "LayerTrace": "tenfold.scratch.tracing",
    "LossTrace": "tenfold.scratch.tracing",
    "MaxPooling": "tenfold.scratch.pooling",
    "MeanAbsoluteError": "tenfold.scratch.losses",
    "MeanSquaredError": "tenfold.scratch.losses",
    "Network": "tenfold.scratch.network",
    "RMSprop": "tenfold.scratch.optimizers",
    "Reshape": "tenfold.scratch.shaping",
    "SGD": "tenfold.scratch.optimizers",
    "SimpleRNN": "tenfold.scratch.recurrent",
    "SparseCategoricalCrossentropy": "tenfold.scratch.losses",
    "Trace": "tenfold.scratch.tracing",
    "Training": "tenfold.scratch.network",
    "UpdateTrace": "tenfold.scratch.tracing",
    "Windows": "tenfold.scratch.windows",
    "activation": "tenfold.scratch.activations",
    "check_gradients": "tenfold.scratch.differences",
    "compute_cost": "tenfold.scratch.columns",
    "compute_cost_from_logits": "tenfold.scratch.columns",
    "cost_by_loops": "tenfold.scratch.column_loops",
    "error": "tenfold.scratch.pencil",
    "forward": "tenfold.scratch.pencil",
    "from_keras": "tenfold.scratch.reading",
    "identity": "tenfold.scratch.pencil",
    "initialize_parameters": "tenfold.scratch.columns",
    "initialize_parameters_deep": "tenfold.scratch.columns",
    "linear_activation_backward": "tenfold.scratch.columns",
    "linear_activation_forward": "tenfold.scratch.columns",
    "linear_backward_by_loops": "tenfold.scratch.column_loops",
    "linear_forward_by_loops": "tenfold.scratch.column_loops",
    "loss_from_keras": "tenfold.scratch.compiled",
    "mean_squared_error": "tenfold.scratch.pencil",
    "node": "tenfold.scratch.pencil",
    "optimizer_from_keras": "tenfold.scratch.compiled",
    "predict": "tenfold.scratch.columns",
    "relu": "tenfold.scratch.pencil",
    "slope": "tenfold.scratch.pencil",
    "trace": "tenfold.scratch.tracing",
    "two_layer_model": "tenfold.scratch.columns",
    "update": "tenfold.scratch.pencil",
    "update_parameters": "tenfold.scratch.columns",
    "updates": "tenfold.scratch.pencil",
}

__getattr__, __dir__ = lazy_names(__name__, _HOMES)
