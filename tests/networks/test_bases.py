"""A frozen base below a head: the file's own weights, its own scaling, both views, saved and read again."""

from pathlib import Path

import h5py
import keras
import numpy as np
import pytest
from keras.src.legacy.saving.legacy_h5_format import save_weights_to_hdf5_group

import tenfold.layers  # noqa: F401
from tenfold.errors import OptionError
from tenfold.layers import CaffeColours, EitherView, MirrorImage
from tenfold.networks.bases import load_base, photo_numbers, with_base
from tenfold.networks.fine_tuning import multiply_adds, trained_layers
from tenfold.networks.pretrained import Weights, find_weights
from tenfold.networks.seeing import read_features

SIDE = 32
PHOTOS = np.random.default_rng(2).integers(0, 256, (3, SIDE, SIDE, 3), np.uint8)


def body() -> keras.Model:
    """A network whose numbers differ from photo to photo: its normalisations have seen photos, as a trained one's."""
    keras.utils.set_random_seed(5)
    made = keras.applications.MobileNetV2(
        input_shape=(SIDE, SIDE, 3), alpha=0.35, include_top=False, weights=None, pooling="avg"
    )
    noise = np.random.default_rng(0).uniform(-1, 1, (16, 8, 8, 3)).repeat(4, axis=1).repeat(4, axis=2)
    for layer in made.layers:
        layer.momentum = 0.5
    for _ in range(12):
        made(noise.astype(np.float32), training=True)
    assert made.predict(noise, verbose=0).std(axis=0).max() > 0.1
    return made


@pytest.fixture(scope="module")
def trained() -> keras.Model:
    """Stands for the network that was trained on ImageNet."""
    return body()


