"""Channels are the model's own; patterns climb as far as the hand calculates."""

import keras
import numpy as np
import pytest

import tenfold
from legibility import stumbles
from tenfold.errors import OptionError
from tenfold.views.layer_pictures import STEP, STEPS, filter_patterns, layer_pictures
from tenfold.views.shuffling import shuffled
from views.convnets import SIDE, deep, photos, pooled, wrapped


def test_channels_are_what_the_layers_answer_the_largest_first():
    model, photo = deep(), {"photos": np.random.default_rng(1).integers(0, 256, (1, 12, 12, 3), np.uint8)}
    found = layer_pictures(wrapped(model), photo, num_channels=3)
    assert (found.layers, found.sizes) == (("first", "second"), ((12, 12, 5), (6, 6, 5)))
    for name, pictures, channels in zip(found.layers, found.pictures, found.channels, strict=True):
        whole = keras.Model(model.input, model.get_layer(name).output).predict(photo, verbose=0)[0]
        np.testing.assert_allclose(pictures, np.moveaxis(whole[..., channels], -1, 0), rtol=1e-4, atol=1e-5)
        assert channels.tolist() == np.argsort(-whole.max(axis=(0, 1)), kind="stable")[:3].tolist()
    assert layer_pictures(model, photo, ["half"]).sizes == ((6, 6, 5),)


def test_a_pattern_climbs_as_far_as_the_hand_calculates():
    """Of a linear 1 x 1 filter w the slope is w at every place: steps move along w, and the answer by its length."""
    model = pooled()
    found = filter_patterns(model, num_filters=4)
    kernel = model.get_layer("only").get_weights()[0][0, 0]
    np.testing.assert_allclose(found.rise, STEPS * STEP * np.sqrt(2) * np.linalg.norm(kernel, axis=0), rtol=1e-4)
    assert found.patterns.shape == (4, SIDE, SIDE, 2)
    assert (found.patterns.min(), found.patterns.max()) >= (0, 0)
    assert found.patterns.max() <= 1


def test_a_filter_that_is_silent_everywhere_has_a_pattern_all_the_same():
    model = pooled()
    kernel, bias = model.get_layer("only").get_weights()
    model.get_layer("only").set_weights([kernel, bias - 100])
    assert (filter_patterns(model, num_filters=2).rise > 1).all()


def test_patterns_of_a_later_layer_make_it_answer_more_than_noise_does():
    model = deep()
    found = filter_patterns(wrapped(model), layer="second", num_filters=5)
    assert (found.rise > 0).all()
    assert found.patterns.shape == (5, 12, 12, 3)
    again = filter_patterns(wrapped(model), layer="second", num_filters=5)
    np.testing.assert_array_equal(found.patterns, again.patterns)
    assert model.get_layer("first").activation is keras.activations.relu


def test_figures_are_legible_and_their_sentences_count():
    model, photo = deep(), {"photos": np.random.default_rng(1).integers(0, 256, (1, 12, 12, 3), np.uint8)}
    channels = tenfold.views.activations(model, photo, num_channels=4)
    assert channels.sentence == "What 2 convolutions make of one photo"
    assert stumbles(channels.figure) == []
    patterns = tenfold.views.filters(model, layer="first", num_filters=5)
    assert patterns.sentence == "What 5 filters of `first` answer to most"
    assert stumbles(patterns.figure) == []
    with shuffled(model, "all"):
        expected = filter_patterns(model, layer="first", num_filters=5).patterns
    np.testing.assert_array_equal(patterns.numbers.shuffled, expected)
    assert not np.allclose(patterns.numbers.shuffled, patterns.numbers.patterns, atol=0.05)
    alone = tenfold.views.filters(model, layer="first", num_filters=5, controls=False)
    assert alone.numbers.shuffled is None
    assert stumbles(alone.figure) == []


def test_a_network_of_any_size_is_asked_which():
    model = keras.Sequential(
        [keras.Input((None, None, 2)), keras.layers.Conv2D(2, 3), keras.layers.GlobalMaxPooling2D()]
    )
    with pytest.raises(OptionError, match="takes photos of any size"):
        filter_patterns(model)
    assert filter_patterns(model, photos(), num_filters=2).patterns.shape == (2, SIDE, SIDE, 2)
