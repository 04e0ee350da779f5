# /// lesson
# number = "14"
# name = "convnets"
# title = "Introduction to convnets"
# promise = "Slide a small pattern over a picture, and see why that reads pictures better than a dense layer."
# covers = ["001 Introduction to Convolutional Neural Networks"]
# also = ["chapter 5 of 001", "introduction to convolutional neural networks", "convolution", "max pooling"]
# data = ["mnist"]
# minutes_fast = 0.3
# minutes_full = 15
# definitions = ["600", "300", "784", "10,000", "60,000", "100"]
#
# [[published]]
# key = "H2"
# what = "test accuracy, MNIST, convnet of 93,322 parameters (H2)"
# value = ".9906, .9913"
# where = "001, chapter 5, and the book's notebook 5.1 (its text says 99.3 %)"
# difference = "chance"
# because = "same data and network, other seeds; both published runs lie within our spread or beside it"
#
# [[exercises]]
# name = "parameters"
# kind = "compute"
# right = 18496
# hint = "Each of the 64 filters has 3 x 3 weights for every channel that it reads, and one bias."
# mistakes = [
#   [18432, "The weights are right; each filter has a bias, too."],
#   [640, "A filter reads all 32 channels: it has 3 x 3 x 32 weights."],
#   [36928, "That is the layer after it, which reads 64 channels."],
# ]
#
# [[exercises]]
# name = "sides"
# kind = "compute"
# right = [26, 13, 11, 5, 3]
# hint = "Without padding a 3 x 3 kernel loses one pixel at each edge; pooling halves and drops what is left over."
# mistakes = [
#   [[28, 14, 14, 7, 7], "These are the sides with `padding=\"same\"`; the layers here have none."],
#   [[26, 13, 11, 6, 4], "Pooling drops the row that finds no partner: half of 11 is 5."],
# ]
#
# [[exercises]]
# name = "corner"
# kind = "build"
# right = [[1, 1], [-1, -1]]
# hint = "Two loops over the places where the kernel fits; at each place multiply patch and kernel and add up."
# mistakes = [
#   [[[-1, -1], [1, 1]], "The kernel was turned around. Keras does not turn it."],
# ]
#
# [[exercises]]
# name = "neighbours"
# kind = "explain"
# right = "b"
# hint = "What does a dense layer know of which inputs are neighbours?"
# mistakes = [
#   ["a", "It is the convnet that loses: its patches no longer hold what belongs together."],
#   ["c", "One of the two uses that pixels are neighbours."],
# ]
# ///

# %% [markdown]
# ## Where we are going
#
# A dense layer reads a picture as a list of numbers. A convolution reads it in patches, and asks the same question of
# every patch. At the end stands a network that reads handwritten digits better than the one of lesson 7, with less than
# a quarter of its weights. Time: half an hour. Lessons 1 (`node`) and 7 (`digits`) come first.
#
# ## Guess
#
# The dense network of lesson 7 has 407,050 parameters. The convnet below has 93,322. Which makes fewer mistakes on new
# digits? *a*: the dense one, *b*: the convnet, *c*: about the same.
#
# <details><summary>Answer</summary>The convnet, by about half: 1 mistake in 100 in place of 2.</details>

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers

import tenfold
from tenfold.lessons import open_lesson

lesson = open_lesson("convnets")

# %% [markdown]
# ## The smallest case
#
# A *kernel* is a small pattern of weights. We lay it on a patch of the picture, multiply pixel by pixel and add up: one
# number, as a node gives it. Then we move the kernel by one pixel. The sums make a new picture, a *feature map*: large
# where the patch looks like the kernel.
#
# Our picture has a dark left half and a bright right half. The kernel looks for dark on its left and bright on its
# right.

# %%
picture = np.array([[0, 0, 1, 1, 1], [0, 0, 1, 1, 1], [0, 0, 1, 1, 1], [0, 0, 1, 1, 1]], float)
kernel = np.array([[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]], float)


