"""Programs are compiled once, also when they are compiled ahead of their use."""

import subprocess
import sys

import keras
import numpy as np
import pytest

from tenfold.engine import population, waves
from tenfold.engine.member import Member
from tenfold.engine.population import compile_ahead, train_population
from tenfold.engine.programs import PROGRAMS, Programs

X = np.random.default_rng(0).normal(size=(21, 3)).astype(np.float32)
Y = X.sum(axis=1, keepdims=True)


def build():
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(5, activation="relu"), keras.layers.Dense(1)])
    model.compile("adam", "mse")
    return model


def members_of(count, rows=14):
    return [Member(np.arange(rows), np.arange(rows, 21), fold=fold) for fold in range(count)]


@pytest.fixture
def traced(monkeypatch):
    """Sizes of the programs that are traced while a test runs."""
    PROGRAMS.forget()
    sizes, trace = [], waves.trace_wave

    def noting(*arguments):
        sizes.append(trace(*arguments))
        return sizes[-1]

    monkeypatch.setattr(waves, "trace_wave", noting)
    return sizes


def test_a_program_compiled_ahead_is_the_one_that_trains(traced):
    stopping = [keras.callbacks.EarlyStopping(patience=2, restore_best_weights=True)]
    compile_ahead(build, X, Y, members_of(4), epochs=6, batch_size=7, callbacks=stopping)
    assert len(traced) == 1
    train_population(build, X, Y, members_of(4), epochs=6, batch_size=7, callbacks=stopping)
    assert len(traced) == 1


def test_compiling_ahead_changes_no_number(traced):
    alone = train_population(build, X, Y, members_of(3), epochs=4, batch_size=7)
    PROGRAMS.forget()
    compile_ahead(build, X, Y, members_of(3), epochs=4, batch_size=7)
    ahead = train_population(build, X, Y, members_of(3), epochs=4, batch_size=7)
    assert len(traced) == 2
    np.testing.assert_array_equal(alone.history["val_loss"], ahead.history["val_loss"])


def test_other_rows_are_another_program(traced):
    compile_ahead(build, X, Y, members_of(4), epochs=6, batch_size=7)
    train_population(build, X, Y, members_of(4, rows=15), epochs=6, batch_size=7)
    assert len(traced) == 2


def test_a_program_is_counted_where_it_is_first_used():
    PROGRAMS.forget()
    compile_ahead(build, X, Y, members_of(4), epochs=6, batch_size=7)
    results = [train_population(build, X, Y, members_of(4), epochs=6, batch_size=7) for _ in range(2)]
    assert [one.num_programs for one in results] == [1, 0]
    assert results[0].compile_seconds > results[1].compile_seconds == 0


def test_no_weights_are_drawn_to_compile_ahead(traced, monkeypatch):
    def refuse(*_):
        raise AssertionError("weights were drawn")

    monkeypatch.setattr(population, "member_states", refuse)
    compile_ahead(build, X, Y, members_of(4), epochs=6, batch_size=7)
    assert len(traced) == 1


def test_an_error_of_the_compiler_is_raised_where_the_program_is_wanted():
    class Broken:
        def compile(self):
            raise MemoryError("no room")

    programs = Programs()
    programs.ahead("key", Broken)
    with pytest.raises(MemoryError, match="no room"):
        programs.get("key", Broken)


ENDS_EARLY = """
import time
from tenfold.engine.programs import Compiler

def work():
    print("begun", flush=True)
    time.sleep(0.5)
    print("done", flush=True)

compiler = Compiler()
for _ in range(4):
    compiler.submit(work)
time.sleep(0.2)
"""


def test_a_process_that_ends_waits_for_the_program_at_hand_only():
    told = subprocess.run([sys.executable, "-c", ENDS_EARLY], capture_output=True, text=True, check=True).stdout
    assert told.split() == ["begun", "done"]
