# /// lesson
# number = "4"
# name = "scratch"
# title = "A network from scratch sees cats"
# promise = "Build and train a deep network from seven functions, and answer the questions that come with it."
# covers = [
#   "004 Quiz", "004 Exercises", "004 Exercise 1: What is np.random.seed(1)?",
#   "004 Exercise 2: Why are we using for loops, after talking about vectorization?",
#   "004 Exercise 3: How can a network perform worse on training data and better on test data?",
#   "004 For the Project: Tensorflow", "004 initialize_parameters", "004 linear_activation_forward",
#   "004 compute_cost", "004 linear_activation_backward", "004 update_parameters", "004 L_layer_model", "004 predict",
# ]
# also = [
#   "from scratch", "cats", "np.random.seed", "vectorization", "for loops", "quiz", "L_layer_model",
#   "tensorflow version",
# ]
# data = ["cat_noncat"]
# minutes_fast = 0.3
# minutes_full = 2
# definitions = ["0.375", "12,288", "2,500", "209", "259", "0.0075", "0.693", "0.5", "0.05"]
#
# [[published]]
# key = "parameters"
# what = "numbers that 12288-7-1 learns (H32)"
# value = "86,031"
# where = "004, the slide's model, counted"
# difference = "none"
# because = "the same network"
#
# [[published]]
# key = "first costs"
# what = "cost before the first step, two and four layers (H32)"
# value = "0.693050, 0.771749"
# where = "the course of 004, week 4"
# difference = "none"
# because = "the same photos and the same first weights"
#
# [[published]]
# key = "two layers"
# what = "accuracy of 12288-7-1, training and test (H32)"
# value = "1.00, 0.72"
# where = "the course of 004, week 4"
# difference = "none"
# because = "the same photos, weights and steps"
#
# [[published]]
# key = "four layers"
# what = "accuracy of 12288-20-7-5-1, training and test (H32)"
# value = "0.9856, 0.80"
# where = "the course of 004, week 4"
# difference = "none"
# because = "the same photos, weights and steps"
#
# [[exercises]]
# name = "count"
# kind = "compute"
# right = 551
# hint = "Each unit of a layer has a weight for each unit before it, and one bias."
# mistakes = [
#   [532, "Each unit has a bias, too."],
#   [455, "The last layer learns as well."],
# ]
#
# [[exercises]]
# name = "cost"
# kind = "compute"
# right = 0.46210
# hint = "For a cat take the logarithm of the probability, for another photo that of one minus it; mean, minus sign."
# mistakes = [
#   [1.38629, "The mean over photos, not their sum."],
#   [0.63237, "The third photo is no cat: its true class has one minus the probability."],
# ]
# tolerance = 1e-3
#
# [[exercises]]
# name = "seed"
# kind = "explain"
# right = "b"
# hint = "Who picked the seed, after seeing what?"
# mistakes = [
#   ["a", "A seed makes a result repeatable, and repeatable luck is still luck."],
#   ["c", "The numbers are as random as those of any other seed."],
# ]
#
# [[exercises]]
# name = "step"
# kind = "build"
# right = [[0.9, 2.1]]
# hint = "dW = dZ @ A_prev.T / m, and then W - learning_rate * dW."
# mistakes = [
#   [[[0.8, 2.2]], "The mean over the m columns: divide by m."],
#   [[[1.1, 1.9]], "Against the slope: subtract."],
# ]
# ///

# %% [markdown]
# ## Where we are going
#
# Seven small functions, a few lines each, are a deep network that tells photos of cats from others. At the end we have
# trained it, written it once more in three lines of Keras, and answered the course's questions: what a seed is for, why
# loops remain, and how test can be better than training. Time: half an hour. One should know
# [lesson 3](03_backprop.py).
#
# ## Guess
#
# A quiz to begin with. A photo of 64 by 64 pixels in three colours feeds 7 hidden units and one output. *How many
# numbers does this network learn?* And: *what is the cost of a network that says "fifty-fifty" to every photo?*
#
# <details><summary>Answers</summary>12,288 inputs times 7, plus 7 biases, plus 7 and 1 for the output: 86,031. And
# -log(0.5), which is 0.693: remember it, every first cost is near it.</details>

