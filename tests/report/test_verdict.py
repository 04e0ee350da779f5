"""One constructed run for each code, its sentences beside the plan's; the order of the rules; words never used."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from constructed_facts import FORECAST
from tenfold.report.evidence import Difference, Interval, Leak, SealedResult
from tenfold.report.facts import Facts
from tenfold.report.standing import standing_of
from tenfold.report.verdict import decide, may_open_sealed_rows, verdict_code, with_verdict

Make = Callable[..., Facts]
Each = dict[str, Facts]
Golden = Callable[[str, str], None]
Against = Callable[..., tuple[Difference, ...]]

FORBIDDEN = re.compile(
    r"significan|accurate|\bbest(?! of \d+ settings)|\bprove|state of the art|confidence|!", re.IGNORECASE
)


def _text(facts: Facts) -> str:
    verdict = decide(facts)
    return "\n".join([verdict.headline, *verdict.sentences, f"Next: {verdict.next}", verdict.trust])


def test_each_code_has_its_constructed_run(each_code: Each):
    assert {code: verdict_code(facts) for code, facts in each_code.items()} == {code: code for code in each_code}
    assert len(each_code) == 10


def test_the_sentences_of_each_code(each_code: Each, golden: Golden):
    golden("verdicts.txt", "\n\n".join(f"[{code}]\n{_text(facts)}" for code, facts in each_code.items()) + "\n")


def test_the_sentences_of_a_ranking_measure(churn: Make, golden: Golden):
    golden("verdict_of_classes.txt", _text(churn()) + "\n")


def test_forbidden_words_are_in_no_verdict(each_code: Each, churn: Make):
    for facts in (*each_code.values(), churn()):
        assert not FORBIDDEN.search(_text(facts)), _text(facts)


def test_every_sentence_ends_with_one_full_stop_and_has_no_hole(each_code: Each):
    for facts in each_code.values():
        for sentence in (decide(facts).headline, *decide(facts).sentences, decide(facts).next):
            assert re.search(r"[^.]\.$", sentence), sentence
            assert not re.search(r"nan|None|not known|  | \.|\(\)", sentence), sentence


def test_every_verdict_on_numbers_names_what_a_guess_scores(each_code: Each):
    for code in set(each_code) - {"unfinished", "leak", "disagrees"}:
        assert re.search(r"6\.64|0\.1?2|0\.50", _text(each_code[code])), code


def test_a_leak_goes_before_every_other_rule(each_code: Each):
    leak = Leak("boat", 0.9, 0.98, Interval(0.87, 0.84, 0.90))
    for code in set(each_code) - {"unfinished"}:
        assert verdict_code(replace(each_code[code], leak=leak)) == "leak"


def test_the_sealed_rows_stay_closed_for_what_does_not_deserve_a_look(each_code: Each):
    closed = {code for code, facts in each_code.items() if not may_open_sealed_rows(facts)}
    assert closed == {"unfinished", "leak", "too_little"}


def test_sealed_rows_that_disagree_hide_neither_nothing_nor_too_little(each_code: Each):
    sealed = SealedResult(101, 99.0, Interval(2.31, 1.86, 2.76))
    for code in ("nothing", "too_little"):
        assert verdict_code(replace(each_code[code], sealed=sealed)) == code


@pytest.mark.parametrize(
    ("score", "expected"), [(1.85, "disagrees"), (1.86, "beats"), (2.76, "beats"), (2.77, "disagrees")]
)
def test_the_expected_range_holds_its_ends(houses: Make, score: float, expected: str):
    assert verdict_code(houses(sealed=SealedResult(101, score, Interval(2.31, 1.86, 2.76)))) == expected


def test_until_explained_count_on_the_less_kind_number(houses: Make):
    lucky = houses(sealed=SealedResult(101, 1.2, Interval(2.31, 1.86, 2.76)))
    assert decide(lucky).sentences[-1] == "Until explained, count on 2.31."


@pytest.mark.parametrize(
    ("interval", "matters", "code"),
    [
        ((0.27, 0.08, 0.46), None, "beats"),
        ((0.09, 0.02, 0.16), None, "beats_little"),  # below the spread from seed to seed, 0.10
        ((0.27, 0.08, 0.46), 0.3, "beats_little"),
        ((0.27, 0.08, 0.46), 0.2, "beats"),
        ((0.27, 0.0, 0.54), None, "unclear"),
        ((-0.27, -0.54, 0.0), None, "unclear"),
        ((-0.27, -0.54, -0.01), None, "worse"),
        ((0.0, -0.05, 0.05), None, "unclear"),  # equal only with a stated difference that matters
        ((0.0, -0.05, 0.05), 0.1, "same"),
        ((0.05, 0.02, 0.08), 0.1, "same"),
        ((-0.05, -0.08, -0.02), 0.1, "worse"),
        ((float("nan"), float("nan"), float("nan")), None, "unclear"),
    ],
)
def test_the_interval_of_the_paired_difference_decides(
    houses: Make, against: Against, interval: tuple[float, float, float], matters: float | None, code: str
):
    facts = houses()
    changed = houses(
        differences=against(facts, {"boosted trees": interval}), measure=replace(facts.measure, matters=matters)
    )
    assert verdict_code(changed) == code


def test_no_interval_against_the_guess_is_too_little(houses: Make, against: Against):
    nan = float("nan")
    assert verdict_code(houses(differences=against(houses(), {"mean": (nan, nan, nan)}))) == "too_little"


@pytest.mark.parametrize(
    ("rows", "smallest", "code"), [(29, 12, "too_little"), (30, 12, "beats"), (30, 9, "too_little")]
)
def test_fewer_than_30_rows_or_10_of_a_class_are_not_ranked(churn: Make, rows: int, smallest: int, code: str):
    facts = churn()
    changed = churn(
        protocol=replace(facts.protocol, num_working=rows), problem=replace(facts.problem, class_counts=(20, smallest))
    )
    assert verdict_code(changed) == code


def test_a_run_without_models_is_not_finished(houses: Make):
    assert verdict_code(houses(models=(), differences=())) == "unfinished"


def test_singular_and_plural(houses: Make):
    facts = houses()
    one = replace(
        facts,
        protocol=replace(facts.protocol, num_sealed=1),
        work=replace(facts.work, num_networks=1, num_settings=1),
        sealed=SealedResult(1, 2.4, Interval(2.31, 1.86, 2.76)),
    )
    assert decide(one).trust.startswith("405 rows worked on, 1 sealed · 1 network trained, 1 setting tried")
    assert "On 1 sealed row, looked at once, it was off by 2.40" in _text(one)


def test_several_looks_are_counted_and_their_price_said(houses: Make):
    facts = houses()
    often = replace(facts, protocol=replace(facts.protocol, sealed_looks=3, sealed_runs=3))
    assert "these sealed rows: 3 looks by 3 runs: each further look flatters the number" in decide(often).trust
    assert "On 101 sealed rows, looked at 3 times, it was off" in _text(often)


def test_a_target_without_a_known_unit_says_so(houses: Make):
    text = _text(houses(problem=replace(houses().problem, unit="")))
    assert "off by 2.31 on average (in the unit of `price`; 95 % interval 2.05 to 2.57)" in text


def _scaled(facts: Facts, factor: float) -> Facts:
    def scale(found: Interval) -> Interval:
        return Interval(found.value * factor, found.low * factor, found.high * factor)

    return replace(
        facts,
        models=tuple(replace(one, score=scale(one.score)) for one in facts.models),
        differences=tuple(replace(one, interval=scale(one.interval)) for one in facts.differences),
        sealed=None,
        errors=None,
    )


@pytest.mark.parametrize(
    ("factor", "scores", "gain"),
    [
        (
            1e-6,
            "off by 2.31e-06 on average (thousand dollars; 95 % interval 2.05e-06 to 2.57e-06)",
            "by 2.7e-07 (8e-08",
        ),
        (1e5, "off by 231,000 on average (thousand dollars; 95 % interval 205,000 to 257,000)", "by 27,000 (8,000 to"),
    ],
)
def test_tiny_and_huge_targets(houses: Make, factor: float, scores: str, gain: str):
    text = _text(_scaled(houses(), factor))
    assert scores in text
    assert gain in text


def test_scores_in_percent_differ_by_points(churn: Make):
    facts = churn(sealed=SealedResult(400, 0.4, Interval(0.41, 0.31, 0.51)))
    measure = replace(facts.measure, key="accuracy", name="accuracy", as_percent=True, no_skill=float("nan"))
    text = _text(replace(facts, measure=measure))
    assert "Accuracy 41 % (95 % interval 36 to 46) against 35 %; always guessing `no` would give 12 %." in text
    assert "better by 6 points (2 to 10)" in text
    assert "it scored 40 %; the folds had predicted 31 to 51" in text
    assert re.search(r"It names the right class for [\d,]+ of 1,600 rows \(\d\d %\)", text)


def test_a_score_that_may_be_negative(churn: Make):
    """Such as R2 or a log score: signs stay as the measure has them."""
    facts = _scaled(churn(), -1.0)
    facts = replace(facts, models=tuple(one for one in facts.models if one.name != "boosted trees"))
    turned = replace(facts, measure=replace(facts.measure, key="r2", name="R2", no_skill=0.0))
    assert "scores -0.41" in _text(replace(turned, leak=Leak("x", -0.4, -0.41, Interval(-0.5, -0.6, -0.4))))


def test_a_name_of_a_stranger_stays_one_name_on_one_line(houses: Make):
    facts = houses(problem=replace(houses().problem, target="a`b\n<script>" + "x" * 300))
    assert (
        decide(facts).headline
        == "The network predicts `a'b <script>" + "x" * 27 + "…` better than gradient-boosted trees."
    )


def test_the_verdict_carries_the_numbers_behind_its_words(houses: Make):
    verdict = with_verdict(houses()).verdict
    assert (verdict.score, verdict.baseline) == (Interval(2.31, 2.05, 2.57), "boosted trees")
    assert (verdict.difference, verdict.pairs_won, verdict.num_pairs) == (Interval(0.27, 0.08, 0.46), 14, 15)


def test_facts_with_a_verdict_survive_a_round_trip(each_code: Each):
    for facts in each_code.values():
        full = with_verdict(facts)
        assert Facts.from_json(full.to_json()).to_json() == full.to_json()
        assert decide(Facts.from_json(full.to_json())) == full.verdict


def test_with_one_seed_the_pairs_are_folds(houses: Make):
    facts = houses()
    one_seed = tuple(member for member in facts.models[0].scores if member.seed == 0)
    found = replace(facts.differences[0], pairs_won=4, num_pairs=5)
    alone = replace(
        facts,
        models=(replace(facts.models[0], scores=one_seed), *facts.models[1:]),
        differences=(found, *facts.differences[1:]),
    )
    assert "better by 0.27 (0.08 to 0.46), in 4 of 5 folds." in _text(alone)


def test_two_models_with_the_same_score_everywhere_are_said_to_have_it(houses: Make, against: Against):
    text = _text(houses(differences=against(houses(), {"boosted trees": (0.0, 0.0, 0.0)})))
    assert "they score the same in every fold." in text
    assert "0.00 better" not in text


@pytest.mark.parametrize(
    ("interval", "headline"),
    [
        ((0.27, 0.08, 0.46), "The network forecasts `price` 1 day ahead better than gradient-boosted trees."),
        ((-0.27, -0.54, -0.01), "Gradient-boosted trees forecast `price` 1 day ahead better than the network."),
        ((-0.1, -0.5, 0.3), "The network and gradient-boosted trees cannot be told apart at `price` 1 day ahead."),
    ],
)
def test_a_forecast_says_how_far_ahead_and_who_is_nearer(
    houses: Make, against: Against, interval: tuple[float, float, float], headline: str
):
    facts = houses(differences=against(houses(), {"boosted trees": interval}), forecast=FORECAST)
    assert decide(facts).headline == headline


def test_a_rule_without_a_model_may_win_a_forecast(houses: Make, against: Against):
    facts = houses(differences=against(houses(), {"boosted trees": (-0.27, -0.54, -0.01)}), forecast=FORECAST)
    words = "the last value with the mean change over a season"
    models = tuple(replace(one, words=words) if one.name == "boosted trees" else one for one in facts.models)
    expected = (
        "The last value with the mean change over a season forecasts `price` 1 day ahead better than the network."
    )
    assert decide(replace(facts, models=models)).headline == expected


def test_pairs_of_a_forecast_are_stretches_of_time(houses: Make):
    facts = houses(forecast=FORECAST)
    one_seed = tuple(member for member in facts.models[0].scores if member.seed == 0)
    alone = replace(facts, models=(replace(facts.models[0], scores=one_seed), *facts.models[1:]))
    assert standing_of(facts).pair == "stretch-and-seed pair"
    assert standing_of(alone).won.endswith(" stretches of time")
