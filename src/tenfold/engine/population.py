"""A population: members of one architecture and batch size, trained as few compiled programs.

members = [Member(train, validation, fold=fold) for fold, (train, validation) in enumerate(folds)]
result = train_population(build, x, y, members, epochs=100, batch_size=16)
result.history["val_loss"]          # shape (member, epoch)
result.model(3)                     # the fourth member as a Keras model
"""

import dataclasses
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jax
import keras
import numpy as np
from jaxtyping import Int

from tenfold.engine import memory, modes
from tenfold.engine.arrays import class_weights, first_rows, num_rows, place, to_arrays
from tenfold.engine.devices import devices_for
from tenfold.engine.network import Batch, Network, State, require_jax
from tenfold.engine.predict import predict_members
from tenfold.engine.program import NONFINITE, RAN, STOPPED, Carry, Plan
from tenfold.engine.rows import Geometry, RowOrder
from tenfold.engine.saved_models import save_models
from tenfold.engine.starts import build_model, member_states, noting_initializers
from tenfold.engine.stop import runs_on_device, to_rules
from tenfold.engine.waves import SECONDS_A_DISPATCH, WaveRun, mean_of_living
from tenfold.errors import OptionError, SplitError
from tenfold.progress import ProgressListener, TrainingProgress

__all__ = ["OUTCOMES", "Member", "Options", "PopulationResult", "train_population"]

OUTCOMES = {RAN: "ran", STOPPED: "stopped_early", NONFINITE: "nonfinite_loss"}
"""What a member's outcome is called: trained to the end, stopped by a callback, frozen at a loss that was not finite."""

_ORDER_BYTES = 64 * 2**20
"""Room for the orders of rows of one dispatch, in bytes. Arbitrary."""

_VALIDATION_ROWS = 256
"""Rows of a validation step where the result does not depend on it; at least the batch size. Arbitrary."""

_PROBE_SECONDS = 10.0
"""Trainings expected to take longer are worth a probe of the mode. Arbitrary: several times what compiling costs."""

_MULTIPLY_ADDS_A_SECOND = 25e9
"""A cautious rate of one core, to tell long trainings from short ones before anything has run."""


