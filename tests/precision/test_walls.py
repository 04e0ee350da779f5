"""Walls: equal to the study's constants to the last digit given, and to what Keras itself does in each format."""

import functools
import math
import subprocess
import sys

import jax
import jax.numpy as jnp
import keras
import ml_dtypes
import numpy as np
import pytest

from tenfold.errors import OptionError
from tenfold.precision.formats import DTYPES
from tenfold.precision.walls import FUNCTIONS, MIXED, wall

REFERENCE = {
    "lower": "-16.118095",
    "upper": "15.942385",
    "ceiling": "16.118095",
    "floor": "1.1920933e-07",
    "ceiling_negative": "15.942385",
    "floor_negative": "1.0000002e-07",
}
"""The study's constants for binary crossentropy in float32."""


def numbers_of(dtype, low, high):
    """Every number of a 16-bit format in a range; a fine grid of the others."""
    if dtype in ("float32", "float64"):
        return np.linspace(low, high, 400_001).astype(dtype)
    kind = ml_dtypes.bfloat16 if dtype == "bfloat16" else np.float16
    numbers = np.arange(2**16, dtype=np.uint16).view(kind)
    with np.errstate(invalid="ignore"):
        values = numbers.astype(np.float32)
        numbers = numbers[(values >= low) & (values <= high)]
    return numbers[np.argsort(numbers.astype(np.float32), kind="stable")]


def spacing(numbers, value):
    """Largest distance between neighbours around a value."""
    numbers = numbers.astype(np.float64)
    place = np.searchsorted(numbers, value)
    return float(np.diff(numbers[max(place - 2, 0) : place + 2]).max())


def evaluate(function, numbers, dtype):
    with jax.enable_x64(new_val=dtype == "float64"):
        return np.asarray(jax.jit(function)(jnp.asarray(numbers))).astype(np.float64)


def crossentropy(logits, label):
    probabilities = keras.ops.sigmoid(logits)
    return keras.ops.binary_crossentropy(jnp.full_like(probabilities, label), probabilities)


@functools.cache
def slopes_of(dtype, label):
    numbers = numbers_of(dtype, -25, 25)
    slope = jax.grad(lambda logit: crossentropy(logit[None], label)[0])
    return numbers.astype(np.float64), evaluate(jax.vmap(slope), numbers, dtype)


@pytest.mark.parametrize(("attribute", "digits"), REFERENCE.items())
def test_float32_has_the_constants_of_the_study(attribute, digits):
    value = getattr(wall("float32", "binary_crossentropy"), attribute)

    assert f"{value:.8g}" == digits


@pytest.mark.parametrize(
    ("dtype", "upper"), [("float16", 7.62), ("bfloat16", 5.55), ("float32", 16.64), ("float64", 36.74)]
)
def test_one_plus_a_small_exponential_is_one(dtype, upper):
    assert round(wall(dtype, "sigmoid").upper, 2) == upper
    assert round(wall(dtype, "softmax").upper, 2) == upper


def test_in_float32_a_sigmoid_is_one_from_24_ln_2_on():
    assert wall("float32", "sigmoid").upper == pytest.approx(24 * math.log(2), rel=1e-15)
    assert wall("float32", "binary_crossentropy").dead_above == pytest.approx(24 * math.log(2), rel=1e-15)


@pytest.mark.parametrize(("dtype", "bound"), [("float16", 11.09), ("float32", 88.72), ("float64", 709.78)])
def test_an_exponential_overflows(dtype, bound):
    assert round(wall(dtype, "exp").upper, 2) == bound
    assert round(wall(dtype, "sigmoid").lower, 2) == -bound


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_where_the_clip_rounds_to_one_the_ceiling_is_infinite(dtype):
    found = wall(dtype, "binary_crossentropy")

    assert found.ceiling == found.ceiling_negative == math.inf
    assert math.isnan(found.floor)
    assert "rounds to 1" in found.reason


