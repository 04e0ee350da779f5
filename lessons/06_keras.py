# /// lesson
# number = "6"
# name = "keras"
# title = "The Keras interface"
# promise = "Specify, compile, fit, save and reload a network in Keras, and know what each of the steps decides."
# covers = [
#   "003 The Art of Training Neural Networks with Keras", "003 Tools in the Deep Learning Ecosystem",
#   "003 The Building Blocks of Neural Networks", "003 Layers, Data and Learning Representations",
#   "003 So basically, each layer takes input as data and spits out transformed data as output",
#   "003 The Keras Interface", "003 The Sequential API", "003 The Functional API", "003 Layers in Keras",
#   "003 The 104 layers", "003 Stacking the layers together: The Keras Sequential API",
#   "003 Defining, Compiling and Running a Neural Network in Keras", "003 The process of learning in a Neural Network",
#   "003 Loss Score", "003 Optimizers", "003 Compiling the neural network (loss function + optimizer)",
#   "003 So are we done? what about learning the weights?", "002 Deep Learning Models with Keras",
#   "002 Model specification", "002 Compiling the model", "002 Fitting the model",
#   "002 Saving and reloading models using Keras",
# ]
# also = [
#   "keras interface", "sequential api", "functional api", "104 layers", "compile", "loss score",
#   "saving and reloading", "h5 files", "deep learning ecosystem",
# ]
# data = ["mnist"]
# minutes_fast = 0.4
# minutes_full = 2
# definitions = ["0.69", "784", "1,000", "0.0001", "0.5", "100", "0.1"]
#
# [[published]]
# key = "parameters"
# what = "numbers that 784-32-10-1 learns, layer by layer and in all"
# value = "25,120, 330, 11, 25,461"
# where = "003, stacking the layers"
# difference = "none"
# because = "the same network"
#
# [[published]]
# key = "layers"
# what = "names of layers in Keras 2.3 that can be used today"
# value = "104"
# where = "003, layers in Keras"
# difference = "none"
# because = "90 in Keras 3, the others in tenfold.layers"
#
# [[exercises]]
# name = "count"
# kind = "compute"
# right = 180
# hint = "Each unit has a weight for each input, and one bias."
# mistakes = [
#   [160, "Each unit has a bias, too."],
#   [168, "The biases belong to the 20 units, not to the 8 inputs."],
# ]
#
# [[exercises]]
# name = "score"
# kind = "compute"
# right = 0.836988216785836
# hint = "For the class 1 take the logarithm of p, for the class 0 that of 1 - p; minus sign, mean."
# mistakes = [
#   [1.673976433571672, "The mean over rows, not their sum."],
#   [1.3862943611198906, "The second row has the class 0: its probability of being right is 0.75."],
#   [-0.836988216785836, "A loss is minus the logarithm."],
# ]
# tolerance = 1e-5
#
# [[exercises]]
# name = "order"
# kind = "explain"
# right = "c"
# hint = "Which of them decides what is good, and which only how to get there?"
# mistakes = [
#   ["a", "The optimizer decides how to get there; what is good it is told."],
#   ["b", "Metrics are shown to people. Nothing learns from them."],
# ]
#
# [[exercises]]
# name = "branches"
# kind = "build"
# right = 49
# hint = "Two inputs, a Dense on each, `keras.layers.Concatenate()([left, right])`, and a Dense(1) on that."
# mistakes = [
#   [45, "The last layer has eight inputs and one bias."],
#   [41, "Each branch has four units of its own, and each of them a bias."],
# ]
# ///

# %% [markdown]
# ## Where we are going
#
# So far we wrote everything ourselves. Keras writes it for us in four steps: specify, compile, fit, predict. At the end
# we know what each of them decides, a network that did not learn has learnt, and it has been saved and read again.
# Time: half an hour. One should know [lesson 3](03_backprop.py).
#
# ## Guess
#
# A network is specified: 784 inputs, hidden layers of 32 and 10 units with sigmoid, one output. It is compiled with
# plain gradient descent at a rate of 0.0001 and trained for 100 epochs. What has it learnt? *a*: nearly everything;
# *b*: half of it; *c*: nothing.
#
# <details><summary>Answer</summary>*c*, as we shall see. Nothing in the code is wrong, and no error is
# raised.</details>

