# /// lesson
# number = "20"
# name = "conv1d"
# title = "Sequences with 1-D convnets"
# promise = "Slide windows over words and weather, find a published network's missing sigmoid, see what max forgets."
# covers = ["001 Sequence Processing with 1D convnets"]
# also = ["chapter 11 of 001", "1d convnets", "conv1d", "missing sigmoid", "global max pooling"]
# data = ["imdb", "beijing_pm25"]
# minutes_fast = 0.4
# minutes_full = 45
# definitions = ["001", "10,000", "500", "128", "1,500", "2,000", "0.5", "1.5", "240", "102"]
#
# [[published]]
# key = "H18"
# what = "best validation accuracy of the network without sigmoid, as its Keras counted (H18)"
# value = "0.8382 (epoch 6), 0.8366 (epoch 6)"
# where = "the book's notebook 6.4; 001, chapter 11"
# difference = "chance"
# because = "the same reviews cut into words by us; best of ten epochs; one of our two never began, as told above"
#
# [[published]]
# key = "H18 last"
# what = "the same after ten epochs (H18)"
# value = "0.760, 0.775"
# where = "the book's notebook 6.4; 001, chapter 11"
# difference = "chance"
# because = "as above"
#
# [[published]]
# key = "H18 training"
# what = "training accuracy of the same after ten epochs, as its Keras counted (H18)"
# value = "0.8052, after a best of 0.8653"
# where = "the book's notebook 6.4"
# difference = "chance"
# because = "as above"
#
# [[published]]
# key = "sigmoid"
# what = "the same network with the sigmoid, best of ten epochs"
# value = "not published"
# where = "the book's text names the activation that its code leaves out"
# difference = "slip of the source"
# because = "without sigmoid the loss is cut off below 0 and above 1, and answers above 1.5 count as wrong"
#
# [[published]]
# key = "logits"
# what = "the same network with the loss on logits, best of ten epochs"
# value = "not published"
# where = "as above"
# difference = "slip of the source"
# because = "as above"
#
# [[published]]
# key = "H26"
# what = "forecast by convolutions and a maximum, mean absolute error in standard deviations (H26)"
# value = "0.4521, 0.4363"
# where = "the book's notebook 6.4; 001, chapter 11"
# difference = "other data"
# because = "Beijing by the hour stands in for Jena; yesterday's value misses by another amount there"
#
# [[published]]
# key = "H27"
# what = "forecast by convolutions and a GRU, likewise (H27)"
# value = "0.2730, 0.2737"
# where = "the book's notebook 6.4; 001, chapter 11"
# difference = "other data"
# because = "as above"
#
# [[exercises]]
# name = "slide"
# kind = "compute"
# right = [1, 4, -3]
# hint = "Lay the two numbers of the window over neighbours, multiply and add, move on by one."
# mistakes = [
#   [[-1, -4, 3], "The window is not turned round: its first number meets the earlier value."],
#   [[1, 4, -3, 0], "Without filling, four values have three places for a window of two."],
# ]
#
# [[exercises]]
# name = "length"
# kind = "compute"
# right = 92
# hint = "A window of seven leaves six fewer; pooling by five keeps whole fives only; then a window of seven again."
# mistakes = [
#   [93, "Pooling keeps whole fives only: 494 has 98 of them."],
#   [98, "That is before the second convolution."],
# ]
#
# [[exercises]]
# name = "count"
# kind = "compute"
# right = 28704
# hint = "32 windows, each with 7 times 128 weights, and a bias each."
# mistakes = [
#   [28672, "Each of the 32 has a bias."],
#   [928, "A window spans all 128 numbers of a word."],
# ]
#
# [[exercises]]
# name = "stuck"
# kind = "compute"
# right = 8.0590478
# tolerance = 1e-3
# hint = "An answer below 0 is taken for 1e-7; half of the rows have the label 1, the others cost nothing."
# mistakes = [
#   [16.1180957, "That is the loss of a row with the label 1; half of the rows have it."],
#   [0.6931471805599453, "That would be the loss of answers of one half."],
# ]
#
# [[exercises]]
# name = "where"
# kind = "explain"
# right = "b"
# hint = "What is left of the time after a maximum over all times?"
# mistakes = [
#   ["a", "It sees all of them, and forgets which came when."],
#   ["c", "It has weights enough; they cannot know the time."],
# ]
# ///