def test_mixed_precision_rounds_the_probability_before_the_loss():
    found = wall("mixed_bfloat16", "binary_crossentropy")

    assert round(found.upper, 2) == 6.24
    assert round(wall("mixed_float16", "binary_crossentropy").upper, 2) == 8.32
    assert found.ceiling_negative == wall("float32", "binary_crossentropy").ceiling_negative


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("function", "top"), [("sigmoid", 1), ("exp", np.inf)])
def test_keras_reaches_the_top_at_the_wall(dtype, function, top):
    found = wall(dtype, function)
    numbers = numbers_of(dtype, found.upper - 3, found.upper + 3)

    values = evaluate(getattr(keras.ops, function), numbers, dtype)

    first = float(numbers[np.flatnonzero(values >= top)[0]])
    assert first == pytest.approx(found.upper, abs=2 * spacing(numbers, found.upper))


@pytest.mark.parametrize("dtype", DTYPES)
def test_keras_softmax_reaches_one_at_the_wall(dtype):
    found = wall(dtype, "softmax")
    numbers = numbers_of(dtype, found.upper - 3, found.upper + 3)

    values = evaluate(lambda x: jax.nn.softmax(jnp.stack([x, 0 * x], axis=-1))[..., 0], numbers, dtype)

    first = float(numbers[np.flatnonzero(values >= 1)[0]])
    assert first == pytest.approx(found.upper, abs=2 * spacing(numbers, found.upper))


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_keras_tanh_reaches_one_at_the_wall_or_before(dtype):
    found = wall(dtype, "tanh")
    numbers = numbers_of(dtype, 0, 10)

    values = evaluate(jnp.tanh, numbers, dtype)

    first = float(numbers[np.flatnonzero(values >= 1)[0]])
    assert first == pytest.approx(found.upper, abs=2 * spacing(numbers, found.upper))


@pytest.mark.parametrize("dtype", ["bfloat16", "float32", "float64"])
def test_xla_on_cpu_flushes_what_is_smaller_than_normal(dtype):
    found = wall(dtype, "exp", flush_subnormals=True)
    numbers = numbers_of(dtype, found.lower - 2, found.lower + 2)

    values = evaluate(jnp.exp, numbers, dtype)

    last = float(numbers[np.flatnonzero(values == 0)[-1]])
    assert last == pytest.approx(found.lower, abs=2 * spacing(numbers, found.lower))


@pytest.mark.parametrize("label", [0, 1])
@pytest.mark.parametrize("dtype", DTYPES)
def test_keras_own_loss_stays_between_floor_and_ceiling(dtype, label):
    found = wall(dtype, "binary_crossentropy", form="clipped_log")
    name = "positive" if label else "negative"
    ends = [-40, 40] if label else [40, -40]

    worst, best = evaluate(lambda x: crossentropy(x, label), np.array(ends, numbers_of(dtype, 0, 1).dtype), dtype)

    precision = 2 * float(ml_dtypes.finfo(numbers_of(dtype, 0, 1).dtype).eps)
    assert worst == pytest.approx(getattr(found, f"ceiling_{name}"), rel=precision)
    assert best == pytest.approx(getattr(found, f"floor_{name}"), rel=precision, abs=0, nan_ok=True)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_studys_formula_gives_its_floors(dtype):
    found = wall(dtype, "binary_crossentropy")

    def formula(probabilities, label):
        clipped = jnp.clip(probabilities, 1e-7, 1 - 1e-7)
        return keras.ops.binary_crossentropy(
            jnp.full_like(clipped, label), jnp.log(clipped / (1 - clipped)), from_logits=True
        )

    ends = np.array([0, 1], dtype)
    positive, negative = (evaluate(lambda p, y=label: formula(p, y), ends, dtype) for label in (1, 0))
    precision = 4 * float(np.finfo(dtype).eps)
    assert positive == pytest.approx([found.ceiling_positive, found.floor_positive], rel=precision)
    assert negative == pytest.approx([found.floor_negative, found.ceiling_negative], rel=precision)


