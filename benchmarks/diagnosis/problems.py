"""What the programs are about: small data sets, generated or shipped with scikit-learn, in their natural units.

Each function gives, for a seed, rows to train on and new rows to be judged on. Rows are shuffled, except where time
runs through them.
"""

from collections.abc import Callable

import numpy as np
from diagnosis.rows import Rows
from sklearn.datasets import (
    load_breast_cancer,
    load_diabetes,
    load_digits,
    load_iris,
    load_wine,
    make_blobs,
    make_circles,
    make_friedman1,
    make_moons,
    make_multilabel_classification,
)
from sklearn.model_selection import train_test_split

__all__ = [
    "blobs",
    "breast_cancer",
    "circles",
    "colours",
    "counts",
    "demand",
    "diabetes",
    "digits",
    "friedman",
    "houses",
    "iris",
    "linear_numbers",
    "moons",
    "multilabel",
    "questionnaire",
    "rare_class",
    "reviews",
    "shapes",
    "sine_curve",
    "sine_windows",
    "spirals",
    "walks",
    "wine",
]


def _split(x: np.ndarray, y: np.ndarray, seed: int, *, held: float = 0.3, is_classes: bool = True) -> Rows:
    """Random rows to train on and the rest to be judged on."""
    strata = y if is_classes and np.ndim(y) == 1 else None
    x, held_x, y, held_y = train_test_split(x, y, test_size=held, random_state=seed, stratify=strata)
    return Rows(x.astype("float32"), y, held_x.astype("float32"), held_y)


def circles(seed: int) -> Rows:
    """Two rings of 2D points, one inside the other."""
    x, y = make_circles(1000, noise=0.08, factor=0.5, random_state=seed)
    return _split(x, y, seed)


def moons(seed: int) -> Rows:
    """Two half moons that reach into one another."""
    x, y = make_moons(1000, noise=0.15, random_state=seed)
    return _split(x, y, seed)


def spirals(seed: int) -> Rows:
    """Two spirals, one and a half turns each."""
    generator = np.random.default_rng(seed)
    y = generator.integers(0, 2, 1200)
    radius = generator.uniform(0.1, 1.0, 1200)
    angle = 3 * np.pi * radius + np.pi * y
    x = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1) + generator.normal(0, 0.02, (1200, 2))
    return _split(x, y, seed)


def blobs(classes: int, features: int = 2, spread: float = 1.0, rows: int = 900) -> Callable[[int], Rows]:
    """Clouds of points, one a class."""

    def problem(seed: int) -> Rows:
        centres = np.random.default_rng([3, classes, features]).uniform(-5, 5, (classes, features))
        x, y = make_blobs(rows, centers=centres, cluster_std=spread, random_state=seed)
        return _split(x, y, seed)

    return problem


def digits(seed: int) -> Rows:
    """1,797 scans of 8x8 pixels, 0 to 16, in 64 columns."""
    x, y = load_digits(return_X_y=True)
    return _split(x, y, seed)


def iris(seed: int) -> Rows:
    """150 flowers of three kinds, four lengths in cm."""
    x, y = load_iris(return_X_y=True)
    return _split(x, y, seed)


def wine(seed: int) -> Rows:
    """178 wines of three growers, 13 columns in units from 0.1 to 1,700."""
    x, y = load_wine(return_X_y=True)
    return _split(x, y, seed)


def breast_cancer(seed: int) -> Rows:
    """569 tumours, benign or not, 30 columns in units from 0.001 to 4,000."""
    x, y = load_breast_cancer(return_X_y=True)
    return _split(x, y, seed)


def diabetes(seed: int) -> Rows:
    """442 patients, ten standardised columns (deviation 0.05), progression from 25 to 346."""
    x, y = load_diabetes(return_X_y=True)
    x, held_x, y, held_y = train_test_split(x * 21.0, y, test_size=0.3, random_state=seed)
    return Rows(x.astype("float32"), y.astype("float32"), held_x.astype("float32"), held_y)


