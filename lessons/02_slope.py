# /// lesson
# number = "2"
# name = "slope"
# title = "Error, slope, one step"
# promise = "Say in which direction and how far a weight should move, and do it by hand before the computer does."
# covers = [
#   "002 Optimizing Neural Networks", "002 Loss Function", "002 Gradient Descent", "002 Learning Rate",
#   "002 Slope Calculation",
# ]
# also = ["loss function", "gradient descent", "learning rate", "slope calculation", "mean squared error"]
# data = []
# minutes_fast = 0.3
# minutes_full = 0.3
# definitions = ["0.01", "0.11", "442"]
#
# [[published]]
# key = "errors"
# what = "error of one row before and after one weight is changed (H33)"
# value = "6, 0"
# where = "002, optimizing"
# difference = "none"
# because = "the same arithmetic"
#
# [[published]]
# key = "two weight sets"
# what = "mean squared error of two sets of weights on four rows (H33)"
# value = "80.25, 99.890625"
# where = "002, loss function"
# difference = "none"
# because = "the same arithmetic"
#
# [[published]]
# key = "slopes"
# what = "slopes of three weights (H33)"
# value = "14, 28, 42"
# where = "002, slope calculation"
# difference = "none"
# because = "the same arithmetic"
#
# [[published]]
# key = "one step"
# what = "error before and after one step (H33)"
# value = "7, 5.04"
# where = "002, gradient descent"
# difference = "none"
# because = "the same arithmetic"
#
# [[published]]
# key = "one weight"
# what = "slope of one weight, and the weight after the step (H33)"
# value = "-24, 2.24"
# where = "002, slope calculation"
# difference = "none"
# because = "the same arithmetic"
#
# [[exercises]]
# name = "slopes"
# kind = "compute"
# right = [-12, 6]
# hint = "Prediction first, then the error with its sign; each slope is twice the error times that weight's input."
# mistakes = [
#   [[12, -6], "The sign: the error is prediction minus target."],
#   [[-6, 3], "The square of the error gives the factor 2."],
#   [[-18, -24], "A slope needs the weight's input, not the weight."],
# ]
#
# [[exercises]]
# name = "rate"
# kind = "change"
# right = 0.05555555555555555
# hint = "Which weight would be perfect? The step from 2 to it is the rate times 24."
# mistakes = [
#   [0.041666666666666664, "The step has to end at 10/3, not at 3."],
#   [0.16666666666666666, "That rate would move the weight by 4; the prediction moves three times as much as it."],
# ]
# tolerance = 1e-4
#
# [[exercises]]
# name = "signs"
# kind = "explain"
# right = "a"
# hint = "Put a large rate into weight - rate * slope for the parabola, and look on which side the weight lands."
# mistakes = [
#   ["b", "Rounding is far smaller than this; the loss grows with each step."],
#   ["c", "The slope is exact. It holds where the step starts, and the step is long."],
# ]
#
# [[exercises]]
# name = "rows"
# kind = "build"
# right = [1.2, 1.6]
# hint = "One slope for each row and weight: 2 * error * input. Then the mean over rows, then the step."
# mistakes = [
#   [[2.4, 2.2], "The loss is a mean over rows, and so is its slope: this is the sum."],
#   [[-1.2, 0.4], "Against the slope: subtract it."],
#   [[0.6, 1.3], "The factor 2 of the square is missing."],
# ]
# ///

# %% [markdown]
# ## Where we are going
#
# A network that answers wrongly should change its weights. At the end we can say, for every weight, in which direction
# and how far, and we have a figure of a network that walks down into its valley, and of one that leaps out of it. Time:
# twenty minutes with the exercises. One should know what a weight is ([lesson 1](01_node.py)).
#
# ## Guess
#
# One node has the weight 2. Its input is 3, so it answers 6, but 10 would be right. Its weight may be changed by a
# little. Up or down? And by how much does the answer change if the weight grows by 0.01?
#
# <details><summary>Answer</summary>Up, and the answer grows by 0.03: by the input times the change.</details>

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np

