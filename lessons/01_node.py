# /// lesson
# number = "1"
# name = "node"
# title = "Numbers through a node"
# promise = "Work out by hand what a network answers, and see that Keras gets the same."
# covers = [
#   "002 Introduction", "002 Forward propagation", "002 Activation Functions", "002 Deeper Networks",
#   "004 The biological Neuron",
# ]
# also = ["forward propagation", "activation functions", "deeper networks", "biological neuron"]
# data = []
# minutes_fast = 0.2
# minutes_full = 0.2
# definitions = []
#
# [[published]]
# key = "one row"
# what = "two inputs, two hidden nodes, one output (H33)"
# value = "-3"
# where = "002, forward propagation"
# difference = "none"
# because = "the same arithmetic"
#
# [[published]]
# key = "one row, relu"
# what = "the same with relu on the hidden nodes (H33)"
# value = "-3"
# where = "002, activation functions"
# difference = "none"
# because = "both hidden nodes were positive already"
#
# [[published]]
# key = "four rows"
# what = "four rows, relu on all nodes (H33)"
# value = "0, 13, 45, 6"
# where = "002, activation functions"
# difference = "none"
# because = "the same arithmetic"
#
# [[published]]
# key = "two layers"
# what = "two hidden layers (H33)"
# value = "182"
# where = "002, deeper networks"
# difference = "none"
# because = "the same arithmetic"
#
# [[exercises]]
# name = "hidden"
# kind = "compute"
# right = [0, 10]
# hint = "One node at a time: multiply each input with its weight and add up; relu changes only negative sums."
# mistakes = [
#   [[-2, 10], "The sums are right; relu answers 0 where a sum is negative."],
#   [[0, 2], "The second input is negative, and so is its weight: their product is positive."],
# ]
#
# [[exercises]]
# name = "identity"
# kind = "explain"
# right = "b"
# hint = "Write the two layers as one formula, and sort it by the inputs."
# mistakes = [
#   ["a", "More weights, but one layer can give every answer that they can give."],
#   ["c", "A sum of sums is defined for any weights."],
# ]
#
# [[exercises]]
# name = "forward"
# kind = "build"
# right = [0, 13, 45, 6]
# hint = "`rows @ weights` gives all nodes of a layer for all rows; `np.maximum(0, ...)` is relu."
# mistakes = [[[-3, 13, 45, 6], "The output node has relu, too."]]
# ///

# %% [markdown]
# ## Where we are going
#
# At the end stands a network with two hidden layers whose answer we can name before the computer does. It takes
# multiplication and addition, no more. Time: a quarter of an hour with the exercises. Nothing has to be known before.
#
# ## Guess
#
# Three bank customers, two facts each, and a node that adds up what it is given. Its weights are 3 and 5. If the second
# fact of a customer grows by one, by how much does the node's sum grow?
#
# <details><summary>Answer</summary>By 5, whatever the first fact is: that is what a weight means.</details>

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np

import tenfold
from tenfold.lessons import open_lesson

lesson = open_lesson("node")

# %% [markdown]
# ## The smallest case
#
# A node takes numbers, multiplies each with a weight, and adds up. In a living cell the numbers are pulses on its
# dendrites, the weights are the strengths of synapses, and the sum decides whether the cell fires. The likeness ends
# there: our nodes know no time and no pulses, and no cell learns by the rule of lesson 2.
#
# One row with the inputs -1 and 2 meets two hidden nodes and one output node. Rows stand in the rows of a matrix, as
# Keras has it: $z = x W$, with $x$ of shape (rows, inputs) and $W$ of shape (inputs, nodes).

# %%
row = np.array([[-1.0, 2.0]])
hidden_weights = np.array([[3.0, 1.0], [3.0, 5.0]])  # a column is a node
output_weights = np.array([[2.0], [-1.0]])
hidden = row @ hidden_weights
answer = hidden @ output_weights
assert hidden.tolist() == [[3.0, 9.0]]
assert answer.item() == -3.0
lesson.record("one row", answer.item())
print(f"hidden nodes {hidden[0]}, answer {answer.item():.0f}")

# %% [markdown]
# The first hidden node is $-1 \cdot 3 + 2 \cdot 3 = 3$, the second $-1 \cdot 1 + 2 \cdot 5 = 9$, and the answer is
# $3 \cdot 2 + 9 \cdot (-1) = -3$. There is nothing else in a network: more numbers, but no other arithmetic.
#
# ## A bend
#
# Sums alone can only draw straight lines. So each node bends its sum by an *activation function*. The one that is used
# most is *relu*: it lets positive numbers through and answers 0 otherwise. The *identity* changes nothing.


# %%
def relu(z):
    return np.maximum(0, z)


z = np.linspace(-4, 4, 81)
figure, axes = plt.subplots(figsize=(5, 3), layout="constrained")
axes.plot(z, relu(z))
axes.plot(z, z, linestyle=":")
axes.annotate("relu", (2.2, 2.2), (2.6, 1.2))
axes.annotate("identity", (-2.4, -2.4), (-2.0, -2.8))
axes.set(title="relu is 0 below 0 and the identity above", xlabel="sum of the node, z", ylabel="what the node answers")
assert relu(3) == 3
assert relu(-3) == 0
lesson.show(figure, f"relu answers {relu(-3):.0f} at -3 and {relu(3):.0f} at 3; the identity is a straight line.")

