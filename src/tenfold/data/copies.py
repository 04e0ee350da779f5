"""Which rows are copies of others, and which are only equal.

Rows are *repeated* if they are equal in every column, and *nearly repeated* if they are equal but for what copying
changes: a running number or another identifier, letter case and blanks of text, digits of a number behind the sixth,
size, quality and light of a photo (`data.near_photos`).

Equal rows are not always copies. In a table of few categories different people are equal by chance, new rows will be
too, and keeping them together would leave a few large groups where there are many people. Two rules tell them apart.

*Pairs that differ in one column only* say how many would be equal in it by chance. If `p` pairs agree in every column,
`d` pairs in every column but this one, and two random rows agree in it with probability `q`, then chance alone makes
about `d * q / (1 - q)` of the `p` pairs. Copies leave no such trail: nothing is nearly equal to them. Rows are kept
together if no column's trail explains more than a fifth of the pairs. (Other columns need not be independent, which the
product of their frequencies would assume. Share explained, worst column: wine 0.1 %, iris 8 %, titanic without names
35 %, breast cancer 54 %, adult 46 %, nine columns of three random categories 101 %, the same 17 with 5 % copied 0 %.)

*Long texts and photos* are never equal by chance; beside a label alone, which half of all rows share, the trail would
say that they are.

*A row that makes a tenth of the table* is its most common case, not a copy: of the 11,183 rows of the mammography data
3,322 are one and the same, a spot without any feature. Half of a fold cannot stay on one side, and need not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float, Int, Shaped, UInt64

from tenfold.data.long_texts import are_long, squeezed
from tenfold.data.lookup_column import is_lookup_column
from tenfold.data.near_photos import near_groups

__all__ = ["Copies", "find_copies"]

MOST_BY_CHANCE = 0.2
"""Share of equal pairs that chance may explain before equality counts as chance. Arbitrary, between the 8 % of iris
and the 35 % of titanic."""

COMMON_SHARE = 0.1
"""A row that makes this share of the table is no copy: half of a fold of a fifth."""

FEWEST_COMMON = 10
"""Rows that a most common case has at least; in tiny tables a tenth is a row or two (arbitrary)."""

NUM_DIGITS = 6
"""Significant digits to which numbers are compared: what most programs print by default, C's `%g` among them."""

_STEP = 0x9E3779B97F4A7C15
"""Between the numbers of two columns; odd, so that no column's is another's. Source: splitmix64."""


@dataclass(frozen=True)
class Copies:
    """Rows that are copies of others.

    Args:
        labels: Equal for copies of each other; None where no two rows are.
        num_repeated: Rows that equal an earlier one in every column.
        num_near: Rows that nearly equal an earlier one.
        num_by_chance: Rows that equal an earlier one and are no copies.
    """

    labels: Int[np.ndarray, " row"] | None
    num_repeated: int = 0
    num_near: int = 0
    num_by_chance: int = 0


def find_copies(cells: pd.DataFrame, ignore: Sequence[str] = (), compare: Sequence[str] = ()) -> Copies:
    """Find the rows that are copies of others.

    Args:
        cells: The columns to compare.
        ignore: Columns that near copies may differ in, besides those that look like identifiers.
        compare: Columns that must be equal whatever they look like.

    Returns:
        The copies, near ones among them unless their equality is chance.
    """
    certain = np.zeros(len(cells), dtype=bool)
    for name in cells.columns:
        certain |= is_lookup_column(cells[name]) or are_long(cells[name])
    exact = _Equal.of([_hash_exactly(cells[name]) for name in cells.columns], certain)
    kept = [name for name in cells.columns if name in compare or not (name in ignore or _identifies(cells[name]))]
    near = _Equal.of([_hash_roughly(cells[name]) for name in kept], certain) if kept else exact
    if near.num_repeated <= exact.num_repeated:
        return exact.copies()
    found = near.copies()
    if found.labels is None:
        return exact.copies()
    num_repeated = min(exact.num_repeated, found.num_repeated)
    return Copies(found.labels, num_repeated, found.num_repeated - num_repeated, found.num_by_chance)


