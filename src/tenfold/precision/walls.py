"""Walls: where a function stops telling values apart, computed from the number format.

    >>> found = wall("float32", "binary_crossentropy")
    >>> print(f"{found.lower:.6f} {found.upper:.6f} {found.ceiling:.6f}")
    -16.118095 15.942385 16.118095

A positive row whose logit is -16.2 and one whose logit is -50 have the same loss there, and neither has a gradient: the
network never hears how wrong it is. Nothing is tabulated: each number follows from the format's step, its range and the
clip of the formula (`tenfold.precision.formats`), so other formats and other clips work too.

Source: the study "Sigmoid activation and binary crossentropy: a less than perfect match" (2019), whose constants are
the tests of this page; formulas as in Keras 3.15, `keras/src/backend/jax/nn.py`.
"""

from dataclasses import asdict, dataclass
from typing import Any

from tenfold.errors import OptionError, did_you_mean
from tenfold.precision.activation_walls import ACTIVATIONS, ActivationWall, rounds_to_one
from tenfold.precision.clipped_losses import LossWall, clipped_loss, loss_on_logits
from tenfold.precision.formats import DTYPES, NumberFormat, dtype_name, number_format

__all__ = ["FUNCTIONS", "Wall", "wall"]

LOSSES = {
    "binary_crossentropy": "sigmoid",
    "categorical_crossentropy": "softmax",
    "sparse_categorical_crossentropy": "softmax",
}
"""The losses, with the activation whose probabilities they take."""

FUNCTIONS = (*ACTIVATIONS, *LOSSES)

MIXED = {"mixed_bfloat16": "bfloat16", "mixed_float16": "float16"}
"""Keras' mixed policies, with the format of the probabilities; their losses are computed in float32."""

FORMS = ("clipped_logit", "clipped_log", "from_logits")
ROUNDINGS = ("each_step", "once")
EPSILON = 1e-7
"""Keras' `keras.config.epsilon()`."""


@dataclass(frozen=True)
class Wall:
    """Where a function stops telling values apart.

    Attributes:
        dtype: The number format, or the mixed policy.
        function: The function.
        form: For losses: the formula; empty otherwise.
        lower: Inputs below are not told apart. Logits for sigmoid, softmax (log-odds of a class) and the losses.
        upper: Inputs above are not told apart.
        ceiling_positive: Largest loss of a row of label 1 (of any class, for several classes), nats; None where the
            function is no loss.
        floor_positive: Its smallest loss, nats; NaN where the formula gives that.
        ceiling_negative: Largest loss of a row of label 0, nats; None where there is no such label.
        floor_negative: Its smallest loss, nats.
        dead_below: The gradient with respect to the logit is exactly 0 (or NaN) below; None where it is no loss.
        dead_above: The same, above.
        reason: Why, in words.
    """

    dtype: str
    function: str
    form: str
    lower: float
    upper: float
    ceiling_positive: float | None
    floor_positive: float | None
    ceiling_negative: float | None
    floor_negative: float | None
    dead_below: float | None
    dead_above: float | None
    reason: str

    @property
    def ceiling(self) -> float | None:
        """Largest loss that any row can have, nats: in float32 that of label 1."""
        ceilings = [one for one in (self.ceiling_positive, self.ceiling_negative) if one is not None]
        return max(ceilings, default=None)

    @property
    def floor(self) -> float | None:
        """Smallest loss of a row of label 1, nats."""
        return self.floor_positive

    def as_dict(self) -> dict[str, Any]:
        """All attributes, with `ceiling` and `floor`."""
        return asdict(self) | {"ceiling": self.ceiling, "floor": self.floor}


