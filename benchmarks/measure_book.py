"""Trains one network of the book once, by Tenfold or by Keras' own loop, in a process of its own."""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from book_tasks import TASKS, Rows, Task, data_folder
from processes import answer, task


class Training(NamedTuple):
    """What a training told.

    Attributes:
        scores: Of the test rows, or of each fold.
        seconds: With compiling.
        curve: Scores of the training rows and of the watched rows, epoch by epoch; empty where none are watched.
    """

    scores: list[float]
    seconds: float
    curve: dict[str, list[float]]


def by_keras(one: Task, rows: Rows) -> Training:
    """Trains by `Model.fit`, folds one after the other as the book has them."""
    import keras  # the process' backend

    began, scores = time.perf_counter(), []
    for train, held_out in _folds(one, len(rows.y)):
        model = one.build()
        model.fit(rows.x[train], rows.y[train], epochs=one.epochs, batch_size=one.batch_size, verbose=0)
        scores.append(_score(model, rows.x[held_out], rows.y[held_out]))
        keras.backend.clear_session()
    if one.folds:
        return Training(scores, time.perf_counter() - began, {})
    models = [one.build() for _ in range(one.seeds)]
    trained = [_timed(one, rows, model, model.fit) for model in models]
    return Training([each.scores[0] for each in trained], sum(each.seconds for each in trained), trained[0].curve)


def by_tenfold(one: Task, rows: Rows, seed: int) -> Training:
    """The same by `tenfold.fit`, folds and seeds by `tenfold.cross_validate`."""
    import tenfold  # before Keras

    if not one.folds and one.seeds == 1:
        model = one.build()
        return _timed(one, rows, model, partial(tenfold.fit, model, checks=False))
    folds = _folds(one, len(rows.y))
    if not folds:  # seeds on all training rows, beside the watched ones
        count = len(rows.y)
        folds = [(np.arange(count), np.arange(count, count + one.watched))]
        rows = replace(
            rows, x=np.concatenate([rows.x, rows.test_x[: one.watched]]),
            y=np.concatenate([rows.y, rows.test_y[: one.watched]]),
        )  # fmt: skip
    began = time.perf_counter()
    found = tenfold.cross_validate(
        one.build, rows.x, rows.y, cv=folds, epochs=one.epochs, batch_size=one.batch_size, seeds=one.seeds, seed=seed,
        checks=False,
    )  # fmt: skip
    seconds = time.perf_counter() - began
    if one.folds:
        return Training([float(value) for value in np.asarray(found.scores[one.measure]).reshape(-1)], seconds, {})
    return Training([_score(model, rows.test_x, rows.test_y) for model in found.models], seconds, {})


def _timed(one: Task, rows: Rows, model: Any, fit: Callable[..., Any]) -> Training:
    """Trains a model on all training rows and scores the test rows."""
    watched = (rows.test_x[: one.watched], rows.test_y[: one.watched]) if one.watched else None
    began = time.perf_counter()
    told = fit(
        rows.x, rows.y, epochs=one.epochs, batch_size=one.batch_size, verbose=0, validation_data=watched
    )  # fmt: skip
    seconds = time.perf_counter() - began
    names = {"training": one.measure, "watched": f"val_{one.measure}"} if one.watched else {}
    curve = {word: [float(value) for value in told.history[name]] for word, name in names.items()}
    return Training([_score(model, rows.test_x, rows.test_y)], seconds, curve)


def _folds(one: Task, count: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Neighbouring rows as folds, as the book cuts them."""
    if not one.folds:
        return []
    parts = np.array_split(np.arange(count), one.folds)
    return [(np.setdiff1d(np.arange(count), part), part) for part in parts]


def _score(model: Any, x: np.ndarray | None, y: np.ndarray | None) -> float:
    return float(model.evaluate(x, y, batch_size=1_000, verbose=0)[1])


def main() -> None:
    """Answers the task: a name, a way and a seed."""
    asked = task()
    one = next(each for each in TASKS if each.name == asked["name"])
    if asked["way"] == "tenfold":
        import tenfold  # noqa: F401  # sets the backend before Keras is loaded
    import keras

    keras.utils.set_random_seed(asked["seed"])
    rows = one.load(data_folder(), asked["seed"])
    train = by_tenfold(one, rows, asked["seed"]) if asked["way"] == "tenfold" else by_keras(one, rows)
    answer(**train._asdict())


if __name__ == "__main__":
    main()
