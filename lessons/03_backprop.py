# /// lesson
# number = "3"
# name = "backprop"
# title = "Backpropagation and stochastic gradient descent"
# promise = "Send an error back through hidden layers by hand, check it, and say what a batch and an epoch are."
# covers = ["002 Backpropagation", "002 Stochastic Gradient Descent"]
# also = ["backpropagation", "stochastic gradient descent", "sgd", "batch and epoch", "gradient check"]
# data = []
# minutes_fast = 0.3
# minutes_full = 0.3
# definitions = ["0.01", "442", "1e-7"]
#
# [[published]]
# key = "twenty steps"
# what = "mean squared error after 20 steps (H33)"
# value = "9.627e-5"
# where = "002, the exercise with 20 updates"
# difference = "none"
# because = "the same arithmetic"
#
# [[exercises]]
# name = "hidden"
# kind = "compute"
# right = [-16, 24]
# hint = "Slope at the output: twice the error. At a hidden node: that, times the weight that leads to the output."
# mistakes = [
#   [[16, -24], "The sign: the error is prediction minus target."],
#   [[-8, 12], "Twice the error: the loss is its square."],
#   [[-8, -8], "On its way back the slope passes the weight between the two nodes."],
# ]
#
# [[exercises]]
# name = "steps"
# kind = "compute"
# right = 28
# hint = "How many batches are in one epoch? The last one may be smaller."
# mistakes = [
#   [26, "The last batch of each epoch is smaller, but it is a step."],
#   [14, "That is one epoch."],
#   [2, "That would be one step an epoch: all rows in one batch."],
# ]
#
# [[exercises]]
# name = "zeros"
# kind = "explain"
# right = "c"
# hint = "Write down the slopes of both hidden nodes. In what do they differ?"
# mistakes = [
#   ["a", "The output's weights are 0, so nothing reaches the hidden layer at first, but later steps could."],
#   ["b", "The rate plays no part in it."],
# ]
#
# [[exercises]]
# name = "backward"
# kind = "build"
# right = [[0, -12], [0, -24]]
# hint = "Slope at the output, times the output's weights, only where relu was awake; then inputs times that."
# mistakes = [
#   [[[12, -12], [24, -24]], "The first hidden node is asleep: relu lets no slope through."],
#   [[[0, -6], [0, -12]], "Twice the error."],
#   [[[0, 0], [-12, -24]], "Inputs stand in rows and nodes in columns, as in the weights."],
# ]
# ///

# %% [markdown]
# ## Where we are going
#
# Lesson 2 moved the weights of one node. Hidden nodes have no target of their own, so what is *their* error? At the end
# we know the slope of every weight of a network, we have caught two wrong formulas with a check that needs no theory,
# and we know why training looks at a few rows at a time. Time: twenty minutes. One should know
# [lesson 2](02_slope.py).
#
# ## Guess
#
# A hidden node feeds the output with the weight 5. The output should be 1 lower. By how much would the hidden node have
# to change to bring that about alone? And with a weight of 0?
#
# <details><summary>Answer</summary>By -0.2; and with a weight of 0 it cannot. Blame travels along weights.</details>

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np

import tenfold
from tenfold.lessons import open_lesson

lesson = open_lesson("backprop")

# %% [markdown]
# ## Twenty steps
#
# First the steps of lesson 2 again, twenty of them: inputs (1, 2, 3), weights (0, 2, 1), target 0, rate 0.01. Each step
# multiplies the error by $1 - 2 \cdot 0.01 \cdot (1 + 4 + 9)$, which is 0.72, so the squared error by 0.5184.

# %%
from tenfold.scratch import updates

