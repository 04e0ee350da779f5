"""The only door to Keras' internals: a compiled Keras model seen as pure functions of one member.

A `Network` takes a compiled model apart into its state (weights, optimizer slots, seeds), its metrics and three
functions without side effects: one training step, one validation step, one prediction. Everything is written for one
member and one batch; `program.py` adds steps and epochs around it, `many_members.py` the members. The functions follow
`keras.src.backend.jax.trainer` (Keras 3.15) line by line, so that a member trains exactly as `Model.fit` would.
"""

import contextlib
import functools
import math
import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, NamedTuple, cast

import jax
import jax.numpy as jnp
import keras
import numpy as np
from keras import StatelessScope
from keras.src import backend
from keras.src import metrics as keras_metrics
from keras.src.layers.rnn.dropout_rnn_cell import DropoutRNNCell
from keras.src.trainers.trainer import Trainer

from tenfold.engine import losses as engine_losses
from tenfold.engine.accelerator import fit_for_members
from tenfold.engine.known_parts import is_known
from tenfold.engine.lowering import lower
from tenfold.engine.padding import mixes_rows_in_training, treats_rows_alone
from tenfold.engine.settings import check_names, settings_in_place, traced_names
from tenfold.engine.signature import signature
from tenfold.engine.telemetry import Taps
from tenfold.engine.warping import quick_warps
from tenfold.errors import BackendError, ModelError

__all__ = ["Batch", "Network", "State", "require_jax"]


class State(NamedTuple):
    """What the next step of one member needs.

    Attributes:
        trainable: Values of the trainable variables.
        frozen: Values of the other variables: moving statistics, seeds of dropout, frozen weights.
        optimizer: Values of the optimizer's variables: iterations, learning rate, slots.
    """

    trainable: list[Any]
    frozen: list[Any]
    optimizer: list[Any]


class Batch(NamedTuple):
    """Rows of one step.

    Attributes:
        x: Inputs, nested as the model takes them; leading axis `row`.
        y: Targets, nested as the model answers; or None.
        sample_weight: Weights, or None.
        real: 1.0 for real rows and 0.0 for padding, of shape `(row,)`; None where no row is padding.
    """

    x: Any
    y: Any
    sample_weight: Any
    real: Any | None = None

    @property
    def num_real(self) -> Any:
        """Number of rows that are not padding."""
        if self.real is None:
            return next(leaf for leaf in jax.tree.leaves(self.x)).shape[0]
        return self.real.sum()


def require_jax() -> None:
    """Refuse to work with Keras on another backend.

    Raises:
        BackendError: Naming the backend that stands in the way and how to choose JAX.
    """
    name = keras.backend.backend()
    if name != "jax":
        raise BackendError(
            "backend",
            f"Keras runs on the `{name}` backend in this process, and Tenfold trains with JAX",
            expected="KERAS_BACKEND=jax",
            received=f"KERAS_BACKEND={name}",
            hint="import tenfold before keras, or set KERAS_BACKEND=jax before Python starts",
        )