# %% [markdown]
# ## Where we are going
#
# A small window slides over a sequence and gives a number at each place: fast, and good at phrases. We train the
# network of the sources on reviews, find out why its accuracy falls while its loss falls, and let it fail on the
# weather. Time: three quarters of an hour. Lessons 5, 9 and 18 come before.
#
# ## Guess
#
# A network's training loss falls from epoch to epoch, and its training accuracy falls, too, from 0.8653 to 0.8052.
# Can that be? *a*: never, *b*: yes, by chance, *c*: yes, if loss and accuracy read the answers differently.
#
# <details><summary>Answer</summary>*c*. The book's log shows exactly that; below we see how.</details>

# %%
import re
from collections import Counter

import keras
import matplotlib.pyplot as plt
import numpy as np

import tenfold
from tenfold.lessons import name_lines, open_lesson
from tenfold.lessons.made_texts import BLAME, PRAISE, made_reviews

lesson = open_lesson("conv1d")

# %% [markdown]
# ## The smallest case
#
# Four values and a window of two weights, -1 and 1. Laid over neighbours, it gives their difference. It slides on by
# one, so four values give three answers. *Max pooling* keeps the largest of some neighbours; *global* max pooling
# keeps the largest of all, and forgets where it stood.

# %%
values, window = np.array([1.0, 3.0, 2.0, 5.0]), np.array([-1.0, 1.0])
slid = np.array([values[place : place + 2] @ window for place in range(3)])
assert slid.tolist() == [2, -1, 3]
layer = keras.layers.Conv1D(1, 2)
layer.build((None, 4, 1))
layer.set_weights([window.reshape(2, 1, 1), np.zeros(1)])
np.testing.assert_allclose(np.array(layer(values.reshape(1, 4, 1)))[0, :, 0], slid)
print("differences", slid, "largest", slid.max(), "; turned round", slid[::-1], "largest", slid[::-1].max())

# %% [markdown]
# ## The same in Keras
#
# Words as 128 numbers, 32 windows over seven words, the maximum of each five, 32 windows over seven of those, the
# maximum of all, and one unit: 1,315,937 weights. The sources' last unit has *no* activation, and the loss is binary
# crossentropy.


# %%
def rounded(truth, answer):  # what the Keras of that time counted: is the answer, rounded, the label?
    truth, answer = keras.ops.reshape(truth, (-1,)), keras.ops.reshape(answer, (-1,))  # else each row meets all others
    return keras.ops.mean(keras.ops.cast(keras.ops.equal(truth, keras.ops.round(answer)), "float32"))


def build(way="without", words=10_000, width=128, kernel=7, pool=5, rate=1e-4):
    layers = keras.layers
    convolve = [layers.Conv1D(32, kernel, activation="relu") for _ in range(2)]
    ends = layers.Dense(1, activation="sigmoid" if way == "sigmoid" else None)
    inner = [layers.Embedding(words, width), convolve[0], layers.MaxPooling1D(pool), convolve[1]]
    model = keras.Sequential([keras.Input((None,), dtype="int32"), *inner, layers.GlobalMaxPooling1D(), ends])
    loss = keras.losses.BinaryCrossentropy(from_logits=way == "logits")
    threshold = keras.metrics.BinaryAccuracy(threshold=0.0 if way == "logits" else 0.5, name="accuracy")
    model.compile(keras.optimizers.RMSprop(rate), loss, metrics=[threshold, rounded])
    return model


assert build().count_params() == 1315937

# %% [markdown]
# The full form reads the last 500 words of the labelled reviews; the fast form makes up 2,000 short ones, with turned
# words of opinion as in lesson 18, and takes smaller windows.

# %%
if lesson.is_full:
    texts, labels = tenfold.datasets.load("imdb").train
else:
    texts, labels = made_reviews(2000, length=12, telling=3, turned=0.5, seed=0)
