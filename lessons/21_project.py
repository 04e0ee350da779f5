# /// lesson
# number = "21"
# name = "project"
# title = "From question to report: a project of your own"
# promise = "Write down what is asked before anything is trained, and end with a report that others can check."
# covers = [
#   "004 Projects", "004 Requirements", "004 Project Template Folder", "004 Project from you",
#   "004 An example of classification", "001 1. Defining the problem and assembling a dataset",
# ]
# also = ["project template", "a project of your own", "an example of classification", "requirements"]
# data = ["penguins"]
# minutes_fast = 0.2
# minutes_full = 2
# definitions = ["1.96", "344", "178", "203", "001", "004"]
#
# [[exercises]]
# name = "plan"
# kind = "explain"
# right = "b"
# hint = "Which of them could be chosen so that the result looks better, once one has seen results?"
# mistakes = [
#   ["a", "The file can be cleaned up later without harm to the result."],
#   ["c", "A plot can always be made anew."],
# ]
#
# [[exercises]]
# name = "interval"
# kind = "compute"
# right = [0.92, 0.98]
# tolerance = 1e-3
# hint = "Half a width is 1.96 times the root of p (1 - p) / n, with p = .95 and n = 203."
# mistakes = [
#   [[0.935, 0.965], "You took one standard error; for 95 % take 1.96 of them."],
#   [[0.65, 1.25], "The number of rows is missing under the root."],
# ]
#
# [[exercises]]
# name = "looks"
# kind = "compute"
# right = 0.6415
# tolerance = 1e-3
# hint = "None of 20 looks finds something by chance with probability .95 to the power of 20."
# mistakes = [
#   [1.0, "Chances of separate looks do not simply add up."],
#   [0.3585, "That is the chance that none of them does."],
# ]
# ///

# %% [markdown]
# ## Where we are going
#
# A project is a question, data, a way to tell whether an answer is good, and a report. Most projects fail at the first
# of these, not at the network. We go once from question to report on a small example of classification, keep a sheet on
# the way, and end with a folder that you can copy for a project of your own. Time: half an hour. Lesson 8
# (`seven-steps`) has the steps in detail.
#
# ## Guess
#
# Two teams work on the same data for a week. One writes down its measure and its baseline before the first training,
# the other afterwards. Whose score on *new* rows lies nearer to the score in its report?
#
# <details><summary>Answer</summary>That of the first. Whoever chooses the measure after seeing results chooses the one
# that looks best.</details>

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np

import tenfold
from tenfold.lessons import open_lesson

lesson = open_lesson("project")

# %% [markdown]
# ## The smallest case: one sheet
#
# Ten lines before any code. If one cannot be filled, the project is not ready, and no network will fill it. The words
# of step 1 in 001 stand behind the first four: what goes in, what comes out, which kind of problem, and the two bets
# that every project makes (that the answer can be told from the inputs at all, and that these data suffice).

# %%
SHEET = (
    "question", "a row is", "inputs", "target", "known when",
    "measure", "baseline", "folds", "used for", "will fail when",
)  # fmt: skip
sheet = {
    "question": "which of three kinds does this one belong to?",
    "a row is": "one specimen",
    "inputs": "measurements, taken before anybody names the kind",
    "target": "its kind, named by an expert",
    "known when": "inputs at once, the kind after a laboratory test",
    "measure": "accuracy; no kind is rare",
    "baseline": "always the most frequent kind; then logistic regression",
    "folds": "five, each with its share of the kinds; each specimen once",
    "used for": "a second opinion beside the expert",
    "will fail when": "a fourth kind comes, or another place measures otherwise",
}
assert set(sheet) == set(SHEET)
missing = [line for line in SHEET if not sheet[line].strip()]
print(f"{len(SHEET)} lines, {len(missing)} of them empty")

# %% [markdown]
# ## An example of classification
#
# The full form takes 344 penguins of three species, measured by beak, flipper and weight; some cells are empty. The
# fast form takes 178 wines of three cultivars, measured by a laboratory. The sheet fits both, and that is no accident:
# a sheet speaks of the question, not of the columns.
#
# Look first. How many rows of each kind, what is empty, what repeats? Two lines of code save more projects than any
# layer.

# %%
if lesson.is_full:
    frame = tenfold.datasets.load("penguins").frame
    target = "species"
else:
    from sklearn.datasets import load_wine

    frame = load_wine(as_frame=True).frame
    frame["kind"] = frame.pop("target").map({0: "first", 1: "second", 2: "third"})
    target = "kind"
