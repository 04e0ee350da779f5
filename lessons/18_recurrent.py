# /// lesson
# number = "18"
# name = "recurrent"
# title = "Recurrent networks"
# promise = "Read words one after the other with a state, open the gates of an LSTM, and test a story told of them."
# covers = ["001 Understanding RNNs"]
# also = ["chapter 9 of 001", "recurrent neural networks", "simplernn", "lstm", "bidirectional"]
# data = ["imdb"]
# minutes_fast = 0.4
# minutes_full = 19
# definitions = ["0.885", "10,000", "25,000", "2,000", "500", "100", "128", "0.5", "0.73"]
#
# [[published]]
# key = "H15"
# what = "best validation accuracy of SimpleRNN, 500 words, ten epochs (H15)"
# value = "0.8460 (epoch 4), 0.8602 (epoch 7)"
# where = "the book's notebook 6.2; 001, chapter 9"
# difference = "other data"
# because = "the same reviews, cut into words by us: rarer words are left out, so 500 places hold more of a review"
#
# [[published]]
# key = "H16"
# what = "best validation accuracy of LSTM, 500 words, ten epochs (H16)"
# value = "0.8928 (epoch 8), 0.8772 (epoch 3)"
# where = "the book's notebook 6.2; 001, chapter 9"
# difference = "chance"
# because = "as above; all four are the best of ten epochs on the rows that score it, as there"
#
# [[published]]
# key = "H17 reversed"
# what = "the same, words in reverse order, embedding of 128 numbers (H17)"
# value = "0.8770 (epoch 3)"
# where = "the book's notebook 6.3"
# difference = "chance"
# because = "as above"
#
# [[published]]
# key = "H17 both"
# what = "the same, bidirectional LSTM (H17)"
# value = "0.8856 (epoch 4)"
# where = "the book's notebook 6.3"
# difference = "chance"
# because = "as above; theirs read the reversed words, which changes nothing"
#
# [[exercises]]
# name = "state"
# kind = "compute"
# right = 1.25
# hint = "One time after the other: the new state is the input plus half of the old state."
# mistakes = [
#   [2.0, "The state before counts half."],
#   [1.0, "The state of the first time is still there at the third, at a quarter."],
# ]
#
# [[exercises]]
# name = "count"
# kind = "compute"
# right = 8320
# hint = "Four cells, each with weights for inputs, weights for states and biases."
# mistakes = [
#   [2080, "That is a SimpleRNN: an LSTM has four such cells."],
#   [8192, "Each cell has a bias for each unit."],
# ]
#
# [[exercises]]
# name = "fade"
# kind = "compute"
# right = 0.5314410000000002
# tolerance = 1e-3
# hint = "Each word multiplies what is kept by the gate."
# mistakes = [
#   [0.4, "A gate multiplies, it does not take away the same amount each time."],
#   [0.46855899999999984, "That is what was lost."],
# ]
#
# [[exercises]]
# name = "order"
# kind = "explain"
# right = "c"
# hint = "Which words stand in both sentences, and how often?"
# mistakes = [
#   ["a", "Both sentences have the same words, so both have the same row."],
#   ["b", "More units see the same row."],
# ]
# ///

# %% [markdown]
# ## Where we are going
#
# "Hardly dull, lovely" and "hardly lovely, dull" have the same words. A network that reads one word after the other
# can tell them apart. We build one by hand, train three kinds, open the gates of one, and measure a story that is
# told about them. Time: three quarters of an hour. Lessons 9 and 17 come before.
#
# ## Guess
#
# What does the network of lesson 9, which knows only *which* words there are, answer for those two sentences? *a*:
# praise and blame, *b*: the same number twice, *c*: it cannot be said.
#
# <details><summary>Answer</summary>*b*. Both are the same row of zeros and ones.</details>

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

lesson = open_lesson("recurrent")

# %% [markdown]
# ## The smallest case
#
# A recurrent layer keeps a *state*: the numbers that it answered with at the time before. At each time it adds up the
# input and that state, both with weights, and bends the sum by tanh. One unit, three times, input only at the first:

# %%
w, u, state, states = 1.0, 0.5, 0.0, []
for value in (1.0, 0.0, 0.0):
    state = float(np.tanh(w * value + u * state))
    states.append(round(state, 3))
assert states == [0.762, 0.363, 0.18]
print("states", states)

# %% [markdown]
# The input of the first time is still heard at the third, but more quietly: 0.762, 0.363, 0.18. The loop of the
# sources is this with 64 units, over 100 times with 32 inputs each. All states together are an array of shape (100,
# 64); mostly only the last one is handed on.

