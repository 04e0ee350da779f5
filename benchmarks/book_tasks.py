"""The networks of Chollet's book on their data: prepared rows, the model, how it is trained, what it should reach.

Only Keras, NumPy and Pillow are needed, so that every backend trains the very same thing. The data are those that
`TENFOLD_DATA` names; what differs from the book's own files is said beside the task.

Source of the models and of what they reached: F. Chollet, Deep Learning with Python (2017), chapters 2, 3 and 5, and
the logs of its notebooks.
"""

import csv
import gzip
import io
import os
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["TASKS", "Rows", "Task"]

NONE = "\u2013"

NUM_WORDS = 10_000
"""Most frequent words of the training texts that have an input each."""

NUM_TOPICS = 46
"""Topics of the book's newswires; here the most frequent ones of the ModApte split's training rows."""

SIDE, SMALL_SIDE = 150, 96
"""Pixels of a side to which photos are stretched: the book's, and what 100 epochs on two cores leave time for."""

FALLING_EPOCHS = 45
"""Over which the step of the last network for varied photos falls to nothing."""

NUM_HOUSES = 404
"""Training rows of the book's house prices. Its choice of rows is not in the file, so rows are drawn by the seed."""


@dataclass(frozen=True)
class Rows:
    """Prepared rows.

    Args:
        x: Training inputs.
        y: Training targets.
        test_x: Inputs of rows that are only scored; None where folds score.
        test_y: Their targets.
    """

    x: np.ndarray
    y: np.ndarray
    test_x: np.ndarray | None = None
    test_y: np.ndarray | None = None


@dataclass(frozen=True)
class Task:
    """A network of the book.

    Args:
        name: As in the results.
        words: As in the page.
        load: The rows, from the folder of the data and a seed.
        build: A compiled Keras model.
        epochs: How long it trains.
        batch_size: Rows of a step.
        measure: What is scored on the test rows: `"accuracy"` or `"mae"`.
        reached: What the book's notebooks reached.
        target: Mean that several seeds should reach, and how far from it they may lie.
        folds: Folds that score in place of test rows; 0 for none.
        watched: Test rows that are also scored after each epoch, for the curve; the training never looks at them.
        seeds: Trainings with other initial weights: at once by Tenfold, one after the other by Keras.
    """

    name: str
    words: str
    load: Callable[[Path, int], Rows]
    build: Callable[[], Any]
    epochs: int
    batch_size: int
    measure: str
    reached: str
    target: tuple[float, float]
    folds: int = 0
    watched: int = 0
    seeds: int = 1


def _sequential(layers: Sequence[Any], loss: str, metric: str) -> Any:
    import keras  # the backend is chosen by whoever imports this

    model = keras.Sequential(list(layers))
    model.compile("rmsprop", loss, metrics=[metric])
    return model


def _dense(inputs: int, widths: Sequence[int], outputs: int, activation: str | None, loss: str, metric: str) -> Any:
    import keras

    hidden = [keras.layers.Dense(width, activation="relu") for width in widths]
    return _sequential(
        [keras.Input((inputs,)), *hidden, keras.layers.Dense(outputs, activation=activation)], loss, metric
    )


def _convnet() -> Any:
    import keras

    layer = keras.layers
    layers = [
        keras.Input((28, 28, 1)), layer.Conv2D(32, 3, activation="relu"), layer.MaxPooling2D(),
        layer.Conv2D(64, 3, activation="relu"), layer.MaxPooling2D(), layer.Conv2D(64, 3, activation="relu"),
        layer.Flatten(), layer.Dense(64, activation="relu"), layer.Dense(10, activation="softmax"),
    ]  # fmt: skip
    return _sequential(layers, "sparse_categorical_crossentropy", "accuracy")


