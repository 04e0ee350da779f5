"""The members of a call, sorted into waves and trained one wave after another.

Members share a wave when their rows fit one geometry; a wave is as large as memory allows. Before a long training the
mode is measured (`modes.py`); after each dispatch the listener is told and stopped members are packed away.
"""

import dataclasses
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import jax
import keras
import numpy as np
from jaxtyping import Int

from tenfold.engine import memory, modes
from tenfold.engine.arrays import Placement
from tenfold.engine.devices import devices_for
from tenfold.engine.member import Member
from tenfold.engine.network import Batch, Network, State
from tenfold.engine.program import NONFINITE, RAN, STOPPED, TELEMETRY, Carry, Plan
from tenfold.engine.rows import Geometry, RowOrder
from tenfold.engine.stop import SET_LEARNING_RATE, to_rules
from tenfold.engine.telemetry import SIGNS, Telemetry
from tenfold.engine.waves import SECONDS_A_DISPATCH, WaveRun, mean_of_living, roomy
from tenfold.errors import OptionError
from tenfold.progress import ProgressListener, TrainingProgress

__all__ = ["OUTCOMES", "Options", "Trained", "Training", "check_seeds", "make_plan"]

OUTCOMES = {RAN: "ran", STOPPED: "stopped_early", NONFINITE: "nonfinite_loss"}
"""What a member's outcome is called: trained to the end, stopped by a callback, frozen at a loss that was not
finite."""

_ORDER_BYTES = 64 * 2**20
"""Room for the orders of rows of one dispatch, in bytes. Arbitrary."""

_VALIDATION_ROWS = 256
"""Rows of a validation step where the result does not depend on it; at least the batch size. Arbitrary."""

_PROBE_SECONDS = 10.0
"""Trainings expected to take longer are worth a probe of the mode. Arbitrary: several times what compiling costs."""

