"""TF204: rows in an order that training or the split should not see (rule 6 of the anchors).

Sorted rows do no harm by themselves: Keras shuffles them before each epoch. They do where shuffling is off, or where
the last rows stand for validation rows, as `validation_split` takes them. The order of a series is right and stays.
"""

from typing import Any

from tenfold.checks.check import Check, Threshold
from tenfold.checks.facts import DataFacts, Evidence, SplitFacts
from tenfold.checks.finding import Finding, Passed, Severity, Silent

__all__ = ["CHECK"]

_RUNS_A_CLASS = 2.0
_RUNS_Z = -3.0
_SORTED = 0.98
_IN_ORDER = 0.9
_OTHER_CLASSES = 0.25


def _judge(evidence: Evidence) -> list[Finding] | Passed | Silent:
    data = evidence.data
    if data is None:
        return Silent("no data were given", skipped=True)
    if not {"num_runs", "rows_in_order"} & set(data.measures):
        return Silent("the target has no order to speak of")
    if data.measures.get("rows_are_windows"):
        return Silent("the rows are windows of one series, whose order is right")
    how = _order(data)
    if how is None:
        return Passed(_numbers(data))
    is_given = data.split is None or (data.split.is_given and not _is_cut_off(data.split))
    return [CHECK.finding(*_verdict(how, is_given=is_given, shuffles=evidence.shuffles), **_numbers(data))]


def _is_cut_off(split: SplitFacts) -> bool:
    """Whether the validation rows are of other classes than the training rows, as the end of sorted rows is."""
    return split.class_distance is not None and split.class_distance > _OTHER_CLASSES


def _order(data: DataFacts) -> str | None:
    """How the rows are sorted, as a phrase."""
    measures = data.measures
    if "num_runs" in measures:
        missing = measures["tail_classes_missing"]
        in_blocks = measures["num_runs"] <= _RUNS_A_CLASS * max(2, len(data.targets[0].counts))
        if measures["runs_z"] < _RUNS_Z and (in_blocks or missing):
            gone = f"; {missing:g} of the classes do not occur among the last fifth" if missing else ""
            return f"The rows are sorted by class ({measures['num_runs']:g} runs of equal labels{gone})"
        return None
    if measures["steps_one_way"] > _SORTED and measures["rows_in_order"] > _IN_ORDER:
        return "The rows are sorted by their target"
    return None


def _verdict(how: str, *, is_given: bool, shuffles: bool) -> tuple[Severity, str]:
    if not shuffles:
        return "error", f"{how}, and shuffling is off: every step sees rows of one kind and forgets the others."
    if not is_given:
        return "warning", f"{how}, so that the last rows, on which it is validated, are not like the others."
    return "tip", f"{how}; as long as they are shuffled and validation rows are given, that does no harm."


def _numbers(data: DataFacts) -> dict[str, Any]:
    named = ("num_runs", "runs_z", "tail_classes_missing", "rows_in_order", "neighbours_in_order", "steps_one_way")
    return {name: data.measures[name] for name in named if name in data.measures}


CHECK = Check(
    code="TF204",
    title="Rows that are sorted by their target",
    faults=("ordered_data",),
    stage="data",
    explanation=(
        "Many tables are sorted by class. `validation_split=0.2` takes the last fifth of the rows as they stand, so "
        "the network is judged on classes that it hardly saw; without shuffling it also trains on one class after the "
        "other and forgets the first."
    ),
    repair="Shuffle once before the split: `order = np.random.permutation(len(x)); x, y = x[order], y[order]`.",
    repairs=("shuffle",),
    thresholds=(
        Threshold("other_classes", _OTHER_CLASSES, "of the rows", "arbitrary: a quarter would have to change class"),
        Threshold("runs_a_class", _RUNS_A_CLASS, "runs of equal labels a class", "arbitrary: rows come in blocks"),
        Threshold("runs_z", _RUNS_Z, "standard deviations", "Wald and Wolfowitz (1940); three by convention"),
        Threshold("sorted", _SORTED, "of the steps from row to row", "arbitrary: nearly all go one way"),
        Threshold("in_order", _IN_ORDER, "rank correlation with the row number", "arbitrary"),
    ),
    judge=_judge,
)
