"""Unsafe operations: found in functions that break, confirmed by evaluation, not found in their safe twins."""

import math

import jax.numpy as jnp
import keras
import numpy as np
import pytest
from keras import losses, ops

from precision.unsafe.formulas import SAFE, UNSAFE
from tenfold.precision.unsafe.extremes import Argument
from tenfold.precision.unsafe.finding import find_unsafe
from tenfold.precision.unsafe.interval import ANYTHING, Interval

ROWS, CLASSES = 5, 3
RANDOM = np.random.default_rng(0)
NUMBERS = RANDOM.normal(size=(ROWS, CLASSES)).astype("float32")
TWO = (NUMBERS > 0).astype("float32")
NUMBER_OF_CLASS = np.array([0, 1, 2, 1, 0])
ONE_HOT = np.eye(CLASSES, dtype="float32")[NUMBER_OF_CLASS]
SHARE, POSITIVE = Interval(0.0, 1.0), Interval(0.0, math.inf)


def observed(y: np.ndarray) -> Argument:
    return Argument(y.shape, Interval(float(y.min()), float(y.max())), y.dtype.name, y, passes_gradient=False)


def answers(interval: Interval, shape: tuple[int, ...] = (ROWS, CLASSES), **facts: bool) -> Argument:
    return Argument(shape, interval, **facts)


@pytest.mark.parametrize("name", UNSAFE)
def test_a_function_that_breaks_is_found_and_seen_to_break(name: str):
    operation, interval, function = UNSAFE[name]
    found = find_unsafe(function, [answers(interval)]).operations
    assert operation in [one.operation for one in found]
    assert any(one.confirmed for one in found)


@pytest.mark.parametrize("name", SAFE)
def test_a_function_that_cannot_break_is_left_alone(name: str):
    interval, function = SAFE[name]
    assert find_unsafe(function, [answers(interval)]).operations == []


