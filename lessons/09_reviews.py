# /// lesson
# number = "9"
# name = "reviews"
# title = "Two classes: film reviews"
# promise = "Tell praise from blame by the words of a text, and stop before the network knows its rows by heart."
# covers = ["001 A binary classification example: Classifying movie reviews"]
# also = ["chapter 2 of 001", "movie reviews", "film reviews", "imdb", "binary classification"]
# data = ["imdb"]
# minutes_fast = 0.3
# minutes_full = 4
# definitions = ["100", "10,000", "25,000", "50,000", "15,000", "512", "128", "300", "1,200", "600", "101"]
#
# [[published]]
# key = "H3"
# what = "test accuracy of 16-16-1, trained on all 25,000 reviews for 4 epochs (H3)"
# value = "0.8874 (3 epochs), 0.8850 (4)"
# where = "001, chapter 2; the book's notebook 3.5"
# difference = "other data"
# because = "the same reviews, but their texts, cut into words by us; Keras' own numbering begins elsewhere"
#
# [[published]]
# key = "best"
# what = "best validation accuracy of twenty epochs, 15,000 reviews to learn from (H3)"
# value = "0.8903 (epoch 3), 0.8908 (epoch 3)"
# where = "001, chapter 2; the book's notebook 3.5"
# difference = "chance"
# because = "another 10,000 reviews held out, other initial weights"
#
# [[published]]
# key = "last"
# what = "validation accuracy after twenty epochs (H3)"
# value = "0.8655, 0.8683"
# where = "001, chapter 2; the book's notebook 3.5"
# difference = "chance"
# because = "another 10,000 reviews held out, other initial weights"
#
# [[exercises]]
# name = "multi_hot"
# kind = "compute"
# right = [1, 0, 1, 1]
# hint = "One place for each word of the list, in its order: 1 if the word is there, however often."
# mistakes = [
#   [[1, 0, 2, 2], "A word that comes twice still gets a 1: places say whether, not how often."],
#   [[0, 1, 0, 0], "The other way round: 1 for a word that is there."],
# ]
#
# [[exercises]]
# name = "crossentropy"
# kind = "compute"
# right = 1.6094379124341003
# tolerance = 1e-3
# hint = "The truth is 0, so the probability that counts is 1 - 0.8."
# mistakes = [
#   [0.22314355131420976, "That is the loss if the review were praise."],
#   [0.8, "That is the absolute error; the loss is minus a logarithm."],
# ]
#
# [[exercises]]
# name = "count"
# kind = "compute"
# right = 160305
# hint = "Three layers: inputs times units plus one bias a unit, each."
# mistakes = [[160272, "Each unit has a bias: 16, 16 and 1 of them are missing."]]
#
# [[exercises]]
# name = "stop"
# kind = "explain"
# right = "b"
# hint = "Which of the curves has seen the rows it is drawn from?"
# mistakes = [
#   ["a", "By then the rows held out are answered worse than before."],
#   ["c", "The test rows judge at the end; choosing by them spoils their judgement."],
# ]
# ///

# %% [markdown]
# ## Where we are going
#
# A review goes in as words, the chance that it praises comes out. We train the network of the sources, watch it learn
# its rows by heart, stop it in time, and open it to see which words it believes. Time: half an hour. Lesson 7 helps.
#
# ## Guess
#
# The network is told only which of 10,000 words stand in a review, neither how often nor in which order. How many of
# 100 reviews does it judge rightly, where half are praise? *a*: 60, *b*: 88, *c*: 99.
#
# <details><summary>Answer</summary>*b*. Order matters little here; lessons 17 to 20 try to win something by
# it.</details>

# %%
import re
from collections import Counter

import keras
import matplotlib.pyplot as plt
import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

import tenfold
from tenfold.lessons import name_lines, open_lesson
from tenfold.lessons.made_texts import made_reviews

lesson = open_lesson("reviews")

