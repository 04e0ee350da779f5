"""The training of one member as a function: epochs over steps, then validation and the callbacks' rules.

`many_members.py` puts members around it, and `wave_program.py` compiles what comes of that.

Values are of three kinds: *static* ones (architecture, geometry, width) decide the program; *member* values (rows,
settings) and the *carry* (weights, optimizer slots, best weights, patience) are arrays with a leading member axis.
"""

import functools
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

import jax
import jax.numpy as jnp
import numpy as np

from tenfold.engine.gathering import gather
from tenfold.engine.many_members import OverGroup
from tenfold.engine.network import Batch, Network, State
from tenfold.engine.rows import Geometry
from tenfold.engine.stop import Rules
from tenfold.engine.telemetry import SIGNS, Telemetry

__all__ = [
    "NONFINITE",
    "RAN",
    "STOPPED",
    "TELEMETRY",
    "Carry",
    "MemberInputs",
    "Plan",
    "first_carry",
]

RAN, STOPPED, NONFINITE = 0, 1, 2
"""Outcome of a member: trained to the end, stopped by a callback, frozen because its loss was not finite."""


TELEMETRY = "telemetry"
"""Name of the log that holds what the layers show, shape `(sign, layer)`, in the order of `SIGNS`."""


class MemberInputs(NamedTuple):
    """What one member reads during a dispatch.

    Attributes:
        order: Training rows, one line an epoch (a single line without shuffling), shape `(epoch, row)`.
        num_train: How many of a line are real.
        validation: Validation rows, shape `(row,)`.
        num_validation: How many of them are real.
        num_epochs: How many epochs it trains at most, counted from the call's epoch 0.
        settings: Traced settings by name, each of shape `()`.
        learning_rates: Learning rate of each epoch of the dispatch, or None where no schedule by epoch sets it.
    """

    order: Any
    num_train: Any
    validation: Any
    num_validation: Any
    num_epochs: Any
    settings: dict[str, Any]
    learning_rates: Any | None


class Carry(NamedTuple):
    """What one member takes from dispatch to dispatch.

    Attributes:
        state: Weights, seeds and optimizer slots.
        kept: Weights to restore at the end (trainable, frozen), or None where no rule restores any.
        kept_epoch: The epoch they come from.
        memory: Values of the rules.
        alive: Whether the member trains on.
        outcome: `RAN`, `STOPPED` or `NONFINITE`.
        epochs: Epochs trained so far.
    """

    state: State
    kept: tuple[list[Any], list[Any]] | None
    kept_epoch: Any
    memory: list[Any]
    alive: Any
    outcome: Any
    epochs: Any


@dataclass(frozen=True, eq=False)
class Plan:
    """The static part of a program.

    Attributes:
        network: The model as pure functions.
        rules: Callbacks that run inside.
        geometry: Sizes of steps.
        capacity: Epochs that one dispatch has room for.
        freeze_nonfinite: Freeze a member whose loss or weights stop being finite; False trains on, as Keras does.
        stop_on_nan: Stop within the epoch at a loss that is not finite (`TerminateOnNaN`).
        logs_learning_rate: Whether a callback that logs the learning rate is present.
        telemetry: What the layers are asked at the end of sampled epochs; None for nothing.
    """

    network: Network
    rules: Rules
    geometry: Geometry
    capacity: int
    freeze_nonfinite: bool
    stop_on_nan: bool
    logs_learning_rate: bool
    telemetry: Telemetry | None = None

    @property
    def signature(self) -> Hashable:
        """What two plans have in common when one compiled program serves both."""
        flags = (self.freeze_nonfinite, self.stop_on_nan, self.logs_learning_rate, self.telemetry)
        return (self.network.signature, self.rules.signature, self.geometry, self.capacity, flags)

    @functools.cached_property
    def logs(self) -> dict[str, Any]:
        """Shape and type of each log of an epoch, by name: Keras' own keys, then those of validation."""
        names: list[str] = []  # in Keras' order, which JAX would sort

        def results(metrics: list[Any]) -> dict[str, Any]:
            found = self.network.results(metrics)
            names.extend(found)
            return found

        shapes = jax.eval_shape(results, self.network.metric_start)
        logs = {name: shapes[name] for name in names}
        if self.geometry.validation_width:
            logs |= {f"val_{name}": log for name, log in logs.items()}
        if self.logs_learning_rate:
            logs["learning_rate"] = jax.eval_shape(lambda: jnp.zeros(()))
        if self.telemetry is not None:
            shape = (len(SIGNS), len(self.network.taps.layers))
            logs[TELEMETRY] = jax.ShapeDtypeStruct(shape, jnp.result_type(float))  # type: ignore[no-untyped-call]
        return logs


def first_carry(plan: Plan, state: State, dtype: Any) -> Carry:
    """A member's carry before its first epoch.

    Args:
        plan: The static part.
        state: The member's initial values.
        dtype: Type of the logged values.
    """
    zero = np.zeros((), np.int32)
    kept = (list(state.trainable), list(state.frozen)) if plan.rules.keeps_weights else None
    return Carry(state, kept, zero, plan.rules.start(dtype), np.bool_(1), zero, zero)


