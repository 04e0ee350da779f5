# /// lesson
# number = "13"
# name = "capacity"
# title = "Validation, early stopping, capacity"
# promise = "Find the size of a network and the time to stop by rows it was not trained on, and do not fool yourself."
# covers = [
#   "002 Model Validation", "002 Model Capacity", "002 Workflow for optimizing model capacity",
#   "001 Developing a model that does better than a baseline", "001 Scaling up: developing a model that overfits",
#   "001 Regularizing your model and tuning your hyperparameters",
# ]
# also = ["model validation", "early stopping", "model capacity", "overfitting", "underfitting", "steps 5 to 7 of 001"]
# data = ["titanic"]
# minutes_fast = 0.5
# minutes_full = 4
# definitions = ["100", "0.3", "0.5"]
#
# [[published]]
# key = "best width"
# what = "units of each hidden layer with the smallest validation loss"
# value = "inside the range, neither the smallest nor the largest"
# where = "002, workflow for optimizing model capacity"
# difference = "other data"
# because = "the source shows the workflow without numbers; ours is on two noisy circles"
#
# [[exercises]]
# name = "patience"
# kind = "compute"
# right = 6
# hint = "Count the epochs after the best one; training ends when that count reaches the patience."
# mistakes = [
#   [4, "That is the best epoch; training goes on until patience runs out."],
#   [5, "Patience 2 allows two epochs without a gain."],
#   [7, "The second epoch without a gain is the last."],
# ]
#
# [[exercises]]
# name = "size"
# kind = "compute"
# right = 32
# hint = "Which column should decide, and which only tells that the network could be larger?"
# mistakes = [
#   [512, "Smallest training loss: that is how well it remembers."],
#   [8, "Its training and validation loss are close, and both are high: it is too small."],
# ]
#
# [[exercises]]
# name = "chosen"
# kind = "explain"
# right = "b"
# hint = "What was the validation score used for?"
# mistakes = [
#   ["a", "The best of many scores is the best partly by luck, however honest each of them was."],
#   ["c", "Validation rows were not trained on; but something was chosen by them."],
# ]
#
# [[exercises]]
# name = "split"
# kind = "build"
# right = [0, 2, 4, 6]
# hint = "Sorted by size, every second row: [0, 2, 4, 6] of range(8)."
# mistakes = [
#   [[4, 5, 6, 7], "The last rows, as Keras takes them: with sorted rows that is one class only."],
#   [[1, 3, 5, 7], "Begin with the first row."],
# ]
# ///

# %% [markdown]
# ## Where we are going
#
# How large should a network be, and how long should it train? Training rows cannot tell: to them, larger and longer is
# always better. At the end we have a figure with a minimum in its middle, and we know why even that minimum flatters.
# Time: half an hour. One should know [lesson 6](06_keras.py).
#
# ## Guess
#
# Twelve points lie near a curve. Polynomials of degree 1, 3 and 9 are fitted to them. Which one is closest to the
# points, and which is closest to twelve new points from the same curve?
#
# <details><summary>Answer</summary>Degree 9 to the old ones, degree 3 to the new ones.</details>

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np

import tenfold
from tenfold.lessons import name_lines, open_lesson

lesson = open_lesson("capacity")

# %% [markdown]
# ## The smallest case
#
# *Capacity* is what a model can tell apart: here the degree, in a network the number of layers and units. Too little
# and it misses what is there, *underfitting*; too much and it learns the noise by heart, *overfitting*. The only way to
# see the second is rows that were not used: *validation*.

# %%
draw = np.random.default_rng(6)


def points(number):
    at = np.linspace(-1, 1, number)
    return at, np.sin(2.5 * at) + draw.normal(0, 0.2, number)


(at, value), (new_at, new_value) = points(12), points(200)
fits = {degree: np.polynomial.Polynomial.fit(at, value, degree) for degree in range(1, 10)}
training = [float(np.mean((fit(at) - value) ** 2)) for fit in fits.values()]
validation = [float(np.mean((fit(new_at) - new_value) ** 2)) for fit in fits.values()]
best = 1 + int(np.argmin(validation))
assert np.all(np.diff(training) <= 1e-12)
assert best == 3

# %%
figure, axes = plt.subplots(figsize=(5, 3), layout="constrained")
axes.plot(list(fits), training, marker="o", label="points it was fitted to")
axes.plot(list(fits), validation, marker="s", label="new points")
axes.legend(frameon=False)
axes.set(title="Only new points know when to stop", xlabel="degree", ylabel="mean squared error")
lesson.show(figure, f"Training error falls to {training[-1]:.3f} at degree 9; on new points degree {best} is best.")

# %% [markdown]
# ## The same in Keras
#
# `fit(..., validation_split=0.3)` holds out 30 % of the rows and scores them after each epoch.
# `EarlyStopping(patience=2)` ends the training when the validation loss has not come down for two epochs. (A note in
# the source says "without training" where it means "without improving".) With early stopping, `epochs` is only an upper
# bound. The source trains 100-100 units on passengers of the Titanic; the fast form has tumours.


