"""Settings: the numbers of a model that may differ from member to member without a new program.

A setting has a name made of the owner and the attribute, as Keras spells them: `optimizer.momentum`,
`optimizer.weight_decay`, `dropout_1.rate`, `hidden_1.kernel_regularizer.l2`, `loss.label_smoothing`. While the program
is traced, the Python number at that place is exchanged for a `TracedNumber`, which carries the member's value. Keras
asks such numbers small questions in Python (`if self.momentum != 0:`); a `TracedNumber` answers them as "in use",
because a program is only traced with the settings that its members do use.

Where the learning rate follows a schedule, `optimizer.learning_rate` is the number that the schedule starts from, and
its other numbers are settings too: `optimizer.learning_rate.decay_steps`.
"""

import contextlib
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import jax
from keras.optimizers.schedules import LearningRateSchedule

from tenfold.errors import OptionError, did_you_mean

__all__ = ["LEARNING_RATE", "TracedNumber", "find_settings", "settings_in_place", "traced_names"]

LEARNING_RATE = "optimizer.learning_rate"
"""Keras keeps it in a variable, unless it follows a schedule; then it is set in the member's state, not traced."""

_OPTIMIZER_NUMBERS = (
    "momentum", "weight_decay", "clipnorm", "global_clipnorm", "clipvalue", "rho", "beta_1", "beta_2", "epsilon",
    "l1_regularization_strength", "l2_regularization_strength", "ema_momentum",
)  # fmt: skip
_SCHEDULE_NUMBERS = (
    "initial_learning_rate", "decay_steps", "decay_rate", "end_learning_rate", "alpha", "power", "warmup_target",
    "warmup_steps",
)  # fmt: skip
_LAYER_NUMBERS = ("rate", "dropout", "recurrent_dropout", "stddev", "negative_slope", "alpha", "momentum")
_REGULARIZERS = ("kernel_regularizer", "bias_regularizer", "recurrent_regularizer", "embeddings_regularizer")


class TracedNumber:
    """A number known only inside the compiled program, standing where Keras expects a Python float.

    Arithmetic yields JAX arrays; a compiled function takes it as an argument. Comparisons with Python numbers are
    answered for a number that is in use: it is above zero, not equal to zero and not equal to one.

    Args:
        value: Array of shape `()`.
    """

    def __init__(self, value: Any) -> None:
        self.value = value

    @property
    def dtype(self) -> Any:
        """Type of the value."""
        return self.value.dtype

    @property
    def shape(self) -> tuple[int, ...]:
        """Always `()`: one number."""
        return ()

    @property
    def ndim(self) -> int:
        """Always 0."""
        return 0

    def __jax_array__(self) -> Any:
        return self.value

    def __bool__(self) -> bool:
        return True

    def __eq__(self, other: object) -> bool:
        return other is self

    def __hash__(self) -> int:
        return id(self)

    def __gt__(self, other: float) -> bool:
        return other <= 0

    def __ge__(self, other: float) -> bool:
        return other <= 0

    def __lt__(self, other: float) -> bool:
        return other >= 1

    def __le__(self, other: float) -> bool:
        return other >= 1

    def __neg__(self) -> Any:
        return -self.value


def _forward(operation: Callable[[Any, Any], Any]) -> Callable[[TracedNumber, Any], Any]:
    return lambda self, other: operation(self.value, other)


def _reflected(operation: Callable[[Any, Any], Any]) -> Callable[[TracedNumber, Any], Any]:
    return lambda self, other: operation(other, self.value)


jax.tree_util.register_pytree_node(
    TracedNumber, lambda number: ((number.value,), None), lambda _, leaves: TracedNumber(leaves[0])
)
for _name in ("add", "sub", "mul", "truediv", "pow"):
    setattr(TracedNumber, f"__{_name}__", _forward(getattr(operator, _name)))
    setattr(TracedNumber, f"__r{_name}__", _reflected(getattr(operator, _name)))


def find_settings(model: Any) -> dict[str, float]:
    """All settings of a compiled model, by name, with their present values.

    Only numbers in use are listed: a momentum of 0, a dropout rate of 0 or an absent weight decay belong to another
    program.

    Args:
        model: A compiled and built Keras model.

    Returns:
        Name -> value, in the numbers' own units.
    """
    found = {name: float(getattr(owner, attribute)) for name, (owner, attribute) in _places(model).items()}
    learning_rate = getattr(_inner(model.optimizer), "_learning_rate", None)
    if learning_rate is not None and hasattr(learning_rate, "assign"):
        found[LEARNING_RATE] = float(learning_rate.value)
    return found


