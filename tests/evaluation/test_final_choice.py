"""The last choices: never judged by the rows that they are scored on."""

import dataclasses

import numpy as np
import pytest

from nested_rows import nest
from tenfold.evaluation import final_choice
from tenfold.evaluation.final_choice import _judges, choose_finally
from tenfold.measures.choice import choose_measures
from tenfold.nested.results import Candidate, FoldResult, Tally
from tenfold.nested.rows import NestedRows
from tenfold.nested.training import train_candidates
from tenfold.networks.ladder import Rung
from tenfold.split.protocol import Protocol

CANDIDATE = Candidate(Rung((3,)))


def target_of(nested: NestedRows) -> np.ndarray:
    """The target of all rows in its own unit."""
    own = nested.table.targets[: nested.table.num_rows]
    return nested.table.scales[0].restore(own) if nested.problem.is_number else own


def test_other_folds_of_the_same_repeat_judge_and_all_of_them_for_the_final_network():
    nested = nest("number", num_repeats=2, num_seeds=1)
    assert [_judges(nested, fold, in_time=False) for fold in (0, 2, 4)] == [[1, 2], [0, 1], [3, 5]]
    assert _judges(nested, nested.final, in_time=False) == [0, 1, 2, 3, 4, 5]


def test_forward_in_time_only_earlier_folds_judge():
    nested = nest("number")
    assert [_judges(nested, fold, in_time=True) for fold in range(4)] == [[], [0], [0, 1], [0, 1, 2]]


def doctored(
    nested: NestedRows, monkeypatch: pytest.MonkeyPatch, better_in: set[int]
) -> tuple[list[FoldResult], np.ndarray]:
    """Ensembles that are off by 1 everywhere, and retrainings that are right in some folds and off by 3 in others."""
    target = target_of(nested)
    results, _ = train_candidates(nested, [CANDIDATE], range(len(nested.folds)))

    def off_by(amount: dict[int, float]) -> list[FoldResult]:
        return [
            one
            if one.predictions is None
            else dataclasses.replace(
                one, predictions=(target[nested.folds[one.fold].validation_rows] + amount[one.fold],) * 2
            )
            for one in results
        ]

    anew = off_by({fold: 0.0 if fold in better_in else 3.0 for fold in range(4)})
    monkeypatch.setattr(final_choice, "retrain", lambda *_, **__: (anew, Tally(8)))
    return off_by(dict.fromkeys(range(4), 1.0)), target


def test_a_fold_takes_what_is_better_on_the_others(monkeypatch: pytest.MonkeyPatch):
    nested = nest("number")
    chosen, target = doctored(nested, monkeypatch, {0, 1})
    measure = choose_measures(nested.problem).primary
    found = choose_finally(nested, measure, target, chosen)
    # gains 1, 1 and -2: fold 2 sees 1 and 1, folds 0 and 1 see 1 and -2, all together see 0.
    assert found.is_retrained == (False, False, True, False)
    assert found.gain == pytest.approx(0.0, abs=1e-9)
    errors = [
        np.abs(found.predictions[fold][0] - target[nested.folds[fold].validation_rows]).mean() for fold in range(3)
    ]
    np.testing.assert_allclose(errors, [1.0, 1.0, 3.0])
    assert found.tally.num_members == 8


def test_nobody_judges_a_hold_out_so_nothing_is_retrained(monkeypatch: pytest.MonkeyPatch):
    def not_called(*_: object, **__: object) -> None:
        raise AssertionError("retrained")

    monkeypatch.setattr(final_choice, "retrain", not_called)
    nested = nest("two_classes", protocol=Protocol("hold_out", 1, 1, 1, ""))
    chosen, _ = train_candidates(nested, [CANDIDATE], range(2))
    found = choose_finally(nested, choose_measures(nested.problem).primary, target_of(nested), chosen)
    assert found.is_retrained == (False, False)
    assert np.isnan(found.gain)


def test_probabilities_of_a_fold_are_corrected_without_its_own_outcomes(monkeypatch: pytest.MonkeyPatch):
    nested = nest("two_classes")
    chosen, _ = train_candidates(nested, [CANDIDATE], range(4))
    seen = []
    monkeypatch.setattr(final_choice, "retrain", lambda *_, **__: (chosen, Tally()))
    fit = final_choice.fit_correction
    monkeypatch.setattr(final_choice, "fit_correction", lambda *given: seen.append(len(given[1])) or fit(*given))
    choose_finally(nested, choose_measures(nested.problem).primary, target_of(nested), chosen)
    sizes = [len(fold.validation_rows) for fold in nested.outer]
    assert seen == [sum(sizes) - own for own in sizes] + [sum(sizes)]
