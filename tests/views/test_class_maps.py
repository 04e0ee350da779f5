"""Grad-CAM: equal to hand calculation, whatever the model is made of, and of the network it is asked of."""

import keras
import numpy as np
import pytest
from scipy.stats import spearmanr

import tenfold
from legibility import stumbles
from tenfold.errors import OptionError
from tenfold.views.class_maps import class_maps, grad_cam, overlaid
from tenfold.views.shuffling import shuffled
from views.convnets import SIDE, Subclassed, deep, photos, pooled, set_normal, wrapped


def by_hand(model: keras.Sequential, seen: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """Of a 1 x 1 convolution, its mean and a dense layer: alpha_k is the dense layer's weight over the places."""
    (kernel, bias), (weights, _) = model.get_layer("only").get_weights(), model.get_layer("said").get_weights()
    channels = np.maximum(seen.astype(float) @ kernel[0, 0] + bias, 0)
    return np.maximum(np.einsum("phwk,kp->phw", channels, weights[:, classes] / SIDE**2), 0)


@pytest.mark.parametrize("last", [None, "softmax"])
def test_a_map_is_what_the_hand_calculates(last: str | None):
    model, seen = pooled(last), photos()
    for classes in ([0, 0, 0], [2, 1, 0]):
        found = class_maps(model, seen, classes)
        np.testing.assert_allclose(found.maps, by_hand(model, seen, np.array(classes)), rtol=2e-5, atol=1e-6)
    assert (found.layer, found.grid) == ("only", (SIDE, SIDE))


def test_without_a_class_it_is_of_the_one_that_the_network_names():
    model, seen = pooled(), photos(5)
    found = class_maps(model, seen)
    np.testing.assert_array_equal(found.classes, model.predict(seen, verbose=0).argmax(axis=1))
    np.testing.assert_allclose(found.maps, by_hand(model, seen, found.classes), rtol=2e-5, atol=1e-6)


def test_of_a_single_output_class_0_is_what_lowers_it():
    model, seen = pooled("sigmoid", classes=1), photos()
    raising, lowering = class_maps(model, seen, 1), class_maps(model, seen, 0)
    np.testing.assert_allclose(raising.maps, by_hand(model, seen, np.zeros(3, int)), rtol=2e-5, atol=1e-6)
    np.testing.assert_allclose(raising.weights, -lowering.weights, rtol=1e-6)
    np.testing.assert_array_equal(class_maps(model, seen).classes, model.predict(seen, verbose=0)[:, 0] > 0.5)


def test_weights_are_the_slope_of_the_score_before_softmax_measured_by_a_small_push():
    """Central differences through the rest of the network, in double precision, by NumPy alone."""
    model, seen = deep(), {"photos": np.random.default_rng(1).integers(0, 256, (2, 12, 12, 3), np.uint8)}
    found = class_maps(model, seen, [1, 2])
    assert (found.layer, found.grid, found.maps.shape) == ("block", (6, 6), (2, 12, 12))
    kernel, bias = (one.astype(float) for one in model.get_layer("logits").get_weights())
    block = keras.Model(model.input, model.get_layer("block").output).predict(seen, verbose=0).astype(float)

    def score(channels: np.ndarray, row: int, label: int) -> float:
        return float((channels[row].ravel() @ kernel + bias)[label])

    for row, label in ((0, 1), (1, 2)):
        for channel in range(5):
            slopes = []
            for place in np.ndindex(6, 6):
                pushed = [block.copy(), block.copy()]
                for one, step in zip(pushed, (1e-4, -1e-4), strict=True):
                    one[row, *place, channel] += step
                slopes.append((score(pushed[0], row, label) - score(pushed[1], row, label)) / 2e-4)
            assert found.weights[row, channel] == pytest.approx(np.mean(slopes), rel=1e-4)


def test_models_within_models_and_subclassed_ones_are_one_case():
    model, seen = deep(), {"photos": np.random.default_rng(1).integers(0, 256, (2, 12, 12, 3), np.uint8)}
    np.testing.assert_allclose(class_maps(wrapped(model), seen).maps, class_maps(model, seen).maps, rtol=1e-5)
    plain = pooled(None)
    np.testing.assert_allclose(class_maps(Subclassed(plain), photos()).maps, class_maps(plain, photos()).maps)


def test_the_model_is_as_it_was():
    model, seen = deep(), {"photos": np.random.default_rng(1).integers(0, 256, (2, 12, 12, 3), np.uint8)}
    before = model.predict(seen, verbose=0)
    class_maps(model, seen)
    np.testing.assert_array_equal(model.predict(seen, verbose=0), before)
    assert model.get_layer("answer").activation is keras.activations.softmax
    assert not any("call" in vars(layer) for layer in model.layers)


def discs() -> tuple[keras.Sequential, np.ndarray]:
    """A network of red, green and blue, and a photo with a red disc on the left and a blue one on the right."""
    model = keras.Sequential([
        keras.Input((24, 24, 3)),
        keras.layers.Conv2D(3, 3, padding="same", activation="relu"),
        keras.layers.MaxPooling2D(2),
        keras.layers.Conv2D(3, 1, activation="relu"),
        keras.layers.GlobalAveragePooling2D(),
        keras.layers.Dense(3, "softmax"),
    ])  # fmt: skip
    same = np.zeros((3, 3, 3, 3))
    same[1, 1] = np.eye(3)
    model.set_weights([same, np.zeros(3), np.eye(3)[None, None], np.zeros(3), np.eye(3) * 9, np.zeros(3)])
    rows, columns = np.mgrid[:24, :24]
    photo = np.full((24, 24, 3), 0.1, np.float32)
    photo[(rows - 12) ** 2 + (columns - 6) ** 2 < 16] = (1, 0, 0)
    photo[(rows - 12) ** 2 + (columns - 18) ** 2 < 16] = (0, 0, 1)
    return model, photo[None]


def test_each_class_is_found_where_it_is_and_not_with_random_weights():
    model, photo = discs()
    red, blue = class_maps(model, photo, 0).maps[0], class_maps(model, photo, 2).maps[0]
    for one, column in ((red, 6), (blue, 18)):
        assert one[12, column] == one.max()
        assert np.median(one) < 0.2 * one.max()
        assert one[12, 24 - column] < 0.2 * one.max()
    agreement = []
    for seed in range(5):
        drawn = class_maps(set_normal(model, seed), photo, 0).maps[0]
        agreement.append(np.corrcoef(red.ravel(), drawn.ravel())[0, 1] if drawn.any() else 0.0)
    assert np.median(agreement) < 0.5


def test_a_photo_glows_where_its_map_is_high_and_is_grey_elsewhere():
    photo, of = np.full((2, 2, 3), [0.2, 0.6, 0.9]), np.array([[0.0, 1.0], [0.5, 0.0]])
    seen = overlaid(photo, of).astype(int)
    assert np.ptp(seen[0, 0]) == 0
    assert seen[0, 1, 0] > seen[1, 0, 0] > seen[0, 0, 0]
    np.testing.assert_array_equal(overlaid(photo, np.zeros((2, 2))), np.broadcast_to(seen[0, 0], (2, 2, 3)))


def test_the_figure_is_legible_and_says_where_nothing_speaks_for_a_class():
    view = tenfold.views.grad_cam(pooled(), photos(), 1, labels=["a", "b", "c"])
    assert view.sentence.startswith("In colour: the places of each photo that speak for the class below it")
    model, photo = discs()
    seen = np.concatenate([photo, photo * 0])
    plain = grad_cam(model, seen, 0, labels=["red", "green", "blue"], controls=False)
    assert plain.sentence.endswith("in 1 of 2 nothing speaks for it")
    assert plain.numbers.controls is None
    for shown in (plain, grad_cam(model, seen, 0)):
        assert stumbles(shown.figure) == []


def test_controls_are_the_maps_of_shuffled_weights_and_what_the_marked_places_are_worth():
    model, photo = discs()
    before = model.get_weights()
    view = grad_cam(model, photo, 0)
    controls = view.numbers.controls
    for what, maps in (("last", controls.last_shuffled), ("all", controls.all_shuffled)):
        with shuffled(model, what):
            np.testing.assert_allclose(class_maps(model, photo, 0).maps, maps, atol=1e-6)
    assert all(np.array_equal(one, other) for one, other in zip(before, model.get_weights(), strict=True))
    assert controls.drop > 0.05
    assert controls.drop > 3 * abs(controls.drop_elsewhere)
    maps = (one[0].ravel() for one in (controls.last_shuffled, controls.all_shuffled))
    alike = [spearmanr(view.numbers.maps[0].ravel(), one).statistic if one.any() else 0.0 for one in maps]
    assert controls.agreement == pytest.approx(alike)
    assert f"(rank correlation {max(alike):.2f})" in view.sentence
    assert f"falls by {controls.drop:.2f}" in view.sentence


def test_where_nothing_speaks_for_a_class_nothing_is_held_against_it():
    model, photo = discs()
    view = grad_cam(model, photo * 0, 0)
    assert np.isnan(view.numbers.controls.agreement).all()
    assert view.sentence.endswith("in 1 of 1 nothing speaks for it")


def test_a_map_that_shows_the_photo_whatever_was_learnt_is_told_as_such():
    """One channel, and a head that adds it up: no shuffling can move anything."""
    model = keras.Sequential([
        keras.Input((8, 8, 1)), keras.layers.Conv2D(1, 1), keras.layers.Flatten(), keras.layers.Dense(1)
    ])  # fmt: skip
    model.set_weights([np.ones((1, 1, 1, 1)), np.zeros(1), np.ones((64, 1)), np.zeros(1)])
    view = grad_cam(model, np.random.default_rng(0).uniform(size=(2, 8, 8, 1)).astype(np.float32), 1)
    assert view.numbers.controls.agreement == pytest.approx((1, 1))
    assert "it shows the photo more than what was learnt" in view.sentence


def test_what_cannot_be_looked_into_is_a_sentence():
    dense = keras.Sequential([keras.Input((4, 4, 3)), keras.layers.Flatten(), keras.layers.Dense(2)])
    with pytest.raises(OptionError, match="has no convolution to look into"):
        class_maps(dense, np.zeros((1, 4, 4, 3)))
    with pytest.raises(OptionError, match=r"No layer `onli` answers with pictures.*only"):
        class_maps(pooled(), photos(), layer="onli")
    with pytest.raises(OptionError, match="The network has no class 3"):
        class_maps(pooled(), photos(), 3)
    with pytest.raises(OptionError, match="2 classes were named for 3 photos"):
        class_maps(pooled(), photos(), [0, 1])
    with pytest.raises(OptionError, match="There are no photos to look at"):
        class_maps(pooled(), np.zeros((3, 4)))