def wall(
    dtype: Any,
    function: str,
    *,
    form: str | None = None,
    rounding: str | None = None,
    epsilon: float = EPSILON,
    flush_subnormals: bool = False,
) -> Wall:
    """Where a function stops telling values apart in a number format.

    Args:
        dtype: `"float16"`, `"bfloat16"`, `"float32"`, `"float64"` (names, NumPy dtypes or scalar types), or a mixed
            policy, `"mixed_bfloat16"` or `"mixed_float16"`: probabilities in 16 bits, the loss in float32.
        function: One of `FUNCTIONS`.
        form: Formula of a loss. `"clipped_logit"`: the probability is clipped, turned back into a logit and given to
            the stable crossentropy, as in the study and Keras 1 and 2 (binary only, and its default). `"clipped_log"`:
            clipped, then logarithms, as in Keras 3 (default with several classes); in float32 its walls and ceilings
            are the same, and both its floors are 1.192093e-7. `"from_logits"`: no probability in between.
        rounding: `"each_step"`: 1 / (1 + exp(-x)) rounds after each operation, as XLA does on CPU in every format.
            `"once"`: computed wider and rounded at the end, as where 16-bit operations are carried out in float32.
            Default: "once" for mixed policies (no implementation sees further), else "each_step".
        epsilon: Probabilities are clipped to [epsilon, 1 - epsilon]; between 0 and 0.5. Default: Keras' own.
        flush_subnormals: Whether numbers below the smallest normal one count as 0, as in XLA on CPU.

    Returns:
        The wall.

    Raises:
        OptionError: An unknown format, function, form or rounding, or an epsilon out of range.

    >>> round(wall("float16", "sigmoid").upper, 2), round(wall("bfloat16", "sigmoid").upper, 2)
    (7.62, 5.55)
    >>> wall("float16", "binary_crossentropy").ceiling
    inf
    >>> wall("float33", "sigmoid")
    Traceback (most recent call last):
    tenfold.errors.OptionError: There is no number format `float33`. ... Hint: did you mean `float32`?.
    """
    name = dtype_name(dtype)
    _check("dtype", "number format", name, (*DTYPES, *MIXED))
    _check("function", "function with a wall", function, FUNCTIONS)
    rounding = rounding or ("once" if name in MIXED else "each_step")
    _check("rounding", "manner of rounding", rounding, ROUNDINGS)
    if not 0 < epsilon < 0.5:  # noqa: PLR2004 (a clip beyond a half would turn probabilities round)
        raise OptionError(
            "epsilon_range", "No probability is left between the clips", expected="0 < epsilon < 0.5",
            received=f"epsilon={epsilon}",
        )  # fmt: skip
    numbers = number_format(MIXED.get(name, name), flush_subnormals=flush_subnormals)
    if function in ACTIVATIONS:
        return _activation_wall(name, function, ACTIVATIONS[function](numbers, rounding))
    loss_numbers = number_format("float32", flush_subnormals=flush_subnormals) if name in MIXED else numbers
    return _loss_wall(name, function, _form(function, form), numbers, loss_numbers, rounding, epsilon)


def _form(function: str, form: str | None) -> str:
    forms = FORMS if function == "binary_crossentropy" else FORMS[1:]
    form = form or forms[0]
    _check("form", f"form of `{function}`", form, forms)
    return form


def _activation_wall(dtype: str, function: str, found: ActivationWall) -> Wall:
    nothing: dict[str, Any] = dict.fromkeys(
        ("ceiling_positive", "floor_positive", "ceiling_negative", "floor_negative", "dead_below", "dead_above")
    )
    return Wall(dtype, function, "", float(found.lower), float(found.upper), **nothing, reason=found.reason)


def _loss_wall(
    dtype: str,
    function: str,
    form: str,
    numbers: NumberFormat,
    loss_numbers: NumberFormat,
    rounding: str,
    epsilon: float,
) -> Wall:
    activation = ACTIVATIONS[LOSSES[function]](numbers, rounding)
    of_two = function == "binary_crossentropy"
    if form == "from_logits":
        found: LossWall = loss_on_logits(loss_numbers)
    else:
        formula = form if of_two else "log_of_class"
        found = clipped_loss(formula, loss_numbers, activation, rounds_to_one(numbers, rounding), epsilon)
    values = asdict(found) | ({} if of_two else {"ceiling_negative": None, "floor_negative": None})
    return Wall(dtype, function, form, **{name: _plain(value) for name, value in values.items()})


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str) else float(value)


def _check(code: str, thing: str, received: str, known: tuple[str, ...]) -> None:
    if received not in known:
        raise OptionError(
            f"unknown_{code}",
            f"There is no {thing} `{received}`",
            expected=", ".join(known),
            hint=did_you_mean(str(received), known),
        )