# %%
import time

import keras
import matplotlib.pyplot as plt
import numpy as np

import tenfold
from tenfold import scratch
from tenfold.lessons import open_lesson

lesson = open_lesson("scratch")

# %% [markdown]
# ## The smallest case
#
# The course keeps photos in *columns*: `X` has the shape (features, photos), and a layer computes $Z = W X + b$. Keras
# keeps them in rows and computes $x W + b$. It is the same arithmetic, transposed; nothing is more often confused. In
# this lesson columns are photos, until Keras takes over.
#
# Here are the functions on three columns of three made-up features. First weights are small and random, so that units
# differ and sigmoid starts where it is steep.

# %%
X = np.array([[0.2, 0.9, 0.4], [0.7, 0.1, 0.5], [0.3, 0.8, 0.6]])
Y = np.array([[1.0, 0.0, 1.0]])
parameters = scratch.initialize_parameters(3, 2, 1)
A1, cache1 = scratch.linear_activation_forward(X, parameters["W1"], parameters["b1"], "relu")
A2, cache2 = scratch.linear_activation_forward(A1, parameters["W2"], parameters["b2"], "sigmoid")
cost = scratch.compute_cost(A2, Y)
assert A1.shape == (2, 3)
assert A2.shape == (1, 3)
assert abs(cost - np.log(2)) < 0.001
print(f"cost {cost:.4f}, log 2 is {np.log(2):.4f}")

# %% [markdown]
# The way back has the same parts as in lesson 3: slope of the cost by the answer, then layer by layer. The cache keeps
# what came in. Then every parameter moves against its slope. We check the slope of one weight with a difference.