_, squares = updates([1, 2, 3], [0, 2, 1], 0, learning_rate=0.01, num_updates=20)
factors = np.array(squares[1:]) / squares[:-1]
np.testing.assert_allclose(factors, 0.5184)
assert 0.72**2 == 0.5184
assert abs(squares[-1] - 9.627e-5) < 5e-9
lesson.record("twenty steps", squares[-1])
figure, axes = plt.subplots(figsize=(5, 3), layout="constrained")
axes.plot(range(1, 21), squares, marker="o", markersize=3)
axes.set(title="Each step takes away the same share", xlabel="steps", ylabel="squared error", yscale="log")
lesson.show(
    figure, f"On a logarithmic scale the loss falls in a straight line from {squares[0]:.1f} to {squares[-1]:.1e}."
)

# %% [markdown]
# ## The smallest case
#
# Now a hidden layer. Inputs (2, 1); the first hidden node has the weights (1, -1), the second (2, 1), both with relu;
# the output has the weights (3, 1). Forward, we write down every value, because the way back needs them.

# %%
inputs = np.array([2.0, 1.0])
W1 = np.array([[1.0, 2.0], [-1.0, 1.0]])  # a column is a node
W2 = np.array([3.0, 1.0])
target = 5.0
sums = inputs @ W1
hidden = np.maximum(0, sums)
answer = hidden @ W2
error = answer - target
assert hidden.tolist() == [1, 5]
assert (answer, error) == (8, 3)
print(f"hidden {hidden}, answer {answer:.0f}, error {error:.0f}")

# %% [markdown]
# Backward, we ask at each place: how fast does the loss rise if this number rises?
#
# 1. At the output: $2 \cdot$ error $= 6$.
# 2. At the output's weights: 6 times what came through them, so (6, 30).
# 3. At the hidden nodes: 6 times the weight that carried them, so (18, 6). If a node fed several others, its slope
#    would be the sum over all of them, each times its weight. Some summaries leave the weights out; they belong in.
# 4. Through the bend: relu passes a slope where its sum was positive, and stops it elsewhere. Both sums were positive.
# 5. At the hidden weights: input times slope of the node.
#
# Steps 3 to 5 repeat for every layer further back. That is all there is to *backpropagation*: the chain rule, from the
# last layer to the first, so that each slope is computed once and used by all that stand before it.

# %%
at_output = 2 * error
at_second = hidden * at_output
at_hidden = W2 * at_output
at_sums = at_hidden * (sums > 0)
at_first = np.outer(inputs, at_sums)
assert at_second.tolist() == [6, 30]
assert at_hidden.tolist() == [18, 6]
assert at_first.tolist() == [[36, 12], [18, 6]]
print(at_first)

# %% [markdown]
# ## The same in Keras
#
# Keras finds its slopes by differentiating programs, a method that knows nothing of our five lines. `trace` computes as
# we do, asks Keras for a second opinion, and says how far the two are apart.

# %%
model = keras.Sequential(
    [
        keras.Input((2,)),
        keras.layers.Dense(2, activation="relu", use_bias=False, name="hidden"),
        keras.layers.Dense(1, use_bias=False, name="answer"),
    ]
)
model.set_weights([W1, W2[:, None]])
model.compile(keras.optimizers.SGD(0.01), "mse")
opened = tenfold.scratch.trace(model, inputs[None], np.array([[target]]))
np.testing.assert_allclose(opened.layers[0].weight_slopes["kernel"], at_first)
assert opened.agreement.largest < 1e-6
print(f"{opened.layers[0].slope_formula}\nlargest difference to Keras {opened.agreement.largest:.0e}")

# %% [markdown]
# ## What goes wrong
#
# A wrong slope does not raise an error. Often the network even learns, only worse, and nobody knows why. The cure is a
# check that needs no theory at all: move one weight a tiny step up and down, see how the loss really changes, and
# compare. `tenfold.scratch.check_gradients` does so for every weight and every input.
#
# Guess which slip is the worse one: to forget relu on the way back, or to lose one part in a thousand of the slope?

# %%
from tenfold.scratch import Dense, Network, check_gradients


class NoMask(Dense):
    def backward(self, gradient, kept):
        return Dense("linear", weights=self.weights).backward(gradient, kept)


class Leaky(Dense):
    def backward(self, gradient, kept):
        return super().backward(gradient * 0.999, kept)


