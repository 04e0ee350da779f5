"""TF207: labels that are labels: whole, counted from 0, none missing (rules 1 and 3 of the anchors)."""

from tenfold.checks.check import Check
from tenfold.checks.facts import Evidence, OutputFacts, TargetFacts
from tenfold.checks.finding import Finding, Passed, Silent
from tenfold.checks.labels import label_trouble

__all__ = ["CHECK"]


def _judge(evidence: Evidence) -> list[Finding] | Passed | Silent:
    data, model = evidence.data, evidence.model
    if data is None:
        return Silent("no data were given", skipped=True)
    found = [finding for target in data.targets for finding in (_missing(target, data.num_rows),) if finding]
    if model is not None:
        pairs = zip(model.outputs, data.targets, strict=False)
        found += [finding for output, target in pairs for finding in (_of_labels(output, target),) if finding]
    return found or Passed({target.name: list(target.values[:10]) for target in data.targets})


def _missing(target: TargetFacts, num_rows: int) -> Finding | None:
    if not target.num_missing:
        return None
    return CHECK.finding(
        "error",
        f"{target.num_missing} entries of the target are missing or infinite, in {num_rows} rows: a single one makes "
        "the loss and then every weight NaN.",
        repair="Drop the rows without a target: `known = np.isfinite(y); x, y = x[known], y[known]`.",
        subject=target.name,
        missing=target.num_missing,
    )


def _of_labels(output: OutputFacts, target: TargetFacts) -> Finding | None:
    trouble = label_trouble(output, target)
    if trouble is None:
        return None
    return CHECK.finding(
        "error", f"{trouble.message}.", repair=trouble.repair, subject=target.name,
        values=list(target.values[:10]), loss=output.loss, units=output.units,
    )  # fmt: skip


CHECK = Check(
    code="TF207",
    title="Labels that are not numbered from 0, or not whole",
    faults=("label_error",),
    stage="data",
    explanation=(
        "For a crossentropy a label is the number of a unit: 0 for the first, K - 1 for the last of K. Labels that "
        "were scaled together with the inputs, that start at 1 or have gaps, point at no unit or at a wrong one; Keras "
        "often does not complain and learns something else."
    ),
    repair="Number the classes from 0: `classes, y = np.unique(y, return_inverse=True)`.",
    repairs=("labels",),
    judge=_judge,
)
