"""A picture of any size and kind as a square of bytes: what networks take, decoded once and in parallel.

Turned as its EXIF mark says, brought to red, green and blue, the short side resized to the working side, the middle cut
out. Transparent pictures lie on white. Of 16 bits the upper eight are kept. Of pictures that move the first is taken.
"""

import io
import os
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from jaxtyping import UInt8
from PIL import Image, ImageOps

__all__ = ["Decoded", "decode_all", "decode_photo"]

UPPER_BITS = 257
"""65,535 of 16 bits over 255 of 8."""

FEWEST_DRAFT_PIXELS = 2
"""A JPEG is unpacked at half, a quarter or an eighth of its size as long as so many pixels stand for one of the result:
12 megapixels take a tenth of the time then, and the resizing still averages over what is thrown away."""


@dataclass(frozen=True)
class Decoded:
    """Photos, decoded.

    Args:
        photos: uint8 [photo, side, side, 3], of those that could be read.
        places: Their positions among the files.
        broken: Positions of the others.
        sha256: Hash of the names and the bytes of all files.
        num_bytes: Of all files.
    """

    photos: UInt8[np.ndarray, "photo height width channel"]
    places: tuple[int, ...]
    broken: tuple[int, ...]
    sha256: str
    num_bytes: int


def decode_all(names: Sequence[str], read: Callable[[str], bytes], side: int) -> Decoded:
    """Read, hash and decode files in parallel; Pillow leaves Python's lock alone while it works.

    Args:
        names: Of the files.
        read: From a name to bytes.
        side: Of each photo, pixels.

    Returns:
        The photos in the order of the names.
    """
    photos = np.empty((len(names), side, side, 3), np.uint8)

    def decode_into(place: int) -> tuple[str, int, bool]:
        raw = b""
        try:
            raw = read(names[place])
            photos[place] = decode_photo(raw, side)
            is_whole = True
        except Exception:  # noqa: BLE001 (a damaged file may raise anything: Pillow, zipfile, struct, memory ...)
            is_whole = False
        return sha256(raw).hexdigest(), len(raw), is_whole

    with warnings.catch_warnings(), ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        warnings.simplefilter("ignore")  # of odd EXIF marks and palettes, which do not matter here
        found = list(pool.map(decode_into, range(len(names))))
    places = tuple(place for place, (_, _, is_whole) in enumerate(found) if is_whole)
    broken = tuple(place for place, (_, _, is_whole) in enumerate(found) if not is_whole)
    digest = sha256("\n".join(f"{name}\0{one}" for name, (one, _, _) in zip(names, found, strict=True)).encode())
    kept = photos[list(places)] if broken else photos
    return Decoded(kept, places, broken, digest.hexdigest(), sum(num_bytes for _, num_bytes, _ in found))


def decode_photo(raw: bytes, side: int) -> UInt8[np.ndarray, "height width channel"]:
    """One picture as a square.

    Args:
        raw: The bytes of its file.
        side: Pixels of a side.

    Returns:
        uint8 [side, side, 3], 0 to 255.

    Raises:
        Exception: The bytes are no whole picture; Pillow has many words for it.
    """
    with Image.open(io.BytesIO(raw)) as image:
        image.draft(None, (FEWEST_DRAFT_PIXELS * side, FEWEST_DRAFT_PIXELS * side))
        return np.asarray(_square(_in_colour(ImageOps.exif_transpose(image)), side))


def _in_colour(image: Image.Image) -> Image.Image:
    """Red, green and blue of 8 bits."""
    if image.mode.startswith(("I", "F")):
        return Image.fromarray(_eight_bits(np.asarray(image))).convert("RGB")
    if image.has_transparency_data:
        seen = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen).convert("RGB")
    return image.convert("RGB")


def _eight_bits(values: np.ndarray) -> UInt8[np.ndarray, "height width"]:
    """Grey of more than 8 bits: whole numbers up to 65,535, or fractions up to 1."""
    if np.issubdtype(values.dtype, np.floating):
        scaled = values * 255.0 if values.max(initial=0.0) <= 1 else values
    else:
        is_deep = values.max(initial=0) > 255  # noqa: PLR2004 (the largest byte)
        scaled = values / UPPER_BITS if is_deep or values.dtype == np.uint16 else values
    return np.asarray(np.clip(np.rint(scaled), 0, 255).astype(np.uint8))


def _square(image: Image.Image, side: int) -> Image.Image:
    """The middle of a picture, resized so that its short side fits."""
    short = min(image.size)
    left, top = ((length - short) / 2 for length in image.size)
    box = (left, top, left + short, top + short)
    return image.resize((side, side), Image.Resampling.BILINEAR, box=box)
