"""Figures: which there are, what they say, how little they weigh."""

import re
from collections.abc import Callable
from dataclasses import replace

import matplotlib as mpl
import pytest

from tenfold.report.decisions import FoldRows
from tenfold.report.evidence import Curve, Interval, LearningCurves, NumberErrors
from tenfold.report.facts import Facts
from tenfold.report.figures.gallery import drawings_of
from tenfold.report.figures.svg import VARIABLES, own_settings, svg_panels

Make = Callable[..., Facts]
Each = dict[str, Facts]


def test_a_run_on_numbers_has_its_figures(houses: Make):
    assert set(drawings_of(houses())) == {
        "target", "split", "capacity", "curves", "tuning", "predictions", "spread", "answer", "baselines",
        "columns", "importance",
    }  # fmt: skip


def test_a_run_on_classes_has_no_figure_of_numbers(churn: Make):
    assert set(drawings_of(churn())) == {
        "target", "split", "columns", "capacity", "curves", "answer", "baselines", "calibration"
    }  # fmt: skip


def test_every_figure_says_its_finding_as_a_sentence_and_carries_its_numbers(each_code: Each, churn: Make):
    for facts in (*each_code.values(), churn()):
        for drawing in drawings_of(facts).values():
            assert re.search(r"[^.]\.$", drawing.finding), drawing.finding
            assert re.search(r"[^.]\.$", drawing.reading), drawing.reading
            assert not re.search("nan|None", drawing.finding + drawing.reading)
            assert all(len(row) == len(drawing.table.head) for row in drawing.table.rows)
            assert drawing.table.rows


def test_the_findings_of_the_constructed_run(houses: Make, golden: Callable[[str, str], None]):
    lines = [f"{name}: {drawing.finding}" for name, drawing in drawings_of(houses()).items()]
    golden("figure_findings.txt", "\n".join(lines) + "\n")


def test_svg_keeps_its_words_as_text_and_takes_the_pages_colours(houses: Make):
    (source,) = svg_panels(drawings_of(houses())["answer"])
    assert ">boosted trees</text>" in source
    assert "var(--network,#0072b2)" in source
    bare = re.sub(r"var\(--[a-z]+,#[0-9a-f]{6}\)", "", source)
    assert not any(colour in bare for colour in VARIABLES)
    assert not re.search(r"<metadata|<!--|<style|<\?xml|font-family|DejaVu", source)


def test_coordinates_have_one_decimal(houses: Make):
    for drawing in drawings_of(houses()).values():
        for panel in svg_panels(drawing):
            for path in re.findall(r' d="([^"]*)"', panel):
                assert not re.search(r"\.\d\d", path)


def test_each_figure_weighs_at_most_60_kilobytes(houses: Make):
    for name, drawing in drawings_of(houses()).items():
        assert sum(map(len, svg_panels(drawing))) < 60_000, name


def test_ids_of_two_figures_never_meet(houses: Make):
    ids: list[str] = []
    for drawing in drawings_of(houses()).values():
        for panel in svg_panels(drawing):
            ids += re.findall(r' id="([^"]+)"', panel)
    assert len(ids) == len(set(ids))


def test_small_multiples_speak_once(houses: Make):
    first, *others = svg_panels(drawings_of(houses())["curves"])
    assert 'role="img"' in first
    assert len(others) == 4
    assert all('aria-hidden="true"' in panel and "<title" not in panel for panel in others)


def test_many_curves_become_a_band_that_weighs_little(houses: Make):
    curve = tuple(1 / (1 + epoch) for epoch in range(200))
    many = tuple(Curve(fold, seed, curve, curve, best_epoch=200) for fold in range(5) for seed in range(20))
    (panel,) = svg_panels(drawings_of(houses(curves=LearningCurves("network", "loss", many)))["curves"])
    assert len(panel) < 30_000


def test_a_member_that_is_not_finite_is_drawn_and_counted(houses: Make):
    nan = float("nan")
    curves = (
        Curve(0, 0, (1.0, 0.5, nan), (1.0, 0.6, nan), outcome="nonfinite_loss"),
        Curve(1, 0, (1.0, 0.5, 0.4), (1.0, 0.6, 0.5), best_epoch=3),
    )
    drawing = drawings_of(houses(curves=LearningCurves("network", "loss", curves)))["curves"]
    assert "1 went out of the finite numbers" in drawing.finding
    assert not any("nan" in panel.lower() for panel in svg_panels(drawing))


def test_rows_above_500_are_counted_on_a_grid(houses: Make):
    import numpy as np

    from tenfold.report.error_facts import number_errors

    rng = np.random.default_rng(0)
    actual = rng.normal(size=5000)
    errors = number_errors(actual, actual + rng.normal(size=5000), np.arange(5000))
    (panel,) = svg_panels(drawings_of(houses(errors=errors))["predictions"])
    assert len(panel) < 60_000


def test_time_splits_show_training_before_what_is_scored(houses: Make):
    facts = houses()
    folds = (FoldRows(0, 100, 50, num_purged=10), FoldRows(1, 160, 50, num_purged=10))
    found = drawings_of(replace(facts, protocol=replace(facts.protocol, kind="time", folds=folds)))["split"]
    assert found.table.rows[0] == ("fold 1", "100", "50", "10")
    assert "only look forward" in found.finding


def test_figures_survive_one_fold_one_model_and_constant_numbers(houses: Make):
    facts = houses()
    flat = tuple(replace(model, score=Interval(1.0, 1.0, 1.0)) for model in facts.models)
    flat = tuple(replace(model, scores=model.scores[:1]) for model in flat)
    errors = NumberErrors(0.0, 0.0, 0.0, facts.errors.cells[:1], is_grid=False, tenths=facts.errors.tenths[:1])
    drawn = drawings_of(
        replace(
            facts,
            models=flat,
            errors=errors,
            sealed=None,
            capacity=replace(facts.capacity, rungs=facts.capacity.rungs[:1]),
            protocol=replace(facts.protocol, kind="hold_out", folds=facts.protocol.folds[:1], num_sealed=0),
        )
    )
    assert all(svg_panels(drawing) for drawing in drawn.values())
    assert "capacity" not in drawn


def test_the_users_own_settings_come_back(houses: Make):
    before = dict(mpl.rcParams)
    drawings_of(houses())
    with pytest.raises(ValueError, match="on purpose"), own_settings("test"):
        raise ValueError("on purpose")
    assert dict(mpl.rcParams) == before


def test_a_trial_without_a_finite_score_stands_last(houses: Make):
    facts = houses()
    nan = float("nan")
    broken = replace(facts.tuning.trials[0], score=Interval(nan, nan, nan))
    trials = (broken, *facts.tuning.trials[1:])
    drawing = drawings_of(replace(facts, tuning=replace(facts.tuning, trials=trials)))["tuning"]
    assert drawing.table.rows[0][0] == "17 (chosen)"
    assert drawing.table.rows[-1][:2] == ("0", "not known")
