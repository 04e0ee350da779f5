# /// lesson
# number = "12"
# name = "hard"
# title = "Why optimisation is hard"
# promise = "Tell from the loss why a network does not learn: its rate, dead units, vanishing gradients, or the clip."
# covers = [
#   "002 Fine Tuning Keras Models", "002 Why is Optimization hard?", "002 Using different Optimizers",
#   "002 Problems in Optimization", "002 Dying Neuron Problem", "002 Vanishing Gradients", "002 Links",
#   "003 Optimizers",
# ]
# also = ["why is optimization hard", "optimizers", "adam", "dying neurons", "vanishing gradients", "fine-tuning"]
# data = ["titanic"]
# minutes_fast = 0.5
# minutes_full = 4
# definitions = ["0.01", "0.9", "1e-6", "16.1181", "100"]
#
# [[published]]
# key = "clipped classes"
# what = "loss of ten classes on unscaled pixels, every epoch"
# value = "14.5063"
# where = "001, the unfinished notebook on CIFAR10"
# difference = "other data"
# because = "made-up pictures of the same shape; the number is 0.9 of the ceiling 16.1181 on any data"
#
# [[published]]
# key = "clipped text"
# what = "loss of a text network whose last layer lacks its sigmoid, every epoch"
# value = "8.0792"
# where = "001, the notebook on best practices"
# difference = "other data"
# because = "made-up texts with the same share of classes; the number is 0.50125 of the ceiling"
#
# [[exercises]]
# name = "momentum"
# kind = "compute"
# right = [-0.1, -0.29]
# hint = "Velocity: 0.9 times the old one, minus the rate times the slope. Then the weight moves by the velocity."
# mistakes = [
#   [[-0.1, -0.2], "The velocity of the first step still pushes in the second: 0.9 of it."],
#   [[-0.1, -0.19], "That is the second velocity; the weight has moved by the first one as well."],
# ]
#
# [[exercises]]
# name = "share"
# kind = "compute"
# right = 0.9
# hint = "Divide the loss by the ceiling."
# mistakes = [[0.1, "That is the accuracy: the rows that are right. The others are at the ceiling."]]
# tolerance = 1e-3
#
# [[exercises]]
# name = "dead"
# kind = "explain"
# right = "a"
# hint = "Follow the chain rule back through a relu whose sum is negative for every row."
# mistakes = [
#   ["b", "Its weights can be anything; what counts is that the sum is negative for every row."],
#   ["c", "A smaller rate makes smaller steps of the slope, and the slope is 0."],
# ]
#
# [[exercises]]
# name = "fading"
# kind = "build"
# right = 9.5367431640625e-07
# hint = "A sigmoid's slope is p (1 - p), at most one quarter: multiply one factor for each layer."
# mistakes = [
#   [2.5, "Slopes along a chain are multiplied, not added."],
#   [0.0009765625, "That is a slope of one half; the largest slope of a sigmoid is one quarter."],
# ]
# ///

# %% [markdown]
# ## Where we are going
#
# A network does not learn. There are four usual reasons, and each leaves its own trace in the loss or in the units. At
# the end we have caused each of them on purpose, seen its trace, and cured it. Time: half an hour. One should know
# lessons [2](02_slope.py) and [3](03_backprop.py).
#
# ## Guess
#
# A million weights, and each of them has one best value. Why not set them one after another, each to its best?
#
# <details><summary>Answer</summary>The best value of each depends on all the others. As soon as the second is set, the
# first is wrong again.</details>

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np

import tenfold
from tenfold.lessons import open_lesson

lesson = open_lesson("hard")

# %% [markdown]
# ## The smallest case
#
# Two weights, and a loss that is a narrow valley: steep across, flat along. The slope points across. *Momentum* keeps
# 0.9 of the last step, so that steps across cancel and steps along add up. *RMSprop* divides each slope by its own
# usual size, so that both directions get steps of about the same length. *Adam* does both, and takes account of the
# fact that its averages start at 0. The source's notes call it smart and link to an essay on it; here it is in NumPy.
# Guess which of the four is nearest to the bottom after sixty steps.

# %%
from tenfold.scratch import SGD, Adam, RMSprop

ways = {"plain": SGD(0.018), "momentum": SGD(0.018, momentum=0.9), "RMSprop": RMSprop(0.05), "Adam": Adam(0.15)}
steep = np.array([1.0, 50.0])
paths = {}
for name, optimizer in ways.items():
    w, slots, path = np.array([-4.0, 1.0]), {}, [np.array([-4.0, 1.0])]
    for step in range(60):
        w, slots = optimizer.move(w, 2 * steep * w / 2, slots, step)
        path.append(w)
    paths[name] = np.array(path)
