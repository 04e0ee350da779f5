"""What simple models see of a photo: small pictures and shares of colours."""

import numpy as np
import pytest

from tenfold.prepare.pictures import CHUNK, COLOURS, NUM_FEATURES, PIXELS, photo_features


def test_a_photo_of_one_colour_is_that_colour_everywhere():
    photos = np.broadcast_to(np.array([255, 51, 0], np.uint8), (2, 32, 32, 3))
    features = photo_features(photos)
    assert features.shape == (2, NUM_FEATURES)
    assert features.dtype == np.float32
    np.testing.assert_allclose(features[0, PIXELS].reshape(16, 16, 3), np.broadcast_to([1, 0.2, 0], (16, 16, 3)))
    shares = features[0, COLOURS][:216]
    assert np.flatnonzero(shares).tolist() == [5 * 36 + 1 * 6 + 0]
    assert shares.max() == 1
    np.testing.assert_allclose(features[0, COLOURS][216:].reshape(-1, 3), np.broadcast_to([1, 0.2, 0], (64, 3)))


@pytest.mark.parametrize("side", [16, 48, 96])
def test_small_pictures_are_means_of_blocks(side: int):
    photos = np.random.default_rng(0).integers(0, 256, (3, side, side, 3), dtype=np.uint8)
    block = side // 16
    expected = photos.reshape(3, 16, block, 16, block, 3).mean(axis=(2, 4)) / 255
    np.testing.assert_allclose(photo_features(photos)[:, PIXELS].reshape(3, 16, 16, 3), expected, atol=1e-6)


def test_shares_of_colours_sum_to_one_and_do_not_know_places():
    photos = np.random.default_rng(0).integers(0, 256, (4, 20, 20, 3), dtype=np.uint8)
    shares = photo_features(photos)[:, COLOURS][:, :216] ** 2
    np.testing.assert_allclose(shares.sum(axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(photo_features(photos[:, ::-1])[:, COLOURS][:, :216] ** 2, shares)


def test_photos_are_judged_by_themselves_whatever_chunk_they_are_in():
    photos = np.random.default_rng(0).integers(0, 256, (CHUNK + 2, 8, 8, 3), dtype=np.uint8)
    np.testing.assert_array_equal(photo_features(photos)[-1], photo_features(photos[-1:])[0])
