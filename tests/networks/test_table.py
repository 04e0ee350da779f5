"""The networks that the workflow proposes: their layers, what the engine may trace in them, what they average."""

from pathlib import Path

import keras
import numpy as np
import pandas as pd
import pytest

from tenfold.engine.settings import find_settings
from tenfold.networks.inner_loss import inner_loss_name
from tenfold.networks.ladder import LADDER, InputShape, Rung, choose_contenders
from tenfold.networks.recipes import RANGES, SCHEDULE_LENGTH, Regularisation, choose_recipe, default_regularisation
from tenfold.networks.table import average_network, table_network
from tenfold.problem.definition import Problem, define_problem

NUMBER = [0.5, 1.5, 2.5, 4.0]
TWO = [0, 1, 1, 0]
THREE = list("abcabc")
SHAPE = InputShape(3, 2, (4, 6))
RUNGS = [
    Rung(()), Rung((8,)), Rung((16, 16), "piecewise"), Rung((8,), "periodic"), Rung((6, 6), "piecewise", "realmlp"),
    Rung((8, 6), "piecewise", heads=3), Rung((8,), activation="silu", batches=0.5),
]  # fmt: skip


def rows(rung: Rung, count: int) -> dict[str, np.ndarray]:
    """Arrays of `SHAPE` that a network takes."""
    rng = np.random.default_rng(0)
    arrays = {
        "inputs": rng.normal(size=(count, 3)).astype(np.float32),
        "ranks": rng.uniform(size=(count, 2)).astype(np.float32),
        "codes": np.column_stack([rng.integers(0, size, count) for size in SHAPE.code_sizes]).astype(np.int32),
    }
    return {name: arrays[name] for name in rung.arrays(SHAPE)}


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
    model = table_network(InputShape(5), problem(values), Rung((8, 4)))()
    assert sizes(model) == [("hidden_1", 8, "relu"), ("hidden_2", 4, "relu"), last]
    assert model.loss == loss


def test_the_ladder_begins_linear_and_grows():
    parameters = [table_network(InputShape(13), problem(NUMBER), rung)().count_params() for rung in LADDER]
    assert parameters[0] == 14
    assert parameters == sorted(set(parameters))
    assert [rung.label for rung in LADDER[:3]] == ["linear", "8", "16-16"]


@pytest.mark.parametrize("rung", RUNGS, ids=lambda rung: rung.label)
def test_every_setting_is_one_that_the_engine_can_trace(rung: Rung):
    held = Regularisation(0.25, 0.125, 0.5, 0.03125, 0.0625, 0.375, l1=0.75, label_smoothing=0.875)
    model = table_network(SHAPE, problem(TWO), rung, held)()
    rows = {one.name: np.zeros((2, one.shape[1]), one.dtype) for one in model.inputs}
    model.evaluate(rows, np.ones((2, 1)), verbose=0)  # Keras builds its losses when they are first used
    found = find_settings(model)
    expected = held.settings(rung, has_codes=True)
    assert {name: found[name] for name in expected} == expected
    assert (SCHEDULE_LENGTH in found) == (rung.recipe == "realmlp")


@pytest.mark.parametrize("rung", RUNGS, ids=lambda rung: rung.label)
@pytest.mark.parametrize("is_wide", [False, True])
def test_settings_in_use_are_part_of_the_program(rung: Rung, is_wide: bool):
    held = Regularisation(l1=0.0, label_smoothing=0.0) if is_wide else Regularisation()
    found = set(find_settings(table_network(SHAPE, problem(TWO), rung, held.in_use)()))
    assert set(held.settings(rung, has_codes=True)) <= found
    is_plain = rung.recipe == "plain" and (bool(rung.widths) or rung.heads == 1)
    assert ("loss.label_smoothing" in found) == is_wide
    assert any(name.endswith(".l1") for name in found) == (is_wide and is_plain)


@pytest.mark.parametrize("values", [NUMBER, TWO, THREE])
@pytest.mark.parametrize("rung", RUNGS, ids=lambda rung: rung.label)
def test_every_architecture_answers_a_line_a_row_from_the_arrays_it_names(rung: Rung, values: list[object]):
    model = table_network(SHAPE, problem(values), rung)()
    assert {one.name for one in model.inputs} == set(rung.arrays(SHAPE))
    answers = np.asarray(model(rows(rung, 5)))
    assert answers.shape == (5, problem(values).num_outputs)
    if values is not NUMBER:
        assert ((answers > 0) & (answers < 1)).all()


def test_an_architecture_takes_only_what_the_table_offers():
    assert Rung((8,), "piecewise").arrays(InputShape(3)) == ("inputs",)
    assert Rung((8,)).arrays(InputShape(0, 0, (4, 5))) == ("codes",)
    model = table_network(InputShape(0, 0, (4, 6)), problem(NUMBER), Rung((8,), "piecewise"))()
    assert np.asarray(model({"codes": np.zeros((5, 2), np.int32)})).shape == (5, 1)


def test_a_linear_network_with_codes_is_matrix_factorisation():
    model = table_network(InputShape(0, 0, (4, 6)), problem(NUMBER), Rung(()), Regularisation(code_bias_l2=0.0))()
    generator = np.random.default_rng(0)
    model.set_weights([generator.normal(size=weight.shape) for weight in model.weights])
    own = {weight.path: np.asarray(weight.value) for weight in model.weights}
    users, books = np.array([0, 3, 3]), np.array([5, 0, 2])
    biases, vectors = own["code_biases/embeddings"][:, 0], own["code_vectors/embeddings"]
    user, book = vectors[users], vectors[4 + books]
    linear = np.column_stack([user, book]) @ own["output/kernel"][:, 0] + own["output/bias"][0]
    expected = linear + (biases[users] + biases[4 + books]) / 2 + (user * book).sum(axis=1)
    answers = model({"codes": np.column_stack([users, books]).astype(np.int32)})
    np.testing.assert_allclose(np.asarray(answers)[:, 0], expected, rtol=1e-5)