# %%
random = np.random.default_rng(0)
inputs, W, U = random.normal(size=(100, 32)), random.normal(size=(32, 64)) / 6, random.normal(size=(64, 64)) / 8
outputs = np.zeros((100, 64))
for time in range(100):
    outputs[time] = np.tanh(inputs[time] @ W + (outputs[time - 1] @ U if time else 0))
assert outputs.shape == (100, 64)
layer = tenfold.scratch.SimpleRNN(
    return_sequences=True, weights={"kernel": W, "recurrent_kernel": U, "bias": np.zeros(64)}
)
np.testing.assert_allclose(layer.forward(inputs[None]).outputs[0], outputs)

# %% [markdown]
# ## The same in Keras
#
# An embedding, a recurrent layer and a unit with a sigmoid. Of 10,000 words with 32 numbers each, a `SimpleRNN` of 32
# units makes 322,113 weights. An `LSTM` has four such cells in place of one, a `Bidirectional` reads from both ends.


# %%
def build(cell="SimpleRNN", words=10_000, width=32, units=32, rate=0.001):
    layers = keras.layers
    kinds = {"SimpleRNN": layers.SimpleRNN, "LSTM": layers.LSTM}
    reading = kinds[cell](units) if cell in kinds else layers.Bidirectional(layers.LSTM(units))
    ends = layers.Dense(1, activation="sigmoid")
    model = keras.Sequential([keras.Input((None,), dtype="int32"), layers.Embedding(words, width), reading, ends])
    model.compile(keras.optimizers.RMSprop(rate), "binary_crossentropy", metrics=["accuracy"])
    return model


simple, gated = build("SimpleRNN"), build("LSTM")
assert simple.count_params() == 322113
counts = [model.layers[1].count_params() for model in (simple, gated)]
assert counts == [2080, 8320]
print(f"SimpleRNN {counts[0]:,}, LSTM {counts[1]:,}")

# %% [markdown]
# ## The rows
#
# The full form reads the last 500 words of the 25,000 labelled reviews of lesson 9. The fast form makes up 2,000
# short ones in which every second word of opinion is turned by a `hardly` before it: there, single words tell
# nothing.

# %%
if lesson.is_full:
    texts, labels = tenfold.datasets.load("imdb").train
else:
    texts, labels = made_reviews(2500, length=10, telling=3, turned=0.5, seed=0)
order = np.random.default_rng(0).permutation(len(texts))
texts, y = [texts[one] for one in order], np.asarray(labels)[order].astype("float32")
parts = [re.findall(r"[a-z0-9']+", text.lower().replace("<br />", " ")) for text in texts]
counted = Counter(word for part in parts for word in part)
vocabulary = ["(none)", *(word for word, _ in counted.most_common(lesson.pick(100, 10_000) - 1))]
code = {word: place for place, word in enumerate(vocabulary)}
length = lesson.pick(18, 500)
coded = [[code[word] for word in part if word in code] for part in parts]
x = keras.utils.pad_sequences(coded, length)  # zeros in front: the last words are the last that a network reads
held = len(x) // 5
fold = [(np.arange(len(x) - held), np.arange(len(x) - held, len(x)))]
print(x.shape, [vocabulary[one] for one in x[0] if one])

# %% [markdown]
# The rival knows the words and not their order: logistic regression on which words there are.

# %%
bags = np.zeros((len(x), len(vocabulary)), "float32")
bags[np.repeat(np.arange(len(x)), length), x.reshape(-1)] = 1
bags[:, 0] = 0
line = LogisticRegression(C=lesson.pick(1.0, 0.05), max_iter=200).fit(csr_matrix(bags[:-held]), y[:-held])
rival = float(line.score(csr_matrix(bags[-held:]), y[-held:]))
print(f"logistic regression on which words there are: {rival:.4f}; guess 0.5")

# %% [markdown]
# ## With Tenfold
#
# Guess first: which of the three learns to read `hardly`? Each is trained with two sets of initial weights, the last
# fifth is held out. (In the full form all three, ten epochs in batches of 128, as in the sources; in the fast one a
# larger rate saves time.)

# %%
settings = lesson.pick({"words": len(vocabulary), "width": 16, "units": 16, "rate": 0.005}, {})
asked = {"cv": fold, "seeds": 2, "epochs": lesson.pick(12, 10), "batch_size": lesson.pick(32, 128)}
cvs = {
    cell: tenfold.cross_validate(lambda cell=cell: build(cell, **settings), x, y, verbose=0, **asked)
    for cell in lesson.pick(("SimpleRNN", "LSTM"), ("SimpleRNN", "LSTM", "both ways"))
}
curves = {cell: cv.history.groupby("epoch")["val_accuracy"].mean() for cell, cv in cvs.items()}
peaks = {cell: cv.history.groupby("seed")["val_accuracy"].max().to_numpy() for cell, cv in cvs.items()}
for cell, peak in peaks.items():
    print(f"{cell}: best of its epochs {peak.mean():.4f}, last {curves[cell].iloc[-1]:.4f}")

