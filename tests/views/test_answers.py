"""Confusion, calibration and residuals: counted by hand and held against scikit-learn."""

import keras
import numpy as np
import pytest
from sklearn.calibration import calibration_curve
from sklearn.metrics import confusion_matrix

from legibility import stumbles
from tenfold.errors import OptionError, TableError
from tenfold.views.answers import calibration, confusion, residuals

RNG = np.random.default_rng(0)


def as_given(outputs: int) -> keras.Model:
    """A network that answers with its inputs."""
    model = keras.Sequential([keras.Input((outputs,)), keras.layers.Identity()])
    model.build()
    return model


def probabilities(rows: int = 300, classes: int = 3) -> np.ndarray:
    return RNG.dirichlet(np.ones(classes), rows).astype(np.float32)


def test_counts_are_those_of_scikit_learn_whatever_form_the_classes_have():
    x, y = probabilities(), RNG.integers(0, 3, 300)
    for truth in (y, y[:, None], np.eye(3)[y]):
        found = confusion(as_given(3), x, truth, labels=np.array(["a", "b", "c"])).numbers
        np.testing.assert_array_equal(found.counts, confusion_matrix(y, x.argmax(axis=1)))
    assert found.labels == ("a", "b", "c")
    np.testing.assert_allclose(found.shares.sum(axis=1), 1)


def test_a_single_output_is_the_probability_of_class_1_and_a_class_without_rows_is_a_line_of_zeros():
    view = confusion(as_given(1), np.array([[0.2], [0.7], [0.9], [0.4]], np.float32), [0, 0, 0, 0])
    np.testing.assert_array_equal(view.numbers.counts, [[2, 2], [0, 0]])
    np.testing.assert_array_equal(view.numbers.shares, [[0.5, 0.5], [0, 0]])
    assert view.sentence == "50.0 % of 4 rows are right; most often 0 is taken for 1: 2 of 4"


def test_groups_are_those_of_scikit_learn_with_wilsons_intervals():
    said = RNG.uniform(size=500).astype(np.float32)
    came = RNG.uniform(size=500) < said**2
    found = calibration(as_given(1), said[:, None], came).numbers
    share, mean = calibration_curve(came, said, n_bins=10, strategy="quantile")
    np.testing.assert_allclose(found.said, mean, atol=2e-3)
    np.testing.assert_allclose(found.came, share, atol=0.03)  # its edges may put a row into the next group
    assert found.rows.sum() == 500
    middle, rows, z = found.came[4], found.rows[4], 1.959963985
    half = z * np.sqrt(middle * (1 - middle) / rows + z**2 / (4 * rows**2)) / (1 + z**2 / rows)
    centre = (middle + z**2 / (2 * rows)) / (1 + z**2 / rows)
    assert (found.low[4], found.high[4]) == pytest.approx((centre - half, centre + half))
    assert found.error == pytest.approx(np.abs(found.said - found.came) @ found.rows / 500)


def test_what_is_said_rightly_is_called_so_and_what_is_not_is_counted():
    said = RNG.uniform(size=4000).astype(np.float32)
    right, wrong = (
        calibration(as_given(1), said[:, None], RNG.uniform(size=4000) < share) for share in (said, said**3)
    )
    assert right.numbers.error < 0.03 < wrong.numbers.error
    assert int(wrong.sentence.split("; ")[1].split()[0]) >= 8


def test_of_several_classes_it_is_the_probability_of_the_class_answered():
    x = probabilities()
    y = x.argmax(axis=1)
    found = calibration(as_given(3), x, y).numbers
    np.testing.assert_array_equal(found.came, 1)
    assert found.said.min() > 1 / 3


def test_residuals_are_truth_minus_answer_and_their_oddities_are_said():
    answers = RNG.uniform(1, 10, 400).astype(np.float32)
    noise = RNG.normal(size=400)
    plain = residuals(as_given(1), answers[:, None], answers + noise, unit="euros")
    np.testing.assert_allclose(plain.numbers.residuals, noise, atol=1e-5)
    assert plain.sentence.endswith("euros")
    growing = residuals(as_given(1), answers[:, None], answers + noise * answers)
    assert growing.sentence.endswith("large answers miss by more")
    drifting = residuals(as_given(1), answers[:, None], answers + np.cumsum(noise) / 5)
    assert "neighbouring rows are missed alike" in drifting.sentence
    expected = np.corrcoef(drifting.numbers.residuals[1:], drifting.numbers.residuals[:-1])[0, 1]
    assert drifting.numbers.neighbours == pytest.approx(expected, abs=0.02)


def test_equal_residuals_have_no_correlation():
    found = residuals(as_given(1), np.ones((5, 1), np.float32), np.ones(5)).numbers
    assert np.isnan(found.neighbours)
    assert np.isnan(found.spread)


def test_figures_are_legible():
    x, y = probabilities(), RNG.integers(0, 3, 300)
    many = probabilities(classes=25)
    for view in (
        confusion(as_given(3), x, y, labels=["cat", "dog", "a very long name of a class"]),
        confusion(as_given(25), many, many.argmax(axis=1)),
        calibration(as_given(3), x, y),
        residuals(as_given(1), x[:, :1], x[:, 0] + RNG.normal(size=300)),
    ):
        assert stumbles(view.figure) == []


def test_what_does_not_fit_is_a_sentence():
    x = probabilities(4)
    with pytest.raises(TableError, match="different numbers of rows"):
        confusion(as_given(3), x, [0, 1])
    with pytest.raises(TableError, match=r"A target is 3.*a class from 0 to 2"):
        confusion(as_given(3), x, [0, 1, 2, 3])
    with pytest.raises(OptionError, match="2 labels were given for 3 classes"):
        confusion(as_given(3), x, [0, 1, 2, 0], labels=["a", "b"])
    with pytest.raises(OptionError, match="sigmoid or softmax at its end"):
        calibration(as_given(1), np.array([[3.0], [0.5]]), [0, 1])
    with pytest.raises(OptionError, match="answers with 3 numbers a row"):
        residuals(as_given(3), x, np.zeros(4))
