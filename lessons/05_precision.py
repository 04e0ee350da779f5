# /// lesson
# number = "5"
# name = "precision"
# title = "Sigmoid, crossentropy and the end of float32"
# promise = "Say beyond which number a network no longer hears how wrong it is, why, and what to do about it."
# covers = ["000 numeric_precision: sigmoid activation and binary crossentropy"]
# also = [
#   "numeric precision", "sigmoid and binary crossentropy", "less than perfect match", "float32", "logits", "clipping",
# ]
# data = ["cats_dogs"]
# minutes_fast = 0.4
# minutes_full = 10
# definitions = ["0.0000001", "0.9999999", "16.6", "1e-7", "0.5", "8.0590", "0.001", "1,000", "0.69"]
#
# [[published]]
# key = "H28"
# what = "float32, logit(sigmoid(x)): last point within 1 %, last point before the division by zero (H28)"
# value = "14.6396, 16.5916"
# where = "000, notebook 01"
# difference = "none"
# because = "the same 1,000 points"
#
# [[published]]
# key = "H29"
# what = "binary crossentropy of Keras: lower wall, upper wall, largest and smallest loss of label 1 (H29)"
# value = "-16.118, +15.942, 16.118, 1.1921e-7"
# where = "000, notebook 01"
# difference = "none"
# because = "computed from the format, as printed"
#
# [[published]]
# key = "H30 raw"
# what = "test accuracy, trained on logits (H30)"
# value = "0.9513 ± 0.0044 (9 runs)"
# where = "000, results of March 2019"
# difference = "other data"
# because = "a small convnet on 4,000 smaller photos, where the source has InceptionV3 with borrowed weights"
#
# [[published]]
# key = "H30 sigmoid"
# what = "test accuracy, trained through sigmoid (H30)"
# value = "0.9456 ± 0.0102 (9 runs)"
# where = "000, results of March 2019"
# difference = "other data"
# because = "as above; each of our pairs shares its first weights"
#
# [[exercises]]
# name = "ceiling"
# kind = "compute"
# right = 6.907755278982137
# hint = "The largest loss is that of the smallest probability that the clip leaves."
# mistakes = [
#   [-6.907755278982137, "The sign: a loss is minus the logarithm."],
#   [3, "The natural logarithm, not that of base 10."],
# ]
# tolerance = 1e-4
#
# [[exercises]]
# name = "frozen"
# kind = "compute"
# right = 0.5
# hint = "Each frozen row has the ceiling as its loss, and the others hardly any."
# mistakes = [
#   [2, "The other way round: loss over ceiling."],
#   [8.059, "That is the loss; which part of the ceiling is it?"],
# ]
# tolerance = 1e-3
#
# [[exercises]]
# name = "harm"
# kind = "explain"
# right = "b"
# hint = "What is the true gradient, sigmoid(x) - y, of each?"
# mistakes = [
#   ["a", "Its true gradient is 0 to nine digits: nothing is lost."],
#   ["c", "One of them has a true gradient of 1."],
# ]
#
# [[exercises]]
# name = "stable"
# kind = "build"
# right = [20.000000002061153, 0.6931471805599453, 2.061153620314381e-09]
# hint = "log(1 + exp(-x)) for a positive x; for a negative one add -x and use exp(x), so that exp never grows."
# mistakes = [
#   [[2.061153620314381e-09, 0.6931471805599453, 20.000000002061153], "That is the loss of label 0."],
#   [[16.118095650958317, 0.6931471805599453, 1.0000000494736474e-07], "The clip is still there."],
# ]
# ///

# %% [markdown]
# ## Where we are going
#
# A network is sure that a photo shows a cat. It shows a dog, and the network is never told: the number that should tell
# it is cut off. At the end we know where that begins, to six digits, we have seen a training that never starts because
# of it, and one that does. Time: twenty minutes. One should know lesson 2 ([slope](02_slope.py)) and what a sigmoid is.
#
# ## Guess
#
# A row has the label 1. The network's sum for it, the *logit*, is -20 at first and -40 after a bad step. Twice as
# wrong. What does the loss of Keras say? *a*: twice as much; *b*: a little more; *c*: exactly the same.
#
# <details><summary>Answer</summary>*c*. And its slope is 0 in both cases.</details>

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np

import tenfold
from tenfold.lessons import name_lines, open_lesson

lesson = open_lesson("precision")

