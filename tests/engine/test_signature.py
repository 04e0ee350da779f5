"""Two models share a compiled program only if nothing differs that the program has inside."""

import gc
import warnings
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest

from engine.models import Build, dense, numbers, sequential
from tenfold.engine.arrays import first_rows, to_arrays
from tenfold.engine.network import Network

X, Y = numbers(6, 5), numbers(6, 1)


def signature(build: Build, y: Any = Y, *, fuse: bool = True, traced: tuple[str, ...] = ()) -> Any:
    return Network(build(), first_rows(to_arrays(X, y), 4), fuse=fuse, traced=traced).signature


def sgd(**arguments: Any) -> Callable[[], Any]:
    return lambda: keras.optimizers.SGD(**arguments)


def hidden(**arguments: Any) -> Build:
    return sequential(dense(4, **arguments), dense(1))


def test_builds_of_one_function_are_the_same_although_keras_counts_names_up():
    assert signature(hidden(activation="relu")) == signature(hidden(activation="relu"))


def test_learning_rates_are_arguments_of_a_program():
    slow, fast = (sequential(dense(1), optimizer=sgd(learning_rate=rate)) for rate in (0.1, 0.2))
    assert signature(slow) == signature(fast)


def test_a_traced_number_is_an_argument_and_an_untraced_one_is_not():
    def build(momentum: float) -> Build:
        return sequential(dense(1, name="out"), optimizer=sgd(momentum=momentum))

    assert signature(build(0.9)) != signature(build(0.8))
    traced = ("optimizer.momentum",)
    assert signature(build(0.9), traced=traced) == signature(build(0.8), traced=traced)
    assert signature(build(0.9), traced=traced) != signature(build(0.9))


PAIRS = {
    "activation": (hidden(activation="relu"), hidden(activation="tanh")),
    "activation and a name that looks like it": (
        hidden(activation="relu", name="relu"),
        hidden(activation="tanh", name="tanh"),
    ),
    "regulariser": (hidden(kernel_regularizer="l1"), hidden(kernel_regularizer="l2")),
    "loss": (sequential(dense(1), loss="mse"), sequential(dense(1), loss="mae")),
    "number of a loss": tuple(sequential(dense(1), loss=keras.losses.Huber(delta)) for delta in (1.0, 5.0)),
    "weights of a metric": (
        sequential(dense(1), metrics=lambda: ["mae"]),
        sequential(dense(1), weighted_metrics=["mae"]),
    ),
    "momentum": (sequential(dense(1), optimizer="sgd"), sequential(dense(1), optimizer=sgd(momentum=0.5))),
    "clipping": tuple(sequential(dense(1), optimizer=sgd(clipnorm=norm)) for norm in (1.0, 2.0)),
}


@pytest.mark.parametrize("name", PAIRS)
def test_what_a_program_has_inside_counts(name: str):
    one, other = PAIRS[name]
    assert signature(one) != signature(other)


def test_a_schedule_counts_by_its_numbers():
    def build(rate: float) -> Build:
        return sequential(dense(1), optimizer=sgd(learning_rate=keras.optimizers.schedules.CosineDecay(rate, 10)))

    assert signature(build(0.1)) == signature(build(0.1))
    assert signature(build(0.1)) != signature(build(0.2))


def test_the_statistics_of_an_adapted_layer_count():
    def build(scale: float) -> Build:
        def normalise() -> keras.layers.Layer:
            layer = keras.layers.Normalization()
            layer.adapt(X * scale)
            return layer

        return sequential(normalise, dense(1))

    assert signature(build(1.0)) == signature(build(1.0))
    assert signature(build(1.0)) != signature(build(10.0))


def test_weights_that_are_not_decayed_count():
    def build(excluded: list[str]) -> Build:
        def optimizer() -> keras.optimizers.Optimizer:
            made = keras.optimizers.AdamW()
            made.exclude_from_weight_decay(var_names=excluded)
            return made

        return sequential(dense(1), optimizer=optimizer)

    assert signature(build(["bias"])) != signature(build(["kernel"]))


def test_frozen_layers_count():
    def build(*, trainable: bool) -> Build:
        return sequential(lambda: keras.layers.BatchNormalization(trainable=trainable), dense(1))

    assert signature(build(trainable=True)) != signature(build(trainable=False))


def test_fused_heads_count():
    build = sequential(dense(1, activation="sigmoid"), loss="binary_crossentropy")
    assert signature(build, fuse=True) != signature(build, fuse=False)


def two_outputs(metrics: Any = None, names: tuple[str | None, str | None] = (None, None)) -> Build:
    def build() -> keras.Model:
        inputs = keras.Input((5,))
        model = keras.Model(inputs, [keras.layers.Dense(1, name=name)(inputs) for name in names])
        model.compile("sgd", ["mse", "mae"], metrics=metrics)
        return model

    return build


def test_the_output_that_a_metric_belongs_to_counts():
    one, other = (two_outputs({name: ["mae"]}, ("price", "rooms")) for name in ("price", "rooms"))
    assert signature(one, [Y, Y]) != signature(other, [Y, Y])


def test_functions_of_the_users_own_are_never_taken_for_each_other():
    def scaled(factor: float) -> Callable[[Any], Any]:
        def activation(values: Any) -> Any:
            return values * factor

        return activation

    assert signature(hidden(activation=scaled(2.0))) != signature(hidden(activation=scaled(3.0)))


def test_a_lambda_is_not_serialized_to_tell_models_apart():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert signature(hidden(activation=lambda v: v)) != signature(hidden(activation=lambda v: 2 * v))


class Strength(keras.regularizers.Regularizer):
    """Keeps its number out of its configuration."""

    def __init__(self, strength: float) -> None:
        self.strength = strength

    def __call__(self, x: Any) -> Any:
        return self.strength * keras.ops.sum(x * x)

    def get_config(self) -> dict[str, Any]:
        return {}


def test_objects_of_the_users_own_are_never_taken_for_each_other():
    one, other = (hidden(kernel_regularizer=Strength(strength)) for strength in (0.1, 0.2))
    assert signature(one) != signature(other)


def test_a_model_with_a_part_of_its_own_keeps_its_program_until_it_is_compiled_again():
    model = hidden(kernel_regularizer=Strength(0.1))()
    before = signature(lambda: model)
    assert signature(lambda: model) == before
    model.compile("adam", "mae")
    assert signature(lambda: model) != before


def test_a_model_that_is_gone_leaves_no_number_to_a_later_one():
    seen = set()
    for _ in range(20):
        seen.add(signature(hidden(kernel_regularizer=Strength(0.1))))
        gc.collect()
    assert len(seen) == 20


def test_initial_weights_do_not_count():
    def build(kernel: np.ndarray) -> Build:
        return hidden(kernel_initializer=keras.initializers.Constant(kernel))

    assert signature(build(np.zeros((5, 4)))) == signature(build(np.ones((5, 4))))