order = np.random.default_rng(0).permutation(len(texts))
y = np.asarray(labels)[order].astype("float32")
parts = [re.findall(r"[a-z0-9']+", texts[one].lower().replace("<br />", " ")) for one in order]
counted = Counter(word for part in parts for word in part)
vocabulary = ["(none)", *(word for word, _ in counted.most_common(lesson.pick(100, 10_000) - 1))]
code = {word: place for place, word in enumerate(vocabulary)}
numbers = [[code[word] for word in part if word in code] for part in parts]
x = keras.utils.pad_sequences(numbers, lesson.pick(24, 500))
held = len(x) // 5
fold = [(np.arange(len(x) - held), np.arange(len(x) - held, len(x)))]
print(x.shape)

# %% [markdown]
# ## With Tenfold: three ways to end
#
# The network as it was printed; with the sigmoid; and with a loss that expects sums without sigmoid (*logits*). All
# else is the same. We switch off Tenfold's own cure (`fuse=False`), so that it trains what we write, no better.

# %%
settings = lesson.pick({"words": 100, "width": 16, "kernel": 3, "pool": 3, "rate": 0.002}, {})
asked = {"cv": fold, "seeds": 2, "epochs": lesson.pick(12, 10), "batch_size": lesson.pick(32, 128)}
cvs = {
    way: tenfold.cross_validate(lambda way=way: build(way, **settings), x, y, fuse=False, verbose=0, **asked)
    for way in ("without", "sigmoid", "logits")
}
for way, cv in cvs.items():
    last = cv.history.groupby("epoch")[["loss", "rounded", "accuracy", "val_accuracy"]].mean().iloc[-1]
    print(f"{way}: " + ", ".join(f"{name} {value:.3f}" for name, value in last.items()))
without = cvs["without"].history.groupby("epoch")[["loss", "rounded", "accuracy", "val_rounded"]].mean()
assert without["loss"].iloc[-1] < without["loss"].iloc[0]
assert without["rounded"].iloc[-1] < without["accuracy"].iloc[-1]
assert cvs["sigmoid"].scores["accuracy"].mean() > 0.7

# %%
figure, axes = plt.subplots(figsize=(6, 3.2), layout="constrained")
lines = {
    "without, rounded": without["rounded"], "without, above one half": without["accuracy"],
    "with sigmoid": cvs["sigmoid"].history.groupby("epoch")["accuracy"].mean(),
}  # fmt: skip
for (name, one), color in zip(lines.items(), ["#D55E00", "#767676", "#0072B2"], strict=True):
    axes.plot(one.index + 1, one, color=color, label=name)
axes.set(title="Without sigmoid, rounded answers count as wrong", xlabel="epoch", ylabel="accuracy on rows learnt from")
name_lines(axes)
ends = "; ".join(f"{name} {one.iloc[-1]:.2f}" for name, one in lines.items())
lesson.show(figure, f"Training accuracy at the end: {ends}.")

# %% [markdown]
# ## What goes wrong: the missing sigmoid
#
# Without a sigmoid nothing keeps answers between 0 and 1. The loss cuts them off there, so it does not mind an answer
# of 3; the accuracy of that Keras rounded the answer, and 3 is no label, nor is -1. So the more certain the network
# became, the more rows counted as wrong. Today's Keras asks whether the answer is above 0.5, and hides the slip. How
# far do answers go?

# %%
each = [model.predict(x[-held:], verbose=0).reshape(-1) for model in cvs["without"].models]
answers, last = np.concatenate(each), np.tile(y[-held:], len(each))
print("held-out loss by seed", cvs["without"].scores["loss"].round(3).tolist())
outside, beyond = float(((answers < 0) | (answers > 1)).mean()), float(((answers < -0.5) | (answers > 1.5)).mean())
print(f"answers from {answers.min():.1f} to {answers.max():.1f}")
print(f"{outside:.0%} outside 0 to 1; {beyond:.0%} are no label when rounded")
assert outside > 0.3
assert beyond > 0.01
as_then, as_now = float((np.round(answers) == last).mean()), float(((answers > 0.5) == last).mean())
assert as_then <= as_now
if lesson.is_full:
    by_seed = cvs["without"].history.groupby("seed")["val_rounded"]
    lesson.record("H18", by_seed.max().to_numpy())
    lesson.record("H18 last", by_seed.last().to_numpy())
    lesson.record("H18 training", cvs["without"].history.groupby("seed")["rounded"].last().to_numpy())
    for way in ("sigmoid", "logits"):
        lesson.record(way, cvs[way].history.groupby("seed")["val_accuracy"].max().to_numpy())
        assert cvs[way].history["val_accuracy"].max() > 0.8