# %%
dA2 = -(Y / A2) + (1 - Y) / (1 - A2)
dA1, dW2, db2 = scratch.linear_activation_backward(dA2, cache2, "sigmoid")
_, dW1, db1 = scratch.linear_activation_backward(dA1, cache1, "relu")
moved = {name: value.copy() for name, value in parameters.items()}
moved["W2"][0, 0] += 1e-6
by_difference = (scratch.compute_cost(scratch.L_model_forward(X, moved)[0], Y) - cost) / 1e-6
assert abs(by_difference - dW2[0, 0]) < 1e-5
slopes = {"dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2}
new = scratch.update_parameters(parameters, slopes, learning_rate=0.5)
assert scratch.compute_cost(scratch.L_model_forward(X, new)[0], Y) < cost

# %% [markdown]
# That was one step. `L_layer_model` repeats it and takes any number of layers, and `predict` says class 1 where the
# probability is above one half.
#
# ## Training
#
# In the full form these are the course's 209 photos and its 50 to test on, with its two networks: one hidden layer of 7
# units, and three of 20, 7 and 5. The fast form has digits of 8 by 8 pixels instead, as many of them, and asks whether
# a digit is 5 or more. Guess: which of the two networks is better on training photos, and which on the test photos?

# %%
from sklearn.datasets import load_digits

digits, numbers = load_digits(return_X_y=True)
small = [(digits[at].T / 16, (numbers[at] >= 5).astype(float)[None]) for at in (slice(0, 209), slice(209, 259))]


def columns(pair):
    return pair[0].reshape(len(pair[0]), -1).T / 255, pair[1].reshape(1, -1).astype(float)


(X, Y), (X_test, Y_test) = small
if lesson.is_full:
    cats = tenfold.datasets.load("cat_noncat")
    (X, Y), (X_test, Y_test) = columns(cats.train), columns(cats.test)
assert Y.shape == (1, 209)
assert Y_test.shape == (1, 50)


# %%
def accuracy_of(parameters, X, Y):
    return float(np.mean((scratch.L_model_forward(X, parameters)[0] > 0.5) == Y))  # what `predict` prints


def train(first, rate, steps):
    parameters, costs = first, []
    for _ in range(steps):
        AL, caches = scratch.L_model_forward(X, parameters)
        costs.append(scratch.compute_cost(AL, Y))
        parameters = scratch.update_parameters(parameters, scratch.L_model_backward(AL, Y, caches), rate)
    return parameters, costs, [accuracy_of(parameters, *pair) for pair in ((X, Y), (X_test, Y_test))]


n_x, rate, steps = len(X), lesson.pick(0.1, 0.0075), lesson.pick(1200, 2500)
deep = [n_x, 20, 7, 5, 1]
two, two_costs, two_right = train(scratch.initialize_parameters(n_x, 7, 1), rate, steps)
four, four_costs, four_right = train(scratch.initialize_parameters_deep(deep), rate, steps)
majority = max(Y_test.mean(), 1 - Y_test.mean())
assert min(two_right + four_right) > majority
print(f"two layers {two_right}, four layers {four_right}, always the more frequent class {majority:.2f}")

# %%
if lesson.is_full:
    np.testing.assert_allclose([two_costs[0], four_costs[0]], [0.693050, 0.771749], atol=2e-6)
    assert two_right == [1.0, 0.72]
    assert [round(right, 4) for right in four_right] == [0.9856, 0.80]
    lesson.record("first costs", [two_costs[0], four_costs[0]])
    lesson.record("two layers", two_right)
    lesson.record("four layers", four_right)
figure, axes = plt.subplots(figsize=(5, 3), layout="constrained")
axes.plot(two_costs, label="two layers")
axes.plot(four_costs, "--", label="four layers")
axes.legend(frameon=False)
axes.set(title="The cost falls while training lasts", xlabel="steps", ylabel="cost, nats")
lesson.show(figure, f"Costs fall to {two_costs[-1]:.2g} with two layers and {four_costs[-1]:.2g} with four.")

# %% [markdown]
# Both know their training photos better than new ones. The cost on the training photos is the only thing that
# training looks at, so it may fall for ever without a gain for anybody.
#
# ## What is np.random.seed(1)?
#
# It sets the counter of NumPy's generator, so that the "random" first weights are the same on every machine. This is
# how we can assert the course's results to the last photo. It is needed to compare two versions of a program: whatever
# differs, it is not the draw. But one seed is one draw. We train the small network on the digits from ten starts, and
# look at what the seed alone decides.

# %%
X, Y = small[0]
X_test, Y_test = small[1]


def start(seed):
    draw = np.random.default_rng(seed)
    return {"W1": draw.normal(size=(7, 64)) / 8, "b1": np.zeros((7, 1)),
            "W2": draw.normal(size=(1, 7)) / 7**0.5, "b2": np.zeros((1, 1))}  # fmt: skip


again = [train(start(3), 0.3, 50)[1][-1] for _ in range(2)]
assert again[0] == again[1]
scores = np.array([train(start(seed), 0.3, 600)[2] for seed in range(10)])
assert np.ptp(scores[:, 1]) >= 0.02
print(
    f"the same seed twice: {again[0] == again[1]}; test accuracy {scores[:, 1].min():.2f} to {scores[:, 1].max():.2f}"
)

# %% [markdown]
# So fix the seed to find mistakes, and change it to find out what is true. A difference between two networks that is
# smaller than the spread over seeds is not known to be there. `tenfold.cross_validate(..., seeds=5)` does it at once.
#
# ## Why loops, after vectorisation?
#
# A vectorised line hands a whole matrix to compiled code; a Python loop hands over one number at a time. Both give the
# same sums.

# %%
A, W, b = np.random.default_rng(0).normal(size=(64, 209)), start(0)["W1"], start(0)["b1"]
began = time.perf_counter()
by_loops = scratch.linear_forward_by_loops(A, W, b)
loops = time.perf_counter() - began
began = time.perf_counter()
for _ in range(100):
    at_once = W @ A + b
vectors = (time.perf_counter() - began) / 100
np.testing.assert_allclose(by_loops, at_once, rtol=1e-10, atol=1e-12)
assert loops > 10 * vectors
print(f"the loops took {loops / vectors:,.0f} times as long")

# %% [markdown]
# The sums within a layer do not need one another, so they can be done all at once. A loop remains over layers and over
# steps: layer 2 needs what layer 1 gave, and step 2 starts where step 1 ended. No matrix product can skip that wait.
# There is one more loop that *can* go: training ten networks that know nothing of each other. Tenfold runs folds and
# seeds side by side in one program, which is vectorisation one floor higher.
#
# ## How can test be better than training?
#
# Four reasons, the harmless ones first. *Chance*: the test set is small. *Handicap*: dropout and varied photos make
# training rows harder, and only those. *An easier test set*, drawn in another way. *A leak*: test rows that were
# trained on. Look at chance: how far is an accuracy known from 50 photos?

# %%
true_accuracy = 0.8
draws = np.random.default_rng(0).binomial(50, true_accuracy, 10_000) / 50
low, high = np.quantile(draws, [0.025, 0.975])
assert high - low > 0.2
figure, axes = plt.subplots(figsize=(5, 3), layout="constrained")
axes.hist(draws, bins=np.arange(0.59, 1, 0.02))
axes.axvspan(low, high, alpha=0.2)
axes.set(title="Fifty test photos leave much to chance", xlabel="accuracy on 50 photos", ylabel="sets of 50, of 10,000")
lesson.show(figure, f"A network that is right in 80 % scores between {low:.2f} and {high:.2f} in 95 of 100 such sets.")

# %% [markdown]
# By this measure the published 0.72 and 0.80 cannot be told apart. And do we need the accuracy on training data? As a
# proof of capacity: a network that cannot learn its own rows is too small or badly trained. As a goal it is worthless,
# since remembering is enough for it.
#
# ## The same in Keras
#
# The slide has three layers and a `fit`, and it cannot run: `compile` is missing, which says what to minimise and how.


# %%
def slide(shape=(64, 64, 3)):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input(shape),
            layers.Flatten(),
            layers.Dense(7, activation="relu"),
            layers.Dense(1, activation="sigmoid"),
        ]
    )