def run_group(
    plan: Plan, over: OverGroup, shared: tuple[Batch, Batch, Any, Any], members: MemberInputs, carry: Carry
) -> tuple[Carry, dict[str, Any]]:
    """Train one member, or members side by side, for some epochs.

    Args:
        plan: The static part.
        over: How a function of one member becomes one of these members.
        shared: The whole training data, the whole data that validation rows point into, the number of the first epoch
            of this dispatch counted from 0, and the epochs to train, at most `plan.capacity`.
        members: The members' rows and settings, with a leading member axis where they are side by side.
        carry: Where they stand.

    Returns:
        Where they stand then, and their logs by name with an `epoch` axis before the log's own; NaN for epochs that a
        member did not train.
    """
    data, held_out, first, count = shared
    group = jnp.shape(carry.alive)
    history = {
        name: jnp.full((*group, plan.capacity, *log.shape), jnp.nan, log.dtype) for name, log in plan.logs.items()
    }

    def another(loop: tuple[Any, Carry, dict[str, Any]]) -> Any:
        done, carry, _ = loop
        return (done < count) & jnp.any(carry.alive)

    def epoch(loop: tuple[Any, Carry, dict[str, Any]]) -> tuple[Any, Carry, dict[str, Any]]:
        done, carry, history = loop

        def of_member(member: MemberInputs, carry: Carry) -> tuple[Carry, dict[str, Any]]:
            after, logs = _one_epoch(plan, data, held_out, member, carry, first + done, done)
            if not group:
                return after, logs
            resting: tuple[Carry, dict[str, Any]] = (
                carry,
                {name: jnp.full_like(log, jnp.nan) for name, log in logs.items()},
            )
            return cast("tuple[Carry, dict[str, Any]]", _select(carry.alive, (after, logs), resting))

        carry, logs = over(of_member)(members, carry)
        history = {
            name: jax.lax.dynamic_update_index_in_dim(line, logs[name], done, axis=len(group))
            for name, line in history.items()
        }
        return done + 1, carry, history

    _, carry, history = jax.lax.while_loop(another, epoch, (jnp.int32(0), carry, history))
    return carry, history


def _one_epoch(
    plan: Plan, data: Batch, held_out: Batch, member: MemberInputs, carry: Carry, epoch: Any, done: Any
) -> tuple[Carry, dict[str, Any]]:
    network = plan.network
    start = _with_learning_rate(
        plan, carry.state, None if member.learning_rates is None else member.learning_rates[done]
    )
    order = member.order[jnp.minimum(done, member.order.shape[0] - 1)]
    state, metrics, went_nan = _train(plan, data, member, start, order)
    logs = network.results(metrics)
    if plan.geometry.validation_width:
        state, metrics = _validate(plan, held_out, member, state)
        validation = network.results(metrics)
        logs |= {f"val_{name}": value for name, value in validation.items()}
    rate = _learning_rate(plan, state)
    memory, decision = plan.rules.after_epoch(carry.memory, logs, epoch, rate)
    if plan.logs_learning_rate:
        logs["learning_rate"] = rate.astype(jnp.result_type(float))
    if plan.telemetry is not None:
        logs[TELEMETRY] = _signs(plan, plan.telemetry, data, member, state, order, epoch)
    finite = _is_finite(logs, state) if plan.freeze_nonfinite else jnp.bool_(1)
    state = state if not plan.rules.rules else _with_learning_rate(plan, state, decision.learning_rate)
    keep = decision.keep & finite
    diverged = ~finite | went_nan
    after = Carry(
        state=_select(finite, state, start) if plan.freeze_nonfinite else state,
        kept=None if carry.kept is None else _select(keep, (list(state.trainable), list(state.frozen)), carry.kept),
        kept_epoch=jnp.where(keep if plan.rules.keeps_weights else finite, epoch, carry.kept_epoch).astype(jnp.int32),
        memory=memory,
        alive=~(decision.stop | diverged) & (epoch + 1 < member.num_epochs),
        outcome=jnp.where(diverged, NONFINITE, jnp.where(decision.stop, STOPPED, RAN)).astype(jnp.int32),
        epochs=carry.epochs + 1,
    )
    return after, logs


def _signs(
    plan: Plan, telemetry: Telemetry, data: Batch, member: MemberInputs, state: State, order: Any, epoch: Any
) -> Any:
    """What the layers show after a sampled epoch, shape `(sign, layer)`: one log, because each costs an epoch's time.

    NaN after other epochs, where the branch not taken costs nothing.
    """
    network, geometry = plan.network, plan.geometry
    size = min(telemetry.num_rows, int(order.shape[0]))

    def measured() -> Any:
        real = _real(0, size, member.num_train) if geometry.masks_training else None
        signs = network.signs(state, member.settings, _gather(data, order[:size], real))
        return jnp.stack([signs[name] for name in SIGNS])

    nothing = plan.logs[TELEMETRY]
    return jax.lax.cond(epoch % telemetry.every == 0, measured, lambda: jnp.full(nothing.shape, jnp.nan, nothing.dtype))


