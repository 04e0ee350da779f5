"""`tenfold.views.dying_units`: a rate that is too large kills ReLUs, and putting it right does not bring them back."""

import functools
from typing import Any

import keras
import numpy as np

from tenfold.demonstrations.examples import circles, relu_network
from tenfold.demonstrations.exchanging import hidden_activations, with_activation
from tenfold.demonstrations.subject import PROBE_ROWS, Subject, check_counts, is_example, losses_of
from tenfold.engine.arrays import num_rows
from tenfold.engine.member import Member
from tenfold.engine.population import PopulationResult
from tenfold.engine.settings import LEARNING_RATE
from tenfold.engine.telemetry import Telemetry
from tenfold.errors import ModelError, OptionError
from tenfold.views.dead_units import DeadUnits, plot_dead_units, sentence_of_dead_units
from tenfold.views.drawing import number
from tenfold.views.view import View

__all__ = ["dying_units"]

RECTIFIED = ("relu", "relu6")
"""Activations whose slope below 0 is 0."""

UNMOVED = 0.0
"""The rate of members that show the network before training."""


def dying_units(
    model: Any = None,
    x: Any = None,
    y: Any = None,
    *,
    factor: float = 50.0,
    epochs: int = 30,
    turn: int | None = None,
    batch_size: int = 32,
    seeds: int = 5,
    seed: int = 0,
) -> View:
    """Units that die of a learning rate that is too large.

    The model is trained three times over the same seeds: at its own rate, at a rate too large that is put right after
    some epochs, and the latter with leaky ReLUs in the place of its ReLUs.

    Args:
        model: A compiled Keras model with ReLUs, or a function without arguments that returns one; it is not changed.
            None for a network on two circles.
        x: Inputs, as `Model.fit` takes them.
        y: Targets likewise.
        factor: How many times too large the rate is, above 1.
        epochs: Epochs of each training.
        turn: Epochs with the rate too large, 1 to `epochs`; None for a third of them.
        batch_size: Rows of a step.
        seeds: Trainings of each kind.
        seed: Seed of everything that is drawn.

    Returns:
        A view; its numbers are `tenfold.views.dead_units.DeadUnits`.

    Raises:
        ModelError: No ReLU in a hidden layer, a learning rate that is no number, or a model that cannot be trained as
            it is.
        OptionError: A number out of range.
    """
    check_counts(seeds=seeds, seed=seed)
    turn = max(1, epochs // 3) if turn is None else turn
    _check(factor, turn, epochs)
    given = (relu_network, *circles(400, noise=0.08, seed=0)) if is_example(model, x, y) else (model, x, y)
    subject = Subject(*given)
    layers = _rectified(subject)
    leaky = Subject(with_activation(subject.model, "leaky_relu", instead_of=RECTIFIED), subject.data.x, subject.data.y)
    rate = subject.rate
    train = functools.partial(
        Subject.trained, epochs=epochs, batch_size=batch_size, seed=seed, callbacks=[_put_right(rate, turn)],
        telemetry=Telemetry(every=1, num_rows=PROBE_ROWS),
    )  # fmt: skip
    start, right = _members(subject, UNMOVED, seeds, 1), _members(subject, rate, seeds)
    large = _members(subject, rate * factor, seeds)
    own, other = train(subject, [*start, *right, *large]), train(leaky, [*start, *large])
    seen = DeadUnits(
        ways=_titles(subject, rate, factor, turn),
        layers=tuple(layers),
        units=tuple(layers.values()),
        factor=factor,
        turn=turn,
        dead=np.concatenate([_dead(own, list(layers), seeds), _dead(other, list(layers), seeds)]),
        loss=np.concatenate([losses_of(own, 3, epochs)[1:], losses_of(other, 2, epochs)[1:]]),
    )
    return View(plot_dead_units(seen), sentence_of_dead_units(seen), seen)


def _check(factor: float, turn: int, epochs: int) -> None:
    if not factor > 1:
        raise OptionError("factor", "`factor` must be above 1", received=str(factor))
    if not 1 <= turn <= epochs:
        raise OptionError("turn", "`turn` lies outside of the training", expected=f"1 to {epochs}", received=str(turn))


def _rectified(subject: Subject) -> dict[str, int]:
    """Names of the hidden layers that end in a ReLU, and their units."""
    names = [name for name, activation in hidden_activations(subject.model).items() if activation in RECTIFIED]
    if not names:
        raise ModelError(
            "no_relu", "No hidden layer of the model has a ReLU", expected="a hidden layer with activation='relu'",
            hint="other activations have a slope everywhere, so that their units cannot die",
        )  # fmt: skip
    if subject.network.learning_rate_position is None:
        raise ModelError(
            "rate_by_schedule", "The learning rate of the model follows a schedule, and this view is to put it right",
            expected="a number for `learning_rate`",
        )  # fmt: skip
    return {layer.name: int(layer.output.shape[-1]) for layer in subject.network.taps.layers if layer.name in names}


def _members(subject: Subject, rate: float, seeds: int, epochs: int | None = None) -> list[Member]:
    rows = np.arange(num_rows(subject.data))
    return [Member(rows, seed=one, settings={LEARNING_RATE: rate}, epochs=epochs) for one in range(seeds)]


def _put_right(rate: float, turn: int) -> Any:
    """Gives every member the right rate after some epochs."""
    return keras.callbacks.LearningRateScheduler(lambda epoch, own: rate if epoch >= turn else own)


def _titles(subject: Subject, rate: float, factor: float, turn: int) -> tuple[str, str, str]:
    optimizer, epochs = type(subject.model.optimizer).__name__, "epoch" if turn == 1 else "epochs"
    large = f"rate {number(rate * factor)} for {turn} {epochs}"
    return f"relu, {optimizer} at rate {number(rate)}", f"relu, {large}", f"leaky_relu, {large}"


def _dead(result: PopulationResult, layers: list[str], seeds: int) -> np.ndarray:
    """Shares of dead units way by way, the network before training as moment 0; members that began begin the list."""
    places = [[layer.name for layer in result.network.taps.layers].index(name) for name in layers]
    dead = np.asarray(result.signs["dead"], float)[:, :, places]
    ways = dead.reshape(-1, seeds, *dead.shape[1:])
    start = ways[0, :, :1]
    return np.stack([np.concatenate([start, way], axis=1) for way in ways[1:]])