def slide(picture, kernel):
    height, width = (whole - part + 1 for whole, part in zip(picture.shape, kernel.shape, strict=True))
    size = kernel.shape[0]
    sums = [[(picture[r : r + size, c : c + size] * kernel).sum() for c in range(width)] for r in range(height)]
    return np.array(sums)


feature_map = slide(picture, kernel)
assert feature_map.tolist() == [[3, 3, 0], [3, 3, 0]]
print(feature_map)

# %% [markdown]
# Two columns of patches contain the edge and answer 3; the last column sees bright pixels only and answers 0. The
# answer moves where the edge moves. That is the point: nine weights find this edge anywhere.
#
# *Max pooling* then keeps the largest number of each 2 x 2 block. The map is halved, and what it says holds a little
# wherever the edge lies in the block.

# %%
figure, panels = plt.subplots(1, 3, figsize=(7, 2.4), layout="constrained")
for axes, shown, title in zip(
    panels, (picture, kernel, feature_map), ("picture", "kernel", "feature map"), strict=True
):
    axes.imshow(shown, cmap="RdBu_r", vmin=-6, vmax=6)
    axes.set(title=title, xlabel="column (pixels)", ylabel="row (pixels)", xticks=[], yticks=[])
    for (row, column), value in np.ndenumerate(shown):
        axes.text(column, row, f"{value:.0f}", ha="center", va="center")
figure.suptitle("The map is high where the patch looks like the kernel")
lesson.show(figure, f"The kernel's sums: {feature_map[0].tolist()} in both rows; 3 where the patch holds the edge.")

# %% [markdown]
# ## The same in Keras
#
# `Conv2D` does this sum for many kernels at once, and each kernel reads all channels of its input. Shapes are (row,
# height, width, channel): rows are pictures, and a grey picture has one channel. We give a layer our kernel.

# %%
edge = keras.Sequential([keras.Input((4, 5, 1)), layers.Conv2D(1, 3, use_bias=False), layers.MaxPooling2D(2)])
edge.layers[0].set_weights([kernel[:, :, None, None]])
by_keras = np.asarray(edge.layers[0](picture[None, :, :, None]))[0, :, :, 0]
np.testing.assert_array_equal(by_keras, feature_map)
pooled = np.asarray(edge(picture[None, :, :, None]))
assert pooled.shape == (1, 1, 1, 1)
assert pooled.item() == 3
print(by_keras, "-> pooled", pooled.item())

# %% [markdown]
# The network of the source stacks three convolutions, the first two with pooling behind them. Maps become smaller and
# more numerous; at the end they are laid out as a list of 576 numbers, and two dense layers answer.


