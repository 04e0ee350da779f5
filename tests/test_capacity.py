"""The ladder: what overfitting is, which rung each fold takes on, and what is told."""

import numpy as np
import pytest

from nested_rows import nest
from tenfold.capacity import RungEvidence, choose_ladder, climb_ladder
from tenfold.networks.ladder import LADDER as TABLE_LADDER
from tenfold.networks.ladder import Rung
from tenfold.progress import Event, Note, TrainingProgress

LADDER = (Rung(()), Rung((3,)), Rung((5, 5)))


def evidence(training: list[list[float]], validation: list[list[float]]) -> RungEvidence:
    best = np.nanargmin(np.array(validation), axis=1) + 1
    return RungEvidence(Rung((3,)), 1, best, np.array(training), np.array(validation), ("ran",) * len(best))


@pytest.mark.parametrize(
    ("training", "validation", "expected"),
    [
        ([3.0, 2.0, 1.0], [3.0, 2.0, 2.5], True),
        ([3.0, 2.0, 1.0], [3.0, 2.0, 1.0], False),
        ([3.0, 2.0, 1.0], [3.0, 2.0, 2.01], False),
        ([3.0, 2.0, 2.5], [3.0, 2.0, 2.5], False),
        ([3.0, 2.0, np.nan], [2.0, 3.0, np.nan], True),
    ],
    ids=["turned", "still falling", "within noise", "both rose", "stopped after the turn"],
)
def test_a_member_overfits_where_validation_turned_while_training_fell(
    training: list[float], validation: list[float], expected: bool
):
    assert evidence([training], [validation]).is_overfitting.tolist() == [expected]


def test_a_rung_overfits_where_half_of_its_members_do():
    turned, falling = [3.0, 2.0, 2.5], [3.0, 2.0, 1.0]
    down = [3.0, 2.0, 1.0]
    assert evidence([down] * 2, [turned, falling]).overfits
    assert not evidence([down] * 3, [turned, falling, falling]).overfits


def test_every_rung_is_trained_on_every_fold():
    nested = nest("number")
    climb = climb_ladder(nested, LADDER)
    assert len(climb.results) == 3 * len(nested.folds)
    assert climb.tally.num_members == 3 * 16
    assert climb.top == LADDER[-1]


def test_the_ladder_ends_where_the_rows_say():
    tops = [choose_ladder(TABLE_LADDER, rows)[-1].label for rows in (400, 5_000, 50_000)]
    assert tops == ["64-64", "128-128", "256-256"]
    assert [rung.label for rung in choose_ladder(TABLE_LADDER, 400)] == ["linear", "8", "16-16", "32-32", "64-64"]


def test_the_evidence_is_of_the_fold_of_all_working_rows():
    nested = nest("two_classes", epochs=3)
    climb = climb_ladder(nested, LADDER)
    assert [one.rung for one in climb.evidence] == list(LADDER)
    assert [one.num_parameters for one in climb.evidence] == [4, 16, 56]
    assert climb.evidence[0].training.shape == (4, 3)
    assert climb.evidence[0].best_epochs.min() >= 1


def test_each_rung_is_told_before_its_training():
    events: list[Event] = []
    climb_ladder(nest("number", num_seeds=1), LADDER[:2], progress=events.append)
    notes = [event.text for event in events if isinstance(event, Note)]
    assert notes == ["width linear", "width 3"]
    assert isinstance(events[1], TrainingProgress)
