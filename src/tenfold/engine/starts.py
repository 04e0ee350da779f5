"""Where members start: a state each, from one model.

Building a Keras model takes tens of milliseconds, so a hundred members are not built a hundred times. The first model
is built without drawing its weights: each variable keeps its initializer, from which a member's weights are drawn with
the member's own seed. What does not come from a random initializer (zeros, pretrained or adapted weights, seeds given
by the user) is the same for all members. Where a weight is neither drawn nor the same in two builds, each member is
built by itself: slower, never wrong.
"""

import contextlib
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import keras
import numpy as np
from keras.src import backend
from keras.src.initializers import random_initializers
from keras.src.initializers.random_initializers import RandomInitializer

from tenfold.engine.member import Member
from tenfold.engine.network import Batch, Network, State
from tenfold.engine.settings import LEARNING_RATE
from tenfold.errors import ModelError

__all__ = ["build_model", "deferring_initializers", "member_states", "start_of"]


@contextlib.contextmanager
def deferring_initializers() -> Iterator[None]:
    """Let variables keep their initializers, undrawn, while the block builds a model.

    Keras knows such variables from building inside a stateless scope: reading one calls its initializer each time (same
    seed, same value), assigning to one settles it. So a `build` that reads or sets weights still works.
    """
    kind, random = backend.Variable, random_initializers.random
    original = kind._initialize_with_initializer, kind._deferred_initialize, random.make_default_seed

    def keep(variable: Any, initializer: Any) -> None:
        variable._value, variable._initializer = None, initializer

    kind._initialize_with_initializer, kind._deferred_initialize = keep, lambda _: None
    random.make_default_seed = lambda: _SeedOfKeras(original[2]())
    try:
        yield
    finally:
        kind._initialize_with_initializer, kind._deferred_initialize, random.make_default_seed = original


_FILLINGS = {keras.initializers.Zeros: 0, keras.initializers.Ones: 1}
"""What these initializers fill a variable with; JAX would compile a program for each shape to do so."""


class _SeedOfKeras(int):
    """A seed that Keras has drawn because the user gave none.

    `EinsumDense`, and with it attention, hands the seed of one initializer to another, which then looks like the
    user's.
    """


def build_model(build: Any) -> Any:
    """The model that a user's `build` function returns, or the model itself.

    Raises:
        ModelError: `build` is neither, or returns something else.
    """
    model = build if isinstance(build, keras.Model) else build() if callable(build) else build
    if not isinstance(model, keras.Model):
        raise ModelError(
            "not_a_model",
            "`build` does not give a Keras model",
            expected="a function that returns a compiled keras.Model, or a compiled keras.Model",
            received=f"{type(model).__name__}" if callable(build) else f"`build` of type {type(build).__name__}",
            hint="return the model at the end of the function" if model is None else None,
        )
    return model


def member_states(build: Any, network: Network, members: Sequence[Member], run_seed: int, sample: Batch) -> State:
    """Initial states of all members.

    Args:
        build: A function that builds the model anew, or the model: then every member starts from its present weights.
        network: The network of the first model.
        members: Whose states; a member's `settings` may hold its learning rate.
        run_seed: Seed of the call.
        sample: First rows of the data, to build further models with.

    Returns:
        A state whose arrays have a leading member axis.
    """
    model = network.model
    if not isinstance(build, keras.Model) and not _others_are_the_same(build, model, sample):
        states = [_built_state(build, sample, run_seed, member) for member in members]
        trainable, frozen = ([list(line) for line in zip(*part, strict=True)] for part in zip(*states, strict=True))
    else:
        seeds = [_Seeds(run_seed, member) for member in members]
        trainable = [_values(variable, seeds) for variable in model.trainable_variables]
        frozen = [_values(variable, seeds) for variable in model.non_trainable_variables]
    _reseed_noise(model, frozen, run_seed, members)
    _put_starts(model, trainable, frozen, members)
    return State([np.stack(v) for v in trainable], [np.stack(v) for v in frozen], _optimizer_values(network, members))


def start_of(variable: Any, model: Any) -> Any:
    """What decides where a variable of an unsettled model starts: its initializer, or the value it has.

    Args:
        variable: A variable of the model.
        model: Built while initializers were deferred.

    Returns:
        A configuration, an array, or None for noise that each member draws by itself. Equal for two variables whose
        members start alike.
    """
    if _noise_states(model).get(id(variable)) is False:
        return None
    if _is_drawn(variable):
        initializer = variable._initializer
        config = {name: value for name, value in initializer.get_config().items() if name != "seed"}
        return [type(initializer).__name__, config]
    return _fixed(variable)


class _Seeds:
    """A member's stream of seeds, one for each variable, in the order of the variables."""

    def __init__(self, run_seed: int, member: Member) -> None:
        self.generator = np.random.default_rng(member.entropy(run_seed, "weights"))

    def next(self) -> int:
        return int(self.generator.integers(1, 2**31 - 1))


def _values(variable: Any, seeds: Sequence[_Seeds]) -> list[np.ndarray]:
    if not _is_drawn(variable):
        return [_fixed(variable)] * len(seeds)
    return [_draw(variable, seed.next()) for seed in seeds]


def _fixed(variable: Any) -> np.ndarray:
    """The value of a variable that is the same for all members, filled by NumPy where it is one number."""
    filling = _FILLINGS.get(type(_initializer(variable)))
    if filling is None:
        return np.asarray(variable.value)
    return np.full(variable.shape, filling, variable.dtype)


def _draw(variable: Any, seed: int) -> np.ndarray:
    initializer = variable._initializer
    before = initializer.seed, random_initializers.random
    try:
        initializer.seed, random_initializers.random = seed, _NumpyDraws
        return np.asarray(initializer(variable.shape, dtype=variable.dtype), variable.dtype)
    finally:
        initializer.seed, random_initializers.random = before


