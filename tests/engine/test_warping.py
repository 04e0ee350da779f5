"""Warped images are Keras' own, whatever stands outside of them."""

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest
from keras import layers
from keras.src.backend.jax import image as keras_image

from tenfold.engine import warping
from tenfold.engine.member import Member
from tenfold.engine.population import train_population
from tenfold.engine.warping import quick_warps, warp


@pytest.fixture(autouse=True)
def mixes_types():
    """Keras mixes whole and real numbers where it warps images."""
    with jax.numpy_dtype_promotion("standard"):
        yield


FILL_MODES = ["constant", "nearest", "wrap", "mirror", "reflect"]


def _images(shape=(4, 7, 10, 3)):
    return jnp.asarray(np.random.default_rng(0).normal(size=shape), "float32")


def _transforms(count=4):
    """Turned, sheared and moved so far that the outside of an image of 7 x 10 pixels is passed several times."""
    generator = np.random.default_rng(1)
    inner = generator.uniform(-2, 2, (count, 6)) * [1, 1, 15, 1, 1, 15]
    return jnp.asarray(np.concatenate([inner, np.zeros((count, 2))], axis=1), "float32")


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
@pytest.mark.parametrize("fill_mode", FILL_MODES)
def test_an_image_is_warped_as_keras_does_it(fill_mode, data_format):
    images = _images()
    images = jnp.moveaxis(images, -1, 1) if data_format == "channels_first" else images
    expected = keras_image.affine_transform(images, _transforms(), "bilinear", fill_mode, 0.3, data_format)

    ours = warp(images, _transforms(), "bilinear", fill_mode, 0.3, data_format)

    np.testing.assert_allclose(ours, expected, atol=5e-5)


@pytest.mark.parametrize("fill_mode", FILL_MODES)
def test_its_derivative_is_that_of_keras(fill_mode):
    weights = _images() ** 2

    def total(function):
        return jax.grad(lambda images: jnp.sum(weights * function(images, _transforms(), "bilinear", fill_mode, 0.3)))

    np.testing.assert_allclose(total(warp)(_images()), total(keras_image.affine_transform)(_images()), atol=5e-4)


@pytest.mark.parametrize(
    ("images", "transforms", "interpolation"),
    [
        (_images(), _transforms(), "nearest"),
        (_images((7, 10, 3)), _transforms()[0], "bilinear"),
        (_images((7, 10, 3)), _transforms(1), "bilinear"),
        (_images((1, 7, 10, 3)), _transforms()[0], "bilinear"),
        ((_images() * 40).astype("int32"), _transforms(), "bilinear"),
        (_images().astype("float16"), _transforms(), "bilinear"),
    ],
    ids=["nearest", "one image", "one image, a list of one", "a list of one image", "whole numbers", "half precision"],
)
def test_what_it_does_not_know_is_left_to_keras(images, transforms, interpolation):
    expected = keras_image.affine_transform(images, transforms, interpolation, "reflect")

    np.testing.assert_array_equal(warp(images, transforms, interpolation, "reflect"), expected)


RANDOM_LAYERS = {
    "rotation": lambda: layers.RandomRotation(0.2, seed=3),
    "zoom": lambda: layers.RandomZoom((-0.4, 0.4), (-0.2, 0.3), fill_mode="constant", fill_value=0.5, seed=3),
    "translation": lambda: layers.RandomTranslation(0.3, 0.2, fill_mode="wrap", seed=3),
    "shear": lambda: layers.RandomShear(0.4, 0.2, seed=3),
    "several": lambda: layers.RandAugment((0, 1), num_ops=3, seed=3),
}


@pytest.mark.parametrize("name", RANDOM_LAYERS)
def test_layers_vary_images_as_they_do_in_keras_and_are_left_as_they_were(name, monkeypatch):
    images = np.asarray(jax.nn.sigmoid(_images((6, 9, 9, 3))))
    expected = np.asarray(keras.Sequential([RANDOM_LAYERS[name]()])(images, training=True))
    model = keras.Sequential([keras.Input((9, 9, 3)), RANDOM_LAYERS[name]()])
    backend = model.layers[0].backend
    calls = []
    quick = warping.warp
    monkeypatch.setattr(
        warping._QuickImages,
        "affine_transform",
        staticmethod(lambda *args, **kwargs: calls.append(1) or quick(*args, **kwargs)),
    )

    with quick_warps(model):
        varied = np.asarray(model(images, training=True))

    assert calls
    assert np.abs(expected - images).max() > 0.05
    np.testing.assert_allclose(varied, expected, atol=2e-5)
    assert model.layers[0].backend is backend


def test_a_layer_of_the_user_keeps_its_backend():
    class Own(layers.RandomRotation):
        pass

    model = keras.Sequential([keras.Input((9, 9, 3)), Own(0.1)])
    backend = model.layers[0].backend

    with quick_warps(model):
        assert model.layers[0].backend is backend


@pytest.mark.skipif(jax.default_backend() != "cpu", reason="images are warped so on CPU alone")
def test_training_goes_through_it_and_learns_the_same(monkeypatch):
    def build():
        varied = [keras.Input((9, 9, 3)), layers.RandomRotation(0.2, seed=3), layers.RandomZoom(0.2, seed=4)]
        model = keras.Sequential([*varied, layers.Flatten(), layers.Dense(1)])
        model.compile("sgd", "mse")
        return model

    x = np.asarray(_images((24, 9, 9, 3)))
    y = x.mean(axis=(1, 2, 3))
    members = [Member(np.arange(16), np.arange(16, 24), seed=seed) for seed in range(2)]
    calls = []
    quick = warping._warp
    monkeypatch.setattr(warping, "_warp", lambda *args: calls.append(1) or quick(*args))

    ours = train_population(build, x, y, members, epochs=2, batch_size=8)
    assert calls
    monkeypatch.setattr(warping._QuickImages, "affine_transform", staticmethod(keras_image.affine_transform))
    calls.clear()
    expected = train_population(build, x, y, members, epochs=2, batch_size=8)

    assert not calls
    np.testing.assert_allclose(ours.history["loss"], expected.history["loss"], rtol=1e-4)