class Network:
    """A compiled Keras model as pure functions of one member.

    Args:
        model: A compiled Keras model.
        sample: The first rows of inputs, targets and sample weights (NumPy), to build from what is not built yet.
        fuse: Train heads on logits where that can be done (`losses.py`).
        traced: Names of settings that differ between members.

    Attributes:
        model: The model. Its variables are never assigned here.
        heads: Heads that train on logits.
        was_unbuilt: Whether the model was built here, on its first batch.
        pads_training: Whether padded rows can take part in training: every layer, loss and metric treats rows one by
        one. pads_validation: The same for validation, where moving statistics are only read.

    Raises:
        ModelError: The model is not compiled, its output does not fit the targets, or its own training step logs more
            than its metrics.
    """

    def __init__(self, model: Any, sample: Batch, *, fuse: bool = True, traced: Sequence[str] = ()) -> None:
        require_jax()
        self.model = model
        self.was_unbuilt = _build(model, sample)
        self.traced = traced_names(model, traced)
        check_names(model, set(traced))
        self.follows_keras = _has_own_training(model)
        hands_over = fuse or engine_losses.hands_logits(model)  # a fused model cannot be trained otherwise
        self.heads = engine_losses.find_heads(model) if hands_over and not self.follows_keras else []
        separable = not self.follows_keras and treats_rows_alone(model)
        self.pads_validation = separable
        self.pads_training = separable and not mixes_rows_in_training(model)
        self.metric_start = _reset_values(model)
        if self.follows_keras:
            self._check_logs(sample)

    @functools.cached_property
    def signature(self) -> Hashable:
        """What this network shares with others that can be trained by the same compiled program."""
        return signature(self.model, self.traced, self.heads)

    @functools.cached_property
    def learning_rate_position(self) -> int | None:
        """Where the learning rate stands among the optimizer's variables; None for a schedule."""
        optimizer = getattr(self.model.optimizer, "inner_optimizer", self.model.optimizer)
        variable = getattr(optimizer, "_learning_rate", None)
        for position, candidate in enumerate(self.model.optimizer.variables):
            if candidate is variable:
                return position
        return None

    @functools.cached_property
    def validation_moves_state(self) -> bool:
        """Whether validation leaves traces in the state, so that the number of its steps decides later numbers.

        Keras' recurrent cells with dropout draw noise in validation too; a layer of the user's own may count calls.
        """
        return self.follows_keras or any(_may_move_state(layer) for layer in _layers(self.model))

    @functools.cached_property
    def validation_keeps_batches(self) -> bool:
        """Whether validation must go through Keras' own batches to give Keras' own numbers."""
        ignores_batches = self.pads_validation and engine_losses.losses_ignore_batches(self.model)
        return self.validation_moves_state or not ignores_batches

    @functools.cached_property
    def num_parameters(self) -> int:
        """Trainable numbers of the model."""
        return sum(math.prod(variable.shape) for variable in self.model.trainable_variables)

    def state(self) -> State:
        """The model's present values."""
        model = self.model
        return State(
            [v.value for v in model.trainable_variables],
            [v.value for v in model.non_trainable_variables],
            [v.value for v in model.optimizer.variables],
        )

    def state_shapes(self) -> State:
        """Shapes and types of a member's state."""
        model, shape = self.model, cast("Any", jax.ShapeDtypeStruct)
        variables = (model.trainable_variables, model.non_trainable_variables, model.optimizer.variables)
        return State(*([shape(tuple(one.shape), one.dtype) for one in part] for part in variables))

    def with_weights(self, state: State, trainable: Sequence[Any], frozen: Sequence[Any]) -> State:
        """A state with other weights; seeds and optimizer slots stay, as with `Model.set_weights`."""
        weights = {id(variable) for variable in self.model.weights}
        kept = [
            other if id(variable) in weights else own
            for variable, own, other in zip(self.model.non_trainable_variables, state.frozen, frozen, strict=True)
        ]
        return State(list(trainable), kept, list(state.optimizer))

    def with_averages(self, state: State) -> State:
        """The state at the end of training: weights give way to their moving averages if the optimizer keeps them."""
        model, optimizer = self.model, self.model.optimizer
        if not getattr(getattr(optimizer, "inner_optimizer", optimizer), "use_ema", False):
            return state
        variables = [*model.trainable_variables, *optimizer.variables]
        values = [jnp.asarray(value) for value in (*state.trainable, *state.optimizer)]
        with StatelessScope(state_mapping=list(zip(variables, values, strict=True))) as scope:
            optimizer.finalize_variable_values(model.trainable_variables)
        return state._replace(trainable=[np.asarray(scope.get_current_value(v)) for v in model.trainable_variables])

    def in_order_of_weights(self, trainable: Sequence[Any], frozen: Sequence[Any]) -> list[Any]:
        """Values in the order of `Model.get_weights`."""
        model = self.model
        variables = [*model.trainable_variables, *model.non_trainable_variables]
        values = {id(variable): value for variable, value in zip(variables, [*trainable, *frozen], strict=True)}
        return [values[id(variable)] for variable in model.weights]

    def assign(self, state: State, model: Any | None = None) -> None:
        """Put a member's values into the model, or into another model of the same architecture."""
        model = model or self.model
        for variables, values in (
            (model.trainable_variables, state.trainable),
            (model.non_trainable_variables, state.frozen),
            (
                model.optimizer.variables if model.optimizer is not None and model.optimizer.built else [],
                state.optimizer,
            ),
        ):
            for variable, value in zip(variables, values, strict=False):
                variable.assign(value)

    def train_step(
        self, state: State, metrics: list[Any], settings: Mapping[str, Any], batch: Batch
    ) -> tuple[State, list[Any]]:
        """One step of training: gradient, update, metrics.

        Args:
            state: The member's state before the step.
            metrics: Values of the model's metric variables.
            settings: Traced settings, name -> array of shape `()`.
            batch: The rows of this step.

        Returns:
            The state and the metrics after the step.
        """
        with settings_in_place(self.model, settings):
            if self.follows_keras:
                return self._keras_train_step(state, metrics, batch)
            gradient = jax.grad(self._scaled_loss, has_aux=True)
            gradients, (loss, outputs, frozen, of_outputs) = gradient(state.trainable, state, batch)
            trainable, optimizer = self.model.optimizer.stateless_apply(state.optimizer, gradients, state.trainable)
            after = State(trainable, frozen, optimizer)
            return after, self._count(metrics, loss, of_outputs, batch, outputs)

    def validation_step(
        self, state: State, metrics: list[Any], settings: Mapping[str, Any], batch: Batch
    ) -> tuple[State, list[Any]]:
        """State and metrics after one more batch of held-out rows; of the state only seeds can have moved."""
        with settings_in_place(self.model, settings):
            if self.follows_keras:
                _, after = self.model.test_step((state.trainable, state.frozen, metrics), _as_keras_yields(batch))
                return state._replace(frozen=list(after[1])), list(after[2])
            loss, (outputs, frozen, of_outputs, _) = self._loss(state.trainable, state.frozen, batch, training=False)
            state = state._replace(frozen=frozen) if self.validation_moves_state else state
            return state, self._count(metrics, loss, of_outputs, batch, outputs)

    def signs(self, state: State, settings: Mapping[str, Any], batch: Batch) -> dict[str, Any]:
        """What each watched layer shows on some rows (`telemetry.py`); nothing in the state moves."""
        taps = self.taps

        def loss(trainable: list[Any]) -> tuple[Any, Any]:
            value, (_, _, _, passed) = self._loss(trainable, state.frozen, batch, training=True, taps=taps)
            return value, passed

        with settings_in_place(self.model, settings):
            gradients, passed = jax.grad(loss, has_aux=True)(state.trainable)
            with self._optimizer_at(state):
                scaled = [gradient * self.model.optimizer.scale_loss(1.0) for gradient in gradients]
            updated, _ = self.model.optimizer.stateless_apply(state.optimizer, scaled, state.trainable)
        return taps.signs(state.trainable, gradients, updated, passed, batch.real)

    @functools.cached_property
    def taps(self) -> Taps:
        """Where the layers are read."""
        return Taps(self.model)

    def predict(self, state: State, x: Any) -> Any:
        """What the model answers for inputs: probabilities, also where a head trains on logits."""
        with self._for_device():
            outputs, _ = self.model.stateless_call(state.trainable, state.frozen, x, **self._mode(training=False))
        return outputs

    def results(self, metrics: list[Any]) -> dict[str, Any]:
        """Metric values by Keras' own names, `loss` first."""
        model = self.model
        with StatelessScope(state_mapping=list(zip(model.metrics_variables, metrics, strict=True))):
            found = model.get_metrics_result()
        return dict(_flat_items(found))

    def directions(self) -> dict[str, bool]:
        """Whether larger is better, for the loss and each metric whose direction Keras knows."""
        compiled = self.model._compile_metrics
        known = {metric.name: metric._direction == "up" for metric in (compiled.metrics if compiled else [])
                 if getattr(metric, "_direction", None)}  # fmt: skip
        return {"loss": False, **known}

    def _mode(self, *, training: bool) -> dict[str, bool]:
        return {"training": training} if self.model._call_has_training_arg else {}

    def _scaled_loss(self, trainable: list[Any], state: State, batch: Batch) -> tuple[Any, tuple[Any, ...]]:
        loss, (outputs, frozen, of_outputs, _) = self._loss(trainable, state.frozen, batch, training=True)
        with self._optimizer_at(state):
            scaled = self.model.optimizer.scale_loss(loss)
        return scaled, (loss, outputs, frozen, of_outputs)

    def _optimizer_at(self, state: State) -> Any:
        return StatelessScope(state_mapping=list(zip(self.model.optimizer.variables, state.optimizer, strict=True)))

    def _loss(
        self, trainable: list[Any], frozen: list[Any], batch: Batch, *, training: bool, taps: Taps | None = None
    ) -> tuple[Any, tuple[Any, Any, Any, Any]]:
        outputs, frozen, extra, passed = self._forward(trainable, frozen, batch.x, training=training, taps=taps)
        num_real = None if batch.real is None else batch.num_real
        total, of_outputs = engine_losses.data_losses(
            self.model, batch.y, outputs, batch.sample_weight, batch.real, num_real, self.heads
        )
        loss = total
        if extra:
            aggregated = [self.model._aggregate_additional_loss(one) for one in extra]
            loss = keras.ops.sum([total, *aggregated])
        return loss, (engine_losses.probabilities(outputs, self.heads), frozen, of_outputs, passed)

    def _forward(
        self, trainable: list[Any], frozen: list[Any], x: Any, *, training: bool, taps: Taps | None = None
    ) -> tuple[Any, list[Any], list[Any], dict[str, Any]]:
        def forward(trainable: list[Any], frozen: list[Any], x: Any) -> tuple[Any, list[Any], list[Any], Any]:
            noting: Any = taps.noting() if taps else contextlib.nullcontext({})
            with engine_losses.heads_on_logits(self.heads), self._for_device(), noting as passed:
                outputs, after, extra = self.model.stateless_call(
                    trainable, frozen, x, return_losses=True, **self._mode(training=training)
                )
            return outputs, list(after), list(extra), passed

        answer: tuple[Any, list[Any], list[Any], dict[str, Any]] = self._lowered(forward)(trainable, frozen, x)
        return answer

    def _for_device(self) -> contextlib.AbstractContextManager[None]:
        """What the device needs done otherwise while the model is traced."""
        return quick_warps(self.model) if jax.default_backend() == "cpu" else fit_for_members(self.model)

    def _lowered(self, forward: Callable[..., Any]) -> Callable[..., Any]:
        return lower(forward) if jax.default_backend() == "cpu" and self.has_windows else forward

    @functools.cached_property
    def has_windows(self) -> bool:
        """Whether any layer convolves or pools, directly or in a layer that is not Keras' own."""
        return any(
            not is_known(type(layer).__module__)
            or type(layer).__module__.startswith(("keras.src.layers.convolutional", "keras.src.layers.pooling"))
            for layer in _layers(self.model)
        )

    def _count(self, metrics: list[Any], loss: Any, of_outputs: list[Any], batch: Batch, outputs: Any) -> list[Any]:
        """Metric variables after this batch, padding left out."""
        model = self.model
        with StatelessScope(state_mapping=list(zip(model.metrics_variables, metrics, strict=True))) as scope:
            model._loss_tracker.update_state(loss, sample_weight=batch.num_real)
            for tracker, value in zip(model._compile_loss.metrics, of_outputs, strict=False):
                tracker.update_state(value, sample_weight=batch.num_real)
            if model._compile_metrics is not None:
                _update_compiled_metrics(model._compile_metrics, batch, outputs)
        values = [scope.get_current_value(v) for v in model.metrics_variables]
        return [before if value is None else value for before, value in zip(metrics, values, strict=True)]

    def _check_logs(self, sample: Batch) -> None:
        """Refuse a training step of the model's own that logs what is none of its metrics.

        Keras shows such a log's value for the last batch as the epoch's; only a metric has a value of the epoch's own.
        """
        before = (*self.state_shapes(), self.metric_start)
        logs, _ = jax.eval_shape(self.model.train_step, before, _as_keras_yields(sample))
        metrics = jax.eval_shape(self.results, self.metric_start)
        logged = {name for name, _ in _flat_items(logs)}  # Keras' guide logs all compiled metrics as one nested entry
        if logged != set(metrics):
            raise ModelError(
                "own_logs",
                f"`train_step` of the model `{self.model.name}` does not log the model's metrics",
                expected=f"the metrics {', '.join(metrics)}",
                received=f"logs {', '.join(sorted(logged))}",
                hint="keep further numbers as metrics of the model, such as keras.metrics.Mean(name=...)",
            )

    def _keras_train_step(self, state: State, metrics: list[Any], batch: Batch) -> tuple[State, list[Any]]:
        before = (state.trainable, state.frozen, state.optimizer, metrics)
        _, after = self.model.train_step(before, _as_keras_yields(batch))
        trainable, frozen, optimizer, metrics = after
        return State(list(trainable), list(frozen), list(optimizer)), list(metrics)


