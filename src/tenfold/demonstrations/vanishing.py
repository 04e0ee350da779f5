"""`tenfold.views.gradient_by_layer`: what is left of the gradient at each layer, by depth and activation."""

from collections.abc import Callable, Sequence
from typing import Any

import jax
import keras
import numpy as np
from jaxtyping import Float

from tenfold.demonstrations.examples import INITIAL_WEIGHTS, circles, deep_network
from tenfold.demonstrations.exchanging import hidden_activations, with_activation
from tenfold.demonstrations.subject import PROBE_ROWS, Subject, check_counts, is_example, losses_of, rows_of
from tenfold.engine.arrays import num_rows
from tenfold.engine.member import Member
from tenfold.engine.network import Batch, Network
from tenfold.engine.starts import build_model, deferring_initializers, member_states
from tenfold.errors import ModelError, OptionError
from tenfold.views.layer_gradients import LayerGradients, plot_layer_gradients, sentence_of_layer_gradients
from tenfold.views.view import View

__all__ = ["gradient_by_layer", "gradients_at_the_start"]

AS_IT_IS = "as it is"

DEPTHS = (2, 5, 10, 20)

TRIED = ("sigmoid", "tanh", "relu")
"""What a user's own model is compared with."""


def gradient_by_layer(
    model: Any = None,
    x: Any = None,
    y: Any = None,
    *,
    activations: Sequence[str] | None = None,
    depths: Sequence[int] = DEPTHS,
    epochs: int = 30,
    batch_size: int = 32,
    seeds: int = 5,
    seed: int = 0,
) -> View:
    """The gradient of each layer before the first step, and the training that follows.

    Args:
        model: A compiled Keras model: it is shown as it is and with other activations in its hidden layers (with the
            initial weights that belong to them). Or a function of depth and activation that returns a compiled model.
            None for networks of 16 units a layer on two circles.
        x: Inputs, as `Model.fit` takes them.
        y: Targets likewise.
        activations: What hidden layers are given, by Keras' names (a function gets them as they are). None for sigmoid,
            tanh and ReLU.
        depths: Numbers of hidden layers, in rising order; a compiled model has its own.
        epochs: Epochs of the deepest networks' training.
        batch_size: Rows of a step.
        seeds: Networks of each kind.
        seed: Seed of everything that is drawn.

    Returns:
        A view; its numbers are `tenfold.views.layer_gradients.LayerGradients`.

    Raises:
        ModelError: A model without hidden activations, or that cannot be trained as it is.
        OptionError: A number out of range.
    """
    check_counts(seeds=seeds, seed=seed)
    subjects = _subjects(model, x, y, activations, _checked(depths))
    rows = np.arange(num_rows(subjects[0][0].data))
    kinds = _kinds(model, activations, subjects)
    members = [Member(rows, seed=one) for one in range(seeds)]
    gradients = [[gradients_at_the_start(one, members, seed=seed) for one in line] for line in subjects]
    losses = [
        losses_of(line[-1].trained(members, epochs=epochs, batch_size=batch_size, seed=seed), 1, epochs)[0]
        for line in subjects
    ]
    depth = tuple(depths) if not isinstance(model, keras.Model) else (len(hidden_activations(model)),)
    seen = LayerGradients(kinds, depth, _padded(gradients), np.stack(losses))
    return View(plot_layer_gradients(seen), sentence_of_layer_gradients(seen), seen)


def gradients_at_the_start(
    subject: Subject, members: Sequence[Member], *, seed: int
) -> Float[np.ndarray, "member layer"]:
    """Norm of the gradient of each layer with weights before the first step, on the rows of one large batch.

    Args:
        subject: The model and its rows.
        members: Whose initial weights.
        seed: Seed of the call, as in `train_population`: the same weights.
    """
    chosen = np.random.default_rng(seed).permutation(num_rows(subject.data))[:PROBE_ROWS]
    x, y = (keras.tree.map_structure(lambda leaf: leaf[chosen], part) for part in (subject.data.x, subject.data.y))
    batch = Batch(x, y, None)
    with deferring_initializers():
        network = Network(build_model(subject.build), batch)
    states = member_states(subject.build, network, members, seed, batch)
    signs = jax.jit(jax.vmap(lambda state: network.signs(state, {}, batch)))(states)
    gradient = np.asarray(signs["gradient"], float)
    return gradient[:, ~np.isnan(gradient).all(axis=0)]


def _subjects(
    model: Any, x: Any, y: Any, activations: Sequence[str] | None, depths: Sequence[int]
) -> list[list[Subject]]:
    """For each kind the networks of all depths."""
    if isinstance(model, keras.Model):
        own = Subject(model, x, y)
        if not hidden_activations(own.model):
            raise ModelError(
                "no_hidden_activation", "No hidden layer of the model has an activation",
                hint="a chain of linear layers is one linear layer; give the hidden ones an activation",
            )  # fmt: skip
        others = [with_activation(own.model, name, redraws=True) for name in activations or TRIED]
        return [[own], *([Subject(other, x, y)] for other in others)]
    build: Callable[[int, str], Any] = model or deep_network
    if is_example(model, x, y):
        x, y = circles(400, noise=0.08, seed=0)
    elif not callable(model):
        raise ModelError(
            "not_a_model", "`model` is neither a compiled Keras model nor a function of depth and activation",
            received=type(model).__name__,
        )  # fmt: skip
    rows_of(x, y)
    return [[Subject(_built(build, depth, kind), x, y) for depth in depths] for kind in _names(model, activations)]


def _built(build: Callable[[int, str], Any], depth: int, kind: str) -> Callable[[], Any]:
    return lambda: build(depth, kind)


def _names(model: Any, activations: Sequence[str] | None) -> Sequence[str]:
    known = tuple(INITIAL_WEIGHTS) if model is None else TRIED
    if model is None and not set(activations or known) <= set(known):
        raise OptionError(
            "unknown_kind", "The example networks do not know one of these `activations`",
            expected=f"some of {', '.join(known)}", received=", ".join(activations or ()),
            hint="pass a function of depth and activation as `model`",
        )  # fmt: skip
    return activations or known


def _kinds(model: Any, activations: Sequence[str] | None, subjects: list[list[Subject]]) -> tuple[str, ...]:
    if not isinstance(model, keras.Model):
        return tuple(_names(model, activations))
    own = sorted(set(hidden_activations(subjects[0][0].model).values()))
    return (f"{AS_IT_IS} ({', '.join(own)})", *(activations or TRIED))


def _checked(depths: Sequence[int]) -> Sequence[int]:
    if not depths or list(depths) != sorted(set(depths)) or depths[0] < 1:
        raise OptionError("depths", "`depths` must be whole numbers in rising order", expected="such as (2, 5, 10)",
                          received=repr(depths))  # fmt: skip
    return depths


def _padded(gradients: list[list[np.ndarray]]) -> Float[np.ndarray, "kind depth seed layer"]:
    """Networks of different depth side by side; NaN beyond the last layer."""
    most = max(one.shape[1] for line in gradients for one in line)
    return np.stack([
        np.stack([np.pad(one, ((0, 0), (0, most - one.shape[1])), constant_values=np.nan) for one in line])
        for line in gradients
    ])  # fmt: skip