counts = frame[target].value_counts()
facts = {
    "rows": len(frame),
    "empty cells": int(frame.isna().sum().sum()),
    "repeated rows": int(frame.duplicated().sum()),
}
print(facts, counts.to_dict())
assert facts["repeated rows"] == 0

# %% [markdown]
# ## Baseline first
#
# The columns are on different scales, so they are scaled; by the training rows of each fold, since scored rows must not
# help. A pipeline does so without our having to think of it in each fold.

# %%
from sklearn.dummy import DummyClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

numbers = frame.drop(columns=target).select_dtypes("number").to_numpy("float32")
kinds, y = np.unique(frame[target], return_inverse=True)
folds = list(StratifiedKFold(5, shuffle=True, random_state=0).split(numbers, y))
models = {
    "most frequent": DummyClassifier(),
    "logistic regression": make_pipeline(SimpleImputer(), StandardScaler(), LogisticRegression(max_iter=1_000)),
}
scores = {name: cross_val_score(model, numbers, y, cv=folds) for name, model in models.items()}
print({name: f"{each.mean():.3f}" for name, each in scores.items()})

# %% [markdown]
# ## The same in Keras, with Tenfold
#
# As small a network as will do. Keras has a layer that scales, and it would have to learn the scale from training rows
# alone; in Keras this is `adapt`, once for each fold. Here we scale by hand, fold by fold, and train each fold with
# three seeds.
#
# **Which way will it go?** The regression is good already. Does a network come above it?


# %%
def build(num_inputs):
    model = keras.Sequential([keras.Input((num_inputs,)), keras.layers.Dense(16, activation="relu")])
    model.add(keras.layers.Dense(len(kinds), activation="softmax"))
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


blocks, pairs, start = [], [], 0
for train, test in folds:  # each fold's rows in its own scale, one below the other: so all folds are one program
    prepared = make_pipeline(SimpleImputer(), StandardScaler()).fit(numbers[train])
    blocks.append(prepared.transform(numbers))
    pairs.append((start + train, start + test))
    start += len(numbers)


# %%
cv = tenfold.cross_validate(
    lambda: build(numbers.shape[1]), np.concatenate(blocks), np.tile(y, len(folds)).astype("int32"),
    cv=pairs, seeds=3, epochs=40, batch_size=32, verbose=0,
)  # fmt: skip
by_fold = cv.scores.pivot_table(index="fold", columns="seed", values="accuracy")
scores["network"] = by_fold.mean(axis=1).to_numpy()
line = cv.summary().loc["accuracy"]
print(f"network {line['value']:.3f}, between {line['low']:.3f} and {min(line['high'], 1):.3f} (95 %)")
print(f"spread over folds {line['fold_spread']:.3f}, over seeds {line['seed_spread']:.3f}")
assert scores["network"].mean() > scores["most frequent"].mean() + 0.3

# %%
figure, axes = plt.subplots(figsize=(5.5, 3), layout="constrained")
for place, each in enumerate(scores.values()):
    axes.plot(np.full(len(each), place), each, "o", color=f"C{place}", alpha=0.6)
    axes.text(place + 0.08, each.mean(), f"{each.mean():.3f}", va="center")
difference = float((scores["network"] - scores["logistic regression"]).mean())
assert abs(difference) < 0.05
axes.set(
    title="A network that equals the line is no reason to use it", xticks=range(3), xticklabels=list(scores),
    ylabel="accuracy (a dot is a fold)", xlim=(-0.3, 2.6), ylim=(0, 1.05),
)  # fmt: skip
told = {name: round(float(each.mean()), 3) for name, each in scores.items()}
lesson.show(figure, f"Mean accuracy over five folds: {told}.")

# %% [markdown]
# On so few rows both are nearly always right, and the difference is a matter of a specimen or two. The sentence for the
# report: "the network and logistic regression cannot be told apart on these data". It is a result; so is the decision
# to take the line.
#
# ## What goes wrong: twenty looks
#
# Change something, look at the score, keep what helped; twenty times. We play it on labels that we *shuffled*, so that
# nothing can be learnt, and keep the best of twenty networks by their score.

# %%
rng = np.random.default_rng(0)
nonsense = rng.permutation(y).astype("int32")
train, test = folds[0]
rows = blocks[0]
looks = tenfold.cross_validate(
    lambda: build(numbers.shape[1]), rows, nonsense, cv=[(train, test)], seeds=20, epochs=15, batch_size=32, verbose=0
)  # fmt: skip
accuracy = looks.scores["accuracy"].to_numpy()
print(f"mean of twenty looks {accuracy.mean():.3f}, best {accuracy.max():.3f}; shares {np.bincount(y) / len(y)}")
assert accuracy.max() > accuracy.mean() + 0.04