# %% [markdown]
# There is worse. Where an answer is below 0 and the label is 1, the loss takes the answer for 1e-7: 16.118, whatever
# the answer, so its slope is 0, and this row will never teach again. A later notebook of 001 sits at a loss of 8.0792
# for all of its epochs, with an accuracy of 0.49875: all its answers are below 0, and half of its rows cost 16.118
# each. So it goes with one of our two networks without sigmoid in the full form: it stays at a guess from the first
# epoch to the last, while the other one does as published.

# %%
loss = tenfold.scratch.BinaryCrossentropy()
truth, answer = np.array([[1.0]]), np.array([[-0.3]])
assert round(loss.value(truth, answer), 3) == 16.118
assert not loss.slope(truth, answer).any()
assert abs((1 - 0.49875) * -np.log(1e-7) - 8.0792) < 1e-4
told = {finding.code: finding for finding in cvs["without"].findings}
print(told["TF102"].message, "->", told["TF102"].repair)

# %% [markdown]
# The check `TF102` reads last layer and loss together, and sees the slip without any training.
#
# ## Look inside
#
# Does the network read phrases? Among plain words, we ask the good one about a word of opinion alone, with `hardly`
# before it, and, as a control, with `hardly` *after* it.

# %%
good = cvs["sigmoid"].models[0]
known = [word for word in (*PRAISE, *BLAME) if word in code and "hardly" in code]
plain = [code[word] for word in ("the", "film", "was", "on", "for", "two", "that", "it") if word in code]
phrases = [[[code[word]], [code["hardly"], code[word]], [code[word], code["hardly"]]] for word in known]
rows = [plain + phrase + plain for three in phrases for phrase in three]
asked_of = keras.utils.pad_sequences(rows, x.shape[1])
chances = good.predict(asked_of, verbose=0).reshape(-1, 3)
turned = float(np.abs(chances[:, 1] - chances[:, 0]).mean())
control = float(np.abs(chances[:, 2] - chances[:, 0]).mean())
figure, axes = plt.subplots(figsize=(6.5, 3.2), layout="constrained")
for column, (name, color) in enumerate(
    (("alone", "#0072B2"), ("hardly before", "#D55E00"), ("hardly after", "#999999"))
):
    axes.plot(chances[:, column], "o" if column < 2 else "x", color=color, label=name)
axes.legend(frameon=False, fontsize=8)
axes.set_xticks(range(len(known)), known, rotation=60, ha="right", fontsize=8)
axes.set(title="A window reads 'hardly' with the word that follows", ylabel="chance of praise")
if not lesson.is_full:
    assert turned > control
lesson.show(figure, f"'hardly' before a word moves the answer by {turned:.2f} on average, after it by {control:.2f}.")

# %% [markdown]
# ## Weather: when it matters when
#
# Now a series: from the last days forecast the temperature of the same hour tomorrow. The rival costs nothing:
# tomorrow will be like now. The full form reads the hours of Beijing (in place of Jena, which the sources have), the
# fast form a made-up series. Guess: does a stack of convolutions that ends in a global maximum beat the rival?


# %%
def series():
    if lesson.is_full:
        frame = tenfold.datasets.load("beijing_pm25").frame
        return frame[["TEMP", "DEWP", "PRES", "Iws"]].to_numpy("float32")
    random, hours = np.random.default_rng(0), np.arange(2600)
    slow = np.cumsum(random.normal(size=2600)) * 0.3
    slow -= np.convolve(slow, np.ones(600) / 600, mode="same")
    return np.stack([slow + np.sin(2 * np.pi * hours / 24), random.normal(size=2600)], axis=1).astype("float32")