class _NumpyDraws:
    """The three distributions that Keras' initializers draw from, drawn by NumPy.

    JAX would compile a program for each shape, 0.15 s apiece, to draw a few thousand numbers once.
    """

    @staticmethod
    def uniform(
        shape: Any, minval: float = 0.0, maxval: float = 1.0, dtype: Any = None, seed: Any = None
    ) -> np.ndarray:
        """Between `minval` and `maxval`."""
        return np.asarray(np.random.default_rng(seed).uniform(minval, maxval, shape), dtype)

    @staticmethod
    def normal(shape: Any, mean: float = 0.0, stddev: float = 1.0, dtype: Any = None, seed: Any = None) -> np.ndarray:
        """Around `mean`."""
        return np.asarray(np.random.default_rng(seed).normal(mean, stddev, shape), dtype)

    @staticmethod
    def truncated_normal(
        shape: Any, mean: float = 0.0, stddev: float = 1.0, dtype: Any = None, seed: Any = None
    ) -> np.ndarray:
        """Around `mean`; values beyond two standard deviations are drawn again."""
        generator = np.random.default_rng(seed)
        values = generator.standard_normal(shape)
        while (outside := np.abs(values) > 2).any():  # noqa: PLR2004  # Keras' own bound
            values[outside] = generator.standard_normal(int(outside.sum()))
        return np.asarray(mean + stddev * values, dtype)


def _initializer(variable: Any) -> Any | None:
    """The initializer of a variable that nobody has set since."""
    return variable._initializer if variable._value is None else None


def _is_drawn(variable: Any) -> bool:
    """Whether the variable waits for a random draw without a seed of the user's."""
    initializer = _initializer(variable)
    return isinstance(initializer, RandomInitializer) and isinstance(initializer.seed, _SeedOfKeras)


def _is_plain(variable: Any) -> bool:
    """Whether the variable waits for a fixed value of Keras' own, such as zeros."""
    initializer = _initializer(variable)
    module = getattr(initializer, "__module__", None) or type(initializer).__module__
    return initializer is not None and str(module).startswith("keras.src.")


def _others_are_the_same(build: Callable[[], Any], model: Any, sample: Batch) -> bool:
    """Whether the variables that are not drawn for each member would be the same in another build."""
    noise = _noise_states(model)
    doubtful = [
        position
        for position, variable in enumerate(_weights(model))
        if not _is_drawn(variable) and not _is_plain(variable) and id(variable) not in noise
    ]
    if not doubtful:
        return True
    with _global_randomness(1):
        other = build_model(build)
        Network(other, sample)
    before, after = _weights(model), _weights(other)
    return len(before) == len(after) and all(np.array_equal(before[i].value, after[i].value) for i in doubtful)


def _built_state(
    build: Callable[[], Any], sample: Batch, run_seed: int, member: Member
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    with _global_randomness(_Seeds(run_seed, member).next()):
        network = Network(build_model(build), sample)
    state = network.state()
    return [np.asarray(v) for v in state.trainable], [np.asarray(v) for v in state.frozen]


def _weights(model: Any) -> list[Any]:
    return [*model.trainable_variables, *model.non_trainable_variables]


@contextlib.contextmanager
def _global_randomness(seed: int) -> Iterator[None]:
    """Python's and NumPy's global generators at a seed while the block runs, then as they were."""
    before = random.getstate(), np.random.get_state()  # noqa: NPY002  # what a user's `build` may draw from
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002
    try:
        yield
    finally:
        random.setstate(before[0])
        np.random.set_state(before[1])  # noqa: NPY002


def _noise_states(model: Any) -> dict[int, bool]:
    """Seed variables of dropout and the like: identity -> whether the user gave the seed."""
    generators = [one for layer in model._flatten_layers() for one in getattr(layer, "_seed_generators", [])]
    return {id(generator.state): generator._initial_seed is not None for generator in generators}


def _reseed_noise(model: Any, frozen: list[list[np.ndarray]], run_seed: int, members: Sequence[Member]) -> None:
    """Give each member its own noise, where the user did not fix the seed."""
    noise = _noise_states(model)
    streams = [np.random.default_rng(member.entropy(run_seed, "noise")) for member in members]
    for position, variable in enumerate(model.non_trainable_variables):
        if noise.get(id(variable)) is False:
            kind = np.asarray(variable.value).dtype
            frozen[position] = [np.array([stream.integers(1, 10**9), 0], kind) for stream in streams]


def _put_starts(
    model: Any, trainable: Sequence[list[np.ndarray]], frozen: Sequence[list[np.ndarray]], members: Sequence[Member]
) -> None:
    """Put what members bring themselves in the place of what the model starts from."""
    lines = dict(zip((variable.path for variable in _weights(model)), [*trainable, *frozen], strict=True))
    for number, member in enumerate(members):
        for path, value in member.start.items():
            own = np.asarray(lines[path][number]) if path in lines else np.zeros(0)
            if path not in lines or own.shape != np.shape(value):
                raise ModelError(
                    "start",
                    f"A member cannot start from values for `{path}`",
                    expected=f"{own.shape} numbers" if path in lines else f"one of {', '.join(sorted(lines))}",
                    received=f"{np.shape(value)} numbers" if path in lines else None,
                )
            lines[path][number] = np.asarray(value, own.dtype)


def _optimizer_values(network: Network, members: Sequence[Member]) -> list[np.ndarray]:
    values = [np.stack([_fixed(v)] * len(members)) for v in network.model.optimizer.variables]
    position = network.learning_rate_position
    for line, member in enumerate(members):
        rate = member.settings.get(LEARNING_RATE)
        if rate is not None and position is not None:
            values[position][line] = rate
    return values
