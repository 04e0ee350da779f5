# /// lesson
# number = "P2"
# name = "fake-news"
# title = "Project: is this article false?"
# promise = "Tell real, false and satirical articles apart by their words, and find out what the words betray."
# covers = ["004 Fake News"]
# also = ["fake news", "article classification"]
# data = ["horne2017"]
# minutes_fast = 0.2
# minutes_full = 2
# definitions = ["2017", "326", "2016", "300", ".99"]
#
# [[published]]
# key = "network"
# what = "accuracy on held-out articles, real, false or satire: network"
# value = "0.392 (always `real`)"
# where = "no number is published; the guess stands here"
# difference = "other data"
# because = "the guess on the same folds, not a published network; 326 articles of 2016"
#
# [[published]]
# key = "best other"
# what = "the same, best of the baselines"
# value = "0.723 (bag of words)"
# where = "no number is published; a former run of the same command stands here"
# difference = "chance"
# because = "the same command on the same data"
#
# [[exercises]]
# name = "weight"
# kind = "compute"
# right = [0, 2]
# hint = "A word that stands in all four of four texts weighs log2(4/4); one that stands in one of four log2(4/1)."
# mistakes = [
#   [[1, 0.25], "That is the share of texts; the weight is the logarithm of its inverse."],
#   [[2, 0], "The other way round: a word that stands everywhere tells nothing."],
# ]
#
# [[exercises]]
# name = "leak"
# kind = "explain"
# right = "a"
# hint = "What would the network say of a true article from the other source?"
# mistakes = [
#   ["b", "It says so on these articles only because each source has one class."],
#   ["c", "More articles of the same two sources repeat the same link."],
# ]
# ///

# %% [markdown]
# ## Question
#
# An editor wants to know which articles to check first. The full form has 326 political articles of 2016, each with
# title and text: real, false, or satire. A row is an article, the target one of three classes, and none of them is
# rare, so accuracy is a measure that everybody understands.
#
# Before any network we ask what an answer could mean. A network that reads words cannot know whether something
# *happened*. It can learn how false articles are *written*: longer titles, louder words, certain names. That is a hint
# for an editor and no verdict.
#
# **Guess.** 326 articles, three classes, logistic regression on words against a network on the same words. Which wins?
# *a*: the network clearly, *b*: nobody, *c*: the regression clearly.
#
# <details><summary>Answer</summary>Nobody: 326 articles are too few to tell them apart.</details>

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

import tenfold
from tenfold.lessons import open_lesson

lesson = open_lesson("fake-news")

# %% [markdown]
# ## Data of the same form
#
# The fast form writes 300 short articles. All share most of their words; each class has a few that it uses more often.
# And there is a trap: every article ends with the name of the site that it was taken from, and nearly all false ones
# come from one site.

# %%
rng = np.random.default_rng(0)
classes = np.array(["real", "false", "satire"])
shared = [f"word{number}" for number in range(200)]
own = {
    "real": ["said", "report", "court"],
    "false": ["shocking", "truth", "exposed"],
    "satire": ["aliens", "cheese", "nation"],
}
sites = {"real": "gazette", "false": "eagle", "satire": "onionring"}
every = [word for words in own.values() for word in words]
labels = rng.choice(classes, 300)
articles = []
for label in labels:
    words = [*rng.choice(shared, 40), *rng.choice(own[label], 2), *rng.choice(every, 3)]
    site = sites[label] if rng.random() < 0.9 else rng.choice(list(sites.values()))
    articles.append(" ".join([*rng.permutation(words), site]))
print(articles[0][-60:], "->", labels[0])


# %% [markdown]
# ## Baseline and folds
#
# Words become a *bag*: how often each stands in the article, times a weight that is large for rare words. The list of
# words and its weights are made on the training rows of each fold; the held-out articles must not vote on it. Five
# folds, each with its share of the classes.


# %%
def scores_of(texts, folds, build=None):
    found = []
    for train, test in folds:
        bag = TfidfVectorizer(sublinear_tf=True, max_features=400).fit(texts[train])
        rows, unseen = bag.transform(texts[train]).toarray(), bag.transform(texts[test]).toarray()
        if build is None:
            model = LogisticRegression(C=10).fit(rows, labels[train])
            found.append((model.predict(unseen) == labels[test]).mean())
        else:
            model = build(rows.shape[1])
            tenfold.fit(model, rows, codes[train], epochs=30, batch_size=32, seed=0, verbose=0)
            found.append((np.asarray(model(unseen)).argmax(axis=1) == codes[test]).mean())
    return np.array(found)


