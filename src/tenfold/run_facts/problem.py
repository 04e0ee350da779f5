"""Steps 1 and 2 as facts: what is predicted and how it is measured, each with its reason."""

from collections import Counter

import numpy as np

from tenfold.measures.measure import Measure, Measures
from tenfold.problem.definition import EncodedTarget, Problem
from tenfold.problem.last_layers import LAST_LAYERS
from tenfold.report import decisions
from tenfold.report.words import counted
from tenfold.run_facts.histogram import histogram

__all__ = ["measure_facts", "problem_facts"]

SPIKE_SHARE = 0.02
SPIKE_ROWS = 10
"""A value of a number is a spike where it stands in this share of the rows, and in so many of them (arbitrary)."""

MEASURED_VALUES = 30
"""Numbers with fewer different values are counts or grades: each of their values is shared by many rows (arbitrary)."""

FEW_ROWS = 10
"""Of a class or label with fewer working rows little can be learnt or said: two a fold (arbitrary)."""

_OUTPUTS = {
    "number": "one linear unit",
    "share": "one sigmoid unit",
    "count": "one exponential unit",
    "two_classes": "one sigmoid unit",
    "several_classes": "{} softmax units",
    "several_labels": "{} sigmoid units",
    "several_numbers": "{} linear units",
}
_LOSSES = {
    "mse": "mean squared error",
    "binary_crossentropy": "binary cross-entropy",
    "sparse_categorical_crossentropy": "categorical cross-entropy",
    "poisson": "Poisson loss",
}


def problem_facts(problem: Problem, target: EncodedTarget, working: np.ndarray) -> decisions.Problem:
    """Step 1.

    Args:
        problem: From `define_problem`.
        target: Encoded target of all rows.
        working: Rows that are not sealed; only they are described.

    Returns:
        The facts.
    """
    values = target[working]
    output = _OUTPUTS[problem.kind].format(problem.num_outputs)
    loss = _LOSSES[problem.last_layer.loss]
    texts, counts = problem.count_classes(values)
    spikes = _spikes(values) if problem.kind in {"number", "share"} else ()
    is_are = "are" if len(problem.columns) > 1 else "is"
    names = ", ".join(f"`{name}`" for name in problem.targets)
    return decisions.Problem(
        problem.kind,
        problem.target,
        f"{names} {is_are} {_kind_in_words(problem)}: {output}, {loss}.",
        f"{problem.because[0].upper()}{problem.because[1:]}.",
        output=output,
        loss=loss,
        distribution=histogram(values) if problem.is_number else None,
        spikes=spikes,
        classes=texts,
        class_counts=counts,
        positive=problem.label_texts[1] if problem.kind == "two_classes" else "",
        alternatives=_other_kinds(problem, values),
        targets=problem.targets if len(problem.columns) > 1 else (),
        distributions=tuple(histogram(one) for one in values.T) if problem.kind == "several_numbers" else (),
        positive_because=_why_positive(problem),
        last_layers=_last_layers(problem),
        remarks=(*_rare_remarks(problem, values), *_spike_remarks(problem, spikes), *_positive_remark(problem)),
    )


def measure_facts(measures: Measures, target: EncodedTarget, working: np.ndarray) -> decisions.Measure:
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
        decision=f"{_opening(measure.name)} ({measure.short}), {measure.better} is better."
        if measure.short != measure.name
        else f"{_opening(measure.name)}, {measure.better} is better.",
        because=f"{_opening(measures.because)}.",
        alternatives=tuple(f"{_opening(other.name)} was not taken." for other in measures.others),
    )


def _opening(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"


def _kind_in_words(problem: Problem) -> str:
    if problem.kind == "several_labels":
        return f"{len(problem.columns)} labels, each there or not"
    if problem.kind == "several_numbers":
        return f"{len(problem.columns)} numbers"
    words = LAST_LAYERS[problem.kind].problem
    if problem.is_number:
        return f"{words}, {problem.low:g} to {problem.high:g}"
    return words.replace("several", str(len(problem.labels)))


def _last_layers(problem: Problem) -> tuple[decisions.LastLayerRow, ...]:
    """The whole table, with the row that was taken."""
    return tuple(
        decisions.LastLayerRow(
            row.problem, row.activation or "", (row.loss, *row.other_losses), is_taken=kind == problem.kind
        )
        for kind, row in LAST_LAYERS.items()
    )


def _why_positive(problem: Problem) -> str:
    if problem.kind != "two_classes":
        return ""
    if problem.is_imbalanced and problem.class_counts[1] < problem.class_counts[0]:
        return "it is the rare one"
    return "it is the last in order, and neither is rare"


def _positive_remark(problem: Problem) -> tuple[str, ...]:
    why = _why_positive(problem)
    return (f"`{problem.label_texts[1]}` is the class to be found: {why}.",) if why else ()


def _rare_remarks(problem: Problem, values: EncodedTarget) -> tuple[str, ...]:
    """Classes and labels with very few working rows, by name; of a label also those that nearly all rows have."""
    texts, counts = problem.count_classes(values)
    noun = "label" if problem.kind == "several_labels" else "class"
    few = [f"Only {counted(count, 'row')} {'has' if count == 1 else 'have'} the {noun} `{text}`: what is said of it is "
           "little more than chance."
           for text, count in zip(texts, counts, strict=True) if count < FEW_ROWS]  # fmt: skip
    if problem.kind == "several_labels":
        lacking = zip(texts, (len(values) - count for count in counts), strict=True)
        few += [f"Only {counted(count, 'row')} {'lacks' if count == 1 else 'lack'} the label `{text}`."
                for text, count in lacking if count < FEW_ROWS]  # fmt: skip
    return tuple(few)


def _spike_remarks(problem: Problem, spikes: tuple[decisions.Spike, ...]) -> tuple[str, ...]:
    """A value at an end of the range that many rows share: the true values may lie beyond."""
    return tuple(
        f"{counted(spike.num_rows, 'row')} have exactly {spike.value:,.6g}, the {spike.place} value of "
        f"`{problem.target}`: if it is a cap, their true values lie beyond, and no model can tell by how much."
        for spike in spikes
        if spike.place != "inside" and problem.kind == "number"
    )


def _spikes(values: EncodedTarget) -> tuple[decisions.Spike, ...]:
    """Values that many rows share, where most values are shared by few."""
    counts, num_rows = Counter(values.tolist()), len(values)
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


def _other_kinds(problem: Problem, values: EncodedTarget) -> tuple[str, ...]:
    """Kinds that the same column could have been taken for, and how to ask for them."""
    if problem.kind == "several_classes" and all(isinstance(label, int) for label in problem.labels):
        return ('Not taken for a number; `tenfold.run(..., problem="number")` does that.',)
    if problem.kind == "share":
        return ('Not taken for a number of any size; `tenfold.run(..., problem="number")` does that.',)
    if problem.kind == "number" and problem.low >= 0 and not (values % 1).any():
        return ('Not taken for a count; `tenfold.run(..., problem="count")` does that.',)
    if problem.kind == "several_labels" and (values.sum(axis=1) == 1).all():
        return ("Each row has exactly one of the labels: one column with its name would be one of several classes.",)
    return ()


def _is_percent(measure: Measure) -> bool:
    return measure.unit == "percent" or measure.key in {"accuracy", "balanced_accuracy"}
