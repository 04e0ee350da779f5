"""TF105: dropout takes away no more than the network can spare.

Srivastava et al. (2014) found 0.5 best for hidden units and 0.2 for inputs; UMLAUT warns above 0.5.
"""

from tenfold.checks.check import Check, Threshold
from tenfold.checks.contrasts import confirmed
from tenfold.checks.facts import Evidence, LayerFacts, ModelFacts
from tenfold.checks.finding import Finding, Passed, Severity, Silent
from tenfold.checks.wiring import ends_in_output

__all__ = ["CHECK"]

_USUAL = 0.5
_STRONG = 0.7
_RUINOUS = 0.9
_FEW_UNITS = 8
_MUCH_OF_FEW = 0.3


def _judge(evidence: Evidence) -> list[Finding] | Passed | Silent:
    model = evidence.model
    if model is None:
        return Silent("no model was given", skipped=True)
    layers = [layer for layer in model.layers if layer.rate]
    if not layers:
        return Silent("the model has no dropout")
    found = [finding for layer in layers for finding in (_of_layer(model, layer),) if finding is not None]
    judged = [one if one.severity == "error" else confirmed(one, evidence.probe, "no dropout") for one in found]
    return judged or Passed({"rates": [layer.rate for layer in layers]})


def _of_layer(model: ModelFacts, layer: LayerFacts) -> Finding | None:
    rate = layer.rate or 0.0
    if ends_in_output(model, layer):
        return _finding(
            layer, "error",
            f"`{layer.name}` stands behind the last weights and takes away {rate:.0%} of the answers themselves while "
            "the network trains.",
            "Move it in front of the last layer.",
        )  # fmt: skip
    source = model.layer(layer.sources[0]) if len(layer.sources) == 1 else None
    of_inputs = source is None or source.kind == "InputLayer"
    if rate >= _MUCH_OF_FEW and 0 < layer.units < _FEW_UNITS:
        kept = f"{layer.units} {'inputs' if of_inputs else 'units'}"
        severity: Severity = "warning" if rate >= _USUAL or of_inputs else "tip"
        message = f"`{layer.name}` takes away {rate:.0%} of only {kept}: hardly anything is left to learn from."
        return _finding(layer, severity, message, "Leave it out, or give the layer in front of it more units.")
    if rate <= _USUAL:
        return None
    severity = "error" if rate >= _RUINOUS else "warning" if rate >= _STRONG else "tip"
    message = f"`{layer.name}` takes away {rate:.0%} of the answers of the layer in front of it in every step."
    return _finding(layer, severity, message, f"Write `Dropout({0.2 if of_inputs else 0.5})` or less.")


def _finding(layer: LayerFacts, severity: Severity, message: str, repair: str) -> Finding:
    return CHECK.finding(severity, message, repair=repair, subject=layer.name, rate=layer.rate, units=layer.units)


CHECK = Check(
    code="TF105",
    title="Dropout that is too strong or in the wrong place",
    faults=("dropout",),
    stage="model",
    explanation=(
        "Dropout sets a random part of a layer's answers to zero in every training step, so that no unit relies on a "
        "single other one. Too much of it leaves too little to learn from; behind the last layer it destroys the "
        "answers themselves."
    ),
    repair="Use a rate from 0.2 to 0.5 between hidden layers.",
    repairs=("dropout",),
    thresholds=(
        Threshold("usual", _USUAL, "of the units", "Srivastava et al. (2014); UMLAUT"),
        Threshold("strong", _STRONG, "of the units", "arbitrary: a warning from here"),
        Threshold("ruinous", _RUINOUS, "of the units", "arbitrary: an error from here"),
        Threshold("few_units", _FEW_UNITS, "units", "arbitrary: fewer spare none"),
        Threshold("much_of_few", _MUCH_OF_FEW, "of the units", "arbitrary: what few units cannot spare"),
    ),
    judge=_judge,
)
