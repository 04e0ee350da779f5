"""Inputs, targets and their split as plain facts, against numbers counted by hand or by NumPy."""

import time

import keras
import numpy as np
import pytest
from scipy.stats import spearmanr
from sklearn.metrics import roc_auc_score

from judged import CLASSES, NUMBERS, ONE_HOT, TWO_CLASSES, X, classifier, network, regressor
from tenfold.errors import TableError
from tenfold.observation.data_facts import data_facts
from tenfold.observation.model_facts import model_facts
from tenfold.observation.order import order_measures
from tenfold.observation.quick_model import Question

RNG = np.random.default_rng(7)


def inputs_of(x, **more):
    return data_facts(x, np.arange(keras.tree.flatten(x)[0].shape[0]) % 2, thorough=False, **more).inputs


def target_of(y, model=None):
    return data_facts(X, y, thorough=False, model=None if model is None else model_facts(model, X, y)).targets[0]


def test_the_scale_of_a_table_is_that_of_numpy():
    (found,) = inputs_of(X)
    assert (found.kind, found.shape) == ("table", (4,))
    assert found.means == pytest.approx(X.mean(axis=0), abs=1e-6)
    assert found.stds == pytest.approx(X.std(axis=0), abs=1e-6)
    assert (found.minimum, found.maximum) == (X.min(), X.max())
    assert (found.mean, found.std) == pytest.approx((X.mean(), X.std()), abs=1e-6)


def test_what_is_missing_is_counted_and_left_out_of_the_scale():
    x = X.copy()
    x[0, 0], x[1, 0], x[2, 1] = np.nan, np.inf, -np.inf
    (found,) = inputs_of(x)
    assert (found.num_missing, found.num_infinite) == (1, 2)
    assert found.means[0] == pytest.approx(X[2:, 0].mean(), abs=1e-6)


def test_a_column_of_nothing_but_missing_entries_has_no_scale():
    (found,) = inputs_of(np.full((10, 2), np.nan))
    assert (found.mean, found.std, found.num_missing) == (0.0, 0.0, 20)


@pytest.mark.parametrize(("shape", "kind"), [
    ((60, 4), "table"), ((60, 5, 3), "sequence"), ((60, 4, 4, 3), "image"), ((60, 2, 2, 2, 1), "other"),
])  # fmt: skip
def test_the_kind_follows_from_the_axes(shape, kind):
    (found,) = inputs_of(np.ones(shape, "float32"))
    assert found.kind == kind
    assert len(found.means) == shape[-1]


def test_whole_numbers_that_an_embedding_reads_are_tokens():
    tokens = RNG.integers(0, 9, size=(60, 4))
    embedding = keras.layers.Embedding(9, 2, mask_zero=True), keras.layers.LSTM(3)
    model = network(*embedding, keras.layers.Dense(3, activation="softmax"), loss="sparse_categorical_crossentropy")
    facts = model_facts(model, tokens, CLASSES)
    assert data_facts(tokens, CLASSES, model=facts, thorough=False).inputs[0].kind == "tokens"
    assert inputs_of(tokens)[0].kind == "table"


def test_several_inputs_by_name():
    assert [one.name for one in inputs_of({"b": X, "a": X[:, :2]})] == ["a", "b"]


@pytest.mark.parametrize(("y", "model", "kind"), [
    (TWO_CLASSES, None, "two classes"),
    (2 * TWO_CLASSES - 1, None, "two classes"),
    (CLASSES, None, "classes"),
    (CLASSES, classifier(), "classes"),
    (CLASSES, regressor(), "number"),
    (CLASSES, regressor(metrics=["accuracy"]), "classes"),
    (ONE_HOT, None, "one-hot"),
    (np.stack([TWO_CLASSES, TWO_CLASSES], axis=1), None, "multi-label"),
    (np.stack([NUMBERS, NUMBERS], axis=1), None, "numbers"),
    (ONE_HOT * 0.7 + 0.1, None, "distribution"),
    (NUMBERS, None, "number"),
    (np.arange(60), None, "number"),
    (NUMBERS[:, np.newaxis], None, "number"),
    (np.ones((60, 5, 3)), None, "sequence"),
])  # fmt: skip
def test_the_kind_of_a_target(y, model, kind):
    assert target_of(y, model).kind == kind


