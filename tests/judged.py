"""Small programs for the tests of the checks: a model, its data, and what one check says of them."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from tenfold.checks.facts import Contrast, Evidence, ProbeFacts
from tenfold.checks.finding import Finding, Passed, Silent
from tenfold.checks.judging import all_checks
from tenfold.observation.data_facts import data_facts
from tenfold.observation.model_facts import model_facts

RNG = np.random.default_rng(0)
NUM_ROWS = 60
X = RNG.normal(size=(NUM_ROWS, 4)).astype("float32")
CLASSES = np.arange(NUM_ROWS) % 3
ONE_HOT = np.eye(3, dtype="float32")[CLASSES]
TWO_CLASSES = np.arange(NUM_ROWS) % 2
NUMBERS = (X[:, 0] - X[:, 1] + 0.1 * RNG.normal(size=NUM_ROWS)).astype("float32")

Dense = keras.layers.Dense


def network(*layers: Any, loss: Any, optimizer: Any = "adam", metrics: Sequence[Any] = ()) -> Any:
    model = keras.Sequential(list(layers))
    model.compile(optimizer, loss, metrics=list(metrics))
    return model


def classifier(units: int = 3, activation: Any = "softmax", loss: Any = "sparse_categorical_crossentropy", **more: Any):
    return network(Dense(5, activation="relu"), Dense(units, activation=activation, name="last"), loss=loss, **more)


def regressor(activation: Any = None, loss: Any = "mse", **more: Any):
    return network(Dense(5, activation="relu"), Dense(1, activation=activation, name="last"), loss=loss, **more)


def evidence(
    model: Any, x: Any = X, y: Any = CLASSES, validation: Any = None, *, thorough: bool = False, **more: Any
) -> Evidence:
    seen = None if model is None else model_facts(model, x, y)
    return Evidence(model=seen, data=data_facts(x, y, validation, model=seen, thorough=thorough), **more)


def outcomes(code: str, found: Evidence) -> list[Finding] | list[Passed] | list[Silent]:
    check = next(check for check in all_checks() if check.code == code)
    return list(check.outcomes(found))


def only(code: str, found: Evidence) -> Any:
    """The one thing that a check says."""
    (outcome,) = outcomes(code, found)
    return outcome


def is_quiet(outcome: Any) -> bool:
    return isinstance(outcome, (Passed, Silent))


def contrast(name: str, error: Sequence[float], validation_error: Sequence[float] | None = None) -> Contrast:
    errors = np.asarray(error, dtype=float)
    held_out = errors if validation_error is None else np.asarray(validation_error, dtype=float)
    curves = np.ones((len(errors), 2))
    return Contrast(name, curves, curves, errors, held_out, np.ones(len(errors), dtype=bool))


def probe(*contrasts: Contrast, **more: Any) -> ProbeFacts:
    """What probe trainings showed; the first of the contrasts is the user's own training."""
    seeds = len(contrasts[0].error)
    facts: dict[str, Any] = {
        "epochs": 2, "steps_an_epoch": 2, "covers": 1.0, "num_rows": NUM_ROWS, "signs": (),
        "contrasts": {one.name: one for one in contrasts}, "start_loss": np.ones(seeds), "guess_loss": 1.0,
        "guess_error": 0.5, "batch_loss": np.ones((seeds, 2)), "batch_error": np.zeros(seeds),
        "constant_answers": np.zeros(seeds, dtype=bool),
    }  # fmt: skip
    return ProbeFacts(**{**facts, **more})