# %%
def titanic():
    frame = tenfold.datasets.load("titanic").frame
    facts = frame[["Pclass", "Age", "SibSp", "Parch", "Fare"]].assign(female=frame["Sex"] == "female")
    return facts.fillna(facts["Age"].median()).to_numpy(float), frame["Survived"].to_numpy()


if lesson.is_full:
    x, y = titanic()
else:
    from sklearn.datasets import load_breast_cancer

    x, y = load_breast_cancer(return_X_y=True)
x, y = ((x - x.mean(axis=0)) / x.std(axis=0)).astype("float32"), y.astype("float32")


# %%
def network():
    hidden = [keras.layers.Dense(100, activation="relu") for _ in range(2)]
    net = keras.Sequential([keras.Input(x.shape[1:]), *hidden, keras.layers.Dense(1, activation="sigmoid")])
    net.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    return net


stop = keras.callbacks.EarlyStopping(patience=2)
history = tenfold.fit(network(), x, y, epochs=30, validation_split=0.3, callbacks=[stop], seed=0, verbose=0)
losses = history.history["val_loss"]
assert len(losses) <= 30
assert len(losses) == 30 or min(losses[-2:]) >= min(losses)
print(f"stopped after {len(losses)} epochs; the smallest validation loss was in epoch {1 + int(np.argmin(losses))}")

# %% [markdown]
# ## What goes wrong, first: the last rows
#
# `validation_split` takes the *last* rows, before anything is shuffled. Files are often sorted. Guess what a network
# that learnt from sorted rows scores on the rest.

# %%
order = np.argsort(y, kind="stable")
sorted_y = y[order]
held_out = sorted_y[int(0.7 * len(y)) :]
assert len(np.unique(held_out)) == 1
seen_share = float(sorted_y[: int(0.7 * len(y))].mean())
print(f"held out: only class {held_out[0]:.0f}; trained on: {seen_share:.0%} of class 1, in all rows {y.mean():.0%}")

# %% [markdown]
# Every held-out row has the same class, so the score says how often the network says this class, and nothing else.
# Shuffle first, or leave the splitting to folds.
#
# ## With Tenfold
#
# One split is one draw. *K-fold* validation lets every row be held out once. It is said to be too expensive for deep
# networks, since it trains k of them; Tenfold trains all folds as one program. Is the network better than a guess, and
# than a linear model? That is step five of the universal workflow: beat a baseline before anything else.

# %%
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score

cv = tenfold.cross_validate(network, x, y, cv=5, epochs=12, verbose=0)
accuracy, guess = cv.summary().loc["accuracy"], max(y.mean(), 1 - y.mean())
linear = float(cross_val_score(LogisticRegression(max_iter=1000), x, y, cv=5).mean())
assert accuracy["low"] > guess
print(f"network {accuracy['value']:.3f} ({accuracy['low']:.3f} to {accuracy['high']:.3f})")
print(f"linear {linear:.3f}, guess {guess:.3f}")

# %% [markdown]
# Where the linear model lies within the network's interval, a larger network is not what is missing.
#
# ## Growing a network
#
# The workflow: begin small, note the validation score, add capacity, and go on until it no longer gains. Step six of
# the universal workflow adds: go on until the network *overfits*, for only then you know that it was large enough. We
# do so on two rings of points with noise, several networks of each width, each with other rows held out.

# %%
widths = lesson.pick((1, 4, 8, 32, 128), (1, 2, 4, 8, 16, 32, 64, 128))
grown = tenfold.views.capacity(widths=widths, seeds=lesson.pick(3, 8), epochs=lesson.pick(60, 100))
seen = grown.numbers
best_width = widths[seen.best]
train_ends, validation_ends = seen.last(seen.loss), seen.last(seen.validation_loss)
assert widths[0] < best_width < widths[-1]
assert train_ends[-1] == min(train_ends)
assert validation_ends[-1] > validation_ends[seen.best]
lesson.record("best width", best_width)
print(grown.sentence)
lesson.show(grown.figure, grown.sentence)

# %% [markdown]
# The training loss falls from left to right; the validation loss has its minimum inside. On the left more capacity
# helps, on the right it harms. Then comes step seven: hold the large network back, by stopping early, by dropout, or by
# a penalty on weights.
#
# ## What goes wrong, second: choosing by validation
#
# We tried widths and epochs and kept what scored best *on the validation rows*. Is its score still honest? Look at the
# worst case. The labels are coin flips, nothing can be learnt, and we choose the best of fifty models.

