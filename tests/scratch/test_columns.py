"""The course's functions: shapes, costs known by hand, gradients against central differences, loops against vectors."""

import numpy as np
import pytest

from tenfold.errors import OptionError
from tenfold.scratch import column_loops, columns

DIMS = [6, 4, 3, 1]


def numbers(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape)


def classes(num_columns: int) -> np.ndarray:
    return np.random.default_rng(5).integers(0, 2, size=(1, num_columns)).astype(float)


def cost_of(parameters: columns.Parameters, X: np.ndarray, Y: np.ndarray) -> float:
    return columns.compute_cost(columns.L_model_forward(X, parameters)[0], Y)


def test_first_weights_are_those_of_the_course():
    np.testing.assert_allclose(columns.initialize_parameters(3, 2, 1)["W1"][0, 0], 0.01624345363663242)
    np.testing.assert_allclose(columns.initialize_parameters_deep([4, 3, 1])["W1"][0, 0], 1.6243453636632417 / 2)


def test_a_network_of_the_cat_quiz_has_its_parameters():
    parameters = columns.initialize_parameters(12288, 7, 1)
    assert sum(value.size for value in parameters.values()) == 86_031


def test_relu_and_sigmoid_of_numbers_known_by_hand():
    X, W, b = np.array([[1.0, -1.0]]), np.array([[2.0]]), np.array([[0.0]])
    np.testing.assert_array_equal(columns.linear_activation_forward(X, W, b, "relu")[0], [[2.0, 0.0]])
    A, ((A_prev, _, _), Z) = columns.linear_activation_forward(X, W * 0, b + np.log(3), "sigmoid")
    np.testing.assert_allclose(A, [[0.75, 0.75]], rtol=1e-15)
    assert A_prev is X
    np.testing.assert_allclose(Z, np.log(3))


def test_an_unknown_activation_is_refused():
    with pytest.raises(OptionError, match=r"`sigmoyd` is no activation of the course's layers.*did you mean `sigmoid`"):
        columns.linear_activation_forward(numbers(2, 3), numbers(4, 2), numbers(4, 1), "sigmoyd")


def test_a_certain_and_right_answer_costs_nothing_and_a_certain_and_wrong_one_everything():
    assert columns.compute_cost(np.array([[1.0, 0.0]]), np.array([[1.0, 0.0]])) == 0
    assert columns.compute_cost(np.array([[1.0]]), np.array([[0.0]])) == np.inf


def test_the_cost_from_sums_is_the_cost_from_probabilities_and_goes_on_where_that_ends():
    Z, Y = numbers(1, 50), classes(50)
    A = 1 / (1 + np.exp(-Z))
    np.testing.assert_allclose(columns.compute_cost_from_logits(Z, Y), columns.compute_cost(A, Y), rtol=1e-14)
    assert columns.compute_cost_from_logits(np.array([[-1000.0, 1000.0]]), np.array([[1.0, 1.0]])) == 500


def test_every_gradient_is_the_central_difference_of_the_cost():
    X, Y, parameters = numbers(6, 9), classes(9), columns.initialize_parameters_deep(DIMS)
    parameters |= {name: numbers(*parameters[name].shape) for name in ("b1", "b2", "b3")}  # no sum on relu's kink
    AL, caches = columns.L_model_forward(X, parameters)
    gradients = columns.L_model_backward(AL, Y, caches)
    for name, value in parameters.items():
        for place in np.ndindex(value.shape):
            up, down = ({**parameters, name: value.copy()} for _ in range(2))
            up[name][place] += 1e-5
            down[name][place] -= 1e-5
            difference = (cost_of(up, X, Y) - cost_of(down, X, Y)) / 2e-5
            assert gradients[f"d{name}"][place] == pytest.approx(difference, rel=1e-6, abs=1e-9)


def test_the_last_layer_multiplied_out_equals_its_two_factors():
    X, Y, parameters = numbers(6, 9), classes(9), columns.initialize_parameters_deep([6, 1])
    AL, caches = columns.L_model_forward(X, parameters)
    dAL = -Y / AL + (1 - Y) / (1 - AL)
    _, dW, db = columns.linear_activation_backward(dAL, caches[0], "sigmoid")
    gradients = columns.L_model_backward(AL, Y, caches)
    np.testing.assert_allclose(gradients["dW1"], dW, rtol=1e-12)
    np.testing.assert_allclose(gradients["db1"], db, rtol=1e-12)


def test_loops_give_the_numbers_of_the_vectors():
    A_prev, W, b, dA = numbers(5, 7), numbers(3, 5, seed=1), numbers(3, 1, seed=2), numbers(3, 7, seed=3)
    A, cache = columns.linear_activation_forward(A_prev, W, b, "relu")
    Z = column_loops.linear_forward_by_loops(A_prev, W, b)
    np.testing.assert_allclose(A, np.maximum(Z, 0), atol=1e-14)
    expected = columns.linear_activation_backward(dA, cache, "relu")
    found = column_loops.linear_backward_by_loops(dA * (Z > 0), A_prev, W)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-14)


def test_the_cost_by_loops_is_the_cost():
    AL, Y = 1 / (1 + np.exp(-numbers(1, 20))), classes(20)
    assert column_loops.cost_by_loops(AL, Y) == pytest.approx(columns.compute_cost(AL, Y), rel=1e-14)


def test_a_step_leaves_the_old_parameters_as_they_are():
    old = {"W1": np.ones((2, 3))}
    new = columns.update_parameters(old, {"dW1": np.full((2, 3), 2.0)}, learning_rate=0.25)
    np.testing.assert_array_equal(new["W1"], np.full((2, 3), 0.5))
    np.testing.assert_array_equal(old["W1"], np.ones((2, 3)))


def test_costs_are_printed_every_hundred_steps(capsys):
    X, Y = numbers(6, 9), classes(9)
    columns.L_layer_model(X, Y, DIMS, num_iterations=201, print_cost=True)
    lines = capsys.readouterr().out.splitlines()
    assert [line.rsplit(":", 1)[0] for line in lines] == [f"Cost after iteration {step}" for step in (0, 100, 200)]
    columns.L_layer_model(X, Y, DIMS, num_iterations=2)
    assert capsys.readouterr().out == ""


def test_predictions_are_labels_in_one_line_and_the_accuracy_is_printed(capsys):
    X, Y = numbers(6, 8), classes(8)
    labels = columns.predict(X, Y, columns.initialize_parameters_deep(DIMS))
    assert labels.shape == (1, 8)
    assert set(np.unique(labels)) <= {0.0, 1.0}
    assert capsys.readouterr().out == f"Accuracy: {np.mean(labels == Y)}\n"


@pytest.mark.parametrize("dims", [[9, 4, 1], [6, 4, 2], [6]])
def test_units_that_do_not_fit_the_data_are_refused(dims):
    with pytest.raises(OptionError, match=r"do not fit the data.*\[6, ..., 1\]"):
        columns.L_layer_model(numbers(6, 9), classes(9), dims)


def test_the_two_layer_model_takes_three_numbers():
    with pytest.raises(OptionError, match=r"\[6, hidden units, 1\]"):
        columns.two_layer_model(numbers(6, 9), classes(9), DIMS)
