# /// lesson
# number = "16"
# name = "seeing"
# title = "What convnets learn"
# promise = "Look into a convnet by activations, filters and Grad-CAM, and hold every picture against random weights."
# covers = [
#   "001 Visualizing what convnets learn",
#   "004 Once we start stacking layers in a neural network, how do we know what layer is doing?",
#   "004 Is it really important to know?",
# ]
# also = ["chapter 7 of 001", "visualizing what convnets learn", "grad-cam", "open questions 4 and 5"]
# data = ["cats_dogs"]
# minutes_fast = 0.5
# minutes_full = 12
# definitions = ["2,000"]
#
# [[exercises]]
# name = "weights"
# kind = "compute"
# right = [2, -0.5]
# hint = "The weight of a channel is the mean of its slopes over all places."
# mistakes = [
#   [[8, -2], "That is the sum over the four places; Grad-CAM takes the mean."],
#   [[3, -1], "That is the largest slope; Grad-CAM takes the mean."],
# ]
#
# [[exercises]]
# name = "map"
# kind = "build"
# right = [[2, 0], [0, 3.5]]
# hint = "Weigh each channel, add the channels up place by place, and set what is below 0 to 0."
# mistakes = [
#   [[[2, -0.5], [-1, 3.5]], "Places that speak against the class are left out: nothing below 0."],
#   [[[2, 0.5], [1, 4.5]], "The second channel has a negative weight."],
# ]
#
# [[exercises]]
# name = "alike"
# kind = "explain"
# right = "c"
# hint = "What do the two networks have in common, if not what was learnt?"
# mistakes = [
#   ["a", "The second network knows nothing, and its map looks the same."],
#   ["b", "Random weights are no other cat detector."],
# ]
# ///

# %% [markdown]
# ## Where we are going
#
# How do we know what a layer is doing? We shall look in three ways: what the layers answer (activations), what they
# wait for (filters), and where the network looks (Grad-CAM). At the end a network is right on every photo for the wrong
# reason, and one of the three gives it away. Beside each picture stands the same one with random weights, since
# pictures convince whatever they show. Time: half an hour. Lesson 14 (`convnets`) comes first.
#
# ## Guess
#
# We shuffle all weights of a trained convnet, so that it knows nothing, and draw its feature maps again. Will they look
# like noise? *a*: yes, *b*: no, one sees the photo in them all the same.
#
# <details><summary>Answer</summary>b. Each map is the photo, filtered; a random filter is a filter.</details>

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers
from matplotlib.patches import Rectangle

import tenfold
from tenfold.lessons import open_lesson

lesson = open_lesson("seeing")

# %% [markdown]
# ## The smallest case
#
# Grad-CAM asks of each channel: if you answered more, would the class's score rise? The mean slope over all places is
# the channel's weight. The map is the weighted sum of the channels, and what speaks against the class is left out. Two
# channels of 2 x 2 places are enough to do it by hand.

# %%
channels = np.array([[[4.0, 0.0], [0.0, 1.0]], [[0.0, 2.0], [2.0, 0.0]]])  # (channel, row, column)
slopes = np.array([[[1.0, 1.0], [1.0, 1.0]], [[-2.0, 0.0], [-2.0, 0.0]]])
weights = slopes.mean(axis=(1, 2))
heat = np.maximum(0, (weights[:, None, None] * channels).sum(axis=0))
assert weights.tolist() == [1.0, -1.0]
assert heat.tolist() == [[4.0, 0.0], [0.0, 1.0]]
print(weights, heat, sep="\n")

# %% [markdown]
# The first channel speaks for the class, the second against it. Where the second answers, the map is 0. A map is thus
# no finer than the channels' grid: a map of 6 x 6 places, laid over a photo of 48, is honest to 8 pixels.
#
# ## A network to look into
#
# The source looks into its cats-and-dogs network and into VGG16, whose weights are not at hand. The full form trains a
# convnet on 2,000 photos of cats and dogs, at 64 pixels. The fast form paints discs and crosses, for a reason: there we
# *know* where the thing lies, and can count how often a map finds it.