# %%
import tempfile
from pathlib import Path

import keras
import matplotlib.pyplot as plt
import numpy as np

import tenfold  # before the first model: it tells Keras to run on JAX
from tenfold.lessons import name_lines, open_lesson

lesson = open_lesson("keras")

# %% [markdown]
# ## What stands beneath
#
# Training is matrix products, millions of them. Beneath Keras there are three floors. The *hardware*: a CPU has a few
# strong cores, a GPU thousands of weak ones, which suits products where no entry waits for another. The *kernels*: BLAS
# on a CPU, CUDA libraries on a GPU, hold products tuned for each chip. And a *library that differentiates*: once
# Theano, TensorFlow and CNTK, today JAX, PyTorch or TensorFlow. It knows the slope of every operation and joins them by
# the chain rule. Keras works on the floor above, with layers; the library beneath can be exchanged. Ours is JAX.

# %%
import jax

print(f"Keras {keras.__version__} on {keras.backend.backend()}, {jax.default_backend()}, {jax.device_count()} devices")
slope_of_square = jax.grad(lambda w: (3 * w - 10) ** 2)
assert slope_of_square(2.0) == -24
print(f"the slope of lesson 2, found by JAX: {slope_of_square(2.0):.0f}")

# %% [markdown]
# ## The smallest case: a layer
#
# A *layer* is a function with weights: data in, data out, in another representation. `Dense` computes
# $f(x W + b)$ with $x$ of shape (rows, inputs), $W$ of shape (inputs, units). Weights start at random, biases at 0. A
# network learns representations in which the last layer has an easy task.

# %%
layer = keras.layers.Dense(32, activation="sigmoid")
x = np.random.default_rng(0).normal(size=(5, 784)).astype("float32")
W, b = (layer(x), *layer.get_weights())[1:]
by_hand = 1 / (1 + np.exp(-(x @ W + b)))
np.testing.assert_allclose(layer(x), by_hand, atol=1e-5)
assert W.shape == (784, 32)
assert not b.any()
print(f"{x.shape} in, {tuple(layer(x).shape)} out, {layer.count_params():,} numbers to learn")

# %% [markdown]
# ## Specify: two ways
#
# The *Sequential* way stacks layers, in a list or by `add`. It is enough as long as each layer has one input, the one
# before it. This is the source's network.

# %%
stack = keras.Sequential([keras.Input((784,)), keras.layers.Dense(32, activation="sigmoid")])
stack.add(keras.layers.Dense(10, activation="sigmoid"))
stack.add(keras.layers.Dense(1, activation="sigmoid"))
counts = [layer.count_params() for layer in stack.layers]
assert [*counts, sum(counts)] == [25_120, 330, 11, 25_461]
assert stack.count_params() == 784 * 32 + 32 + 32 * 10 + 10 + 10 + 1
lesson.record("parameters", [*counts, sum(counts)])
for layer in stack.layers:
    print(f"{layer.name:10} {layer.count_params():>7,}")

# %% [markdown]
# The *functional* way calls layers on what other layers gave, and names inputs and outputs at the end. It makes any
# graph without circles. Here a photo and a few facts about it meet in one network, each after a branch of its own.

# %%
photo, facts = keras.Input((28, 28), name="photo"), keras.Input((6,), name="facts")
left = keras.layers.Dense(16, activation="relu")(keras.layers.Flatten()(photo))
right = keras.layers.Dense(4, activation="relu")(facts)
answer = keras.layers.Dense(1, activation="sigmoid")(keras.layers.Concatenate()([left, right]))
two_branches = keras.Model([photo, facts], answer)
assert two_branches.count_params() == (784 * 16 + 16) + (6 * 4 + 4) + (20 + 1)
print(two_branches.predict({"photo": np.zeros((2, 28, 28)), "facts": np.zeros((2, 6))}, verbose=0).ravel())

