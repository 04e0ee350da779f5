"""What the study trains on: a question with two answers, rows to train on, rows to look at, and a small network.

The photos are no part of Tenfold: they are read from the folder that the environment variable `TENFOLD_DATA` names.
"""

import io
import os
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np

from tenfold.errors import OptionError, TableError, did_you_mean

__all__ = ["TASKS", "Task", "find_task"]

SIDE = 48
"""Pixels of a photo's side: a tenth of the numbers of 150 x 150, so that a network trains in seconds."""

PHOTOS = Path("cats_dogs") / "cats_dogs_4000_side150.zip"


@dataclass(frozen=True)
class Task:
    """A question with two answers.

    Attributes:
        name: Its name.
        question: The question in words.
        x: Inputs; leading axis `row`.
        y: Labels 0 and 1, shape `(row, 1)`.
        train: Positions of the rows to train on.
        test: Positions of the rows that the trained networks are compared on.
        layers: Makes the network's layers, without its head.
        learning_rate: Of Adam.
        epochs: Epochs to train.
    """

    name: str
    question: str
    x: Any
    y: Any
    train: Any
    test: Any
    layers: Callable[[], list[Any]]
    learning_rate: float
    epochs: int


def find_task(name: str, *, quick: bool = False) -> Task:
    """The task of that name.

    Args:
        name: `"digits"`, `"raw_digits"` or `"cats_dogs"`.
        quick: Few epochs, and 400 photos: to see that it works.

    Returns:
        The task with its data in memory.

    Raises:
        OptionError: An unknown name.
        TableError: The photos are not there.
    """
    if name not in TASKS:
        raise OptionError(
            "unknown_study_data", f"The study has no data `{name}`", expected=", ".join(TASKS),
            hint=did_you_mean(name, TASKS),
        )  # fmt: skip
    return TASKS[name](quick)


def _digits(quick: bool, scale: float = 1 / 16, name: str = "digits") -> Task:  # noqa: FBT001 (called through TASKS)
    from sklearn.datasets import load_digits  # noqa: PLC0415 (costs half a second; the photos do not need it)

    x, digits = load_digits(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(x))
    return Task(
        name, "odd or even digit", (x * scale).astype(np.float32), (digits % 2).astype(np.float32)[:, None],
        order[:1200], order[1200:], lambda: [keras.layers.Dense(32, activation="relu")], 3e-3, 10 if quick else 60,
    )  # fmt: skip


def _raw_digits(quick: bool) -> Task:  # noqa: FBT001
    """Digits as bytes, 0 to 255, as they come from a file when nobody scales them."""
    return _digits(quick, 255 / 16, "raw_digits")


def _cats_dogs(quick: bool) -> Task:  # noqa: FBT001
    per_folder = 100 if quick else 1000
    parts = [_photos(f"{part}/{kind}", per_folder) for part in ("train", "test") for kind in ("cats", "dogs")]
    y = np.concatenate([np.full(len(part), number % 2, np.float32) for number, part in enumerate(parts)])[:, None]
    num_train = len(parts[0]) + len(parts[1])
    return Task(
        "cats_dogs", "cat or dog", np.concatenate(parts), y, np.arange(num_train), np.arange(num_train, len(y)),
        _photo_layers, 1e-3, 3 if quick else 15,
    )  # fmt: skip


def _photo_layers() -> list[Any]:
    """The study's convnet_01 with a quarter of its filters and an eighth of its dense units, for 48 x 48 pixels."""
    layers: list[Any] = []
    for filters in (8, 16, 32, 64):
        layers += [
            keras.layers.Conv2D(filters, 3, activation="relu", padding="same", kernel_initializer="he_normal"),
            keras.layers.MaxPooling2D(2),
        ]
    return [
        *layers, keras.layers.Flatten(), keras.layers.Dropout(0.4), keras.layers.Dense(64, activation="relu"),
        keras.layers.Dense(32, activation="relu"),
    ]  # fmt: skip


def _photos(folder: str, most: int) -> Any:
    from PIL import Image  # noqa: PLC0415 (only for photos)

    path = Path(os.environ.get("TENFOLD_DATA", "")) / PHOTOS
    if not path.is_file():
        raise TableError(
            "no_photos", "The photos of cats and dogs are not here", expected=f"`{PHOTOS}` in the folder TENFOLD_DATA",
            hint="set TENFOLD_DATA, or use the digits",
        )  # fmt: skip
    with zipfile.ZipFile(path) as archive:
        names = sorted(name for name in archive.namelist() if f"{folder}/" in name and name.endswith(".jpg"))[:most]
        images = [Image.open(io.BytesIO(archive.read(name))).convert("RGB").resize((SIDE, SIDE)) for name in names]
    return np.stack([np.asarray(image, np.float32) / 255 for image in images])


TASKS: dict[str, Callable[[bool], Task]] = {"digits": _digits, "raw_digits": _raw_digits, "cats_dogs": _cats_dogs}