def friedman(seed: int) -> Rows:
    """Ten columns in [0, 1], of which five make the number (Friedman 1991), about 0 to 28."""
    x, y = make_friedman1(1000, noise=0.5, random_state=seed)
    return _split(x, y.astype("float32"), seed, is_classes=False)


def linear_numbers(seed: int) -> Rows:
    """A weighted sum of six standardised columns with a little noise."""
    generator = np.random.default_rng(seed)
    x = generator.normal(size=(800, 6))
    y = x @ np.array([1.5, -2.0, 0.5, 0.0, 3.0, 1.0]) + 0.5 + generator.normal(0, 0.3, 800)
    return _split(x, y.astype("float32"), seed, is_classes=False)


def sine_curve(seed: int) -> Rows:
    """One number in, its sine out: x from -3.2 to 3.2."""
    generator = np.random.default_rng(seed)
    x = generator.uniform(-np.pi, np.pi, (800, 1))
    y = np.sin(x) + generator.normal(0, 0.05, x.shape)
    return _split(x, y.astype("float32"), seed, is_classes=False)


def houses(seed: int) -> Rows:
    """Made-up houses: area (m2), year, rooms, distance (m), floor; price in currency units, 50,000 to 900,000."""
    generator = np.random.default_rng(seed)
    n = 900
    area, year = generator.gamma(6.0, 18.0, n) + 20, generator.integers(1900, 2024, n)
    rooms, distance = np.round(area / 25 + generator.normal(0, 0.6, n)).clip(1), generator.gamma(2.0, 3000.0, n)
    floor = generator.integers(0, 8, n)
    price = (1800 * area + 900 * (year - 1900) + 6000 * rooms) * (0.6 + np.exp(-distance / 6000)) + 2000 * floor
    price *= generator.normal(1.0, 0.06, n)
    return _split(
        np.stack([area, year, rooms, distance, floor], axis=1), price.astype("float32"), seed, is_classes=False
    )


def counts(seed: int) -> Rows:
    """Visitors per hour, 0 to about 40, a Poisson number driven by four columns."""
    generator = np.random.default_rng(seed)
    x = generator.normal(size=(900, 4))
    y = generator.poisson(np.exp(1.8 + 0.4 * x[:, 0] - 0.3 * x[:, 1] + 0.3 * np.sin(2 * x[:, 2])))
    return _split(x, y.astype("float32"), seed, is_classes=False)


def rare_class(seed: int) -> Rows:
    """One row in twenty-five belongs to the class that is looked for; it overlaps the others."""
    generator = np.random.default_rng(seed)
    y = (generator.uniform(size=3000) < 0.04).astype(int)
    x = generator.normal(size=(3000, 6)) + 1.1 * y[:, None] * np.array([1, 1, -1, 0.5, 0, 0])
    return _split(x, y, seed)


def questionnaire(seed: int) -> Rows:
    """Five answers from 1 to 5, and who comes again: one in five or so, hardly ever against the first two answers."""
    generator = np.random.default_rng(seed)
    x = generator.choice(5, (1500, 5), p=[0.1, 0.15, 0.3, 0.3, 0.15]) + 1
    chance = 1 / (1 + np.exp(-(2.0 * x[:, 0] + 1.5 * x[:, 1] - x[:, 2] - 11.5)))
    return _split(x, (generator.random(1500) < chance).astype(int), seed)


def multilabel(seed: int) -> Rows:
    """Each row may have several of five labels; 20 counts."""
    x, y = make_multilabel_classification(1200, n_features=20, n_classes=5, n_labels=2, random_state=seed)
    return _split(x, y.astype("float32"), seed, is_classes=False)


