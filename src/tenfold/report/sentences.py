"""The verdict in words: one headline a code, then what was measured, with interval, unit and no-skill value.

The grammar is that of graded evidence: the rule that holds chooses the verb, the interval stands beside every
difference, and no sentence says more than the rows can carry.

Source: GRADE guideline 26 (Santesso et al. 2020, J Clin Epidemiol 119); equivalence only with a stated smallest
difference that matters, as in Herbold (2020), Autorank, JOSS 5(48).
"""

import math
from collections.abc import Callable, Mapping

from tenfold.report.evidence import Leak
from tenfold.report.facts import Facts, VerdictCode
from tenfold.report.numbers import duration
from tenfold.report.phrases import Phrases, target_of
from tenfold.report.standing import FEWEST_IN_A_CLASS, FEWEST_ROWS, Standing, num_scored_rows
from tenfold.report.words import counted, is_plural, listed, named, opening

__all__ = ["headline_of", "sentences_of"]


def headline_of(code: VerdictCode, facts: Facts, standing: Standing | None) -> str:
    """The one sentence that a reader with ten seconds takes home."""
    if code == "unfinished" or standing is None:
        return f"This run is not finished: step {facts.run.step} of 7."
    if code == "leak" and facts.leak is not None:
        return f"Do not use this score yet: {named(facts.leak.column)} may give the answer away."
    target, rival = target_of(facts), standing.baseline.words
    predicts = "finds" if facts.measure.key == "average_precision" else "predicts"
    if facts.forecast is not None:
        return _headline_of_forecast(code, f"{target} {facts.forecast.horizon} ahead", standing)
    headlines: Mapping[str, str] = {
        "nothing": f"Nothing here predicts {target} better than {standing.guess.words}.",
        "too_little": "Too little data to tell.",
        "disagrees": "The sealed rows disagree with the folds.",
        "worse": f"No network here beats {rival}.",
        "same": f"The network is as good as {rival}, not better.",
        "unclear": f"The network and {rival} cannot be told apart on this data.",
        "beats_little": f"The network {predicts} {target} slightly better than {rival}.",
        "beats": f"The network {predicts} {target} better than {rival}.",
    }
    return headlines[code]


def _headline_of_forecast(code: VerdictCode, target: str, standing: Standing) -> str:
    """The same for a forecast: who is nearer, so far ahead; a rule without any model may be."""
    rival, guess = standing.baseline.words, standing.guess.words
    forecasts = "forecast" if is_plural(rival) else "forecasts"
    headlines: Mapping[str, str] = {
        "nothing": f"Nothing here forecasts {target} better than {guess}.",
        "too_little": "Too little data to tell.",
        "disagrees": "The sealed rows disagree with the folds.",
        "worse": f"{opening(rival)} {forecasts} {target} better than the network.",
        "same": f"The network is as good as {rival} at {target}, not better.",
        "unclear": f"The network and {rival} cannot be told apart at {target}.",
        "beats_little": f"The network forecasts {target} slightly better than {rival}.",
        "beats": f"The network forecasts {target} better than {rival}.",
    }
    return headlines[code]


def sentences_of(code: VerdictCode, facts: Facts, standing: Standing | None) -> tuple[str, ...]:
    """What was measured, in the order in which a reader needs it."""
    if code == "unfinished" or standing is None:
        return tuple(_unfinished(facts))
    say = Phrases(facts, standing)
    if code == "leak" and facts.leak is not None:
        return tuple(filter(None, _leak(say, facts.leak)))
    writers: Mapping[str, Callable[[Phrases], list[str]]] = {
        "nothing": _nothing,
        "too_little": _too_little,
        "disagrees": _disagrees,
        "worse": _worse,
        "same": _same,
        "unclear": _unclear,
        "beats_little": _beats_little,
        "beats": _beats,
    }
    return tuple(filter(None, writers[code](say)))


def _unfinished(facts: Facts) -> list[str]:
    kept = f" {opening(counted(facts.work.num_networks, 'network'))} are kept." if facts.work else ""
    stopped = f"It stopped after {duration(facts.run.seconds)}.{kept}"
    sealed = "The sealed rows were not looked at." if facts.protocol and facts.sealed is None else ""
    return [sentence for sentence in (stopped, sealed) if sentence]


def _leak(say: Phrases, leak: Leak) -> list[str]:
    """The score that may be used first, the one that may not after the evidence against it."""
    rival = leak.rival_without
    against = f", {say.standing.baseline.words} {say.score(rival)}" if not math.isnan(rival) else ""
    interval = say.interval(leak.without, first=True)
    measured = interval if say.is_error else interval.replace("(", f"({say.facts.measure.short}; ", 1)
    score = f"{say.score(leak.without.value)} {measured}{against}"
    without = f"Without it the network {'is off by' if say.is_error else 'scores'} {score}."
    if math.isnan(leak.without.value):
        without = "What the network scores without it was not worked out."
    with_it = f"With it the network {say.reaches(leak.with_it)}"
    closed = "The sealed rows stay closed." if say.facts.sealed is None else ""
    alone = "" if math.isnan(leak.alone) else f"; that one column alone {_reaches_alone(say, leak.alone)}"
    return [without, leak.evidence, f"{with_it}{alone}.", closed]


def _reaches_alone(say: Phrases, value: float) -> str:
    return say.reaches(value) if say.is_error else f"reaches {say.score(value)}"


