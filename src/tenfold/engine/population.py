"""A population: members of one architecture and batch size, trained as few compiled programs.

members = [Member(train, validation, fold=fold) for fold, (train, validation) in enumerate(folds)]
result = train_population(build, x, y, members, epochs=100, batch_size=16)
result.history["val_loss"]          # shape (member, epoch)
result.model(3)                     # the fourth member as a Keras model
"""

import dataclasses
import functools
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jax
import keras
import numpy as np

from tenfold.engine.arrays import first_rows, num_rows, to_arrays, with_class_weights
from tenfold.engine.fits import check_output_fits
from tenfold.engine.member import Member
from tenfold.engine.network import Batch, Network, State, require_jax
from tenfold.engine.predict import predict_members
from tenfold.engine.saved_models import save_models
from tenfold.engine.starts import build_model, deferring_initializers, member_states
from tenfold.engine.stop import SET_LEARNING_RATE, runs_on_device
from tenfold.engine.telemetry import Telemetry
from tenfold.engine.training import Options, Trained, Training, check_seeds
from tenfold.errors import OptionError, SplitError
from tenfold.progress import ProgressListener

__all__ = ["PopulationResult", "compile_ahead", "train_population"]


@dataclass(frozen=True)
class PopulationResult(Trained):
    """What a population's training left behind, with the means to predict and to make models.

    Attributes:
        members: The members, in the order they were given.
        network: The model as pure functions.
        build: What the models are built with.
        data: The data that validation rows point into.
        start: What the first member started from; no member axis.
    """

    members: list[Member]
    network: Network = field(repr=False)
    build: Any = field(repr=False)
    data: Batch = field(repr=False)
    start: State = field(repr=False)

    @property
    def validation_predictions(self) -> list[Any]:
        """What each member answers for its own validation rows, in their order; probabilities for classes."""
        return self.predict_rows([member.validation_rows for member in self.members])

    def predict_rows(self, rows: Sequence[np.ndarray]) -> list[Any]:
        """What each member answers for rows of its own choice among those the population was trained with.

        Args:
            rows: Positions for each member, in the order of the members; they may differ in number.

        Returns:
            For each member the outputs of its rows in their order; None for all where no member has any.
        """
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
    mode: str = "auto",
    fuse: bool = True,
    room: int = 0,
    telemetry: Telemetry | None = None,
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
        room: Members that the program has room for at least, so that smaller populations need not compile their own.
        telemetry: What the layers are asked at the end of sampled epochs; None for nothing.
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
        room=room, telemetry=telemetry, progress=progress,
    )  # fmt: skip
    ready = _Ready.of(build, x, y, members, options, class_weight, sample_weight, fuse=fuse)
    states = _in_background(lambda: member_states(build, ready.network, ready.members, seed, ready.sample))
    trained = ready.training(states, options).run()
    fields = {one.name: getattr(trained, one.name) for one in dataclasses.fields(Trained)}
    return PopulationResult(
        **fields, members=ready.members, network=ready.network, build=build, data=ready.held_out,
        start=jax.tree.map(lambda leaf: leaf[0], states()),
    )  # fmt: skip


def compile_ahead(
    build: Any,
    x: Any,
    y: Any,
    members: Sequence[Member],
    *,
    epochs: int,
    batch_size: int = 32,
    callbacks: Sequence[Any] | None = None,
    room: int = 0,
) -> None:
    """Begin to compile, in the background, what `train_population` with the same arguments will run.

    Members may be others, as long as they are as many, have as many rows and differ in the same settings. Where the
    mode would have to be measured first, nothing is done.

    Args:
        build: As there, like the others.
        x: Inputs.
        y: Targets.
        members: Members of the same shape.
        epochs: Epochs at most.
        batch_size: Rows of a training step.
        callbacks: What stops members.
        room: Members that the program has room for at least.
    """
    require_jax()
    options = Options(epochs=epochs, batch_size=batch_size, callbacks=list(callbacks or []), room=room)
    _Ready.of(build, x, y, members, options).training(_never_drawn, options).compile_ahead()


@dataclass(frozen=True)
class _Ready:
    """What was checked and built of a call.

    Args:
        network: The model as pure functions.
        members: The training runs.
        data: What members train on, rows weighted by class.
        held_out: The same, rows weighted as given.
        sample: Its first rows, to build further models with.
    """

    network: Network
    members: list[Member]
    data: Batch
    held_out: Batch
    sample: Batch

    @classmethod
    def of(
        cls,
        build: Any,
        x: Any,
        y: Any,
        members: Sequence[Member],
        options: Options,
        class_weight: dict[int, float] | None = None,
        sample_weight: Any = None,
        *,
        fuse: bool = True,
    ) -> "_Ready":
        _check_callbacks(options.callbacks)
        members = list(members)
        check_seeds(options.seed, *(number for one in members for number in (one.fold, one.seed, one.trial)))
        held_out = to_arrays(x, y, sample_weight)
        _check_members(members, num_rows(held_out))
        data = with_class_weights(held_out, class_weight)
        sample = first_rows(data, min(options.batch_size, num_rows(data)))
        with deferring_initializers():
            model = build_model(build)
            traced = {name for member in members for name in member.settings}
            network = Network(model, sample, fuse=fuse, traced=sorted(traced))
        check_output_fits(network, held_out)
        return cls(network, members, data, held_out, sample)

    def training(self, states: Callable[[], State], options: Options) -> Training:
        return Training(self.network, states, self.members, self.data, self.held_out, options)


def _never_drawn() -> State:
    raise AssertionError("only shapes are needed to compile")


def _in_background(work: Callable[[], State]) -> Callable[[], State]:
    """Start drawing initial weights while the program compiles; the result waits for them."""
    return _one_thread().submit(work).result


@functools.cache
def _one_thread() -> ThreadPoolExecutor:
    """The same thread in every call: the C library keeps freed memory for each thread anew, a population a time."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="tenfold")


def _check_callbacks(callbacks: Sequence[Any]) -> None:
    for callback in callbacks:
        if not runs_on_device(callback):
            raise OptionError(
                "callback",
                f"`{type(callback).__name__}` cannot act on the members of a population",
                expected="EarlyStopping, ReduceLROnPlateau, LearningRateScheduler or TerminateOnNaN",
                hint="use it with `tenfold.fit`, which runs any Keras callback",
            )
    if {type(callback) for callback in callbacks} >= SET_LEARNING_RATE:
        raise OptionError(
            "two_learning_rates",
            "`ReduceLROnPlateau` and `LearningRateScheduler` both set the learning rate",
            hint="use one of them",
        )


def _check_members(members: Sequence[Member], count: int) -> None:
    if not members:
        raise SplitError("no_members", "There is nothing to train: no folds were given")
    for member in members:
        if not len(member.train_rows):
            raise SplitError("empty_fold", f"Fold {member.fold} has no rows to train on")
        if member.epochs is not None and member.epochs < 1:
            raise OptionError("epochs", "A member trains at least one epoch", received=f"epochs={member.epochs}")
        rows = np.concatenate([np.asarray(member.train_rows), np.asarray(member.validation_rows)])
        if rows.min() < 0 or rows.max() >= count:
            raise SplitError(
                "row_out_of_range",
                f"Fold {member.fold} names row {int(rows.max() if rows.max() >= count else rows.min())}",
                expected=f"positions from 0 to {count - 1}",
            )
