"""Bags whose terms are hashed: a term's place follows from its letters, so that no list of terms is kept.

A list of ten million terms takes gigabytes while texts are counted, though a bag keeps 20,000 of them. A hash needs
none: texts are read a few thousand at a time, and a place is shared by whatever terms fall on it. A term counts as 1 or
-1 by one more bit of its hash, so that terms that share a place cancel on average. How many do is measured while the
training texts are read: places in a table 256 times as long are counted, and from its filled share follows how many
different terms there were (linear counting). What is lost are the names of the terms.

Sources: Weinberger et al. (2009), "Feature hashing for large scale multitask learning", with scikit-learn's
`HashingVectorizer` (MurmurHash3, signs alternate); Whang et al. (1990), "A linear-time probabilistic counting
algorithm".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int
from scipy import sparse

from tenfold.prepare.tokens import Tokens, terms_of

__all__ = ["NUM_PLACES", "HashedTerms", "count_hashed", "fit_hashed", "has_too_many_terms", "share_that_meets"]

NUM_PLACES = 2**16
"""Places of a bag (arbitrary: three times the terms of a bag with names; a layer of 32 units then has 2 million
weights)."""

NUM_FINE_PLACES = 2**24
"""Places of the table that counts terms: exact to a percent up to 50 million."""

MOST_COUNTED = 30_000_000
"""Words and pairs of words, or n-grams, in all training texts, from which terms are hashed: counting them by
name takes about 95 bytes each at its peak, 3 GB. Measured: 250,000 texts of 20 words, 10 million in all, took 0.95 GB
and 30 seconds by name, 0.09 GB and 26 seconds hashed."""

NUM_SAMPLED = 1_000
"""Texts that say how many there will be."""

CHUNK = 5_000
"""Texts at a time."""


@dataclass(frozen=True)
class HashedTerms:
    """What training texts say of hashed terms.

    Args:
        rarities: Of each place, as the weight of a term says; 0 for a place that no training text fills.
        num_distinct: Different terms, to a percent.
        most_places: Places that a text fills at most.
    """

    rarities: Float[np.ndarray, " place"]
    num_distinct: int
    most_places: int


def has_too_many_terms(texts: Sequence[str], tokens: Tokens) -> bool:
    """Whether counting by name would need too much memory, judged by some of the texts."""
    analyze, step = terms_of(tokens), 1 + len(texts) // NUM_SAMPLED
    if sum(map(len, texts)) * 4 < MOST_COUNTED:  # a letter begins at most four n-grams of characters
        return False
    sampled = texts[::step]
    return sum(len(analyze(text)) for text in sampled) / len(sampled) * len(texts) > MOST_COUNTED


def fit_hashed(texts: Sequence[str], tokens: Tokens) -> HashedTerms:
    """Read training texts once.

    Args:
        texts: Training texts.
        tokens: How they are cut.
    """
    filled, of_texts, most = np.zeros(NUM_FINE_PLACES, bool), np.zeros(NUM_PLACES, np.int64), 1
    for fine in _chunks(texts, tokens):
        filled[fine.indices] = True
        counts = _folded(fine)
        of_texts += np.bincount(counts.indices, minlength=NUM_PLACES)
        most = max(most, int(np.diff(counts.indptr).max()))
    share_empty = max(1 - filled.mean(), 1 / NUM_FINE_PLACES)
    rarities = np.where(of_texts, np.log((1 + len(texts)) / (1 + of_texts)) + 1, 0.0)
    return HashedTerms(rarities, round(-NUM_FINE_PLACES * float(np.log(share_empty))), most)


def count_hashed(texts: Sequence[str], tokens: Tokens) -> Iterator[Any]:
    """Signed counts of each text's places, some texts at a time.

    Yields:
        Sparse lines, `(text, place)`, the same as of scikit-learn's `HashingVectorizer(norm=None)`.
    """
    for fine in _chunks(texts, tokens):
        yield _folded(fine)


def share_that_meets(num_distinct: int) -> float:
    """Share of the terms that fall on a place with another term.

    >>> round(share_that_meets(10_000), 2), round(share_that_meets(1_000_000), 2)
    (0.14, 1.0)
    """
    return float(1 - (1 - 1 / NUM_PLACES) ** max(num_distinct - 1, 0))


def _chunks(texts: Sequence[str], tokens: Tokens) -> Iterator[Any]:
    from sklearn.feature_extraction.text import HashingVectorizer  # noqa: PLC0415  # slow to load, seldom needed

    vectorizer = HashingVectorizer(analyzer=terms_of(tokens), n_features=NUM_FINE_PLACES, norm=None)
    for start in range(0, len(texts), CHUNK):
        yield vectorizer.transform(texts[start : start + CHUNK])


def _folded(fine: Any) -> Any:
    """Fine places to places: both are powers of two, so that the last bits of the hash say both."""
    places: Int[np.ndarray, " entry"] = fine.indices % NUM_PLACES
    counts = sparse.csr_matrix((fine.data, places, fine.indptr), shape=(fine.shape[0], NUM_PLACES))
    counts.sum_duplicates()
    counts.eliminate_zeros()
    return counts
