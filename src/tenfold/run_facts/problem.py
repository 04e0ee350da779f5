"""Steps 1 and 2 as facts: what is predicted and how it is measured, each with its reason."""

from collections import Counter

import numpy as np

from tenfold.metrics import Measure, Measures
from tenfold.problem import LAST_LAYERS, Problem
from tenfold.report import decisions
from tenfold.run_facts.histogram import histogram

__all__ = ["measure_facts", "problem_facts"]

SPIKE_SHARE = 0.02
SPIKE_ROWS = 10
"""A value of a number is a spike where it stands in this share of the rows, and in so many of them (arbitrary)."""

MEASURED_VALUES = 30
"""Numbers with fewer different values are counts or grades: each of their values is shared by many rows (arbitrary)."""

_OUTPUTS = {"number": "one linear unit", "two_classes": "one sigmoid unit", "several_classes": "softmax units"}
_LOSSES = {
    "mse": "mean squared error",
    "binary_crossentropy": "binary cross-entropy",
    "sparse_categorical_crossentropy": "categorical cross-entropy",
}


def problem_facts(problem: Problem, target: np.ndarray, working: np.ndarray) -> decisions.Problem:
    """Step 1.

    Args:
        problem: From `define_problem`.
        target: Encoded target of all rows.
        working: Rows that are not sealed; only they are described.

    Returns:
        The facts.
    """
    values = target[working]
    output = _OUTPUTS[problem.kind]
    output = f"{problem.num_outputs} {output}" if problem.kind == "several_classes" else output
    loss = _LOSSES[problem.last_layer.loss]
    counts = Counter(values.tolist())
    return decisions.Problem(
        problem.kind,
        problem.target,
        f"`{problem.target}` is {_kind_in_words(problem)}: {output}, {loss}.",
        f"{problem.because}.",
        output=output,
        loss=loss,
        distribution=histogram(values) if problem.is_number else None,
        spikes=_spikes(counts, len(values)) if problem.is_number else (),
        classes=problem.label_texts,
        class_counts=tuple(counts.get(place, 0) for place in range(len(problem.labels))),
        positive=problem.label_texts[1] if problem.kind == "two_classes" else "",
        alternatives=_other_kinds(problem),
    )


def measure_facts(measures: Measures, target: np.ndarray, working: np.ndarray) -> decisions.Measure:
    """Step 2.

    Args:
        measures: From `choose_measures`.
        target: Encoded target of all rows.
        working: Rows that are not sealed.

    Returns:
        The facts.
    """
    measure = measures.primary
    return decisions.Measure(
        measure.key,
        measure.name,
        measure.short,
        measure.better,
        no_skill=measure.no_skill(target[working]),
        no_skill_words=measure.guess,
        as_percent=_is_percent(measure),
        decision=f"{measure.name[0].upper()}{measure.name[1:]} ({measure.short}), {measure.better} is better."
        if measure.short != measure.name
        else f"{measure.name[0].upper()}{measure.name[1:]}, {measure.better} is better.",
        because=f"{measures.because[0].upper()}{measures.because[1:]}.",
        alternatives=tuple(f"{other.name[0].upper()}{other.name[1:]} was not taken." for other in measures.others),
    )


def _kind_in_words(problem: Problem) -> str:
    if problem.is_number:
        return f"a number, {problem.low:g} to {problem.high:g}"
    return LAST_LAYERS[problem.kind].problem.replace("several", str(len(problem.labels)))


def _spikes(counts: Counter[float], num_rows: int) -> tuple[decisions.Spike, ...]:
    """Values that many rows share, where most values are shared by few."""
    if len(counts) < MEASURED_VALUES:
        return ()
    low, high = min(counts), max(counts)
    shared = [
        (value, count) for value, count in counts.most_common(3) if count >= max(SPIKE_ROWS, SPIKE_SHARE * num_rows)
    ]
    return tuple(
        decisions.Spike(float(value), count, "lowest" if value == low else "highest" if value == high else "inside")
        for value, count in shared
    )


def _other_kinds(problem: Problem) -> tuple[str, ...]:
    if problem.kind == "several_classes" and all(isinstance(label, int) for label in problem.labels):
        return ('Not taken for a number; `tenfold.run(..., problem="number")` does that.',)
    return ()


def _is_percent(measure: Measure) -> bool:
    return measure.key in {"accuracy", "balanced_accuracy"}
