"""Networks over windows of series: each reader's shape, its start at the linear model, and the model that is kept."""

import keras
import numpy as np
import pytest

from series_frames import daily, origins_of
from tenfold.networks.ladder import READERS, SERIES_CONTENDERS, InputShape, Rung, choose_contenders
from tenfold.networks.recipes import choose_recipe
from tenfold.networks.remembering import read_window
from tenfold.networks.table import table_network, with_linear_layer
from tenfold.problem.definition import define_problem

SHAPE = InputShape(5, window=(12, 3), has_start=True)
WINDOW_READERS = [reader for reader in READERS if reader.startswith("window")]


def problem():
    return define_problem(origins_of(daily())[1].frame, "sold", kind="number")


def rows(num_rows: int = 4) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    return {
        "inputs": rng.normal(size=(num_rows, 5)).astype(np.float32),
        "history": rng.normal(size=(num_rows, 12, 3)).astype(np.float32),
        "start": rng.normal(size=(num_rows, 1)).astype(np.float32),
    }


@pytest.mark.parametrize("reader", WINDOW_READERS)
def test_before_its_first_step_a_network_is_the_linear_model(reader):
    rung = Rung((8,), reader=reader, starts_linear=True)
    assert rung.arrays(SHAPE) == ("inputs", "history", "start")
    model, asked = table_network(SHAPE, problem(), rung)(), rows()
    np.testing.assert_allclose(model.predict(asked, verbose=0), asked["start"], atol=1e-6)


@pytest.mark.parametrize("reader", WINDOW_READERS)
def test_every_reader_sees_the_whole_window(reader):
    window = keras.Input((12, 3))
    model = keras.Model(window, read_window(window, reader, 0.0))
    seen = rows(1)["history"]
    before = model.predict(seen, verbose=0)
    assert before.shape == (1, {"window": 64, "window_both": 64}.get(reader, 32))
    for step in (0, 11):
        changed = seen.copy()
        changed[0, step] += 10.0
        assert np.abs(model.predict(changed, verbose=0) - before).max() > 1e-5


def test_a_network_that_reads_no_window_takes_none():
    assert Rung((8,), starts_linear=True).arrays(SHAPE) == ("inputs", "start")


def test_the_linear_model_becomes_a_layer_without_terms():
    rung = Rung((8,), reader="window", starts_linear=True)
    network, asked = table_network(SHAPE, problem(), rung)(), rows()
    kernel, bias = np.arange(5.0)[:, None], np.array([2.0])
    whole = with_linear_layer(network, kernel, bias, 0)
    assert sorted(one.name for one in whole.inputs) == ["history", "inputs"]
    del asked["start"]
    np.testing.assert_allclose(whole.predict(asked, verbose=0), asked["inputs"] @ kernel + bias, rtol=1e-5)


def test_contenders_start_linear_where_there_is_a_start():
    found = choose_contenders(SHAPE, 3)
    assert found == SERIES_CONTENDERS[:3]
    alone = choose_contenders(InputShape(5, window=(12, 3)), 9)
    assert not any(rung.starts_linear for rung in alone)
    assert len(set(alone)) == len(alone)


def test_labels_say_how_windows_are_read():
    assert SERIES_CONTENDERS[1].label == "64, GRU over the window, from linear"


def test_long_series_train_for_few_epochs_of_larger_batches():
    assert choose_recipe(SERIES_CONTENDERS[0], 30_000, has_windows=True).batch_size == 128
    assert choose_recipe(SERIES_CONTENDERS[0], 30_000, has_windows=True).epochs == 20