def _build(model: Any, sample: Batch) -> bool:
    """Create whatever `Model.fit` would create on its first batch; returns whether there was anything to create."""
    if not getattr(model, "compiled", False):
        raise ModelError(
            "not_compiled",
            f"The model `{getattr(model, 'name', model)}` is not compiled, so it has no loss and no optimizer",
            hint='call model.compile("rmsprop", "mse") or the like before training',
        )
    parts = [*model._flatten_layers(), model._compile_metrics, model._compile_loss]
    was_unbuilt = not all(part is None or part.built for part in parts)
    try:
        model._symbolic_build(data_batch=(sample.x, sample.y, sample.sample_weight))
    except (ValueError, TypeError, KeyError, RuntimeError) as error:
        raise _does_not_fit(model, sample, error) from error
    return was_unbuilt


def _does_not_fit(model: Any, sample: Batch, error: Exception) -> ModelError:
    """Keras' complaint about the first batch, in one sentence with the shapes of both sides."""
    shapes = jax.tree.map(lambda leaf: (None, *leaf.shape[1:]), (sample.x, sample.y))
    inputs = getattr(model, "input_shape", None)
    is_about_inputs = inputs is not None and not isinstance(inputs, (list, dict)) and inputs[1:] != shapes[0][1:]
    return ModelError(
        "does_not_fit",
        f"The model `{model.name}` does not fit the {'inputs' if is_about_inputs else 'data'}: {_complaint(error)}",
        expected=f"inputs of shape {inputs}, targets for outputs of shape {getattr(model, 'output_shape', None)}",
        received=f"inputs and targets of shape {shapes[0]} and {shapes[1]}",
        hint="give the first layer the inputs' shape" if is_about_inputs else _hint_for_outputs(model, shapes[1]),
    )


