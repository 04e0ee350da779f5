"""Inner folds choose, outer folds score: nobody sees the rows that score, and the final network is made alike."""

import dataclasses

import numpy as np
import pytest

from nested_rows import nest
from tenfold.nested import Candidate, NestedRows, _member, _train, choose_recipe, final_network, train_candidates
from tenfold.networks.ladder import Rung
from tenfold.networks.table import Regularisation, inner_loss_name
from tenfold.progress import silence

RUNG = Rung((4,))
HELD = Candidate(RUNG, Regularisation(dropout=0.3, l2=0.01, learning_rate=0.02), trial=1)


def test_every_fold_has_its_members_and_the_last_one_all_rows():
    nested = nest("number")
    assert len(nested.folds) == 4
    final = nested.folds[nested.final]
    assert len(final.validation_rows) == 0
    scored = np.concatenate([fold.validation_rows for fold in nested.outer])
    assert sorted(scored) == sorted(final.train_rows)


def test_repeats_have_a_seed_each_and_the_final_network_has_all():
    assert nest("number", num_repeats=2, num_seeds=1).seeds == ((0,), (0,), (0,), (1,), (1,), (1,), (0, 1))
    assert nest("number", num_seeds=2).seeds == ((0, 1),) * 4


@pytest.mark.parametrize("kind", ["number", "two_classes", "several_classes"])
def test_a_population_is_what_its_members_are_alone(kind: str):
    nested = nest(kind, num_seeds=1)
    together, _ = train_candidates(nested, RUNG, [Candidate(RUNG), HELD], range(4))
    (alone,), _ = train_candidates(nested, RUNG, [HELD], [1])
    result = next(one for one in together if one.candidate is HELD and one.fold == 1)
    np.testing.assert_allclose(result.losses, alone.losses, rtol=1e-5)
    np.testing.assert_allclose(result.predictions[0], alone.predictions[0], rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(("kind", "num_columns"), [("number", None), ("two_classes", 2), ("several_classes", 3)])
def test_predictions_are_in_the_targets_unit_or_probabilities(kind: str, num_columns: int | None):
    nested = nest(kind)
    (first, *_), tally = train_candidates(nested, RUNG, [Candidate(RUNG)], range(4))
    assert (tally.num_members, tally.num_nonfinite) == (16, 0)
    assert len(first.predictions) == 2
    rows = len(nested.folds[0].validation_rows)
    if num_columns is None:
        assert first.predictions[0].shape == (rows,)
    else:
        assert first.predictions[0].shape == (rows, num_columns)
        np.testing.assert_allclose(first.predictions[0].sum(axis=1), 1.0, rtol=1e-6)


def spoilt(nested: NestedRows, rows: np.ndarray) -> NestedRows:
    """The same with other targets and inputs in some rows, in all blocks; nothing is prepared anew."""
    inputs, targets = nested.table.inputs.copy(), nested.table.targets.copy()
    for block in range(nested.table.num_blocks):
        inputs[nested.table.rows(block, rows)] = 9.0
        targets[nested.table.rows(block, rows)] = 9.0
    return dataclasses.replace(nested, table=dataclasses.replace(nested.table, inputs=inputs, targets=targets))


def test_rows_that_score_change_nothing_about_the_choice():
    nested = nest("number")
    rows = nested.folds[2].validation_rows
    (clean,), _ = train_candidates(nested, RUNG, [Candidate(RUNG)], [2])
    (other,), _ = train_candidates(spoilt(nested, rows), RUNG, [Candidate(RUNG)], [2])
    np.testing.assert_array_equal(clean.losses, other.losses)


def test_sealed_rows_change_nothing_at_all():
    nested = nest("number")
    sealed = np.setdiff1d(np.arange(nested.table.num_rows), nested.folds[nested.final].train_rows)
    assert len(sealed) > 0
    clean, _ = train_candidates(nested, RUNG, [Candidate(RUNG)], range(4))
    other, _ = train_candidates(spoilt(nested, sealed), RUNG, [Candidate(RUNG)], range(4))
    for one, two in zip(clean, other, strict=True):
        np.testing.assert_array_equal(one.losses, two.losses)
    np.testing.assert_array_equal(clean[0].predictions[0], other[0].predictions[0])


def test_an_outer_prediction_is_the_mean_of_the_inner_members():
    nested = nest("number", num_seeds=2)
    (result,), _ = train_candidates(nested, RUNG, [Candidate(RUNG)], [0])
    members = [_member(nested, Candidate(RUNG), 0, inner, seed) for inner in range(2) for seed in range(2)]
    population = _train(nested, RUNG, members, silence)
    answers = population.predict(nested.table.block(0, nested.folds[0].validation_rows))[:, :, 0]
    scale = nested.table.scales[0]
    for seed in range(2):
        np.testing.assert_allclose(result.predictions[seed], scale.restore(answers[seed::2].mean(axis=0)), atol=1e-5)


def test_the_inner_loss_is_that_of_the_best_epoch():
    nested = nest("two_classes")
    results, _ = train_candidates(nested, RUNG, [HELD], range(4))
    final = results[-1]
    history = final.members.history[inner_loss_name(nested.problem)]
    np.testing.assert_allclose(final.losses.reshape(-1), np.nanmin(history, axis=1), rtol=1e-6)
    assert final.loss == pytest.approx(final.losses.mean())


def test_the_final_network_answers_with_the_mean_of_its_members():
    nested = nest("several_classes")
    results, _ = train_candidates(nested, RUNG, [Candidate(RUNG)], range(4))
    final = results[nested.final]
    rows = nested.table.block(nested.final, np.arange(7))
    expected = np.mean(final.members.predict(rows), axis=0)
    np.testing.assert_allclose(np.asarray(final_network(final)(rows)), expected, rtol=1e-5)
    with pytest.raises(ValueError, match="only the fold of all working rows"):
        final_network(results[0])


def test_settings_act_on_their_own_candidate():
    nested = nest("number", num_seeds=1)
    still = Candidate(RUNG, Regularisation(dropout=0.0, l2=0.0, learning_rate=0.0), trial=1)
    results, _ = train_candidates(nested, RUNG, [still, HELD], [nested.final])
    frozen, moved = (one.members.history["val_mae"] for one in results)
    assert np.ptp(frozen, axis=1).max() == 0.0
    assert np.ptp(moved, axis=1).min() > 0.0


def test_large_tables_take_larger_batches_and_fewer_epochs():
    sizes = [choose_recipe(rows) for rows in (100, 2_900, 20_000, 200_000)]
    assert [recipe.batch_size for recipe in sizes] == [32, 64, 256, 1_024]
    assert [recipe.epochs for recipe in sizes] == [150, 100, 40, 40]
