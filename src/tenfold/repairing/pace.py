"""How many rows a repair can afford in its time, by the pace of a first short training.

A candidate is worth trying only if many can be: the untouched program with all its seeds may take a twentieth of the
budget. Where all rows would take longer, candidates are chosen and judged on a random part of them, and the evidence
says on how many; the model that is given back has its numbers from all rows.
"""

import numpy as np

from tenfold.engine.member import Member
from tenfold.engine.network import Batch
from tenfold.engine.population import train_population
from tenfold.errors import ModelError
from tenfold.repairing.program import Program

__all__ = ["affordable_rows"]

SHARE = 0.05
"""Part of the budget for one program with all its seeds (arbitrary: some twenty programs)."""

FEWEST = 500
"""Rows that are always trained on, however long they take (arbitrary)."""

LIGHT = 200_000
"""Rows times epochs times seeds below which nothing is measured: seconds for any network (arbitrary)."""

STEPS, EPOCHS = 10, 2
"""Of the short training."""


def affordable_rows(program: Program, data: Batch, *, num_rows: int, seeds: int, seconds: float) -> int:
    """Rows that candidates can be trained on.

    Args:
        program: The untouched program.
        data: All rows.
        num_rows: How many there are.
        seeds: Paired trainings of each candidate.
        seconds: The budget of the repair.

    Returns:
        All of them where time allows, 500 at least.
    """
    fit = program.fit
    if num_rows * fit.epochs * seeds <= LIGHT:
        return num_rows
    rows = np.arange(min(num_rows, STEPS * fit.batch_size))
    try:
        short = train_population(
            program.build, data.x, data.y, [Member(rows)], epochs=EPOCHS, batch_size=fit.batch_size, fuse=False
        )
    except ModelError:  # what does not fit its targets is told when it is scored
        return num_rows
    seconds_a_row = short.run_seconds / (EPOCHS * len(rows))
    affordable = int(SHARE * seconds / max(seconds_a_row * fit.epochs * seeds, 1e-12))
    return int(np.clip(affordable, min(FEWEST, num_rows), num_rows))
