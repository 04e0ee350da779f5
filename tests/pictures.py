"""Small pictures for tests: discs and stripes, in folders that are their classes."""

import zipfile
from pathlib import Path

import numpy as np
from PIL import Image

RED, GREEN, BLUE = (200, 30, 30), (30, 200, 30), (30, 30, 200)


def plain(colour: tuple[int, int, int], width: int = 12, height: int = 8) -> Image.Image:
    return Image.new("RGB", (width, height), colour)


def quarters(width: int = 40, height: int = 40) -> Image.Image:
    """Red upper left, green upper right, blue below."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[: height // 2, : width // 2], pixels[: height // 2, width // 2 :] = RED, GREEN
    pixels[height // 2 :] = BLUE
    return Image.fromarray(pixels)


def save_classes(folder: Path, num_photos: int = 3, labels: tuple[str, ...] = ("cat", "dog")) -> Path:
    """A folder a class, photos that differ."""
    generator = np.random.default_rng(0)
    for label in labels:
        (folder / label).mkdir(parents=True)
        for number in range(num_photos):
            Image.fromarray(generator.integers(0, 256, (9, 12, 3), np.uint8)).save(folder / label / f"{number}.png")
    return folder


def save_shapes(folder: Path, num_photos: int) -> Path:
    """Stripes across and stripes down, of random colours: colours tell nothing, a convolution all."""
    generator = np.random.default_rng(1)
    rows, columns = np.mgrid[:32, :32]
    for label, places in (("across", rows), ("down", columns)):
        (folder / label).mkdir(parents=True)
        for number in range(num_photos):
            is_light = (places + generator.integers(8)) // 4 % 2 == 0
            dark, light = generator.integers(0, 256, (2, 3))
            pixels = np.where(is_light[..., None], light, dark) + generator.normal(0, 12, (32, 32, 3))
            Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(folder / label / f"{number}.png")
    return folder


def zipped(folder: Path, archive: Path, top: str = "") -> Path:
    """The folder as a zip, behind a folder `top` where one is named."""
    with zipfile.ZipFile(archive, "w") as written:
        for file in sorted(folder.rglob("*")):
            written.write(file, top + file.relative_to(folder).as_posix())
    return archive