# %% [markdown]
# ## All the layers
#
# The source prints the names in `keras.layers` of its day: 104 of them are layers. Some fell out of Keras since; all of
# them can still be used, and models of old that hold them can be loaded.

# %%
import tenfold.layers

names = """
Activation ActivityRegularization Add AlphaDropout AtrousConvolution1D AtrousConvolution2D Average
AveragePooling1D AveragePooling2D AveragePooling3D AvgPool1D AvgPool2D AvgPool3D BatchNormalization
Bidirectional Concatenate Conv1D Conv2D Conv2DTranspose Conv3D Conv3DTranspose ConvLSTM2D ConvLSTM2DCell
Convolution1D Convolution2D Convolution3D ConvRecurrent2D Cropping1D Cropping2D Cropping3D CuDNNGRU CuDNNLSTM
Deconvolution2D Deconvolution3D Dense DepthwiseConv2D Dot Dropout ELU Embedding Flatten GaussianDropout
GaussianNoise GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D GlobalAvgPool1D
GlobalAvgPool2D GlobalAvgPool3D GlobalMaxPool1D GlobalMaxPool2D GlobalMaxPool3D GlobalMaxPooling1D
GlobalMaxPooling2D GlobalMaxPooling3D GRU GRUCell Highway Input InputLayer InputSpec Lambda Layer LeakyReLU
LocallyConnected1D LocallyConnected2D LSTM LSTMCell Masking Maximum MaxoutDense MaxPool1D MaxPool2D MaxPool3D
MaxPooling1D MaxPooling2D MaxPooling3D Minimum Multiply Permute PReLU Recurrent ReLU RepeatVector Reshape RNN
SeparableConv1D SeparableConv2D SimpleRNN SimpleRNNCell Softmax SpatialDropout1D SpatialDropout2D
SpatialDropout3D StackedRNNCells Subtract ThresholdedReLU TimeDistributed UpSampling1D UpSampling2D UpSampling3D
ZeroPadding1D ZeroPadding2D ZeroPadding3D
"""

# %%
old = names.split()
left_behind = sorted(name for name in old if not hasattr(keras.layers, name))
assert len(old) == 104
assert all(hasattr(tenfold.layers, name) for name in left_behind)
assert len(old) - len(left_behind) == 90
lesson.record("layers", len(old))
print(", ".join(left_behind))

# %% [markdown]
# ## Compile: the loss and the optimizer
#
# The *loss score* says how far predictions are from the truth. For two classes it is binary crossentropy,
# $-\frac{1}{n} \sum [y \ln p + (1 - y) \ln(1 - p)]$; for numbers, the mean squared error. Crossentropy punishes
# certainty: a row of class 1 with a probability of 0.1 costs more than twenty times what it costs at 0.9.

# %%
p = np.linspace(0.01, 0.99, 99)
entropy = -np.log(p)
assert entropy[9] / entropy[89] > 20
by_keras = keras.losses.binary_crossentropy(np.ones((99, 1)), p[:, None])
np.testing.assert_allclose(by_keras, entropy, rtol=1e-4)
figure, axes = plt.subplots(figsize=(5, 3), layout="constrained")
axes.plot(p, entropy)
axes.plot(p, (1 - p) ** 2, linestyle="--")
axes.annotate("crossentropy", (0.1, 2.3), (0.16, 2.4))
axes.annotate("squared error", (0.1, 0.81), (0.16, 0.75))
axes.set(
    title="Crossentropy punishes certain mistakes",
    xlabel="predicted probability of what is true",
    ylabel="loss of the row",
)
lesson.show(figure, f"Crossentropy rises to {entropy[0]:.1f} at a probability of 0.01, squared error only to 0.98.")