@pytest.fixture(scope="module")
def file(trained: keras.Model, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """In the old format of the files that `keras.applications` loads."""
    path = tmp_path_factory.mktemp("weights") / f"mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.35_{SIDE}_no_top.h5"
    with h5py.File(path, "w") as written:
        save_weights_to_hdf5_group(written, trained)
    return path


@pytest.fixture(scope="module")
def base(file: Path) -> keras.Model:
    weights = find_weights(str(file))
    assert weights == Weights("mobilenet_v2", 0.35, SIDE, file)
    return load_base(weights, (SIDE, SIDE, 3))


def test_numbers_are_those_of_keras_own_network_and_preprocessing(trained: keras.Model, base: keras.Model):
    for view, photos in enumerate((PHOTOS, PHOTOS[:, :, ::-1])):
        scaled = keras.applications.mobilenet_v2.preprocess_input(photos.astype(np.float32))
        expected = trained.predict(scaled, verbose=0)
        np.testing.assert_allclose(photo_numbers(base, PHOTOS)[:, view], expected, rtol=1e-3, atol=1e-3)
    assert base.trainable_variables == []


def test_a_network_that_scales_bytes_itself_is_given_them_as_they_are(tmp_path: Path):
    keras.utils.set_random_seed(5)
    trained = keras.applications.EfficientNetV2B0(
        input_shape=(SIDE, SIDE, 3), include_top=False, weights=None, pooling="avg"
    )
    path = tmp_path / "efficientnetv2-b0_notop.weights.h5"
    trained.save_weights(path)
    weights = find_weights(str(path))
    assert weights is not None
    assert (weights.family, weights.side) == ("efficientnet_v2_b0", 128)
    base = load_base(weights, (SIDE, SIDE, 3))
    expected = trained.predict(PHOTOS.astype(np.float32), verbose=0)
    np.testing.assert_allclose(photo_numbers(base, PHOTOS)[:, 0], expected, rtol=1e-4, atol=1e-5)


def test_vgg16_is_given_the_colours_of_caffe(tmp_path: Path):
    keras.utils.set_random_seed(5)
    trained = keras.applications.VGG16(input_shape=(SIDE, SIDE, 3), include_top=False, weights=None, pooling="avg")
    path = tmp_path / "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5"
    with h5py.File(path, "w") as written:
        save_weights_to_hdf5_group(written, trained)
    weights = find_weights(str(path))
    assert weights == Weights("vgg16", 1.0, 150, path)
    assert find_weights(f"vgg16_96:{path}") == Weights("vgg16", 1.0, 96, path)
    base = load_base(weights, (SIDE, SIDE, 3))
    assert base.name == "VGG16"
    expected = trained.predict(keras.applications.vgg16.preprocess_input(PHOTOS.astype(np.float32)), verbose=0)
    np.testing.assert_allclose(photo_numbers(base, PHOTOS)[:, 0], expected, rtol=1e-3, atol=1e-4)
    assert [layer.name for layer in trained_layers(base)] == ["block5_conv1", "block5_conv2", "block5_conv3"]
    first, last = 32 * 32 * 9 * 3 * 64, 2 * 2 * 9 * 512 * 512
    assert first + last < multiply_adds(base) < 400_000_000
    base.save(tmp_path / "base.keras")
    again = keras.saving.load_model(tmp_path / "base.keras", compile=False, safe_mode=True)
    np.testing.assert_allclose(again.predict(PHOTOS, verbose=0), expected, rtol=1e-3, atol=1e-4)


def test_colours_of_caffe_are_those_of_keras():
    expected = keras.applications.vgg16.preprocess_input(PHOTOS.astype(np.float32))
    np.testing.assert_allclose(CaffeColours()(PHOTOS), expected, rtol=1e-6)


def test_the_last_block_without_its_normalisations_is_what_fine_tuning_sets_free(base: keras.Model):
    names = [layer.name for layer in trained_layers(base)]
    assert names == ["block_16_expand", "block_16_depthwise", "block_16_project", "Conv_1"]
    by_hand = 56 * 336 + 9 * 336 + 336 * 112 + 112 * 1280
    assert sum(layer.count_params() for layer in trained_layers(base)) == by_hand


def head(num_numbers: int) -> keras.Model:
    features = keras.Input((2, num_numbers), name="features")
    keras.utils.set_random_seed(1)
    return keras.Model({"features": features}, keras.layers.Dense(2, "softmax")(read_features(features, 0.3)))


def test_the_whole_network_answers_as_the_head_on_kept_numbers_also_when_read_again(base: keras.Model, tmp_path: Path):
    network = head(base.output.shape[-1])
    expected = network.predict({"features": photo_numbers(base, PHOTOS)}, verbose=0)
    whole = with_base(network, base)
    np.testing.assert_allclose(whole.predict({"photos": PHOTOS}, verbose=0), expected, rtol=1e-4, atol=1e-6)
    whole.save(tmp_path / "whole.keras")
    again = keras.saving.load_model(tmp_path / "whole.keras", compile=False, safe_mode=True)
    np.testing.assert_allclose(again.predict({"photos": PHOTOS}, verbose=0), expected, rtol=1e-4, atol=1e-6)
    mirrored = whole.predict({"photos": PHOTOS[:, :, ::-1]}, verbose=0)
    np.testing.assert_allclose(mirrored, expected, rtol=1e-4, atol=1e-6)


def test_a_network_that_takes_no_numbers_stays_as_it_is(base: keras.Model):
    photos = keras.Input((SIDE, SIDE, 3), name="photos")
    other = keras.Model({"photos": photos}, keras.layers.GlobalAveragePooling2D()(photos))
    assert with_base(other, base) is other


def test_weights_of_another_network_are_refused_and_never_replaced_by_random_ones(file: Path):
    with pytest.raises(OptionError, match=r"holds no weights of MobileNetV2 1 without its top"):
        load_base(Weights("mobilenet_v2", 1.0, SIDE, file), (SIDE, SIDE, 3))


def test_in_training_either_view_else_their_mean():
    views = np.random.default_rng(0).normal(size=(40, 2, 3)).astype(np.float32)
    np.testing.assert_allclose(EitherView(3)(views), views.mean(axis=1), rtol=1e-6)
    drawn = np.asarray(EitherView(3)(views, training=True))
    is_first, is_second = ((drawn == views[:, one]).all(axis=1) for one in (0, 1))
    assert (is_first ^ is_second).all()
    assert 8 < is_first.sum() < 32
    np.testing.assert_array_equal(MirrorImage()(PHOTOS), PHOTOS[:, :, ::-1])
