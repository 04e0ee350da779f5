"""Inner folds choose, outer folds score: nobody sees the rows that score, and the final network is made alike."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from nested_rows import NUM_ROWS, nest
from tenfold.engine.population import train_population
from tenfold.nested.network import final_network, member_answers
from tenfold.nested.results import Candidate
from tenfold.nested.rows import NestedRows
from tenfold.nested.training import _asked, _member, train_candidates
from tenfold.networks.inner_loss import inner_loss_name
from tenfold.networks.ladder import Rung
from tenfold.networks.recipes import Regularisation, choose_recipe
from tenfold.progress import Event
from tenfold.run_folder.stages import Stages

RUNG = Rung((4,))
LIGHTER = Candidate(RUNG, Regularisation(dropout=0.1, l2=0.001, learning_rate=0.01), trial=2)
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
    together, _ = train_candidates(nested, [LIGHTER, HELD], range(4))
    (alone,), _ = train_candidates(nested, [HELD], [1])
    result = next(one for one in together if one.candidate is HELD and one.fold == 1)
    np.testing.assert_allclose(result.losses, alone.losses, rtol=1e-5)
    np.testing.assert_allclose(result.predictions[0], alone.predictions[0], rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(("kind", "num_columns"), [("number", None), ("two_classes", 2), ("several_classes", 3)])
def test_predictions_are_in_the_targets_unit_or_probabilities(kind: str, num_columns: int | None):
    nested = nest(kind)
    (first, *_), tally = train_candidates(nested, [Candidate(RUNG)], range(4))
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
    (clean,), _ = train_candidates(nested, [Candidate(RUNG)], [2])
    (other,), _ = train_candidates(spoilt(nested, rows), [Candidate(RUNG)], [2])
    np.testing.assert_array_equal(clean.losses, other.losses)


def test_sealed_rows_change_nothing_at_all():
    nested = nest("number")
    sealed = np.setdiff1d(np.arange(nested.table.num_rows), nested.folds[nested.final].train_rows)
    assert len(sealed) > 0
    clean, _ = train_candidates(nested, [Candidate(RUNG)], range(4))
    other, _ = train_candidates(spoilt(nested, sealed), [Candidate(RUNG)], range(4))
    for one, two in zip(clean, other, strict=True):
        np.testing.assert_array_equal(one.losses, two.losses)
    np.testing.assert_array_equal(clean[0].predictions[0], other[0].predictions[0])


def test_an_outer_prediction_is_the_mean_of_the_inner_members():
    nested = nest("number", num_seeds=2)
    (result,), _ = train_candidates(nested, [Candidate(RUNG)], [0])
    members = [_member(nested, Candidate(RUNG), 0, inner, seed) for inner in range(2) for seed in range(2)]
    asked = _asked(nested, Candidate(RUNG), members, room=0)
    population = train_population(*asked.data, seed=nested.seed, **asked.options)
    answers = population.predict(nested.inputs_of(RUNG, 0, nested.folds[0].validation_rows))[:, :, 0]
    scale = nested.table.scales[0]
    for seed in range(2):
        np.testing.assert_allclose(result.predictions[seed], scale.restore(answers[seed::2].mean(axis=0)), atol=1e-5)


def test_the_inner_loss_is_that_of_the_best_epoch():
    nested = nest("two_classes")
    results, _ = train_candidates(nested, [HELD], range(4))
    final = results[-1]
    history = final.members.history[inner_loss_name(nested.problem)]
    np.testing.assert_allclose(final.losses.reshape(-1), np.nanmin(history, axis=1), rtol=1e-6)
    assert final.loss == pytest.approx(final.losses.mean())


def test_only_the_best_candidate_of_all_working_rows_keeps_its_members():
    nested = nest("number")
    still = Candidate(RUNG, Regularisation(dropout=0.0, l2=0.0, learning_rate=0.0), trial=1)
    results, _ = train_candidates(nested, [still, HELD], range(4))
    (kept,) = (one for one in results if one.members is not None)
    assert (kept.candidate, kept.fold) == (HELD, nested.final)
    assert kept.loss == min(one.loss for one in results if one.fold == nested.final)


def test_what_was_kept_is_read_instead_of_trained(tmp_path: Path):
    nested, kept = nest("two_classes"), Stages(tmp_path / "work")
    results, tally = train_candidates(nested, [Candidate(RUNG)], range(4), name="width 4", kept=kept)
    events: list[Event] = []
    again, same = train_candidates(
        nested, [Candidate(RUNG)], range(4), name="width 4", kept=kept, progress=events.append
    )
    assert (same, events) == (tally, [])
    for one, two in zip(results, again, strict=True):
        np.testing.assert_equal(dataclasses.asdict(two), dataclasses.asdict(one))
    other, _ = train_candidates(nested, [HELD], range(4), name="width 4", kept=kept, progress=events.append)
    assert events, "another candidate under the same name is trained"
    assert other[0].loss != results[0].loss


def test_the_final_network_answers_with_the_mean_of_its_members():
    nested = nest("several_classes")
    results, _ = train_candidates(nested, [Candidate(RUNG)], range(4))
    final = results[nested.final]
    rows = nested.inputs_of(RUNG, nested.final, np.arange(7))
    own = member_answers(nested, final, rows)
    assert own.shape == (4, 7, 3)
    np.testing.assert_allclose(np.asarray(final_network(nested, final)(rows)), own.mean(axis=0), rtol=1e-5)
    with pytest.raises(ValueError, match="only the chosen candidate of the fold of all working rows"):
        final_network(nested, results[0])


@pytest.mark.parametrize("candidate", [Candidate(RUNG), HELD], ids=["free", "held back"])
def test_members_answer_for_their_own_inner_rows_as_they_did_in_training(candidate: Candidate):
    nested = nest("number")
    (final,), _ = train_candidates(nested, [candidate], [nested.final])
    answers = member_answers(nested, final, nested.inputs_of(RUNG, nested.final, np.arange(NUM_ROWS)))
    for inner, (_, validation) in enumerate(nested.folds[nested.final].inner):
        mean = answers[2 * inner : 2 * inner + 2, validation].mean(axis=0)
        np.testing.assert_allclose(final.inner_predictions[inner], nested.predictions(nested.final, mean), rtol=1e-4)


def test_settings_act_on_their_own_candidate():
    nested = nest("number", num_seeds=1)
    still = Candidate(RUNG, Regularisation(dropout=0.0, l2=0.0, learning_rate=0.0), trial=1)
    frozen, moved = (
        train_candidates(nested, [one], [nested.final])[0][0].members.history["val_mae"] for one in (still, HELD)
    )
    assert np.ptp(frozen, axis=1).max() == 0.0
    assert np.ptp(moved, axis=1).min() > 0.0


def test_large_tables_take_larger_batches_and_fewer_epochs():
    sizes = [choose_recipe(RUNG, rows) for rows in (100, 2_900, 20_000, 200_000)]
    assert [recipe.batch_size for recipe in sizes] == [32, 64, 256, 1_024]
    assert [recipe.epochs for recipe in sizes] == [150, 100, 80, 40]