def _train(plan: Plan, data: Batch, member: MemberInputs, state: State, order: Any) -> tuple[State, list[Any], Any]:
    """All training steps of an epoch: the state, the metric values, and whether a loss was NaN where that stops."""
    geometry, network = plan.geometry, plan.network

    def train_on(loop: tuple[State, list[Any], Any], rows: Any, real: Any | None) -> tuple[State, list[Any], Any]:
        state, metrics, went_nan = loop
        after, counted = network.train_step(state, metrics, member.settings, _gather(data, rows, real))
        if plan.stop_on_nan:
            after, counted = _select(~went_nan, (after, counted), (state, metrics))
            went_nan = went_nan | ~jnp.isfinite(network.results(counted)["loss"])
        return after, counted, went_nan

    def step(loop: tuple[State, list[Any], Any], number: Any) -> tuple[tuple[State, list[Any], Any], None]:
        first = number * geometry.batch_size
        rows = jax.lax.dynamic_slice_in_dim(order, first, geometry.batch_size)
        real = _real(first, geometry.batch_size, member.num_train) if geometry.masks_training else None
        if not geometry.ragged:
            return train_on(loop, rows, real), None
        after = jax.lax.cond(first < member.num_train, lambda: train_on(loop, rows, real), lambda: loop)
        return after, None

    loop = (state, list(network.metric_start), jnp.bool_(0))
    loop = _scan(step, loop, geometry.num_steps)
    if geometry.partial_rows:
        loop = train_on(loop, order[geometry.num_steps * geometry.batch_size :], None)
    return loop


def _validate(plan: Plan, held_out: Batch, member: MemberInputs, state: State) -> tuple[State, list[Any]]:
    """State and metric values after all validation rows."""
    geometry, network = plan.geometry, plan.network
    size, moves = geometry.validation_batch_size, network.validation_moves_state

    def validate_on(loop: tuple[list[Any], list[Any]], rows: Any, real: Any | None) -> tuple[list[Any], list[Any]]:
        frozen, metrics = loop
        before = state._replace(frozen=frozen) if moves else state
        after, metrics = network.validation_step(before, metrics, member.settings, _gather(held_out, rows, real))
        return after.frozen if moves else [], metrics

    def step(loop: tuple[list[Any], list[Any]], number: Any) -> tuple[tuple[list[Any], list[Any]], None]:
        first = number * size
        rows = jax.lax.dynamic_slice_in_dim(member.validation, first, size)
        real = _real(first, size, member.num_validation) if geometry.masks_validation else None
        if not (moves and geometry.masks_validation):
            return validate_on(loop, rows, real), None
        counts = first < member.num_validation
        return jax.lax.cond(counts, lambda: validate_on(loop, rows, real), lambda: loop), None

    loop = (list(state.frozen) if moves else [], list(network.metric_start))
    loop = _scan(step, loop, geometry.num_validation_steps)
    if geometry.validation_partial_rows:
        loop = validate_on(loop, member.validation[geometry.num_validation_steps * size :], None)
    frozen, metrics = loop
    return state._replace(frozen=frozen) if moves else state, metrics


def _scan(step: Callable[[Any, Any], tuple[Any, None]], start: Any, count: int) -> Any:
    """`lax.scan` over step numbers; a single step is called directly, which compiles faster."""
    if count == 0:
        return start
    if count == 1:
        return step(start, jnp.int32(0))[0]
    return jax.lax.scan(step, start, jnp.arange(count, dtype=jnp.int32))[0]


def _gather(data: Batch, rows: Any, real: Any | None) -> Batch:
    batch: Batch = gather(data, rows)
    return batch._replace(real=real)


def _real(first: Any, size: int, count: Any) -> Any:
    """1 for rows of the batch that are real, 0 for padding, in the type of the losses."""
    return (first + jnp.arange(size, dtype=jnp.int32) < count).astype(jnp.result_type(float))


def _select(condition: Any, new: Any, old: Any) -> Any:
    return jax.tree.map(lambda one, other: jnp.where(condition, one, other), new, old)


def _is_finite(logs: dict[str, Any], state: State) -> Any:
    """Whether an epoch's losses and the weights after it are finite, as one operation: each costs compiling."""
    losses = [logs[name] for name in ("loss", "val_loss") if name in logs]
    numbers = [jnp.ravel(jnp.asarray(one, jnp.result_type(float))) for one in [*losses, *state.trainable]]
    return jnp.all(jnp.isfinite(jnp.concatenate(numbers)))


def _learning_rate(plan: Plan, state: State) -> Any:
    position = plan.network.learning_rate_position
    return jnp.zeros(()) if position is None else state.optimizer[position]


def _with_learning_rate(plan: Plan, state: State, rate: Any | None) -> State:
    position = plan.network.learning_rate_position
    if rate is None or position is None:
        return state
    optimizer = list(state.optimizer)
    optimizer[position] = jnp.asarray(rate, optimizer[position].dtype)
    return state._replace(optimizer=optimizer)
