"""Photos that are the same photo again: resized, saved once more, a little brighter, or the next one of a burst.

A *difference hash* says for 8 x 8 places of a photo whether it gets brighter to the right: 64 bits that survive another
size, another quality and another light. Two photos whose hashes differ in at most 4 bits are looked at: they are near
copies if their small pictures agree as well (plain things on plain ground, such as digits, often share a hash).

Pairs are found without comparing all with all. Of five parts of a hash, four changed bits leave one as it was, so that
photos are sorted by each part and compared only with those that share it.

Sources: N. Krawetz (2013), "Kind of like that" (the hash, `dhash`); the distance of 4 of 64 bits and keeping groups on
one side of every split as for other copies (`data.alike`); Manku, Jain and Das Sarma (2007), "Detecting near-duplicates
for web crawling", for the parts.
"""

from collections.abc import Iterator

import numpy as np
from jaxtyping import Float, Int, UInt8, UInt64
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

__all__ = ["MOST_BITS", "difference_hashes", "near_groups"]

MOST_BITS = 4
"""Bits in which the hashes of near copies differ at most."""

SIDE = 8
"""Places of a side of the hash."""

LEAST_RISE = 1.0
"""Grey levels of 255: less is the noise of saving once more on plain ground (arbitrary; the source has none)."""

SMALL_SIDE = 16
"""Pixels of a side of the small picture that must agree as well."""

LEAST_AGREEMENT = 0.99
"""Correlation of the small pictures of near copies at least. Of 16 pairs of near hashes among 3,475 photos of flowers 5
are above it, of 1 among 2,000 cats and dogs 1; of 1,445,150 among 60,000 written digits, which are no copies, 34."""

CHUNK = 512
"""Photos at a time."""

MOST_PAIRS = 2**22
"""Pairs compared at a time: 32 MB of hashes."""


def difference_hashes(photos: UInt8[np.ndarray, "photo height width channel"]) -> UInt64[np.ndarray, " photo"]:
    """64 bits a photo: whether each of 8 x 8 places is darker than the one to its right.

    Args:
        photos: Bytes of one size.
    """
    bits = np.uint64(1) << np.arange(SIDE**2, dtype=np.uint64)
    found = np.empty(len(photos), np.uint64)
    for start in range(0, len(photos), CHUNK):
        grey = _shrunk(photos[start : start + CHUNK].mean(axis=-1), SIDE, SIDE + 1)
        is_rising = (grey[:, :, 1:] > grey[:, :, :-1] + LEAST_RISE).reshape(len(grey), -1)
        found[start : start + CHUNK] = np.where(is_rising, bits, np.uint64(0)).sum(axis=1, dtype=np.uint64)
    return found


def near_groups(photos: UInt8[np.ndarray, "photo height width channel"]) -> Int[np.ndarray, " photo"]:
    """Number the photos so that near copies have the same number, directly or through others.

    Args:
        photos: Bytes of one size.
    """
    hashes, small = difference_hashes(photos), _small_pictures(photos)
    pairs = [pair for pair in _near_pairs(hashes) if len(pair)]
    first, second = np.concatenate(pairs).T if pairs else np.zeros((2, 0), np.int64)
    is_near = _agreement(small, first, second) >= LEAST_AGREEMENT
    edges = coo_array((np.ones(is_near.sum(), bool), (first[is_near], second[is_near])), shape=(len(photos),) * 2)
    return np.asarray(connected_components(edges, directed=False)[1], np.int64)


def _near_pairs(hashes: UInt64[np.ndarray, " photo"]) -> Iterator[Int[np.ndarray, "pair 2"]]:
    """Pairs of photos whose hashes differ in few bits; a pair may come more than once."""
    different, of_photo = np.unique(hashes, return_inverse=True)
    order = np.argsort(of_photo, kind="stable")
    first_of = order[np.searchsorted(of_photo[order], np.arange(len(different)))]
    yield np.stack([first_of[of_photo], np.arange(len(hashes))], axis=1)[first_of[of_photo] != np.arange(len(hashes))]
    for part in _parts(different):
        key = different & part
        order = np.argsort(key, kind="stable")
        for pairs in _pairs_of_equal(key[order]):
            left, right = order[pairs].T
            is_near = np.bitwise_count(different[left] ^ different[right]) <= MOST_BITS
            yield first_of[np.stack([left[is_near], right[is_near]], axis=1)]