# %%
coins, future = draw.integers(0, 2, 100), draw.integers(0, 2, 10_000)
models = draw.integers(0, 2, (50, 100)), draw.integers(0, 2, (50, 10_000))
on_validation = (models[0] == coins).mean(axis=1)
chosen = int(np.argmax(on_validation))
on_new = float((models[1][chosen] == future).mean())
assert on_validation[chosen] > 0.58
assert abs(on_new - 0.5) < 0.03
figure, axes = plt.subplots(figsize=(5, 3), layout="constrained")
axes.hist(on_validation, bins=np.arange(0.33, 0.71, 0.02))
axes.axvline(on_validation[chosen], color="black", linestyle="--", label="the chosen one, here")
axes.axvline(on_new, color="#D55E00", linestyle=":", label="the same on new rows")
axes.legend(frameon=False, loc="upper left")
axes.set(title="The best of fifty is best by luck", xlabel="accuracy on 100 validation rows", ylabel="models of 50")
lesson.show(
    figure,
    f"Chosen at {on_validation[chosen]:.2f} on validation rows (dashed), it scores {on_new:.2f} on new ones (dotted).",
)

# %% [markdown]
# So what is chosen by rows must be scored on others. `tenfold run` seals some rows at the start and looks at them once,
# at the very end; and a cross-validation whose callbacks stop on the fold that is scored says so.
#
# ## Look inside
#
# What does overfitting look like while it happens? The same network learns the tumours (or passengers), and, as a
# control, the same rows with shuffled labels, in which there is nothing to learn. Guess whether the training loss can
# tell the two apart.

# %%
shuffled = np.random.default_rng(0).permutation(y)
runs = {
    name: tenfold.cross_validate(network, x, labels, cv=3, epochs=25, verbose=0, checks=False)
    for name, labels in (("true labels", y), ("shuffled labels", shuffled))
}
figure, panels = plt.subplots(1, 2, figsize=(7, 3), layout="constrained", sharey=True)
for axes, (name, run) in zip(panels, runs.items(), strict=True):
    curve = run.history.groupby("epoch")[["loss", "val_loss"]].mean()
    axes.plot(curve.index + 1, curve["loss"], color="#767676", label="training")
    axes.plot(curve.index + 1, curve["val_loss"], color="#0072B2", linestyle="--", label="validation")
    axes.set(title=name, xlabel="epochs")
    name_lines(axes)
panels[0].set_ylabel("loss, nats")
learnt = [run.history.groupby("epoch")[["loss", "val_loss"]].mean() for run in runs.values()]
(true, true_held), (flips, flips_held) = ((one["loss"].iloc[-1], one["val_loss"].iloc[-1]) for one in learnt)
assert flips < learnt[1]["loss"].iloc[0] - 0.05
assert flips_held > learnt[1]["val_loss"].iloc[0]
assert true_held < 0.6 < flips_held
lesson.show(
    figure,
    f"Training (solid) ends at {true:.2f}, with shuffled labels at {flips:.2f}; validation (dashed) at {true_held:.2f} "
    f"and {flips_held:.2f}.",
)

# %% [markdown]
# With shuffled labels the training loss falls as well: a network with thousands of weights can remember coin flips.
# Only the dashed line knows, and it rises from the first epochs on.
#
# ## Exercises
#
# **1. patience** (compute). The validation losses are 0.9, 0.7, 0.6, 0.5, 0.55, 0.52, 0.51, 0.4. After how many epochs
# does `EarlyStopping(patience=2)` end the training?

# %% tags=["solution"]
losses = [0.9, 0.7, 0.6, 0.5, 0.55, 0.52, 0.51, 0.4]
ended = next(e for e in range(3, 9) if min(losses[:e]) == min(losses[: e - 2]))
lesson.check("patience", ended)

# %% [markdown]
# **2. size** (compute). Widths 8, 32, 128 and 512 have the training losses 0.6, 0.4, 0.2 and 0.1 and the validation
# losses 0.62, 0.5, 0.56 and 0.8. Which width do you take?

# %% tags=["solution"]
width = (8, 32, 128, 512)[int(np.argmin([0.62, 0.5, 0.56, 0.8]))]
lesson.check("size", width)

# %% [markdown]
# **3. chosen** (explain). Fifty networks were tried, and the best validation accuracy is reported as the result. *a*:
# fine, validation rows were not trained on; *b*: too good, since it was chosen by these rows; *c*: too bad, since they
# were held out.

# %% tags=["solution"]
letter = "b"
lesson.check("chosen", letter)

# %% [markdown]
# **4. split** (build). Write `every_second(labels)` that returns the numbers of the rows to train on such that both
# classes are on both sides, if rows are sorted by class and classes are equally frequent. Try it on four zeros and four
# ones.


# %% tags=["solution"]
def every_second(labels):
    return np.arange(0, len(labels), 2)


to_train = every_second(np.array([0, 0, 0, 0, 1, 1, 1, 1]))
lesson.check("split", to_train)

# %% [markdown]
# ## What to remember
#
# - Training loss falls with capacity and time; only rows that were not used know when it is enough.
# - Begin small, grow until it overfits, then hold it back.
# - `validation_split` takes the last rows: shuffle first. One split is one draw: use folds.
# - What was chosen by rows is flattered by them: keep sealed rows for the end.
#
# Words: capacity, overfitting, validation, early stopping, patience, fold. Next: lesson 14 (`convnets`).
#
# ## Published and ours

# %%
lesson.closing_table()