@contextlib.contextmanager
def settings_in_place(
    model: Any, values: Mapping[str, Any], wrap: Callable[[Any], Any] = TracedNumber
) -> Iterator[None]:
    """Exchange the model's numbers for others while the block runs.

    Args:
        model: A compiled and built Keras model.
        values: Name of a setting -> array of shape `()`.
        wrap: What the model is given in place of each value.

    Raises:
        OptionError: A name that the model does not have.
    """
    places = _places(model) if values else {}
    before: list[tuple[Any, str, Any]] = []
    try:
        for name, value in values.items():
            if name not in places:
                raise _unknown(model, name)
            owner, attribute = places[name]
            before.append((owner, attribute, owner.__dict__.get(attribute)))
            owner.__dict__[attribute] = wrap(value)
        yield
    finally:
        for owner, attribute, value in before:
            owner.__dict__[attribute] = value


def traced_names(model: Any, names: Sequence[str]) -> tuple[str, ...]:
    """Those of some settings that a program takes as arguments, in order: all but a learning rate in a variable."""
    follows_schedule = isinstance(_inner(model.optimizer)._learning_rate, LearningRateSchedule)
    return tuple(sorted(set(names) - (set() if follows_schedule else {LEARNING_RATE})))


def check_names(model: Any, names: set[str]) -> None:
    """Refuse names of settings that the model does not have.

    Raises:
        OptionError: Naming the setting, with the closest name that exists.
    """
    known = find_settings(model)
    for name in sorted(names):
        if name not in known:
            raise _unknown(model, name)


def _unknown(model: Any, name: str) -> OptionError:
    known = find_settings(model)
    hint = did_you_mean(name, known)
    if name in _places(model, in_use=False):
        hint = "give the model a value above 0 there, so that its program includes it"
    return OptionError(
        "unknown_setting",
        f"`{name}` is not a setting of this model",
        expected=f"one of {', '.join(sorted(known)) or 'none: the model has no settings in use'}",
        hint=hint,
    )


def _inner(optimizer: Any) -> Any:
    """The optimizer that holds the numbers: the one inside a loss-scaling wrapper, else itself."""
    return getattr(optimizer, "inner_optimizer", optimizer)


def _places(model: Any, *, in_use: bool = True) -> dict[str, tuple[Any, str]]:
    """Where each setting's number is kept: name -> (object, attribute); on request also numbers that are 0 or None."""
    places: dict[str, tuple[Any, str]] = {}

    def note(name: str, owner: Any, attribute: str) -> None:
        value = getattr(owner, "__dict__", {}).get(attribute, False)
        is_used = isinstance(value, (int, float)) and value != 0
        if not isinstance(value, bool) and (is_used or not in_use):
            places[name] = (owner, attribute)

    optimizer = _inner(model.optimizer)
    for attribute in _OPTIMIZER_NUMBERS if optimizer.use_ema else _OPTIMIZER_NUMBERS[:-1]:  # the last is the averages'
        note(f"optimizer.{attribute}", optimizer, attribute)
    for attribute in _SCHEDULE_NUMBERS:
        name = LEARNING_RATE if attribute == "initial_learning_rate" else f"{LEARNING_RATE}.{attribute}"
        note(name, optimizer._learning_rate, attribute)
    for name, layer in _named_layers(model):
        for attribute in _LAYER_NUMBERS:
            note(f"{name}.{attribute}", layer, attribute)
        for attribute in _REGULARIZERS:
            regularizer = getattr(layer, attribute, None)
            for strength in ("l1", "l2"):
                note(f"{name}.{attribute}.{strength}", regularizer, strength)
    for entry in getattr(model._compile_loss, "_flat_losses", None) or []:
        note("loss.label_smoothing", _Arguments(getattr(entry.loss, "_fn_kwargs", {})), "label_smoothing")
    return places


def _named_layers(model: Any) -> list[tuple[str, Any]]:
    """The layers that hold numbers, by the names a user knows: a recurrent layer's numbers are kept in its cell."""
    layers = list(model._flatten_layers(include_self=False))
    names = {id(layer.cell): layer.name for layer in layers if hasattr(layer, "cell")}
    return [(names.get(id(layer), layer.name), layer) for layer in layers if not hasattr(layer, "cell")]


class _Arguments:
    """A loss's keyword arguments seen as attributes, so that they are exchanged like the others."""

    def __init__(self, arguments: dict[str, Any]) -> None:
        self.__dict__ = arguments
