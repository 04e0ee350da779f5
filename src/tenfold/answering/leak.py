"""A column that may give the answer away, and what is left without it.

The suspicion comes from the data alone (`prepare.suspects`). Because members are cheap, the network that was chosen is
trained once more without the suspects, on the same outer folds, and so is the best baseline: the reader gets the score
that may be used beside the one that may not.
"""

from collections.abc import Sequence

import numpy as np

from tenfold.answering.seven_steps import Taken
from tenfold.answering.workbench import Workbench
from tenfold.baselines.fitting import score_baseline
from tenfold.baselines.rivals import Baseline
from tenfold.evaluation.scoring import OuterRows, OuterScores
from tenfold.nested.training import train_candidates
from tenfold.prepare.suspects.suspect import Suspect
from tenfold.report.comparison import scored_model
from tenfold.report.evidence import Interval, Leak

__all__ = ["leak_facts"]


def leak_facts(
    bench: Workbench, taken: Taken, found: Sequence[Suspect], rival: Baseline, rows: OuterRows, scores: OuterScores
) -> Leak:
    """Score the chosen network and the best baseline without the suspects.

    Args:
        bench: Question, folder, listener.
        taken: What the steps left behind.
        found: At least one suspect, the worst first.
        rival: The best baseline.
        rows: What was scored together.
        scores: Of the network, with the suspects.

    Returns:
        The facts, told by the worst suspect.
    """
    question, names = bench.question, [one.column for one in found]
    nested = bench.nest(question.inputs.drop(columns=names))
    bench.note_look("outer", f"the chosen network without {', '.join(names)}", 2 * len(nested.outer))
    candidate = taken.tuned.chosen[nested.final].candidate
    results, _ = train_candidates(
        nested, [candidate], range(len(nested.outer)), name="without suspects", kept=bench.kept, progress=bench.progress
    )
    without = rows.score([one.predictions or () for one in results])
    network = scored_model(
        "network", "the network", "network", without.table, rows_ratio=rows.rows_ratio, redrawn=rows.is_redrawn,
        smallest_spread=without.smallest_spread, within=rows.measure.bounds,
    )  # fmt: skip
    baseline = score_baseline(rival, question.problem, rows.measure, nested.table, question.target, nested.outer)
    return Leak(
        ", ".join(names),
        alone=found[0].score,
        with_it=float(np.nanmean(scores.table)),
        without=Interval(network.score.value, network.score.low, network.score.high),
        rival_without=baseline.mean,
        evidence=found[0].sentence,
    )
