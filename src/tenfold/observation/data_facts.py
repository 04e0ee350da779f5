"""Inputs and targets seen as plain facts, for the checks to judge.

    facts = data_facts(x, y, (x_val, y_val), seed=0, model=model_facts(model, x, y))
    facts.inputs[0].maximum, facts.measures["learnable"]

The passive part (`thorough=False`) costs milliseconds and runs after every training: scales, classes, order. The
thorough part asks a quick model what can be learnt at all.
"""

import math
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from threadpoolctl import threadpool_limits

from tenfold.checks.facts import DataFacts, InputFacts, ModelFacts, SplitFacts, TargetFacts
from tenfold.engine.arrays import to_arrays
from tenfold.observation.alignment import alignment_measures, are_windows
from tenfold.observation.doubt import doubt_measures, repetition_measures
from tenfold.observation.inputs import input_facts
from tenfold.observation.order import order_measures
from tenfold.observation.quick_model import Question, answers_out_of_fold, as_features, question_of, sample_of
from tenfold.observation.split_facts import split_facts
from tenfold.observation.targets import target_facts
from tenfold.observation.telling_features import feature_measures

__all__ = ["data_facts"]

_QUICK_ENTRIES = 200_000
"""Entries that scales are measured on where they must cost milliseconds: means are known to a few thousandths."""

_TAIL = 0.2
"""Part of the rows that stands for validation rows where none are given: as `validation_split=0.2` takes it."""


def data_facts(
    x: Any,
    y: Any,
    validation_data: Any = None,
    *,
    seed: int = 0,
    model: ModelFacts | None = None,
    thorough: bool = True,
) -> DataFacts:
    """What the checks may know of the data.

    Args:
        x: Inputs as `Model.fit` takes them.
        y: Targets likewise.
        validation_data: Inputs and targets of validation rows, as `Model.fit` takes them, or None.
        seed: Seed of the quick model.
        model: The model that reads the data; it says which inputs are tokens and what a whole number means.
        thorough: Whether the quick model is asked (up to a few seconds); else only what costs milliseconds.

    Returns:
        The facts.

    Raises:
        TableError: Inputs and targets of different numbers of rows, or not of numbers.
    """
    data = to_arrays(x, y)
    arrays, answers = keras.tree.flatten(data.x), _given(data.y)
    names = _input_names(data.x, model, len(arrays))
    most_entries = {} if thorough else {"most_entries": _QUICK_ENTRIES}
    inputs = tuple(
        input_facts(name, array, model, is_single=len(arrays) == 1, **most_entries)
        for name, array in zip(names, arrays, strict=True)
    )  # fmt: skip
    targets = _targets(answers, model)
    question = question_of(targets[0], answers[0]) if targets else None
    split = _split(arrays, answers, validation_data, inputs, targets, seed=seed, thorough=thorough)
    measures: dict[str, float] = {} if question is None else dict(order_measures(question))
    measures["rows_are_windows"] = float(any(are_windows(array) for array in arrays))
    if thorough and question is not None:
        with threadpool_limits(1):  # the matrices are small: threads would only wait for each other
            measures |= _measured(inputs, arrays, question, seed)
    return DataFacts(len(arrays[0]), inputs, targets, split, measures)


def _input_names(x: Any, model: ModelFacts | None, count: int) -> list[str]:
    """Names of the inputs: of the model's input layers, else of the dict, else numbers."""
    layers = [] if model is None else [layer.name for layer in model.layers if layer.kind == "InputLayer"]
    if isinstance(x, dict):
        return [str(name) for name in sorted(x)]  # the order in which Keras flattens
    return layers if len(layers) == count else [f"input_{place + 1}" for place in range(count)]


def _targets(answers: Sequence[np.ndarray], model: ModelFacts | None) -> tuple[TargetFacts, ...]:
    outputs = list(model.outputs) if model is not None and len(model.outputs) == len(answers) else [None] * len(answers)
    return tuple(
        target_facts(f"output_{place + 1}" if output is None else output.name, array, output)
        for place, (array, output) in enumerate(zip(answers, outputs, strict=True))
    )


def _split(
    arrays: list[np.ndarray], answers: list[np.ndarray], validation_data: Any, inputs: Sequence[InputFacts],
    targets: Sequence[TargetFacts], *, seed: int, thorough: bool,
) -> SplitFacts | None:  # fmt: skip
    """Both sides as the user's training has them; the last rows stand for validation rows that are not given."""
    if validation_data is not None:
        held_out = to_arrays(*validation_data[:2])
        sides = (arrays, keras.tree.flatten(held_out.x)), (answers, _given(held_out.y))
    else:
        cut = len(arrays[0]) - int(_TAIL * len(arrays[0]))
        sides = _cut(arrays, cut), _cut(answers, cut)
    (train, validation), of_targets = sides
    if not len(validation[0]):
        return None
    pair = (of_targets[0][0], of_targets[1][0]) if targets else None
    return split_facts(
        train, validation, inputs, pair, targets[0] if targets else None, is_given=validation_data is not None,
        seed=seed, thorough=thorough,
    )  # fmt: skip


def _given(y: Any) -> list[np.ndarray]:
    """The target arrays; none where a model trains on losses of its own."""
    return [array for array in keras.tree.flatten(y) if array is not None]


def _cut(arrays: list[np.ndarray], place: int) -> tuple[list[np.ndarray], list[np.ndarray]]:
    return [array[:place] for array in arrays], [array[place:] for array in arrays]


def _measured(
    inputs: Sequence[InputFacts], arrays: list[np.ndarray], question: Question, seed: int
) -> dict[str, float]:  # fmt: skip
    """What the quick model shows."""
    found = dict(repetition_measures(arrays, question))
    sample = sample_of(question)
    if sample is None:
        return found
    features = as_features(inputs, arrays, sample.rows, seed)
    answers = answers_out_of_fold(features, sample.question, seed)
    found |= alignment_measures(inputs, arrays, question, answers, seed)
    if question.num_classes:
        found |= doubt_measures(answers.out_of_fold, sample.question)
    is_plain = len(inputs) == 1 and inputs[0].kind in ("table", "sequence")
    if is_plain and math.prod(inputs[0].shape) == features.shape[1]:
        found |= feature_measures(features, sample.question, seed)
    return found
