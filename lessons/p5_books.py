# /// lesson
# number = "P5"
# name = "books"
# title = "Project: which book next?"
# promise = "Predict how a reader will rate a book from who rates and what is rated, nothing else."
# covers = ["004 Book Analysis and Recommendation"]
# also = ["book recommendation", "ratings", "matrix factorisation"]
# data = ["goodbooks"]
# minutes_fast = 0.2
# minutes_full = 1
# definitions = ["95,668", "10,000", "200", "100", "0.85", "0.86"]
#
# [[published]]
# key = "network"
# what = "RMSE of a rating from 1 to 5 on held-out folds: network"
# value = "0.980 (always the mean)"
# where = "no number is published; the guess stands here"
# difference = "other data"
# because = "the guess on the same folds, not a published network; one reader in ten of the first edition"
#
# [[published]]
# key = "best other"
# what = "the same, best of the baselines"
# value = "0.859 (boosted trees)"
# where = "no number is published; a former run of the same command stands here"
# difference = "chance"
# because = "the same command on the same data"
#
# [[exercises]]
# name = "rating"
# kind = "compute"
# right = 4.4
# hint = "Add mean, bias of the reader, bias of the book, and the product of the two taste numbers."
# mistakes = [
#   [3.8, "The product of two negative numbers is positive."],
#   [4.1, "The tastes are missing: the product of reader and book."],
# ]
#
# [[exercises]]
# name = "parameters"
# kind = "compute"
# right = 3300
# hint = "Each of the 200 readers and 100 books has 10 taste numbers and one bias."
# mistakes = [
#   [3000, "Each reader and each book has a bias, too."],
#   [20000, "That would be a number for each pair of reader and book: the table that we do not have."],
# ]
# ///

# %% [markdown]
# ## Question
#
# Readers give books one to five stars. Which book should a reader see next? The table of the full form has 95,668
# ratings of 10,000 books and two columns besides the rating: the number of the reader and the number of the book. The
# numbers are names: book 12 is not twice book 6.
#
# Rating and recommending are two questions. We ask the first, "how many stars", because it can be scored on held-out
# ratings; the weakness at the end is that the second one is what the reader wanted. The measure is the root mean
# squared error, in stars.
#
# **Guess.** "Always the mean" misses by about one star. How far below can anybody come? *a*: 0.2, *b*: 0.5, *c*: 0.85?
#
# <details><summary>Answer</summary>About 0.85. People are not even consistent with themselves: asked again, they give
# other stars.</details>

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers

import tenfold
from tenfold.lessons import open_lesson

lesson = open_lesson("books")

# %% [markdown]
# ## Data of the same form
#
# The fast form makes 200 readers and 100 books. A reader is kind or strict, a book is good or bad, and both have a
# taste: where the signs agree, a star is added. Then noise, and stars are whole numbers. Of all pairs we see one in
# five.

# %%
rng = np.random.default_rng(0)
num_readers, num_books = 200, 100
kindness, quality = rng.normal(0, 0.4, num_readers), rng.normal(0, 0.4, num_books)
taste, style = rng.choice([-1, 1], num_readers), rng.choice([-1, 1], num_books)
pairs = rng.choice(num_readers * num_books, 4_000, replace=False)
reader, book = pairs // num_books, pairs % num_books
liking = 3.4 + kindness[reader] + quality[book] + 0.7 * taste[reader] * style[book]
stars = np.clip(np.round(liking + rng.normal(0, 0.5, len(pairs))), 1, 5)
x, y = {"reader": reader[:, None], "book": book[:, None]}, stars.astype("float32")
print(f"{len(y):,} ratings, mean {y.mean():.2f}, spread {y.std():.2f} stars")

# %% [markdown]
# ## Baselines and folds
#
# Ratings are dealt at random into four folds: each reader and book has ratings on both sides. That answers "how will
# this known reader rate another known book". Who wants to know how *new* readers will rate must deal by reader, and
# will find that nothing is left but the book's mean.
#
# The first baseline is the mean. The second adds how far a reader and a book lie from it, pulled towards zero where
# there are few ratings.


# %%
def offsets(names, left, count):
    sums, counts = np.bincount(names, left, count), np.bincount(names, minlength=count)
    return sums / (counts + 5)  # five ratings' worth of doubt


order = rng.permutation(len(y)) % 4
folds = [(np.flatnonzero(order != fold), np.flatnonzero(order == fold)) for fold in range(4)]
by_mean, by_offsets = [], []
for train, test in folds:
    mean = y[train].mean()
    of_book = offsets(book[train], y[train] - mean, num_books)
    of_reader = offsets(reader[train], y[train] - mean - of_book[book[train]], num_readers)
    by_mean.append(np.sqrt(((y[test] - mean) ** 2).mean()))
    by_offsets.append(np.sqrt(((y[test] - mean - of_book[book[test]] - of_reader[reader[test]]) ** 2).mean()))
print(f"always the mean {np.mean(by_mean):.3f}, with reader and book {np.mean(by_offsets):.3f} stars")

