"""Cat or no cat: on the course's 209 + 50 photos where they are at hand, on made-up data of their shape everywhere."""

import os
from pathlib import Path

import h5py
import numpy as np
import pytest

from tenfold.scratch import columns

FOLDER = Path(os.environ.get("TENFOLD_DATA", "nowhere")) / "cat_noncat"
with_photos = pytest.mark.skipif(not FOLDER.is_dir(), reason="TENFOLD_DATA has no cat_noncat")
DEEP, SHALLOW = [12288, 20, 7, 5, 1], [12288, 7, 1]


def photos(part: str) -> tuple[np.ndarray, np.ndarray]:
    with h5py.File(FOLDER / f"{part}_catvnoncat.h5") as file:
        pixels, labels = np.array(file[f"{part}_set_x"]), np.array(file[f"{part}_set_y"])
    return pixels.reshape(len(pixels), -1).T / 255, labels.reshape(1, -1).astype(float)


def made_up_photos(num_columns: int) -> tuple[np.ndarray, np.ndarray]:
    """Noise of the photos' shape and range, with the cats a little brighter."""
    draw = np.random.default_rng(3)
    labels = (np.arange(num_columns) % 3 == 0).astype(float).reshape(1, -1)
    return draw.uniform(0, 0.9, (12288, num_columns)) + 0.05 * labels, labels


def accuracy(X: np.ndarray, Y: np.ndarray, parameters: columns.Parameters) -> float:
    return float(np.mean(columns.predict(X, Y, parameters) == Y))


def last_cost(capsys) -> float:
    return float(capsys.readouterr().out.splitlines()[-1].rsplit(" ", 1)[1])


@with_photos
@pytest.mark.parametrize(("dims", "model", "cost"), [(SHALLOW, "two", 0.693050), (DEEP, "deep", 0.771749)])
def test_the_first_cost_is_the_published_one_to_six_digits(dims, model, cost, capsys):
    X, Y = photos("train")
    train = columns.two_layer_model if model == "two" else columns.L_layer_model
    train(X, Y, dims, learning_rate=0.0075, num_iterations=1, print_cost=True)
    assert last_cost(capsys) == pytest.approx(cost, abs=2e-6)


@with_photos
@pytest.mark.slow
def test_the_courses_networks_see_cats_as_published(capsys):
    X, Y = photos("train")
    X_test, Y_test = photos("test")
    shallow = columns.two_layer_model(X, Y, SHALLOW, 0.0075, 2500, print_cost=True)
    assert last_cost(capsys) == pytest.approx(0.048555, abs=2e-5)
    assert accuracy(X, Y, shallow) == 1
    assert accuracy(X_test, Y_test, shallow) == 0.72
    deep = columns.L_layer_model(X, Y, DEEP, 0.0075, 2500, print_cost=True)
    assert last_cost(capsys) == pytest.approx(0.092878, abs=2e-5)
    assert accuracy(X, Y, deep) == pytest.approx(206 / 209)
    assert accuracy(X_test, Y_test, deep) == 0.8


def test_a_network_learns_made_up_photos_of_the_same_shape():
    X, Y = made_up_photos(30)
    parameters = columns.L_layer_model(X[:, :20], Y[:, :20], DEEP, learning_rate=0.0075, num_iterations=60)
    before, after = (
        columns.compute_cost(columns.L_model_forward(X[:, :20], values)[0], Y[:, :20])
        for values in (columns.initialize_parameters_deep(DEEP), parameters)
    )
    assert after < before
    assert columns.predict(X[:, 20:], Y[:, 20:], parameters).shape == (1, 10)