draw = np.random.default_rng(0)
rows = draw.normal(size=(8, 3))
kernels = {"kernel": draw.normal(size=(3, 4)), "bias": draw.normal(size=4)}
found = {kind.__name__: check_gradients(kind("relu", weights=kernels), rows).largest for kind in (Dense, NoMask, Leaky)}
assert found["Dense"] < 1e-7 < found["Leaky"] < found["NoMask"]
print({name: f"{worst:.0e}" for name, worst in found.items()})

# %% [markdown]
# The right formula agrees to many digits; both slips stand out by factors of thousands. A check with a tolerance of a
# few per cent would have let the second one pass. Check with random weights and random inputs: with zeros, half of all
# mistakes multiply by 0 and hide.
#
# Another thing that goes wrong is not a slip at all. Let all hidden nodes start with equal weights. They answer the
# same, get the same slope, and take the same step, for ever. Random starts break the tie.

# %%
from tenfold.scratch import SGD, MeanSquaredError, Training

half = np.full((2, 3), 0.5)
equal = Network((Dense("tanh", weights={"kernel": half}), Dense(weights={"kernel": np.full((3, 1), 0.5)})))
training = Training(equal, MeanSquaredError(), SGD(learning_rate=0.1))
x2 = draw.normal(size=(40, 2))
y2 = x2[:, :1] * x2[:, 1:]
for _ in range(50):
    training = training.step(x2, y2)
trained = training.network.layers[0].weights["kernel"]
assert np.ptp(trained, axis=1).max() < 1e-12
assert np.abs(trained - half).max() > 1e-3
print(trained.round(3))

# %% [markdown]
# ## A few rows at a time
#
# So far every step looked at all rows. *Stochastic* gradient descent takes a *batch* of them, makes a step, takes the
# next batch, and so on; once all rows have been used, an *epoch* is over, and the rows are shuffled and used again. A
# batch's slope is only an estimate of the true one. Is that bad? We let one node learn from 442 patients, with one
# step an epoch and with a step for every 32 rows, at the same rate.

# %%
from sklearn.datasets import load_diabetes

x, y = load_diabetes(return_X_y=True)
x, y = x / x.std(axis=0), (y - y.mean()) / y.std()


