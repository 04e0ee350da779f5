"""Behind `tenfold.fit`: what `Model.fit` does, with whole epochs on the device.

    history = tenfold.fit(model, x, y, epochs=100, batch_size=16, validation_split=0.2)

The compiled model is trained in place and a Keras `History` with Keras' own keys comes back. Callbacks that have a rule
run inside the program; other callbacks run on the host after each epoch, with the model up to date; those that act on
batches, and data that comes batch by batch, go through Keras' own loop, which is said in a `KerasLoopWarning`.
"""

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import jax
import keras
import numpy as np
from keras.src.utils import is_default

from tenfold.engine.arrays import (
    Placement,
    can_be_arrays,
    first_rows,
    num_rows,
    split_off,
    to_arrays,
    with_class_weights,
)
from tenfold.engine.devices import devices_for
from tenfold.engine.fits import check_output_fits
from tenfold.engine.member import Member
from tenfold.engine.network import Batch, Network, State, require_jax
from tenfold.engine.rows import RowOrder
from tenfold.engine.starts import build_model
from tenfold.engine.stop import SET_LEARNING_RATE, report_back, runs_on_device
from tenfold.engine.training import Options, make_plan
from tenfold.engine.waves import SECONDS_A_DISPATCH, WaveRun
from tenfold.errors import KerasLoopWarning, ModelError
from tenfold.progress import TrainingProgress
from tenfold.progress_display.choice import display_for

__all__ = ["fit"]

_BATCH_HOOKS = (
    "on_batch_begin", "on_batch_end", "on_train_batch_begin", "on_train_batch_end", "on_test_batch_begin",
    "on_test_batch_end", "on_test_begin", "on_test_end",
)  # fmt: skip


def fit(
    model: Any,
    x: Any,
    y: Any = None,
    *,
    epochs: int = 1,
    batch_size: int | None = None,
    validation_data: Any = None,
    validation_split: float = 0.0,
    callbacks: Sequence[Any] | None = None,
    class_weight: Mapping[int, float] | None = None,
    sample_weight: Any = None,
    shuffle: bool | str = True,
    initial_epoch: int = 0,
    seed: int | None = None,
    verbose: int | str = "auto",
    fuse: bool = True,
    look: Callable[[Network, Batch, Batch | None], None] | None = None,
) -> Any:
    """Train a compiled Keras model in place.

    Args:
        model: A compiled Keras model on the JAX backend.
        x: Inputs: arrays, lists or dicts of arrays, pandas objects, or a `keras.utils.PyDataset` or generator.
        y: Targets, nested as the model answers; None with a data set that yields them.
        epochs: Number of the epoch to stop before, counted from 0, as in `Model.fit`.
        batch_size: Rows of a step; 32 by default.
        validation_data: `(x, y)` or `(x, y, sample_weight)` to evaluate on after each epoch.
        validation_split: Fraction of the rows, taken from the end, to evaluate on instead; between 0 and 1.
        callbacks: Keras callbacks.
        class_weight: Weight of each class in training.
        sample_weight: Weight of each row, or of each output's rows.
        shuffle: Shuffle the rows before each epoch (True), within batches (`"batch"`) or not at all.
        initial_epoch: Number of the first epoch.
        seed: Seed of the order of rows. None draws it from NumPy's global generator, exactly as `Model.fit` does.
        verbose: 0 silent, 1 one live line, 2 a line an epoch, `"auto"`.
        fuse: Train sigmoid and softmax heads on their logits, where floating point does not cut the gradient off; False
            reproduces Keras.
        look: Called before training with the network, the training rows and the validation rows, all of which it leaves
            as they are; not called where Keras' own loop trains.

    Returns:
        A `keras.callbacks.History` with the keys that Keras logs. Its attribute `fused_heads` names the layers that
        were trained on their logits; Keras' own loop, where it takes over, trains none so.

    Raises:
        BackendError: Keras runs on another backend.
        ModelError: The model is not compiled, or does not fit the data.
        OptionError: A callback watches what is not logged, or a number is out of range.

    Example:
    >>> import keras, numpy as np, tenfold
    >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    >>> model.compile("sgd", "mse")
    >>> x = np.array([[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    >>> history = tenfold.fit(model, x, x.sum(axis=1), epochs=3, verbose=0)
    >>> sorted(history.history), len(history.history["loss"])
    (['loss'], 3)
    """
    require_jax()
    build_model(model)
    callbacks = _flat(callbacks)

    def fit_with_keras(reason: str) -> Any:  # its warning names the caller of `tenfold.fitting.fit`
        warnings.warn(f"tenfold.fit uses Keras' own loop here: {reason}.", KerasLoopWarning, stacklevel=4)
        history = model.fit(
            x, y, epochs=epochs, batch_size=batch_size, validation_data=validation_data,
            validation_split=validation_split, callbacks=callbacks, class_weight=class_weight,
            sample_weight=sample_weight, shuffle=shuffle, initial_epoch=initial_epoch, verbose=verbose,
        )  # fmt: skip
        history.fused_heads = []
        return history

    reason = _reason_for_keras(model, x, y, validation_data, callbacks)
    if reason:
        return fit_with_keras(reason)
    data, held_out = _training_and_held_out(x, y, sample_weight, class_weight, validation_data, validation_split)
    batch_size = batch_size or 32
    try:
        network = Network(model, first_rows(data, min(batch_size, num_rows(data))), fuse=fuse)
    except ModelError as error:
        if error.code != "own_logs":
            raise
        return fit_with_keras(error.what)
    check_output_fits(network, data)
    if look is not None:
        look(network, data, held_out)
    if network.was_unbuilt and shuffle and seed is None:  # Keras draws an order to build from, and drops it
        np.random.permutation(min(batch_size, num_rows(data)) if shuffle == "batch" else num_rows(data))  # noqa: NPY002
    options = Options(
        epochs=epochs, initial_epoch=initial_epoch, batch_size=batch_size, shuffle=shuffle, seed=seed, mode="map",
        callbacks=[callback for callback in callbacks if runs_on_device(callback)], freeze_nonfinite=False,
    )  # fmt: skip
    on_host = [callback for callback in callbacks if not runs_on_device(callback)]
    return _LoneFit(network, data, held_out, options, on_host, verbose).run()


