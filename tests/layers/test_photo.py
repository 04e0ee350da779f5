"""Photos varied in training: exact where pixels move, each row by itself, nothing outside of training."""

import keras
import numpy as np
import pytest

from tenfold.layers import RandomLight, RandomMirror, RandomShift

GENERATOR = np.random.default_rng(5)
PHOTOS = GENERATOR.integers(0, 256, (40, 9, 7, 3), dtype=np.uint8)
"""More rows than shifts, and sides that differ."""

LAYERS = {
    "mirror": RandomMirror,
    "shift": lambda seed: RandomShift(2, seed),
    "light": lambda seed: RandomLight(0.2, 0.3, seed),
}


def scaled() -> np.ndarray:
    return PHOTOS.astype(np.float32) / 127.5 - 1


@pytest.mark.parametrize("name", LAYERS)
def test_nothing_changes_outside_of_training(name: str):
    for training in (False, None):
        np.testing.assert_array_equal(LAYERS[name](1)(scaled(), training=training), scaled())


@pytest.mark.parametrize("name", LAYERS)
def test_rows_are_varied_by_themselves_and_anew_each_time(name: str):
    layer = LAYERS[name](1)
    same = np.repeat(scaled()[:1], 40, axis=0)
    first, second = (np.asarray(layer(same, training=True)) for _ in range(2))
    assert len(np.unique(first.reshape(40, -1), axis=0)) > 1
    assert not np.array_equal(first, second)
    np.testing.assert_array_equal(LAYERS[name](1)(same, training=True), first)


def test_half_of_the_photos_are_mirrored_and_the_others_are_as_they_were():
    answers = np.asarray(RandomMirror(3)(PHOTOS, training=True))
    assert answers.dtype == np.uint8
    is_same = (answers == PHOTOS).all(axis=(1, 2, 3))
    is_mirrored = (answers == PHOTOS[:, :, ::-1]).all(axis=(1, 2, 3))
    assert (is_same ^ is_mirrored).all()
    assert 8 < is_mirrored.sum() < 32


@pytest.mark.parametrize("pixels", [1, 2, 3])
def test_a_shift_is_a_piece_of_the_photo_mirrored_at_its_edges_each_equally_likely(pixels: int):
    answers = np.asarray(RandomShift(pixels, 3)(np.repeat(PHOTOS, 20, axis=0), training=True))
    assert answers.dtype == np.uint8
    around = (pixels, pixels)
    padded = np.pad(np.repeat(PHOTOS, 20, axis=0), ((0, 0), around, around, (0, 0)), mode="reflect")
    places = range(2 * pixels + 1)
    found = np.array(
        [[(answers == padded[:, up : up + 9, left : left + 7]).all(axis=(1, 2, 3)) for left in places] for up in places]
    )
    assert (found.sum(axis=(0, 1)) == 1).all()
    expected = 800 / len(places) ** 2
    assert np.abs(found.sum(axis=2) - expected).max() < 5 * np.sqrt(expected)


def test_no_shift_is_none():
    np.testing.assert_array_equal(RandomShift(0)(PHOTOS, training=True), PHOTOS)


def test_light_moves_the_mean_and_stretches_around_it():
    before, after = scaled().astype(np.float64), np.asarray(RandomLight(0.2, 0.3, 3)(scaled(), training=True), float)
    axes = (1, 2, 3)
    brighter = after.mean(axes) - before.mean(axes)
    stretched = after.std(axes) / before.std(axes)
    assert np.abs(brighter).max() <= 0.2
    assert brighter.min() < -0.1
    assert brighter.max() > 0.1
    assert 0.7 <= stretched.min() < 0.85
    assert 1.15 < stretched.max() <= 1.3 + 1e-6
    assert abs(np.corrcoef(brighter, stretched)[0, 1]) < 0.5
    shape = (-1, 1, 1, 1)
    expected = before.mean(axes).reshape(shape) + brighter.reshape(shape)
    expected = expected + stretched.reshape(shape) * (before - before.mean(axes).reshape(shape))
    np.testing.assert_allclose(after, expected, atol=1e-6)


def test_a_saved_network_keeps_its_layers(tmp_path):
    inputs = keras.Input((9, 7, 3), dtype="uint8")
    hidden = keras.layers.Rescaling(1 / 255)(RandomShift(2)(RandomMirror()(inputs)))
    model = keras.Model(inputs, RandomLight(0.1, 0.2)(hidden))
    model.save(tmp_path / "photos.keras")
    loaded = keras.saving.load_model(tmp_path / "photos.keras", safe_mode=True)
    np.testing.assert_array_equal(loaded.predict(PHOTOS, verbose=0), model.predict(PHOTOS, verbose=0))
    assert [layer.get_config() for layer in loaded.layers] == [layer.get_config() for layer in model.layers]