# %% [markdown]
# ## The smallest case
#
# Sigmoid turns a logit $x$ into a probability $p = 1 / (1 + e^{-x})$, and crossentropy takes the logarithm of the
# probability of what is true. The computer rounds in between. float32 has about seven digits. Near 0 that is plenty,
# since 0.0000001 has digits of its own. Near 1 it is not: 0.9999999 uses up all seven.
#
# So we go to the probability and back, in float32, at 1,000 points, and look at what is left of the logit.


# %%
def sigmoid(x):
    return 1 / (1 + np.exp(-x))


x = np.linspace(-25, 25, 1000).astype(np.float32)
p = sigmoid(x)
with np.errstate(divide="ignore", invalid="ignore"):
    error = (np.log(p / (1 - p)) - x) / x
upwards = x > 0
within = x[upwards][np.argmax(np.abs(error[upwards]) > 0.01) - 1]
finite = x[upwards][np.argmax(~np.isfinite(error[upwards])) - 1]
assert abs(within - 14.639639854) < 1e-6
assert abs(finite - 16.591590881) < 1e-6
lesson.record("H28", [within, finite])
print(f"within 1 % until {within:.4f}, finite until {finite:.4f}")

# %%
figure, axes = plt.subplots(figsize=(5, 3), layout="constrained")
axes.plot(x, 100 * error)
axes.axvline(24 * np.log(2), linestyle=":")
axes.set(
    title="Sigmoid forgets large logits, on one side only",
    xlabel="logit",
    ylabel="error of the way back, %",
    ylim=(-6, 6),
)
assert np.nanmax(np.abs(error[x < 0])) < 1e-5
lesson.show(
    figure, f"No error below 0; beyond {within:.2f} it is above 1 %, and after {finite:.2f} there is no way back."
)

# %% [markdown]
# The error zigzags because probabilities near 1 come in steps, and a logit between two steps is moved to one of them.
# At $24 \log 2$, the dotted line, $1 + e^{-x}$ is 1, and everything beyond is one and the same number.
#
# ## What Keras does about it
#
# The logarithm of 0 would be minus infinity. So Keras *clips* probabilities to between 1e-7 and one minus 1e-7. No loss
# is infinite then, but none is larger than $-\log(10^{-7})$ either, which is 16.118. `tenfold.precision.wall` computes
# from the number format where rows are no longer told apart, and a network of a single weight must agree with it.

# %%
wall = tenfold.precision.wall("float32", "binary_crossentropy")
model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, activation="sigmoid")])
model.set_weights([np.ones((1, 1)), np.zeros(1)])
model.compile("sgd", "binary_crossentropy")
seen = [model.evaluate(np.array([[at]]), np.ones((1, 1)), verbose=0) for at in (-50.0, -20.0, 50.0)]
assert abs(wall.lower + 16.118095) < 1e-6
assert abs(wall.upper - 15.942385) < 1e-6
assert seen[0] == seen[1]
np.testing.assert_allclose(seen, [wall.ceiling_positive, wall.ceiling_positive, 1.1920929e-07], rtol=1e-6)
lesson.record("H29", [wall.lower, wall.upper, wall.ceiling_positive, wall.floor_positive])
print(f"walls {wall.lower:.3f} and {wall.upper:.3f}; loss at -50, -20 and 50: {seen}")

# %% [markdown]
# The walls lie at different distances, since one minus 1e-7 is no number of float32 and is rounded. And a loss at the
# ceiling has no slope. The true slope of the loss by the logit is simple, $p - y$: for a row that is very wrong it is
# almost -1 or 1, the loudest that it can be. Guess which of the two curves below reaches it.

# %%
from tenfold.precision.paths import follow_paths

paths = follow_paths(np.linspace(-30, 30, 601), 1, "float32")
figure, (left, right) = plt.subplots(1, 2, figsize=(7.5, 3), layout="constrained")
for axes, what in ((left, "losses"), (right, "gradients")):
    for name, dashes in (("from_logits", "-"), ("probability", "--")):
        axes.plot(paths.logits, getattr(getattr(paths, name), what), dashes, label=name.replace("_", " "))
    axes.set(xlabel="logit of a row with label 1")
