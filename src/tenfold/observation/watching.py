"""What the checks see of a training that anyone runs, at a cost that nobody notices.

Every `tenfold.fit`, `cross_validate`, `search` and `run` hands its network and rows to `watched`, and keeps what comes
back beside its history. Nothing is trained for it and no quick model is fitted: the model is read as it starts, the
data on at most 20,000 rows (only entries that are no numbers are counted in all). What the checks make of it is worked
out when someone asks (`tenfold.checks.judging`), also later and elsewhere.
"""

import contextlib
import warnings
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import jax
import keras
import numpy as np
from keras import StatelessScope

from tenfold.checks.facts import DataFacts, Evidence, InputFacts, ModelFacts
from tenfold.engine.arrays import num_rows
from tenfold.engine.network import Batch, Network, State
from tenfold.errors import ChecksWarning
from tenfold.observation.data_facts import data_facts
from tenfold.observation.inputs import count_missing
from tenfold.observation.model_facts import network_facts

__all__ = ["watched"]

MOST_ROWS, FEWEST_ROWS, MOST_ENTRIES = 20_000, 2_000, 4_000_000
"""Rows that are looked at: sorting the targets of 20,000 takes 2 ms, copying 4 million entries 4 ms. Of wide rows fewer
are, but 2,000 in any case."""

_OF_THE_TAIL = "tail_classes_missing"
"""A measure of the last fifth of the rows, which stand for validation rows where these are not known; here they are."""


def watched(
    network: Network,
    data: Batch,
    held_out: Batch | None = None,
    *,
    start: State | None = None,
    epochs: int,
    batch_size: int,
    shuffles: bool = True,
) -> Evidence:
    """What the checks see of a training: model and data, without its history.

    Args:
        network: What is trained.
        data: The rows that it is trained on, as NumPy arrays.
        held_out: Validation rows of a single training; None where there are none, or where folds are dealt.
        start: The state it starts from; None for the present one.
        epochs: Epochs asked for.
        batch_size: Rows of a step.
        shuffles: Whether rows are shuffled.

    Returns:
        The evidence. Parts that could not be seen are missing, which a `ChecksWarning` says: a training never fails
        because it is watched.
    """
    seen = Evidence(epochs=epochs, batch_size=batch_size, shuffles=shuffles)
    try:
        model = _model(network, data, start)
        return replace(seen, model=model, data=_data(data, held_out, model))
    except Exception as error:  # noqa: BLE001  # whatever a user's own layers do when they are looked at
        told = f"The checks could not look at this training ({type(error).__name__}: {error})"
        warnings.warn(f"{told}. It is trained all the same.", ChecksWarning, stacklevel=5)
        return seen


def _model(network: Network, data: Batch, start: State | None) -> ModelFacts:
    with _at(network, start):
        return network_facts(network, data.x)


def _at(network: Network, state: State | None) -> Any:
    """The model's own variables with these values while the block runs; the optimizer keeps what it was given."""
    if state is None:
        return contextlib.nullcontext()
    model = network.model
    variables = [*model.trainable_variables, *model.non_trainable_variables]
    values = [*state.trainable, *state.frozen]
    return StatelessScope(state_mapping=list(zip(variables, map(jax.numpy.asarray, values), strict=True)))


def _data(data: Batch, held_out: Batch | None, model: ModelFacts) -> DataFacts:
    some, others = _spread(data), None if held_out is None else _spread(held_out)
    given = None if others is None else (others.x, others.y)
    facts = data_facts(some.x, some.y, given, model=model, thorough=False)
    split = None
    if held_out is not None and facts.split is not None:
        split = replace(facts.split, num_train=num_rows(data), num_validation=num_rows(held_out))
    return replace(
        facts,
        num_rows=num_rows(data),
        inputs=_counted(facts.inputs, keras.tree.flatten(data.x)),
        split=split,
        measures={name: 0.0 if name == _OF_THE_TAIL else value for name, value in facts.measures.items()},
    )


def _spread(data: Batch) -> Batch:
    """Some rows in their order: one, drawn, of each of equal parts. Equal distances could beat with a period."""
    num, widest = num_rows(data), max(leaf[:1].size for leaf in jax.tree.leaves(data.x))
    count = min(MOST_ROWS, max(FEWEST_ROWS, MOST_ENTRIES // max(1, widest)))
    if num <= count:
        return data
    inside = np.random.default_rng(0).random(count)
    rows = ((np.arange(count) + inside) * num / count).astype(np.int64)
    spread: Batch = jax.tree.map(lambda leaf: leaf[rows], data)
    return spread


def _counted(inputs: Sequence[InputFacts], arrays: Sequence[np.ndarray]) -> tuple[InputFacts, ...]:
    """The inputs with what is missing in all rows."""
    counts = [count_missing(array) for array in arrays]
    return tuple(
        replace(one, num_missing=missing, num_infinite=infinite)
        for one, (missing, infinite) in zip(inputs, counts, strict=True)
    )