def _parts(hashes: UInt64[np.ndarray, " photo"]) -> list[np.uint64]:
    """Masks of one part more than bits may differ, together all 64 bits.

    Bits are dealt in turn, those first that tell most photos apart: the rim of digits is black in all of them, and a
    part of such bits alone would pair everything with everything.
    """
    bits = np.uint64(1) << np.arange(SIDE**2, dtype=np.uint64)
    shares = np.array([np.mean((hashes & bit) > 0) for bit in bits])
    telling_first = np.argsort(-shares * (1 - shares), kind="stable")
    return [np.bitwise_or.reduce(bits[telling_first[start :: MOST_BITS + 1]]) for start in range(MOST_BITS + 1)]


def _pairs_of_equal(keys: UInt64[np.ndarray, " place"]) -> Iterator[Int[np.ndarray, "pair 2"]]:
    """All pairs of places with equal keys, a portion at a time.

    Args:
        keys: In order.

    Place `i` is paired with the places after it that share its key: how many these are is known, so that the pairs of
    many places are laid out at once, without a loop over places.
    """
    ends = np.searchsorted(keys, keys, side="right")
    counts = ends - np.arange(len(keys)) - 1
    totals = np.concatenate([[0], np.cumsum(counts)])
    start = 0
    while start < len(keys):
        stop = max(start + 1, int(np.searchsorted(totals, totals[start] + MOST_PAIRS, side="right")) - 1)
        own = counts[start:stop]
        left = np.repeat(np.arange(start, stop), own)
        within = np.arange(len(left)) - np.repeat(totals[start:stop] - totals[start], own)
        yield np.stack([left, left + 1 + within], axis=1)
        start = stop


def _small_pictures(photos: UInt8[np.ndarray, "photo height width channel"]) -> Float[np.ndarray, "photo number"]:
    """Small pictures of mean 0 and length 1, so that their product is their correlation; zeros for a plain photo."""
    found = np.empty((len(photos), SMALL_SIDE**2 * photos.shape[-1]), np.float32)
    for start in range(0, len(photos), CHUNK):
        part = photos[start : start + CHUNK].astype(np.float32)
        small = np.stack([_shrunk(part[..., one], SMALL_SIDE, SMALL_SIDE) for one in range(photos.shape[-1])], axis=-1)
        centred = small.reshape(len(part), -1)
        centred = centred - centred.mean(axis=1, keepdims=True)
        length = np.linalg.norm(centred, axis=1, keepdims=True)
        found[start : start + CHUNK] = np.where(length > 1, centred / np.maximum(length, 1), 0)
    return found


def _agreement(
    small: Float[np.ndarray, "photo number"], first: Int[np.ndarray, " pair"], second: Int[np.ndarray, " pair"]
) -> Float[np.ndarray, " pair"]:
    """Correlation of the small pictures of each pair."""
    found = np.empty(len(first), np.float32)
    for start in range(0, len(first), CHUNK * 16):
        part = slice(start, start + CHUNK * 16)
        found[part] = np.einsum("pn,pn->p", small[first[part]], small[second[part]])
    return found


def _shrunk(grey: np.ndarray, height: int, width: int) -> Float[np.ndarray, "photo height width"]:
    """Means over places of equal size; a pixel on an edge counts for both by its share."""
    return np.asarray(_means(grey.shape[1], height) @ grey @ _means(grey.shape[2], width).T)


def _means(size: int, count: int) -> Float[np.ndarray, "count size"]:
    """Weights of pixels in the mean of each of some places.

    >>> _means(3, 2).round(2)
    array([[0.67, 0.33, 0.  ],
           [0.  , 0.33, 0.67]])
    """
    edges = np.linspace(0, size, count + 1)
    pixels = np.arange(size)
    covered = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)
    return np.asarray(np.clip(covered, 0, None) * count / size)