# %%
def painted(count, seed, side=36):
    rng = np.random.default_rng(seed)
    kinds, places = np.arange(count) % 2, rng.integers(8, side - 8, (count, 2))
    photos = 0.4 * rng.integers(0, 256, (count, side // 3, side // 3, 3)).repeat(3, 1).repeat(3, 2) + 70
    rows, columns = np.mgrid[:side, :side]
    for photo, kind, place in zip(photos, kinds, places, strict=True):
        up, across = abs(rows - place[0]), abs(columns - place[1])
        thing = (np.hypot(up, across) < 6, (np.minimum(up, across) < 1.5) & (np.maximum(up, across) < 6))[kind]
        photo[thing] = rng.integers(0, 256, 3)
    return photos.clip(0, 255).astype(np.uint8), kinds, places


# %%
if lesson.is_full:
    from PIL import Image

    data = tenfold.datasets.load("cats_dogs")
    x, unseen = (
        np.stack([np.asarray(Image.fromarray(one).resize((64, 64))) for one in part[0]])
        for part in (data.train, data.test)
    )
    y, y_unseen = (np.asarray(part[1]) for part in (data.train, data.test))
    mixed = np.random.default_rng(0).permutation(len(unseen))  # the files come class by class
    unseen, y_unseen = unseen[mixed], y_unseen[mixed]
    labels = ("cat", "dog")
else:
    (x, y, _), (unseen, y_unseen, places) = painted(480, seed=0), painted(120, seed=1)
    labels = ("disc", "cross")
side = x.shape[1]


# %%
def build():
    model = keras.Sequential([keras.Input((side, side, 3), dtype="uint8"), layers.Rescaling(1 / 127.5, -1)])
    if lesson.is_full:
        model.add(layers.RandomFlip("horizontal"))
    for number, filters in enumerate(lesson.pick((12, 24, 32), (32, 64, 96, 128)), start=1):
        model.add(layers.Conv2D(filters, 3, padding="same", activation="relu", name=f"conv_{number}"))
        model.add(layers.MaxPooling2D(2, name=f"pool_{number}"))
    model.add(layers.GlobalAveragePooling2D() if lesson.is_full else layers.GlobalMaxPooling2D())
    model.add(layers.Dense(2, activation="softmax"))
    model.compile(
        keras.optimizers.Adam(lesson.pick(3e-3, 1e-3)), "sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    return model


# %%
keras.utils.set_random_seed(0)
model = build()
epochs = lesson.pick(9, 30)
tenfold.fit(model, x, y, epochs=epochs, batch_size=32, seed=0, verbose=0)
named = np.asarray(model(unseen)).argmax(axis=1)
accuracy = (named == y_unseen).mean()
print(f"accuracy {accuracy:.3f} on {len(unseen):,} new photos, by chance 0.5")
assert accuracy > 0.65

# %% [markdown]
# ## First view: activations
#
# What does each layer make of one photo? `tenfold.views.activations` draws the channels that answer most. The control
# is the network with shuffled weights: same numbers, in other places.

# %%
from tenfold.views.shuffling import shuffled

photo = unseen[1:2]
convolutions = [layer.name for layer in model.layers if layer.name.startswith("conv")][:3]
learnt = tenfold.views.activations(model, photo, convolutions, num_channels=5)
with shuffled(model, "all"):
    random = tenfold.views.activations(model, photo, convolutions, num_channels=5).numbers


# %%
figure, panels = plt.subplots(len(convolutions), 11, figsize=(9, 2.9), layout="constrained")
for row, name in enumerate(convolutions):
    shown = [photo[0], *learnt.numbers.pictures[row][:5], *random.pictures[row][:5]]
    for axes, picture in zip(panels[row], shown, strict=True):
        axes.imshow(picture)
        axes.set(xticks=[], yticks=[])
    panels[row, 0].set_ylabel(name)
panels[0, 3].set_title("learnt")
panels[0, 8].set_title("shuffled")
figure.suptitle("Early maps keep the photo, whatever the weights; late ones tell where something is")
lesson.show(
    figure, f"Maps of {len(convolutions)} layers, {[size[0] for size in random.sizes]} places a side; both look sharp."
)

# %% [markdown]
# In the first layer both halves show the photo. A sharp feature map is therefore no sign of learning. What one *can*
# read here: how many channels are silent on this photo, and which places survive to the last layer.

# %%
silent = {}
for name in convolutions:
    answers = keras.Model(model.inputs[0], model.get_layer(name).output)(unseen[:100])
    silent[name] = float((np.asarray(answers).max(axis=(0, 1, 2)) == 0).mean())
print("share of channels that are silent on 100 photos:", {name: f"{share:.0%}" for name, share in silent.items()})
assert all(share < 1 for share in silent.values())

# %% [markdown]
# ## Second view: filters
#
# What does a filter wait for? Start from grey noise, and change the picture uphill for the filter's mean answer.
# `tenfold.views.filters` draws its control by itself.

# %%
seen = tenfold.views.filters(model, unseen[:1], layer=convolutions[1], num_filters=6)
rose = int((seen.numbers.rise > 0).sum())
assert rose >= 4
assert seen.numbers.shuffled.shape == seen.numbers.patterns.shape
lesson.show(
    seen.figure, f"{seen.sentence}; below them the same filters with shuffled weights. {rose} of 6 answers rose."
)

# %% [markdown]
# Patterns of learnt filters are often coarser and more regular than those of shuffled ones. Of a network as small as
# ours one should not read more into them. The grids of eyes and feathers in books come from networks with a million
# photos behind them.
#
# ## Third view: Grad-CAM
#
# Where is what speaks for the answer? Each map stands above two controls, and two numbers stand in the sentence: how
# alike the maps of shuffled weights are, and how far the answer falls when the marked fifth of the photo is blurred.

# %%
looked = tenfold.views.grad_cam(model, unseen[:4], labels=labels)
controls = looked.numbers.controls
print(looked.sentence)
assert controls.drop > controls.drop_elsewhere
lesson.show(looked.figure, looked.sentence)

# %% [markdown]
# In the fast form we can count. The highest place of a map lies on the thing, or it does not; with shuffled weights it
# may lie there, too, because a disc is smoother than its ground. So we count both. **Which way will it go?**

# %%
if not lesson.is_full:

    def hits(model):
        maps = tenfold.views.grad_cam(model, unseen, y_unseen.tolist(), controls=False).numbers.maps
        spots = np.stack(np.unravel_index(maps.reshape(len(maps), -1).argmax(axis=1), (side, side)), axis=1)
        return (np.abs(spots - places).max(axis=1) <= 7).mean()

    on_thing = hits(model)
    with shuffled(model, "all"):
        by_chance = hits(model)
    print(f"highest place on the thing: {on_thing:.0%}, with shuffled weights {by_chance:.0%}")
    assert on_thing > by_chance + 0.1

# %% [markdown]
# ## What goes wrong: right for the wrong reason
#
# A colleague hands us photos of which one class carries a small yellow mark in a corner: a stamp of the archive, a
# ruler beside the lump, a patch of snow behind the wolf. We train the same network on them and look at its accuracy on
# held-out photos *of the same archive*. Then we take the mark away.


# %%
def marked(photos, kinds):
    photos = photos.copy()
    photos[np.asarray(kinds) == 1, 1:5, 1:5] = (250, 250, 40)
    return photos


keras.utils.set_random_seed(0)
cheat = build()
tenfold.fit(cheat, marked(x, y), y, epochs=lesson.pick(3, 6), batch_size=32, seed=0, verbose=0)
same_archive = (np.asarray(cheat(marked(unseen, y_unseen))).argmax(axis=1) == y_unseen).mean()
elsewhere = (np.asarray(cheat(unseen)).argmax(axis=1) == y_unseen).mean()
print(f"accuracy in the archive {same_archive:.3f}, without the mark {elsewhere:.3f}")
assert same_archive > 0.95
assert elsewhere < same_archive - 0.2

# %% [markdown]
# The score of the archive cannot show it: its held-out photos carry the mark as well. Grad-CAM does. Below it, as
# always, the same network with shuffled weights.

# %%
shown = marked(unseen, y_unseen)[y_unseen == 1][:3]
maps = {
    name: tenfold.views.grad_cam(one, shown, 1, controls=False).numbers.maps
    for name, one in (("cheat", cheat), ("honest", model))
}
with shuffled(cheat, "all"):  # the control: the same network without what it learnt
    maps["shuffled"] = tenfold.views.grad_cam(cheat, shown, 1, controls=False).numbers.maps
corner = {name: float(each[:, :8, :8].sum() / max(each.sum(), 1e-9)) for name, each in maps.items()}


# %%
figure, panels = plt.subplots(3, 3, figsize=(5.5, 5.5), layout="constrained")
for line, (name, each) in zip(panels, maps.items(), strict=True):
    line[0].set_ylabel(name)
    for axes, picture, heat in zip(line, shown, each, strict=True):
        axes.imshow(picture)
        axes.imshow(heat, cmap="inferno", alpha=0.5)
        axes.add_patch(Rectangle((0, 0), 8, 8, fill=False, edgecolor="white"))
        axes.set(xticks=[], yticks=[])
figure.suptitle(
    f"In the marked corner: {corner['cheat']:.0%} of the cheat's map, {corner['honest']:.0%} of the honest one's"
)
assert corner["cheat"] > corner["honest"]
lesson.show(
    figure,
    f"Share of the map in the marked corner: cheat {corner['cheat']:.0%}, honest {corner['honest']:.0%}, "
    f"the cheat with shuffled weights {corner['shuffled']:.0%}.",
)

# %% [markdown]
# ## Two open questions, answered
#
# **Once we stack layers, how do we know what a layer is doing?** We do not know it from the layer's place or name. We
# ask: by its answers on data (activations), by what raises them (filters), by where the answer comes from (Grad-CAM),
# by what a straight line can read off it, and by taking it away. Each answer needs a control, because a layer of random
# weights gives pictures, too. And each tells a part: "this channel answers to edges on these photos" can be checked;
# "this layer understands cats" cannot.
#
# **Is it important to know?** For the score, no: the network is as good as it is on held-out rows, understood or not.
# It becomes important where the held-out rows share a fault with the training rows, as they did here: the score was
# splendid and the network worthless elsewhere. It is important where somebody is refused a loan or a treatment and may
# ask why. And it is important for the next network: whoever sees the corner glow knows what to do.
#
# ## Exercises
#
# **1. weights** (compute). Slopes of two channels of 2 x 2 places: `[[1, 2], [3, 2]]` and `[[-1, 0], [0, -1]]`. Which
# weights has Grad-CAM?

# %% tags=["solution"]
alphas = np.array([[[1, 2], [3, 2]], [[-1, 0], [0, -1]]]).mean(axis=(1, 2))
lesson.check("weights", alphas)

# %% [markdown]
# **2. map** (build). With these weights the channels answer `[[1, 0], [0, 2]]` and `[[0, 1], [2, 1]]`. Give the map.

# %%
given = np.array([[[1, 0], [0, 2]], [[0, 1], [2, 1]]])

# %% tags=["solution"]
where = np.maximum(0, 2 * given[0] - 0.5 * given[1])
lesson.check("map", where)

# %% [markdown]
# **3. alike** (explain). The map of a trained network and the map of the same network with random weights correlate by
# .9. *a*: both have found the cat, *b*: the second is a good detector by chance, *c*: the map shows the photo and not
# what was learnt. Which?

# %% tags=["solution"]
letter = "c"
lesson.check("alike", letter)

# %% [markdown]
# ## What to remember
#
# - A picture of a network proves nothing without the same picture of random weights.
# - Activations show the photo; filters show what is waited for; Grad-CAM shows where, coarsely.
# - A number beside the map: how far the answer falls without the marked place.
# - Held-out rows of the same archive share its faults.
#
# Words: activation, feature map, Grad-CAM, control. Next: lesson 17 (`text`), where the rows are words.