# %% [markdown]
# The *optimizer* decides how slopes move weights. A string such as `"sgd"` takes its usual settings, an object has your
# own. (`SGD(lr=...)` of old is `SGD(learning_rate=...)` now.) *Metrics* are for people; nothing learns from them.
#
# ## So are we done? Fit
#
# No: the weights are still random. `fit` goes through the rows in batches, forward, back, step, and one pass through
# all rows is an epoch. Keras trains for *one* epoch if not told otherwise, and the word is `epochs`; older notes say
# ten and `nb_epoch`. We fit the source's network, compiled as the source has it, and the same with relu and Adam. The
# rows are digits, in the fast form small ones laid on 28 by 28 pixels: is a digit 5 or more?

# %%
from sklearn.datasets import load_digits

if lesson.is_full:
    (images, numbers), _ = tenfold.datasets.load("mnist").train, None
    images, numbers = images[:6000] / 255, numbers[:6000]
else:
    images, numbers = load_digits(return_X_y=True)
    images = np.pad(np.kron(images[:400].reshape(-1, 8, 8) / 16, np.ones((3, 3))), ((0, 0), (2, 2), (2, 2)))
rows, targets = images.reshape(-1, 784).astype("float32"), (numbers[: len(images)] >= 5).astype("float32")


def network(activation, optimizer):
    layers = [keras.layers.Dense(size, activation=activation) for size in (32, 10)]
    net = keras.Sequential([keras.Input((784,)), *layers, keras.layers.Dense(1, activation="sigmoid")])
    net.compile(loss="binary_crossentropy", optimizer=optimizer, metrics=["accuracy"])
    return net


# %% [markdown]
# ## With Tenfold
#
# `tenfold.cross_validate` takes a function that returns a compiled model and trains it in folds, so that the score is
# of rows that were not trained on.

# %%
ways = {
    "sigmoid, SGD 0.0001": lambda: network("sigmoid", keras.optimizers.SGD(learning_rate=0.0001)),
    "relu, Adam 0.001": lambda: network("relu", "adam"),
}
epochs = lesson.pick(25, 100)
runs = {
    way: tenfold.cross_validate(build, rows, targets, cv=3, epochs=epochs, batch_size=64, verbose=0)
    for way, build in ways.items()
}
guess = max(targets.mean(), 1 - targets.mean())
scores = {way: run.summary().loc["accuracy"] for way, run in runs.items()}
slow, quick = scores.values()
assert quick["low"] > guess + 0.2
assert slow["value"] < quick["low"] - 0.2
for way, score in scores.items():
    print(f"{way}: accuracy {score['value']:.2f} ({score['low']:.2f} to {score['high']:.2f}); guess {guess:.2f}")

# %%
figure, axes = plt.subplots(figsize=(5.5, 3), layout="constrained")
for way, run in runs.items():
    curve = run.history.groupby("epoch")["loss"].mean()
    axes.plot(curve.index + 1, curve, label=way)
axes.set(title="A fit that runs is not a fit that learns", xlabel="epochs", ylabel="training loss, nats", ylim=(0, 1))
name_lines(axes)
ends = [run.history.groupby("epoch")["loss"].mean().iloc[-1] for run in runs.values()]
assert ends[0] > 0.6 > ends[1]
lesson.show(
    figure, f"The loss ends at {ends[0]:.2f} with sigmoid and small steps, at {ends[1]:.2f} with relu and Adam."
)

# %% [markdown]
# ## What goes wrong
#
# There was no error, only a loss that does not come below 0.69, that of a fifty-fifty guess. A rate that is too small
# and two layers of sigmoid, each of which lets at most a quarter of a slope through, are enough for that. The checks of
# the run find nothing wrong with the code, and speak of columns that never change. Whether a rate is too small can only
# be seen by trying another; `tenfold.examine` does so, in half a minute, and calls it TF308.

# %%
run = runs["sigmoid, SGD 0.0001"]
print(run.findings)
if lesson.is_full:
    print(tenfold.examine(ways["sigmoid, SGD 0.0001"](), rows, targets, epochs=epochs, batch_size=64).table())

# %% [markdown]
# ## Save and reload
#
# A saved model holds its architecture, weights and how it was compiled. The format of today is one file that ends in
# `.keras`; the older notes have `.h5` (and a slip, `.hf`). Both can be read. For files of Keras 1 and 2, which Keras 3
# often refuses, there is `tenfold.load_model`, with the layers that were left behind.