class _LoneFit:
    """One member in training, with callbacks on the host between dispatches."""

    def __init__(
        self, network: Network, data: Batch, held_out: Batch | None, options: Options, on_host: Sequence[Any],
        verbose: int | str,
    ) -> None:  # fmt: skip
        self.network, self.model, self.options, self.on_host = network, network.model, options, list(on_host)
        self.display, self.verbose = display_for(verbose), verbose
        self.learning_rate = _LearningRateLog()
        validation = np.arange(0 if held_out is None else num_rows(held_out))
        member = Member(np.arange(num_rows(data)), validation)
        plan, devices = make_plan(network, [member], options), devices_for(1)
        on_device = Placement(data, devices)
        self.num_steps = plan.geometry.num_steps + bool(plan.geometry.partial_rows)
        self.wave = WaveRun(
            plan,
            [member],
            lambda: jax.tree.map(lambda leaf: np.asarray(leaf)[None], network.state()),
            on_device,
            on_device if held_out is None else Placement(held_out, devices),
            devices=devices,
            width=1,
            order=RowOrder([member], plan.geometry, options.seed, shuffle=options.shuffle),
            callbacks=options.callbacks,
            first_epoch=options.initial_epoch,
        )

    def run(self) -> Any:
        """Train to the end, to an early stop, or to an interruption; the model is up to date in each case."""
        callbacks = keras.callbacks.CallbackList(
            [self.learning_rate, *self.on_host], add_history=True, add_progbar=False, model=self.model, verbose=0,
            epochs=self.options.epochs, steps=self.num_steps,
        )  # fmt: skip
        self.model.stop_training = False
        callbacks.on_train_begin()
        logs: dict[str, Any] = {}
        try:
            count = 1
            while self.wave.epoch < self.options.epochs and self.wave.alive[0] and not self.model.stop_training:
                first, before = self.wave.epoch, self.wave.run_seconds
                count = min(count, self.wave.plan.capacity, self.options.epochs - first)
                self._begin(callbacks, first)
                logs = self._tell(callbacks, first, self.wave.dispatch(count))
                count = self._next_count(count, (self.wave.run_seconds - before) / count)
        finally:
            self._finish()
        callbacks.on_train_end(logs=logs)
        self.model.history.fused_heads = [head.layer.name for head in self.network.heads]
        return self.model.history

    def _next_count(self, count: int, seconds_an_epoch: float) -> int:
        """Epochs of the next dispatch: one where the host has a say after each, else about half a second of them."""
        if self.on_host or self.verbose == 2:  # noqa: PLR2004  # Keras' own value: a line an epoch
            return 1
        return max(1, min(int(SECONDS_A_DISPATCH / max(seconds_an_epoch, 1e-9)), 10 * count))

    def _begin(self, callbacks: Any, epoch: int) -> None:
        """Let callbacks on the host have their say before an epoch: it trains on what they leave in the model."""
        if self.on_host:
            callbacks.on_epoch_begin(epoch)
            if self.wave.carry is not None:
                self.wave.set_state(0, self.network.state())

    def _tell(self, callbacks: Any, first: int, lines: dict[str, np.ndarray]) -> dict[str, Any]:
        """Tell the callbacks of each epoch that was trained; returns the logs of the last one."""
        trained = int(self.wave.carry_of(0).epochs) - (first - self.options.initial_epoch)
        logs: dict[str, Any] = {}
        for number in range(trained):
            if self.on_host:
                self.network.assign(self.wave.carry_of(0).state)
            logs = {name: _python_number(line[0, number]) for name, line in lines.items()}
            self.learning_rate.value = logs.pop("learning_rate", None)
            callbacks.on_epoch_end(first + number, logs)
        self._show(first + trained, logs)
        return logs

    def _show(self, epoch: int, logs: dict[str, Any]) -> None:
        self.display(
            TrainingProgress(
                epoch=epoch, epochs=self.options.epochs, loss=float(logs.get("loss", float("nan"))),
                validation_loss=logs.get("val_loss"), num_training=int(self.wave.alive[0]),
                num_stopped=int(not self.wave.alive[0]), num_nonfinite=0, num_members=1,
                seconds=self.wave.compile_seconds + self.wave.run_seconds,
            )
        )  # fmt: skip

    def _finish(self) -> None:
        if self.wave.carry is None:  # interrupted before the first epoch
            return
        carry = self.wave.carry_of(0)
        if not self.on_host:  # else the model is up to date, with what callbacks did to it after the last epoch
            self.network.assign(State(*carry.state))
        if not self.wave.alive[0]:
            self.model.stop_training = True
        self.model.optimizer.finalize_variable_values(self.model.trainable_weights)
        best = None if carry.kept is None else self.network.in_order_of_weights(*carry.kept)
        report_back(self.wave.plan.rules, carry.memory, self.model, best)