# %%
def convnet(side, widths, dense):
    model = keras.Sequential([keras.Input((side, side, 1)), layers.Conv2D(widths[0], 3, activation="relu")])
    for width in widths[1:]:
        model.add(layers.MaxPooling2D(2))
        model.add(layers.Conv2D(width, 3, activation="relu", padding="valid" if side > 8 else "same"))
    for layer in (layers.Flatten(), layers.Dense(dense, activation="relu"), layers.Dense(10, activation="softmax")):
        model.add(layer)
    model.compile("rmsprop", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


# %%
source = convnet(28, (32, 64, 64), 64)
shapes = [layer.output.shape[1:] for layer in source.layers]
parameters = [layer.count_params() for layer in source.layers if layer.count_params()]
print(*zip([layer.name for layer in source.layers], shapes, strict=True), sep="\n")
assert shapes[5] == (576,)
assert parameters == [320, 18_496, 36_928, 36_928, 650]
assert source.count_params() == 93_322

# %% [markdown]
# The dense network of lesson 7 spends nearly all of its weights on its first layer, where each unit has a weight for
# each of the 784 pixels. The first convolution has 320.

# %%
dense = keras.Sequential([keras.Input((784,)), layers.Dense(512), layers.Dense(10)])
assert dense.count_params() == 407_050
print(f"dense {dense.count_params():,}, convnet {source.count_params():,} parameters")

# %% [markdown]
# ## With Tenfold
#
# The fast form reads the 8 x 8 digits that scikit-learn carries, 600 of them, with a smaller convnet; the full form is
# the source's network on MNIST: 60,000 digits to train on, 10,000 to score, three seeds. Beside it stands a dense
# network of about as many weights. All trainings of a network are one program.
#
# **Which way will it go?** The fast form has few digits, of 64 pixels. Does the convnet still win?

# %%
if lesson.is_full:
    data = tenfold.datasets.load("mnist")
    parts = [data.train, data.test]
    x = np.concatenate([np.reshape(inputs, (-1, 28, 28, 1)) for inputs, _ in parts]).astype("float32")
    y = np.concatenate([np.ravel(targets) for _, targets in parts]).astype("int32")
    folds = [(np.arange(60_000), np.arange(60_000, 70_000))]
else:
    from sklearn.datasets import load_digits

    pixels, y = load_digits(return_X_y=True)
    x, y, folds = pixels[:600].reshape(-1, 8, 8, 1).astype("float32"), y[:600].astype("int32"), 2
x = x / x.max()
side = x.shape[1]
print(x.shape, y.shape)


# %%
def build_convnet():
    return convnet(side, lesson.pick((16, 32), (32, 64, 64)), lesson.pick(32, 64))


def build_dense():
    width = lesson.pick(190, 117)
    model = keras.Sequential([keras.Input((side, side, 1)), layers.Flatten()])
    model.add(layers.Dense(width, activation="relu"))
    model.add(layers.Dense(10, activation="softmax"))
    model.compile("rmsprop", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


# %%
asked = {"cv": folds, "seeds": lesson.pick(1, 3), "epochs": lesson.pick(20, 5), "batch_size": lesson.pick(16, 64)}
reads = {
    "convnet": tenfold.cross_validate(build_convnet, x, y, verbose=0, **asked),
    "dense": tenfold.cross_validate(build_dense, x, y, verbose=0, **asked),
}
scores = {name: cv.scores["accuracy"].to_numpy() for name, cv in reads.items()}
guess = np.bincount(y).max() / len(y)  # whoever always says the digit that is most frequent
for name, found in scores.items():
    print(f"{name}: {found.mean():.4f} ± {found.std(ddof=1):.4f}; always the same digit: {guess:.3f}")
assert scores["convnet"].mean() > 5 * guess
if lesson.is_full:
    lesson.record("H2", scores["convnet"])
    assert 0.987 < scores["convnet"].mean() < 0.994
    assert scores["convnet"].mean() > scores["dense"].mean()

# %% [markdown]
# On MNIST the convnet wins clearly. On 600 digits of 64 pixels it has little to gain: the strokes are about as wide as
# a kernel, and with 300 digits to learn from the dense network is as good or better. A network is not good in itself,
# it suits data or not. What the convnet lives on we see below, whatever the score.
#
# ## What goes wrong
#
# A convolution believes that neighbours belong together. We break that belief: all pictures have their pixels moved to
# other places, in the same random way. Nothing is lost: every pixel is still there.
#
# **Which way will it go?** Which of the two networks suffers, and which does not even notice?

# %%
order = np.random.default_rng(0).permutation(side * side)
mixed = x.reshape(len(x), -1)[:, order].reshape(x.shape)
broken = {
    "convnet": tenfold.cross_validate(build_convnet, mixed, y, verbose=0, **asked),
    "dense": tenfold.cross_validate(build_dense, mixed, y, verbose=0, **asked),
}
mixed_scores = {name: cv.scores["accuracy"].to_numpy() for name, cv in broken.items()}
loss = {name: scores[name].mean() - mixed_scores[name].mean() for name in scores}
print({name: f"{value:+.3f} lost" for name, value in loss.items()})
assert loss["convnet"] > abs(loss["dense"])

# %%
figure, axes = plt.subplots(figsize=(5.5, 3), layout="constrained")
for place, name in enumerate(scores):
    for shift, (found, words) in enumerate([(scores[name], "in order"), (mixed_scores[name], "mixed")]):
        axes.plot(np.full(len(found), place + 0.3 * shift), found, "o", color=f"C{shift}")
        axes.text(place + 0.3 * shift + 0.04, found.mean(), words, va="center", color=f"C{shift}")
axes.set(
    xticks=[0.15, 1.15], xticklabels=list(scores), xlim=(-0.2, 1.7), ylabel="accuracy (share of held-out rows)",
    title="Mixing the pixels hurts the convnet, not the dense network",
)  # fmt: skip
words = ", ".join(f"{name} loses {value:.3f}" for name, value in loss.items())
lesson.show(figure, f"Accuracy of pictures in order and mixed: {words}.")

# %% [markdown]
# The dense network gives every pixel a weight of its own and never knew which were neighbours: it is as good as before,
# up to chance. The convnet loses what it was built on. So a convolution suits data with neighbours, such as photos,
# sounds and series. The columns of a table have no order, and there it has nothing to gain.
#
# ## Look inside
#
# What does the first layer answer to a digit? Each small picture is a feature map. Below are the same channels with
# shuffled weights: what looks alike in both lines was not learnt.

# %%
from tenfold.views.shuffling import shuffled

model, digit = reads["convnet"].models[0], x[:1]
learnt = tenfold.views.activations(model, digit, [model.layers[0].name], num_channels=6).numbers
with shuffled(model, "all"):
    random = tenfold.views.activations(model, digit, [model.layers[0].name], num_channels=6).numbers
figure, panels = plt.subplots(2, 7, figsize=(8, 2.8), layout="constrained")
for line, (maps, words) in enumerate([(learnt, "learnt"), (random, "shuffled")]):
    panels[line, 0].imshow(digit[0, :, :, 0], cmap="gray")
    panels[line, 0].set_ylabel(words)
    for axes, channel in zip(panels[line, 1:], maps.pictures[0], strict=True):
        axes.imshow(channel, cmap="viridis")
for axes in panels.ravel():
    axes.set(xticks=[], yticks=[])
figure.suptitle("Six feature maps of one digit: edges, with learnt and with shuffled weights")
lesson.show(figure, f"A {y[0]} and its six strongest maps of {learnt.sizes[0][2]}; random kernels find edges as well.")

# %% [markdown]
# The two lines look rather alike. That is the honest finding: even random kernels answer to edges, and a pretty feature
# map is no proof of learning. Lesson 16 (`seeing`) looks for what is.
#
# ## Exercises
#
# **1. parameters** (compute). A convolution reads 32 channels with 64 filters of 3 x 3, each with a bias. How many
# parameters does it have?

# %% tags=["solution"]
count = 64 * (3 * 3 * 32 + 1)
lesson.check("parameters", count)

# %% [markdown]
# **2. sides** (compute). A picture of 28 x 28 passes: convolution 3 x 3, pooling 2, convolution 3 x 3, pooling 2,
# convolution 3 x 3, all without padding. Give the side after each of the five layers.

# %% tags=["solution"]
after = [28 - 2, 26 // 2, 13 - 2, 11 // 2, 5 - 2]
lesson.check("sides", after)

# %% [markdown]
# **3. corner** (build). Slide the kernel of this lesson over `spot` and give the feature map.

# %%
spot = np.array([[0, 0, 1, 1], [0, 0, 1, 1], [1, 1, 0, 0], [1, 1, 0, 0]])

# %% tags=["solution"]
sums = slide(spot, kernel)
lesson.check("corner", sums)

# %% [markdown]
# **4. neighbours** (explain). Two colleagues train on photos whose pixels were all moved in the same random way. *a*:
# the dense network loses, *b*: the convnet loses, *c*: both lose alike. Which?

# %% tags=["solution"]
letter = "b"
lesson.check("neighbours", letter)

# %% [markdown]
# ## What to remember
#
# - A convolution asks the same question of every patch: few weights, found anywhere.
# - Pooling halves the map and forgives small shifts.
# - It works where neighbours belong together, and only there.
# - A feature map of random weights shows edges, too.
#
# Words: convolution, kernel, filter, channel, feature map, pooling, padding. Next: lesson 15 (`cats-dogs`), with photos
# that are too few.
#
# ## Published and ours

# %%
lesson.closing_table()
