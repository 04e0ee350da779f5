"""The oracle of the engine's tests: `keras.Model.fit` on the JAX backend, member by member."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import jax
import keras
import numpy as np

from tenfold.engine.arrays import first_rows, to_arrays
from tenfold.engine.network import Batch, Network, State
from tenfold.engine.population import Member, PopulationResult, train_population
from tenfold.engine.starts import build_model, deferring_initializers, member_states


@contextlib.contextmanager
def precision(name: str, *, mixes_types: bool = False) -> Iterator[None]:
    """Keras and JAX in `float32` or `float64` while the block runs.

    Args:
        name: The type.
        mixes_types: Whether Keras 3.15 itself mixes float32 into float64 there, as its recurrent layers do; then JAX's
            strict promotion is off.
    """
    before = keras.config.floatx()
    jax.config.update("jax_enable_x64", name == "float64")
    keras.config.set_floatx(name)
    keras.config.set_dtype_policy(name)
    try:
        with jax.numpy_dtype_promotion("standard" if mixes_types else "strict"):
            yield
    finally:
        keras.config.set_floatx(before)
        keras.config.set_dtype_policy(before)
        jax.config.update("jax_enable_x64", False)


def tolerance(name: str) -> float:
    """What the engine promises: 1e-10 in float64, rounding in float32 over a few epochs."""
    return 1e-10 if name == "float64" else 2e-5


def ragged_folds(num_rows: int, num_folds: int, seed: int = 0) -> list[Member]:
    """Members of a K-fold whose folds differ in size."""
    order = np.random.default_rng(seed).permutation(num_rows)
    parts = np.array_split(order, num_folds)
    return [Member(np.sort(np.setdiff1d(order, part)), np.sort(part), fold=fold) for fold, part in enumerate(parts)]


def initial_states(build: Callable[[], Any], data: Batch, members: Sequence[Member], seed: int) -> State:
    """The states that the engine starts these members from."""
    with deferring_initializers():
        network = Network(build_model(build), first_rows(data, 4))
    return member_states(build, network, members, seed, first_rows(data, 4))


class LoneFits:
    """`Model.fit` for one member after the other.

    One model serves them all, because Keras keeps its compiled steps from one `fit` to the next: a member starts from
    its own weights, optimizer slots and seeds, so that nothing of the one before is left.

    Args:
        build: Returns a compiled model.
        data: All rows.
    """

    def __init__(self, build: Callable[[], Any], data: Batch) -> None:
        self.data = data
        self.model = build_model(build)
        self.network = Network(self.model, first_rows(data, 4))

    def fit(self, member: Member, start: State, **arguments: Any) -> tuple[dict[str, list[float]], list[np.ndarray]]:
        """History and final weights of one member."""
        self.network.assign(start, self.model)
        train, validation = (
            jax.tree.map(lambda leaf, rows=rows: leaf[rows], self.data)
            for rows in (member.train_rows, member.validation_rows)
        )
        held_out = keras.utils.pack_x_y_sample_weight(validation.x, validation.y, validation.sample_weight)
        history = self.model.fit(
            train.x, train.y, sample_weight=train.sample_weight, shuffle=False, verbose=0,
            validation_data=held_out if len(member.validation_rows) else None, **arguments,
        )  # fmt: skip
        return history.history, [np.asarray(value) for value in self.model.get_weights()]


def assert_members_equal_lone_fits(
    build: Callable[[], Any],
    x: Any,
    y: Any,
    *,
    kind: str,
    members: Sequence[Member] | None = None,
    mode: str = "map",
    sample_weight: Any = None,
    epochs: int = 5,
    batch_size: int = 8,
    callbacks: Callable[[], list[Any]] = list,
    allowed: float | None = None,
    compares_weights: bool = True,
) -> PopulationResult:
    """Train the members together and one by one, and compare every logged number and every weight.

    Args:
        build: Returns a compiled model.
        x: Inputs.
        y: Targets.
        kind: `"float32"` or `"float64"`.
        members: The members; by default three ragged folds.
        mode: Mode of the engine.
        sample_weight: Weights of the rows.
        epochs: Epochs.
        batch_size: Rows of a step.
        callbacks: Makes fresh callbacks.
        allowed: Relative and absolute difference; by default what the engine promises.
        compares_weights: False where the engine differs on purpose: a diverged member keeps its last sound weights.
    """
    allowed = tolerance(kind) if allowed is None else allowed
    data = to_arrays(x, y, sample_weight)
    members = members or ragged_folds(jax.tree.leaves(data.x)[0].shape[0], 3)
    result = train_population(
        build, x, y, members, epochs=epochs, batch_size=batch_size, sample_weight=sample_weight, shuffle=False, seed=7,
        mode=mode, fuse=False, callbacks=callbacks(),
    )  # fmt: skip
    states, lone = initial_states(build, data, members, seed=7), LoneFits(build, data)
    for number, member in enumerate(members):
        start = jax.tree.map(lambda leaf, number=number: leaf[number], states)
        history, weights = lone.fit(member, start, epochs=epochs, batch_size=batch_size, callbacks=callbacks())
        compare(result, number, history, weights if compares_weights else weights_of(result, number), allowed)
    return result


def weights_of(result: PopulationResult, number: int) -> list[np.ndarray]:
    """A member's weights in the order of `Model.get_weights`."""
    values = result.network.in_order_of_weights(result.states.trainable, result.states.frozen)
    return [np.asarray(value[number]) for value in values]


def compare(
    result: PopulationResult, number: int, history: dict[str, list[float]], weights: list[np.ndarray], allowed: float
) -> None:
    """One member against its lone fit."""
    trained = int(result.epochs_trained[number])
    assert set(result.history) == set(history)
    for name, values in history.items():
        assert trained == len(values), f"member {number} trained {trained} epochs, Keras {len(values)}"
        np.testing.assert_allclose(
            result.history[name][number][:trained], values, rtol=allowed, atol=allowed, err_msg=f"{name} of {number}"
        )
        assert np.isnan(result.history[name][number][trained:]).all()
    for ours, theirs in zip(weights_of(result, number), weights, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=allowed, atol=allowed, err_msg=f"weights of {number}")