def test_realmlp_learns_numbers_faster_than_classes_and_a_plain_network_is_free():
    realmlp = Rung((8,), recipe="realmlp")
    rates = [default_regularisation(realmlp, problem(values)).learning_rate for values in (NUMBER, TWO, THREE)]
    assert rates == [0.2, 0.04, 0.04]
    assert default_regularisation(Rung((8,)), problem(NUMBER)) == Regularisation()
    assert default_regularisation(Rung((8,), "piecewise"), problem(NUMBER)).dropout > 0


def test_contenders_fit_the_table():
    assert [rung.numbers for rung in choose_contenders(InputShape(5, 5), 2)] == ["piecewise", "periodic"]
    assert {rung.numbers for rung in choose_contenders(InputShape(5), 9)} == {"plain"}
    assert choose_contenders(InputShape(0, 0, (9, 9)), 1) == (Rung((), recipe="realmlp"),)
    for shape in (InputShape(5, 5), InputShape(5), InputShape(0, 0, (9, 9))):
        assert len(set(choose_contenders(shape, 9))) == len(choose_contenders(shape, 9))


def test_the_last_contenders_bring_heads_depth_activations_and_batch_sizes():
    contenders = choose_contenders(InputShape(5, 5), 8)
    assert {rung.heads for rung in contenders} == {1, 8}
    assert {len(rung.widths) for rung in contenders} == {1, 2, 3}
    assert {rung.activation for rung in contenders} == {"relu", "silu"}
    assert {choose_recipe(rung, 400).batch_size for rung in contenders if rung.recipe == "plain"} == {32, 64, 128}


def test_an_activation_is_that_of_all_hidden_layers():
    model = table_network(InputShape(3), problem(NUMBER), Rung((8, 4), activation="silu"))()
    assert sizes(model) == [("hidden_1", 8, "silu"), ("hidden_2", 4, "silu"), ("output", 1, "linear")]


def test_heads_see_what_codes_add_without_a_hidden_layer():
    model = table_network(SHAPE, problem(THREE), Rung((8,), "piecewise", heads=3))()
    x = rows(Rung((8,), "piecewise"), 5)
    before = np.asarray(model(x))
    biases = model.get_layer("code_biases")
    biases.set_weights([np.random.default_rng(0).normal(size=biases.embeddings.shape)])
    assert (np.asarray(model(x)) != before).all()


def test_many_numbers_have_fewer_curves_each():
    rung = Rung((8,), "piecewise")
    units = {
        count: table_network(InputShape(1, count), problem(NUMBER), rung)().get_layer("curves").units
        for count in (3, 24, 60, 500)
    }
    assert units == {3: 8, 24: 8, 60: 3, 500: 2}


def test_a_schedule_is_never_stopped_before_its_end():
    for num_rows in (100, 5_000, 50_000):
        recipe = choose_recipe(Rung((8,), recipe="realmlp"), num_rows)
        assert recipe.patience == recipe.epochs
        assert recipe.num_steps(num_rows) == recipe.epochs * int(np.ceil(num_rows / recipe.batch_size))


def test_what_is_tried_by_default_lies_within_the_ranges():
    for rung in choose_contenders(SHAPE, 9):
        held = default_regularisation(rung, problem(NUMBER))
        if held != Regularisation():
            for name, (low, high) in RANGES[rung.recipe].items():
                assert low <= getattr(held, name) <= high


def test_labels_tell_architectures_apart():
    assert Rung((64, 64)).label == "64-64"
    assert Rung(()).label == "linear"
    assert Rung((8, 8), "periodic", "realmlp", 4).label == "8-8 realmlp, periodic, 4 heads"
    assert Rung((8,), activation="silu", batches=0.5).label == "8, silu, batches x 0.5"


def test_a_free_network_has_neither_dropout_nor_penalties():
    model = table_network(InputShape(3), problem(TWO), Rung((8,)))()
    assert not [layer for layer in model.layers if isinstance(layer, keras.layers.Dropout)]
    assert not model.losses


@pytest.mark.parametrize("values", [NUMBER, TWO, THREE])
def test_the_inner_loss_is_logged_and_free_of_penalties(values: list[object]):
    held = Regularisation(dropout=0.5, l2=10.0)
    model = table_network(InputShape(3), problem(values), Rung((8,)), held)()
    x, y = {"inputs": np.ones((4, 3), np.float32)}, np.array([[0], [1], [0], [1]])
    history = model.fit(x, y, validation_data=(x, y), verbose=0).history
    assert history[inner_loss_name(problem(values))][0] < history["val_loss"][0] - 1.0


@pytest.mark.parametrize("rung", RUNGS, ids=lambda rung: rung.label)
def test_the_average_answers_with_the_mean_and_survives_saving(rung: Rung, tmp_path: Path):
    members = [table_network(SHAPE, problem(THREE), rung)() for _ in range(3)]
    x = rows(rung, 5)
    expected = np.mean([np.asarray(member(x)) for member in members], axis=0)
    average = average_network(members)
    average.save(tmp_path / "model.keras")
    back = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    np.testing.assert_allclose(np.asarray(average(x)), expected, rtol=1e-5)
    np.testing.assert_allclose(np.asarray(back(x)), expected, rtol=1e-5)


def test_the_average_of_one_member_answers_as_it_does():
    member = table_network(InputShape(3), problem(NUMBER), Rung((4,)))()
    x = {"inputs": np.ones((2, 3), np.float32)}
    np.testing.assert_array_equal(np.asarray(average_network([member])(x)), np.asarray(member(x)))