import tenfold
from tenfold.lessons import name_lines, open_lesson

lesson = open_lesson("slope")

# %% [markdown]
# ## Weights decide
#
# The row (0, 3) should give 3. Two hidden nodes without a bend have the weights (2, 1) and (1, 2), the output node adds
# them up. The prediction is 9, so the error, prediction minus target, is 6. We change one single weight of the second
# node from 2 to 0, and the error is gone.

# %%
from tenfold.scratch import error, forward, mean_squared_error

before = error(forward([0, 3], [[[2, 1], [1, 2]]], [1, 1]), 3)
after = error(forward([0, 3], [[[2, 1], [1, 0]]], [1, 1]), 3)
assert (before, after) == (6, 0)
lesson.record("errors", [before, after])
print(f"error {before:.0f}, then {after:.0f}")

# %% [markdown]
# One row is easily pleased. With four rows some errors shrink and others grow, so we need one number for all: the
# *loss*. For predicted numbers it is usually the mean of the squared errors. Squares make -3 as bad as 3, and 6 four
# times as bad as 3. Here are two sets of weights on the same four rows. Which one would you keep?

# %%
rows, targets = np.array([[0, 3], [1, 2], [-1, -2], [4, 0]]), [1, 3, 5, 7]
first = [forward(row, [[[2, 1], [1, 2]]], [1, 1]) for row in rows]
second = [forward(row, [[[2, 1], [1, 1.5]]], [1, 1.5]) for row in rows]
losses = [mean_squared_error(first, targets), mean_squared_error(second, targets)]
assert losses == [80.25, 99.890625]
lesson.record("two weight sets", losses)
print(losses)

# %% [markdown]
# The first set is better on these rows. Trying sets of weights one after another is hopeless, though: with a million
# weights there are too many directions. We need to know which way is down.
#
# ## The smallest case
#
# Back to the node with input 3, weight 2 and target 10. Its loss as a function of the weight $w$ is $(3w - 10)^2$, a
# parabola. Its *slope* at a weight says how fast the loss rises there. The chain rule multiplies three things: the
# slope of the loss by the answer, $2 \cdot$ error; the slope of the bend, here 1; and the input, because a change of
# the weight reaches the answer through it. So the slope is $2 \cdot (-4) \cdot 3 = -24$.
#
# The slope is negative, so the loss falls when the weight grows. We go against the slope, and since a slope holds only
# near where it was taken, we go a small part of it: the *learning rate*, here 0.01. The new weight is
# $2 - 0.01 \cdot (-24) = 2.24$.

# %%
from tenfold.scratch import slope, update

steepness = slope([3], [2], target=10)
stepped = update([2], steepness, learning_rate=0.01)
assert steepness == [-24]
assert stepped == [2.24]
lesson.record("one weight", [*steepness, *stepped])
print(f"slope {steepness[0]:.0f}, new weight {stepped[0]}")

# %%
w = np.linspace(0.5, 6, 100)
walk = [2.0]
for _ in range(5):
    walk += update(walk[-1:], slope([3], walk[-1:], target=10), 0.03)
loss_at = (3 * np.array(walk) - 10) ** 2
assert np.all(np.diff(loss_at) < 0)
figure, axes = plt.subplots(figsize=(5, 3), layout="constrained")
axes.plot(w, (3 * w - 10) ** 2, color="grey")
axes.plot(walk, loss_at, marker="o")
axes.set(title="Steps against the slope become shorter by themselves", xlabel="weight", ylabel="loss, squared error")
lesson.show(
    figure, f"Five steps from weight 2 to {walk[-1]:.2f}: the loss falls from {loss_at[0]:.0f} to {loss_at[-1]:.2g}."
)

# %% [markdown]
# Nobody made the steps shorter. The slope is smaller near the bottom, and a step is the slope times the rate.
#
# With several weights each has its own slope, and all move at once. Inputs (1, 2, 3), weights (0, 2, 1) and target 0
# give the error 7. The slopes are twice the error times the inputs, 14, 28 and 42. After one step the error is 5.04.