def reviews(seed: int) -> Rows:
    """Sentences of 8 to 24 of 300 words (0 pads behind), good or bad by which of 80 telling words prevail."""
    generator = np.random.default_rng(seed)
    n, length = 1200, 24
    y = generator.integers(0, 2, n)
    x = np.zeros((n, length), dtype="int32")
    for row, (label, size) in enumerate(zip(y, generator.integers(8, length + 1, n), strict=True)):
        words = generator.integers(81, 300, size)
        telling = generator.random(size) < 0.45
        agrees = generator.random(size) < 0.85
        opinion = np.where(agrees, label, 1 - label)
        x[row, :size] = np.where(telling, 1 + 40 * opinion + generator.integers(0, 40, size), words)
    x, held_x, y, held_y = train_test_split(x, y, test_size=0.3, random_state=seed)
    return Rows(x, y, held_x, held_y)


def shapes(seed: int) -> Rows:
    """Grey pictures of 16x16x1 pixels, 0 to 255: a full square, a frame or a cross on a noisy ground."""
    generator = np.random.default_rng(seed)
    y = generator.integers(0, 3, 700)
    down, right = np.mgrid[0:16, 0:16]
    pictures = np.stack([_shape(kind, down, right, generator) for kind in y])[..., None]
    return _split(pictures, y, seed)


def _shape(kind: int, down: np.ndarray, right: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    y, x = generator.integers(5, 11, 2)
    size, light = generator.integers(3, 5), generator.uniform(120, 200)
    dy, dx = np.abs(down - y), np.abs(right - x)
    inside = (
        np.maximum(dy, dx) < size,
        np.maximum(dy, dx) == size - 1,
        (np.minimum(dy, dx) < 1) & (np.maximum(dy, dx) < size + 1),
    )[kind]
    return np.clip(generator.normal(30, 12, down.shape) + light * inside, 0, 255).round()


def colours(seed: int) -> Rows:
    """Pictures of 12x12x3 pixels, 0 to 255: warm or cold spots on grey."""
    generator = np.random.default_rng(seed)
    y = generator.integers(0, 2, 600)
    pictures = generator.normal(110, 40, (600, 12, 12, 3))
    for row, label in enumerate(y):
        top, left = generator.integers(0, 7, 2)
        pictures[row, top : top + 5, left : left + 5, 2 if label else 0] += 70
    return _split(np.clip(pictures, 0, 255).round(), y, seed)


def sine_windows(seed: int) -> Rows:
    """The last 20 values of a noisy wave (two periods) and the next one; time runs on, the new rows come last."""
    generator = np.random.default_rng(seed)
    time = np.arange(1220)
    wave = np.sin(2 * np.pi * time / 25) + 0.5 * np.sin(2 * np.pi * time / 60) + generator.normal(0, 0.1, len(time))
    return _windows(wave, 20)


def demand(seed: int) -> Rows:
    """The last 14 days of a shop's sales (thousands, weekly rhythm, slow growth) and the next day's."""
    generator = np.random.default_rng(seed)
    day = np.arange(814)
    week = np.array([1.0, 0.9, 0.95, 1.0, 1.25, 1.5, 0.6])[day % 7]
    sales = (4000 + 0.5 * day) * week * generator.normal(1.0, 0.05, len(day))
    return _windows(sales, 14)


def walks(seed: int) -> Rows:
    """Short runs of 30 steps with 2 channels: is it a swing (sine with any phase) or a drift?"""
    generator = np.random.default_rng(seed)
    y = generator.integers(0, 2, 700)
    time = np.arange(30)
    phase, pace = generator.uniform(0, 2 * np.pi, (2, 700, 1)), generator.uniform(0.4, 0.8, (700, 1))
    swing = np.stack([np.sin(pace * time + phase[0]), np.cos(pace * time + phase[1])], axis=-1)
    drift = np.cumsum(generator.normal(0, 0.35, (700, 30, 2)), axis=1)
    x = np.where(y[:, None, None] == 1, swing, drift) + generator.normal(0, 0.3, (700, 30, 2))
    return _split(x, y, seed)


def _windows(values: np.ndarray, length: int) -> Rows:
    x = np.lib.stride_tricks.sliding_window_view(values, length)[:-1, :, None].astype("float32")
    y = values[length:].astype("float32")
    held = len(y) // 5
    return Rows(x[:-held], y[:-held], x[-held:], y[-held:])