@pytest.mark.parametrize("function", ["categorical_crossentropy", "sparse_categorical_crossentropy"])
def test_several_classes_have_the_ceiling_of_the_clip(function):
    found = wall("float32", function)
    logits = jnp.array([[-40.0, 0.0, 0.0], [40.0, 0.0, 0.0]])
    label = jnp.array([0, 0]) if "sparse" in function else jnp.eye(3)[jnp.array([0, 0])]

    losses = np.asarray(getattr(keras.ops, function)(label, jax.nn.softmax(logits)))

    assert losses == pytest.approx([found.ceiling, found.floor], rel=2e-7)
    assert found.ceiling_negative is None


@pytest.mark.parametrize("dtype", ["bfloat16", "float32", "float64"])
def test_the_gradient_of_a_wrong_row_is_exactly_zero_beyond_the_wall(dtype):
    found = wall(dtype, "binary_crossentropy")
    numbers, slopes = slopes_of(dtype, 1)
    room = 2 * spacing(numbers, found.dead_below)

    assert np.all(slopes[numbers < found.dead_below - room] == 0)
    assert np.all(slopes[(numbers > found.dead_below + room) & (numbers < -1)] < -0.5)


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_gradient_of_label_zero_is_zero_or_nan_above_the_wall(dtype):
    found = wall(dtype, "binary_crossentropy")
    numbers, slopes = slopes_of(dtype, 0)
    room = 2 * spacing(numbers, found.dead_above)
    beyond = slopes[numbers > found.dead_above + room]

    assert np.all(np.isnan(beyond)) if found.ceiling == math.inf else np.all(beyond == 0)
    assert np.all(slopes[(numbers > 1) & (numbers < found.dead_above - room)] > 0.4)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("function", ["binary_crossentropy", "categorical_crossentropy"])
def test_from_logits_no_wrong_row_is_cut(dtype, function):
    found = wall(dtype, function, form="from_logits")

    assert found.dead_below == -math.inf
    assert found.ceiling == float(ml_dtypes.finfo(ml_dtypes.bfloat16 if dtype == "bfloat16" else dtype).max)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_more_precision_moves_no_wall_inwards(function):
    if function in ("exp", "log_sigmoid", "softplus"):
        pytest.skip("its wall is the range of the format, and bfloat16 has that of float32")
    walls = [wall(dtype, function) for dtype in ("bfloat16", "float32")]

    assert walls[0].upper <= walls[1].upper


@pytest.mark.parametrize("dtype", MIXED)
def test_rounding_once_sees_further_than_rounding_each_step(dtype):
    assert wall(dtype, "sigmoid", rounding="each_step").upper < wall(dtype, "sigmoid").upper


def test_another_clip_has_another_wall():
    assert wall("float64", "binary_crossentropy", epsilon=1e-3).ceiling == pytest.approx(-math.log(1e-3))


def test_names_dtypes_and_scalar_types_are_taken():
    for dtype in (np.float32, np.dtype("float32"), jnp.float32):
        assert wall(dtype, "sigmoid") == wall("float32", "sigmoid")
    assert wall(ml_dtypes.bfloat16, "sigmoid") == wall("bfloat16", "sigmoid")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"dtype": "float33"}, r"no number format `float33`.*did you mean `float32`"),
        ({"function": "sigmod"}, r"no function with a wall `sigmod`.*did you mean `sigmoid`"),
        ({"form": "from_logit"}, r"no form of `binary_crossentropy` `from_logit`.*`from_logits`"),
        ({"rounding": "twice"}, r"no manner of rounding `twice`.*each_step, once"),
        ({"epsilon": 0.5}, r"No probability is left between the clips.*epsilon=0\.5"),
    ],
)
def test_what_is_unknown_is_said_in_a_sentence(arguments, message):
    known = {"dtype": "float32", "function": "binary_crossentropy"}

    with pytest.raises(OptionError, match=message):
        wall(**(known | arguments))


def test_walls_need_neither_jax_nor_keras():
    program = (
        "import sys, tenfold; tenfold.precision.wall('float32', 'sigmoid'); "
        "print([name for name in ('jax', 'keras') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