@dataclass(frozen=True)
class _Equal:
    """Hash of each row, what each column adds to it, and which rows are never equal by chance."""

    rows: UInt64[np.ndarray, " row"]
    columns: list[UInt64[np.ndarray, " row"]]
    certain: Bool[np.ndarray, " row"]

    @classmethod
    def of(cls, columns: Sequence[UInt64[np.ndarray, " row"]], certain: Bool[np.ndarray, " row"]) -> "_Equal":
        """Sums of hashes, each column's made different, so that one column can be taken out again."""
        apart = [_mixed(column, number) for number, column in enumerate(columns)]
        return cls(np.asarray(np.sum(apart, axis=0, dtype=np.uint64)), apart, certain)

    @property
    def num_repeated(self) -> int:
        return _num_repeated(self.rows)

    def copies(self) -> Copies:
        """The rows that are copies: equal, not the table's most common case, and more than chance makes."""
        names, labels, counts = np.unique(self.rows, return_inverse=True, return_counts=True)
        num_equal = len(labels) - len(names)
        is_common = counts > max(FEWEST_COMMON, COMMON_SHARE * len(labels))
        kept = rare = ~is_common[labels]
        doubtful = rare & ~self.certain
        if _num_repeated(labels[doubtful]) and self._share_by_chance(doubtful) > MOST_BY_CHANCE:
            kept = rare & self.certain
        num_repeated = _num_repeated(labels[kept])
        if not num_repeated:
            return Copies(None, num_by_chance=num_equal)
        alone = len(names) + np.arange(len(labels))
        return Copies(np.where(kept, labels, alone), num_repeated, 0, num_equal - num_repeated)

    def _share_by_chance(self, rare: Bool[np.ndarray, " row"]) -> float:
        """Largest share of the equal pairs that a column's nearly equal pairs explain; see the module."""
        rows = self.rows[rare]
        num_pairs = _num_pairs(rows)
        shares = []
        for column in self.columns:
            agree = _num_pairs(column[rare]) / (len(rows) * (len(rows) - 1) / 2)
            num_nearly = _num_pairs(rows - column[rare]) - num_pairs
            shares.append(num_nearly * agree / (1 - agree) / num_pairs if agree < 1 else 0.0)
        return max(shares)


def _num_repeated(values: Shaped[np.ndarray, " row"]) -> int:
    return len(values) - len(np.unique(values))


def _num_pairs(values: UInt64[np.ndarray, " row"]) -> float:
    """Pairs of equal values."""
    counts = np.unique_counts(values).counts.astype(np.float64)
    return float((counts * (counts - 1) / 2).sum())


def _mixed(hashes: UInt64[np.ndarray, " row"], number: int) -> UInt64[np.ndarray, " row"]:
    """Other hashes for another column, spread over all 64 bits so that sums of them do not meet."""
    own = np.uint64((number + 1) * _STEP % 2**64)
    return np.asarray(pd.util.hash_array(hashes + own), dtype=np.uint64)


def _hash_exactly(values: pd.Series) -> UInt64[np.ndarray, " row"]:
    """Equal cells, equal hashes; missing cells are equal to each other."""
    if pd.api.types.is_object_dtype(values):
        values = values.astype(str).where(values.notna())
    return _as_hashes(pd.factorize(values)[0])


def _hash_roughly(values: pd.Series) -> UInt64[np.ndarray, " row"]:
    """As `_hash_exactly`, of text in lower case with single blanks, of numbers to six digits, of photos nearly."""
    if is_lookup_column(values) and not values.array.lookup.length:
        return _as_hashes(near_groups(values.array.lookup.source)[values.array.lookup.places])
    if pd.api.types.is_float_dtype(values):
        return _hash_exactly(pd.Series(_rounded(values.to_numpy(dtype=np.float64, na_value=np.nan))))
    is_text = pd.api.types.is_string_dtype(values) or isinstance(values.dtype, pd.CategoricalDtype)
    if not (is_text or pd.api.types.is_object_dtype(values)):
        return _hash_exactly(values)
    codes, different = pd.factorize(values)
    plain = pd.factorize(np.array([squeezed(str(cell)) for cell in different] or [""]))[0]
    return _as_hashes(np.where(codes < 0, -1, plain[codes]))


def _as_hashes(codes: Int[np.ndarray, " row"]) -> UInt64[np.ndarray, " row"]:
    return np.asarray(codes, dtype=np.int64).view(np.uint64)


def _rounded(numbers: Float[np.ndarray, " row"]) -> Float[np.ndarray, " row"]:
    """Numbers to six significant digits.

    >>> _rounded(np.array([0.12345649, -123456.4, -0.0, np.nan])).tolist()
    [0.123456, -123456.0, 0.0, nan]
    """
    size = np.abs(numbers)
    is_plain = np.isfinite(numbers) & (size > 0)
    places = NUM_DIGITS - 1 - np.floor(np.log10(np.where(is_plain, size, 1.0)))
    scale = 10.0 ** np.clip(places, -300, 300)
    return np.asarray(np.where(is_plain, np.rint(numbers * scale) / scale, numbers) + 0.0)


def _identifies(values: pd.Series) -> bool:
    """Whether a column only names its row: whole numbers in a row's order or without gaps, or words, all different."""
    if pd.api.types.is_bool_dtype(values) or values.isna().any() or not values.is_unique:
        return False
    if pd.api.types.is_integer_dtype(values):
        numbers = values.to_numpy()
        is_dense = int(numbers.max()) - int(numbers.min()) < 2 * len(numbers)
        return bool(is_dense or values.is_monotonic_increasing or values.is_monotonic_decreasing)
    is_text = pd.api.types.is_string_dtype(values) or pd.api.types.is_object_dtype(values)
    return bool(is_text and not values.astype(str).str.strip().str.contains(" ", regex=False).any())
