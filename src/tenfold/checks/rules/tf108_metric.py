"""TF108: a metric that measures what was asked (rule 22 of the anchors)."""

from collections.abc import Iterable
from typing import Any

from tenfold.checks.check import Check, Threshold
from tenfold.checks.facts import Evidence, OutputFacts, TargetFacts
from tenfold.checks.finding import Finding, Passed, Severity, Silent
from tenfold.checks.heads import BINARY, CROSSENTROPIES, num_classes, target_of

__all__ = ["CHECK"]

_IMBALANCED = 0.9
_OF_NUMBERS = frozenset(
    {
        "mean_absolute_error",
        "mean_squared_error",
        "root_mean_squared_error",
        "r2_score",
        "mean_absolute_percentage_error",
    }
)
_OF_RARE_CLASSES = ("auc", "precision", "recall", "f1_score", "fbeta_score", "f_beta_score", "true_positives")


def _judge(evidence: Evidence) -> list[Finding] | Passed | Silent:
    model = evidence.model
    if model is None or evidence.data is None:
        return Silent("model or data were not given", skipped=True)
    if not any(output.metrics for output in model.outputs):
        return Silent("the model was compiled without metrics")
    if model.misfit:
        return Silent("the outputs do not fit the targets")
    pairs = [(output, target_of(evidence.data, place)) for place, output in enumerate(model.outputs)]
    found = [one for output, target in pairs if target is not None for one in _of_output(output, target)]
    if model.metric_misfit and all(one.severity == "tip" for one in found):
        found = [_unreadable(*pairs[0], model.metric_misfit)]
    return found or Passed({output.name: list(output.metrics) for output in model.outputs})


def _unreadable(output: OutputFacts, target: TargetFacts | None, complaint: str) -> Finding:
    is_classes = target is not None and target.is_classes
    message = f"The metrics cannot read outputs and targets of these shapes. {complaint}"
    return _finding(output, "error", message, f'Write metrics=["{"accuracy" if is_classes else "mae"}"].')


def _of_output(output: OutputFacts, target: TargetFacts) -> Iterable[Finding]:
    hits = [name for name in output.metrics if "acc" in name]
    if hits and target.kind in ("number", "numbers") and output.loss not in CROSSENTROPIES:
        yield _finding(
            output, "warning",
            f"`{hits[0]}` counts answers that hit the target exactly; for numbers that says nothing.",
            'Write metrics=["mae"].',
        )  # fmt: skip
    if "accuracy" in hits:
        yield _finding(
            output, "warning",
            "`keras.metrics.Accuracy` compares answers and labels for equality; a probability never equals a label.",
            'Write metrics=["accuracy"], which Keras turns into the one that fits.',
        )  # fmt: skip
    yield from _wrong_accuracy(output, target, hits)
    of_numbers = [name for name in output.metrics if name in _OF_NUMBERS]
    if of_numbers and output.loss in CROSSENTROPIES and target.is_classes:
        message = f"`{of_numbers[0]}` measures distances between numbers; the target holds classes."
        yield _finding(output, "tip", message, 'Write metrics=["accuracy"].')
    reads_middle = any(name in ("accuracy", "binary_accuracy") for name in hits)
    if reads_middle and output.units == 1 and output.from_logits and target.kind == "two classes":
        yield _finding(
            output, "warning",
            f"The network answers logits, and `{hits[0]}` compares them with 0.5; a logit says yes from 0 on.",
            "Write metrics=[keras.metrics.BinaryAccuracy(threshold=0.0)].",
        )  # fmt: skip
    yield from _hidden_by_imbalance(output, target, hits)


_ACCURACIES = {
    "classes": "sparse_categorical_accuracy",
    "one-hot": "categorical_accuracy",
    "multi-label": "binary_accuracy",
}
"""The accuracy that reads each form of labels."""


def _wrong_accuracy(output: OutputFacts, target: TargetFacts, hits: list[str]) -> Iterable[Finding]:
    """An accuracy that reads the labels in another form than they have."""
    right = _ACCURACIES.get(target.kind)
    if output.units < 2 or right is None or (output.loss in BINARY and target.kind != "multi-label"):
        return
    wrong = [name for name in hits if name != right and name.endswith("accuracy") and name != "accuracy"]
    if wrong and "top_k" not in wrong[0]:
        yield _finding(
            output, "warning",
            f"`{wrong[0]}` does not read labels of this form ({target.kind}), so that its value means something else.",
            f'Write metrics=["accuracy"], which Keras turns into `{right}`.',
        )  # fmt: skip


def _hidden_by_imbalance(output: OutputFacts, target: TargetFacts, hits: list[str]) -> Iterable[Finding]:
    share = max(target.counts) / sum(target.counts) if target.counts else 0.0
    if not hits or share < _IMBALANCED or num_classes(target) < 2:
        return
    if any(name in metric for metric in output.metrics for name in _OF_RARE_CLASSES):
        return
    yield _finding(
        output, "tip",
        f"{share:.0%} of the rows are of one class: a network that always answers it has an accuracy of {share:.0%}.",
        "Add `keras.metrics.AUC()` or `keras.metrics.Recall()` to the metrics.", largest_share=share,
    )  # fmt: skip


def _finding(output: OutputFacts, severity: Severity, message: str, repair: str, **more: Any) -> Finding:
    return CHECK.finding(severity, message, repair=repair, subject=output.name, metrics=list(output.metrics), **more)


CHECK = Check(
    code="TF108",
    title="A metric that does not measure what was asked",
    faults=("metric",),
    stage="model",
    explanation=(
        "Metrics are what one looks at. An accuracy of predicted prices is always near zero however good they are, and "
        "an accuracy of 95 % is nothing where 95 % of the rows are of one class."
    ),
    repair="Choose a metric that fits the target.",
    thresholds=(Threshold("imbalanced", _IMBALANCED, "of the rows", "arbitrary: nine of ten rows are of one class"),),
    judge=_judge,
)
