"""The networks that the workflow proposes: their layers, what the engine may trace in them, what they average."""

from pathlib import Path

import keras
import numpy as np
import pandas as pd
import pytest

from tenfold.engine.settings import find_settings
from tenfold.networks.ladder import LADDER, Rung
from tenfold.networks.table import Regularisation, average_network, inner_loss_name, table_network
from tenfold.problem import Problem, define_problem

NUMBER = [0.5, 1.5, 2.5, 4.0]
TWO = [0, 1, 1, 0]
THREE = list("abcabc")


def problem(values: list[object]) -> Problem:
    return define_problem(pd.DataFrame({"x": 0, "y": values}), "y")


def sizes(model: keras.Model) -> list[tuple[str, int, str]]:
    return [(layer.name, layer.units, layer.activation.__name__) for layer in model.layers if hasattr(layer, "units")]


@pytest.mark.parametrize(
    ("values", "last", "loss"),
    [
        (NUMBER, ("output", 1, "linear"), "mse"),
        (TWO, ("output", 1, "sigmoid"), "binary_crossentropy"),
        (THREE, ("output", 3, "softmax"), "sparse_categorical_crossentropy"),
    ],
)
def test_the_last_layer_and_the_loss_follow_from_the_problem(
    values: list[object], last: tuple[str, int, str], loss: str
):
    model = table_network(5, problem(values), Rung((8, 4)))()
    assert sizes(model) == [("hidden_1", 8, "relu"), ("hidden_2", 4, "relu"), last]
    assert model.loss == loss


def test_the_ladder_begins_linear_and_grows():
    parameters = [table_network(13, problem(NUMBER), rung)().count_params() for rung in LADDER]
    assert parameters[0] == 14
    assert parameters == sorted(set(parameters))
    assert [rung.label for rung in LADDER[:3]] == ["linear", "8", "16-16"]


@pytest.mark.parametrize("rung", [Rung(()), Rung((8,)), Rung((16, 16))], ids=lambda rung: rung.label)
def test_every_setting_is_one_that_the_engine_can_trace(rung: Rung):
    held = Regularisation(dropout=0.25, l2=0.125, learning_rate=0.5)
    model = table_network(3, problem(TWO), rung, held)()
    found = find_settings(model)
    assert {name: found[name] for name in held.settings(rung)} == held.settings(rung)


def test_a_free_network_has_neither_dropout_nor_penalties():
    model = table_network(3, problem(TWO), Rung((8,)))()
    assert not [layer for layer in model.layers if isinstance(layer, keras.layers.Dropout)]
    assert not model.losses


@pytest.mark.parametrize("values", [NUMBER, TWO, THREE])
def test_the_inner_loss_is_logged_and_free_of_penalties(values: list[object]):
    held = Regularisation(dropout=0.5, l2=10.0)
    model = table_network(3, problem(values), Rung((8,)), held)()
    x, y = np.ones((4, 3), np.float32), np.array([[0], [1], [0], [1]])
    history = model.fit(x, y, validation_data=(x, y), verbose=0).history
    assert history[inner_loss_name(problem(values))][0] < history["val_loss"][0] - 1.0


def test_the_average_answers_with_the_mean_and_survives_saving(tmp_path: Path):
    members = [table_network(3, problem(THREE), Rung((4,)))() for _ in range(3)]
    x = np.random.default_rng(0).normal(size=(5, 3)).astype(np.float32)
    expected = np.mean([np.asarray(member(x)) for member in members], axis=0)
    average = average_network(members)
    average.save(tmp_path / "model.keras")
    back = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    np.testing.assert_allclose(np.asarray(average(x)), expected, rtol=1e-6)
    np.testing.assert_allclose(np.asarray(back(x)), expected, rtol=1e-6)


def test_the_average_of_one_member_answers_as_it_does():
    member = table_network(3, problem(NUMBER), Rung((4,)))()
    x = np.ones((2, 3), np.float32)
    np.testing.assert_array_equal(np.asarray(average_network([member])(x)), np.asarray(member(x)))