class _LearningRateLog(keras.callbacks.Callback):  # type: ignore[misc]  # Keras is not annotated
    """Adds the learning rate to the logs where a callback on the device sets it: last, as that callback would."""

    value: float | None = None

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Add it; `epoch` is the epoch's number, counted from 0."""
        del epoch
        if self.value is not None and logs is not None:
            logs["learning_rate"] = self.value


def _flat(callbacks: Any) -> list[Any]:
    if callbacks is None:
        return []
    if isinstance(callbacks, keras.callbacks.CallbackList):
        return list(callbacks.callbacks)
    return list(keras.tree.flatten(callbacks))


def _reason_for_keras(  # noqa: PLR0911  # one reason a line
    model: Any, x: Any, y: Any, validation_data: Any, callbacks: Sequence[Any]
) -> str | None:
    """Why this training needs Keras' own loop, as a phrase; None where it does not."""
    if not can_be_arrays(x, y):
        return f"`x` is a {type(x).__name__}, which yields its batches on the host"
    if validation_data is not None and not can_be_arrays(validation_data):
        return f"`validation_data` is a {type(validation_data).__name__}, which yields its batches on the host"
    for callback in callbacks:
        hooks = [name for name in _BATCH_HOOKS if not is_default(getattr(callback, name))]
        if hooks and not _only_epochs(callback) and not runs_on_device(callback):
            return f"the callback `{type(callback).__name__}` acts on batches ({hooks[0]})"
    kinds = {type(callback) for callback in callbacks}
    if kinds >= SET_LEARNING_RATE:
        return "`ReduceLROnPlateau` and `LearningRateScheduler` both set the learning rate"
    if any(getattr(layer, "stateful", False) and hasattr(layer, "reset_state") for layer in model._flatten_layers()):
        return "a recurrent layer is stateful"
    if getattr(model, "run_eagerly", False):
        return "the model was compiled with run_eagerly=True"
    return None


def _only_epochs(callback: Any) -> bool:
    """Whether a callback with batch hooks does nothing in them as it is set."""
    saves = (keras.callbacks.ModelCheckpoint, keras.callbacks.BackupAndRestore)
    return type(callback) in saves and callback.save_freq == "epoch"


def _training_and_held_out(
    x: Any, y: Any, sample_weight: Any, class_weight: Mapping[int, float] | None, validation_data: Any, fraction: float
) -> tuple[Batch, Batch | None]:
    data, held_out = to_arrays(x, y, sample_weight), None
    if validation_data is not None:
        held_out = to_arrays(*keras.utils.unpack_x_y_sample_weight(validation_data))
    elif fraction:
        data, held_out = split_off(data, fraction)
    return with_class_weights(data, class_weight), held_out


def _python_number(value: Any) -> Any:
    return float(value) if np.ndim(value) == 0 else np.asarray(value)
