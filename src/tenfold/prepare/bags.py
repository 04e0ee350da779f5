"""A bag: what stands in a text, and how much it weighs. Kept as a lookup, a few hundred numbers in place of 20,000.

Source: terms, and the weight of one, (1 + log of its count in the text) * log((1 + texts) / (1 + texts that have it))
+ 1, each text of length 1: scikit-learn's `TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)`.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

__all__ = ["Bag", "empty_bag", "fill_bag"]


@dataclass(frozen=True)
class Bag:
    """Texts as bags: what stands in each, and how much it weighs.

    Args:
        terms: int32 [row, place]: terms of the vocabulary; where the weight is 0 there is none.
        weights: float32 [row, place]: the squares of a row sum to 1, or to 0 where it has no known term.
    """

    terms: Int[np.ndarray, "row place"]
    weights: Float[np.ndarray, "row place"]


def empty_bag(num_texts: int, width: int) -> Bag:
    """Bags with nothing in them."""
    return Bag(np.zeros((num_texts, width), np.int32), np.zeros((num_texts, width), np.float32))


def fill_bag(
    bag: Bag,
    rows: Int[np.ndarray, " entry"],
    terms: Int[np.ndarray, " entry"],
    counts: Float[np.ndarray, " entry"] | Int[np.ndarray, " entry"],
    rarities: Float[np.ndarray, " term"],
) -> None:
    """Weigh the terms of texts and lay them into their bags, the heaviest first.

    Args:
        bag: Is filled, as many terms a text as it is wide; texts that are not among `rows` stay as they are.
        rows: Position of the text in the bag.
        terms: Place in the vocabulary.
        counts: Times that it stands there; below 0 for a term whose hash says so.
        rarities: Of each place.
    """
    weights = np.sign(counts) * (1 + np.log(np.abs(counts))) * rarities[terms]
    order = np.lexsort((terms, -np.abs(weights), rows))
    rows, terms, weights = rows[order], terms[order], weights[order]
    nth = np.arange(len(rows)) - np.searchsorted(rows, rows)
    is_kept = nth < bag.terms.shape[1]
    bag.terms[rows[is_kept], nth[is_kept]] = terms[is_kept]
    bag.weights[rows[is_kept], nth[is_kept]] = weights[is_kept]
    filled = np.unique(rows)
    norms = np.sqrt((bag.weights[filled].astype(np.float64) ** 2).sum(axis=1, keepdims=True))
    bag.weights[filled] /= np.where(norms > 0, norms, 1)
