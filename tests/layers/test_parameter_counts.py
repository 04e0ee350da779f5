"""Numbers of parameters that books and courses print for their networks: exact tests of layers and their forms."""

import keras
import pytest
from keras import layers as kl

from tenfold.layers import CuDNNGRU, CuDNNLSTM, Highway, LocallyConnected1D, LocallyConnected2D, MaxoutDense


def chain(shape: tuple, *layers: kl.Layer) -> keras.Model:
    return keras.Sequential([keras.Input(shape), *layers])


def dense(*units: int) -> list[kl.Layer]:
    return [kl.Dense(one) for one in units]


def pooled(*filters: int) -> list[kl.Layer]:
    return [layer for count in filters for layer in (kl.Conv2D(count, 3), kl.MaxPooling2D(2))]


NETWORKS = {
    "784-512-10": (407_050, lambda: chain((784,), *dense(512, 10))),
    "digits convnet": (93_322, lambda: chain((28, 28, 1), *pooled(32, 64), kl.Conv2D(64, 3), kl.Flatten(),
                                             *dense(64, 10))),
    "10000-16-16-1": (160_305, lambda: chain((10_000,), *dense(16, 16, 1))),
    "10000-64-64-46": (647_214, lambda: chain((10_000,), *dense(64, 64, 46))),
    "13-64-64-1": (5_121, lambda: chain((13,), *dense(64, 64, 1))),
    "cats and dogs": (3_453_121, lambda: chain((150, 150, 3), *pooled(32, 64, 128, 128), kl.Flatten(),
                                               *dense(512, 1))),
    "cats and dogs, he": (6_827_938, lambda: chain((150, 150, 3), *pooled(32, 64, 128, 256), kl.Flatten(),
                                                   *dense(512, 32), kl.Dense(2))),
    "embedding of 20 words": (80_161, lambda: chain((20,), kl.Embedding(10_000, 8), kl.Flatten(), *dense(1))),
    "vectors of 100 words": (1_320_065, lambda: chain((100,), kl.Embedding(10_000, 100), kl.Flatten(), *dense(32, 1))),
    "SimpleRNN": (322_113, lambda: chain((500,), kl.Embedding(10_000, 32), kl.SimpleRNN(32), *dense(1))),
    "four SimpleRNN": (328_320, lambda: chain(
        (500,), kl.Embedding(10_000, 32), *[kl.SimpleRNN(32, return_sequences=True) for _ in range(4)])),
    "convolutions over words": (1_315_937, lambda: chain(
        (500,), kl.Embedding(10_000, 128), kl.Conv1D(32, 7), kl.MaxPooling1D(5), kl.Conv1D(32, 7),
        kl.GlobalMaxPooling1D(), *dense(1))),
    "Conv1D and GRU": (13_697, lambda: chain(
        (None, 14), kl.Conv1D(32, 5), kl.MaxPooling1D(3), kl.Conv1D(32, 5), kl.GRU(32, reset_after=False), *dense(1))),
    "784-32-10-1": (25_461, lambda: chain((784,), *dense(32, 10, 1))),
    "12288-7-1": (86_031, lambda: chain((64, 64, 3), kl.Flatten(), *dense(7, 1))),
    "GRU of Keras 2": (6_240, lambda: chain((None, 32), kl.GRU(32, reset_after=False))),
    "GRU of cuDNN": (6_336, lambda: chain((None, 32), CuDNNGRU(32))),
    "LSTM": (8_320, lambda: chain((None, 32), kl.LSTM(32))),
    "LSTM of cuDNN": (8_448, lambda: chain((None, 32), CuDNNLSTM(32))),  # 4 * 32 * 64 + 8 * 32
    "highway": (2 * (50 * 50 + 50), lambda: chain((50,), Highway())),
    "maxout": (4 * (50 * 10 + 10), lambda: chain((50,), MaxoutDense(10))),
    # Keras' own example: (30 * 30) * (3 * 3 * 3 * 64) + (30 * 30) * 64 parameters
    "locally connected": (1_612_800, lambda: chain((32, 32, 3), LocallyConnected2D(64, 3))),
    "locally connected steps": (8 * (3 * 32 * 64 + 64), lambda: chain((10, 32), LocallyConnected1D(64, 3))),
}  # fmt: skip


@pytest.mark.parametrize("name", NETWORKS)
def test_a_published_number_of_parameters_is_exact(name: str):
    published, build = NETWORKS[name]
    assert build().count_params() == published


def test_the_summary_of_the_course_shows_its_three_numbers(capsys: pytest.CaptureFixture[str]):
    NETWORKS["784-32-10-1"][1]().summary()
    shown = capsys.readouterr().out
    assert all(number in shown for number in ("25,120", "330", "11", "25,461"))
