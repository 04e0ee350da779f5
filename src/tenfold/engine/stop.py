"""Callbacks that run inside the program, for each member: early stopping, learning rate on plateau, schedules by epoch.

Each Keras callback becomes a *rule*: a start value and one pure function of the epoch's logs. The arithmetic follows
`keras.src.callbacks` (3.15), so that patience, best weights and learning rates are exactly those of a lone `Model.fit`.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import jax.numpy as jnp
import keras
import numpy as np
from jaxtyping import Float

from tenfold.errors import OptionError

__all__ = [
    "SET_LEARNING_RATE",
    "Decision",
    "Rule",
    "Rules",
    "learning_rates_by_epoch",
    "report_back",
    "runs_on_device",
    "to_rules",
]

ON_DEVICE = (
    keras.callbacks.EarlyStopping,
    keras.callbacks.ReduceLROnPlateau,
    keras.callbacks.LearningRateScheduler,
    keras.callbacks.TerminateOnNaN,
)

SET_LEARNING_RATE = {keras.callbacks.ReduceLROnPlateau, keras.callbacks.LearningRateScheduler}
"""Callbacks that set the learning rate; only one of the two kinds can, because a schedule is laid out in advance."""


class Decision(NamedTuple):
    """What a rule wants after an epoch, one value each of shape `()`.

    Attributes:
        stop: Train no further.
        keep: The weights of this epoch are the ones to keep.
        learning_rate: For the next epoch.
    """

    stop: Any
    keep: Any
    learning_rate: Any


class Rule(Protocol):
    """One callback as a pure function."""

    callback: Any
    monitor: "Monitor"
    keeps_weights: bool

    def start(self, dtype: Any) -> Any:
        """Values before the first epoch."""

    def after_epoch(self, memory: Any, logs: Mapping[str, Any], epoch: Any, learning_rate: Any) -> tuple[Any, Decision]:
        """Values after an epoch and what follows from it."""


def report_back(rules: "Rules", memory: Sequence[Any], model: Any, best_weights: list[Any] | None) -> None:
    """Leave the callbacks as Keras would: best value, epoch and waiting time, and the best weights restored.

    Args:
        rules: The rules of the call.
        memory: Their values after training, as NumPy arrays.
        model: The trained model; its weights are those of the last epoch.
        best_weights: Weights that a callback kept, in the order of `model.get_weights()`; None without any.
    """
    for rule, own in zip(rules.rules, memory, strict=True):
        callback = rule.callback
        callback.set_model(model)
        callback.best, callback.wait = float(own.best) if own.has_best else None, int(own.wait)
        if isinstance(own, EarlyStoppingMemory):
            callback.stopped_epoch, callback.best_epoch = int(own.stopped_epoch), int(own.best_epoch)
            callback.best_weights = best_weights if own.kept and rule.keeps_weights else None
            callback.on_train_end()
        else:
            callback.cooldown_counter = int(own.cooldown)


def runs_on_device(callback: Any) -> bool:
    """Whether this very callback, not a subclass with other behaviour, has a rule.

    One that is to raise an error has none: a compiled program raises nothing.
    """
    return type(callback) in ON_DEVICE and not getattr(callback, "raise_error", False)


class Rules(NamedTuple):
    """The rules of a call, applied in the order of its callbacks."""

    rules: tuple[Rule, ...]

    @property
    def keeps_weights(self) -> bool:
        """Whether any rule restores the weights of an earlier epoch."""
        return any(rule.keeps_weights for rule in self.rules)

    @property
    def signature(self) -> Hashable:
        """What two sets of rules have in common when one compiled program serves both."""
        return tuple((type(rule).__name__, rule.monitor, *_numbers(rule.callback)) for rule in self.rules)

    def start(self, dtype: Any) -> list[Any]:
        """Values of all rules before the first epoch."""
        return [rule.start(dtype) for rule in self.rules]

    def after_epoch(
        self, memory: Sequence[Any], logs: Mapping[str, Any], epoch: Any, learning_rate: Any
    ) -> tuple[list[Any], Decision]:
        """All rules in turn; a later rule sees the learning rate that an earlier one has set.

        Of several rules that restore weights the last one decides, as the last callback does at the end of `fit`.
        """
        stop, keep, after = jnp.bool_(0), jnp.bool_(0), []
        for rule, before in zip(self.rules, memory, strict=True):
            own, decision = rule.after_epoch(before, logs, epoch, learning_rate)
            after.append(own)
            stop, learning_rate = stop | decision.stop, decision.learning_rate
            keep = decision.keep if rule.keeps_weights else keep
        return after, Decision(stop, keep, learning_rate)


class EarlyStoppingMemory(NamedTuple):
    best: Any
    has_best: Any
    wait: Any
    kept: Any
    best_epoch: Any
    stopped_epoch: Any


class EarlyStoppingRule:
    """`keras.callbacks.EarlyStopping`."""

    def __init__(self, callback: Any, monitor: "Monitor") -> None:
        self.callback, self.monitor = callback, monitor
        self.keeps_weights = bool(callback.restore_best_weights)

    def start(self, dtype: Any) -> EarlyStoppingMemory:
        zero, no = np.zeros((), np.int32), np.bool_(0)
        return EarlyStoppingMemory(np.zeros((), dtype), no, zero, no, zero, zero)

    def after_epoch(
        self, memory: EarlyStoppingMemory, logs: Mapping[str, Any], epoch: Any, learning_rate: Any
    ) -> tuple[EarlyStoppingMemory, Decision]:
        current, callback = logs[self.monitor.name], self.callback
        counts = epoch >= callback.start_from_epoch
        better = ~memory.has_best | self.monitor.improves(current, memory.best)
        beats_baseline = (
            jnp.bool_(1) if callback.baseline is None else self.monitor.improves(current, callback.baseline)
        )
        wait = jnp.where(better & beats_baseline, 0, memory.wait + 1)
        stop = ~better & (wait >= callback.patience) & (epoch > 0)
        keep = better | ~memory.kept
        after = EarlyStoppingMemory(
            best=jnp.where(better, current, memory.best),
            has_best=memory.has_best | better,
            wait=wait.astype(jnp.int32),
            kept=jnp.bool_(1),
            best_epoch=jnp.where(keep, epoch, memory.best_epoch).astype(jnp.int32),
            stopped_epoch=jnp.where(stop, epoch, memory.stopped_epoch).astype(jnp.int32),
        )
        after = EarlyStoppingMemory(*(jnp.where(counts, new, old) for new, old in zip(after, memory, strict=True)))
        return after, Decision(stop & counts, keep | ~counts, learning_rate)  # before it counts, the last weights stay


class PlateauMemory(NamedTuple):
    best: Any
    has_best: Any
    wait: Any
    cooldown: Any


class PlateauRule:
    """`keras.callbacks.ReduceLROnPlateau`."""

    keeps_weights = False

    def __init__(self, callback: Any, monitor: "Monitor") -> None:
        self.callback, self.monitor = callback, monitor

    def start(self, dtype: Any) -> PlateauMemory:
        zero = np.zeros((), np.int32)
        return PlateauMemory(np.zeros((), dtype), np.bool_(0), zero, zero)

    def after_epoch(
        self, memory: PlateauMemory, logs: Mapping[str, Any], epoch: Any, learning_rate: Any
    ) -> tuple[PlateauMemory, Decision]:
        del epoch
        current, callback = logs[self.monitor.name], self.callback
        was_cooling = memory.cooldown > 0
        cooldown = jnp.where(was_cooling, memory.cooldown - 1, memory.cooldown)
        better = ~memory.has_best | self.monitor.improves(current, memory.best)
        still_cooling = cooldown > 0
        wait = jnp.where(was_cooling | better, 0, memory.wait)
        wait = jnp.where(~better & ~still_cooling, wait + 1, wait)
        reduce = ~better & ~still_cooling & (wait >= callback.patience)
        reduce = reduce & (learning_rate > float(np.float32(callback.min_lr)))
        lower = jnp.maximum(learning_rate * callback.factor, callback.min_lr).astype(learning_rate.dtype)
        after = PlateauMemory(
            best=jnp.where(better, current, memory.best),
            has_best=memory.has_best | better,
            wait=jnp.where(reduce, 0, wait).astype(jnp.int32),
            cooldown=jnp.where(reduce, callback.cooldown, cooldown).astype(jnp.int32),
        )
        return after, Decision(jnp.bool_(0), jnp.bool_(0), jnp.where(reduce, lower, learning_rate))


class Monitor(NamedTuple):
    """The quantity a rule watches, and in which direction it improves.

    Attributes:
        name: Key of the logs, such as `val_loss`.
        rises: Whether larger is better.
        min_delta: Smallest change that counts, in the quantity's own unit.
    """

    name: str
    rises: bool
    min_delta: float

    def improves(self, current: Any, best: Any) -> Any:
        """Whether `current` is better than `best` by more than `min_delta`; never for NaN."""
        return current - self.min_delta > best if self.rises else current + self.min_delta < best


def _numbers(callback: Any) -> tuple[Any, ...]:
    """The numbers of a callback that its rule reads."""
    names = ("patience", "baseline", "restore_best_weights", "start_from_epoch", "factor", "min_lr", "cooldown")
    return tuple(getattr(callback, name, None) for name in names)


def to_rules(callbacks: Sequence[Any], model: Any, log_names: Sequence[str]) -> Rules:
    """Rules for callbacks that run on the device.

    Args:
        callbacks: Keras callbacks, all with a rule (`runs_on_device`).
        model: The built model, for the direction of its metrics.
        log_names: Keys that the logs will have.

    Raises:
        OptionError: A callback watches a quantity that is not logged.
    """
    rules: list[Rule] = []
    for callback in callbacks:
        if isinstance(callback, keras.callbacks.EarlyStopping):
            rules.append(EarlyStoppingRule(callback, _monitor(callback, model, log_names)))
        elif isinstance(callback, keras.callbacks.ReduceLROnPlateau):
            rules.append(PlateauRule(callback, _monitor(callback, model, log_names)))
    return Rules(tuple(rules))


def learning_rates_by_epoch(
    callbacks: Sequence[Any], start: Float[np.ndarray, " member"], epochs: range
) -> Float[np.ndarray, "member epoch"] | None:
    """Learning rates of every epoch where a `LearningRateScheduler` sets them; None without one.

    Args:
        callbacks: The call's callbacks.
        start: Learning rate of each member before training.
        epochs: The epochs to come.
    """
    schedulers = [one for one in callbacks if isinstance(one, keras.callbacks.LearningRateScheduler)]
    if not schedulers:
        return None
    rates = np.zeros((len(start), len(epochs)), start.dtype)
    for member, before in enumerate(start):
        rate = before
        for position, epoch in enumerate(epochs):
            for scheduler in schedulers:
                rate = start.dtype.type(_scheduled(scheduler, epoch, float(rate)))
            rates[member, position] = rate
    return rates


def _scheduled(scheduler: Any, epoch: int, rate: float) -> float:
    try:
        return float(scheduler.schedule(epoch, rate))
    except TypeError:  # Keras' own fallback: a schedule of the epoch alone
        return float(scheduler.schedule(epoch))


def _monitor(callback: Any, model: Any, log_names: Sequence[str]) -> Monitor:
    if callback.monitor not in log_names:
        raise OptionError(
            "unknown_monitor",
            f"`{type(callback).__name__}` watches `{callback.monitor}`, which this training does not log",
            expected=f"one of {', '.join(log_names)}",
            hint="hold out validation rows, or choose another `monitor`",
        )
    callback.set_model(model)
    callback.min_delta = abs(callback.min_delta)  # Keras flips its sign each time the direction is set
    try:
        callback._set_monitor_op()
    except ValueError as error:
        raise OptionError("monitor_direction", str(error), hint="pass mode='min' or mode='max'") from error
    return Monitor(callback.monitor, callback.monitor_op is keras.ops.greater, abs(callback.min_delta))