_MULTIPLY_ADDS_A_SECOND = 25e9
"""A cautious rate of one core, to tell long trainings from short ones before anything has run."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """How the members of a call are trained; the same for all of them.

    Attributes:
        epochs: Number of the epoch to stop before, counted from 0.
        initial_epoch: Number of the first epoch.
        batch_size: Rows of a training step.
        callbacks: Keras callbacks that run on the device.
        shuffle: True, False or `"batch"`, as in `Model.fit`.
        seed: Seed of the call; None draws the order of rows from NumPy's global generator.
        mode: `"auto"`, `"vmap"` or `"map"`.
        freeze_nonfinite: Freeze members whose loss is not finite.
        room: Members that a program has room for, if that is more than there are: a smaller population then finds the
            program of a larger one.
        progress: Listener for `TrainingProgress`.
        telemetry: What layers are asked while they train; None for nothing.
    """

    epochs: int
    batch_size: int
    initial_epoch: int = 0
    callbacks: Sequence[Any] = ()
    shuffle: bool | str = True
    seed: int | None = 0
    mode: str = "auto"
    freeze_nonfinite: bool = True
    room: int = 0
    progress: ProgressListener | None = None
    telemetry: Telemetry | None = None

    def __post_init__(self) -> None:
        modes.check_mode(self.mode)
        for name in ("epochs", "batch_size"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 1:
                raise OptionError(name, f"`{name}` must be a whole number of at least 1", received=repr(value))
        if self.seed is not None:
            check_seeds(self.seed)


def check_seeds(*seeds: Any) -> None:
    """Refuse what no stream of random numbers can start from.

    Raises:
        OptionError: Not a whole number of at least 0.
    """
    for seed in seeds:
        if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or seed < 0:
            raise OptionError("seed", "A seed must be a whole number of at least 0", received=repr(seed))


@dataclass(frozen=True)
class Trained:
    """What a training leaves behind, in the order of the members.

    Attributes:
        history: Logs by Keras' names, shape `(member, epoch)`; NaN after a member stopped.
        signs: What the watched layers showed, by `telemetry.SIGNS`, shape `(member, epoch, layer)`; NaN after epochs
            that were not sampled; empty without telemetry.
        epochs_trained: Epochs of each member.
        best_epochs: The epoch, counted from 0, whose weights each member has.
        outcomes: `"ran"`, `"stopped_early"` or `"nonfinite_loss"` for each member.
        keeps_best_epochs: Whether a callback restored the weights of each member's best epoch.
        states: The members' final states, with a leading member axis.
        mode: `"vmap"` or `"map"`, as it was run.
        compile_seconds: Spent on compiling.
        run_seconds: Spent in compiled programs.
        num_programs: Programs compiled in this call.
        num_waves: Waves that the members were trained in.
    """

    history: dict[str, np.ndarray]
    signs: dict[str, np.ndarray]
    epochs_trained: Int[np.ndarray, " member"]
    best_epochs: Int[np.ndarray, " member"]
    outcomes: list[str]
    keeps_best_epochs: bool
    states: State
    mode: str
    compile_seconds: float
    run_seconds: float
    num_programs: int
    num_waves: int


class Training:
    """Members of a call, sorted by geometry into waves and trained one wave after another."""

    def __init__(
        self,
        network: Network,
        states: Callable[[], State],
        members: list[Member],
        data: Batch,
        held_out: Batch,
        options: Options,
    ) -> None:
        self.network, self.states, self.members = network, states, members
        self.data, self.held_out, self.options = data, held_out, options
        self.started = time.perf_counter()
        self.carries: dict[int, Carry] = {}
        self.lines: dict[str, np.ndarray] = {}
        self.compile_seconds = self.run_seconds = 0.0
        self.num_programs = self.num_waves = 0
        self.widths: set[int] = set()

    def run(self) -> Trained:
        """Train everything."""
        for group in self._groups():
            for wave in self._waves(group):
                self._train(wave)
        carries = [self.carries[member] for member in range(len(self.members))]
        states = [_final_state(self.network, carry) for carry in carries]
        return Trained(
            history={name: line for name, line in self.lines.items() if name != TELEMETRY},
            signs={name: self.lines[TELEMETRY][:, :, place] for place, name in enumerate(SIGNS)}
            if TELEMETRY in self.lines
            else {},
            epochs_trained=np.array([int(carry.epochs) for carry in carries]),
            best_epochs=np.array([int(carry.kept_epoch) for carry in carries]),
            outcomes=[OUTCOMES[int(carry.outcome)] for carry in carries],
            keeps_best_epochs=any(carry.kept is not None for carry in carries),
            states=jax.tree.map(lambda *leaves: np.stack(leaves), *states),
            mode="map" if self.widths == {1} else "vmap",
            compile_seconds=self.compile_seconds,
            run_seconds=self.run_seconds,
            num_programs=self.num_programs,
            num_waves=self.num_waves,
        )

    def _groups(self) -> list[list[int]]:
        """Members that fit one geometry: all, or those with equal numbers of rows where nothing may be padded."""
        groups: dict[tuple[int, int], list[int]] = {}
        for number, member in enumerate(self.members):
            train = 0 if self.network.pads_training else len(member.train_rows)
            rows = len(member.validation_rows)
            validation = min(rows, 1) if self.network.pads_validation else rows
            groups.setdefault((train, validation), []).append(number)
        return list(groups.values())

    def _waves(self, group: list[int]) -> list[list[int]]:
        """As many members at a time as fit into memory."""
        keeps = any(getattr(callback, "restore_best_weights", False) for callback in self.options.callbacks)
        each = memory.member_bytes(self.network.state_shapes(), keeps_weights=keeps)
        running = memory.step_bytes(self.network, self.options.batch_size)
        side_by_side = len(devices_for(len(group)))
        size = memory.members_per_wave(len(group), each, running, side_by_side, memory.budget_bytes())
        return [group[start : start + size] for start in range(0, len(group), size)]

    def compile_ahead(self) -> None:
        """Begin to compile the programs in the background, where their shape can be told without running anything."""
        for group in self._groups():
            for numbers in self._waves(group)[:1]:
                plan, devices, room = self._shape(numbers)
                if not self._needs_probe(plan, room, len(devices)):
                    self._wave(numbers, plan, devices, room).compile_ahead()

    def _train(self, numbers: list[int]) -> None:
        wave = self._wave(numbers, *self._shape(numbers))
        self.widths.add(wave.seats.width)
        self._run_wave(wave, numbers)
        self.num_waves += 1
        self.compile_seconds += wave.compile_seconds
        self.run_seconds += wave.run_seconds
        self.num_programs += wave.num_programs
        self.carries |= dict(zip(numbers, wave.all_carries(), strict=True))

    def _shape(self, numbers: list[int]) -> tuple[Plan, list[Any], int]:
        """The static part of a wave, its devices, and the members it has room for."""
        plan, devices = self._plan([self.members[number] for number in numbers]), devices_for(len(numbers))
        room = roomy(max(self.options.room, len(numbers)), len(devices)) if self.options.room else len(numbers)
        return plan, devices, room

    def _wave(self, numbers: list[int], plan: Plan, devices: list[Any], room: int) -> WaveRun:
        members = [self.members[number] for number in numbers]
        data = Placement(self.data, devices)
        return WaveRun(
            plan, members, self._states_of(numbers), data,
            data if self.held_out is self.data else Placement(self.held_out, devices),
            devices=devices, width=self._width(plan, room, len(devices)), callbacks=self.options.callbacks,
            first_epoch=self.options.initial_epoch, room=room,
            order=RowOrder(members, plan.geometry, self.options.seed, shuffle=self.options.shuffle),
        )  # fmt: skip

    def _run_wave(self, wave: WaveRun, numbers: list[int]) -> None:
        last, count = self.options.epochs, 1
        while wave.epoch < last and wave.alive.any():
            count = min(count, wave.plan.capacity, last - wave.epoch)
            before, start = wave.run_seconds, wave.epoch
            logs = wave.dispatch(count)
            self._note(logs, numbers, start)
            self._tell(wave, logs)
            seconds_an_epoch = (wave.run_seconds - before) / count
            count = max(1, min(int(SECONDS_A_DISPATCH / max(seconds_an_epoch, 1e-9)), 10 * count))
            wave.pack(last - wave.epoch, seconds_an_epoch)

    def _note(self, logs: dict[str, np.ndarray], numbers: list[int], start: int) -> None:
        first = start - self.options.initial_epoch
        total = self.options.epochs - self.options.initial_epoch
        for name, line in logs.items():
            if name not in self.lines:
                self.lines[name] = np.full((len(self.members), total, *line.shape[2:]), np.nan, line.dtype)
            self.lines[name][np.array(numbers), first : first + line.shape[1]] = line

    def _tell(self, wave: WaveRun, logs: dict[str, np.ndarray]) -> None:
        if self.options.progress is None:
            return
        outcomes = [int(carry.outcome) for carry in self.carries.values()]
        outcomes += [int(wave.outcome_of(int(member))) for member in np.flatnonzero(~wave.alive)]
        loss = mean_of_living(logs, "loss")
        self.options.progress(
            TrainingProgress(
                epoch=wave.epoch,
                epochs=self.options.epochs,
                loss=float("nan") if loss is None else loss,
                validation_loss=mean_of_living(logs, "val_loss"),
                num_training=int(wave.alive.sum()),
                num_stopped=outcomes.count(STOPPED),
                num_nonfinite=outcomes.count(NONFINITE),
                num_members=len(self.members),
                seconds=time.perf_counter() - self.started,
            )
        )

    def _states_of(self, numbers: list[int]) -> Callable[[], State]:
        return lambda: jax.tree.map(lambda leaf: leaf[np.array(numbers)], self.states())

    def _plan(self, members: Sequence[Member]) -> Plan:
        return make_plan(self.network, members, self.options)

    def _width(self, plan: Plan, num_members: int, num_devices: int) -> int:
        """Members side by side, as the mode says."""
        each = -(-num_members // num_devices)
        if self.options.mode == "map" or each == 1:
            return 1
        if self.options.mode == "vmap":
            return modes.widest(each)
        rule = modes.rule_of_thumb(self.network, plan.geometry, each)
        if not self._is_long(plan, num_members):
            return rule
        key = modes.key_of(self.network, plan.geometry, each, num_devices)
        width = modes.recall_width(key)
        if width is None:
            width = self._probe(plan, num_members, num_devices, sorted({1, rule, modes.widest(each)}))
            modes.remember_width(key, width)
        return width

    def _needs_probe(self, plan: Plan, num_members: int, num_devices: int) -> bool:
        """Whether the width is measured when it is asked for."""
        each = -(-num_members // num_devices)
        if self.options.mode != "auto" or each == 1 or not self._is_long(plan, num_members):
            return False
        return modes.recall_width(modes.key_of(self.network, plan.geometry, each, num_devices)) is None

    def _is_long(self, plan: Plan, num_members: int) -> bool:
        """Whether the training is so long, and its best width so open, that measuring pays."""
        is_open = modes.is_open(self.network, plan.geometry)
        return is_open and self._expected_seconds(plan, num_members) >= _PROBE_SECONDS

    def _expected_seconds(self, plan: Plan, num_members: int) -> float:
        """A rough length of the training, to decide whether a probe pays."""
        forward = self.network.num_parameters * plan.geometry.batch_size * plan.geometry.num_steps
        return 3 * forward * self.options.epochs * num_members / _MULTIPLY_ADDS_A_SECOND

    def _probe(self, plan: Plan, num_members: int, num_devices: int, widths: list[int]) -> int:
        """The width whose program takes the shortest time for an epoch of the first members."""
        count = min(len(self.members), num_members, num_devices * max(widths))  # there may be more room than members
        numbers = np.arange(count)
        members = [self.members[number] for number in numbers]
        devices = devices_for(count)
        data = Placement(self.data, devices)
        held_out = data if self.held_out is self.data else Placement(self.held_out, devices)
        seconds = {}
        for width in widths:
            order = RowOrder(members, plan.geometry, 0, shuffle=self.options.shuffle)
            states = self._states_of(list(numbers))
            wave = WaveRun(plan, members, states, data, held_out, devices=devices, width=width, order=order)
            wave.dispatch(1)
            before = wave.run_seconds
            wave.dispatch(1)
            seconds[width] = wave.run_seconds - before
            self.compile_seconds += wave.compile_seconds
            self.num_programs += wave.num_programs
        return min(seconds, key=lambda width: seconds[width])


def make_plan(network: Network, members: Sequence[Member], options: Options) -> Plan:
    """The static part of the program for these members."""
    validation_size = max(options.batch_size, min(_VALIDATION_ROWS, max(len(m.validation_rows) for m in members)))
    geometry = Geometry.of(
        [len(member.train_rows) for member in members],
        [len(member.validation_rows) for member in members],
        batch_size=options.batch_size,
        validation_batch_size=options.batch_size if network.validation_keeps_batches else validation_size,
        pads_training=network.pads_training,
        pads_validation=network.pads_validation,
    )
    room = _ORDER_BYTES // max(1, 4 * len(members) * geometry.train_width)
    capacity = max(1, min(options.epochs - options.initial_epoch, room))
    logs_rate = any(type(one) in SET_LEARNING_RATE for one in options.callbacks)
    if logs_rate and network.learning_rate_position is None:
        raise OptionError(
            "learning_rate_schedule",
            "A callback sets the learning rate, but the optimizer follows a schedule of its own",
            hint="give the optimizer a number as `learning_rate`, or leave the callback out",
        )
    plan = Plan(
        network=network,
        rules=to_rules([], network.model, []),
        geometry=geometry,
        capacity=capacity,
        freeze_nonfinite=options.freeze_nonfinite,
        stop_on_nan=any(isinstance(one, keras.callbacks.TerminateOnNaN) for one in options.callbacks),
        logs_learning_rate=logs_rate,
        telemetry=None if network.follows_keras else options.telemetry,
    )
    return dataclasses.replace(
        plan,
        rules=to_rules(options.callbacks, network.model, [name for name in plan.logs if name != TELEMETRY]),
    )


def _final_state(network: Network, carry: Carry) -> State:
    """Where a member ends: with the weights that a callback restores, if one does, else those of the last epoch."""
    if carry.kept is not None:
        return network.with_weights(carry.state, *carry.kept)
    return network.with_averages(carry.state)
