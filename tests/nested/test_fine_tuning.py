"""Fine-tuning goes on from the head that was chosen, trains the last block alone, and is taken where it helps."""

from dataclasses import fields, replace

import keras
import numpy as np
import pytest

from engine.oracle import assert_members_equal_lone_fits
from nested_rows import FewEpochs, nest
from tenfold.engine.member import Member
from tenfold.lookup import Lookup
from tenfold.nested.fine_tuning import FineTuned, fine_tune
from tenfold.nested.network import final_network
from tenfold.nested.results import Candidate, FoldResult
from tenfold.nested.retraining import head_values, retrain
from tenfold.nested.rows import NestedRows
from tenfold.nested.training import network_of, train_pairs
from tenfold.networks.bases import photo_numbers
from tenfold.networks.ladder import Rung
from tenfold.networks.recipes import Regularisation
from tenfold.run_folder.stages import Stages

SIDE, NUM_ROWS = 12, 53
HELD = Regularisation(dropout=0.2, weight_decay=0.01, learning_rate=1e-3)


def small_base() -> keras.Model:
    """Stands for a MobileNetV2: a first layer that stays, and a last block of two layers and a normalisation."""
    keras.utils.set_random_seed(4)
    inner = keras.Input((SIDE, SIDE, 3))
    line = keras.layers.Conv2D(4, 3, 2, name="Conv1")(inner)
    line = keras.layers.BatchNormalization(name="bn_Conv1")(line)
    line = keras.layers.DepthwiseConv2D(3, name="block_16_depthwise")(line)
    line = keras.layers.BatchNormalization(name="block_16_BN")(line)
    line = keras.layers.Conv2D(6, 1, activation="relu", name="Conv_1")(line)
    body = keras.Model(inner, keras.layers.GlobalAveragePooling2D()(line), name="body")
    photos = keras.Input((SIDE, SIDE, 3), dtype="uint8", name="photos")
    seen = keras.layers.Rescaling(1 / 127.5, -1.0)(photos)
    base = keras.Model(photos, body(seen, training=False), name="MobileNetV2 tiny")
    base.trainable = False
    return base


@pytest.fixture(scope="module")
def nested() -> NestedRows:
    """Three outer folds of photos whose redness is the target's class."""
    plain = nest("two_classes", num_seeds=1, epochs=3)
    generator = np.random.default_rng(1)
    truth = np.asarray(plain.table.targets[:NUM_ROWS])
    photos = generator.integers(0, 200, (NUM_ROWS, SIDE, SIDE, 3))
    photos[..., 0] += (30 * truth).astype(int)[:, None, None]
    photos = photos.clip(0, 255).astype(np.uint8)
    base, places = small_base(), np.tile(np.arange(NUM_ROWS, dtype=np.int32), plain.table.num_blocks)
    lookups = {"photos": Lookup(photos, places), "features": Lookup(photo_numbers(base, photos), places)}
    table = replace(plain.table, lookups=lookups, inputs=plain.table.inputs[:, :0], ranks=plain.table.ranks[:, :0])
    return FewEpochs(**{**{one.name: getattr(plain, one.name) for one in fields(plain)}, "table": table, "base": base})


@pytest.fixture(scope="module")
def heads(nested: NestedRows) -> list[FoldResult]:
    candidate = Candidate(Rung((), base=nested.base.name), HELD, trial=1)
    return train_pairs(nested, [(candidate, fold) for fold in range(len(nested.folds))])[0]


@pytest.fixture(scope="module")
def tuned(nested: NestedRows, heads: list[FoldResult]) -> FineTuned:
    return fine_tune(nested, heads, (3e-2,), 1.0)


def test_every_fold_keeps_its_heads(nested: NestedRows, heads: list[FoldResult]):
    assert all(one.members is not None for one in heads)
    values = head_values(nested, heads[0])
    assert [sorted(one) for one in values] == [["output/bias", "output/kernel"]] * heads[0].losses.size


def test_at_a_rate_of_nothing_the_fine_tuned_network_answers_as_the_frozen_one(
    nested: NestedRows, heads: list[FoldResult]
):
    found = fine_tune(nested, heads, (1e-30,), 1.0)
    first, *_ = [one for one in _all(nested, heads, 1e-30) if one.fold == 0]
    np.testing.assert_allclose(first.losses, heads[0].losses, rtol=1e-4)
    np.testing.assert_allclose(first.predictions, heads[0].predictions, rtol=1e-3, atol=1e-5)
    assert "the base stays frozen" in found.words or "it is taken" in found.words


def _all(nested: NestedRows, heads: list[FoldResult], rate: float) -> list[FoldResult]:
    rung, held = Rung((), base=nested.base.name, is_tuned=True), replace(HELD, learning_rate=rate)
    pairs = [(Candidate(rung, held, trial=1), one.fold) for one in heads]
    return train_pairs(nested, pairs, starts={one.fold: head_values(nested, one) for one in heads})[0]


def test_a_member_trains_as_keras_trains_it(nested: NestedRows, heads: list[FoldResult]):
    rung = Rung((), base=nested.base.name, is_tuned=True)
    build = network_of(nested, Candidate(rung, replace(HELD, learning_rate=1e-2), trial=1))
    rows, start = np.arange(NUM_ROWS), head_values(nested, heads[0])
    settings = {"optimizer.learning_rate": 1e-2, "optimizer.learning_rate.decay_steps": 14}
    members = [Member(rows[:40], rows[40:], settings=settings, start=start[number]) for number in (0, 1)]
    photos = nested.table.lookups["photos"].source
    truth = nested.table.targets[:NUM_ROWS, None]
    assert_members_equal_lone_fits(
        _of_steps(build, 14), {"photos": photos}, truth, kind="float32", members=members, epochs=2, allowed=1e-4
    )


