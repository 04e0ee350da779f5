"""A wave under way: members trained together, dispatch by dispatch.

The host's part of training is small: draw the order of rows for the next epochs, call the compiled program, read back
the logs and who still trains. Between two dispatches members that have stopped are packed away, so that they cost
nothing: they leave the wave, the others move together over groups and devices, and where it pays the wave goes on as a
smaller program. None of this touches a member's numbers.
"""

import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import jax
import numpy as np
from jaxtyping import Bool, Int

from tenfold.engine.arrays import Placement
from tenfold.engine.devices import member_sharding
from tenfold.engine.member import Member
from tenfold.engine.network import State
from tenfold.engine.program import Carry, MemberInputs, Plan, first_carry
from tenfold.engine.programs import PROGRAMS
from tenfold.engine.rows import RowOrder, fill_lines
from tenfold.engine.settings import LEARNING_RATE, find_settings
from tenfold.engine.stop import learning_rates_by_epoch
from tenfold.engine.wave_program import TracedWave, Wave, trace_wave

__all__ = ["SECONDS_A_DISPATCH", "MemberTable", "WaveRun", "mean_of_living", "roomy"]

SECONDS_A_DISPATCH = 0.5
"""Aim for the length of a dispatch: short enough for a live display and for Ctrl-C. Arbitrary."""

_ALL_EPOCHS = np.iinfo(np.int32).max
"""More than any call has."""


class MemberTable(NamedTuple):
    """What does not change while members train, a line a member.

    Attributes:
        num_train: Training rows.
        validation: Validation rows, padded.
        num_validation: How many of them are real.
        num_epochs: Epochs that it trains at most.
        settings: Traced settings by name.
        learning_rate: Learning rates before training.
    """

    num_train: Int[np.ndarray, " member"]
    validation: Int[np.ndarray, "member row"]
    num_validation: Int[np.ndarray, " member"]
    num_epochs: Int[np.ndarray, " member"]
    settings: dict[str, np.ndarray]
    learning_rate: np.ndarray

    @classmethod
    def of(cls, plan: Plan, members: Sequence[Member]) -> "MemberTable":
        """The lines of these members."""
        names, kind = plan.network.traced, np.dtype(jax.numpy.result_type(float))
        current = find_settings(plan.network.model)
        rates = np.array(
            [member.settings.get(LEARNING_RATE, current.get(LEARNING_RATE, 0.0)) for member in members], kind
        )
        return cls(
            np.array([len(member.train_rows) for member in members], np.int32),
            fill_lines([member.validation_rows for member in members], plan.geometry.validation_width),
            np.array([len(member.validation_rows) for member in members], np.int32),
            np.array([_ALL_EPOCHS if one.epochs is None else one.epochs for one in members], np.int32),
            {name: np.array([member.settings.get(name, current[name]) for member in members], kind) for name in names},
            rates,
        )


