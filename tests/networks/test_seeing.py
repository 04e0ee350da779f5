"""Networks that read photos: what they are made of, what they learn, and how they are trained."""

import keras
import numpy as np
import pandas as pd
import pytest

from engine.oracle import assert_members_equal_lone_fits, precision
from tenfold.capacity import choose_ladder
from tenfold.engine.member import Member
from tenfold.engine.population import train_population
from tenfold.lookup import Lookup
from tenfold.networks.ladder import LADDER, PHOTO_LADDER, InputShape, Rung, choose_contenders
from tenfold.networks.recipes import Regularisation, choose_recipe, default_regularisation, usual_ranges
from tenfold.networks.table import average_network, table_network
from tenfold.problem.definition import Problem, define_problem

SHAPE = InputShape(0, photo=(16, 16, 3))
GENERATOR = np.random.default_rng(2)


def problem(num_rows: int = 40) -> Problem:
    return define_problem(
        pd.DataFrame({"photo": range(num_rows), "label": ["across", "down"] * (num_rows // 2)}), "label"
    )


def stripes(num_photos: int) -> tuple[np.ndarray, np.ndarray]:
    """Stripes of random colours across (0) and down (1)."""
    rows, columns = np.mgrid[:16, :16]
    truth = np.arange(num_photos) % 2
    phases = GENERATOR.integers(0, 6, num_photos)
    places = np.where(truth[:, None, None] == 0, rows, columns)
    is_light = (places + phases[:, None, None]) // 3 % 2 == 0
    dark, light = GENERATOR.integers(0, 256, (2, num_photos, 1, 1, 3))
    return np.where(is_light[..., None], light, dark).astype(np.uint8), truth


@pytest.mark.parametrize(
    ("rung", "label"),
    [
        (Rung((), filters=(16, 32, 64)), "convnet 16-32-64"),
        (Rung((), filters=(16, 32), augmented=True), "convnet 16-32, augmented"),
        (Rung((), filters=(16, 32), residual=True), "residual net 16-32"),
        (Rung((), filters=(16, 32), separable=True), "separable net 16-32"),
        (Rung((512,), filters=(32, 64)), "convnet 32-64 + 512"),
    ],
)
def test_a_network_is_named_by_its_filters(rung: Rung, label: str):
    assert rung.label == label
    assert rung.arrays(SHAPE) == ("photos",)
    assert rung.arrays(InputShape(4)) == ("inputs",)
    assert not rung.is_additive


def test_a_convnet_has_the_layers_that_its_rung_says():
    model = table_network(SHAPE, problem(), Rung((), filters=(4, 8)))()
    names = ["photos", "scaled", "filters_1", "pooled_1", "filters_2", "pooled_2", "reading", "output"]
    assert [layer.name for layer in model.layers] == names
    assert model.count_params() == (27 * 4 + 4) + (36 * 8 + 8) + (8 + 1)
    assert model.inputs[0].dtype == "uint8"


def test_augmentation_and_dropout_are_built_in_where_they_are_asked_for():
    rung = Rung((), filters=(4,), augmented=True)
    names = [layer.name for layer in table_network(SHAPE, problem(), rung)().layers]
    assert names[1:5] == ["mirrored", "shifted", "scaled", "lit"]
    assert "reading_dropout" in names
    settings = Regularisation(dropout=0.3).settings(rung)
    assert settings["reading_dropout.rate"] == 0.3
    assert "reading_dropout.rate" not in Regularisation(dropout=0.3).settings(Rung((8,)))


def test_a_new_block_of_a_residual_net_changes_nothing():
    photos, _ = stripes(6)
    model = table_network(SHAPE, problem(), Rung((), filters=(4,), residual=True))()
    both = keras.Model(model.inputs, [model.get_layer(name).output for name in ("stem_activation", "block_1")])
    before, after = both.predict({"photos": photos}, verbose=0)
    np.testing.assert_array_equal(after, before)


def test_a_separable_net_is_the_books_small_xception():
    model = table_network(SHAPE, problem(), Rung((), filters=(4, 6), separable=True))()
    kinds = [type(layer).__name__ for layer in model.layers if layer.name.startswith("block_2")]
    assert sorted(kinds) == sorted(
        ["BatchNormalization", "Activation", "SeparableConv2D"] * 2 + ["MaxPooling2D", "Conv2D", "Add"]
    )
    stem, first, second = 25 * 3 * 4, (9 * 4 + 16) * 2 + 16, (9 * 4 + 24) + (9 * 6 + 36) + 24
    normalised = 4 * (4 + 4 + 4 + 6)
    assert model.count_params() == stem + first + second + normalised + (6 + 1)


def test_a_separable_net_trains_as_keras_trains_it():
    photos, truth = stripes(20)
    build = table_network(SHAPE, problem(), Rung((), filters=(3,), separable=True))
    members = [Member(np.arange(12), np.arange(12, 20))]
    with precision("float64"):
        # Keras keeps the moving statistics of batch normalisation in float32.
        assert_members_equal_lone_fits(
            build, {"photos": photos}, truth[:, None], kind="float64", members=members, epochs=2, allowed=1e-6
        )


@pytest.mark.parametrize("rung", [Rung((), filters=(8, 16), augmented=True), Rung((), filters=(8,), residual=True)])
def test_networks_learn_what_colours_do_not_say(rung: Rung):
    photos, truth = stripes(160)
    lookup = Lookup(photos, np.arange(160, dtype=np.int32))
    members = [Member(np.arange(120), np.arange(120, 160), fold=0), Member(np.arange(40, 160), np.arange(40), fold=1)]
    build = table_network(SHAPE, problem(), rung, Regularisation(learning_rate=5e-3))
    result = train_population(build, {"photos": lookup}, truth[:, None], members, epochs=12, batch_size=16, seed=0)
    for member, answers in zip(members, result.validation_predictions, strict=True):
        assert ((np.asarray(answers)[:, 0] > 0.5) == truth[member.validation_rows]).mean() > 0.9
    model = average_network([result.model(0), result.model(1)])
    assert model.predict({"photos": photos[:3]}, verbose=0).shape == (3, 1)


def test_photos_beside_other_columns_are_read_together():
    shape = InputShape(3, num_ranks=2, photo=(16, 16, 3))
    rung = Rung((8,), filters=(4,))
    model = table_network(shape, problem(), rung)()
    assert [one.name for one in model.inputs] == ["inputs", "photos"]
    assert model.get_layer("hidden_1").kernel.shape == (7, 8)


def test_ladder_and_contenders_of_photos_read_photos():
    ladder = choose_ladder(LADDER[:2], 1_000, has_photos=True)
    assert ladder == PHOTO_LADDER[:2]
    assert not any(rung.augmented for rung in PHOTO_LADDER)
    assert choose_ladder(LADDER, 1_000, has_photos=True) == PHOTO_LADDER
    contenders = choose_contenders(SHAPE, 9)
    assert all(rung.augmented and rung.arrays(SHAPE) == ("photos",) for rung in contenders)
    assert choose_contenders(SHAPE, 1)[0].label == "convnet 16-32-64, augmented"


def test_recipes_follow_the_number_of_photos():
    free, held = PHOTO_LADDER[1], choose_contenders(SHAPE, 1)[0]
    assert choose_recipe(free, 200).epochs > choose_recipe(free, 2_000).epochs > choose_recipe(free, 50_000).epochs
    assert choose_recipe(held, 2_000).epochs > choose_recipe(free, 2_000).epochs
    assert choose_recipe(free, 800).batch_size < choose_recipe(free, 2_000).batch_size
    assert default_regularisation(free, problem()) == Regularisation()
    assert default_regularisation(held, problem()).dropout > 0
    assert set(usual_ranges(held)) == {"dropout", "weight_decay", "learning_rate"}