ends = {name: float((steep * path[-1] ** 2).sum() / 2) for name, path in paths.items()}
assert ends["momentum"] < ends["plain"]
assert ends["Adam"] < ends["plain"]
print({name: f"{end:.1e}" for name, end in ends.items()})

# %%
figure, axes = plt.subplots(figsize=(6.5, 3), layout="constrained")
grid = np.meshgrid(np.linspace(-4.3, 2.5, 80), np.linspace(-1.2, 1.2, 80))
axes.contour(*grid, (grid[0] ** 2 + 50 * grid[1] ** 2) / 2, levels=8, colors="lightgrey")
for (name, path), dashes in zip(paths.items(), ("-", "--", "-.", ":"), strict=True):
    axes.plot(*path.T, dashes, label=name)
axes.legend(frameon=False)
axes.set(title="Four ways down the same valley", xlabel="weight along the valley", ylabel="weight across")
lesson.show(figure, "Loss after sixty steps: " + ", ".join(f"{name} {end:.1e}" for name, end in ends.items()) + ".")

# %% [markdown]
# None of the four is best everywhere: in this valley the rate matters more than the name. The usual first choice is
# Adam, and the first number to tune is its rate.
#
# ## Too small, too large
#
# The source asks three rates of plain gradient descent, 1e-6, 0.01 and 1, on passengers of the Titanic (in the fast
# form on tumours). We train all rates, two networks each, as one program. Guess: does the largest one diverge?


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


def network():
    layers = [keras.layers.Dense(32, activation="relu"), keras.layers.Dense(1, activation="sigmoid")]
    net = keras.Sequential([keras.Input(x.shape[1:]), *layers])
    net.compile(keras.optimizers.SGD(0.01), "binary_crossentropy", metrics=["accuracy"])
    return net


# %%
tried = [1e-6, 1e-4, 0.01, 0.1, 1, 100]
rates = tenfold.views.learning_rates(network, x, y, rates=tried, epochs=8, seeds=lesson.pick(2, 5))
last = dict(zip(tried, rates.numbers.last_losses(), strict=True))
assert last[0.01] < last[1e-6]
assert rates.numbers.verdicts()[0] == "too small"
assert rates.numbers.verdicts()[-1] == "too large"
print(rates.numbers.verdicts())
lesson.show(rates.figure, rates.sentence)

# %% [markdown]
# At 1e-6 every step goes the right way, and the network stays where it was. At 100 each step throws it somewhere else.
# The words above say which rates came near the best within eight epochs. No rate is right by itself: scaled columns
# bear rates that raw ones do not, and more epochs forgive smaller ones. So rates are tried anew for each network, by
# factors and never by sums.
#
# Is a rate that is merely on its way of any use? In five folds at 0.01, against always guessing the more frequent
# class:

# %%
cv = tenfold.cross_validate(network, x, y, cv=5, epochs=8, verbose=0)
accuracy, guess = cv.summary().loc["accuracy"], max(y.mean(), 1 - y.mean())
assert accuracy["low"] > guess
print(f"accuracy {accuracy['value']:.2f} ({accuracy['low']:.2f} to {accuracy['high']:.2f}), guess {guess:.2f}")

# %% [markdown]
# ## Dying units
#
# relu answers 0 below 0, and its slope is 0 there. A unit whose sum is negative for *every* row answers nothing, gets
# no slope, and stays as it is: it is dead. It need not have a negative weight, as one reads; all that counts is the
# sum, bias included. We train with a rate fifty times too large for a few epochs, and then put it right. Guess: do the
# units come back?

# %%
dying = tenfold.views.dying_units(epochs=9, seeds=lesson.pick(2, 5))
seen = dying.numbers
assert seen.share(1) > seen.share(0) + 0.2
assert seen.share(2) < 0.1
assert seen.last_loss(2) < seen.last_loss(1)
print(dying.sentence)
lesson.show(dying.figure, dying.sentence)

# %% [markdown]
# They do not. The third way is the control: the same bad epochs with *leaky* relu, which keeps a small slope below 0.
# Its units live. So a loss that stands still after a wild beginning, at the right rate, speaks of dead units. The cures
# are a smaller rate from the start, scaled inputs, or a leaky relu.
#
# ## Vanishing gradients
#
# The other way to lose a slope is to lose a part of it in each layer. A sigmoid lets at most one quarter through.
# Behind six layers, that is less than a thousandth.