@dataclass
class _Seats:
    """Which member sits where in the wave; -1 for an empty seat."""

    members: Int[np.ndarray, " member"]
    num_devices: int
    width: int

    @classmethod
    def for_members(cls, members: Sequence[int], num_devices: int, width: int, size: int | None = None) -> "_Seats":
        """Members dealt over devices, so that each device has as many of them as the others."""
        per_device = -(-len(members) // num_devices)
        seats_a_device = -(-per_device // width) * width if size is None else size // num_devices
        seats = np.full((num_devices, seats_a_device), -1)
        for number, member in enumerate(members):
            seats[number % num_devices, number // num_devices] = member
        return cls(seats.reshape(-1), num_devices, width)

    @property
    def size(self) -> int:
        return len(self.members)

    def groups_at_work(self, alive: Bool[np.ndarray, " member"]) -> int:
        """The largest number of groups on one device with a member that still trains: what an epoch costs."""
        at_work = (self.members >= 0) & alive[self.members]
        return int(at_work.reshape(self.num_devices, -1, self.width).any(axis=2).sum(axis=1).max())


class WaveRun:
    """Members of one geometry in training.

    Args:
        plan: The static part of their program.
        members: The members; each has rows and settings.
        start: Gives their initial states, with a leading member axis; called after the program is compiled.
        data: Training data on their way to the devices.
        held_out: Data that validation rows point into, likewise.
        devices: Devices that share the members.
        width: Members side by side on a device.
        order: The members' orders of rows.
        callbacks: The call's callbacks, for learning rates by epoch.
        first_epoch: Number of the first epoch.
        room: Members that the program has seats for, at least as many as there are; empty ones cost no training.

    Attributes:
        epoch: Number of the next epoch.
        alive: Members that train on.
        compile_seconds: Spent on compiling, so far.
        run_seconds: Spent in programs, so far.
        num_programs: Programs that were compiled for this wave.
        repacked: How often members were moved together.
    """

    def __init__(
        self,
        plan: Plan,
        members: Sequence[Member],
        start: Callable[[], State],
        data: Placement,
        held_out: Placement,
        *,
        devices: Sequence[Any],
        width: int,
        order: RowOrder,
        callbacks: Sequence[Any] = (),
        first_epoch: int = 0,
        room: int = 0,
    ) -> None:
        self.plan, self.members, self.data, self.held_out = plan, members, data, held_out
        self.devices, self.order, self.callbacks = list(devices), order, callbacks
        self.table = MemberTable.of(plan, members)
        self.rates = self.table.learning_rate
        self.alive = np.ones(len(members), bool)
        self.epoch = self.first_epoch = first_epoch
        self.finished: dict[int, Carry] = {}
        self.compile_seconds = self.run_seconds = 0.0
        self.num_programs = self.repacked = 0
        size = _Seats.for_members(range(max(room, len(members))), len(self.devices), width).size
        self.seats = _Seats.for_members(range(len(members)), len(self.devices), width, size)
        self._start = start
        self.carry: Any = None
        self.wave: Wave | None = None

    def dispatch(self, count: int) -> dict[str, np.ndarray]:
        """Train the living members for some more epochs.

        Args:
            count: Epochs, at most the plan's capacity.

        Returns:
            Logs by name, shape `(member, epoch)` of these epochs; NaN where a member did not train.
        """
        wanted = self.alive
        inputs = self._inputs(count)
        numbers = np.int32(self.epoch), np.int32(count)
        for one in (self.data, self.held_out):
            one.begin()
        self.wave = self.wave or self._program(self._example(inputs))
        self.carry = self._place(self._first_carry(self._start())) if self.carry is None else self.carry
        arguments = (self.data.arrays(), self.held_out.arrays(), inputs, self.carry, *numbers)
        start = time.perf_counter()
        self.carry, logs = self.wave.compiled(*arguments)
        alive = np.asarray(self.carry.alive)
        self.run_seconds += time.perf_counter() - start
        self.epoch += count
        seated = self.seats.members >= 0
        self.alive = self.alive.copy()
        self.alive[self.seats.members[seated]] = alive[seated]
        lines = dict(zip(self.plan.logs, logs, strict=True))
        return {name: self._by_member(np.asarray(line)[:, :count], wanted) for name, line in lines.items()}

    def compile_ahead(self) -> None:
        """Begin to compile the program in the background. The wave itself is not to be trained afterwards."""
        arguments = self._example(self._inputs(1))
        PROGRAMS.ahead(self._key(arguments), lambda: self._trace(arguments))

    def pack(self, epochs_left: int, seconds_an_epoch: float) -> None:
        """Let members that have stopped leave, if the others then take fewer groups or a smaller program.

        Args:
            epochs_left: Epochs still to train at most.
            seconds_an_epoch: Present cost of an epoch.
        """
        living = np.flatnonzero(self.alive)
        if not len(living) or len(living) == (self.seats.members >= 0).sum():
            return
        same = _Seats.for_members(living.tolist(), len(self.devices), self.seats.width, self.seats.size)
        width = min(self.seats.width, -(-len(living) // len(self.devices)))
        smaller = _Seats.for_members(living.tolist(), len(self.devices), width)
        saved = epochs_left * seconds_an_epoch * (1 - smaller.size / self.seats.size)
        compiling = self.wave.compile_seconds if self.wave else 0.0
        if width < self.seats.width and smaller.size <= self.seats.size // 2 and saved > compiling:
            self._move(smaller, new_program=True)
        elif same.groups_at_work(self.alive) < self.seats.groups_at_work(self.alive):
            self._move(same, new_program=False)

    def carry_of(self, member: int) -> Any:
        """Where a member stands, as NumPy arrays."""
        if member in self.finished:
            return self.finished[member]
        seat = int(np.flatnonzero(self.seats.members == member)[0])
        return jax.tree.map(lambda leaf: np.asarray(leaf[seat]), self.carry)

    def outcome_of(self, member: int) -> int:
        """How a member ended so far."""
        if member in self.finished:
            return int(self.finished[member].outcome)
        return int(self.carry.outcome[int(np.flatnonzero(self.seats.members == member)[0])])

    def all_carries(self) -> list[Carry]:
        """Where all members stand, as NumPy arrays."""
        carry = jax.tree.map(np.asarray, self.carry)
        found = dict(self.finished)
        for seat, member in enumerate(self.seats.members):
            if member >= 0:
                found[int(member)] = jax.tree.map(lambda leaf, seat=seat: leaf[seat], carry)
        return [found[member] for member in range(len(self.members))]

    def set_state(self, member: int, state: State) -> None:
        """Replace a member's state, after a callback on the host may have changed it."""
        seat = int(np.flatnonzero(self.seats.members == member)[0])

        def replace(leaf: Any, value: Any) -> np.ndarray:
            line = np.array(leaf)
            line[seat] = np.asarray(value)
            return line

        self.carry = self._place(self.carry._replace(state=jax.tree.map(replace, self.carry.state, state)))

    def _carry_shapes(self) -> Any:
        """Shapes of the carry, to compile with while the initial weights are still being drawn."""
        kind, placing = jax.numpy.result_type(float), self._placing
        one = jax.eval_shape(lambda state: first_carry(self.plan, state, kind), self.plan.network.state_shapes())

        def seated(leaf: Any) -> Any:
            shape: Any = jax.ShapeDtypeStruct
            return shape((self.seats.size, *leaf.shape), leaf.dtype, sharding=placing)

        return jax.tree.map(seated, one)

    def _first_carry(self, states: State) -> Any:
        seats = np.maximum(self.seats.members, 0)
        kind = jax.numpy.result_type(float)
        seated = jax.tree.map(lambda leaf: leaf[seats], states)
        one = first_carry(self.plan, jax.tree.map(lambda leaf: leaf[0], seated), kind)
        carry = jax.tree.map(lambda leaf: np.repeat(np.asarray(leaf)[None], len(seats), axis=0), one)
        kept = None if one.kept is None else (seated.trainable, seated.frozen)
        return carry._replace(state=seated, kept=kept, alive=self.seats.members >= 0)

    def _inputs(self, count: int) -> Any:
        seats = np.maximum(self.seats.members, 0)
        order = self.order.next_epochs(count, self.plan.capacity, self.alive)
        rates = learning_rates_by_epoch(self.callbacks, self.rates, range(self.epoch, self.epoch + count))
        if rates is not None:
            self.rates = rates[:, -1]
            rates = np.pad(rates, ((0, 0), (0, self.plan.capacity - count)))[seats]
        table = self.table
        inputs = MemberInputs(
            order[seats], table.num_train[seats], table.validation[seats], table.num_validation[seats],
            table.num_epochs[seats], {name: values[seats] for name, values in table.settings.items()}, rates,
        )  # fmt: skip
        return self._place(inputs)

    @property
    def _placing(self) -> Any:
        """How the members' arrays lie on the devices: shared evenly."""
        if len(self.devices) == 1:
            return jax.sharding.SingleDeviceSharding(self.devices[0])
        return member_sharding(self.devices)

    def _place(self, tree: Any) -> Any:
        """On the devices; never in place of the NumPy arrays, since the carry is given away."""
        placing = self._placing
        return jax.tree.map(lambda leaf: jax.device_put(leaf, placing, may_alias=False), tree)

    def _example(self, inputs: Any) -> tuple[Any, ...]:
        """Arguments of the program, with shapes in place of weights that are still being drawn."""
        carry = self._carry_shapes() if self.carry is None else self.carry
        return (self.data.shapes, self.held_out.shapes, inputs, carry, np.int32(self.epoch), np.int32(1))

    def _program(self, arguments: tuple[Any, ...]) -> Wave:
        wave, seconds = PROGRAMS.get(self._key(arguments), lambda: self._trace(arguments))
        self.compile_seconds += seconds
        self.num_programs += seconds > 0
        return wave

    def _trace(self, arguments: tuple[Any, ...]) -> TracedWave:
        return trace_wave(self.plan, self.devices, self.seats.width, arguments)

    def _key(self, arguments: tuple[Any, ...]) -> Hashable:
        leaves, structure = jax.tree.flatten(arguments)
        shapes = tuple((tuple(leaf.shape), str(leaf.dtype)) for leaf in leaves)
        devices = tuple(device.id for device in self.devices)
        return (self.plan.signature, structure, shapes, devices, self.seats.width)

    def _by_member(self, lines: np.ndarray, wanted: Bool[np.ndarray, " member"]) -> np.ndarray:
        """Lines of seats as lines of members; NaN for members that had stopped before."""
        by_member = np.full((len(self.members), *lines.shape[1:]), np.nan, lines.dtype)
        seated = self.seats.members >= 0
        by_member[self.seats.members[seated]] = lines[seated]
        by_member[~wanted] = np.nan
        return by_member

    def _move(self, seats: _Seats, *, new_program: bool) -> None:
        carry = jax.tree.map(np.asarray, self.carry)
        at = {int(member): seat for seat, member in enumerate(self.seats.members) if member >= 0}
        for member in at.keys() - {int(member) for member in seats.members}:
            self.finished[member] = jax.tree.map(lambda leaf, seat=at[member]: leaf[seat], carry)
        source = np.array([at[int(member)] if member >= 0 else 0 for member in seats.members])
        moved = jax.tree.map(lambda leaf: leaf[source], carry)
        moved = moved._replace(alive=(seats.members >= 0) & moved.alive)
        self.seats, self.repacked = seats, self.repacked + 1
        self.carry = self._place(moved)
        if new_program:
            self.wave = None


def roomy(num_members: int, num_devices: int) -> int:
    """A number of seats that populations of similar sizes share: on each device 1, 2, 3, 4, 6, 8, 12, 16, 24, ...

    >>> [roomy(count, 2) for count in (1, 2, 5, 9, 40, 50)]
    [2, 2, 6, 12, 48, 64]
    """
    each = -(-num_members // num_devices)
    power = 1 << (each - 1).bit_length()
    return num_devices * (3 * power // 4 if power > 2 and each <= 3 * power // 4 else power)  # noqa: PLR2004


def mean_of_living(logs: Mapping[str, np.ndarray], name: str) -> float | None:
    """Mean of a log over the members that trained in the last of these epochs; None where it is not logged."""
    if name not in logs or logs[name].ndim != 2:  # noqa: PLR2004  # (member, epoch)
        return None
    last = logs[name][:, -1]
    return float(np.nanmean(last)) if np.isfinite(last).any() else float("nan")
