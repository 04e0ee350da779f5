"""A network that was trained on ImageNet, frozen, below a head that is trained here.

    base = load_base(find_weights("vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5"), (150, 150, 3))

The base turns a photo into a line of numbers. As it never changes, that is done once for all photos, and once for their
mirror images; heads are trained on these numbers in seconds. In the delivered network the base stands in its place
again, with its own scaling of bytes, so that it takes photos as they are.

Sources: F. Chollet, Deep Learning with Python (2017), section 5.3 ("fast feature extraction without augmentation");
Kornblith, Shlens and Le (2019), "Do better ImageNet models transfer better?", for linear heads on frozen features.
"""

import keras
import numpy as np
from jaxtyping import Float, UInt8

from tenfold.errors import OptionError
from tenfold.layers import CaffeColours, MirrorImage
from tenfold.networks.pretrained import Weights

__all__ = ["load_base", "photo_numbers", "with_base"]

BATCH = 64
"""Photos at a time."""


def load_base(weights: Weights, photo: tuple[int, ...]) -> keras.Model:
    """The frozen network, from bytes to a line of numbers.

    Args:
        weights: File and family.
        photo: Height, width and channels.

    Returns:
        A Keras model whose weights are those of the file.

    Raises:
        OptionError: The file holds weights of another network.
    """
    photos = keras.Input(photo, dtype="uint8", name="photos")
    if weights.family == "mobilenet_v2":
        body = keras.applications.MobileNetV2(
            input_shape=photo, alpha=weights.alpha, include_top=False, weights=None, pooling="avg"
        )
        seen = keras.layers.Rescaling(1 / 127.5, -1.0, name="as_trained")(photos)
    elif weights.family == "vgg16":
        body = keras.applications.VGG16(input_shape=photo, include_top=False, weights=None, pooling="avg")
        seen = CaffeColours(name="as_trained")(photos)
    else:  # scales bytes itself
        body = keras.applications.EfficientNetV2B0(
            input_shape=photo, include_top=False, weights=None, pooling="avg", include_preprocessing=True
        )
        seen = keras.layers.Rescaling(1.0, name="as_trained")(photos)  # numbers in place of bytes
    try:
        body.load_weights(weights.path)
    except Exception as error:
        raise OptionError(
            "weights_do_not_fit",
            f"`{weights.path}` holds no weights of {weights.words} without its top",
            expected="the file that `include_top=False` belongs to",
            received=f"{type(error).__name__}: {error}".splitlines()[0][:160],
        ) from error
    base = keras.Model(photos, body(seen, training=False), name=weights.words)
    base.trainable = False
    return base


def photo_numbers(
    base: keras.Model, photos: UInt8[np.ndarray, "photo height width channel"]
) -> Float[np.ndarray, "photo 2 number"]:
    """What the base makes of each photo, and of its mirror image.

    Args:
        base: From `load_base`.
        photos: Bytes of its size.
    """
    both = (photos, photos[:, :, ::-1])
    return np.stack([base.predict(one, batch_size=BATCH, verbose=0) for one in both], axis=1)


def with_base(network: keras.Model, base: keras.Model) -> keras.Model:
    """A network of a base's numbers, with the base in their place.

    Args:
        network: Takes `features`; another is returned as it is.
        base: From `load_base`.

    Returns:
        A Keras model that takes `photos` instead.
    """
    names = [one.name for one in network.inputs]
    if "features" not in names:
        return network
    inputs = {one.name: keras.Input(one.shape[1:], name=one.name, dtype=one.dtype) for one in network.inputs}
    del inputs["features"]
    inputs["photos"] = keras.Input(base.input.shape[1:], dtype="uint8", name="photos")
    own, mirrored = base(inputs["photos"]), base(MirrorImage(name="mirrored")(inputs["photos"]))
    lines = [keras.layers.Reshape((1, -1), name=name)(one) for name, one in (("own", own), ("mirror", mirrored))]
    features = keras.layers.Concatenate(axis=1, name="features")(lines)
    taken = {name: inputs[name] for name in names if name != "features"}
    return keras.Model(inputs, network({**taken, "features": features}), name=network.name)
