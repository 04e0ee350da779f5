"""Both heads, pair by pair: the same starts, the same rows, and what the clip keeps from learning."""

import dataclasses
import os

import keras
import numpy as np
import pytest

from tenfold.errors import OptionError, TableError
from tenfold.precision.heads import compare_heads
from tenfold.precision.tasks import Task, find_task

HAS_PHOTOS = "TENFOLD_DATA" in os.environ


@pytest.fixture(scope="module")
def task():
    """Two clouds, 90 rows to learn from, 30 to look at."""
    generator = np.random.default_rng(0)
    y = (np.arange(120) % 2).astype(np.float32)[:, None]
    x = (generator.normal(size=(120, 5)) + 2 * y).astype(np.float32)
    layers = lambda: [keras.layers.Dense(7, activation="relu")]  # noqa: E731
    return Task("clouds", "left or right", x, y, np.arange(90), np.arange(90, 120), layers, 1e-2, 8)


def test_a_pair_starts_from_the_same_weights(task):
    found = compare_heads(dataclasses.replace(task, learning_rate=0.0), num_seeds=3)

    np.testing.assert_array_equal(found.from_logits.loss, found.probability.loss)
    assert len(set(found.from_logits.loss.tolist())) == 3


def test_a_pair_sees_the_rows_in_the_same_order(task):
    found = compare_heads(task, num_seeds=3)

    np.testing.assert_allclose(found.from_logits.curve, found.probability.curve, rtol=1e-4)
    np.testing.assert_allclose(found.from_logits.loss, found.probability.loss, rtol=1e-4)


def test_beyond_the_wall_the_clipped_head_never_moves(task):
    found = compare_heads(task, num_seeds=3, start=60.0)

    assert np.ptp(found.probability.curve) < 1e-5
    assert found.probability.curve[0, 0] == pytest.approx(15.942385 / 2, abs=1e-4)
    assert np.all(found.probability.beyond == 1)
    assert np.all(np.diff(found.from_logits.curve, axis=1) < 0)


def test_the_difference_is_that_of_the_pairs(task):
    found = compare_heads(task, num_seeds=3, start=60.0)
    expected = found.from_logits.accuracy - found.probability.accuracy

    difference = found.difference("accuracy")

    assert difference.value == pytest.approx(expected.mean())
    half = 4.302652729911275 * expected.std(ddof=1) / np.sqrt(3)
    assert difference.high - difference.value == pytest.approx(half)


def test_digits_nobody_scaled_are_the_same_digits():
    scaled, raw = find_task("digits"), find_task("raw_digits")

    np.testing.assert_allclose(raw.x, 255 * scaled.x, rtol=1e-6)
    assert scaled.x.max() == 1
    assert not np.intersect1d(scaled.train, scaled.test).size


@pytest.mark.skipif(not HAS_PHOTOS, reason="TENFOLD_DATA names no folder with the photos")
def test_photos_are_dealt_as_their_folders_say():
    task = find_task("cats_dogs", quick=True)

    assert task.x.shape == (400, 48, 48, 3)
    assert task.y[task.train].mean() == task.y[task.test].mean() == 0.5
    assert 0 <= task.x.min() < task.x.max() <= 1


def test_photos_that_are_not_there_are_a_sentence(monkeypatch):
    monkeypatch.setenv("TENFOLD_DATA", "nowhere")

    with pytest.raises(TableError, match=r"photos of cats and dogs are not here.*TENFOLD_DATA"):
        find_task("cats_dogs")


def test_unknown_data_is_a_sentence():
    with pytest.raises(OptionError, match=r"no data `digit`.*did you mean `digits`"):
        find_task("digit")