left.set(title="Wrong rows stop at 16.118 ...", ylabel="loss, nats")
right.set(title="... and fall silent", ylabel="slope by the logit")
left.legend(frameon=False)
silent = paths.logits < wall.lower
assert np.all(paths.probability.gradients[silent] == 0)
assert np.all(paths.from_logits.gradients[silent] < -0.99)
lesson.show(
    figure, f"Below {wall.lower:.2f} the loss through the probability is flat and its slope 0; from logits it is -1."
)

# %% [markdown]
# From the logit itself the loss can be written without any probability, $\max(x, 0) - xy + \log(1 + e^{-|x|})$, and
# then nothing is cut off. In Keras that is `from_logits=True`, with a last layer without sigmoid.
#
# ## The same in other formats
#
# Half the bits, less than half the room. In float16 and bfloat16 the clip itself is rounded away: one minus 1e-7
# becomes 1, and a loss can be infinite after all.

# %%
for dtype in ("float16", "bfloat16", "float32", "float64"):
    top = tenfold.precision.wall(dtype, "sigmoid").upper
    ceiling = tenfold.precision.wall(dtype, "binary_crossentropy").ceiling
    print(f"{dtype:9} sigmoid is 1 beyond {top:5.2f}, largest loss {ceiling:.3f}")
tops = [tenfold.precision.wall(dtype, "sigmoid").upper for dtype in ("bfloat16", "float16", "float32", "float64")]
assert tops == sorted(tops)
assert tops[1] < 8

# %% [markdown]
# ## With Tenfold
#
# Does it matter in training? The source trained both heads nine times and found 0.9513 against 0.9456, with spreads
# that overlap: a difference that chance makes easily. We train pairs that start from the same weights and see the rows
# in the same order, so that only the head differs, and look at the differences within pairs.

# %%
from tenfold.precision.heads import compare_heads
from tenfold.precision.tasks import find_task

task = find_task(lesson.pick("digits", "cats_dogs"), quick=not lesson.is_full)
heads = compare_heads(task, num_seeds=lesson.pick(4, 9))
lesson.record("H30 raw", heads.from_logits.accuracy)
lesson.record("H30 sigmoid", heads.probability.accuracy)
difference = heads.difference("accuracy")
assert min(heads.from_logits.accuracy.mean(), heads.probability.accuracy.mean()) > 0.55
assert difference.low <= 0 <= difference.high or abs(difference.value) < 0.02
print(f"logits better by {difference.value:.4f} ({difference.low:.4f} to {difference.high:.4f})")
print(f"largest logit {heads.from_logits.largest_logit.max():.1f}, clipped rows {heads.probability.beyond.max():.1%}")

# %% [markdown]
# The two cannot be told apart, here as there. The reason is in the last line: a network that starts near 0 and learns
# its rows has hardly any that are wrong by more than 16. The clip is harmless where nothing comes near it.
#
# ## What goes wrong
#
# It is not harmless where something does: inputs that nobody scaled, a rate too large, a bias set by hand. We start a
# small network on tumours with a bias of 20, so that it begins by saying "malignant" to all, with certainty. Guess:
# will it find its way back by the probability? And from logits? By default Tenfold trains a sigmoid on its logits;
# `fuse=False` does what Keras does.

# %%
from sklearn.datasets import load_breast_cancer

tumours, benign = load_breast_cancer(return_X_y=True)
tumours = (tumours - tumours.mean(axis=0)) / tumours.std(axis=0)


def certain():
    last = keras.layers.Dense(1, activation="sigmoid", bias_initializer=keras.initializers.Constant(20))
    net = keras.Sequential([keras.Input((30,)), keras.layers.Dense(8, activation="relu"), last])
    net.compile(keras.optimizers.SGD(0.1), "binary_crossentropy", metrics=["accuracy"])
    return net


ways = {"probability": False, "logits": True}
runs = {
    way: tenfold.cross_validate(certain, tumours, 1 - benign, cv=3, epochs=12, fuse=fuse, verbose=0)
    for way, fuse in ways.items()
}

# %%
figure, axes = plt.subplots(figsize=(5, 3), layout="constrained")
for way, run in runs.items():
    curve = run.history.groupby("epoch")["val_accuracy"].mean()
    axes.plot(curve.index + 1, curve, label=way)
axes.set(
    title="Certain and wrong: only logits find back", xlabel="epochs", ylabel="accuracy on held-out rows", ylim=(0, 1)
)
name_lines(axes)
last = {way: run.summary().loc["accuracy", "value"] for way, run in runs.items()}
assert last["logits"] > 0.9 > last["probability"] + 0.3
lesson.show(figure, ", ".join(f"trained on the {way}: {value:.2f}" for way, value in last.items()) + " at the end.")