def _photos_network(side: int, *, is_varied: bool, is_falling: bool = False) -> Any:
    """The convnet for cats and dogs.

    Where photos vary it is as in the book's second edition, chapter 8: mirrored, turned and zoomed by layers, half of
    the last line of numbers dropped, RMSprop at its default step. Where that step falls, it reaches
    nothing at the end of training.
    """
    import keras

    layer = keras.layers
    varied = [layer.RandomFlip("horizontal"), layer.RandomRotation(0.1), layer.RandomZoom(0.2)]
    convolutions = [
        each
        for width in (32, 64, 128, 128)
        for each in (layer.Conv2D(width, 3, activation="relu"), layer.MaxPooling2D())
    ]
    layers = [
        keras.Input((side, side, 3), dtype="uint8"), layer.Rescaling(1 / 255), *(varied if is_varied else []),
        *convolutions, layer.Flatten(), *([layer.Dropout(0.5)] if is_varied else []),
        layer.Dense(512, activation="relu"), layer.Dense(1, activation="sigmoid"),
    ]  # fmt: skip
    model = keras.Sequential(layers)
    rate: Any = 1e-3 if is_varied else 1e-4
    if is_falling:
        rate = keras.optimizers.schedules.CosineDecay(rate, FALLING_EPOCHS * 63)  # 63 batches of 32 are an epoch
    model.compile(keras.optimizers.RMSprop(rate), "binary_crossentropy", metrics=["accuracy"])
    return model


def _photos(folder: Path, seed: int, side: int) -> Rows:
    """2,000 photos of cats and dogs to train on and 2,000 to test; the seed orders the former."""
    from PIL import Image

    parts = {}
    with zipfile.ZipFile(folder / "cats_dogs" / "cats_dogs_4000_side150.zip") as archive:
        for part in ("train", "test"):
            names = sorted(name for name in archive.namelist() if name.startswith(part) and name.endswith(".jpg"))
            photos = (Image.open(archive.open(name)).convert("RGB").resize((side, side)) for name in names)
            pixels = np.stack([np.asarray(photo, np.uint8) for photo in photos])
            parts[part] = pixels, np.array(["dogs" in name for name in names], np.float32)
    order = np.random.default_rng(seed).permutation(len(parts["train"][1]))
    test_order = np.random.default_rng(0).permutation(len(parts["test"][1]))  # the first of them are the watched ones
    (x, y), (test_x, test_y) = parts["train"], parts["test"]
    return Rows(x[order], y[order], test_x[test_order], test_y[test_order])


def _digits(folder: Path, shape: tuple[int, ...]) -> Rows:
    def read(part: str, kind: str, header: int) -> np.ndarray:
        raw = gzip.decompress((folder / "mnist" / f"{part}-{kind}-ubyte.gz").read_bytes())
        return np.frombuffer(raw, np.uint8, offset=header)

    x, test_x = (
        read(part, "images-idx3", 16).reshape(-1, *shape).astype("float32") / 255 for part in ("train", "t10k")
    )
    y, test_y = (read(part, "labels-idx1", 8).astype("int32") for part in ("train", "t10k"))
    return Rows(x, y, test_x, test_y)


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9']+", text.lower().replace("<br />", " "))


