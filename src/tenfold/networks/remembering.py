"""Layers that read the windows of a series: dense over all steps, convolutions, and recurrent layers that remember.

Sources: F. Chollet, Deep Learning with Python (2017), section 6.3 (dense over the window, GRU 32, recurrent dropout,
stacked and bidirectional GRU) and 6.4.4 (convolutions before a GRU, so that long windows cost less).
"""

from typing import Any

import keras

from tenfold.networks.ladder import Reader

__all__ = ["read_window"]

UNITS, DENSE_UNITS, FILTERS = 32, 64, 32
"""Units of a recurrent layer, of a dense one over the window, filters of a convolution. Source: the book's."""

SPAN, POOL = 5, 3
"""Steps that a filter spans, and that are pooled into one."""

RECURRENT_DROPOUT = 0.1
"""Share of the memory that is silenced from step to step, the same in all steps of a window. Source: the book's for one
GRU; with 0.5 for two it has to train twice as long."""


def read_window(window: Any, reader: Reader, dropout: float) -> Any:
    """From a window to one line of numbers.

    Args:
        window: `(row, step, channel)`.
        reader: How it is read; one of the ladder's readers of windows.
        dropout: Share of the line that is silenced in training.

    Returns:
        `(row, number)`.
    """
    line = _read(window, reader)
    return keras.layers.Dropout(dropout, name="reading_dropout")(line) if dropout else line


def _read(window: Any, reader: Reader) -> Any:
    if reader == "window":
        steps = keras.layers.Flatten(name="steps")(window)
        return keras.layers.Dense(DENSE_UNITS, activation="relu", name="reading")(steps)
    if reader == "window_conv":
        found = _convolve(_convolve(window, 1), 2)
        return keras.layers.GlobalMaxPooling1D(name="reading")(found)
    if reader == "window_conv_gru":
        return _gru("reading")(_convolve(window, 1))
    if reader == "window_stacked":
        return _gru("reading")(_gru("memory", gives_steps=True)(window))
    if reader == "window_both":
        return keras.layers.Bidirectional(_gru("memory"), name="reading")(window)
    return _gru("reading")(window)


def _convolve(steps: Any, number: int) -> Any:
    filters = keras.layers.Conv1D(FILTERS, SPAN, activation="relu", padding="same", name=f"filters_{number}")(steps)
    return keras.layers.MaxPooling1D(POOL, padding="same", name=f"pooled_{number}")(filters)


def _gru(name: str, *, gives_steps: bool = False) -> keras.layers.Layer:
    return keras.layers.GRU(UNITS, return_sequences=gives_steps, recurrent_dropout=RECURRENT_DROPOUT, name=name)