# %%
figure, axes = plt.subplots(figsize=(5.5, 3), layout="constrained")
for (cell, curve), color in zip(curves.items(), ["#D55E00", "#0072B2", "#009E73"], strict=False):
    axes.plot(curve.index + 1, curve, color=color, label=cell)
axes.axhline(rival, color="#767676", linestyle="--")
found = lesson.pick("With gates, order is learnt", "Order adds nothing to which words there are")
axes.set(title=f"{found}; dashed: words without order", xlabel="epoch", ylabel="held-out accuracy")
name_lines(axes)
assert peaks["LSTM"].mean() > peaks["SimpleRNN"].mean()
if lesson.is_full:
    assert max(peak.mean() for peak in peaks.values()) < rival + 0.01
else:
    assert curves["LSTM"].iloc[-1] > rival + 0.1
lesson.show(
    figure,
    "Last held-out accuracy: "
    + ", ".join(f"{name} {one.iloc[-1]:.2f}" for name, one in curves.items())
    + f"; without order {rival:.2f}.",
)

# %% [markdown]
# On the made-up reviews the LSTM reads what the rival cannot. On real ones the sources' own numbers say that order is
# worth little: 0.885 without it (lesson 9), 0.8772 and 0.8928 with an LSTM. The full form finds the same: none of the
# three passes the rival by a hundredth. It also reads the words backwards, which loses almost nothing in the source,
# 0.8770, and here: a review is judged by what is in it, not by how it begins. (The words are turned round before zeros
# are put in front. Turn the padded rows round, and hundreds of zeros come last: whatever the state has kept has to
# outlast them.)

# %%
if lesson.is_full:
    backwards = keras.utils.pad_sequences([row[::-1] for row in coded], length)
    back = tenfold.cross_validate(lambda: build("LSTM", width=128), backwards, y, verbose=0, **asked)
    reversed_peaks = back.history.groupby("seed")["val_accuracy"].max().to_numpy()
    for key, one in (("H15", "SimpleRNN"), ("H16", "LSTM"), ("H17 both", "both ways")):
        lesson.record(key, peaks[one])
    lesson.record("H17 reversed", reversed_peaks)
    assert 0.86 < peaks["LSTM"].mean() < 0.90
    assert reversed_peaks.mean() > 0.85

# %% [markdown]
# ## Look inside: the gates
#
# An LSTM carries a second state that is not pushed through weights at each word: it is multiplied by a *forget gate*
# and added to, as far as an *input gate* lets something in. An *output gate* decides how much of it is shown. Each
# gate is a layer with a sigmoid, so it stands between 0 and 1. `tenfold.scratch.trace` opens them for one review.

# %%
model, row = cvs["LSTM"].models[0], len(x) - held
opened = tenfold.scratch.trace(model, x[row : row + 1, -18:], y[row : row + 1])
gates = {name: value[0] for name, value in opened.layers[1].inside.items()}
unit = int(np.ptp(gates["carried"], axis=0).argmax())  # the unit whose carried state moves most
assert all(((gates[name] > 0) & (gates[name] < 1)).all() for name in ("input", "forget", "output"))
carried = np.zeros(18)
for time in range(18):
    added = gates["input"][time, unit] * gates["candidate"][time, unit]
    carried[time] = gates["forget"][time, unit] * (carried[time - 1] if time else 0) + added
np.testing.assert_allclose(carried, gates["carried"][:, unit])
print(opened.layers[1].formula)

# %%
words = [vocabulary[one] if one else "·" for one in x[row, -18:]]
figure, (above, below) = plt.subplots(2, 1, figsize=(7, 4), sharex=True, layout="constrained")
above.bar(range(18), carried, color="#0072B2")
moved = lesson.pick("The carried state moves at words of opinion", "On a real review this unit's gates hardly move")
above.set(title=moved, ylabel="carried")
for name, color in (("forget", "#D55E00"), ("input", "#009E73")):
    below.plot(gates[name][:, unit], color=color, label=name)
below.set(ylabel="gate, 0 to 1", ylim=(0, 1))
below.set_xticks(range(18), words, rotation=60, ha="right", fontsize=8)
name_lines(below)
moves = np.abs(np.diff(carried, prepend=0))
if lesson.is_full:
    assert np.ptp(gates["forget"][:, unit]) < 0.1