# %% [markdown]
# Through the probability, the benign tumours are wrong with a logit near 20, beyond the wall, and send no slope. The
# malignant ones are right already. So nothing moves, epoch after epoch, and no error is raised. A loss that stands
# still at a share of 16.118 is the sign: 8.0590, for instance, is half of it. The checks of Tenfold know it, and
# `tenfold.precision.audit(model, x, y)` counts such rows in any Keras model.

# %%
if lesson.is_full:
    stuck = certain()
    audit = tenfold.precision.audit(
        stuck, tumours.astype("float32"), (1 - benign)[:, None].astype("float32"), mixed=False
    )
    assert audit.frozen_share > 0.4
    print(audit.table())
loss = runs["probability"].summary().loc["loss", "value"]
share = float((benign == 1).mean())
assert 0.9 * share < loss / wall.ceiling_positive < 1.05 * share
print(f"loss {loss:.3f} is {loss / wall.ceiling_positive:.3f} of the ceiling; {share:.3f} of the tumours are benign")

# %% [markdown]
# ## Look inside
#
# Which rows of the stuck network are silent, and which of a healthy one? We count rows by their logit.

# %%
figure, axes = plt.subplots(figsize=(5.5, 3), layout="constrained")
for way, run in runs.items():
    net = run.models[0]
    logits = net.layers[0](tumours.astype("float32")) @ net.layers[-1].kernel + net.layers[-1].bias
    axes.hist(np.asarray(logits).ravel(), bins=np.linspace(-30, 25, 56), alpha=0.6, label=way)
axes.axvline(wall.upper, color="black", linestyle=":")
axes.axvline(wall.lower, color="black", linestyle=":")
axes.legend(frameon=False, loc="upper left")
axes.set(title="The stuck network has every row beyond a wall", xlabel="logit", ylabel="rows of 569")
net = runs["probability"].models[0]
beyond = float(np.mean(net.predict(tumours, verbose=0) > 1 - 1e-6))
assert beyond > 0.9
lesson.show(figure, f"Dotted: the walls. {beyond:.0%} of the stuck network's rows are at a probability of 1.")

# %% [markdown]
# ## Exercises
#
# **1. ceiling** (compute). Another library clips probabilities to 0.001 and above. What is its largest loss?

# %% tags=["solution"]
largest = -np.log(0.001)
lesson.check("ceiling", largest)

# %% [markdown]
# **2. frozen** (compute). A training stands at a loss of 8.0590, epoch after epoch. Which share of the rows is at the
# ceiling, if all others have a loss of 0?

# %% tags=["solution"]
at_ceiling = 8.0590 / -np.log(1e-7)
lesson.check("frozen", at_ceiling)

# %% [markdown]
# **3. harm** (explain). Two rows with a logit of 20: one has the label 1, the other 0. For which one does the clip do
# harm? *a*: label 1; *b*: label 0; *c*: neither.

# %% tags=["solution"]
letter = "b"  # wrong with certainty: its slope should be 1, and is 0
lesson.check("harm", letter)

# %% [markdown]
# **4. stable** (build). Write `loss_of_one(logits)`, the crossentropy of rows with label 1 from their logits, without a
# probability in between, and try it on -20, 0 and 20.


# %% tags=["solution"]
def loss_of_one(logits):
    return np.maximum(-logits, 0) + np.log1p(np.exp(-np.abs(logits)))


stable = loss_of_one(np.array([-20.0, 0.0, 20.0]))
lesson.check("stable", stable)

# %% [markdown]
# ## What to remember
#
# - float32 runs out of digits near 1: a sigmoid is 1 from about 16.6 on.
# - The clip of Keras makes 16.118 the largest loss, and rows beyond it silent.
# - It costs nothing while logits are small, and everything when many rows are certain and wrong.
# - Train on logits (`from_logits=True`, or Tenfold's default). A loss that stands at a share of 16.118 is frozen.
#
# Words: logit, sigmoid, crossentropy, clip, float32. Next: lesson 6 (`keras`). More: the
# [study](../docs/precision.md) and the [audit](../docs/precision-audit.md).
#
# ## Published and ours

# %%
lesson.closing_table()