# %% [markdown]
# ## A network
#
# Each reader and each book gets a short list of numbers, an *embedding* (lesson 17, `text`, does the same with words).
# The product of both lists says how well taste and style fit. This is *matrix factorisation*: a big table with holes as
# the product of two small ones. Ridges on the lists keep readers with few ratings near the mean.


# %%
def build():
    inputs = {name: keras.Input((1,), dtype="int32", name=name) for name in ("reader", "book")}
    counts, ridge = {"reader": num_readers, "book": num_books}, keras.regularizers.L2(2e-5)
    lists = [layers.Embedding(counts[name], 4, embeddings_regularizer=ridge)(inputs[name]) for name in inputs]
    biases = [layers.Embedding(counts[name], 1, embeddings_regularizer=ridge)(inputs[name]) for name in inputs]
    fit = layers.Dot(axes=2)(lists)
    total = layers.Flatten()(layers.Add()([fit, *biases]))
    model = keras.Model(
        inputs, layers.Dense(1, kernel_initializer="ones", bias_initializer=keras.initializers.Constant(3.4))(total)
    )
    model.compile(keras.optimizers.Adam(0.02), "mean_squared_error")
    return model


cv = tenfold.cross_validate(build, x, y, cv=folds, epochs=20, batch_size=64, verbose=0)
predicted = np.ravel(cv.predictions)
by_network = [np.sqrt(((y[test] - predicted[test]) ** 2).mean()) for _, test in folds]
print(f"network {np.mean(by_network):.3f} ± {np.std(by_network, ddof=1):.3f} stars over the folds")
assert np.mean(by_network) < np.mean(by_offsets) < np.mean(by_mean)

# %% [markdown]
# Nobody told the network of taste and style. Did it find them? We look at the first direction of the readers' lists,
# and hold it against the signs that made the data.

# %%
model = cv.models[0]
tables = [layer.get_weights()[0] for layer in model.layers if isinstance(layer, layers.Embedding)]
lists = next(one for one in tables if one.shape == (num_readers, 4))
direction = np.linalg.svd(lists - lists.mean(axis=0), full_matrices=False)[2][0]
found = (lists - lists.mean(axis=0)) @ direction
agreement = abs(np.corrcoef(found, taste)[0, 1])
assert agreement > 0.7
figure, axes = plt.subplots(figsize=(5.5, 3), layout="constrained")
for sign, color in ((-1, "C0"), (1, "C1")):
    axes.hist(found[taste == sign], bins=20, color=color, alpha=0.7)
    axes.text(np.median(found[taste == sign]), 1, f"taste {sign:+d}", ha="center", color="black")
axes.set(title="The readers' lists hold their taste", xlabel="first direction of a reader's list", ylabel="readers")
lesson.show(figure, f"The first direction of the readers' lists agrees with their taste: correlation {agreement:.2f}.")

# %% [markdown]
# ## The whole project by one command
#
#     tenfold run ratings_tenth_of_users.csv --target rating --problem number \
#         --measure neg_root_mean_squared_error --budget quick
#
# Stars could be five classes; `--problem number` says that four is nearer to five than one is. Two columns of names
# with many values make `tenfold run` try matrix factorisation.

# %%
if lesson.is_full:
    import tempfile

    books = tenfold.datasets.load("goodbooks")
    with tempfile.TemporaryDirectory() as folder:
        run = tenfold.run(
            books.path, "rating", problem="number", measure="neg_root_mean_squared_error", budget="quick",
            out=f"{folder}/books-run",
        )  # fmt: skip
    scores = {one.name: (one.role, one.score.value) for one in run.facts.models}
    print(run.verdict.headline, scores, sep="\n")
    lesson.record("network", next(value for role, value in scores.values() if role == "network"))
    lesson.record("best other", min(value for role, value in scores.values() if role == "baseline"))
    assert 0.8 < lesson.ours["network"][0] < 0.9

# %% [markdown]
# ## Result and one weakness
#
# On the real ratings the network comes to about 0.86 stars, and so do boosted trees: they cannot be told apart. A
# reader with ten ratings tells little, and most of what can be known is who is kind and which book is good.
#
# The weakness: we score books that the reader chose to read and to rate. Nobody rates a book that never tempted them. A
# good error on chosen books says little about the books to recommend; for that one needs to show some, and see.
#
# ## Exercises
#
# **1. rating** (compute). The mean is 4. A reader's bias is -0.2, a book's 0.3, their only taste numbers are -0.5 and
# -0.6. What rating is predicted?

# %% tags=["solution"]
predicted_rating = 4 - 0.2 + 0.3 + (-0.5) * (-0.6)
lesson.check("rating", predicted_rating)

# %% [markdown]
# **2. parameters** (compute). 200 readers and 100 books, ten taste numbers and a bias each. How many parameters?

# %% tags=["solution"]
count = (200 + 100) * (10 + 1)
lesson.check("parameters", count)

# %% [markdown]
# ## What to remember
#
# - Numbers that are names go through an embedding, not through a sum.
# - The rival is mean plus reader plus book; it is hard to beat.
# - How ratings are dealt into folds decides which question is answered.
#
# Next: project P6 (`climate`).
#
# ## Guess and ours

# %%
lesson.closing_table()
