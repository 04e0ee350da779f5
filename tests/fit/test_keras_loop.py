"""What needs each batch on the host goes through Keras' own loop, which a warning says."""

from typing import Any

import keras
import numpy as np
import pytest

import tenfold
from engine.models import dense, numbers, sequential
from tenfold.errors import KerasLoopWarning

X, Y = numbers(21, 5), numbers(21, 1, seed=1)


class Rows(keras.utils.PyDataset):
    """Three batches of seven rows."""

    def __len__(self) -> int:
        return 3

    def __getitem__(self, number: int) -> tuple[np.ndarray, np.ndarray]:
        rows = slice(7 * number, 7 * number + 7)
        return X[rows], Y[rows]


def test_a_data_set_that_yields_batches_trains_in_keras_loop():
    with pytest.warns(KerasLoopWarning, match="`x` is a Rows, which yields its batches on the host"):
        history = tenfold.fit(sequential(dense(1))(), Rows(workers=1), epochs=2, verbose=0)
    assert len(history.history["loss"]) == 2


@pytest.mark.filterwarnings("ignore:`shuffle=True` was passed", "ignore:Your input ran out of data")  # so says Keras
def test_a_generator_trains_in_keras_loop():
    batches = ((X[start : start + 7], Y[start : start + 7]) for start in (0, 7, 14))
    with pytest.warns(KerasLoopWarning, match="`x` is a generator"):
        tenfold.fit(sequential(dense(1))(), batches, epochs=1, verbose=0)


def test_held_out_data_that_yields_batches_validates_in_keras_loop():
    with pytest.warns(KerasLoopWarning, match="`validation_data` is a Rows"):
        history = tenfold.fit(sequential(dense(1))(), X, Y, validation_data=Rows(workers=1), epochs=1, verbose=0)
    assert "val_loss" in history.history


def test_eager_models_train_in_keras_loop():
    with pytest.warns(KerasLoopWarning, match="run_eagerly=True"):
        tenfold.fit(sequential(dense(1), run_eagerly=True)(), X, Y, epochs=1, verbose=0)


def test_a_stateful_recurrent_layer_trains_in_keras_loop():
    def build() -> keras.Model:
        inputs = keras.Input((4, 3), batch_size=7)
        model = keras.Model(inputs, keras.layers.Dense(1)(keras.layers.LSTM(2, stateful=True)(inputs)))
        model.compile("adam", "mse")
        return model

    with pytest.warns(KerasLoopWarning, match="a recurrent layer is stateful"):
        tenfold.fit(build(), numbers(21, 4, 3), Y, epochs=1, batch_size=7, verbose=0)


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras 3.15.1 with NumPy 2.4
def test_two_callbacks_that_set_the_learning_rate_run_in_keras_loop():
    callbacks = [keras.callbacks.ReduceLROnPlateau("loss"), keras.callbacks.LearningRateScheduler(lambda _: 0.1)]
    with pytest.warns(KerasLoopWarning, match="both set the learning rate"):
        tenfold.fit(sequential(dense(1))(), X, Y, epochs=1, callbacks=callbacks, verbose=0)


class LogsMore(keras.Model):
    """Logs a number that is none of its metrics."""

    def __init__(self) -> None:
        super().__init__()
        self.out = keras.layers.Dense(1)

    def call(self, x: Any) -> Any:
        return self.out(x)

    def train_step(self, state: Any, data: Any) -> Any:
        logs, state = super().train_step(state, data)
        return {**logs, "twice": 2 * logs["loss"]}, state


def test_a_training_step_that_logs_more_than_metrics_runs_in_keras_loop():
    model = LogsMore()
    model.compile("adam", "mse")
    with pytest.warns(KerasLoopWarning, match="does not log the model's metrics"):
        history = tenfold.fit(model, X, Y, epochs=1, verbose=0)
    assert "twice" in history.history


def test_no_warning_without_a_reason(recwarn: pytest.WarningsRecorder):
    tenfold.fit(sequential(dense(1))(), X, Y, epochs=1, verbose=0)
    assert not [one for one in recwarn if issubclass(one.category, KerasLoopWarning)]