# %% [markdown]
# ## The smallest case
#
# Let our whole language have four words. A text becomes four numbers: 1 where the word stands in it, else 0. That is
# called *multi-hot*. One unit with a sigmoid then adds up the weights of the words that are there, and bends the sum
# to a probability.

# %%
language = ["film", "dull", "superb", "not"]
text = "superb film , superb music"
there = np.array([float(word in text.split()) for word in language])
weights = np.array([0.0, -2.0, 2.0, -0.5])
chance = 1 / (1 + np.exp(-(there @ weights)))
loss_if_praise, loss_if_blame = -np.log(chance), -np.log(1 - chance)
assert there.tolist() == [1, 0, 1, 0]
assert round(float(chance), 3) == 0.881
assert (round(float(loss_if_praise), 3), round(float(loss_if_blame), 3)) == (0.127, 2.127)
print(f"{there} -> praise with {chance:.3f}; loss {loss_if_praise:.3f} if that is so, {loss_if_blame:.3f} if not")

# %% [markdown]
# The loss is *binary crossentropy*: minus the logarithm of the probability that was given to the truth. Being right
# with 0.881 costs 0.127, being wrong with it 2.127.
#
# ## The rows
#
# The full form reads 50,000 reviews of the IMDB, half of them to be tested on. The fast form makes up 1,200 to learn
# from and 600 for the test: a few words of opinion among plain ones, and not always those that fit. What holds on
# them need not hold on real texts; the closing table is from real ones.

# %%
if lesson.is_full:
    data = tenfold.datasets.load("imdb")
    (texts, labels), (test_texts, test_labels) = data.train, data.test
else:
    texts, labels = made_reviews(1200, telling=3, rare=15, seed=0)
    test_texts, test_labels = made_reviews(600, telling=3, rare=15, seed=1)
order = np.random.default_rng(0).permutation(len(texts))  # the file is sorted by class
texts, y = [texts[place] for place in order], labels[order].astype("float32")
test_y = test_labels.astype("float32")
print(len(texts), "texts, praise in", f"{y.mean():.2f};", texts[0][:120])

# %% [markdown]
# Words get their places by how often they come in the texts to learn from; rare ones get none. (Keras brings the same
# reviews as numbers of words, where 0, 1 and 2 mean filling, beginning and unknown, so that each word's number is
# shifted by 3: forget that when reading them back, and every review is nonsense.)


# %%
def words_of(text):
    return re.findall(r"[a-z0-9']+", text.lower().replace("<br />", " "))


counts = Counter(word for text in texts for word in words_of(text))
vocabulary = [word for word, _ in counts.most_common(lesson.pick(300, 10_000))]
place = {word: number for number, word in enumerate(vocabulary)}


def multi_hot(texts):
    rows = np.zeros((len(texts), len(vocabulary)), "float32")
    for row, text in zip(rows, texts, strict=True):
        row[[place[word] for word in words_of(text) if word in place]] = 1
    return rows


x, test_x = multi_hot(texts), multi_hot(test_texts)
print(f"{len(vocabulary)} words have a place; a review has {x.sum(axis=1).mean():.0f} of them")

# %% [markdown]
# ## The same in Keras
#
# Two layers of 16 units and one unit with a sigmoid. With 10,000 places it has 160,305 weights, nearly all of them in
# the first layer.


# %%
def build(places=x.shape[1], units=16, dropout=0.0, penalty=None):
    model = keras.Sequential([keras.Input((places,))])
    for _ in range(2):
        model.add(keras.layers.Dense(units, activation="relu", kernel_regularizer=penalty))
        if dropout:
            model.add(keras.layers.Dropout(dropout))
    model.add(keras.layers.Dense(1, activation="sigmoid"))
    model.compile("rmsprop", "binary_crossentropy", metrics=["accuracy"])
    return model


assert build(10_000).count_params() == 160305