# %% [markdown]
# With relu on the hidden nodes our row still ends at -3, because 3 and 9 were positive. Other rows tell more: here are
# four rows through the same weights, with relu on the output as well. One matrix product does all rows at once.

# %%
bent = relu(row @ hidden_weights) @ output_weights
rows = np.array([[-1.0, 2.0], [2.0, 3.0], [7.0, 10.0], [1.0, 1.0]])
answers = relu(relu(rows @ hidden_weights) @ output_weights).ravel()
assert bent.item() == -3.0
assert answers.tolist() == [0.0, 13.0, 45.0, 6.0]
lesson.record("one row, relu", bent.item())
lesson.record("four rows", answers)
print(answers)

# %% [markdown]
# The first row was our -3; relu on the output makes it 0.
#
# ## Deeper
#
# A deep network is the same step twice: the answers of one hidden layer are the inputs of the next. The row (3, 5)
# goes through two hidden layers of two nodes each.

# %%
first = relu(np.array([[3.0, 5.0]]) @ np.array([[2.0, 4.0], [4.0, -5.0]]))
second = relu(first @ np.array([[-1.0, 1.0], [2.0, 2.0]]))
deep = second @ np.array([[2.0], [7.0]])
assert first.tolist() == [[26.0, 0.0]]
assert second.tolist() == [[0.0, 26.0]]
assert deep.item() == 182.0
lesson.record("two layers", deep.item())
print(f"{first[0]} -> {second[0]} -> {deep.item():.0f}")

# %% [markdown]
# In each layer one node stayed silent. On photos, the nodes of a first layer often answer to edges, and those of later
# layers to whatever is made of edges; nobody told them to, as lesson 16 shows with the networks that it trains.
#
# ## The same in Keras
#
# A layer of such nodes is called `Dense`. We give it our weights instead of letting it learn, and it must agree.

# %%
model = keras.Sequential(
    [
        keras.Input((2,)),
        keras.layers.Dense(2, activation="relu", name="hidden"),
        keras.layers.Dense(1, activation="relu", name="answer"),
    ]
)
model.set_weights([hidden_weights, np.zeros(2), output_weights, np.zeros(1)])
by_keras = model.predict(rows, verbose=0).ravel()
np.testing.assert_allclose(by_keras, answers, rtol=1e-6)
print(by_keras)

# %% [markdown]
# The zeros are *biases*: a number that each node adds to its sum, which ours did without. `tenfold.scratch` opens the
# same model and tells every number of a row with the formula that gave it; `tenfold explain` draws it as a page.

# %%
model.compile("sgd", "mean_squared_error")
opened = tenfold.scratch.trace(model, rows[1:2], np.array([[13.0]]))
for layer in opened.layers:
    print(f"{layer.name}: {layer.formula}\n  {layer.inputs[0]} -> sums {layer.inside['sums'][0]} -> {layer.outputs[0]}")

# %% [markdown]
# ## What goes wrong
#
# Leave the bends out, and depth is worth nothing: two layers of sums are one layer of sums. We multiply the weights of
# both layers into one, and no row can tell the difference. With relu between them, rows can.

# %%
folded = hidden_weights @ output_weights
many = np.random.default_rng(0).normal(size=(200, 2))
straight = many @ hidden_weights @ output_weights
np.testing.assert_allclose(many @ folded, straight, rtol=1e-12)
with_relu = relu(many @ hidden_weights) @ output_weights
share = float((np.abs(with_relu - straight) > 1e-9).mean())
assert share > 0.5
figure, axes = plt.subplots(figsize=(5, 3), layout="constrained")
axes.scatter(straight, many @ folded, s=8, label="without relu")
axes.scatter(straight, with_relu, s=8, marker="x", label="with relu")
axes.legend(frameon=False)
axes.set(
    title="Without a bend, two layers are one", xlabel="two layers, sums only", ylabel="one layer, or relu between"
)
lesson.show(figure, f"Points of the folded layer lie on the diagonal; with relu {share:.0%} of the rows leave it.")

# %% [markdown]
# ## Exercises
#
# **1. hidden** (compute). The row (2, -1) meets two nodes with relu. The first has the weights 1 and 4, the second
# has 3 and -4. What do they answer?

# %% tags=["solution"]
nodes = relu(np.array([2.0, -1.0]) @ np.array([[1.0, 3.0], [4.0, -4.0]]))
lesson.check("hidden", nodes)

# %% [markdown]
# **2. identity** (explain). A colleague builds ten layers with the identity as activation. What can they give that one
# layer cannot? *a*: finer answers, *b*: nothing, *c*: they cannot be computed.

# %% tags=["solution"]
letter = "b"  # sums of sums are sums
lesson.check("identity", letter)

# %% [markdown]
# **3. forward** (build). Write `forward(rows)` for the four rows, the network of this lesson with relu on all nodes, as
# one function for rows of any number.


# %% tags=["solution"]
def forward(rows):
    return relu(relu(rows @ hidden_weights) @ output_weights).ravel()


forwarded = forward(rows)
lesson.check("forward", forwarded)

# %% [markdown]
# ## What to remember
#
# - A node multiplies, adds up and bends; a layer is a matrix product and a bend; a network is layers one after another.
# - Without the bend, layers fold into one.
# - Keras does this arithmetic and no other.
#
# Words: layer, unit (our node), weight, bias, activation. Next: lesson 2 (`slope`), where the weights learn.
#
# ## Published and ours

# %%
lesson.closing_table()
