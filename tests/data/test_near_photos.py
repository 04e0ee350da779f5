"""Near copies of photos: found whatever changed on the way, not where two photos are only alike."""

import io

import numpy as np
import pandas as pd
import pytest
from PIL import Image, ImageEnhance

from tenfold.data.alike import rows_alike
from tenfold.data.decoding import decode_photo
from tenfold.data.lookup_column import LookupArray
from tenfold.data.near_photos import MOST_BITS, _near_pairs, _parts, difference_hashes, near_groups
from tenfold.lookup import Lookup


def scene(seed: int, size: int = 160) -> Image.Image:
    """A few discs of random colours on a slope of light."""
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[:size, :size] / size
    pixels = (np.stack([rows, columns, rows * columns], axis=-1) @ rng.uniform(-1, 1, (3, 3)) + 3) * 40
    for _ in range(6):
        is_disc = (rows - rng.random()) ** 2 + (columns - rng.random()) ** 2 < rng.uniform(0.01, 0.05)
        pixels[is_disc] = rng.integers(0, 256, 3)
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def decoded(image: Image.Image, **options: object) -> np.ndarray:
    written = io.BytesIO()
    image.save(written, **{"format": "PNG", **options})
    return decode_photo(written.getvalue(), 48)


CHANGES = {
    "smaller": lambda one: decoded(one.resize((90, 90))),
    "saved again": lambda one: decoded(one, format="JPEG", quality=75),
    "brighter": lambda one: decoded(ImageEnhance.Brightness(one).enhance(1.08)),
    "a little cut": lambda one: decoded(one.crop((1, 1, 159, 159))),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_photo_that_went_another_way_is_the_same(change: str):
    photos = np.stack([*(decoded(scene(seed)) for seed in range(20)), *(CHANGES[change](scene(s)) for s in (3, 7))])
    groups = near_groups(photos)
    assert (groups[20], groups[21]) == (groups[3], groups[7])
    assert len(set(groups.tolist())) == 20


def test_the_hash_says_where_a_photo_gets_brighter_to_the_right():
    rising = np.broadcast_to(np.arange(0, 180, 20, dtype=np.uint8)[None, :, None], (8, 9, 3))
    stepped = rising.copy()
    stepped[2, 4:] = 0
    first, second, third = difference_hashes(np.stack([rising, rising[:, ::-1], stepped]))
    assert (int(first), int(second)) == (2**64 - 1, 0)
    assert int(first ^ third) == 0b11111 << (2 * 8 + 3)


def test_all_pairs_of_few_changed_bits_are_found_and_no_others():
    rng = np.random.default_rng(0)
    hashes = rng.integers(0, 2**63, 40, dtype=np.uint64)
    flips = [sum(1 << int(bit) for bit in rng.choice(64, rng.integers(0, 8), replace=False)) for _ in range(300)]
    near = np.concatenate([hashes, rng.choice(hashes, 300) ^ np.array(flips, dtype=np.uint64)])
    different, of_photo = np.unique(near, return_inverse=True)
    found = {tuple(sorted(pair)) for pairs in _near_pairs(near) for pair in pairs.tolist()}
    distances = np.bitwise_count(different[:, None] ^ different[None])
    first_of = [int(np.flatnonzero(of_photo == place)[0]) for place in range(len(different))]
    expected = {
        tuple(sorted((first_of[one], first_of[other])))
        for one, other in zip(*np.nonzero(np.triu(distances <= MOST_BITS, 1)), strict=True)
    }
    expected |= {(first_of[place], row) for row, place in enumerate(of_photo.tolist()) if first_of[place] != row}
    assert found == expected


def test_plain_things_that_share_a_hash_are_no_copies():
    """Bars of different width at the same place: the difference hash is the same, the picture is not."""
    rows, columns = np.mgrid[:48, :48]
    bars = np.stack([
        np.repeat(np.where((abs(columns - 24) < width) & (abs(rows - 24) < 20), 255, 0)[..., None], 3, axis=-1)
        for width in (4, 5)
    ]).astype(np.uint8)  # fmt: skip
    assert np.bitwise_count(np.bitwise_xor(*difference_hashes(bars))) <= MOST_BITS
    assert len(set(near_groups(bars).tolist())) == 2
    assert len(set(near_groups(np.zeros((3, 48, 48, 3), np.uint8)).tolist())) == 3


def test_near_copies_of_one_class_stay_together_as_copies_of_rows_do():
    photos = np.stack([*(decoded(scene(seed)) for seed in range(6)), *(CHANGES["brighter"](scene(s)) for s in (0, 1))])
    photos = np.concatenate([photos, photos[2:3]])
    labels = ["a", "b", "a", "b", "a", "b", "a", "a", "a"]
    frame = pd.DataFrame({"photo": LookupArray(Lookup(photos, np.arange(9, dtype=np.int32))), "label": labels})
    alike = rows_alike(frame)
    assert alike.groups.tolist() == [0, 1, 2, 3, 4, 5, 0, 6, 2]
    assert (alike.num_repeated, alike.num_near) == (1, 1)
    assert alike.words == "1 repeated row and what it repeats and 1 nearly repeated row and what it repeats"


def test_bits_that_tell_nothing_are_dealt_to_all_parts():
    """Of 30 telling bits each part has 6, wherever they stand: else three parts would pair all photos with all."""
    hashes = np.random.default_rng(1).integers(0, 2**30, 1_000, dtype=np.uint64) << np.uint64(34)
    parts = _parts(hashes)
    assert np.bitwise_or.reduce(parts) == np.uint64(2**64 - 1)
    assert sum(int(np.bitwise_count(part)) for part in parts) == 64
    assert [int(np.bitwise_count(part >> np.uint64(34))) for part in parts] == [6] * 5
