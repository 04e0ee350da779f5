"""TF201: inputs on the scale that layers are made for, about 1.

Rule 2 of the anchors with sense: what counts is the size of a feature, its root mean square, because initial weights
are drawn so that inputs of size 1 stay of size 1. Standardised, one-hot and small counted features have it; tokens, and
inputs that the model's own first layers put right, need not. Without a probe only strong evidence is a warning; with
one a weaker suspicion counts as well, if training on scaled inputs is clearly better.
"""

from typing import NamedTuple

import numpy as np

from tenfold.checks.check import Check, Threshold
from tenfold.checks.contrasts import confirmed
from tenfold.checks.facts import Evidence, InputFacts, ModelFacts
from tenfold.checks.finding import Finding, Passed, Severity, Silent

__all__ = ["CHECK"]

_LARGE = 10.0
_STRONG = 30.0
_EXTREME = 1000.0
_SMALL = 0.01
_TINY = 0.003
_APART = 100.0


class _Scale(NamedTuple):
    """Sizes of an input's features: the largest and the middle one, and how far spreads lie apart."""

    largest: float
    middle: float
    apart: float
    place: int


def _judge(evidence: Evidence) -> list[Finding] | Passed | Silent:
    data, model = evidence.data, evidence.model
    if data is None:
        return Silent("no data were given", skipped=True)
    judged = [one for one in data.inputs if one.kind != "tokens" and not one.is_scaled_inside]
    if not judged:
        return Silent("the inputs are tokens, or the model scales them itself")
    if model is not None and _starts_trained(model):
        return Silent("the first layers were trained before, for inputs that only their maker knows")
    found = [finding for one in judged for finding in (_of_input(one),) if finding is not None]
    told = [confirmed(one, evidence.probe, "scaled inputs") for one in found]
    return told or Passed({one.name: _scale(one).largest for one in judged})


def _starts_trained(model: ModelFacts) -> bool:
    first = next((one for one in model.layers if one.kernel is not None), None)
    return first is not None and first.kernel is not None and not (first.is_trainable and first.kernel.initializer)


def _scale(facts: InputFacts) -> _Scale:
    means, stds = np.asarray(facts.means or (facts.mean,)), np.asarray(facts.stds or (facts.std,))
    sizes = np.sqrt(means**2 + stds**2)
    varying = stds[stds > 0]
    apart = float(varying.max() / np.median(varying)) if varying.size else 1.0
    return _Scale(float(sizes.max()), float(np.median(sizes)), apart, int(sizes.argmax()))


def _of_input(facts: InputFacts) -> Finding | None:
    scale = _scale(facts)
    if scale.largest > _LARGE:
        is_strong = scale.largest > _STRONG or scale.apart > _APART
        severity: Severity = "error" if scale.largest > _EXTREME else "warning" if is_strong else "tip"
        return _finding(facts, scale, severity, _too_large(facts, scale), _repair(facts))
    if 0 < scale.largest < _SMALL:
        message = (
            f"The inputs{_name(facts)} are tiny: no feature is larger than {scale.largest:.2g} (root mean square), and "
            "what the first layer answers is drowned by its biases."
        )
        return _finding(facts, scale, "warning" if scale.largest < _TINY else "tip", message, _repair(facts))
    return None


def _too_large(facts: InputFacts, scale: _Scale) -> str:
    reach = f"The inputs{_name(facts)} reach from {facts.minimum:.4g} to {facts.maximum:.4g}"
    if facts.kind != "table" or len(facts.means) < 2 or scale.largest < 3 * scale.middle:
        return f"{reach} (root mean square {scale.largest:.3g}); layers are made for inputs of about 1."
    return (
        f"{reach}: column {scale.place} has a root mean square of {scale.largest:.3g}, the middle one "
        f"{scale.middle:.3g}; layers are made for inputs of about 1."
    )


def _name(facts: InputFacts) -> str:
    return "" if facts.name.startswith(("input_layer", "input_1")) else f" `{facts.name}`"


def _repair(facts: InputFacts) -> str:
    if facts.kind in ("image", "sequence") and facts.minimum >= 0 and 100 < facts.maximum <= 255:
        return "Divide pixels by 255: put `keras.layers.Rescaling(1 / 255)` first in the model."
    return (
        "Standardise with the training rows: `scale = keras.layers.Normalization()`, `scale.adapt(x_train)`, and put "
        "it first in the model."
    )


def _finding(facts: InputFacts, scale: _Scale, severity: Severity, message: str, repair: str) -> Finding:
    return CHECK.finding(
        severity, message, repair=repair, subject=facts.name, minimum=facts.minimum, maximum=facts.maximum,
        largest_size=scale.largest, middle_size=scale.middle, spreads_apart=scale.apart,
    )  # fmt: skip


CHECK = Check(
    code="TF201",
    title="Inputs on scales that gradient descent cannot cope with",
    faults=("unscaled_input",),
    stage="data",
    explanation=(
        "Initial weights and learning rates are chosen for inputs of about 1. Pixels up to 255 or a column in "
        "thousands push the first layer's units far to one side, where sigmoids are flat and ReLUs are dead or huge, "
        "and the largest column outvotes all others. The learning rate that suits one column is wrong for the next."
    ),
    repair="Scale the inputs, with numbers taken from the training rows.",
    repairs=("scale_inputs",),
    thresholds=(
        Threshold(
            "large", _LARGE, "root mean square of a feature", "DeepDiagnosis and anchors, rule 2: spread above 10"
        ),
        Threshold("strong", _STRONG, "root mean square of a feature", "arbitrary: a warning without a probe"),
        Threshold("extreme", _EXTREME, "root mean square of a feature", "arbitrary: an error without a probe"),
        Threshold("small", _SMALL, "root mean square of the largest feature", "arbitrary: the mirror of `large`"),
        Threshold("tiny", _TINY, "root mean square of the largest feature", "pixels divided by 255 twice have 0.002"),
        Threshold("apart", _APART, "times the middle spread", "anchors, rule 2: ratio of spreads above 100"),
    ),
    judge=_judge,
)
