"""The checks of the network that a run ends with.

It is judged as it starts, on the rows as they are prepared for it, and as its members trained on the inner folds.
Nothing is trained for it. What they find stands in the report beside what is strange about the columns.
"""

from collections.abc import Sequence

import jax
import numpy as np

from tenfold.checks.facts import HistoryFacts
from tenfold.checks.judging import Findings
from tenfold.checks.trainings import findings_of
from tenfold.engine.arrays import first_rows, to_arrays
from tenfold.engine.member import Member
from tenfold.engine.network import Network
from tenfold.engine.starts import deferring_initializers, member_states
from tenfold.nested.origins import levels_of
from tenfold.nested.results import FoldResult
from tenfold.nested.rows import NestedRows
from tenfold.nested.training import network_of, network_targets
from tenfold.networks.inner_loss import inner_loss_name
from tenfold.observation.watching import watched
from tenfold.prepare.suspects.suspect import CODES

__all__ = ["final_network_findings"]


MOST_WINDOWS = 5_000
"""Forecasts by which a network is judged (arbitrary, as of the rows by which columns are)."""


def final_network_findings(nested: NestedRows, chosen: FoldResult, mute: Sequence[str] = ()) -> Findings:
    """Judge the network that the fold of all working rows has chosen.

    Args:
        nested: Folds and rows.
        chosen: What that fold chose, with its members.
        mute: Codes of checks and kinds of fault to leave out; codes of columns are not meant here.
    """
    logged, chosen = chosen, chosen.before or chosen  # of a fine-tuned network the head: its base was built by others
    rung, rows = chosen.candidate.rung, nested.folds[nested.final].train_rows
    if levels_of(nested):  # windows are laid out for it: a sample will do
        rows = rows[:: max(1, len(rows) // MOST_WINDOWS)]
    recipe = nested.recipe_of(rung)
    targets = network_targets(nested)[nested.table.rows(nested.final, rows)]
    data = to_arrays(nested.inputs_of(rung, nested.final, rows), targets)
    build, some = network_of(nested, chosen.candidate), first_rows(data, min(recipe.batch_size, len(rows)))
    with deferring_initializers():
        network = Network(build(), some)
    starts = member_states(build, network, [Member(rows, seed=chosen.seeds[0])], nested.seed, some)
    seen = watched(
        network, data, start=jax.tree.map(lambda leaf: leaf[0], starts), epochs=recipe.epochs,
        batch_size=recipe.batch_size,
    )  # fmt: skip
    muted = [one for one in mute if one not in CODES.values()]
    if levels_of(
        nested
    ):  # a forecast starts from answers in units of the ridge's error, however far the series has risen
        muted += ["TF201", "TF203"]
    return findings_of(seen, _history(nested, logged, nested.recipe_of(logged.candidate.rung).epochs), muted)


def _history(nested: NestedRows, chosen: FoldResult, epochs: int) -> HistoryFacts | None:
    """What the members logged; each keeps the weights of its best epoch."""
    members, judged_by = chosen.members, inner_loss_name(nested.problem)
    if members is None:
        return None
    of_training = judged_by.removeprefix("val_")
    logs = {"loss": members.history[of_training], "val_loss": members.history[judged_by]}
    lines = {name: np.asarray(line, float) for name, line in logs.items()}
    return HistoryFacts(lines, epochs, members.outcomes, keeps_best=True)