def _many_hot(train: Sequence[str], test: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Whether each of the training texts' most frequent words stands in a text."""
    counts = Counter(word for text in train for word in _words(text))
    place = {word: number for number, (word, _) in enumerate(counts.most_common(NUM_WORDS))}
    found = []
    for texts in (train, test):
        lines = np.zeros((len(texts), NUM_WORDS), np.float32)
        for line, text in zip(lines, texts, strict=True):
            line[[place[word] for word in set(_words(text)) if word in place]] = 1
        found.append(lines)
    return found[0], found[1]


def _reviews(folder: Path, seed: int) -> Rows:
    """All 50,000 reviews; the training rows come in another order for each seed, as their file is sorted by class."""
    parts = {}
    with zipfile.ZipFile(folder / "imdb" / "imdb_reviews_50000.zip") as archive:
        for part in ("train", "test"):
            name = next(one for one in archive.namelist() if part in one)
            lines = list(csv.DictReader(io.TextIOWrapper(archive.open(name), "utf-8")))
            parts[part] = [one["review"] for one in lines], np.array([one["sentiment"] == "positive" for one in lines])
    order = np.random.default_rng(seed).permutation(len(parts["train"][1]))
    x, test_x = _many_hot(parts["train"][0], parts["test"][0])
    return Rows(x[order], parts["train"][1][order].astype("float32"), test_x, parts["test"][1].astype("float32"))


def _newswires(folder: Path, seed: int) -> Rows:
    """Articles of one topic, the 46 most frequent topics of the training rows."""
    del seed
    with (folder / "reuters" / "reuters_modapte.csv").open(encoding="utf-8", newline="") as file:
        lines = [one for one in csv.DictReader(file) if one["n_topics"] == "1"]
    counts = Counter(one["topics"] for one in lines if one["split"] == "train")
    codes = {topic: code for code, (topic, _) in enumerate(counts.most_common(NUM_TOPICS))}
    parts = {
        part: [one for one in lines if one["split"] == part and one["topics"] in codes] for part in ("train", "test")
    }
    texts = {part: [f"{one['title']} {one['body']}" for one in rows] for part, rows in parts.items()}
    y, test_y = (np.array([codes[one["topics"]] for one in parts[part]], np.int32) for part in ("train", "test"))
    x, test_x = _many_hot(texts["train"], texts["test"])
    return Rows(x, y, test_x, test_y)


def _houses(folder: Path, seed: int) -> Rows:
    table = np.loadtxt(folder / "boston_housing" / "boston_housing.csv", delimiter=",", skiprows=1, dtype=np.float32)
    rows = np.random.default_rng(seed).permutation(len(table))[:NUM_HOUSES]
    x, y = table[rows, :-1], table[rows, -1]
    return Rows((x - x.mean(axis=0)) / x.std(axis=0), y)  # by all training rows, before they are folded, as in the book


TASKS = (
    Task(
        "digits-dense", "handwritten digits, dense 512", lambda folder, _: _digits(folder, (784,)),
        lambda: _dense(784, [512], 10, "softmax", "sparse_categorical_crossentropy", "accuracy"),
        5, 128, "accuracy", "0.9777, 0.9778", (0.978, 0.003),
    ),
    Task(
        "digits-convnet", "handwritten digits, convnet 32-64-64", lambda folder, _: _digits(folder, (28, 28, 1)),
        _convnet, 5, 64, "accuracy", "0.9906, 0.9913", (0.990, 0.002),
    ),
    Task(
        "reviews", "film reviews, 16-16-1 on 10,000 words", _reviews,
        lambda: _dense(NUM_WORDS, [16, 16], 1, "sigmoid", "binary_crossentropy", "accuracy"),
        4, 512, "accuracy", "0.8850 (4 epochs), 0.8874 (3)", (0.880, 0.008),
    ),
    Task(
        "newswires", "newswires, 64-64-46 on 10,000 words", _newswires,
        lambda: _dense(NUM_WORDS, [64, 64], NUM_TOPICS, "softmax", "sparse_categorical_crossentropy", "accuracy"),
        8, 512, "accuracy", "0.7769 on Keras' own cut of the articles", (float("nan"), float("nan")),
    ),
    Task(
        "houses", "house prices, 64-64-1, four folds", _houses,
        lambda: _dense(13, [64, 64], 1, None, "mse", "mae"),
        100, 1, "mae", "2.384, 2.387", (2.38, 0.15), folds=4,
    ),
    Task(
        "photos", "cats and dogs, convnet 32-64-128-128 at 150 pixels",
        lambda folder, seed: _photos(folder, seed, SIDE), lambda: _photos_network(SIDE, is_varied=False),
        30, 20, "accuracy", "0.724", (0.72, 0.02), watched=500,
    ),
    Task(
        "photos-varied", "cats and dogs at 96 pixels, photos varied, dropout",
        lambda folder, seed: _photos(folder, seed, SMALL_SIDE), lambda: _photos_network(SMALL_SIDE, is_varied=True),
        100, 32, "accuracy", "0.844 to 0.859", (0.84, 0.02), watched=500,
    ),
    Task(
        "photos-falling", "the network for varied photos, at a step that falls to nothing in 45 epochs",
        lambda folder, seed: _photos(folder, seed, SMALL_SIDE),
        lambda: _photos_network(SMALL_SIDE, is_varied=True, is_falling=True),
        FALLING_EPOCHS, 32, "accuracy", "0.844 to 0.859", (0.84, 0.02), watched=500,
    ),
    Task(
        "photos-short", "cats and dogs at 150 pixels, two networks, the first three epochs",
        lambda folder, seed: _photos(folder, seed, SIDE),
        lambda: _photos_network(SIDE, is_varied=False), 3, 20, "accuracy", NONE, (float("nan"), float("nan")),
        watched=100, seeds=2,
    ),
    Task(
        "photos-varied-short", "cats and dogs at 96 pixels, photos varied, two networks, the first two epochs",
        lambda folder, seed: _photos(folder, seed, SMALL_SIDE), lambda: _photos_network(SMALL_SIDE, is_varied=True),
        2, 32, "accuracy", NONE, (float("nan"), float("nan")), watched=100, seeds=2,
    ),
)  # fmt: skip


def data_folder() -> Path:
    """The folder of the shared data."""
    return Path(os.environ["TENFOLD_DATA"])
