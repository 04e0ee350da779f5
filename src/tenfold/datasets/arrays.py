"""Pictures and numbers of data sets as arrays."""

import gzip
import zipfile
from pathlib import Path
from typing import Literal

import h5py
import numpy as np
from PIL import Image

from tenfold.datasets.data_set import Pair

__all__ = ["keras_digits", "keras_houses", "photos_of_class", "read_cat_photos", "read_digits"]


def read_digits(folder: Path, part: Literal["train", "t10k"]) -> Pair:
    """Digits from files of the MNIST format.

    Args:
        folder: Of the files.
        part: Which of them.

    Returns:
        Grey pixels (rows, 28, 28) and digits, both bytes.
    """
    pixels = gzip.decompress((folder / f"{part}-images-idx3-ubyte.gz").read_bytes())
    height, width = (int.from_bytes(pixels[at : at + 4], "big") for at in (8, 12))
    digits = gzip.decompress((folder / f"{part}-labels-idx1-ubyte.gz").read_bytes())
    return np.frombuffer(pixels, np.uint8, offset=16).reshape(-1, height, width), np.frombuffer(
        digits, np.uint8, offset=8
    )


def keras_digits(path: Path, part: Literal["train", "test"]) -> Pair:
    """Digits as Keras keeps them.

    Args:
        path: Its `mnist.npz`.
        part: Which of them.

    Returns:
        As `read_digits`.
    """
    with np.load(path, allow_pickle=False) as kept:
        return kept[f"x_{part}"], kept[f"y_{part}"]


def keras_houses(path: Path) -> np.ndarray:
    """House prices as Keras keeps them.

    Args:
        path: Its `boston_housing.npz`.

    Returns:
        Thirteen columns and the price.
    """
    with np.load(path, allow_pickle=False) as kept:
        return np.column_stack([kept["x"], kept["y"]])


def read_cat_photos(folder: Path, part: Literal["train", "test"]) -> Pair:
    """Photos of cats and of other things.

    Args:
        folder: Of the course's files.
        part: Which of them.

    Returns:
        Pixels (rows, 64, 64, 3), bytes, and 1 for a cat.
    """
    with h5py.File(folder / f"{part}_catvnoncat.h5") as file:
        return np.asarray(file[f"{part}_set_x"]), np.asarray(file[f"{part}_set_y"])


def photos_of_class(path: Path, classes: tuple[str, ...], part: Literal["train", "test"]) -> Pair:
    """Photos of a zip with a folder for each part, and in it one for each class.

    Args:
        path: The zip.
        classes: Names of the folders.
        part: Name of the outer folder.

    Returns:
        A list of pixels (height, width, 3), bytes, each photo in its own size, and the class of each.
    """
    photos, labels = [], []
    with zipfile.ZipFile(path) as archive:
        for label, folder in enumerate(classes):
            names = sorted(name for name in archive.namelist() if name.startswith(f"{part}/{folder}/"))
            for name in names:
                if name.lower().endswith((".jpg", ".jpeg", ".png")):
                    photos.append(np.asarray(Image.open(archive.open(name)).convert("RGB"), np.uint8))
                    labels.append(label)
    return photos, np.array(labels)