def _complaint(error: Exception) -> str:
    """The line of a Keras error that says what is wrong, without terminal codes and without its lists of arguments."""
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line).strip() for line in str(error).splitlines()]
    telling = [line for line in lines if line and not line.startswith(("Exception encountered", "Arguments received"))]
    return (telling or lines or [type(error).__name__])[0].rstrip(".")


def _hint_for_outputs(model: Any, target: Any) -> str:
    if str(model.loss) == "categorical_crossentropy" and isinstance(target, tuple) and len(target) == 1:
        return "use sparse_categorical_crossentropy, which reads class numbers"
    return "make the last layer and the loss fit the target"


def _as_keras_yields(batch: Batch) -> Any:
    """The batch as Keras' iterators yield it, without what was not given: a `train_step` may say `x, y = data`."""
    return keras.utils.pack_x_y_sample_weight(batch.x, batch.y, batch.sample_weight)


def _may_move_state(layer: Any) -> bool:
    draws_always = isinstance(layer, DropoutRNNCell) and (layer.dropout > 0 or layer.recurrent_dropout > 0)
    return draws_always or (not is_known(type(layer).__module__) and bool(layer.non_trainable_variables))


def _layers(model: Any) -> list[Any]:
    return list(model._flatten_layers(include_self=False))


def _has_own_training(model: Any) -> bool:
    """Whether the model replaces a part of Keras' training step; such a model is trained through that part."""
    own = ("train_step", "test_step", "compute_loss", "compute_metrics", "get_metrics_result")
    replaced = any(getattr(type(model), name) is not getattr(keras.Model, name) for name in own)
    layer_metrics = any(layer.metrics for layer in _layers(model) if not isinstance(layer, Trainer))
    return replaced or layer_metrics or bool(model._metrics) or model._compile_loss is None


