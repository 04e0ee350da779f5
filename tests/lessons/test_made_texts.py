"""Made-up texts: their words follow their class, order counts where it should, and a seed decides all."""

import numpy as np

from tenfold.lessons.made_texts import BLAME, NAMES, PRAISE, TOPICS, TURN, made_newswires, made_reviews


def praise_minus_blame(text: str) -> int:
    words = text.split()
    return sum((word in PRAISE) - (word in BLAME) for word in words)


def test_words_of_praise_tell_the_class_of_a_review():
    texts, labels = made_reviews(400, seed=3)
    balance = np.array([praise_minus_blame(text) for text in texts])
    assert ((balance > 0) == labels)[balance != 0].mean() > 0.9


def test_turned_words_tell_nothing_unless_the_word_before_is_read():
    texts, labels = made_reviews(600, turned=0.5, rare=4, seed=3)
    balance = np.array([praise_minus_blame(text) for text in texts])
    assert 0.4 < ((balance > 0) == labels)[balance != 0].mean() < 0.6
    read = []
    for text in texts:
        words = text.split()
        pairs = zip(["", *words], words, strict=False)
        read.append(sum((-1 if before == TURN else 1) * ((word in PRAISE) - (word in BLAME)) for before, word in pairs))
    read = np.array(read)
    assert ((read > 0) == labels)[read != 0].mean() > 0.9


def test_names_tell_nothing_of_the_class():
    texts, labels = made_reviews(400, rare=5, seed=3)
    found = np.array([[name in text.split() for name in NAMES] for text in texts])
    assert len(set(NAMES)) == len(NAMES) == 256
    assert (found.sum(axis=1) <= 5).all()
    praise, blame = found[labels == 1].mean(axis=0), found[labels == 0].mean(axis=0)
    common = found.mean(axis=0)
    chance = common * (1 - common) * (1 / (labels == 1).sum() + 1 / (labels == 0).sum())
    assert ((praise - blame) ** 2 / chance).mean() < 1.3  # 1 by chance alone, give or take 0.09


def test_newswires_speak_most_of_their_topic():
    texts, topics = made_newswires(300, seed=1)
    own = [sum(word in TOPICS[topic] for word in text.split()) for text, topic in zip(texts, topics, strict=True)]
    most = [max(TOPICS, key=lambda one: sum(word in TOPICS[one] for word in text.split())) for text in texts]
    assert np.mean(own) > 8
    assert np.mean([a == b for a, b in zip(most, topics, strict=True)]) > 0.9
    assert max(set(topics), key=topics.count) == "earn"


def test_a_seed_decides_all():
    assert made_reviews(5, seed=1)[0] == made_reviews(5, seed=1)[0] != made_reviews(5, seed=2)[0]
    assert made_newswires(5, seed=1) == made_newswires(5, seed=1) != made_newswires(5, seed=2)