# %% [markdown]
# ## With Tenfold
#
# `tenfold.fit` is what `model.fit` is, with whole epochs in one program and the checks looking on. A part of the rows
# is held out, to choose by. Guess before you run it: over twenty epochs, which way will the held-out loss go?

# %%
held = len(x) * 2 // 5  # of 25,000 the book holds out 10,000
rest = {"batch_size": lesson.pick(16, 512), "verbose": 0}


def watch(model, epochs=20):
    given = (x[:held], y[:held])
    return tenfold.fit(model, x[held:], y[held:], epochs=epochs, validation_data=given, seed=0, **rest)


history = watch(build())
log = {name: np.array(line) for name, line in history.history.items()}
best = int(log["val_loss"].argmin()) + 1
print(f"best held-out loss at epoch {best}; accuracy there {log['val_accuracy'][best - 1]:.4f}")
print(f"at the end: rows learnt from {log['accuracy'][-1]:.4f}, held out {log['val_accuracy'][-1]:.4f}")
if lesson.is_full:
    lesson.record("best", log["val_accuracy"].max())
    lesson.record("last", log["val_accuracy"][-1])
    assert 0.88 < log["val_accuracy"].max() < 0.90
    assert 0.855 < log["val_accuracy"][-1] < 0.88

# %%
epochs = np.arange(1, 21)
figure, axes = plt.subplots(figsize=(5.5, 3), layout="constrained")
for name, word, color in (("loss", "reviews learnt from", "#767676"), ("val_loss", "reviews held out", "#0072B2")):
    axes.plot(epochs, log[name], color=color, label=word)
axes.axvline(best, color="#bbbbbb", linestyle=":")
axes.set(title=f"After epoch {best} it learns its rows by heart", xlabel="epoch", ylabel="loss (crossentropy, nats)")
name_lines(axes)
assert log["loss"][-1] < log["loss"][best - 1]
assert log["val_loss"][-1] > 1.2 * log["val_loss"].min()
numbers = f"{log['val_loss'].min():.2f} at epoch {best} to {log['val_loss'][-1]:.2f}"
lesson.show(figure, f"Held-out loss rises from {numbers}, while the other falls to {log['loss'][-1]:.3f}.")

# %% [markdown]
# The held-out loss turns while the accuracy hardly falls: the network grows more certain of its mistakes. That is
# what overfitting looks like in two classes, and a check of Tenfold says so in words:

# %%
told = {finding.code: finding for finding in history.findings}
print(told["TF401"].message, "->", told["TF401"].repair)

# %% [markdown]
# So we stop there, learn once more from all rows, with several initial weights, and look at the test rows. Beside it
# the rival: logistic regression on the same places.

# %%
reached, models = [], []
for seed in range(lesson.pick(2, 3)):
    keras.utils.set_random_seed(seed)
    models.append(build())
    tenfold.fit(models[-1], x, y, epochs=lesson.pick(best, 4), seed=seed, checks=False, **rest)
    reached.append(models[-1].evaluate(test_x, test_y, batch_size=512, verbose=0)[1])
line = LogisticRegression(C=lesson.pick(1.0, 0.05), max_iter=200).fit(csr_matrix(x), y)
rival = float(line.score(csr_matrix(test_x), test_y))
assert min(reached) > 0.6
print(f"network {np.mean(reached):.4f} ({', '.join(f'{one:.4f}' for one in reached)}), rival {rival:.4f}, guess 0.5")
if lesson.is_full:
    lesson.record("H3", reached)
    assert abs(np.mean(reached) - 0.885) < 0.008

# %% [markdown]
# The rival is nearly as good: with words alone, praise is nearly a sum. A network earns its keep where sums are not
# enough.
#
# ## What goes wrong
#
# Twenty epochs were too many. What could be done besides stopping? The book tries a smaller network, penalties on
# large weights (L2) and dropout. We watch where each one's held-out loss turns, and how high it ends.

