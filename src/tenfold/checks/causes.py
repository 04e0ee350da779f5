"""Which fault brings about which: a finding whose cause was found as well is told as a tip, and its cause names it.

A network on unscaled inputs shows saturated units, gradients that explode and a learning rate that seems too high;
whoever repairs these first repairs the wrong thing. The table is explicit and short: the order of repair of AutoTrainer
(Zhang et al. 2021: data, then activation and loss, then gradients, then the rate) read as causes, with what the
mechanisms of these faults add. Nothing in it goes in a circle.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tenfold.checks.finding import FAULTS, Finding

__all__ = ["EXPLAINS", "in_order_of_causes"]

_GRADIENTS = ("exploding_gradient", "vanishing_gradient", "saturation", "dying_relu")
_SPEED = ("lr_too_high", "lr_too_low", "optimizer", "too_few_epochs")
_WHOLE_TRAINING = (*_GRADIENTS, *_SPEED, "capacity", "clipped_loss")

EXPLAINS: dict[str, tuple[str, ...]] = {
    "numeric": (*_WHOLE_TRAINING, "unscaled_input", "unscaled_target"),  # NaN in the data: nothing can be judged by it
    "head_loss_mismatch": (*_WHOLE_TRAINING, "unscaled_target", "imbalance", "overfitting"),
    "label_error": (*_SPEED, "capacity", "overfitting", "imbalance", "clipped_loss"),
    "misaligned_xy": (*_SPEED, "capacity", "overfitting", "imbalance", "vanishing_gradient"),
    "split_mismatch": ("overfitting",),
    "ordered_data": ("split_mismatch", "overfitting", "imbalance"),
    "unscaled_input": (*_WHOLE_TRAINING, "imbalance"),
    "unscaled_target": _WHOLE_TRAINING,
    "bad_init": (*_WHOLE_TRAINING, "imbalance"),
    "no_nonlinearity": ("capacity", "lr_too_low", "too_few_epochs"),
    "dropout": ("capacity", "lr_too_low", "too_few_epochs", "imbalance"),
    "clipped_loss": ("vanishing_gradient", "lr_too_low"),
    "lr_too_high": (*_GRADIENTS, "optimizer", "too_few_epochs", "capacity", "imbalance", "clipped_loss"),
    "saturation": ("optimizer", "vanishing_gradient", "lr_too_low", "too_few_epochs", "capacity"),
    "dying_relu": ("vanishing_gradient", "lr_too_low", "too_few_epochs", "capacity"),
    "vanishing_gradient": ("lr_too_low", "optimizer", "too_few_epochs", "capacity"),
    "exploding_gradient": ("optimizer", "too_few_epochs", "capacity"),
    "lr_too_low": ("optimizer", "too_few_epochs", "capacity"),
    "optimizer": ("too_few_epochs", "capacity"),
    "too_few_epochs": ("capacity",),
}
"""For each kind of fault the kinds that it can bring about."""

_SEVERITIES = ("error", "warning", "tip")
_FAULTS = tuple(FAULTS)


def in_order_of_causes(findings: Sequence[Finding]) -> list[Finding]:
    """The findings, likeliest first cause first; symptoms of a cause that was found are told as tips.

    A cause takes over the severity of its gravest symptom, and names its symptoms in `evidence["explains"]`; a symptom
    names its cause in `evidence["explained_by"]`. A tip explains nothing: it works.

    Args:
        findings: In any order.

    Returns:
        Errors, then warnings, then tips; among them in the order of `FAULTS`, then of codes.
    """
    causes = {id(one): _cause_of(one, findings) for one in findings}
    symptoms: dict[int, list[Finding]] = {}
    for one in findings:
        cause = causes[id(one)]
        if cause is not None:
            symptoms.setdefault(id(cause), []).append(one)
    told = [_told(one, causes[id(one)], symptoms.get(id(one), [])) for one in findings]
    return sorted(told, key=_rank)


def _cause_of(symptom: Finding, findings: Sequence[Finding]) -> Finding | None:
    """The first cause among the findings: one that explains the symptom and that no other finding explains."""
    explaining = [one for one in findings if _explains(one, symptom)]
    roots = [one for one in explaining if not any(_explains(other, one) for other in explaining)]
    return min(roots, key=_rank, default=None)


def _explains(cause: Finding, symptom: Finding) -> bool:
    return cause.severity != "tip" and symptom.fault in EXPLAINS.get(cause.fault, ())


def _told(finding: Finding, cause: Finding | None, symptoms: Sequence[Finding]) -> Finding:
    if cause is not None:
        return replace(finding.as_tip(), evidence=_with(finding, explained_by=cause.code))
    if not symptoms:
        return finding
    gravest = min((finding, *symptoms), key=lambda one: _SEVERITIES.index(one.severity)).severity
    return replace(finding, severity=gravest, evidence=_with(finding, explains=_names(symptoms)))


def _with(finding: Finding, **more: object) -> Mapping[str, object]:
    return {**finding.evidence, **more}


def _names(symptoms: Sequence[Finding]) -> list[str]:
    return list(dict.fromkeys(f"{one.code} {one.fault}" for one in symptoms))


def _rank(finding: Finding) -> tuple[int, int, str]:
    return _SEVERITIES.index(finding.severity), _FAULTS.index(finding.fault), finding.code