# %%
model = runs["relu, Adam 0.001"].models[0]
kept = keras.Sequential([keras.Input((784,)), tenfold.layers.Highway(), keras.layers.Dense(1)])
kept.compile("sgd", "mse")
with tempfile.TemporaryDirectory() as folder:
    for one, file in ((model, "model.keras"), (model, "model.h5"), (kept, "highway.keras")):
        one.save(Path(folder) / file)
        again = tenfold.load_model(Path(folder) / file)
        np.testing.assert_allclose(again.predict(rows[:9], verbose=0), one.predict(rows[:9], verbose=0), rtol=1e-5)
        print(f"{file}: the same predictions, {again.count_params():,} numbers")

# %% [markdown]
# ## Look inside
#
# Do layers give better representations? We take what the ten units before the output say of each row and draw its two
# main directions. Beside it, as a control, the same layer before training.

# %%
fresh = ways["relu, Adam 0.001"]()
figure, panels = plt.subplots(1, 2, figsize=(7, 3), layout="constrained")
apart = []
for axes, net, title in zip(panels, (fresh, model), ("Before training", "After: the classes part"), strict=True):
    hidden = np.asarray(keras.Model(net.inputs[0], net.layers[-2].output)(rows[:400]))
    centred = hidden - hidden.mean(axis=0)
    flat = centred @ np.linalg.svd(centred, full_matrices=False)[2][:2].T
    mine = targets[:400] == 1
    apart.append(float(np.linalg.norm(flat[mine].mean(0) - flat[~mine].mean(0)) / flat.std()))
    axes.scatter(*flat[mine].T, s=6)
    axes.scatter(*flat[~mine].T, s=6, marker="x")
    axes.set(title=title, xlabel="first direction", ylabel="second direction")
assert apart[1] > apart[0]
lesson.show(
    figure, f"The middles of both classes are {apart[0]:.1f} spreads apart before training, {apart[1]:.1f} after."
)

# %% [markdown]
# ## Exercises
#
# **1. count** (compute). `Dense(20)` stands on 8 inputs. How many numbers does it learn?

# %% tags=["solution"]
numbers_to_learn = 8 * 20 + 20
lesson.check("count", numbers_to_learn)

# %% [markdown]
# **2. score** (compute). Two rows, classes 1 and 0, both with a predicted probability of 0.25 for the class 1. What is
# the binary crossentropy?

# %% tags=["solution"]
score = -np.mean([np.log(0.25), np.log(0.75)])
lesson.check("score", score)

# %% [markdown]
# **3. order** (explain). Which of the arguments of `compile` decides what a good network is? *a*: `optimizer`; *b*:
# `metrics`; *c*: `loss`.

# %% tags=["solution"]
letter = "c"
lesson.check("order", letter)

# %% [markdown]
# **4. branches** (build). Build a functional model with inputs of 3 and of 5 numbers, a `Dense(4)` on each, both
# joined, and a `Dense(1)` at the end. How many numbers does it learn? (`count_params()` says it.)

# %% tags=["solution"]
one, other = keras.Input((3,)), keras.Input((5,))
joined = keras.layers.Concatenate()([keras.layers.Dense(4)(one), keras.layers.Dense(4)(other)])
size = keras.Model([one, other], keras.layers.Dense(1)(joined)).count_params()
lesson.check("branches", size)

# %% [markdown]
# ## What to remember
#
# - Specify, compile, fit, predict; and save.
# - Sequential for stacks, functional for graphs.
# - The loss says what is good, the optimizer how to get there, metrics are for people.
# - A fit that runs has not therefore learnt: look at the loss, and compare with a guess on held-out rows.
#
# Words: layer, unit, loss, optimizer, epoch, batch. All 104 names: [layers of every Keras](../docs/layers.md). Next:
# lesson 7 (`digits`).
#
# ## Published and ours

# %%
lesson.closing_table()
