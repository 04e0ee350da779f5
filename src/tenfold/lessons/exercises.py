"""Whether an answer is right, and what a wrong one says of the way to it."""

from typing import Any

import numpy as np

from tenfold.lessons.header import Exercise

__all__ = ["judge_answer"]


def judge_answer(exercise: Exercise, answer: Any) -> tuple[bool, str]:
    """Compare an answer with the right one and with usual mistakes.

    Args:
        exercise: What was asked.
        answer: A number, an array or list of numbers, or a word; `...` and None where nothing was answered.

    Returns:
        Whether it is right, and a sentence.

    >>> asked = Exercise("slope", "compute", -24, "the error times two", ((24, "The sign: prediction minus target."),))
    >>> judge_answer(asked, -24.0)
    (True, 'slope: right.')
    >>> judge_answer(asked, 24)
    (False, 'slope: not yet. The sign: prediction minus target.')
    >>> judge_answer(asked, ...)
    (False, 'slope: not answered yet; `lesson.hint("slope")` helps.')
    """
    name = exercise.name
    if _is_missing(answer):
        return False, f'{name}: not answered yet; `lesson.hint("{name}")` helps.'
    if _is_same(answer, exercise.right, exercise.tolerance):
        return True, f"{name}: right."
    for wrong, sentence in exercise.mistakes:
        if _is_same(answer, wrong, exercise.tolerance):
            return False, f"{name}: not yet. {sentence}"
    return False, f'{name}: not yet{_difference(answer, exercise.right)}; `lesson.hint("{name}")` helps.'


def _is_missing(answer: Any) -> bool:
    if answer is None or answer is ...:
        return True
    return isinstance(answer, list | tuple) and any(_is_missing(one) for one in answer)


def _numbers(answer: Any) -> np.ndarray | None:
    try:
        return np.asarray(answer, dtype=float)
    except (TypeError, ValueError):
        return None


def _is_same(answer: Any, right: Any, tolerance: float) -> bool:
    if isinstance(right, str):
        return isinstance(answer, str) and answer.strip().casefold() == right.casefold()
    given, wanted = _numbers(answer), _numbers(right)
    if given is None or wanted is None:
        return False
    if given.size == wanted.size == 1:
        given, wanted = given.reshape(()), wanted.reshape(())
    return given.shape == wanted.shape and bool(np.allclose(given, wanted, rtol=tolerance, atol=1e-12))


def _difference(answer: Any, right: Any) -> str:
    """What is of another kind or shape, where something is; the right numbers are not given away."""
    if isinstance(right, str):
        return "" if isinstance(answer, str) else ", the answer is a word in quotes"
    given, wanted = _numbers(answer), np.asarray(right, dtype=float)
    if given is None:
        return ", the answer is a number" if wanted.ndim == 0 else ", the answer is a list of numbers"
    if given.size != wanted.size or given.ndim != wanted.ndim:
        return f", the answer has the shape {wanted.shape} and this one {given.shape}"
    return ""