# %%
figure, axes = plt.subplots(figsize=(5.5, 2.8), layout="constrained")
axes.hist(accuracy, bins=10, color="C0")
axes.axvline(accuracy.max(), color="C1")
axes.text(accuracy.max(), 0.5, "reported", rotation=90, ha="right", color="C1")
axes.axvline(accuracy.mean(), color="grey", linestyle=":")
axes.set(title="The best of twenty looks at nothing", xlabel="accuracy on scored rows", ylabel="networks")
lesson.show(figure, f"Twenty networks on shuffled labels: mean {accuracy.mean():.2f}, best {accuracy.max():.2f}.")

# %% [markdown]
# So rows are sealed before the first look, and opened once. `tenfold run` does so, and counts every look in a ledger
# that the report prints.
#
# ## The report
#
# One command makes it from the table, and `tenfold verify --rerun` trains again and compares:
#
#     tenfold run penguins.csv --target species
#     tenfold verify penguins-run --rerun

# %%
if lesson.is_full:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        run = tenfold.run(
            tenfold.datasets.load("penguins").path, "species", budget="quick", out=f"{folder}/penguins-run"
        )
        print(run.verdict.headline, *run.verdict.sentences, sep="\n")
        assert run.report.stat().st_size > 10_000
    assert run.facts.sealed is None or run.facts.sealed.num_rows > 0

# %% [markdown]
# ## The template
#
# The source asks three things of a project: a public repository, a notebook with working code and explanations, and a
# short recording or talk. A folder that serves all three, and that a stranger can run:

# %%
import tempfile
from pathlib import Path

TEMPLATE = {
    "README.md": "# {question}\n\nWhat was found, in two sentences. How to run it, in one command.\n",
    "question.md": "".join(f"- **{line}**: {sheet[line]}\n" for line in SHEET),
    "card.toml": 'population = ""\nsource = ""\ndates = ""\ncollection = ""\nlimits = ""\n',
    "data/SOURCE.txt": "Where from, when, licence, hash. The data themselves only where the licence permits.\n",
    "notebook.py": '# %% [markdown]\n# ## Question\n# %%\nimport tenfold\n\nrun = tenfold.run("table.csv", "target")\n',
    "talk.md": "Question. Baseline. Result with its interval. One weakness. Five minutes.\n",
}
with tempfile.TemporaryDirectory() as folder:
    for name, text in TEMPLATE.items():
        path = Path(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("{question}", sheet["question"]), encoding="utf-8")
    written = sorted(path.relative_to(folder).as_posix() for path in Path(folder).rglob("*") if path.is_file())
print(*written, sep="\n")
assert len(written) == 6

# %% [markdown]
# `card.toml` beside the table is read by `tenfold run`: what only you know of the data then stands in the report. Six
# projects of the source are worked out in P1 to P6, each with question, baseline, folds, measure, result and one
# weakness. Take the one that is most like yours, and change its sheet.
#
# A project of your own begins with telling it. Say to somebody who has never seen the data what a row is, what is asked
# of it, and what the naive rival does. If they ask who needs the answer, and you do not know, look for another
# question. If they ask why the data should contain the answer, look at ten rows together, by eye: what a person cannot
# tell from them, a network seldom can. And choose one weakness to report before you start. There is always one, and
# whoever names it is believed in the rest.
#
# ## Exercises
#
# **1. plan** (explain). Which must stand in writing before the first training? *a*: the names of files, *b*: the
# measure and what it must beat, *c*: the colours of the figures.

# %% tags=["solution"]
letter = "b"
lesson.check("plan", letter)

# %% [markdown]
# **2. interval** (compute). A network names .95 of 203 sealed rows rightly. Between which two shares does the truth lie
# with 95 %? (p ± 1.96 standard errors.)

# %% tags=["solution"]
half = 1.96 * np.sqrt(0.95 * 0.05 / 203)
bounds = [0.95 - half, 0.95 + half]
lesson.check("interval", bounds)

# %% [markdown]
# **3. looks** (compute). Each of 20 useless changes looks useful with probability .05. With which probability does at
# least one of them?

# %% tags=["solution"]
chance = 1 - 0.95**20
lesson.check("looks", chance)

# %% [markdown]
# ## What to remember
#
# - Ten lines before any code; an empty one is work to do.
# - The baseline is part of the result.
# - Seal rows, look once, and count the looks.
# - A report ends with what the model must not be used for.
#
# Words: baseline, fold, sealed rows, ledger. Next: projects P1 (`bakery`) to P6 (`climate`).