alt = f"Unit {unit} of the LSTM over {len(words)} words: its carried state moves most at '{words[int(moves.argmax())]}'"
lesson.show(figure, f"{alt} and ends at {carried[-1]:.2f}; the answer is {opened.prediction.item():.2f}.")

# %% [markdown]
# Two lines of the cell above are the whole of an LSTM's memory: kept times forget gate, plus new times input gate.
# They give the carried state that the layer has, number for number. On a real review, in the full form, the gates of
# such a unit hardly move: what a word says is let in and fades at the same pace, whatever the word.
#
# ## What goes wrong: a story
#
# It is told that a `SimpleRNN` cannot learn from early words since slopes *vanish* on the way back through time, and
# that an LSTM was made so that they do not. Let us not repeat it but measure: fresh networks, one review, and the
# slope of the answer by the state at each word. Guess: whose slope is smaller at the first word?


# %%
def slope_by_word(model, words):
    network = tenfold.scratch.from_keras(model)
    passed = network.forward(words)
    slopes = network.backward(np.ones((1, 1)), passed)
    return np.linalg.norm(slopes[1].inside["states"][0], axis=1)


small = {"words": 100, "width": 16, "units": 16}
some = np.random.default_rng(0).integers(1, 100, (1, 30)).astype(float)
fresh = {}
for cell in ("SimpleRNN", "LSTM"):
    keras.utils.set_random_seed(0)
    fresh[cell] = slope_by_word(build(cell, **small), some)
keras.utils.set_random_seed(0)
weak = build("SimpleRNN", **small)
weak.layers[1].cell.recurrent_kernel.assign(0.5 * weak.layers[1].cell.recurrent_kernel)
fresh["SimpleRNN, states halved"] = slope_by_word(weak, some)

# %%
figure, axes = plt.subplots(figsize=(6, 3.2), layout="constrained")
for (name, slope), color in zip(fresh.items(), ["#D55E00", "#0072B2", "#767676"], strict=True):
    axes.semilogy(np.arange(30), slope[::-1], color=color, label=name)
axes.set(title="A fresh SimpleRNN keeps its slopes", xlabel="words before the last one", ylabel="slope")
name_lines(axes)
kept = {name: slope[0] / slope[-1] for name, slope in fresh.items()}
assert kept["SimpleRNN"] > 0.1
assert kept["LSTM"] < 0.01
assert kept["SimpleRNN, states halved"] < 1e-6
shares = "; ".join(f"{name} {share:.2g}" for name, share in kept.items())
lesson.show(figure, f"Slope at the first of 30 words, as a share of that at the last: {shares}.")

# %% [markdown]
# The story is half true. Slopes do vanish where the weights of the state are small: halve them, and nothing reaches
# the first word. But Keras starts them as a rotation, which keeps lengths, so the fresh `SimpleRNN` keeps its slopes,
# and the fresh LSTM, whose forget gates begin at about 0.73, keeps fewer. What the LSTM has is a choice: it can learn
# to open the forget gate where something is worth keeping, while a `SimpleRNN` turns its whole state at every word.
# On the made-up reviews, in the same epochs, the one learnt and the other did not.
#
# ## Exercises
#
# **1. state** (compute). A unit without bend adds its input and half of its state before. Inputs are 1, 0 and 1, the
# first state is 0. What is the state at the end?

# %% tags=["solution"]
kept_state = 0.0
for value in (1, 0, 1):
    kept_state = value + 0.5 * kept_state
lesson.check("state", kept_state)

# %% [markdown]
# **2. count** (compute). How many weights does an LSTM of 32 units have on inputs of 32 numbers?

# %% tags=["solution"]
weights = 4 * (32 * 32 + 32 * 32 + 32)
lesson.check("count", weights)

# %% [markdown]
# **3. fade** (compute). A forget gate stays at 0.9 and nothing is let in. What share of the carried state is left
# after six words?

# %% tags=["solution"]
share = 0.9**6
lesson.check("fade", share)

# %% [markdown]
# **4. order** (explain). The network of lesson 9 shall tell "hardly dull, lovely" from "hardly lovely, dull". What
# helps? *a*: more epochs, *b*: more units, *c*: only inputs that know the order.

# %% tags=["solution"]
letter = "c"
lesson.check("order", letter)

# %% [markdown]
# ## What to remember
#
# - A recurrent layer is a layer with its own answer of the time before among its inputs.
# - An LSTM keeps and adds; gates between 0 and 1 decide how much.
# - Where order tells nothing, the bag of words wins. Measure it first.
#
# Words: state, SimpleRNN, LSTM, gate, bidirectional, vanishing gradient. Next: lesson 19 (`weather`).
#
# ## Published and ours

# %%
lesson.closing_table()