assert slide().count_params() == 86_031
lesson.record("parameters", slide().count_params())
try:
    slide().fit(np.zeros((2, 64, 64, 3)), np.zeros(2), verbose=0)
except ValueError as error:
    print(str(error).splitlines()[0])

# %% [markdown]
# ## With Tenfold
#
# Compiled, it trains in five folds with two seeds each: ten networks, one program. The interval says what 259 rows can
# say, and it is to be compared with always answering the more frequent class.


# %%
def compiled():
    model = slide((8, 8, 1))
    model.compile(keras.optimizers.Adam(0.01), "binary_crossentropy", metrics=["accuracy"])
    return model


images, labels = np.hstack([X, X_test]).T.reshape(-1, 8, 8, 1), np.hstack([Y, Y_test]).ravel()
cv = tenfold.cross_validate(compiled, images, labels, cv=5, seeds=2, epochs=30, verbose=0)
accuracy = cv.summary().loc["accuracy"]
most = max(labels.mean(), 1 - labels.mean())
assert accuracy["low"] > most
print(f"accuracy {accuracy['value']:.2f} ({accuracy['low']:.2f} to {accuracy['high']:.2f}), guess {most:.2f}")

# %% [markdown]
# ## What goes wrong
#
# Forget to divide the pixels by their largest value. Guess: does the network learn more slowly, or not at all?

