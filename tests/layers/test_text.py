"""A dense layer over bags: Keras' own dense layer over the whole line as oracle, forward and in training."""

from pathlib import Path

import keras
import numpy as np

from engine.oracle import precision
from tenfold.engine.member import Member
from tenfold.engine.population import train_population
from tenfold.layers import BagDense, GroupMax, WordPooling

GENERATOR = np.random.default_rng(0)
TERMS = np.stack([GENERATOR.permutation(11)[:4] for _ in range(24)]).astype(np.int32)
WEIGHTS = GENERATOR.uniform(size=(24, 4)) * (GENERATOR.uniform(size=(24, 4)) < 0.8)
LINES = np.zeros((24, 11))
np.add.at(LINES, (np.arange(24)[:, None], TERMS), WEIGHTS)
Y = GENERATOR.normal(size=(24, 1))


def bag_network() -> keras.Model:
    inputs = {
        "terms": keras.Input((None,), name="terms", dtype="int32"),
        "weights": keras.Input((None,), name="weights"),
    }
    hidden = BagDense(11, 3, gain=2.0, kernel_initializer=keras.initializers.GlorotUniform(4))(list(inputs.values()))
    model = keras.Model(inputs, keras.layers.Dense(1, kernel_initializer=keras.initializers.GlorotUniform(5))(hidden))
    model.compile(keras.optimizers.SGD(0.1), "mse")
    return model


def line_network() -> keras.Model:
    start = keras.initializers.GlorotUniform
    dense = keras.layers.Dense(3, use_bias=False, kernel_initializer=start(4))
    layers = [keras.Input((11,)), dense, keras.layers.Dense(1, kernel_initializer=start(5))]
    model = keras.Sequential(layers)
    model.compile(keras.optimizers.SGD(0.1), "mse")
    return model


def test_a_bag_trains_as_the_whole_line_does():
    with precision("float64"):
        members = [Member(np.arange(18), np.arange(18, 24))]
        bag = train_population(bag_network, {"terms": TERMS, "weights": WEIGHTS}, Y, members, epochs=4, batch_size=5)
        line = train_population(line_network, 2.0 * LINES, Y, members, epochs=4, batch_size=5)
        np.testing.assert_allclose(bag.history["val_loss"], line.history["val_loss"], rtol=1e-10)
        for one, other in zip(bag.model(0).get_weights(), line.model(0).get_weights(), strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-12)


def test_a_saved_bag_comes_back_in_safe_mode(tmp_path: Path):
    model = bag_network()
    model.save(tmp_path / "model.keras")
    back = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    x = {"terms": TERMS, "weights": WEIGHTS.astype(np.float32)}
    np.testing.assert_array_equal(back.predict(x, verbose=0), model.predict(x, verbose=0))
    assert back.layers[2].get_config() == model.layers[2].get_config()


def masked(num_rows: int = 3, num_steps: int = 7) -> tuple[np.ndarray, np.ndarray]:
    """Numbers with padding behind the real steps of each row, one row of padding alone; padding holds large numbers."""
    values = GENERATOR.normal(size=(num_rows, num_steps, 2)).astype(np.float32)
    mask = np.arange(num_steps) < np.array([[7], [4], [0]])
    return np.where(mask[..., None], values, 50.0).astype(np.float32), mask


def test_pooling_over_words_leaves_padding_out():
    values, mask = masked()
    found = np.asarray(WordPooling()(values, mask=mask))
    for row, count in ((0, 7), (1, 4)):
        real = values[row, :count]
        np.testing.assert_allclose(found[row], [*real.max(axis=0), *real.mean(axis=0)], rtol=1e-5)
    np.testing.assert_array_equal(found[2], 0)
    whole = np.asarray(WordPooling()(values))
    np.testing.assert_allclose(whole, np.concatenate([values.max(axis=1), values.mean(axis=1)], axis=1), rtol=1e-5)


def test_groups_of_steps_leave_padding_out():
    values, mask = masked()
    found = np.asarray(GroupMax(3)(values, mask=mask))
    assert found.shape == (3, 3, 2)
    np.testing.assert_allclose(found[0], [values[0, :3].max(axis=0), values[0, 3:6].max(axis=0), values[0, 6]])
    np.testing.assert_allclose(found[1], [values[1, :3].max(axis=0), values[1, 3], [0, 0]])
    np.testing.assert_array_equal(found[2], 0)


def test_pooling_is_saved_and_read_back(tmp_path: Path):
    values, _ = masked()
    steps = keras.Input((7, 2))
    model = keras.Model(steps, WordPooling()(GroupMax(3)(steps)))
    model.save(tmp_path / "pooling.keras")
    again = keras.saving.load_model(tmp_path / "pooling.keras", safe_mode=True)
    np.testing.assert_array_equal(again(values), model(values))