def descend(batch, epochs=5, rate=0.02):
    weights, losses = np.zeros(10), [1.0]
    order = np.random.default_rng(1)
    for _ in range(epochs):
        for chosen in np.array_split(order.permutation(442), -(-442 // batch)):
            weights = weights - rate * 2 * x[chosen].T @ (x[chosen] @ weights - y[chosen]) / len(chosen)
            losses.append(float(np.mean((x @ weights - y) ** 2)))
    return np.linspace(0, epochs, len(losses)), losses


curves = {batch: descend(batch) for batch in (442, 32, 4)}
assert curves[32][1][-1] < curves[442][1][-1]

# %%
figure, axes = plt.subplots(figsize=(5, 3), layout="constrained")
for batch, (epoch, losses) in curves.items():
    axes.plot(epoch, losses, linewidth=1, label=f"batches of {batch}")
axes.legend(frameon=False)
axes.set(title="More steps for the same look at the data", xlabel="epochs", ylabel="loss on all rows")
lesson.show(
    figure,
    "Loss after five epochs: " + ", ".join(f"{curve[1][-1]:.2f} with {size}" for size, curve in curves.items()) + ".",
)

# %% [markdown]
# An epoch costs about the same arithmetic in all three, but small batches make more steps of it. The price is noise:
# with 4 rows the curve trembles, because each step follows four patients. Middle-sized batches are the usual bargain,
# and computers like them, too.
#
# ## With Tenfold
#
# Does the hidden layer, with its slopes from the way back, earn its place? Five folds, a network with one hidden layer
# against the mean. All five trainings run as one compiled program.


# %%
def network():
    build = keras.Sequential([keras.Input((10,)), keras.layers.Dense(8, activation="relu"), keras.layers.Dense(1)])
    build.compile(keras.optimizers.SGD(0.02), "mse", metrics=["mae"])
    return build


cv = tenfold.cross_validate(network, x, y, cv=5, epochs=20, batch_size=32, verbose=0)
mae = cv.summary().loc["mae"]
baseline = float(np.abs(y - np.median(y)).mean())
assert mae["high"] < baseline
print(f"hidden layer {mae['value']:.2f} ({mae['low']:.2f} to {mae['high']:.2f}); the median {baseline:.2f}")

# %% [markdown]
# It is better than the median. Whether it is better than the single node of lesson 2 is another question, and lesson 8
# asks it properly.
#
# ## Look inside
#
# How good is the estimate of a batch? We compare the slopes of many random batches with the slope of all rows, as the
# cosine of the angle between them: 1 is the same direction.

# %%
full_slope = -2 * x.T @ y / 442
cosines = {}
for size in (4, 32, 128):
    picks = [draw.choice(442, size, replace=False) for _ in range(200)]
    slopes = np.array([-2 * x[one].T @ y[one] / size for one in picks])
    cosines[size] = slopes @ full_slope / np.linalg.norm(slopes, axis=1) / np.linalg.norm(full_slope)
middle = {size: float(np.median(values)) for size, values in cosines.items()}
assert 0 < middle[4] < middle[32] < middle[128] < 1
figure, axes = plt.subplots(figsize=(5, 3), layout="constrained")
axes.boxplot(list(cosines.values()), tick_labels=list(cosines), showfliers=False)
axes.set(
    title="Small batches point roughly the right way", xlabel="rows in a batch", ylabel="cosine with the true slope"
)
lesson.show(
    figure, "Median cosine: " + ", ".join(f"{value:.2f} with {size} rows" for size, value in middle.items()) + "."
)

# %% [markdown]
# ## Exercises
#
# **1. hidden** (compute). The output's weights are (2, -3), the error is -4, and nothing is bent. What are the
# slopes of the loss by the two hidden nodes' values?

# %% tags=["solution"]
at_nodes = 2 * -4 * np.array([2.0, -3.0])
lesson.check("hidden", at_nodes)

# %% [markdown]
# **2. steps** (compute). 442 rows, batches of 32, two epochs. How many steps?

# %% tags=["solution"]
num_steps = 2 * -(-442 // 32)
lesson.check("steps", num_steps)

# %% [markdown]
# **3. zeros** (explain). All weights of a network with tanh start at 0. Why can its hidden layer never be of use?
# *a*: only because the first step is 0; *b*: because the rate is too small; *c*: because all slopes of hidden weights
# stay 0 or equal, so that its nodes never differ.

# %% tags=["solution"]
letter = "c"
lesson.check("zeros", letter)

# %% [markdown]
# **4. backward** (build). Write `slopes_of_hidden(inputs, W1, W2, target)` for one row with relu, and try it on the
# inputs (1, 2), hidden weights whose columns are (-1, 0) and (1, 1), output weights (-1, 1), and target 9.


# %% tags=["solution"]
def slopes_of_hidden(inputs, W1, W2, target):
    sums = inputs @ W1
    at_output = 2 * (np.maximum(0, sums) @ W2 - target)
    return np.outer(inputs, W2 * at_output * (sums > 0))


hidden_slopes = slopes_of_hidden(np.array([1.0, 2.0]), np.array([[-1.0, 1.0], [0.0, 1.0]]), np.array([-1.0, 1.0]), 9.0)
lesson.check("backward", hidden_slopes)

# %% [markdown]
# ## What to remember
#
# - The slope of a hidden node is the sum, over all nodes that it feeds, of their slope times the weight between.
# - relu passes a slope where it was awake and stops it elsewhere.
# - Compare every way back with differences, with random numbers and a tight tolerance.
# - A batch gives a rough slope cheaply; an epoch is one pass through all rows.
#
# Words: backpropagation, gradient, batch, step, epoch. Next: lesson 4 (`scratch`), a whole network from these lines.
#
# ## Published and ours

# %%
lesson.closing_table()
