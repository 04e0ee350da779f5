"""What training minimises, against Keras' own losses and calculation by hand: heads, smoothed labels, penalties."""

from typing import Any

import jax
import keras
import numpy as np
import pandas as pd
import pytest

from engine.oracle import assert_members_equal_lone_fits, precision
from tenfold.networks.inner_loss import inner_loss_name
from tenfold.networks.ladder import InputShape, Rung
from tenfold.networks.recipes import Regularisation
from tenfold.networks.table import table_network
from tenfold.networks.training_loss import training_loss
from tenfold.problem.definition import Problem, define_problem

NUM_ROWS, SHAPE = 22, InputShape(3, 2, (4, 6))
HEADS = Rung((8, 6), "piecewise", heads=3)
GENERATOR = np.random.default_rng(0)
VALUES: dict[str, np.ndarray] = {
    "number": GENERATOR.normal(size=NUM_ROWS),
    "two_classes": np.arange(NUM_ROWS) % 2,
    "several_classes": np.arange(NUM_ROWS) % 4,
    "count": GENERATOR.poisson(2.0, NUM_ROWS),
    "several_labels": GENERATOR.integers(0, 2, (NUM_ROWS, 2)),
}
X = {
    "inputs": GENERATOR.normal(size=(NUM_ROWS, 3)),
    "ranks": GENERATOR.uniform(size=(NUM_ROWS, 2)),
    "codes": np.column_stack([GENERATOR.integers(0, size, NUM_ROWS) for size in SHAPE.code_sizes]).astype(np.int32),
}


def problem_of(kind: str) -> Problem:
    values = VALUES[kind]
    if values.ndim > 1:
        return define_problem(pd.DataFrame({"x": 0, "a": values[:, 0], "b": values[:, 1]}), ["a", "b"], kind=kind)
    texts = values.astype(str) if kind.endswith("classes") else values
    return define_problem(pd.DataFrame({"x": 0, "y": texts}), "y", kind=kind)


def targets_of(kind: str) -> np.ndarray:
    values = VALUES[kind].astype(keras.config.floatx())
    return values if kind in ("several_classes", "several_labels") else values[:, None]


def data_gradient(model: keras.Model, loss: Any, x: Any, y: np.ndarray) -> dict[str, np.ndarray]:
    """Gradient of a loss of the answers in training, without penalties, by the path of the weight."""
    frozen = [one.value for one in model.non_trainable_variables]

    def total(trainable: list[Any]) -> Any:
        answers, _ = model.stateless_call(trainable, frozen, x, training=True)
        return loss(y, answers)

    found = jax.grad(total)([one.value for one in model.trainable_variables])
    return {one.path: np.asarray(value) for one, value in zip(model.trainable_variables, found, strict=True)}


@pytest.mark.parametrize("kind", VALUES)
def test_the_gradient_of_a_heads_last_weights_is_that_of_training_it_alone(kind: str):
    with precision("float64"):
        problem, y = problem_of(kind), targets_of(kind)
        model = table_network(SHAPE, problem, HEADS, Regularisation())()
        model.build(jax.tree.map(np.shape, X))
        together = data_gradient(model, model._compile_loss, X, y)
        alone = keras.losses.get(problem.last_layer.loss)
        for head in range(3):

            def of_head(y: Any, answers: Any, head: int = head) -> Any:
                return keras.ops.mean(alone(y, answers[..., head]))

            own = data_gradient(model, of_head, X, y)
            assert np.abs(own["output/kernel"][head]).max() > 1e-3
            for path in ("output/kernel", "output/bias", "heads/scale"):
                np.testing.assert_allclose(3 * together[path][head], own[path][head], rtol=1e-10, atol=1e-14)
                assert not np.delete(own[path], head, axis=0).any()


