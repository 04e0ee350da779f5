"""Without sigmoid the accuracy of Keras 2.0 falls while the network learns; with it, or on logits, both rules agree."""

import numpy as np
import pytest

from tenfold.precision.missing_sigmoid import LENGTH, as_numbers, rounded_accuracy, tell_missing_sigmoid


@pytest.fixture(scope="module")
def story():
    generator = np.random.default_rng(0)
    labels = np.arange(300) % 2
    words = generator.integers(1, 200, (300, 70))
    own = np.where(labels, 1, 26)[:, None] + generator.integers(0, 25, words.shape)
    texts = np.where(generator.random(words.shape) < 0.15, own, words).astype(np.float32)
    labels = labels.astype(np.float32)[:, None]
    return tell_missing_sigmoid(texts, labels, np.arange(256), np.arange(256, 300), num_seeds=3, epochs=40)


@pytest.mark.slow
def test_without_sigmoid_rounded_accuracy_falls_while_the_loss_does(story):
    learned = ~story.born_frozen
    loss, accuracy, rounded = (lines["no_sigmoid"][learned] for lines in (story.loss, story.accuracy, story.rounded))

    assert learned.any()
    assert np.all(loss[:, -1] < loss.min(axis=1) + 0.05)
    assert np.all(accuracy[:, -1] > 0.95)
    assert np.all(rounded[:, -1] < rounded.max(axis=1) - 0.1)


@pytest.mark.slow
@pytest.mark.parametrize("variant", ["sigmoid", "from_logits"])
def test_with_a_probability_both_rules_agree(story, variant):
    np.testing.assert_allclose(story.accuracy[variant], story.rounded[variant], atol=0.01)
    assert np.all(story.accuracy[variant][:, -1] > 0.75)


def test_the_old_rule_asks_for_the_rounded_output():
    labels, outputs = (np.array(one, np.float32)[:, None] for one in ([1, 1, 1, 0], [0.6, 1.4, 1.7, -0.2]))

    assert np.asarray(rounded_accuracy(labels, outputs)).tolist() == [1, 1, 0, 1]


def test_texts_become_the_numbers_of_their_words():
    table = as_numbers(["Good<br />good film", "bad film", "unseen"], np.array([0, 1]))

    assert table.shape == (3, LENGTH)
    assert table[0, -3:].tolist() == [1, 1, 2]
    assert table[1, -2:].tolist() == [3, 2]
    assert not table[2].any()
