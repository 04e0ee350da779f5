"""Picture files as a model takes them: its size, its number of channels, and the scale that it was trained on."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np
from jaxtyping import Num

from tenfold.data.decoding import decode_photo
from tenfold.errors import ModelError, OptionError, TableError
from tenfold.views.convolutions import COLOURS, PICTURE_RANK, layers_within

__all__ = ["read_photo_files"]

SCALING = (keras.layers.Rescaling, keras.layers.Normalization)


def read_photo_files(paths: Sequence[Path], model: keras.Model) -> Num[np.ndarray, "photo height width channel"]:
    """Read pictures, turned upright, square, in the size that the model takes.

    Args:
        paths: JPEG, PNG and other files that Pillow reads.
        model: With one input of pictures. Where its input is bytes, or a layer scales it, bytes come; else numbers from
            0 to 1, which is how networks without such a layer are usually trained.

    Raises:
        ModelError: It takes no square pictures of one size, or other channels than one or three.
        OptionError: A file that is not there.
        TableError: A file that is no picture.
    """
    shape = model.input_shape if isinstance(model.input_shape, tuple) else ()
    is_square = len(shape) == PICTURE_RANK and None not in shape[1:] and shape[1] == shape[2]
    if not is_square or shape[-1] not in {1, COLOURS}:
        raise ModelError(
            "no_photo_input", f"The network `{model.name}` does not take square pictures of one size",
            expected="one input (height, width, 1 or 3)", received=f"inputs of shape {model.input_shape}",
            hint="give it an .npz file with the pictures as it takes them",
        )  # fmt: skip
    photos = np.stack([_read(path, shape[1]) for path in paths])
    if shape[-1] == 1:
        photos = np.round(photos @ np.array([0.299, 0.587, 0.114]))[..., None].astype(np.uint8)  # ITU-R BT.601
    takes_bytes = keras.tree.flatten(model.inputs)[0].dtype == "uint8" or _is_scaled_within(model)
    return photos if takes_bytes else (photos / 255).astype(np.float32)


def _read(path: Path, side: int) -> np.ndarray:
    if not path.is_file():
        raise OptionError("no_such_photo", f"There is no file `{path}`", expected="a picture")
    try:
        return decode_photo(path.read_bytes(), side)
    except Exception as error:  # Pillow's decoders raise errors of many kinds
        raise TableError("broken_photo", f"`{path.name}` is no picture that can be read",
                         received=f"{type(error).__name__}: {error}"[:160]) from error  # fmt: skip


def _is_scaled_within(model: Any) -> bool:
    return any(isinstance(one, SCALING) for one in layers_within(model))
