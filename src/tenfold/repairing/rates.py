"""Learning rate, optimizer and clipping: `learning_rate`, `optimizer`, `clipping`.

*Range test.* The program is trained with rates that lie three times apart, all as members of one population (a learning
rate is a number of its state, no new program), for as many epochs as the user trains: what counts is where training
ends, not how steeply it begins as in Smith (2017).

*Clipping* to a norm of 1 (Pascanu et al. 2013, who find anything of the order of the usual norm to do).
"""

import math
from collections.abc import Iterator
from typing import Any

import keras

from tenfold.engine.compile_arguments import compile_arguments
from tenfold.repairing.program import Case, Change, Program
from tenfold.repairing.proposal import Asked, of_program, proposal

__all__ = ["learning_rate_of", "propose_clipping", "propose_optimizers", "propose_rates"]

SMALLEST, LARGEST = 1e-6, 3.0
"""Rates beyond are not tried (arbitrary: below nothing moves in float32, above nothing known converges)."""

LOWER = (0.3, 0.1, 0.03, 0.01, 0.003, 0.001)
HIGHER = (3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)
"""Factors of the range test, three times apart: optima of the learning rate are about that wide (Bengio 2012, 3.4)."""

OPTIMIZERS: tuple[tuple[str, float], ...] = (("Adam", 0.001), ("Adam", 0.01), ("Adam", 0.0003), ("RMSprop", 0.001))
"""Kinds and rates tried: Adam's default, three times less and ten times more, and RMSprop's default."""

MOMENTUM = 0.9
NORM = 1.0


def propose_rates(program: Program, case: Case, asked: Asked) -> Iterator[Change]:
    """Lower and higher rates; only lower or only higher ones where the fault says which."""
    del case
    lower = LOWER if asked.fault != "lr_too_low" else ()
    higher = HIGHER if asked.fault not in ("lr_too_high", "exploding_gradient", "dying_relu") else ()
    start = learning_rate_of(program.model)
    factors = sorted((*lower, *higher), key=lambda factor: abs(math.log(factor)))  # where time is short, the nearest
    for rate in [_rounded(start * factor) for factor in factors] if start > 0 else [0.001, 0.01]:
        if SMALLEST <= rate <= LARGEST:
            says = f"learning rate {rate:g} instead of {start:g}"
            yield proposal(asked, "learning_rate", says, of_program(_with_rate, rate))


def propose_optimizers(program: Program, case: Case, asked: Asked) -> Iterator[Change]:
    """Adam and others at known rates; SGD with momentum where it has none."""
    del case
    for name, rate in OPTIMIZERS:
        says = f"optimizer {name} with learning rate {rate:g}"
        yield proposal(
            asked, "optimizer", says,
            of_program(_with_optimizer, name, rate),
        )  # fmt: skip
    if isinstance(program.model.optimizer, keras.optimizers.SGD) and not program.model.optimizer.momentum:
        yield proposal(asked, "optimizer", f"momentum {MOMENTUM:g}", of_program(_with_momentum))


def propose_clipping(program: Program, case: Case, asked: Asked) -> Iterator[Change]:
    """Gradients cut to a norm of 1, at the rate there is and at a tenth of it."""
    del case, program
    yield proposal(asked, "clipping", "gradients clipped to a norm of 1", of_program(_clipped))


def learning_rate_of(model: Any) -> float:
    """The learning rate at the first step."""
    rate = compile_arguments(model)["optimizer"].get_config()["learning_rate"]
    return _rounded(rate) if isinstance(rate, float) else _rounded(float(model.optimizer.learning_rate))


def _with_rate(program: Program, rate: float) -> Program | None:
    optimizer = program.model.optimizer
    if rate == learning_rate_of(program.model):
        return None
    return program.compiled(optimizer=type(optimizer).from_config({**optimizer.get_config(), "learning_rate": rate}))


def _with_optimizer(program: Program, name: str, rate: float) -> Program | None:
    present = program.model.optimizer
    if type(present).__name__ == name and learning_rate_of(program.model) == rate:
        return None
    clips = {
        one: getattr(present, one) for one in ("clipnorm", "global_clipnorm", "clipvalue") if getattr(present, one)
    }
    return program.compiled(optimizer=getattr(keras.optimizers, name)(rate, **clips))


def _with_momentum(program: Program) -> Program | None:
    optimizer = program.model.optimizer
    if not isinstance(optimizer, keras.optimizers.SGD) or optimizer.momentum:
        return None
    return program.compiled(
        optimizer=keras.optimizers.SGD.from_config({**optimizer.get_config(), "momentum": MOMENTUM})
    )


def _clipped(program: Program) -> Program | None:
    optimizer = program.model.optimizer
    if optimizer.clipnorm or optimizer.global_clipnorm or optimizer.clipvalue:
        return None
    return program.compiled(optimizer=type(optimizer).from_config({**optimizer.get_config(), "clipnorm": NORM}))


def _rounded(rate: float) -> float:
    return float(f"{rate:.3g}")