KERAS = {
    **{
        one.__name__: (one(), NUMBERS, answers(ANYTHING))
        for one in (losses.MeanSquaredError, losses.MeanAbsoluteError, losses.MeanAbsolutePercentageError, losses.Huber,
                    losses.LogCosh, losses.Hinge, losses.SquaredHinge, losses.CategoricalHinge)
    },
    "squared logarithms": (losses.MeanSquaredLogarithmicError(), np.abs(NUMBERS), answers(POSITIVE)),
    "squared logarithms of any number": (losses.MeanSquaredLogarithmicError(), np.abs(NUMBERS), answers(ANYTHING)),
    "poisson": (losses.Poisson(), np.round(np.abs(NUMBERS)), answers(POSITIVE)),
    "divergence": (losses.KLDivergence(), ONE_HOT, answers(SHARE, sums_to_one=True)),
    "two classes": (losses.BinaryCrossentropy(), TWO, answers(SHARE)),
    "two classes, smoothed": (losses.BinaryCrossentropy(label_smoothing=0.1), TWO, answers(SHARE)),
    "two classes, logits": (losses.BinaryCrossentropy(from_logits=True), TWO, answers(ANYTHING)),
    "two classes, focal": (losses.BinaryFocalCrossentropy(apply_class_balancing=True), TWO, answers(SHARE)),
    "two classes, focal, logits": (losses.BinaryFocalCrossentropy(from_logits=True), TWO, answers(ANYTHING)),
    "classes": (losses.CategoricalCrossentropy(), ONE_HOT, answers(SHARE, sums_to_one=True)),
    "classes, smoothed": (
        losses.CategoricalCrossentropy(label_smoothing=0.1), ONE_HOT, answers(SHARE, sums_to_one=True)
    ),
    "classes, logits": (losses.CategoricalCrossentropy(from_logits=True), ONE_HOT, answers(ANYTHING)),
    "classes, focal": (losses.CategoricalFocalCrossentropy(), ONE_HOT, answers(SHARE, sums_to_one=True)),
    "classes, focal, logits": (losses.CategoricalFocalCrossentropy(from_logits=True), ONE_HOT, answers(ANYTHING)),
    "numbered": (losses.SparseCategoricalCrossentropy(), NUMBER_OF_CLASS, answers(SHARE, sums_to_one=True)),
    "numbered, logits": (losses.SparseCategoricalCrossentropy(from_logits=True), NUMBER_OF_CLASS, answers(ANYTHING)),
    "dice": (losses.Dice(), TWO, answers(SHARE)),
    "tversky": (losses.Tversky(), TWO, answers(SHARE)),
    "circle": (losses.Circle(), NUMBER_OF_CLASS, answers(Interval(-1.0, 1.0))),
    "temporal classes": (
        losses.CTC(), np.array([[1, 2], [1, 1], [2, 0], [1, 2], [2, 1]]), answers(ANYTHING, (ROWS, 6, CLASSES))
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", KERAS)
def test_a_loss_of_keras_with_its_activation_is_clean(name: str):
    loss, y, argument = KERAS[name]
    searched = find_unsafe(loss.call, [observed(y), argument])
    assert searched.operations == []
    assert not searched.unknown


@pytest.mark.parametrize(
    ("loss", "y", "argument", "operation"),
    [
        (losses.CosineSimilarity(), NUMBERS, answers(ANYTHING), "rsqrt"),
        (losses.CategoricalGeneralizedCrossEntropy(), NUMBER_OF_CLASS, answers(SHARE, sums_to_one=True), "pow"),
        (losses.Poisson(), np.round(np.abs(NUMBERS)), answers(ANYTHING), "log"),
    ],
)
def test_a_loss_of_keras_that_breaks_is_found_only_because_it_was_seen_to(loss, y, argument, operation):
    (found,) = find_unsafe(loss.call, [observed(y), argument]).operations
    assert (found.operation, found.confirmed) == (operation, True)


def test_the_two_losses_of_keras_that_are_not_clean_really_have_a_gradient_that_is_nan():
    import jax

    zeros = jnp.zeros((1, CLASSES))
    cosine = jax.grad(lambda p: losses.cosine_similarity(jnp.ones((1, CLASSES)), p).sum())(zeros)
    certain = jnp.array([[1.0, 0.0, 0.0]])
    generalized = jax.grad(lambda p: losses.categorical_generalized_cross_entropy(jnp.array([1]), p, 0.5).sum())(
        certain
    )
    assert np.isnan(cosine).all()
    assert not np.isfinite(generalized).all()


def my_loss(y_true, y_pred):
    mistake = y_true - y_pred
    return ops.mean(ops.sqrt(ops.square(mistake)), axis=-1)


def test_the_line_of_the_users_own_function_is_named():
    (found,) = find_unsafe(my_loss, [observed(NUMBERS), answers(ANYTHING)]).operations
    assert found.function == "my_loss"
    assert found.source == "return ops.mean(ops.sqrt(ops.square(mistake)), axis=-1)"
    assert found.file == __file__
    assert str(found).startswith("sqrt of numbers in [0, inf] in `my_loss`, line ")
    assert (found.effect, found.confirmed) == ("gradient", True)


@pytest.mark.parametrize(
    ("function", "interval", "advice"),
    [
        (lambda x: ops.log(ops.sigmoid(x)), ANYTHING, "keras.ops.log_sigmoid(logits)"),
        (lambda x: ops.log(1 - ops.sigmoid(x)), ANYTHING, "keras.ops.log_sigmoid(-logits)"),
        (lambda x: ops.log(ops.softmax(x)), ANYTHING, "keras.ops.log_softmax(logits)"),
        (lambda x: ops.where(x > 0, ops.log(x), 0.0), ANYTHING, "where(x > 0, log(where(x > 0, x, 1)), 0)"),
        (lambda x: ops.sqrt(ops.sum(x * x)), ANYTHING, "the epsilon stands inside the root"),
        (lambda x: x / ops.sqrt(ops.sum(x * x)), ANYTHING, "keras.ops.rsqrt(sum of squares + 1e-12)"),
    ],
)
def test_the_advice_names_the_form_that_holds(function, interval, advice):
    assert any(advice in one.advice for one in find_unsafe(function, [answers(interval)]).operations)


def test_the_type_decides_where_one_minus_a_clipped_probability_is_zero():
    def function(p):
        return ops.log(1 - ops.clip(p, 1e-7, 1 - 1e-7))

    assert find_unsafe(function, [answers(SHARE)]).operations == []
    (half,) = find_unsafe(function, [Argument((ROWS, CLASSES), SHARE, "float16")]).operations
    assert (half.operation, half.confirmed) == ("log", True)


def test_a_primitive_without_a_rule_may_be_anything_and_is_counted():
    searched = find_unsafe(lambda x: ops.log(2.0 + jnp.sinh(x)), [answers(ANYTHING)])
    assert searched.unknown["sinh"] == 1
    assert [one.operation for one in searched.operations] == ["log"]


def test_without_a_line_of_the_users_nothing_is_said_of_the_users_code():
    arguments = [observed(np.round(np.abs(NUMBERS))), answers(ANYTHING)]
    assert find_unsafe(keras.losses.Poisson().call, arguments, only_user_code=True).operations == []
