"""The exercises of pencil and paper, with the answers that follow from their published numbers."""

import pytest

from tenfold.scratch.pencil import error, forward, identity, mean_squared_error, node, relu, slope, update, updates

HIDDEN = [[[3, 3], [1, 5]]]
OUTPUT = [2, -1]
FIRST_WEIGHTS = ([[[2, 1], [1, 2]]], [1, 1])
EXACT_WEIGHTS = ([[[2, 1], [1, 0]]], [1, 1])
BETTER_WEIGHTS = ([[[2, 1], [1, 1.5]]], [1, 1.5])
ROWS, TARGETS = [(0, 3), (1, 2), (-1, -2), (4, 0)], [1, 3, 5, 7]


def test_forward_propagation_through_two_nodes():
    assert [node([-1, 2], weights) for weights in HIDDEN[0]] == [3, 9]
    assert forward([-1, 2], HIDDEN, OUTPUT) == -3


def test_relu_on_the_hidden_nodes_leaves_the_output_below_zero():
    assert forward([-1, 2], HIDDEN, OUTPUT, activation=relu) == -3


def test_many_rows_with_relu_on_the_output_too():
    rows = [(-1, 2), (2, 3), (7, 10), (1, 1)]
    answers = [forward(row, HIDDEN, OUTPUT, activation=relu, output_activation=relu) for row in rows]
    assert answers == [0, 13, 45, 6]


def test_two_hidden_layers():
    layers = [[[2, 4], [4, -5]], [[-1, 2], [1, 2]]]
    assert [relu(node([3, 5], weights)) for weights in layers[0]] == [26, 0]
    assert [relu(node([26, 0], weights)) for weights in layers[1]] == [0, 26]
    assert forward([3, 5], layers, [2, 7], activation=relu) == 182


def test_a_changed_weight_takes_the_error_away():
    assert [error(forward([0, 3], *weights), 3) for weights in (FIRST_WEIGHTS, EXACT_WEIGHTS)] == [6, 0]


@pytest.mark.parametrize(("weights", "expected"), [(FIRST_WEIGHTS, 80.25), (BETTER_WEIGHTS, 99.890625)])
def test_the_mean_squared_error_over_four_rows(weights, expected):
    predictions = [forward(row, *weights, activation=identity) for row in ROWS]
    assert mean_squared_error(predictions, TARGETS) == expected


def test_the_slope_is_twice_the_error_times_the_input():
    assert error(node([1, 2, 3], [0, 2, 1]), 0) == 7
    assert slope([1, 2, 3], [0, 2, 1], target=0) == [14, 28, 42]


def test_one_update_takes_the_error_from_7_to_5_04():
    weights = update([0, 2, 1], [14, 28, 42], learning_rate=0.01)
    assert weights == pytest.approx([-0.14, 1.72, 0.58], abs=1e-15)
    assert error(node([1, 2, 3], weights), 0) == pytest.approx(5.04, abs=1e-14)


def test_twenty_updates_each_leave_51_84_percent_of_the_squared_error():
    _, squared_errors = updates([1, 2, 3], [0, 2, 1], 0, learning_rate=0.01, num_updates=20)
    assert squared_errors[:4] == pytest.approx([25.4016, 13.16818944, 6.826389405, 3.538800268], rel=1e-9)
    assert squared_errors == pytest.approx([49 * 0.5184**step for step in range(1, 21)], rel=1e-10)
    assert squared_errors[-1] == pytest.approx(9.627e-5, rel=1e-4)


def test_three_becomes_ten_by_a_slope_of_minus_24_and_a_weight_of_2_24():
    assert slope([3], [2], target=10) == [-24]
    assert update([2], [-24], learning_rate=0.01) == [2.24]
