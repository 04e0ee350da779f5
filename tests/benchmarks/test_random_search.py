"""Random search, the rival of a repair, finds what chance finds and trains its best on all rows."""

import sys
from pathlib import Path

import keras
import numpy as np
from keras import layers

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))

from diagnosis.random_search import random_search  # noqa: E402

from repairing.programs import clouds, network  # noqa: E402


def test_with_no_time_the_program_as_it_is_is_all_that_is_trained():
    x, y = clouds()
    model = network(2, layers.Dense(8, "relu"), head=layers.Dense(3, "softmax"), loss="sparse_categorical_crossentropy")
    found = random_search(model, x, y, epochs=10, batch_size=32, seconds=0, seed=0)
    assert (found.num_trials, found.is_changed) == (1, False)
    assert (found.model.predict(x, verbose=0).argmax(-1) == y).mean() > 0.8


def test_trials_are_drawn_from_all_that_people_tune():
    from diagnosis.random_search import _one

    from tenfold.repairing.outputs import targets_of
    from tenfold.repairing.program import Case, FitArguments, Program

    x, y = clouds()
    model = network(2, layers.Dense(8, "relu"), head=layers.Dense(3, "softmax"), loss="sparse_categorical_crossentropy")
    program, case = Program(model, FitArguments(10)), Case(x, y, targets_of(model, x, y))
    drawn = [_one(program, case, np.random.default_rng(seed)) for seed in range(12)]
    assert len({type(one.model.optimizer) for one in drawn}) > 2
    assert len({float(one.model.optimizer.learning_rate) for one in drawn}) == 12
    assert len({one.model.count_params() for one in drawn}) > 2
    assert {one.fit.batch_size for one in drawn} > {32}
    assert all(isinstance(one.model, keras.Sequential) for one in drawn)