back, ahead, step = lesson.pick(48, 240), lesson.pick(6, 24), lesson.pick(2, 3)
table = series()
cut = len(table) * 3 // 5
table = (table - table[:cut].mean(axis=0)) / table[:cut].std(axis=0)
begins = np.arange(0, len(table) - back - ahead, step)
windows = np.stack([table[begin : begin + back] for begin in begins])
target = table[begins + back + ahead - 1, 0]
early = np.flatnonzero(begins + back + ahead < cut)
late = np.flatnonzero(begins > cut)  # no window of the one shares an hour with the other
same_hour = windows[late, -ahead, 0] if lesson.is_full else windows[late, -1, 0]
naive = float(np.abs(same_hour - target[late]).mean())
print(windows.shape, f"; rival's mean absolute error {naive:.3f} standard deviations")


# %%
kernel = lesson.pick(3, 5)


def forecaster(end):
    layers = keras.layers
    inner = [layers.Conv1D(32, kernel, activation="relu"), layers.MaxPooling1D(3)]
    inner.append(layers.Conv1D(32, kernel, activation="relu"))
    if end == "maximum":
        inner += [layers.MaxPooling1D(3), layers.Conv1D(32, kernel, activation="relu"), layers.GlobalMaxPooling1D()]
    else:
        inner.append(layers.GRU(32, dropout=0.1, recurrent_dropout=0.5))
    model = keras.Sequential([keras.Input(windows.shape[1:]), *inner, layers.Dense(1)])
    model.compile("rmsprop", "mae")
    return model


# %%
errors = {}
for end, key in lesson.pick((("maximum", "H26"),), (("maximum", "H26"), ("GRU", "H27"))):
    found = tenfold.cross_validate(
        lambda end=end: forecaster(end), windows, target, cv=[(early, late)], seeds=lesson.pick(1, 4),
        epochs=lesson.pick(8, 10), batch_size=lesson.pick(32, 128), verbose=0,
    )  # fmt: skip
    errors[end] = found.history.groupby("seed")["val_loss"].min().to_numpy()
    print(f"ends in {end}: best {errors[end].mean():.3f} ({errors[end].min():.3f} to {errors[end].max():.3f})")
    if lesson.is_full:
        lesson.record(key, errors[end])
assert errors["maximum"].mean() > naive
if lesson.is_full:
    assert errors["GRU"].mean() < errors["maximum"].mean()

# %% [markdown]
# The maximum loses to the rival. It knows that it was warm at some time in these days, but not when. For a verdict in
# a review that is enough; for tomorrow's weather the last hours count most. A recurrent layer behind the convolutions
# brings the time back, and has a third of the steps to walk: the full form trains it as well, and the sources' 0.2730
# beside 0.4521 says what it is worth.
#
# ## Exercises
#
# **1. slide** (compute). The values are 2, 3, 7 and 4, the window -1 and 1. What does it answer?

# %% tags=["solution"]
series_of_four = np.array([2, 3, 7, 4])
differences = [float(series_of_four[place : place + 2] @ [-1, 1]) for place in range(3)]
lesson.check("slide", differences)

# %% [markdown]
# **2. length** (compute). 500 words, a window of seven, maxima of five, a window of seven: how many places are left?

# %% tags=["solution"]
places = (500 - 6) // 5 - 6
lesson.check("length", places)

# %% [markdown]
# **3. count** (compute). How many weights have 32 windows over seven words of 128 numbers?

# %% tags=["solution"]
weights = 32 * (7 * 128) + 32
lesson.check("count", weights)

# %% [markdown]
# **4. stuck** (compute). Without sigmoid all answers are below 0, and half of the labels are 1. What is the loss?

# %% tags=["solution"]
frozen = 0.5 * -np.log(1e-7)
lesson.check("stuck", frozen)

# %% [markdown]
# **5. where** (explain). Why does the global maximum fail on the weather? *a*: it sees the first hours only, *b*: it
# forgets when, *c*: it has too few weights.

# %% tags=["solution"]
letter = "b"
lesson.check("where", letter)

# %% [markdown]
# ## What to remember
#
# - A 1-D convolution reads phrases wherever they stand; a global maximum forgets where.
# - Last layer and loss belong together: sigmoid with crossentropy, or no activation with logits.
# - Two numbers that move against each other are a message. Read it before you train longer.
#
# Words: Conv1D, kernel, pooling, logits, clipping. Next: lesson 21 (`project`).
#
# ## Published and ours

# %%
lesson.closing_table()
