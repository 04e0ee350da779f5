"""Lines that put the rows right where no model could make sense of them: `labels`, `missing`.

Class labels that are no whole numbers (class numbers divided by 255 together with the pixels) become class numbers
again. Missing inputs become the column's median. These are the only repairs that change what the user passes to `fit`;
they stand as lines of code before it.
"""

import functools
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import keras
import numpy as np

from tenfold.repairing.program import Case, Change, Program, RowStep
from tenfold.repairing.proposal import Asked, of_program, proposal

__all__ = ["propose_filling", "propose_labels"]

_DIVISORS = (255.0, 256.0, 128.0, 100.0, 10.0)
"""What people divide pixels and percentages by."""


def propose_labels(program: Program, case: Case, asked: Asked) -> Iterator[Change]:
    """Class labels made whole numbers from 0."""
    del program
    if isinstance(case.y, np.ndarray) and len(case.targets) == 1 and case.targets[0].kind in ("two classes", "classes"):
        yield proposal(asked, "labels", "class labels made whole numbers again", _restored)


def propose_filling(program: Program, case: Case, asked: Asked) -> Iterator[Change]:
    """Missing numbers of a table replaced by the column's median."""
    del program
    if isinstance(case.x, np.ndarray) and np.isnan(case.x.astype(float)).any():
        yield proposal(asked, "missing", "missing inputs replaced by their column's median", of_program(_filled))


def _restored(program: Program, case: Case) -> Program | None:
    y = np.asarray(case.y, np.float64)
    values = np.unique(y)
    if (values % 1 == 0).all() and values[0] >= 0 and values[-1] < len(values):
        return None
    divisor = _divisor_of(values)
    if divisor is not None:
        return _with_step(
            program, f"y = np.round(y * {divisor:g}).astype(int)", functools.partial(_multiplied, divisor)
        )
    listed = [float(f"{value:.7g}") for value in values]
    code = f'y = np.searchsorted(np.array({listed}) - 1e-6, y, side="right") - 1'
    return _with_step(program, code, functools.partial(_numbered, listed))


def _divisor_of(values: np.ndarray) -> float | None:
    """What class numbers from 0 have been divided by, if that is a number people divide by."""
    for divisor in _DIVISORS:
        numbers = values * divisor
        if np.allclose(numbers, np.round(numbers), atol=1e-3) and numbers[0] > -0.5 and numbers[-1] < len(values) + 1:  # noqa: PLR2004
            return divisor
    return None


def _multiplied(divisor: float, x: Any, y: np.ndarray) -> tuple[Any, np.ndarray]:
    return x, np.round(np.asarray(y) * divisor).astype(np.int64)


def _numbered(values: list[float], x: Any, y: np.ndarray) -> tuple[Any, np.ndarray]:
    return x, np.searchsorted(np.array(values) - 1e-6, y, side="right") - 1


def _filled(program: Program) -> Program | None:
    code = "x = np.where(np.isnan(x), np.nanmedian(x, axis=0), x)"
    return _with_step(program, code, lambda x, y: (keras.tree.map_structure(_fill, x), y))


def _fill(x: np.ndarray) -> np.ndarray:
    return np.where(np.isnan(x), np.nanmedian(x, axis=0), x).astype(x.dtype)


def _with_step(program: Program, code: str, apply: Callable[[Any, Any], tuple[Any, Any]]) -> Program | None:
    if any(step.code == code for step in program.steps):
        return None
    return replace(program, steps=(*program.steps, RowStep(code, apply)))