def _of_steps(build, steps: int):
    """The same network whose learning rate falls over so many steps, for the oracle, which knows no settings."""

    def made() -> keras.Model:
        model = build()
        model.optimizer._learning_rate.decay_steps = steps
        return model

    return made


def test_it_is_taken_where_the_inner_rows_say_so_and_only_there(
    nested: NestedRows, heads: list[FoldResult], tuned: FineTuned
):
    every = _all(nested, heads, 3e-2)
    for head, after, taken in zip(heads, every, tuned.chosen, strict=True):
        assert taken.candidate.rung.is_tuned == (after.loss < head.loss)
        assert taken.loss == min(head.loss, after.loss)
        if taken.candidate.rung.is_tuned:
            assert taken.before is head
    assert tuned.chosen[nested.final].candidate.rung.is_tuned
    outer = sum(one.candidate.rung.is_tuned for one in tuned.chosen[:-1])
    assert f"so it is taken; {outer} of 3 outer folds took it." in tuned.words
    assert "(block_16_depthwise to Conv_1, 70 weights" in tuned.words  # 9 * 4 + 4, 4 * 6 + 6
    assert tuned.tally.num_members == sum(one.losses.size for one in heads)


def test_only_the_last_block_and_the_head_have_changed(nested: NestedRows, tuned: FineTuned):
    final = tuned.chosen[nested.final]
    model = network_of(nested, final.candidate)()
    model.set_weights([values[0] for values in final.members.weights])
    own = {one.path: np.asarray(one.value) for one in model.get_layer(nested.base.name).weights}
    before = [np.asarray(one.value) for one in nested.base.weights]
    changed = [path for (path, value), old in zip(own.items(), before, strict=True) if not np.array_equal(value, old)]
    assert [path.split("/", 1)[0] for path in changed] == ["block_16_depthwise"] * 2 + ["Conv_1"] * 2


def test_the_delivered_network_takes_photos_and_answers_as_its_members(nested: NestedRows, tuned: FineTuned, tmp_path):
    final = tuned.chosen[nested.final]
    network = final_network(nested, final)
    assert [one.name for one in network.inputs] == ["photos"]
    inner, rows = 0, nested.folds[nested.final].inner[0][1]
    photos = nested.table.lookups["photos"][rows]
    model = network_of(nested, final.candidate)()
    members = []
    for number in range(final.losses.size):
        model.set_weights([values[number] for values in final.members.weights])
        members.append(model.predict({"photos": photos}, verbose=0))
    np.testing.assert_allclose(members[inner][:, 0], final.inner_predictions[inner][:, 1], rtol=1e-4, atol=1e-6)
    answers = network.predict({"photos": photos}, verbose=0)
    np.testing.assert_allclose(answers, np.mean(members, axis=0), rtol=1e-4, atol=1e-6)
    network.save(tmp_path / "whole.keras")
    again = keras.saving.load_model(tmp_path / "whole.keras", compile=False, safe_mode=True)
    np.testing.assert_allclose(again.predict({"photos": photos}, verbose=0), answers, rtol=1e-5, atol=1e-7)


def test_retraining_trains_the_head_on_all_rows_first_and_goes_on_from_there(
    nested: NestedRows, heads: list[FoldResult], tuned: FineTuned
):
    slow = [_slowed(one) for one in tuned.chosen]
    results, tally = retrain(nested, slow)
    assert tally.num_members == len(slow) + sum(one.before is not None for one in slow)
    anew, _ = retrain(nested, heads)
    final = network_of(nested, results[-1].candidate)()
    final.set_weights([values[0] for values in results[-1].members.weights])
    expected = head_values(nested, anew[-1])[0]
    for variable in final.get_layer("output").weights:
        np.testing.assert_allclose(variable.value, expected[variable.path], rtol=1e-6)
    assert results[-1].before is heads[-1]


def _slowed(one: FoldResult) -> FoldResult:
    """The same at a learning rate of nothing, where it is fine-tuned."""
    held = replace(one.candidate.regularisation, learning_rate=1e-30)
    return replace(one, candidate=replace(one.candidate, regularisation=held)) if one.before else one


def test_without_rates_without_time_and_without_a_base_nothing_is_trained(nested: NestedRows, heads: list[FoldResult]):
    assert fine_tune(nested, heads, (), 1.0).words.startswith("With the quick budget the base stays frozen")
    few = fine_tune(nested, heads, (1e-4,), 1e-9)
    assert few.words.startswith("Fine-tuning was not tried: it would take")
    assert few.chosen == tuple(heads)
    other = [replace(one, candidate=Candidate(Rung((8,)))) for one in heads]
    assert fine_tune(nested, other, (1e-4,), 1.0).words == ""


def test_a_finished_fine_tuning_is_read_again(nested: NestedRows, heads: list[FoldResult], tuned: FineTuned, tmp_path):
    kept = Stages(tmp_path)
    first = fine_tune(nested, heads, (3e-2,), 1.0, kept=kept)
    again = fine_tune(nested, heads, (3e-2,), 1.0, kept=kept)
    assert again.words == first.words == tuned.words
    assert [one.loss for one in again.chosen] == [one.loss for one in first.chosen]
    assert all(one.before is head for one, head in zip(again.chosen, heads, strict=True) if one.before)