# %%
X = X * 16
_, raw_costs, raw_right = train(start(0), 0.3, 600)
X = X / 16
_, good_costs, _ = train(start(0), 0.3, 600)
assert np.mean(raw_costs[-50:]) > 2 * np.mean(good_costs[-50:])
print(f"cost {np.mean(raw_costs[-50:]):.2f} with raw pixels, {np.mean(good_costs[-50:]):.2f} with scaled ones")

# %% [markdown]
# Raw inputs make every slope sixteen times as large, so the same rate is far too long a step; the units are thrown
# about, and some never wake again. Lesson 12 shows them.
#
# ## Look inside
#
# What do the seven hidden units of a trained network look for? Each has one weight a pixel, and we draw them as
# pictures. Beneath stand the weights that they started from, as a control: whatever we think we see there is not
# learnt.

# %%
learnt = train(start(0), 0.3, 600)[0]["W1"]
figure, panels = plt.subplots(2, 7, figsize=(8, 2.6), layout="constrained")
for line, weights in zip(panels, (learnt, start(0)["W1"]), strict=True):
    for axes, unit in zip(line, weights, strict=True):
        axes.imshow(unit.reshape(8, 8), cmap="PuOr", vmin=-1, vmax=1)
        axes.set(xticks=[], yticks=[])
panels[0][0].set_ylabel("trained")
panels[1][0].set_ylabel("at the start")
figure.suptitle("Training draws patterns over the noise of the start")
grown = float(np.abs(learnt).mean() / np.abs(start(0)["W1"]).mean())
assert grown > 1.2
lesson.show(figure, f"Weights of seven units as pictures; trained ones are {grown:.1f} times as large as at the start.")

# %% [markdown]
# ## Exercises
#
# **1. count** (compute). How many numbers does a network of 64 inputs, 7 hidden units and 12 outputs learn?

# %% tags=["solution"]
learnt_numbers = 64 * 7 + 7 + 7 * 12 + 12
lesson.check("count", learnt_numbers)

# %% [markdown]
# **2. cost** (compute). Three photos with the classes 1, 0, 0 get the probabilities 0.8, 0.5 and 0.375. What is the
# cost?

# %% tags=["solution"]
mean_cost = -np.mean(np.log([0.8, 0.5, 0.625]))
lesson.check("cost", mean_cost)

# %% [markdown]
# **3. seed** (explain). A colleague tried the seeds 1 to 20 and reports the best test accuracy, with its seed, so that
# anybody can repeat it. *a*: fine, it is repeatable; *b*: the number is too good, as it was chosen by the test set;
# *c*: wrong, because seeds make numbers that are not random.

# %% tags=["solution"]
letter = "b"
lesson.check("seed", letter)

# %% [markdown]
# **4. step** (build). Write `step(W, A_prev, dZ, learning_rate)` for one layer's weights, columns as photos, and try it
# on W = (1, 2), the columns (1, 1) and (1, -3), dZ = (1, 1) and the rate 0.1.


# %% tags=["solution"]
def step(W, A_prev, dZ, learning_rate):
    return W - learning_rate * dZ @ A_prev.T / A_prev.shape[1]


stepped = step(np.array([[1.0, 2.0]]), np.array([[1.0, 1.0], [1.0, -3.0]]), np.array([[1.0, 1.0]]), 0.1)
lesson.check("step", stepped)

# %% [markdown]
# ## What to remember
#
# - A deep network is: first weights, forward, cost, backward, update, in a loop.
# - A seed makes a run repeatable; only several seeds make it evidence.
# - Vectorise what is independent; loop over what waits.
# - Test above training: think of chance, handicaps, an easier test set, and a leak, in this order.
#
# Words: cost, cache, seed, vectorisation, interval. Next: lesson 5 (`precision`), where sigmoid and logarithm meet the
# end of float32.
#
# ## Published and ours

# %%
lesson.closing_table()