# %%
inputs, weights = [1, 2, 3], [0, 2, 1]
slopes = slope(inputs, weights, target=0)
moved = update(weights, slopes, learning_rate=0.01)
errors = [float(np.dot(inputs, one)) for one in (weights, moved)]
assert slopes == [14, 28, 42]
np.testing.assert_allclose(moved, [-0.14, 1.72, 0.58])
np.testing.assert_allclose(errors, [7, 5.04])
lesson.record("slopes", slopes)
lesson.record("one step", errors)
print(f"slopes {slopes}, weights {np.round(moved, 2)}, error {errors[0]:.0f} -> {errors[1]:.2f}")

# %% [markdown]
# ## The same in Keras
#
# Keras calls our step `SGD`, and the loss `mean_squared_error`. `tenfold.scratch.trace` sends one row through a Keras
# model, back, and through one update. It must find our slope and our weight. It also says what the slope alone promised
# for the loss, and what came: the difference is the bend of the parabola.

# %%
model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
model.set_weights([np.array([[2.0]])])
model.compile(keras.optimizers.SGD(learning_rate=0.01), "mean_squared_error")
opened = tenfold.scratch.trace(model, np.array([[3.0]]), np.array([[10.0]]))
layer, step = opened.layers[0], opened.update
assert layer.weight_slopes["kernel"].item() == -24
assert abs(layer.new_weights["kernel"].item() - 2.24) < 1e-6
assert step.loss_before > step.loss_after > step.loss_expected
print(f"loss {step.loss_before:.0f} -> {step.loss_after:.2f}; the slope alone promised {step.loss_expected:.2f}")

# %% [markdown]
# ## With Tenfold
#
# The same step, repeated, fits ten weights and a bias to 442 patients with diabetes. Is the result worth anything? We
# train in five folds and compare with the plainest answer of all, the mean of the training rows. The interval says how
# far the mean absolute error is known.

# %%
from sklearn.datasets import load_diabetes

x, y = load_diabetes(return_X_y=True)
x = x / x.std(axis=0)


def one_node():
    node = keras.Sequential([keras.Input((10,)), keras.layers.Dense(1)])
    node.compile(keras.optimizers.SGD(learning_rate=0.01), "mse", metrics=["mae"])
    return node


cv = tenfold.cross_validate(one_node, x, y, cv=5, epochs=15, verbose=0)
mae = cv.summary().loc["mae"]
baseline = float(np.abs(y - y.mean()).mean())
assert mae["high"] < baseline
print(f"one node {mae['value']:.0f} ({mae['low']:.0f} to {mae['high']:.0f}); the mean {baseline:.0f}")

# %% [markdown]
# One node that walks downhill is clearly better than the mean, and the interval does not come near it.
#
# ## What goes wrong
#
# Guess first: what happens to our node with input 3 at a rate of 0.11, where each step is only eleven times as long as
# in the text? One step multiplies the error by $1 - 18 \cdot$ rate. At 0.01 that is a little below 1 and the error
# shrinks slowly. At 0.11 it is close to -1: the weight jumps over the valley and lands nearly as high on the other
# side. Beyond one ninth the error grows with each step, and soon the loss is no number any more.

# %%
from tenfold.scratch import updates

rates = [0.01, 0.03, 0.11, 0.115]
runs = {rate: updates([3], [2], 10, learning_rate=rate, num_updates=15)[1] for rate in rates}
assert runs[0.03][-1] < runs[0.01][-1] < runs[0.11][-1] < 16 < runs[0.115][-1]
figure, axes = plt.subplots(figsize=(5, 3), layout="constrained")
for rate, run in runs.items():
    axes.plot(range(1, 16), run, label=f"{rate:g}")
axes.set(title="A larger rate is faster, until it climbs", xlabel="steps", ylabel="loss, squared error", yscale="log")
name_lines(axes)
lesson.show(
    figure, "Loss after 15 steps: " + ", ".join(f"{run[-1]:.2g} at {rate:g}" for rate, run in runs.items()) + "."
)

