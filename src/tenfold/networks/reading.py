"""Layers that read texts word by word: mean of word vectors, convolutions, and recurrent layers in both directions.

Sources: mean of vectors: Joulin et al. (2016), "Bag of Tricks for Efficient Text Classification" (fastText);
convolutions of several widths with the largest answer of each: Kim (2014), "Convolutional Neural Networks for Sentence
Classification"; a convolution before a GRU for long texts: F. Chollet, Deep Learning with Python (2017), section 6.4.4.
"""

from typing import Any

import keras

from tenfold.networks.ladder import Reader
from tenfold.prepare.laid_texts import TextSizes

__all__ = ["read_words"]

VECTOR, UNITS, FILTERS = 64, 32, 64
"""Length of a word's vector, units of a recurrent layer in each direction, filters of each width (arbitrary; with more
than these a CPU pays in minutes)."""

WIDTHS = (2, 3, 4)
"""Words that a filter spans. Source: Kim (2014) has 3, 4 and 5; short texts want shorter ones."""

POOL = 3
"""Words between the steps of a GRU that follows a convolution."""

SPATIAL_DROPOUT = 0.2
"""Share of the vectors' entries that are silenced in a whole text (arbitrary)."""


def read_words(tokens: Any, sizes: TextSizes, reader: Reader, dropout: float) -> Any:
    """From the words of a text to one line of numbers.

    Args:
        tokens: `(row, word)`, 0 for padding.
        sizes: Codes of words, and words of a row.
        reader: How they are read; not `"bag"`.
        dropout: Share of the line that is silenced in training.

    Returns:
        `(row, number)`.
    """
    reads_padding = reader in {"conv", "conv_gru"}
    vectors = keras.layers.Embedding(sizes.num_words, VECTOR, mask_zero=not reads_padding, name="words")(tokens)
    if reader == "average":
        line = keras.layers.GlobalAveragePooling1D(name="reading")(vectors)
    else:
        vectors = keras.layers.SpatialDropout1D(SPATIAL_DROPOUT, name="words_dropout")(vectors)
        line = _read(vectors, reader)
    return keras.layers.Dropout(dropout, name="reading_dropout")(line) if dropout else line


def _read(vectors: Any, reader: Reader) -> Any:
    if reader == "conv":
        found = [
            keras.layers.GlobalMaxPooling1D(name=f"strongest_{width}")(
                keras.layers.Conv1D(FILTERS, width, activation="relu", padding="same", name=f"filters_{width}")(vectors)
            )
            for width in WIDTHS
        ]
        return keras.layers.Concatenate(name="reading")(found)
    if reader == "conv_gru":
        steps = keras.layers.Conv1D(UNITS, 5, activation="relu", padding="same", name="filters_5")(vectors)
        vectors = keras.layers.MaxPooling1D(POOL, padding="same", name="pooled")(steps)
    layer = keras.layers.LSTM if reader == "lstm" else keras.layers.GRU
    return keras.layers.Bidirectional(layer(UNITS, name="recurrent"), name="reading")(vectors)