def _nothing(say: Phrases) -> list[str]:
    standing = say.standing
    others = [model for model in say.facts.models if model is not standing.guess]
    distance = max(abs(model.score.value - standing.guess.score.value) for model in others)
    lie = {1: "lies", 2: "both lie"}.get(len(others), "all lie")
    ceiling = standing.gain.interval.high
    ruled_out = f"a gain above {say.difference(ceiling)}" if ceiling > 0 else "any gain"
    guess = f"{say.facts.measure.short} {say.score(standing.guess.score.value)}"
    names = opening(listed([model.words for model in others]))
    return [
        f"{names} {lie} within {say.difference(distance)} of it ({guess}), and the interval rules out {ruled_out}.",
        "The columns do not tell; more training will not help.",
    ]


def _too_little(say: Phrases) -> list[str]:
    standing, score = say.standing, say.standing.network.score
    between = f"somewhere between {say.score(score.low)} and {say.score(score.high)}"
    guess, baseline = standing.guess, standing.baseline
    others = f"{guess.words} {say.reaches(guess.score.value)}"
    if baseline is not guess:
        others += f" and {baseline.words} {say.score(baseline.score.value)}"
    closed = "The sealed rows stay closed." if say.facts.sealed is None else ""
    network = f"The network {say.reaches(score.value)}, {between}; {others}."
    return [_amount(say.facts), network, _why_too_little(say), closed]


def _amount(facts: Facts) -> str:
    num_rows = num_scored_rows(facts)
    if not facts.problem.class_counts or facts.problem.kind == "several_labels":
        return f"{counted(num_rows, 'row')}."
    fewest = min(facts.problem.class_counts)
    label = facts.problem.classes[facts.problem.class_counts.index(fewest)]
    return f"{counted(num_rows, 'row')}, {fewest:,} of class {named(label)}."


def _why_too_little(say: Phrases) -> str:
    score, guess = say.standing.network.score, say.standing.guess.score.value
    if score.low <= guess <= score.high:
        return "The range contains guessing, so a ranking here would be chance."
    if say.standing.gain.interval.low <= 0:
        gain = say.standing.gain.interval
        by = f"{say.difference(gain.low)} worse to {say.difference(gain.high)} better"
        return f"Paired with guessing it could be anything from {by}, so a ranking here would be chance."
    return f"Fewer than {FEWEST_ROWS} rows, or {FEWEST_IN_A_CLASS} of a class, carry no ranking."


def _disagrees(say: Phrases) -> list[str]:
    found = say.facts.sealed
    if found is None:
        return []
    fewer_rows = f"expecting {say.expected(found)} on {counted(found.num_rows, 'new row')}"
    folds = (
        f"Folds: {say.score(say.standing.network.score.value)}, {fewer_rows}; sealed rows: {say.score(found.score)}."
    )
    is_time = say.facts.protocol is not None and say.facts.protocol.time is not None
    differ = "differ (they are later)" if is_time else "differ"
    chance = f"One run in twenty does this by chance; otherwise the sealed rows {differ}"
    leaked = "or something leaked inside the folds."
    return [folds, f"{chance} {leaked}", f"Until explained, count on {say.score(_less_kind(say, found.score))}."]


def _less_kind(say: Phrases, sealed: float) -> float:
    pick = max if say.facts.measure.better == "lower" else min
    return pick(sealed, say.standing.network.score.value)


def _worse(say: Phrases) -> list[str]:
    standing, work = say.standing, say.facts.work
    settings = work.num_settings if work else 0
    best = f"The best of {settings} settings" if settings > 1 else "The network"
    network = f"{best} {say.reaches(standing.network.score.value)} {say.interval(standing.network.score, first=True)}"
    rival = f"{standing.baseline.words} {'by ' if say.is_error else ''}{say.score(standing.baseline.score.value)}"
    lost = standing.against_baseline.interval
    by = f"{say.difference(lost.value)} ({standing.difference_form.span(-lost.high, -lost.low)})"
    return [f"{network}, {rival}: worse by {by}.", _size_was(say.facts), say.sealed(), say.rows(), say.guess()]


def _size_was(facts: Facts) -> str:
    begin = "This is a result, not a failure of the run"
    if facts.capacity is None:
        return f"{begin}."
    if facts.capacity.overfits_from:
        return f"{begin}: the networks did overfit (step 6), so size was not the limit."
    return f"{begin}; but no size tried did overfit (step 6), so a larger network may do better."


def _same(say: Phrases) -> list[str]:
    inside = f"lies inside the {say.stated(say.facts.measure.matters or 0.0)} that matters to you"
    return [
        f"{say.both_scores()}; the difference, {say.worse_to_better()}, {inside}.",
        say.against_guess(),
        say.sealed(),
        say.rows(),
    ]


def _unclear(say: Phrases) -> list[str]:
    found = say.standing.against_baseline.interval
    if found.low == found.high == 0:
        return [
            f"{say.both_scores()}; they score the same in every fold.",
            say.against_guess(),
            say.sealed(),
            say.rows(),
        ]
    return [f"{say.both_scores()}.", f"{say.ahead()}.", say.seed_noise(), say.against_guess(), say.sealed(), say.rows()]


def _beats(say: Phrases) -> list[str]:
    return [say.scores(), say.better_by(), say.sealed("it"), say.rows(), say.guess()]


def _beats_little(say: Phrases) -> list[str]:
    matters = say.facts.measure.matters
    small = f"That is less than the {say.stated(matters)} that matters to you." if matters else say.seed_noise()
    return [say.scores(), say.better_by(), small, say.sealed("it"), say.rows(), say.guess()]
