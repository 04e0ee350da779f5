"""The page of checks is made from the checks, with a finding of a small program for each of the model and the data.

python tests/docs/test_checks_page.py        writes docs/checks.md anew
"""

import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).parents[2]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT / "tests"))

import keras  # noqa: E402
import numpy as np  # noqa: E402

from judged import (  # noqa: E402
    CLASSES,
    NUMBERS,
    ONE_HOT,
    TWO_CLASSES,
    X,
    classifier,
    evidence,
    network,
    outcomes,
    regressor,
)  # fmt: skip
from tenfold.checks.facts import Evidence, UnsafeFacts  # noqa: E402
from tenfold.checks.finding import Finding  # noqa: E402
from tenfold.checks.judging import all_checks  # noqa: E402
from tenfold.checks.page import checks_page  # noqa: E402

PAGE = ROOT / "docs" / "checks.md"
SPARSE = "sparse_categorical_crossentropy"
layers = keras.layers
STEPS = np.arange(300) / 300
WAVES = np.column_stack([np.sin(place * STEPS * 50) for place in (1, 2, 3)]).astype("float32")
SIDES = (WAVES[:, 0] + WAVES[:, 1] > 0).astype(int)


def last() -> keras.Layer:
    return layers.Dense(3, activation="softmax", name="last")


def of_model(*before: keras.Layer) -> Evidence:
    return evidence(network(*before, last(), loss=SPARSE), X, CLASSES)


def in_half() -> Evidence:
    found = evidence(classifier(), X, CLASSES)
    (output,) = found.model.outputs
    return Evidence(model=replace(found.model, outputs=(replace(output, dtype="float16", is_fused=False),)))


def unsafe() -> Evidence:
    found = UnsafeFacts("log", "losses.py, line 12, in `own_loss`", "its argument is 0 for an answer of 0",
                        "write `keras.ops.log(x + 1e-7)`", confirmed=True)  # fmt: skip
    return Evidence(model=replace(evidence(classifier(), X, CLASSES).model, unsafe=(found,)))


def unfused() -> Evidence:
    found = evidence(classifier(1, "sigmoid", "binary_crossentropy"), X, TWO_CLASSES).model
    return Evidence(model=replace(found, outputs=(replace(found.outputs[0], is_fused=False),)))


def with_holes() -> Evidence:
    x = X.copy()
    x[3:6, 1] = np.nan
    return evidence(None, x, CLASSES)


def exchanged() -> Evidence:
    wrong = np.where(np.arange(300) % 5 == 0, 1 - SIDES, SIDES)
    return evidence(None, WAVES, wrong, thorough=True)


EXAMPLES: dict[str, Callable[[], Evidence]] = {
    "TF101": lambda: evidence(classifier(1, "sigmoid", "binary_crossentropy"), X, CLASSES),
    "TF102": lambda: evidence(classifier(3, "softmax", keras.losses.CategoricalCrossentropy(True)), X, ONE_HOT),
    "TF103": lambda: of_model(layers.Dense(16, name="first"), layers.Dense(16, activation="relu", name="second")),
    "TF104": lambda: of_model(layers.Dense(16, activation="softmax", name="hidden")),
    "TF105": lambda: of_model(layers.Dense(16, activation="relu"), layers.Dropout(0.8, name="dropout")),
    "TF106": lambda: of_model(layers.Dense(16, activation="relu", kernel_initializer="zeros", name="hidden")),
    "TF107": lambda: evidence(classifier(optimizer=keras.optimizers.Adam(2.0)), X, CLASSES),
    "TF108": lambda: evidence(regressor(metrics=["accuracy"]), X, NUMBERS),
    "TF109": in_half,
    "TF110": unsafe,
    "TF111": unfused,
    "TF201": lambda: evidence(None, np.column_stack([X, np.linspace(9_000, 80_000, len(X))]), CLASSES),
    "TF202": with_holes,
    "TF203": lambda: evidence(regressor(), X, 200_000 + 50_000 * X[:, 0], epochs=50),
    "TF204": lambda: evidence(None, X, np.sort(CLASSES)),
    "TF205": lambda: evidence(None, WAVES, np.roll(np.random.default_rng(0).permutation(SIDES), 0), thorough=True),
    "TF206": lambda: evidence(None, X, TWO_CLASSES, (255 * X, TWO_CLASSES)),
    "TF207": lambda: evidence(classifier(), X, CLASSES / 255),
    "TF208": lambda: evidence(None, np.column_stack([WAVES, 5 - 2 * SIDES]), SIDES, thorough=True),
    "TF209": lambda: evidence(None, X, (np.arange(60) > 56).astype(int)),
    "TF210": exchanged,
}
"""Small programs, each with the fault that the check names."""


def example(code: str) -> Finding:
    found = next(one for one in outcomes(code, EXAMPLES[code]()) if isinstance(one, Finding))
    return replace(found, message=re.sub(r"`last_\d+`", "`last`", found.message))


def page() -> str:
    keras.utils.set_random_seed(0)
    return checks_page(all_checks(), {code: example(code) for code in EXAMPLES})


def test_the_page_is_made_from_the_checks() -> None:
    assert page() == PAGE.read_text(encoding="utf-8"), "python tests/docs/test_checks_page.py"


def test_every_check_of_the_model_and_the_data_has_an_example() -> None:
    assert set(EXAMPLES) == {check.code for check in all_checks() if check.stage in ("model", "data")}


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
