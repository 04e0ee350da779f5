"""First-layer weights: those of the layer, comparable where rows are given."""

import keras
import numpy as np
import pytest

from legibility import stumbles
from tenfold.errors import OptionError, TableError
from tenfold.views.first_layer import first_weights

LAYERS = keras.layers


def dense(columns: int, units: int = 5) -> keras.Model:
    keras.utils.set_random_seed(0)
    return keras.Sequential(
        [keras.Input((columns,)), LAYERS.Dense(units, "relu", name="first"), LAYERS.Dense(1, name="second")]
    )


def test_weights_times_the_spread_of_their_columns_and_how_strong_each_is():
    model = dense(3)
    x = np.random.default_rng(0).normal(size=(50, 3)) * [1, 100, 0]
    found = first_weights(model, columns=np.array(["a", "b", "c"]), x=x).numbers
    kernel = model.get_layer("first").get_weights()[0] * x.std(axis=0)[:, None]
    np.testing.assert_allclose(found.kernel, kernel, rtol=1e-6)
    strength = np.sqrt((kernel**2).mean(axis=1))
    np.testing.assert_allclose(found.strength, strength, rtol=1e-6)
    np.testing.assert_allclose(found.z_scores, (strength - strength.mean()) / strength.std(), rtol=1e-6)
    assert found.columns == ("a", "b", "c")
    view = first_weights(model, columns=["a", "b", "c"], x=x)
    assert view.sentence.startswith("`first` listens most to b:")
    assert view.sentence.endswith("to 1 it does not listen at all")


def test_another_layer_by_name_and_equal_columns_have_no_z_score():
    model = dense(3)
    model.get_layer("second").set_weights([np.ones((5, 1)), np.zeros(1)])
    found = first_weights(model, layer="second").numbers
    assert found.layer == "second"
    np.testing.assert_array_equal(found.z_scores, 0)
    assert found.columns[0] == "column 0"


def test_of_pictures_laid_flat_each_unit_is_a_picture():
    flat = keras.Sequential([keras.Input((12, 10)), LAYERS.Flatten(), LAYERS.Dense(4)])
    assert first_weights(flat).numbers.picture == (12, 10, 1)
    assert first_weights(dense(64)).numbers.picture == (8, 8, 1)
    assert first_weights(dense(9)).numbers.picture == ()
    assert first_weights(dense(64), columns=list("ab") * 32).numbers.picture == ()


def test_of_a_convnet_the_kernels_and_models_within_models_are_looked_into():
    inner = keras.Sequential([keras.Input((8, 8, 3)), LAYERS.Conv2D(4, 3, name="seen"), LAYERS.GlobalMaxPooling2D()])
    model = keras.Sequential([keras.Input((8, 8, 3)), inner, LAYERS.Dense(2)])
    found = first_weights(model).numbers
    assert found.layer == "seen"
    np.testing.assert_allclose(found.kernel, inner.get_layer("seen").get_weights()[0])
    np.testing.assert_allclose(found.strength, np.sqrt((found.kernel**2).mean(axis=(0, 1, 2))))


def test_figures_are_legible():
    grey = keras.Sequential([keras.Input((8, 8, 1)), LAYERS.Conv2D(40, 3)])
    colours = keras.Sequential([keras.Input((8, 8, 3)), LAYERS.Conv2D(3, 3)])
    for model in (dense(3), dense(30, 60), dense(64), grey, colours):
        assert stumbles(first_weights(model).figure) == []


def test_what_cannot_be_looked_into_is_a_sentence():
    with pytest.raises(OptionError, match=r"2 columns were named for the 3 inputs of `first`"):
        first_weights(dense(3), columns=["a", "b"])
    with pytest.raises(TableError, match=r"sees 3 columns.*\(row, 3\)"):
        first_weights(dense(3), x=np.zeros((4, 2)))
    with pytest.raises(OptionError, match=r"layer `frist`.*did you mean `first`"):
        first_weights(dense(3), layer="frist")
    words = keras.Sequential([keras.Input((3,)), LAYERS.Embedding(5, 2)])
    with pytest.raises(OptionError, match="see `embedding_map`"):
        first_weights(words)
