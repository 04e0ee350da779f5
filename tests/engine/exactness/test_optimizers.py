"""A member equals its lone Keras fit: every Keras optimizer, with clipping, decay, averages and schedules."""

from functools import partial
from typing import Any

import keras
import pytest
from keras import optimizers
from keras.optimizers import schedules

from engine.models import dense, numbers, sequential
from engine.oracle import assert_members_equal_lone_fits, precision

X, Y = numbers(22, 5), numbers(22, 1, seed=1)

CASES: dict[str, partial[Any]] = {
    "SGD": partial(optimizers.SGD, 0.1, clipvalue=0.05),
    "SGD with momentum": partial(optimizers.SGD, 0.1, momentum=0.8, clipnorm=0.3),
    "SGD by Nesterov": partial(optimizers.SGD, 0.1, momentum=0.8, nesterov=True, global_clipnorm=0.5),
    "RMSprop": partial(optimizers.RMSprop, 0.01, momentum=0.5, centered=True),
    "Adam": partial(optimizers.Adam, 0.01, amsgrad=True),
    "AdamW": partial(optimizers.AdamW, 0.01, weight_decay=0.1),
    "Adamax": partial(optimizers.Adamax, 0.01, weight_decay=0.02),
    "Nadam": partial(optimizers.Nadam, 0.01),
    "Adagrad": partial(optimizers.Adagrad, 0.05),
    "Adadelta": partial(optimizers.Adadelta, 0.5),
    "Ftrl": partial(optimizers.Ftrl, 0.05, l1_regularization_strength=0.01, l2_regularization_strength=0.02, beta=0.1),
    "Lion": partial(optimizers.Lion, 0.01),
    "Lamb": partial(optimizers.Lamb, 0.01),
    "Adafactor": partial(optimizers.Adafactor, 0.05),
    "Muon": partial(optimizers.Muon, 0.02),
    "moving averages": partial(optimizers.Adam, 0.01, use_ema=True, ema_momentum=0.7),
    "accumulated gradients": partial(optimizers.SGD, 0.1, momentum=0.5, gradient_accumulation_steps=3),
    "loss scaling": partial(optimizers.Adam, 0.01, loss_scale_factor=64.0),
    "exponential schedule": partial(optimizers.SGD, schedules.ExponentialDecay(0.2, 3, 0.8)),
    "cosine schedule with warm-up": partial(
        optimizers.Adam, schedules.CosineDecay(0.001, 8, warmup_target=0.05, warmup_steps=3)
    ),
    "piecewise schedule": partial(optimizers.SGD, schedules.PiecewiseConstantDecay([2, 5], [0.2, 0.1, 0.01])),
}


@pytest.mark.parametrize("name", CASES)
def test_optimizers(name: str):
    mode = ("map", "vmap")[list(CASES).index(name) % 2]
    with precision("float64", mixes_types=True):
        build = sequential(dense(4, activation="tanh"), dense(1), optimizer=CASES[name])
        assert_members_equal_lone_fits(build, X, Y, kind="float64", mode=mode)


@pytest.mark.parametrize("name", ["SGD by Nesterov", "Adam", "RMSprop", "AdamW"])
def test_optimizers_in_float32(name: str):
    build = sequential(dense(4, activation="tanh"), dense(1), optimizer=CASES[name])
    assert_members_equal_lone_fits(build, X, Y, kind="float32", mode="vmap")


def test_weights_left_out_of_decay_are_not_decayed():
    def optimizer() -> keras.optimizers.Optimizer:
        made = optimizers.AdamW(0.01, weight_decay=0.5)
        made.exclude_from_weight_decay(var_names=["bias"])
        return made

    with precision("float64"):
        build = sequential(dense(4, activation="tanh"), dense(1), optimizer=optimizer)
        assert_members_equal_lone_fits(build, X, Y, kind="float64", epochs=3)


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_mixed_precision(policy: str):
    keras.config.set_dtype_policy(policy)
    try:
        build = sequential(dense(4, activation="tanh"), dense(1, dtype="float32"), optimizer=CASES["Adam"])
        with_strict_types_off(build, allowed={"mixed_bfloat16": 2e-2, "mixed_float16": 2e-3}[policy])
    finally:
        keras.config.set_dtype_policy("float32")


def with_strict_types_off(build: Any, *, allowed: float) -> None:
    import jax

    with jax.numpy_dtype_promotion("standard"):
        assert_members_equal_lone_fits(build, X, Y, kind="float32", epochs=3, allowed=allowed)
