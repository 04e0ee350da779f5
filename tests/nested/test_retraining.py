"""Retraining on all rows of a fold: for the epochs that its inner folds needed, as a lone Keras fit would."""

from pathlib import Path

import numpy as np

from nested_rows import nest
from tenfold.nested.network import final_network
from tenfold.nested.results import Candidate
from tenfold.nested.retraining import _member, epochs_of, retrain
from tenfold.nested.training import network_of, train_candidates
from tenfold.networks.ladder import Rung
from tenfold.networks.recipes import Regularisation
from tenfold.run_folder.stages import Stages

HELD = Candidate(Rung((4,)), Regularisation(dropout=0.3, l2=0.01, learning_rate=0.02), trial=1)
FREE = Candidate(Rung((3,)))


def test_every_fold_is_trained_again_with_its_own_choice():
    nested = nest("two_classes")
    free, _ = train_candidates(nested, [FREE], range(4))
    held, _ = train_candidates(nested, [HELD], range(4))
    chosen = [free[0], held[1], free[2], held[3]]
    results, tally = retrain(nested, chosen)
    assert [(one.candidate, one.fold) for one in results] == [(one.candidate, one.fold) for one in chosen]
    assert (tally.num_members, tally.num_programs) == (8, 2)
    for one in results[:3]:
        assert len(one.predictions) == 2
        assert one.predictions[0].shape == (len(nested.folds[one.fold].validation_rows), 2)
        assert not np.allclose(one.predictions[0], chosen[one.fold].predictions[0])
    assert results[3].members.weights[0].shape[0] == 2


def test_epochs_are_the_mean_of_those_that_the_inner_folds_needed():
    nested = nest("number", epochs=9)
    (result, *_), _ = train_candidates(nested, [FREE], range(4))
    assert epochs_of(nested, result) == max(1, round(result.best_epochs.mean()))
    assert _member(nested, FREE, 0, 0, epochs=3).epochs == 3
    assert len(_member(nested, FREE, 0, 0, epochs=3).train_rows) == len(nested.folds[0].train_rows)


def test_rows_that_score_are_not_trained_on():
    nested = nest("number")
    scored = nested.table.rows(0, nested.folds[0].validation_rows)
    assert not np.isin(_member(nested, FREE, 0, 1, epochs=3).train_rows, scored).any()


def test_the_delivered_network_is_the_mean_of_the_seeds():
    nested = nest("number")
    results, _ = train_candidates(nested, [FREE], range(4))
    anew, _ = retrain(nested, results)
    final = anew[-1]
    x = nested.inputs_of(FREE.rung, nested.final, np.arange(5))
    models = []
    for seed in range(2):
        model = network_of(nested, FREE)()
        model.set_weights([values[seed] for values in final.members.weights])
        models.append(np.asarray(model(x)))
    np.testing.assert_allclose(np.asarray(final_network(nested, final)(x)), np.mean(models, axis=0), rtol=1e-5)


def test_a_kept_retraining_is_read(tmp_path: Path):
    nested, kept = nest("number"), Stages(tmp_path)
    results, _ = train_candidates(nested, [FREE], range(4))
    first, tally = retrain(nested, results, kept=kept)
    events = []
    again, same = retrain(nested, results, kept=kept, progress=events.append)
    assert (same, events) == (tally, [])
    np.testing.assert_array_equal(first[0].predictions[1], again[0].predictions[1])


def test_more_epochs_are_not_trained_than_were_settled():
    nested = nest("number", epochs=8)
    results, _ = train_candidates(nested, [FREE], range(4))
    anew, _ = retrain(nested, results)
    assert anew[-1].members.epochs_trained.tolist() == [epochs_of(nested, results[-1])] * 2
