"""A thousand trials of `tenfold.search` leave no memory behind."""

from typing import Any

import keras
import numpy as np
import pytest

import tenfold
from resident import on_linux, resident_mib
from tenfold.trials.searching import Searching

BATCH, TRIALS = 100, 1000


def build(trial: Any) -> keras.Model:
    """Wide, so that the weights of a thousand trials would be seen."""
    model = keras.Sequential([keras.Input((30,)), keras.layers.Dense(512, activation="relu"), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(trial.suggest_float("learning_rate", 1e-4, 1e-2, log=True)), "mse")
    return model


@pytest.mark.slow
@on_linux
def test_memory_stays_flat_over_a_thousand_trials(monkeypatch: pytest.MonkeyPatch):
    resident, run_batch = list[float](), Searching._run_batch

    def measured(self: Searching, *arguments: Any) -> None:
        run_batch(self, *arguments)
        resident.append(resident_mib())

    monkeypatch.setattr(Searching, "_run_batch", measured)
    rng = np.random.default_rng(0)
    x = rng.normal(size=(22, 30)).astype(np.float32)
    found = tenfold.search(
        build, x, x[:, :1], epochs=1, trials=TRIALS, cv=2, batch=BATCH, batch_size=8, pruning=False, verbose=0
    )
    assert found.num_trials == TRIALS
    assert len(resident) == TRIALS // BATCH
    # From trial 200 on: measured 2 MiB. A thread of its own for each batch's initial weights, of whose freed memory the
    # C library keeps some, added 180 MiB; members kept alive would add 100 MiB.
    assert resident[-1] - resident[1] < 30
