"""Variants: models that differ in their settings only, and so can train as members of one population.

A search builds a model for each trial. Where two of them have the same architecture, optimizer and loss, start alike,
and differ in nothing but settings (a learning rate, a dropout rate, a strength of L2), one program trains both. Keras
counts up the names of layers from build to build (`dropout`, `dropout_1`); here every model is built as if it were the
first of its process, so that a setting has the same name in all of them.
"""

import collections
import contextlib
import hashlib
import json
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from keras.src.backend.common import global_state

from tenfold.engine.network import Batch, Network
from tenfold.engine.settings import find_settings
from tenfold.engine.starts import build_model, deferring_initializers, start_of

__all__ = ["Variant", "counting_names_anew", "variant_of"]

_COUNTS_OF_NAMES = "object_name_uids"
"""Where Keras 3 counts the names it has given (`keras.src.utils.naming.uniquify`)."""


@dataclass(frozen=True)
class Variant:
    """A model of a search, taken apart.

    Attributes:
        network: The model as pure functions, with its own numbers inside.
        settings: Its settings by name, in the numbers' own units.
        key: Equal for two variants if and only if one program trains both from the same initial weights.
    """

    network: Network = field(repr=False)
    settings: dict[str, float]
    key: Hashable


def variant_of(build: Callable[[], Any], sample: Batch, *, fuse: bool = True) -> Variant:
    """Build a model and tell what it shares with others.

    Args:
        build: Returns a compiled Keras model.
        sample: First rows of the data, to build from what is not built yet.
        fuse: Train heads on logits where that can be done.

    Raises:
        ModelError: Not a compiled Keras model, or one that does not fit the data.
    """
    with deferring_initializers(), counting_names_anew():
        model = build_model(build)
        network = Network(model, sample, fuse=fuse)
        settings = find_settings(model)
        of_program = Network(model, sample, fuse=fuse, traced=sorted(settings)).signature
        start = [start_of(variable, model) for variable in [*model.trainable_variables, *model.non_trainable_variables]]
    text = json.dumps(start, sort_keys=True, default=_digest)
    return Variant(network, settings, (of_program, hashlib.sha256(text.encode()).hexdigest()))


@contextlib.contextmanager
def counting_names_anew() -> Iterator[None]:
    """Let Keras name layers as in a new process while the block builds a model; then it counts on from before."""
    before = global_state.get_global_attribute(_COUNTS_OF_NAMES)
    global_state.set_global_attribute(_COUNTS_OF_NAMES, collections.defaultdict(int))
    try:
        yield
    finally:
        global_state.set_global_attribute(_COUNTS_OF_NAMES, before)


def _digest(value: Any) -> str:
    """An array as a text that no other array has."""
    array = np.ascontiguousarray(value)
    return f"{array.dtype}{array.shape}{hashlib.sha256(array.tobytes()).hexdigest()}"
