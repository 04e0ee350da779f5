"""Learning curves as drawn: what is shown of whom."""

import numpy as np
import pytest

from tenfold.record import Record
from tenfold.views.curves import MOST_LINES, plot_curves


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
