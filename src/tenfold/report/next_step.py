"""What to do next: one sentence after each verdict, with the command where one helps."""

import shlex

from tenfold.intervals import rows_needed
from tenfold.report.facts import Facts, VerdictCode
from tenfold.report.numbers import rounded
from tenfold.report.phrases import Phrases, target_of
from tenfold.report.standing import FEWEST_IN_A_CLASS, FEWEST_ROWS, Standing, num_scored_rows
from tenfold.report.words import named

__all__ = ["next_step", "predict_command"]

MANY_TIMES = 10
"""Beyond this many times the rows, the number itself helps nobody. From the plan; arbitrary."""


def predict_command(facts: Facts) -> str:
    """The command that uses the finished run on new rows."""
    file = facts.run.source.file.replace("\\", "/").rsplit("/", 1)[-1]
    if "." not in file:  # an example or a frame has no suffix, nor has a folder
        file += "/" if _reads_photos(facts) else ".csv"
    run = facts.paths.run if facts.paths else facts.run.name
    return f"tenfold predict {shlex.quote(run)} {shlex.quote('new_' + file)}"


def _reads_photos(facts: Facts) -> bool:
    return facts.preparation is not None and any(one.kind == "photo" for one in facts.preparation.columns)


def next_step(code: VerdictCode, facts: Facts, standing: Standing | None) -> str:
    """What to do next, a sentence in lower case that ends with a full stop; commands in backticks."""
    if code == "unfinished" or standing is None:
        return f"the same command continues: `{facts.run.command}`."
    say = Phrases(facts, standing)
    baseline = f"use {standing.baseline.words}{say.takes(standing.baseline)}"
    saved = f"; saved in `{facts.paths.baseline}`" if facts.paths and facts.paths.baseline else ""
    predict = f"`{predict_command(facts)}`"
    column = facts.leak.column if facts.leak else ""
    steps: dict[VerdictCode, str] = {
        "leak": f"if {named(column)} is known at the time of prediction, say so with `--allow {shlex.quote(column)}`; "
        f"else `--drop {shlex.quote(column)}`.",
        "nothing": f"look for columns that have to do with {target_of(facts)}.",
        "too_little": f"{_more_rows(facts, standing)}. The model is saved, unranked.",
        "disagrees": "compare the sealed rows with the others before the model is used.",
        "worse": f"{baseline}{saved}.",
        "same": f"{baseline}{saved}.",
        "unclear": f"{baseline}; {_rows_to_settle(facts, standing)}.",
        "beats_little": f"{predict}; or {baseline}, if so little does not matter.",
        "beats": f"{predict}.",
    }
    return steps[code]


def _rows_to_settle(facts: Facts, standing: Standing) -> str:
    times = _times_the_rows(standing.against_baseline.interval.low, standing.against_baseline.interval.high)
    if times > MANY_TIMES:
        return f"a difference this small would need more than {MANY_TIMES} times as many rows to settle"
    return f"about {rounded(times * num_scored_rows(facts))} rows would settle a difference of this size"


def _more_rows(facts: Facts, standing: Standing) -> str:
    times = _times_the_rows(standing.gain.interval.low, standing.gain.interval.high)
    smallest = min(facts.problem.class_counts, default=0)
    times = max(times, FEWEST_ROWS / num_scored_rows(facts), FEWEST_IN_A_CLASS / smallest if smallest else 0.0)
    if not times <= MANY_TIMES or standing.gain.interval.value <= 0:
        return "collect more rows"
    rows = f"about {rounded(times * num_scored_rows(facts))} rows"
    if smallest:
        label = facts.problem.classes[facts.problem.class_counts.index(smallest)]
        rows += f" ({rounded(times * smallest)} of {named(label)})"
    return f"{rows} would tell it from guessing"


def _times_the_rows(low: float, high: float) -> float:
    return rows_needed(1, (high - low) / 2, (high + low) / 2)