def test_classes_are_counted():
    assert target_of(CLASSES[:59].repeat([2] + [1] * 58)).counts == (21, 20, 19)
    assert target_of(ONE_HOT).counts == (20, 20, 20)


def test_the_runs_test_agrees_with_permutations():
    labels = np.repeat([0, 1, 2], [30, 20, 10])
    runs = [1 + np.count_nonzero(np.diff(RNG.permutation(labels))) for _ in range(4_000)]
    found = order_measures(Question(labels, 3))
    assert found["num_runs"] == 3
    assert found["runs_z"] == pytest.approx((3 - np.mean(runs)) / np.std(runs), rel=0.05)


def test_the_best_feature_is_scored_as_others_score_it():
    x = RNG.normal(size=(200, 3))
    labels = (x[:, 1] + 0.5 * RNG.normal(size=200) < 0).astype(int)
    found = data_facts(x, labels).measures
    assert (found["best_feature"], found["best_feature_score"]) == (1, pytest.approx(roc_auc_score(labels, -x[:, 1])))
    numbers = np.exp(x[:, 2]) + 0.1 * RNG.normal(size=200)
    expected = abs(spearmanr(x[:, 2], numbers).statistic)
    assert data_facts(x, numbers).measures["best_feature_score"] == pytest.approx(expected, abs=1e-6)


def test_what_can_be_learnt_is_far_from_what_chance_reaches():
    generator = np.random.default_rng(0)
    x = generator.normal(size=(300, 3)).astype("float32")
    ring = (np.hypot(x[:, 0], x[:, 1]) > 1.2).astype(int)
    found = data_facts(x, ring).measures
    assert found["learnable"] > 0.6 > 3 * found["learnable_shuffled"]
    assert found["learnable_linear"] < 0.5
    by_chance = data_facts(x, generator.permutation(ring)).measures
    assert by_chance["learnable"] < 1.5 * by_chance["learnable_shuffled"]


def test_text_is_learnt_from_the_counts_of_its_tokens():
    tokens = RNG.integers(10, 500, size=(300, 20))
    liked = np.arange(300) % 2
    tokens[liked == 1, RNG.integers(0, 20)] = 3
    model = network(
        keras.layers.Embedding(500, 2), keras.layers.Flatten(), keras.layers.Dense(1, activation="sigmoid"),
        loss="binary_crossentropy",
    )  # fmt: skip
    assert data_facts(tokens, liked, model=model_facts(model, tokens, liked)).measures["learnable"] > 0.9


def test_repeated_rows_and_those_in_conflict_are_counted():
    x = np.concatenate([X, X[:6]])
    y = np.concatenate([TWO_CLASSES, TWO_CLASSES[:4], 1 - TWO_CLASSES[4:6]])
    found = data_facts(x, y).measures
    assert (found["repeated_rows"], found["conflicting_rows"]) == (12 / 66, 2 / 66)


def test_both_sides_of_the_split_by_hand():
    held_out = np.concatenate([X[:5], 2 * RNG.normal(size=(35, 4))])
    labels = np.concatenate([np.ones(30), np.zeros(10)])
    found = data_facts(X, TWO_CLASSES, (held_out, labels)).split
    assert (found.num_train, found.num_validation, found.is_given) == (60, 40, True)
    assert found.repeated_share == pytest.approx(5 / 40)
    assert found.class_distance == pytest.approx(0.25)
    assert found.scale_ratio == pytest.approx(max(held_out.std(axis=0) / X.std(axis=0)), rel=1e-5)


def test_without_validation_rows_the_last_fifth_stands_for_them():
    found = data_facts(X, TWO_CLASSES, thorough=False).split
    assert (found.num_train, found.num_validation, found.is_given) == (48, 12, False)


def test_the_same_seed_measures_the_same():
    assert data_facts(X, CLASSES, seed=3) == data_facts(X, CLASSES, seed=3)


def test_the_passive_part_takes_milliseconds():
    x, y = RNG.normal(size=(1_000, 20)).astype("float32"), RNG.integers(0, 2, 1_000)
    data_facts(x, y, thorough=False)
    start = time.process_time()
    for _ in range(10):
        data_facts(x, y, thorough=False)
    assert (time.process_time() - start) / 10 < 0.01


def test_rows_that_differ_in_number_are_refused():
    with pytest.raises(TableError, match="different numbers of rows"):
        data_facts(X, CLASSES[:-1])