# %%
ways = {"16-16": {}, "4-4": {"units": 4}, "L2": {"penalty": keras.regularizers.L2(0.001)}, "dropout": {"dropout": 0.5}}
losses = {"16-16": log["val_loss"]}
for name in lesson.pick(["4-4", "dropout"], ["4-4", "L2", "dropout"]):
    losses[name] = np.array(watch(build(**ways[name])).history["val_loss"])
figure, axes = plt.subplots(figsize=(5.5, 3), layout="constrained")
for (name, line_of_losses), color in zip(losses.items(), ["#767676", "#0072B2", "#D55E00", "#009E73"], strict=False):
    axes.plot(epochs, line_of_losses, color=color, label=name)
axes.set(title="A smaller network learns by heart more slowly", xlabel="epoch", ylabel="held-out loss (nats)")
name_lines(axes)
assert losses["4-4"][-1] < losses["16-16"][-1]
ends = ", ".join(f"{name} {one.min():.2f} and {one[-1]:.2f}" for name, one in losses.items())
lesson.show(figure, f"Lowest and last held-out loss: {ends}.")

# %% [markdown]
# All reach about the same lowest place; the cures change how long one may overshoot it. (L2 adds its penalty to the
# loss that is shown, so its curve begins higher.) Stopping in time is the cheapest cure, and
# `keras.callbacks.EarlyStopping` does it by itself.
#
# ## Look inside
#
# Which words does it believe? We ask it about reviews of a single word, and draw those with the highest and the
# lowest chance. Words of opinion should stand at both ends; a name or an actor there would be a thing to worry about.

# %%
single = models[0].predict(np.eye(len(vocabulary), dtype="float32"), verbose=0)[:, 0]
ranked = np.argsort(single)
chosen = np.concatenate([ranked[:6], ranked[-6:]])
figure, axes = plt.subplots(figsize=(5.5, 3), layout="constrained")
axes.barh([vocabulary[one] for one in chosen], single[chosen] - 0.5, color=["#D55E00"] * 6 + ["#0072B2"] * 6)
axes.set(title="Words of opinion stand at both ends", xlabel="chance of praise, above 0.5 or below it")
lesson.show(
    figure,
    f"Most blame: {', '.join(vocabulary[one] for one in ranked[:3])}; most praise: "
    f"{', '.join(vocabulary[one] for one in ranked[:-4:-1])}.",
)

# %% [markdown]
# ## Exercises
#
# **1. multi_hot** (compute). The language is film, dull, superb, music, in this order. Write "superb music , superb
# film music" as zeros and ones.

# %% tags=["solution"]
review = ["superb", "music", ",", "superb", "film", "music"]
zeros_and_ones = [float(word in review) for word in ["film", "dull", "superb", "music"]]
lesson.check("multi_hot", zeros_and_ones)

# %% [markdown]
# **2. crossentropy** (compute). A network says praise with 0.8; the review is blame. What is the loss?

# %% tags=["solution"]
loss = -np.log(1 - 0.8)
lesson.check("crossentropy", loss)

# %% [markdown]
# **3. count** (compute). How many weights do layers of 16, 16 and 1 units have on 10,000 inputs?

# %% tags=["solution"]
number = (10_000 * 16 + 16) + (16 * 16 + 16) + (16 + 1)
lesson.check("count", number)

# %% [markdown]
# **4. stop** (explain). After which epoch do you stop? *a*: when rows learnt from are all right, *b*: when rows held
# out are answered best, *c*: when the test rows are.

# %% tags=["solution"]
letter = "b"
lesson.check("stop", letter)

# %% [markdown]
# ## What to remember
#
# - A text can be the set of its words; one sigmoid and binary crossentropy make two classes.
# - Held-out loss turns first, accuracy later: stop at the turn.
# - Logistic regression is the rival on words, and a hard one.
#
# Words: multi-hot, binary crossentropy, overfitting, regularisation. Next: lesson 10 (`newswires`), more classes.
#
# ## Published and ours

# %%
lesson.closing_table()