codes = np.searchsorted(np.sort(classes), labels).astype("int32")
folds = list(StratifiedKFold(3, shuffle=True, random_state=0).split(articles, labels))
with_site = np.array(articles)
without_site = np.array([" ".join(text.split()[:-1]) for text in articles])
guess = np.bincount(codes).max() / len(codes)
line = {"with site": scores_of(with_site, folds), "without": scores_of(without_site, folds)}
print({name: round(float(each.mean()), 3) for name, each in line.items()}, "always the same:", round(guess, 3))

# %% [markdown]
# ## What the words betray
#
# With the name of the site the score is good. Without it, much is gone: the model had learnt who published, not
# what was written. It would call a false article of the gazette real. **Which way will it go** for a network: does it
# resist the trap?


# %%
def build(num_words):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((num_words,)), keras.layers.Dense(16, activation="relu")])
    model.add(keras.layers.Dense(3, activation="softmax"))
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    return model


network = {"with site": scores_of(with_site, folds, build), "without": scores_of(without_site, folds, build)}
print({name: round(float(each.mean()), 3) for name, each in network.items()})
assert network["without"].mean() > guess
assert network["with site"].mean() > network["without"].mean() + 0.05
assert line["with site"].mean() > line["without"].mean() + 0.05

# %%
figure, axes = plt.subplots(figsize=(5.5, 3), layout="constrained")
for place, each in enumerate([line, network]):
    for shift, (which, color) in enumerate([("with site", "C1"), ("without", "C0")]):
        axes.bar(place + 0.4 * shift, each[which].mean(), width=0.36, color=color)
        axes.text(place + 0.4 * shift, each[which].mean() + 0.01, which, ha="center")
axes.axhline(guess, color="grey", linestyle=":")
axes.set(
    title="The name of the site gives the answer away", ylabel="accuracy (share of held-out articles)", ylim=(0, 1.1),
    xticks=[0.2, 1.2], xticklabels=["logistic regression", "network"],
)  # fmt: skip
values = {name: round(float(each.mean()), 2) for name, each in network.items()}
lesson.show(figure, f"Accuracy of the network {values}; always the most frequent class {guess:.2f}.")

# %% [markdown]
# It does not. A network takes whatever helps on the rows that it is given. That is why columns such as the name of the
# collection and of the file are dropped below, and why one reads the words that speak for each class: the report shows
# them.
#
# ## The whole project by one command
#
#     tenfold run horne2017_fake_news.csv --target label --drop collection --drop file --measure accuracy --budget quick

# %%
if lesson.is_full:
    import tempfile

    news = tenfold.datasets.load("horne2017")
    with tempfile.TemporaryDirectory() as folder:
        run = tenfold.run(
            news.path, "label", drop=("collection", "file"), measure="accuracy", budget="quick",
            out=f"{folder}/news-run",
        )  # fmt: skip
    found = {one.name: (one.role, one.score.value) for one in run.facts.models}
    print(run.verdict.headline, found, sep="\n")
    lesson.record("network", next(value for role, value in found.values() if role == "network"))
    lesson.record("best other", max(value for role, value in found.values() if role == "baseline"))
    assert 0.6 < lesson.ours["network"][0] < 0.85

# %% [markdown]
# ## Result and one weakness
#
# On the real articles the network is right in about seven of ten, a guess in four of ten, and logistic regression
# cannot be told apart from the network. With so few articles the interval is wide; the report prints it beside the
# score.
#
# The weakness: the articles come from a few sites and one election. Words such as names of candidates tell the classes
# apart in 2016 and mean nothing today. A fair test would hold out whole *sites*, so that no site is on both sides
# (`--group`); this table does not name them.
#
# ## Exercises
#
# **1. weight** (compute). Of four texts, one word stands in all and another in one. What do they weigh by log2(texts /
# texts with the word)? Give both.

# %% tags=["solution"]
weights = np.log2([4 / 4, 4 / 1])
lesson.check("weight", weights)

# %% [markdown]
# **2. leak** (explain). All false articles come from one site, all true ones from another, and the score is .99. *a*:
# the network knows the site, *b*: it knows what is true, *c*: more articles of these two sites would settle it. Which?

# %% tags=["solution"]
letter = "a"
lesson.check("leak", letter)

# %% [markdown]
# ## What to remember
#
# - Words tell how something is written, not whether it happened.
# - Look for what gives the answer away, and drop it.
# - Few texts: a bag and a line are hard to beat.
#
# Next: project P3 (`scenes`), with photos.
#
# ## Guess and ours

# %%
lesson.closing_table()