@pytest.mark.parametrize("kind", ["number", "two_classes", "several_classes"])
def test_each_head_has_a_loss_of_its_own_and_predictions_are_the_mean(kind: str):
    """The mean of the heads' losses is above the loss of their mean, as Jensen's inequality says of these losses."""
    keras.utils.set_random_seed(0)
    problem, y = problem_of(kind), targets_of(kind)
    model = table_network(SHAPE, problem, HEADS, Regularisation())()
    in_training, answers = np.asarray(model(X, training=True)), np.asarray(model(X))
    assert in_training.shape == (*answers.shape, 3)
    np.testing.assert_allclose(in_training.mean(axis=-1), answers, rtol=1e-5, atol=1e-7)
    loss, own = training_loss(problem, heads=3), keras.losses.get(problem.last_layer.loss)
    each = np.mean([np.mean(own(y, in_training[..., head])) for head in range(3)])
    np.testing.assert_allclose(float(loss(y, in_training)), each, rtol=1e-5)
    np.testing.assert_allclose(float(loss(y, answers)), np.mean(own(y, answers)), rtol=1e-5)
    assert each > float(np.mean(own(y, answers))) + 1e-5


@pytest.mark.parametrize("kind", ["number", "two_classes", "several_classes"])
def test_heads_train_in_a_population_as_in_keras(kind: str):
    held = Regularisation(0.0, 0.01, 0.01, 0.02, l1=0.001, label_smoothing=0.1)
    with precision("float64"):
        build = table_network(SHAPE, problem_of(kind), HEADS, held)
        result = assert_members_equal_lone_fits(build, X, targets_of(kind), kind="float64", epochs=3)
    assert result.network.pads_training
    assert inner_loss_name(problem_of(kind)) in result.history


def test_smoothed_labels_of_several_classes_have_the_gradient_of_keras_on_lines_of_0_and_1():
    with precision("float64"):
        y, answers = targets_of("several_classes"), GENERATOR.dirichlet(np.ones(4), NUM_ROWS)
        ours = training_loss(problem_of("several_classes"), label_smoothing=0.2)
        keras_own = keras.losses.CategoricalCrossentropy(label_smoothing=0.2)
        found = jax.grad(lambda answers: ours(y, answers))(answers)
        expected = jax.grad(lambda answers: keras_own(np.eye(4)[y.astype(int)], answers))(answers)
        np.testing.assert_allclose(found, expected, rtol=1e-12)
        unsmoothed = keras.losses.SparseCategoricalCrossentropy()(y, answers)
        assert float(ours(y, answers)) != pytest.approx(float(unsmoothed), rel=1e-3)


def test_smoothed_labels_of_two_classes_are_a_share_from_each_end():
    y, answers = targets_of("two_classes")[:, 0], GENERATOR.uniform(0.1, 0.9, NUM_ROWS)
    smoothed = 0.8 * y + 0.1
    expected = -np.mean(smoothed * np.log(answers) + (1 - smoothed) * np.log(1 - answers))
    for heads, shown in ((1, answers[:, None]), (3, np.repeat(answers[:, None, None], 3, axis=2))):
        loss = training_loss(problem_of("two_classes"), heads, label_smoothing=0.2)
        assert float(loss(y[:, None], shown)) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("kind", ["two_classes", "several_classes"])
def test_what_inner_folds_choose_by_is_free_of_smoothing(kind: str):
    problem, y = problem_of(kind), targets_of(kind)
    for rung in (Rung((8,), "piecewise"), HEADS):
        model = table_network(SHAPE, problem, rung, Regularisation(label_smoothing=0.5))()
        history = model.fit(X, y, validation_data=(X, y), epochs=1, verbose=0).history
        expected = np.mean(keras.losses.get(problem.last_layer.loss)(y, np.asarray(model(X))))
        assert history[inner_loss_name(problem)][0] == pytest.approx(float(expected), rel=1e-5)


def test_a_narrow_search_has_keras_own_loss():
    for kind in VALUES:
        assert training_loss(problem_of(kind)) == problem_of(kind).last_layer.loss


def test_penalties_are_sums_over_the_weights_of_dense_layers():
    l1, l2 = 0.01, 0.003
    for rung, penalised in ((Rung((4,)), ("hidden_1", "output")), (Rung((4,), heads=3), ("hidden_1",))):
        model = table_network(InputShape(3), problem_of("number"), rung, Regularisation(l1=l1, l2=l2))()
        kernels = [np.asarray(model.get_layer(name).kernel) for name in penalised]
        expected = sum(l1 * np.abs(kernel).sum() + l2 * (kernel**2).sum() for kernel in kernels)
        assert float(sum(model.losses)) == pytest.approx(expected, rel=1e-5)
