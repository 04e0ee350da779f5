"""TF102: probabilities are made once, and the loss knows whether they were."""

from tenfold.checks.check import Check
from tenfold.checks.facts import Evidence, OutputFacts
from tenfold.checks.finding import Finding, Passed, Silent
from tenfold.checks.heads import BINARY, CROSSENTROPIES, PROBABILITIES, target_of
from tenfold.checks.labels import numbers_read_as_classes

__all__ = ["CHECK"]


def _judge(evidence: Evidence) -> list[Finding] | Passed | Silent:
    if evidence.model is None:
        return Silent("no model was given", skipped=True)
    judged = [
        (place, one)
        for place, one in enumerate(evidence.model.outputs)
        if one.loss in CROSSENTROPIES and "custom" not in one.activations
    ]
    if not judged:
        return Silent("no output is trained with a crossentropy")
    found = [
        finding
        for place, one in judged
        if not numbers_read_as_classes(one, target_of(evidence.data, place))
        for finding in (_twice(one) or _read_as_logits(one) or _read_as_probabilities(one),)
        if finding is not None
    ]
    return found or Passed({"outputs": len(judged)})


def _twice(output: OutputFacts) -> Finding | None:
    last = [one for one in output.activations if one in PROBABILITIES]
    if len(last) > 1:
        return CHECK.finding(
            "error",
            f"`{last[-2]}` is followed by `{last[-1]}` at the end (`{output.layer}`): probabilities are turned into "
            "probabilities again, which leaves them nearly alike.",
            repair=f"Keep one of them: `Dense({output.units}, activation={last[-1]!r})`.",
            subject=output.layer, activations=list(output.activations),
        )  # fmt: skip
    if len(output.activations) > 1 and output.activation in PROBABILITIES:
        first = output.activations[-2]
        return CHECK.finding(
            "warning",
            f"`{first}` stands in front of `{output.activation}` at the end (`{output.layer}`) and limits what it can "
            "answer.",
            repair=f"Give the layer in front of `{output.activation}` no activation.",
            subject=output.layer, activations=list(output.activations),
        )  # fmt: skip
    return None


def _read_as_logits(output: OutputFacts) -> Finding | None:
    if not output.from_logits or output.activation not in PROBABILITIES:
        return None
    return CHECK.finding(
        "error",
        f"`{output.layer}` ends with `{output.activation}`, but the loss `{output.loss}` has `from_logits=True` and "
        "applies it once more.",
        repair="Leave out the activation of the last layer, or write from_logits=False.",
        subject=output.layer, activations=list(output.activations), from_logits=True,
    )  # fmt: skip


def _read_as_probabilities(output: OutputFacts) -> Finding | None:
    is_told = output.units == 1 and output.loss not in BINARY  # TF101: a single unit has nothing to compare
    if output.from_logits or output.activations or is_told:
        return None
    missing = "sigmoid" if output.loss in BINARY else "softmax"
    loss = f"keras.losses.{_class_name(output.loss)}(from_logits=True)"
    return CHECK.finding(
        "error",
        f"`{output.layer}` ends without an activation, and `{output.loss}` reads its answers as probabilities: "
        "whatever is below 0 or above 1 is cut off and teaches nothing.",
        repair=f'End with activation="{missing}", or compile with `{loss}`.',
        subject=output.layer, activations=[], from_logits=False,
    )  # fmt: skip


def _class_name(loss: str) -> str:
    return "".join(word.capitalize() for word in loss.split("_"))


CHECK = Check(
    code="TF102",
    title="Sigmoid or softmax applied twice, or not at all",
    faults=("head_loss_mismatch",),
    stage="model",
    explanation=(
        "A crossentropy needs to know whether it reads probabilities or logits, the numbers in front of sigmoid or "
        "softmax. If the last layer already ends with one of them and the loss applies it again, all answers come out "
        "nearly alike; if neither does, answers outside 0 to 1 are cut off and have no gradient. Both train without an "
        "error message."
    ),
    repair="Apply sigmoid or softmax once: in the last layer, or in the loss with from_logits=True.",
    repairs=("head",),
    judge=_judge,
)
