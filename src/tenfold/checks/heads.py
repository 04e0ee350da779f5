"""What last activations can answer and what losses can read: the words in which heads are judged.

Ranges are those of the functions' definitions; families are Keras' own losses by what they expect of their two sides.
"""

from math import inf

from tenfold.checks.facts import DataFacts, OutputFacts, TargetFacts

__all__ = [
    "BINARY",
    "CATEGORICAL",
    "CROSSENTROPIES",
    "NUMBERS",
    "PROBABILITIES",
    "SPARSE",
    "activation_range",
    "fit_head",
    "is_sequence",
    "lacks_flatten",
    "num_classes",
    "target_of",
]

BINARY = frozenset({"binary_crossentropy", "binary_focal_crossentropy"})
"""Losses that read each unit as a yes or no of its own."""

CATEGORICAL = frozenset({"categorical_crossentropy", "categorical_focal_crossentropy"})
"""Losses that read the last axis as one distribution, and targets as one-hot rows."""

SPARSE = frozenset({"sparse_categorical_crossentropy"})
"""The same with class numbers as targets."""

CROSSENTROPIES = BINARY | CATEGORICAL | SPARSE

NUMBERS = frozenset(
    {
        "huber", "log_cosh", "mean_absolute_error", "mean_absolute_percentage_error", "mean_squared_error",
        "mean_squared_logarithmic_error",
    }
)  # fmt: skip
"""Losses that measure a distance between numbers."""

PROBABILITIES = frozenset({"sigmoid", "softmax"})
"""Activations whose answers the crossentropies read."""

_RANGES = {
    "sigmoid": (0.0, 1.0), "softmax": (0.0, 1.0), "hard_sigmoid": (0.0, 1.0), "sparse_sigmoid": (0.0, 1.0),
    "sparsemax": (0.0, 1.0), "tanh": (-1.0, 1.0), "hard_tanh": (-1.0, 1.0), "softsign": (-1.0, 1.0),
    "soft_sign": (-1.0, 1.0), "relu": (0.0, inf), "relu6": (0.0, 6.0), "softplus": (0.0, inf),
    "exponential": (0.0, inf), "log_sigmoid": (-inf, 0.0), "log_softmax": (-inf, 0.0), "elu": (-1.0, inf),
    "selu": (-1.7581, inf), "gelu": (-0.17, inf), "silu": (-0.2785, inf), "swish": (-0.2785, inf),
}  # fmt: skip


def activation_range(name: str) -> tuple[float, float]:
    """Smallest and largest answer of an activation; everything where it has no bounds or is unknown.

    >>> activation_range("tanh"), activation_range("linear")
    ((-1.0, 1.0), (-inf, inf))
    """
    return _RANGES.get(name, (-inf, inf))


def target_of(data: DataFacts | None, position: int) -> TargetFacts | None:
    """The target of an output by its position."""
    return data.targets[position] if data is not None and position < len(data.targets) else None


def is_sequence(output: OutputFacts) -> bool:
    """Whether the output answers several places of a row: steps, pixels."""
    return len(output.shape) > 1


def lacks_flatten(output: OutputFacts, target: TargetFacts | None) -> bool:
    """Whether an output answers for each place of a row although its target is of the whole row."""
    return (
        is_sequence(output) and output.loss not in ("", "custom") and target is not None and target.kind != "sequence"
    )


def num_classes(target: TargetFacts) -> int:
    """How many classes a target has; 0 where it holds numbers.

    >>> num_classes(TargetFacts("y", "classes", (), values=(0.0, 1.0, 2.0), counts=(5, 3, 4)))
    3
    >>> num_classes(TargetFacts("y", "number", ()))
    0
    """
    if target.kind == "one-hot":
        return target.shape[-1]
    return len(target.counts) or len(target.values) if target.is_classes else 0


def fit_head(target: TargetFacts | None) -> str:
    """What to write for a target, as a sentence with Keras code."""
    if target is None:
        return (
            'Two classes: `Dense(1, activation="sigmoid")` with "binary_crossentropy"; K classes: `Dense(K, '
            'activation="softmax")` with "sparse_categorical_crossentropy"; numbers: `Dense(1)` with "mse".'
        )
    count = num_classes(target)
    if target.kind == "one-hot":
        return f'End with `Dense({count}, activation="softmax")` and compile with loss="categorical_crossentropy".'
    if count > 2:  # noqa: PLR2004 - two classes have one unit
        units = max(count, int(target.maximum) + 1)
        return (
            f'End with `Dense({units}, activation="softmax")` and compile with loss="sparse_categorical_crossentropy".'
        )
    if count or target.kind == "multi-label":
        units = target.shape[-1] if target.shape else 1
        return f'End with `Dense({units}, activation="sigmoid")` and compile with loss="binary_crossentropy".'
    units = target.shape[-1] if target.shape else 1
    return f'End with `Dense({units})`, without an activation, and compile with loss="mse".'
