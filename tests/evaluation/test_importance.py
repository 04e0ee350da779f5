"""Shuffling a column costs what it is worth, and nothing where the network does not use it."""

import numpy as np
import pytest

from evaluation.test_final_choice import target_of
from nested_rows import nest
from tenfold.evaluation.importance import column_losses
from tenfold.measures.choice import choose_measures
from tenfold.nested.results import Candidate
from tenfold.nested.training import train_candidates
from tenfold.networks.ladder import Rung
from tenfold.run_facts.probing import importance_facts
from tenfold.split.protocol import Protocol


@pytest.mark.parametrize("numbers", ["plain", "piecewise"])
def test_columns_matter_by_what_they_contribute(numbers: str):
    nested = nest("number", epochs=150)
    candidate = Candidate(Rung((8,), numbers=numbers))
    (final,), _ = train_candidates(nested, [candidate], [nested.final])
    measure = choose_measures(nested.problem).primary
    found = column_losses(nested, final, measure, target_of(nested), seed=0)
    assert found.columns == ("a", "b", "c")
    assert found.losses.shape == (3, 2)
    a, b, c = found.losses.mean(axis=1)
    assert a > b > 3 * abs(c), "the target is 2 a - b"
    facts = importance_facts(found, measure, 4)
    assert [one.column for one in facts.columns] == ["a", "b", "c"]
    assert facts.columns[0].loss.value == pytest.approx(a)
    assert facts.measure == "mean absolute error"


def test_the_same_seed_shuffles_the_same():
    nested = nest("two_classes")
    (final,), _ = train_candidates(nested, [Candidate(Rung((3,)))], [nested.final])
    measure = choose_measures(nested.problem).primary
    one, same, other = (column_losses(nested, final, measure, target_of(nested), seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.losses, same.losses)
    assert not np.array_equal(one.losses, other.losses)


def test_a_single_inner_fold_is_scored_in_parts():
    nested = nest("number", protocol=Protocol("hold_out", 1, 1, 1, ""))
    (final,), _ = train_candidates(nested, [Candidate(Rung((3,)))], [nested.final])
    found = column_losses(nested, final, choose_measures(nested.problem).primary, target_of(nested), seed=0)
    assert found.losses.shape == (3, 5)
    held_out = len(nested.folds[nested.final].inner[0][1])
    assert found.rows_ratio == pytest.approx(held_out / 5 / len(nested.folds[nested.final].inner[0][0]))
