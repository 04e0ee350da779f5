"""Rows counted in bins, for the figures of the report."""

import numpy as np

from tenfold.report.evidence import Histogram

__all__ = ["histogram"]

NUM_BINS = 24
"""Bins of a histogram (arbitrary)."""


def histogram(values: np.ndarray) -> Histogram:
    """Rows per bin of equal width."""
    counts, edges = np.histogram(values, bins=min(NUM_BINS, max(1, len(np.unique(values)))))
    return Histogram(tuple(map(float, edges)), tuple(map(int, counts)))
