"""TF107: a learning rate that its optimizer is used with.

Only what is absurd is judged here; between the bounds the probe judges by training with a tenth and ten times the rate.
An optimizer that divides by the size of the gradient moves each weight by at most about its rate in a step, so its rate
times the steps says how far a weight can get.
"""

from math import ceil
from typing import Any, NamedTuple

from tenfold.checks.check import Check, Threshold
from tenfold.checks.contrasts import confirmed
from tenfold.checks.facts import Evidence, ModelFacts, OptimizerFacts
from tenfold.checks.finding import Finding, Passed, Silent
from tenfold.checks.reach import LARGER_RATES, SMALLER_RATES

__all__ = ["CHECK"]

_LOW = 1e-6
_LOWEST = 1e-8
_REACH = 0.005


class _Range(NamedTuple):
    """Rates from which a warning and an error are due."""

    high: float
    highest: float


_RANGES = {
    **dict.fromkeys(("adam", "adamw", "adamax", "nadam", "rmsprop", "lamb"), _Range(0.1, 1.0)),
    "lion": _Range(0.01, 0.1),
    "muon": _Range(0.2, 2.0),
    "sgd": _Range(2.0, 10.0),
    **dict.fromkeys(("adagrad", "adadelta", "ftrl", "adafactor"), _Range(10.0, 100.0)),
}
_MOVES_BY_ITS_RATE = frozenset({"adam", "adamw", "adamax", "nadam", "rmsprop", "lamb", "lion"})


def _judge(evidence: Evidence) -> list[Finding] | Passed | Silent:
    model = evidence.model
    if model is None:
        return Silent("no model was given", skipped=True)
    optimizer = model.optimizer
    if optimizer.is_scheduled:
        return Silent("the learning rate follows a schedule")
    if optimizer.kind not in _RANGES:
        return Silent("the optimizer is the user's own")
    found = _useless(optimizer) or _too_high(optimizer, evidence) or _too_low(model, evidence)
    return [found] if found is not None else Passed({"learning_rate": optimizer.learning_rate})


def _useless(optimizer: OptimizerFacts) -> Finding | None:
    if optimizer.learning_rate > 0:
        return None
    is_zero = optimizer.learning_rate == 0
    return CHECK.finding(
        "error",
        f"The learning rate is {'0: no weight ever moves' if is_zero else 'negative: every step goes uphill'}.",
        repair=_repair(optimizer),
        fault="lr_too_low" if is_zero else "lr_too_high",
        learning_rate=optimizer.learning_rate,
    )


def _too_high(optimizer: OptimizerFacts, evidence: Evidence) -> Finding | None:
    limits = _RANGES[optimizer.kind]
    if optimizer.learning_rate < limits.high:
        return None
    is_absurd = optimizer.learning_rate >= limits.highest
    found = CHECK.finding(
        "error" if is_absurd else "warning",
        f"The learning rate {optimizer.learning_rate:g} is high for `{optimizer.kind}`, which is used with rates below "
        f"{limits.high:g}.",
        repair=_repair(optimizer), fault="lr_too_high", learning_rate=optimizer.learning_rate,
    )  # fmt: skip
    return found if is_absurd else confirmed(found, evidence.probe, *SMALLER_RATES)


def _too_low(model: ModelFacts, evidence: Evidence) -> Finding | None:
    optimizer = model.optimizer
    rate = optimizer.learning_rate
    if rate < _LOW:
        return confirmed(
            _slow(optimizer, f"The learning rate {rate:g} hardly moves a weight."), evidence.probe, *LARGER_RATES
        )
    steps = _steps(evidence)
    is_below_default = optimizer.default_learning_rate is not None and rate < optimizer.default_learning_rate / 2
    starts_anew = any(layer.kernel is not None and layer.kernel.initializer for layer in model.layers)
    if not steps or optimizer.kind not in _MOVES_BY_ITS_RATE or not is_below_default or not starts_anew:
        return None
    if rate * steps >= _REACH:
        return None
    message = f"With the learning rate {rate:g} a weight moves by at most {rate * steps:.2g} in all {steps} steps."
    return confirmed(_slow(optimizer, message, steps=steps), evidence.probe, *LARGER_RATES)


def _slow(optimizer: OptimizerFacts, message: str, **more: Any) -> Finding:
    return CHECK.finding(
        "error" if optimizer.learning_rate < _LOWEST else "warning",
        message,
        repair=_repair(optimizer),
        fault="lr_too_low",
        learning_rate=optimizer.learning_rate,
        **more,
    )


def _steps(evidence: Evidence) -> int:
    """Steps of the user's own training; 0 where the rows are not known."""
    return 0 if evidence.data is None else evidence.epochs * ceil(evidence.data.num_rows / evidence.batch_size)


def _repair(optimizer: OptimizerFacts) -> str:
    default = optimizer.default_learning_rate
    usual = f"{default:g}, Keras' default" if default else "0.001"
    return f"Start with learning_rate={usual}."


CHECK = Check(
    code="TF107",
    title="A learning rate outside of what its optimizer is used with",
    faults=("lr_too_high", "lr_too_low"),
    stage="model",
    explanation=(
        "The learning rate says how far a weight moves in a step. Far too large steps jump over every solution, far "
        "too small ones do not get there in the time given. Optimizers such as Adam move every weight by about the "
        "rate itself, SGD by the rate times the gradient, so their ranges differ."
    ),
    repair="Start with Keras' default learning rate.",
    repairs=("learning_rate",),
    thresholds=(
        Threshold(
            "adam_high", _RANGES["adam"].high, "per step", "UMLAUT warns from 0.01; 0.1 leaves large steps alone"
        ),
        Threshold("sgd_high", _RANGES["sgd"].high, "per step", "arbitrary: 1 is used on small problems"),
        Threshold("low", _LOW, "per step", "UMLAUT warns below 1e-7"),
        Threshold("lowest", _LOWEST, "per step", "below half a unit in the last place of a float32 weight of 0.1"),
        Threshold("reach", _REACH, "weight units over all steps", "arbitrary: a tenth of Glorot's size for 800 units"),
    ),
    judge=_judge,
)
