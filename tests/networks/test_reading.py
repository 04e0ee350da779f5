"""Networks that read words in their order: where their vectors start, and which of them are trained."""

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pandas as pd
import pytest

from tenfold.engine.member import Member
from tenfold.engine.population import train_population
from tenfold.networks.ladder import InputShape, Rung, choose_contenders
from tenfold.networks.table import table_network
from tenfold.prepare.laid_texts import TextSizes
from tenfold.problem.definition import define_problem

NUM_ROWS, LENGTH, NUM_WORDS = 24, 6, 9
RANDOM = np.random.default_rng(0)
GIVEN = RANDOM.normal(size=(NUM_WORDS, 5)).astype(np.float32)
SHAPE = InputShape(2, texts=TextSizes(4, 3, NUM_WORDS, LENGTH), vectors=GIVEN)
PROBLEM = define_problem(pd.DataFrame({"x": 0, "y": [0, 1] * 4}), "y")


def data() -> tuple[dict[str, np.ndarray], np.ndarray]:
    tokens = RANDOM.integers(0, NUM_WORDS, (NUM_ROWS, LENGTH)).astype(np.int32)
    inputs = RANDOM.normal(size=(NUM_ROWS, 2)).astype(np.float32)
    return {"inputs": inputs, "tokens": tokens}, RANDOM.integers(0, 2, (NUM_ROWS, 1))


def words_of(model: keras.Model) -> np.ndarray:
    return np.asarray(model.get_layer("words").get_weights()[0])


@pytest.mark.parametrize("reader", ["average", "conv", "gru"])
def test_given_vectors_are_where_words_start(reader: str):
    rung = Rung((4,), reader=reader, vectors="given")  # type: ignore[arg-type]
    np.testing.assert_array_equal(words_of(table_network(SHAPE, PROBLEM, rung)()), GIVEN)
    plain = words_of(table_network(SHAPE, PROBLEM, replace(rung, vectors="none"))())
    assert plain.shape == (NUM_WORDS, 64)


@pytest.mark.parametrize(("vectors", "moves"), [("given", False), ("given and trained", True)])
def test_given_vectors_are_kept_or_trained_on_in_every_member(vectors: str, moves: bool):
    rung = Rung((4,), reader="average", vectors=vectors)  # type: ignore[arg-type]
    x, y = data()
    members = [Member(np.arange(16), np.arange(16, 24), fold=fold, seed=0) for fold in range(2)]
    found = train_population(table_network(SHAPE, PROBLEM, rung), x, y, members, seed=0, epochs=3, batch_size=8)
    for place in range(2):
        words = words_of(found.model(place))
        assert np.allclose(words, GIVEN) != moves
        np.testing.assert_allclose(words, GIVEN, atol=0.1)


def test_padding_says_nothing_to_a_mean_of_vectors():
    rung = Rung((), reader="average", vectors="given")
    model = table_network(replace(SHAPE, vectors=np.vstack([np.full((1, 5), 100.0), GIVEN[1:]])), PROBLEM, rung)()
    reading = keras.Model(model.inputs, model.get_layer("reading").output)
    x = {"inputs": np.zeros((1, 2), np.float32), "tokens": np.array([[3, 4, 0, 0, 0, 0]], np.int32)}
    np.testing.assert_allclose(np.asarray(reading(x))[0], GIVEN[[3, 4]].mean(axis=0), rtol=1e-5)


def test_readers_with_given_vectors_come_first_and_keep_what_the_linear_model_knows():
    with_start = choose_contenders(replace(SHAPE, has_start=True), 9)
    assert with_start[0].label == "32, mean of word vectors, given vectors, from linear"
    assert {one.vectors for one in with_start} == {"given", "given and trained", "none"}
    alone = choose_contenders(SHAPE, 9)
    assert not any(one.starts_linear for one in alone)
    assert len(set(alone)) == len(alone)
    assert all(one.vectors == "none" for one in choose_contenders(replace(SHAPE, vectors=None), 9))


@pytest.mark.parametrize("reader", ["average", "conv_gru", "gru", "lstm"])
def test_padding_changes_no_answer_and_the_saved_network_answers_alike(reader: str, tmp_path: Path):
    rung = Rung((4,), reader=reader)  # type: ignore[arg-type]
    long = replace(SHAPE, texts=replace(SHAPE.texts, length=LENGTH + 6))
    short_model, long_model = (table_network(shape, PROBLEM, rung)() for shape in (SHAPE, long))
    long_model.set_weights(short_model.get_weights())
    x = {"inputs": np.zeros((2, 2), np.float32), "tokens": np.array([[3, 4, 5, 7, 2, 1], [8, 2, 0, 0, 0, 0]], np.int32)}
    padded = {**x, "tokens": np.pad(x["tokens"], [(0, 0), (0, 6)])}
    answers = np.asarray(short_model(x))
    np.testing.assert_allclose(np.asarray(long_model(padded)), answers, atol=1e-6)
    short_model.save(tmp_path / "network.keras")
    again = keras.saving.load_model(tmp_path / "network.keras", compile=False, safe_mode=True)
    np.testing.assert_allclose(np.asarray(again(x)), answers, atol=1e-6)