def _update_compiled_metrics(compiled: keras_metrics.Metric, batch: Batch, outputs: Any) -> None:
    """`CompileMetrics.update_state`, with padding weighted zero."""
    if batch.real is None:
        compiled.update_state(batch.y, outputs, batch.sample_weight)
        return
    targets, answers = compiled._flatten_y(batch.y), compiled._flatten_y(outputs)
    weights = [None] if batch.sample_weight is None else compiled._flatten_y(batch.sample_weight)
    weights = weights if len(weights) == len(targets) else [weights[0]] * len(targets)
    for plain, weighted, target, answer, weight in zip(
        compiled._flat_metrics, compiled._flat_weighted_metrics, targets, answers, weights, strict=True
    ):
        real = batch.real
        if plain:
            plain.update_state(target, answer, real)
        if weighted:
            both = real if weight is None else weight * real.reshape(real.shape + (1,) * (weight.ndim - 1))
            weighted.update_state(target, answer, both)


def _reset_values(model: Any) -> list[Any]:
    """Values of the metric variables at the start of an epoch."""
    with StatelessScope() as scope:
        model.reset_metrics()
    values = [scope.get_current_value(variable) for variable in model.metrics_variables]
    return [
        jnp.zeros(variable.shape, variable.dtype) if value is None else backend.convert_to_tensor(value)
        for variable, value in zip(model.metrics_variables, values, strict=True)
    ]


def _flat_items(logs: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Nested metric results as flat pairs, as Keras logs them."""
    flat: list[tuple[str, Any]] = []
    for name, value in logs.items():
        flat += _flat_items(value) if isinstance(value, dict) else [(name, value)]
    return flat