@dataclass(frozen=True)
class Member:
    """One training run of a population.

    Attributes:
        train_rows: Positions of the rows to train on, 0 to the number of rows - 1.
        validation_rows: Positions of the rows to validate on; may be empty.
        fold: Which fold it is, for its randomness and for the tables.
        seed: Which repetition with other initial weights and another order of rows.
        trial: Which candidate of a search.
        settings: Settings that differ between members, by name (`tenfold.engine.settings`).
    """

    train_rows: Int[np.ndarray, " row"]
    validation_rows: Int[np.ndarray, " row"] = field(default_factory=lambda: np.zeros(0, np.int64))
    fold: int = 0
    seed: int = 0
    trial: int = 0
    settings: Mapping[str, float] = field(default_factory=dict)


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
        progress: Listener for `TrainingProgress`.
    """

    epochs: int
    batch_size: int
    initial_epoch: int = 0
    callbacks: Sequence[Any] = ()
    shuffle: bool | str = True
    seed: int | None = 0
    mode: modes.Mode = "auto"
    freeze_nonfinite: bool = True
    progress: ProgressListener | None = None

    def __post_init__(self) -> None:
        modes.check_mode(self.mode)
        for name in ("epochs", "batch_size"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 1:
                raise OptionError(name, f"`{name}` must be a whole number of at least 1", received=repr(value))


@dataclass
class PopulationResult:
    """What a population's training left behind.

    Attributes:
        members: The members, in the order they were given.
        history: Logs by Keras' names, shape `(member, epoch)`; NaN after a member stopped.
        epochs_trained: Epochs of each member.
        best_epochs: The epoch, counted from 0, whose weights each member has.
        outcomes: `"ran"`, `"stopped_early"` or `"nonfinite_loss"` for each member.
        mode: `"vmap"` or `"map"`, as it was run.
        compile_seconds: Spent on compiling.
        run_seconds: Spent in compiled programs.
        num_programs: Programs compiled in this call.
        num_waves: Waves that the members were trained in.
        keeps_best_epochs: Whether a callback restored the weights of each member's best epoch.
    """

    members: list[Member]
    history: dict[str, np.ndarray]
    epochs_trained: Int[np.ndarray, " member"]
    best_epochs: Int[np.ndarray, " member"]
    outcomes: list[str]
    mode: str
    compile_seconds: float
    run_seconds: float
    num_programs: int
    num_waves: int
    keeps_best_epochs: bool
    network: Network = field(repr=False)
    states: State = field(repr=False)
    build: Any = field(repr=False)
    data: Batch = field(repr=False)

    @property
    def validation_predictions(self) -> list[Any]:
        """What each member answers for its own validation rows, in their order; probabilities for classes."""
        rows = [member.validation_rows for member in self.members]
        return predict_members(self.network, self.states, self.data.x, rows)

    def predict(self, x: Any) -> Any:
        """What every member answers for new rows.

        Args:
            x: Inputs, nested as the model takes them.

        Returns:
            Shape `(member, row, output)`; nested where the model has several outputs.
        """
        inputs = to_arrays(x)
        everywhere = [np.arange(num_rows(inputs))] * len(self.members)
        answers = predict_members(self.network, self.states, inputs.x, everywhere)
        return keras.tree.map_structure(lambda *leaves: np.stack(leaves), *answers)

    def out_of_fold_predictions(self) -> Any:
        """Predictions in the order of the rows, each by the members that held the row out (their mean); else NaN."""
        count = num_rows(self.data)
        times_held_out = np.zeros(count)
        for member in self.members:
            np.add.at(times_held_out, member.validation_rows, 1)

        def in_order(*answers: np.ndarray) -> np.ndarray:
            total = np.zeros((count, *answers[0].shape[1:]))
            for member, answer in zip(self.members, answers, strict=True):
                np.add.at(total, member.validation_rows, answer)
            with np.errstate(invalid="ignore"):
                return total / times_held_out.reshape(-1, *(1,) * (total.ndim - 1))

        scored = [answer for answer in self.validation_predictions if answer is not None]
        return keras.tree.map_structure(in_order, *scored)

    def save_models(self, folder: Path) -> None:
        """Write all members into a folder (`tenfold.engine.saved_models`)."""
        weights = self.network.in_order_of_weights(self.states.trainable, self.states.frozen)
        outputs = getattr(self.network.model, "output", None)
        names = sorted(outputs) if isinstance(outputs, dict) else []
        save_models(self.model(0), weights, names, folder)

    def model(self, number: int) -> Any:
        """A member as a Keras model of its own, compiled as it was trained, with its optimizer's state.

        Args:
            number: Position of the member, 0 to the number of members - 1.
        """
        if callable(self.build) and not isinstance(self.build, keras.Model):
            model = build_model(self.build)
        else:
            model = keras.models.clone_model(self.network.model)
            model.compile_from_config(self.network.model.get_compile_config())
        Network(model, first_rows(self.data, 1))
        self.network.assign(jax.tree.map(lambda leaf: leaf[number], self.states), model)
        return model


def train_population(
    build: Any,
    x: Any,
    y: Any,
    members: Sequence[Member],
    *,
    epochs: int,
    batch_size: int = 32,
    callbacks: Sequence[Any] | None = None,
    class_weight: dict[int, float] | None = None,
    sample_weight: Any = None,
    shuffle: bool | str = True,
    seed: int = 0,
    mode: modes.Mode = "auto",
    fuse: bool = True,
    progress: ProgressListener | None = None,
) -> PopulationResult:
    """Train all members of one architecture and batch size.

    Args:
        build: A function without arguments that returns a compiled Keras model, or a compiled model; then every member
            starts from its present weights.
        x: Inputs, nested as the model takes them; leading axis `row`. One copy serves all members.
        y: Targets likewise.
        members: The training runs.
        epochs: Epochs that each member trains at most.
        batch_size: Rows of a training step.
        callbacks: `EarlyStopping`, `ReduceLROnPlateau`, `LearningRateScheduler`, `TerminateOnNaN`; they act on each
            member by itself. The objects given are only read.
        class_weight: Weight of each class in training, as in `Model.fit`.
        sample_weight: Weight of each row, in training and in validation.
        shuffle: Whether to shuffle a member's training rows each epoch (`"batch"`: within batches).
        seed: Seed of the call; with fold, seed and trial it decides a member's weights, noise and order of rows.
        mode: `"map"` (members of a device one after another), `"vmap"` (side by side) or `"auto"`.
        fuse: Train sigmoid and softmax heads on their logits.
        progress: Called with a `TrainingProgress` after each dispatch.

    Returns:
        Histories, outcomes and weights of all members, in their order.

    Raises:
        ModelError: The model is not compiled, or does not fit the data.
        SplitError: A member without training rows, or with rows that the data does not have.
        OptionError: An unknown setting, mode or callback.
        MachineError: Not even one member fits into memory.
    """
    require_jax()
    options = Options(
        epochs=epochs, batch_size=batch_size, callbacks=list(callbacks or []), shuffle=shuffle, seed=seed, mode=mode,
        progress=progress,
    )  # fmt: skip
    _check_callbacks(options.callbacks)
    held_out = to_arrays(x, y, sample_weight)
    members = list(members)
    _check_members(members, num_rows(held_out))
    data = (
        held_out if class_weight is None else held_out._replace(sample_weight=class_weights(held_out.y, class_weight))
    )
    sample = first_rows(data, min(batch_size, num_rows(data)))
    with noting_initializers() as notes:
        model = build_model(build)
        traced = {name for member in members for name in member.settings}
        network = Network(model, sample, fuse=fuse, traced=sorted(traced))
    states = member_states(build, network, notes, members, seed, sample)
    return Training(network, states, members, data, held_out, options).run(build)


class Training:
    """Members of a call, sorted by geometry into waves and trained one wave after another."""

    def __init__(
        self, network: Network, states: State, members: list[Member], data: Batch, held_out: Batch, options: Options
    ) -> None:
        self.network, self.states, self.members = network, states, members
        self.data, self.held_out, self.options = data, held_out, options
        self.started = time.perf_counter()
        self.carries: dict[int, Carry] = {}
        self.lines: dict[str, np.ndarray] = {}
        self.compile_seconds = self.run_seconds = 0.0
        self.num_programs = self.num_waves = 0
        self.widths: set[int] = set()

    def run(self, build: Any) -> PopulationResult:
        """Train everything."""
        for group in self._groups():
            for wave in self._waves(group):
                self._train(wave)
        carries = [self.carries[member] for member in range(len(self.members))]
        kept = [_final_state(self.network, carry) for carry in carries]
        return PopulationResult(
            members=self.members,
            history=self.lines,
            epochs_trained=np.array([int(carry.epochs) for carry in carries]),
            best_epochs=np.array([int(carry.kept_epoch) for carry in carries]),
            outcomes=[OUTCOMES[int(carry.outcome)] for carry in carries],
            mode="map" if self.widths == {1} else "vmap",
            compile_seconds=self.compile_seconds,
            run_seconds=self.run_seconds,
            num_programs=self.num_programs,
            num_waves=self.num_waves,
            keeps_best_epochs=any(carry.kept is not None for carry in carries),
            network=self.network,
            states=jax.tree.map(lambda *leaves: np.stack(leaves), *kept),
            build=build,
            data=self.held_out,
        )

    def _groups(self) -> list[list[int]]:
        """Members whose rows fit one geometry: all of them, or those with equal numbers of rows where nothing may be padded."""
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
        each = memory.member_bytes(self.states, keeps_weights=keeps)
        running = memory.step_bytes(self.network, self.options.batch_size)
        side_by_side = len(devices_for(len(group)))
        size = memory.members_per_wave(len(group), each, running, side_by_side, memory.budget_bytes())
        return [group[start : start + size] for start in range(0, len(group), size)]

    def _train(self, numbers: list[int]) -> None:
        members = [self.members[number] for number in numbers]
        plan = self._plan(members)
        devices = devices_for(len(members))
        width = self._width(plan, len(members), len(devices))
        self.widths.add(width)
        data = place(self.data, devices)
        wave = WaveRun(
            plan, members, jax.tree.map(lambda leaf: leaf[np.array(numbers)], self.states), data,
            data if self.held_out is self.data else place(self.held_out, devices),
            devices=devices, width=width, callbacks=self.options.callbacks, first_epoch=self.options.initial_epoch,
            order=RowOrder(members, plan.geometry, self.options.seed, shuffle=self.options.shuffle),
        )  # fmt: skip
        self._run_wave(wave, numbers)
        self.num_waves += 1
        self.compile_seconds += wave.compile_seconds
        self.run_seconds += wave.run_seconds
        self.num_programs += wave.num_programs
        self.carries |= dict(zip(numbers, wave.all_carries(), strict=True))

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
        outcomes += [int(wave.outcome_of(member)) for member in np.flatnonzero(~wave.alive)]
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

    def _plan(self, members: Sequence[Member]) -> Plan:
        return make_plan(self.network, members, self.options)

    def _width(self, plan: Plan, num_members: int, num_devices: int) -> int:
        """Members side by side, as the mode says."""
        each = -(-num_members // num_devices)
        if self.options.mode == "map" or each == 1:
            return 1
        if self.options.mode == "vmap":
            return modes.widest(each)
        expected = self._expected_seconds(plan, num_members)
        rule = modes.rule_of_thumb(self.network, plan.geometry, each)
        if expected < _PROBE_SECONDS:
            return rule
        key = modes.key_of(self.network, plan.geometry, each, num_devices)
        width = modes.recall_width(key)
        if width is None:
            width = self._probe(plan, num_members, num_devices, sorted({1, rule, modes.widest(each)}))
            modes.remember_width(key, width)
        return width

    def _expected_seconds(self, plan: Plan, num_members: int) -> float:
        """A rough length of the training, to decide whether a probe pays."""
        forward = self.network.num_parameters * plan.geometry.batch_size * plan.geometry.num_steps
        return 3 * forward * self.options.epochs * num_members / _MULTIPLY_ADDS_A_SECOND

    def _probe(self, plan: Plan, num_members: int, num_devices: int, widths: list[int]) -> int:
        """The width whose program takes the shortest time for an epoch of the first members, compiled for the purpose."""
        count = min(num_members, num_devices * max(widths))
        numbers = np.arange(count)
        members = [self.members[number] for number in numbers]
        devices = devices_for(count)
        data = place(self.data, devices)
        held_out = data if self.held_out is self.data else place(self.held_out, devices)
        seconds = {}
        for width in widths:
            order = RowOrder(members, plan.geometry, 0, shuffle=self.options.shuffle)
            states = jax.tree.map(lambda leaf: leaf[numbers], self.states)
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
    keeps_batches = network.validation_moves_seeds or not network.pads_validation
    geometry = Geometry.of(
        [len(member.train_rows) for member in members],
        [len(member.validation_rows) for member in members],
        batch_size=options.batch_size,
        validation_batch_size=options.batch_size if keeps_batches else validation_size,
        pads_training=network.pads_training,
        pads_validation=network.pads_validation,
    )
    room = _ORDER_BYTES // max(1, 4 * len(members) * geometry.train_width)
    capacity = max(1, min(options.epochs - options.initial_epoch, room))
    logs_rate = any(
        isinstance(one, (keras.callbacks.ReduceLROnPlateau, keras.callbacks.LearningRateScheduler))
        for one in options.callbacks
    )
    plan = Plan(
        network=network,
        rules=to_rules([], network.model, []),
        geometry=geometry,
        capacity=capacity,
        freeze_nonfinite=options.freeze_nonfinite,
        stop_on_nan=any(isinstance(one, keras.callbacks.TerminateOnNaN) for one in options.callbacks),
        logs_learning_rate=logs_rate,
    )
    return dataclasses.replace(plan, rules=to_rules(options.callbacks, network.model, list(plan.logs)))


def _final_state(network: Network, carry: Carry) -> State:
    """Where a member ends: with the weights that a callback restores, if one does."""
    return carry.state if carry.kept is None else network.with_weights(carry.state, *carry.kept)


def _check_callbacks(callbacks: Sequence[Any]) -> None:
    for callback in callbacks:
        if not runs_on_device(callback):
            raise OptionError(
                "callback",
                f"`{type(callback).__name__}` cannot act on the members of a population",
                expected="EarlyStopping, ReduceLROnPlateau, LearningRateScheduler or TerminateOnNaN",
                hint="use it with `tenfold.fit`, which runs any Keras callback",
            )


def _check_members(members: Sequence[Member], count: int) -> None:
    if not members:
        raise SplitError("no_members", "there is nothing to train: no folds were given")
    for member in members:
        if not len(member.train_rows):
            raise SplitError("empty_fold", f"fold {member.fold} has no rows to train on")
        rows = np.concatenate([np.asarray(member.train_rows), np.asarray(member.validation_rows)])
        if rows.min() < 0 or rows.max() >= count:
            raise SplitError(
                "row_out_of_range",
                f"fold {member.fold} names row {int(rows.max() if rows.max() >= count else rows.min())}",
                expected=f"positions from 0 to {count - 1}",
            )
