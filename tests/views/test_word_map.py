"""Maps of embeddings: principal components as scikit-learn finds them, neighbours by cosine."""

import keras
import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.metrics.pairwise import cosine_similarity

from legibility import stumbles
from tenfold.errors import OptionError
from tenfold.views.word_map import embedding_map

RNG = np.random.default_rng(0)
WORDS = [f"word {place}" for place in range(40)]


def network(vectors: np.ndarray, **options) -> keras.Model:
    layer = keras.layers.Embedding(*vectors.shape, name="words", **options)
    model = keras.Sequential([keras.Input((3,), dtype="int32"), layer])
    layer.set_weights([vectors])
    return model


class Lookup(keras.layers.Layer):
    """Knows words, as `StringLookup` and `TextVectorization` do, which need TensorFlow."""

    def call(self, inputs):
        return inputs

    def get_vocabulary(self) -> list[str]:
        return ["[UNK]", "good", "bad"]


def test_places_are_scikit_learns_components_but_for_their_sign():
    vectors = RNG.normal(size=(40, 6)) * [5, 3, 1, 1, 1, 1]
    found = embedding_map(network(vectors), WORDS).numbers
    pca = PCA(2).fit(vectors.astype(np.float32).astype(float))
    expected = pca.transform(vectors)
    for axis in range(2):
        sign = np.sign(expected[:, axis] @ found.places[:, axis])
        np.testing.assert_allclose(found.places[:, axis], sign * expected[:, axis], atol=1e-4)
    assert found.share == pytest.approx(pca.explained_variance_ratio_.sum(), abs=1e-6)


def test_the_map_is_the_same_each_time():
    vectors = RNG.normal(size=(40, 6))
    first, turned = (embedding_map(network(one), WORDS).numbers.places for one in (vectors, vectors))
    np.testing.assert_array_equal(first, turned)


def test_neighbours_are_the_highest_cosines_and_never_the_word_itself():
    vectors = RNG.normal(size=(40, 6))
    found = embedding_map(network(vectors), WORDS, of=["word 7", "word 3"]).numbers
    cosines = cosine_similarity(vectors)
    np.fill_diagonal(cosines, -1)
    for place, near in zip((7, 3), found.neighbours, strict=True):
        assert near == tuple(WORDS[other] for other in np.argsort(-cosines[place])[:3])


def test_padding_is_left_out_and_names_may_come_from_the_model():
    vectors = RNG.normal(size=(6, 4))
    masked = embedding_map(network(vectors, mask_zero=True), list("-abcde")).numbers
    assert masked.words == tuple("abcde")
    model = keras.Sequential([keras.Input((3,), dtype="int32"), Lookup(), keras.layers.Embedding(5, 2)])
    assert embedding_map(model).numbers.words == ("[UNK]", "good", "bad", "(3)", "(4)")
    assert embedding_map(network(vectors)).numbers.words == tuple("012345")


def test_vectors_of_one_number_or_all_alike_lie_on_a_line():
    assert embedding_map(network(np.arange(4.0)[:, None]), list("abcd")).numbers.share == 1
    assert embedding_map(network(np.ones((4, 3))), list("abcd")).numbers.share == 1


def test_the_figure_is_legible_however_near_the_words():
    vectors = np.concatenate([RNG.normal(size=(30, 4)) * 1e-3, RNG.normal(size=(10, 4))])
    assert stumbles(embedding_map(network(vectors), WORDS).figure) == []


def test_what_cannot_be_drawn_is_a_sentence():
    with pytest.raises(OptionError, match="3 words were named for the 6 lines of `words`"):
        embedding_map(network(np.ones((6, 2))), list("abc"))
    with pytest.raises(OptionError, match=r"No vector is named `word 99`"):
        embedding_map(network(np.ones((40, 2))), WORDS, of=["word 99"])
    with pytest.raises(OptionError, match="has no embedding"):
        embedding_map(keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)]))
    with pytest.raises(OptionError, match=r"no embedding `wrods`.*did you mean `words`"):
        embedding_map(network(np.ones((6, 2))), layer="wrods")