# %% [markdown]
# Nothing in the loss of the first step warns us: 0.11 and 0.115 begin alike. Lesson 12 looks for the right rate on real
# networks; `tenfold.examine` tries rates around yours and says which are too high or too low.
#
# ## Look inside
#
# With two weights the parabola is a bowl. When one input is much larger than the other, the bowl is a narrow valley.
# The slope then points across the valley rather than along it. The same two columns, brought to the same scale, make a
# round bowl, and the same number of steps ends near its bottom. This is why we scale inputs.

# %%
draw = np.random.default_rng(0)
scaled = draw.normal(size=(50, 2))
figure, panels = plt.subplots(1, 2, figsize=(7, 3), layout="constrained", sharey=True)
ends = []
for axes, stretch, rate in zip(panels, (1, 5), (0.2, 0.035), strict=True):
    data = scaled * [1, stretch]
    path = [np.array([0.0, 0.0])]
    for _ in range(12):
        path.append(path[-1] - rate * 2 * data.T @ (data @ (path[-1] - 1)) / 50)
    ends.append(float(np.mean((data @ (path[-1] - 1)) ** 2)))
    axes.plot(*np.array(path).T, marker="o", markersize=3)
    axes.plot(1, 1, marker="*", color="black")
    axes.set(
        title=f"Second input {stretch} times as large" if stretch > 1 else "Both of one scale", xlabel="first weight"
    )
panels[0].set_ylabel("second weight")
assert ends[0] < ends[1]
lesson.show(figure, f"After twelve steps the loss is {ends[0]:.2g} with scaled inputs, {ends[1]:.2g} without.")

# %% [markdown]
# The star is the bottom. On the right the rate cannot be larger, because the second weight already jumps from side to
# side, and so the first weight hardly moves.
#
# ## Exercises
#
# **1. slopes** (compute). Inputs (2, -1), weights (3, 4), target 5. What are the slopes of both weights?

# %% tags=["solution"]
both = slope([2, -1], [3, 4], target=5)
lesson.check("slopes", both)

# %% [markdown]
# **2. rate** (change). Input 3, weight 2, target 10, slope -24. At which learning rate is the loss 0 after one step?

# %% tags=["solution"]
perfect = (10 / 3 - 2) / 24
lesson.check("rate", perfect)

# %% [markdown]
# **3. signs** (explain). A loss rises from step to step, and the prediction is now too large, now too small. Why? *a*:
# the rate is too large, each step jumps over the valley; *b*: the computer rounds; *c*: the slope has the wrong sign.

# %% tags=["solution"]
reason = "a"  # against the slope, but too far
lesson.check("signs", reason)

# %% [markdown]
# **4. rows** (build). Write `one_step(rows, targets, weights, rate)` for the mean squared error of several rows, and
# try it on the rows (1, 2) and (3, 0) with the targets 5 and 3, the weights (0, 1) and the rate 0.1.


# %% tags=["solution"]
def one_step(rows, targets, weights, rate):
    errors = rows @ weights - targets
    return weights - rate * 2 * rows.T @ errors / len(rows)


new_weights = one_step(np.array([[1.0, 2.0], [3.0, 0.0]]), np.array([5.0, 3.0]), np.array([0.0, 1.0]), 0.1)
lesson.check("rows", new_weights)

# %% [markdown]
# ## What to remember
#
# - The loss is one number for all rows; the slope of a weight says how fast the loss rises with it.
# - A slope is the slope of the loss by the answer, times the slope of the bend, times the input.
# - A step goes against the slope, the learning rate times as far; all weights move at once.
# - Too small a rate wastes steps, too large a rate climbs out of the valley; scaled inputs make rates easier to find.
#
# Words: loss, error, slope or gradient, learning rate. Next: lesson 3 (`backprop`), where the slope reaches the weights
# of hidden layers.
#
# ## Published and ours

# %%
lesson.closing_table()
