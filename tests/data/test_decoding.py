"""Pictures of any size and kind as squares of bytes."""

import io

import numpy as np
import pytest
from PIL import Image

from pictures import BLUE, GREEN, RED, plain, quarters
from tenfold.data.decoding import decode_all, decode_photo


def encoded(image: Image.Image, form: str = "PNG", **options: object) -> bytes:
    written = io.BytesIO()
    image.save(written, form, **options)
    return written.getvalue()


def test_a_square_of_the_wanted_size_stays_as_it_is():
    image = quarters(16, 16)
    np.testing.assert_array_equal(decode_photo(encoded(image), 16), np.asarray(image))


@pytest.mark.parametrize("size", [(30, 10), (10, 30), (3, 9), (41, 40)])
def test_any_size_becomes_a_square(size: tuple[int, int]):
    photo = decode_photo(encoded(plain(RED, *size)), 8)
    np.testing.assert_array_equal(photo, np.broadcast_to(RED, (8, 8, 3)))


def test_the_middle_is_kept_whole_and_the_long_ends_are_cut_off():
    wide = Image.new("RGB", (60, 20), BLUE)
    wide.paste(GREEN, (20, 0, 40, 20))
    np.testing.assert_array_equal(decode_photo(encoded(wide), 20), np.broadcast_to(GREEN, (20, 20, 3)))


ORIENTATIONS = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""The mark of a file, and how its pixels were turned before they were written."""


@pytest.mark.parametrize("mark", ORIENTATIONS)
def test_pictures_are_turned_as_their_mark_says(mark: int):
    turned = quarters() if ORIENTATIONS[mark] is None else quarters().transpose(ORIENTATIONS[mark])
    exif = Image.Exif()
    exif[0x0112] = mark
    photo = decode_photo(encoded(turned, exif=exif), 40)
    np.testing.assert_array_equal(photo, np.asarray(quarters()))


def test_grey_palette_alpha_and_print_colours_become_red_green_blue():
    grey = decode_photo(encoded(Image.new("L", (8, 8), 90)), 8)
    np.testing.assert_array_equal(grey, np.full((8, 8, 3), 90))
    bits = decode_photo(encoded(Image.new("1", (8, 8), 1)), 8)
    np.testing.assert_array_equal(bits, np.full((8, 8, 3), 255))
    palette = decode_photo(encoded(plain(RED, 8, 8).quantize(4)), 8)
    np.testing.assert_allclose(palette, np.broadcast_to(RED, (8, 8, 3)), atol=4)
    printed = decode_photo(encoded(plain((255, 255, 255), 8, 8).convert("CMYK"), "JPEG"), 8)
    np.testing.assert_allclose(printed, np.full((8, 8, 3), 255), atol=2)


def test_what_is_transparent_lies_on_white():
    half = decode_photo(encoded(Image.new("RGBA", (8, 8), (0, 0, 0, 0))), 8)
    np.testing.assert_array_equal(half, np.full((8, 8, 3), 255))
    covered = decode_photo(encoded(Image.new("LA", (8, 8), (40, 255))), 8)
    np.testing.assert_array_equal(covered, np.full((8, 8, 3), 40))
    palette = Image.new("P", (8, 8), 0)
    palette.putpalette([*RED, *GREEN])
    np.testing.assert_array_equal(decode_photo(encoded(palette, "GIF", transparency=0), 8), np.full((8, 8, 3), 255))


@pytest.mark.parametrize(
    ("values", "form", "expected"),
    [
        (np.full((8, 8), 200 * 257, np.uint16), "PNG", 200),
        (np.full((8, 8), 30 * 257, np.uint16), "TIFF", 30),
        (np.full((8, 8), 0.5, np.float32), "TIFF", 128),
        (np.full((8, 8), 77, np.int32), "TIFF", 77),
    ],
)
def test_deep_pictures_keep_their_upper_bits(values: np.ndarray, form: str, expected: int):
    photo = decode_photo(encoded(Image.fromarray(values), form), 8)
    np.testing.assert_array_equal(photo, np.full((8, 8, 3), expected))


def test_a_large_jpeg_is_what_its_whole_pixels_say():
    fine = Image.fromarray(np.random.default_rng(0).integers(0, 256, (30, 40, 3), np.uint8)).resize((1_600, 1_200))
    raw = encoded(fine, "JPEG", quality=95)
    with Image.open(io.BytesIO(raw)) as whole:
        expected = whole.crop((200, 0, 1_400, 1_200)).resize((32, 32), Image.Resampling.BILINEAR)
    assert np.abs(decode_photo(raw, 32).astype(float) - np.asarray(expected)).mean() < 2


def test_the_first_of_moving_pictures_is_taken():
    raw = encoded(plain(RED, 8, 8), "GIF", save_all=True, append_images=[plain(BLUE, 8, 8)])
    np.testing.assert_allclose(decode_photo(raw, 8), np.broadcast_to(RED, (8, 8, 3)), atol=4)


def test_a_cut_off_file_is_broken_and_the_others_are_in_order():
    noise = encoded(Image.fromarray(np.random.default_rng(0).integers(0, 256, (40, 40, 3), np.uint8)))
    files = {"a": encoded(plain(RED)), "b": noise[: len(noise) // 2], "c": encoded(plain(BLUE))}
    decoded = decode_all(tuple(files), files.__getitem__, 4)
    assert (decoded.places, decoded.broken) == ((0, 2), (1,))
    np.testing.assert_array_equal(decoded.photos[:, 0, 0], [RED, BLUE])
    assert decoded.num_bytes == sum(map(len, files.values()))
