"""An examination as told and drawn."""

import numpy as np
import pytest

from legibility import stumbles, words_of
from tenfold.checks.facts import Contrast, Evidence, LayerSigns, ProbeFacts
from tenfold.checks.judging import Findings
from tenfold.errors import OptionError
from tenfold.views.probes import ProbeSeen, plot_probe, probe, sentence_of_probe


def way(name: str, error: float, *, held_out: bool = True) -> Contrast:
    """Three seeds around an error."""
    errors = error + np.array([-0.01, 0.0, 0.01])
    loss = np.full((3, 4), 0.5)
    return Contrast(name, loss, loss, errors, errors + 0.1 if held_out else np.full(3, np.nan), np.ones(3, bool))


def signs(name: str, gradient: float, dead: float = 0.0) -> LayerSigns:
    """Two moments: the last one counts."""
    line = np.array([[9.0, 1.0]] * 3)
    return LayerSigns(name, line * dead, line * np.nan, line * 0.3, line * gradient, line * 2, line * 1e-3)


def facts(
    *ways: Contrast, layers: tuple[LayerSigns, ...] = (signs("hidden", 1e-4, 0.5), signs("answer", 0.2))
) -> ProbeFacts:
    return ProbeFacts(
        4, 10, 1.0, 300, layers, {one.name: one for one in ways}, np.full(3, 0.7), 0.69, 0.5, np.ones((3, 2)),
        np.zeros(3), np.zeros(3, bool),
    )  # fmt: skip


PROBED = facts(way("as it is", 0.4), way("rate x 10", 0.05), way("rate x 0.1", 0.49))


def test_ways_stand_in_the_order_in_which_they_came_and_none_is_left_out():
    seen = ProbeSeen.of(PROBED)

    assert seen.ways == ("rate x 10", "as it is", "rate x 0.1")
    assert seen.came("rate x 10") == pytest.approx(1 - 0.15 / 0.5)
    assert seen.trained[1] == pytest.approx([0.22, 0.2, 0.18])


def test_layers_show_their_last_moment():
    seen = ProbeSeen.of(PROBED)

    assert seen.layers == ("hidden", "answer")
    assert dict(zip(seen.names, seen.signs[0], strict=True)) == pytest.approx(
        {"dead": 0.5, "saturated": np.nan, "spread": 0.3, "gradient": 1e-4, "update": 1e-3}, nan_ok=True
    )


def test_the_sentence_sets_the_network_beside_the_one_change_that_helps_most():
    assert probe(PROBED).sentence == (
        "As it is the network comes no further than guessing on rows not trained on; with one change (rate x 10) it "
        "comes 70% of the way"
    )


def test_where_no_change_helps_the_sentence_says_so():
    found = sentence_of_probe(ProbeSeen.of(facts(way("as it is", 0.1), way("longer", 0.09))))

    assert found == (
        "As it is the network comes 60% of the way from guessing to no error on rows not trained on; no single change "
        "that was tried brings it clearly further"
    )


def test_without_held_out_rows_its_own_rows_are_shown():
    found = sentence_of_probe(ProbeSeen.of(facts(way("as it is", 0.1, held_out=False))))

    assert found.startswith("As it is the network comes 80% of the way from guessing to no error on its own rows")


def test_findings_evidence_and_facts_show_the_same():
    evidence = Evidence(probe=PROBED)

    assert probe(evidence).sentence == probe(Findings((), {}, evidence)).sentence == probe(PROBED).sentence


def test_an_examination_without_a_probe_is_refused():
    with pytest.raises(OptionError, match="This examination has no probe training to show"):
        probe(Findings((), {}, Evidence()))


def test_anything_else_is_refused():
    with pytest.raises(OptionError, match=r"`found` holds no examination.*Received: list"):
        probe([1, 2])


def test_the_network_as_it_is_stands_out():
    figure = plot_probe(ProbeSeen.of(PROBED))
    bold = [word.get_text() for word in words_of(figure) if word.get_fontweight() == "bold"]

    assert bold == ["as it is"]


def test_nothing_lies_on_anything():
    many = [way("as it is", 0.4), *(way(f"scaled inputs and targets {number}", 0.3) for number in range(10))]
    layers = tuple(signs(f"conv2d_transpose_{number}", 10.0**-number) for number in range(12))

    assert stumbles(plot_probe(ProbeSeen.of(PROBED))) == []
    assert stumbles(plot_probe(ProbeSeen.of(facts(*many, layers=layers)))) == []


def test_a_probe_without_layers_shows_the_ways_alone():
    assert len(plot_probe(ProbeSeen.of(facts(way("as it is", 0.4), layers=()))).axes) == 1