# %%
fading = tenfold.views.gradient_by_layer(activations=("sigmoid", "relu"), depths=(6,), epochs=5, seeds=2)
first_over_last = {
    kind: float(np.median(norms[0, :, 0] / norms[0, :, 5]))
    for kind, norms in zip(fading.numbers.kinds, fading.numbers.gradient, strict=True)
}
assert 0.25**6 < 1e-3
assert first_over_last["sigmoid"] < 1e-3 < first_over_last["relu"]
print({kind: f"{ratio:.0e}" for kind, ratio in first_over_last.items()})
lesson.show(fading.figure, fading.sentence)

# %% [markdown]
# The first layers of the sigmoid network hear nothing, and the loss stays that of a guess. One often reads that tanh
# has the same problem. Its slope is 1 around 0, and with the usual initial weights its gradients do not fade; they do
# when weights are too small, or so large that units sit at the flat ends. What helps is relu with He's initial weights,
# fewer layers, normalisation, or paths around layers.
#
# ## What goes wrong
#
# Two losses of the source repeat to four digits, epoch after epoch. A loss that stands *exactly* still is no matter of
# slow learning: it is the clip of [lesson 5](05_precision.py). With unscaled pixels and ten classes, the network gives
# all its trust to one class, which is right for a tenth of the rows; the other 0.9 are at the ceiling, 16.1181. (The
# full form trains such networks; the fast form only asks Keras for the loss of such answers.)

# %%
from tenfold.precision.frozen_losses import freeze_images, freeze_text

ceiling = -np.log(1e-7)
assert round(ceiling, 4) == 16.1181
assert round(0.9 * ceiling, 4) == 14.5063
assert round(0.50125 * ceiling, 4) == 8.0792
if lesson.is_full:
    frozen = freeze_images()
    stands = frozen.loss[frozen.is_frozen, -1]
else:
    of_ten, certain_of_3 = np.arange(1000) % 10, np.eye(10, dtype="float32")[np.full(1000, 3)]
    stands = [float(np.mean(keras.losses.sparse_categorical_crossentropy(of_ten, certain_of_3)))]
assert stands
np.testing.assert_allclose(stands, 14.5063, atol=2e-4)
lesson.record("clipped classes", stands)
print(f"losses {np.round(stands, 4)}")

# %% [markdown]
# The second is a text network whose last layer lacks its sigmoid. Where its answers are below 0, they are clipped to
# 1e-7 and every row with the label 1 is at the ceiling: a share of 0.50125 of them, in that notebook.

# %%
if lesson.is_full:
    texts = freeze_text()
    stands = texts.loss[texts.is_frozen, -1]
else:
    labels = np.arange(800)[:, None] < 401
    stands = [float(np.mean(keras.losses.binary_crossentropy(labels.astype("float32"), np.full((800, 1), -3.0))))]
assert 401 / 800 == 0.50125
np.testing.assert_allclose(stands, 8.0792, atol=2e-4)
lesson.record("clipped text", stands)
print(f"losses {np.round(stands, 4)}")

# %% [markdown]
# ## Exercises
#
# **1. momentum** (compute). A weight starts at 0. The slope is 1 at both of two steps, the rate 0.1, the momentum 0.9.
# Where is the weight after the first and after the second step?

# %% tags=["solution"]
first = -0.1 * 1
second = first + (0.9 * first - 0.1 * 1)
places = [first, second]
lesson.check("momentum", places)

# %% [markdown]
# **2. share** (compute). A training stands at 14.5063. Which share of its rows is at the ceiling?

# %% tags=["solution"]
clipped = 14.5063 / -np.log(1e-7)
lesson.check("share", clipped)

# %% [markdown]
# **3. dead** (explain). Why does a dead unit stay dead under plain gradient descent in the first layer? *a*: its slope
# is 0 for every row, so nothing moves its weights; *b*: its weights are all negative; *c*: the rate is too large for
# it.

# %% tags=["solution"]
letter = "a"
lesson.check("dead", letter)

# %% [markdown]
# **4. fading** (build). Write `most_left(layers)`: what is left of a slope at most, behind so many layers of sigmoid,
# if all weights are 1 and a layer is one unit. Try it for ten layers.


# %% tags=["solution"]
def most_left(layers):
    return 0.25**layers


left = most_left(10)
lesson.check("fading", left)

# %% [markdown]
# ## What to remember
#
# - The best value of a weight depends on all others; that, and narrow valleys, make training hard.
# - Try rates by factors of ten. Adam forgives more than plain descent, but not everything.
# - A wild beginning and then a loss that stands: dead units. A deep network that never leaves the guess: vanished
#   gradients. A loss that stands to the last digit: the clip.
# - `tenfold.examine(model, x, y)` looks for all of these at once.
#
# Words: optimizer, momentum, dead unit, vanishing gradient. More: [what goes wrong](../docs/what-goes-wrong.md). Next:
# lesson 13 (`capacity`).
#
# ## Published and ours

# %%
lesson.closing_table()
