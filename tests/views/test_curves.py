"""Learning curves as drawn: what is shown of whom."""

from types import SimpleNamespace

import numpy as np
import pytest

from tenfold.errors import OptionError
from tenfold.record import Record
from tenfold.views.curves import MOST_LINES, learning_curves, plot_curves


def _record(num_members: int, num_epochs: int = 4, outcomes: list[str] | None = None) -> Record:
    generator = np.random.default_rng(0)
    history = {name: generator.random((num_members, num_epochs)) + 1 for name in ("loss", "val_loss")}
    counts = np.full(num_members, num_epochs)
    return Record(
        fold=np.arange(num_members),
        seed=np.zeros(num_members, int),
        num_train=counts * 10,
        num_validation=counts,
        epochs_trained=counts,
        best_epochs=counts - 1,
        outcomes=outcomes or ["ran"] * num_members,
        history=history,
        rises={"loss": False},
    )


def test_each_of_a_few_members_has_a_line_and_each_kind_a_median():
    axes = plot_curves(_record(3), "loss").axes[0]

    assert len(axes.lines) == 2 * (3 + 1)
    assert sorted(text.get_text() for text in axes.texts) == ["training", "validation"]


def test_many_members_become_a_band():
    axes = plot_curves(_record(MOST_LINES + 1), "loss").axes[0]

    assert len(axes.lines) == 2
    assert len(axes.collections) == 2


def test_the_title_says_the_best_median_and_where_it_is():
    record = _record(3)
    record.history["val_loss"][:] = [[4.0, 2.0, 3.0, 3.5]] * 3

    assert plot_curves(record, "loss").axes[0].get_title(loc="left").endswith("best median 2 at epoch 2")


def test_a_frozen_member_is_crossed_where_it_was_last_finite():
    record = _record(3, outcomes=["ran", "nonfinite_loss", "ran"])
    record.history["loss"][1, 2:] = np.nan

    crosses = [line for line in plot_curves(record, "loss").axes[0].lines if line.get_marker() == "x"]

    assert [cross.get_xdata()[0] for cross in crosses] == [2]


@pytest.mark.parametrize("num_epochs", [1, 2])
def test_a_training_of_one_or_two_epochs_can_be_drawn(num_epochs):
    axes = plot_curves(_record(2, num_epochs), "loss").axes[0]

    assert all(float(tick).is_integer() for tick in axes.get_xticks())


def test_a_view_of_a_record_of_what_has_one_and_of_what_fit_returned():
    record = _record(3)
    found = learning_curves(SimpleNamespace(record=record)).numbers
    np.testing.assert_array_equal(found.training, record.history["loss"])
    np.testing.assert_array_equal(found.validation, record.history["val_loss"])
    logs = {"accuracy": [0.5, 0.7, 0.8], "val_accuracy": [0.4, 0.75, 0.6], "loss": [1.0, 0.5, 0.2]}
    for given in (logs, SimpleNamespace(history=logs)):
        view = learning_curves(given, "accuracy")
        assert view.sentence == "validation accuracy of one member: best 0.75 at epoch 2"
        np.testing.assert_array_equal(view.numbers.training, [logs["accuracy"]])
    assert learning_curves(logs).numbers.validation.shape == (1, 0)


def test_what_was_not_logged_or_not_trained_is_a_sentence():
    with pytest.raises(OptionError, match=r"no log `los`.*did you mean `loss`"):
        learning_curves(_record(2), "los")
    with pytest.raises(OptionError, match="no learning curves in this"):
        learning_curves("model.keras")
