"""A small table with its nested folds, for the tests of steps 6 and 7."""

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from tenfold.nested.rows import NestedRows, nest_rows
from tenfold.networks.ladder import Rung
from tenfold.networks.recipes import Recipe
from tenfold.problem.definition import define_problem
from tenfold.split.protocol import Protocol
from tenfold.split.splitter import RowSplitter

NUM_ROWS = 53


@dataclass(frozen=True)
class FewEpochs(NestedRows):
    """Nested rows whose members train for a few epochs, whatever their architecture."""

    epochs: int = 4

    def recipe_of(self, rung: Rung) -> Recipe:
        """Batches of eight rows, never stopped early."""
        del rung
        return Recipe(self.epochs, self.epochs, 8)


def table(kind: str) -> pd.DataFrame:
    """53 rows whose target follows from two of three columns."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(NUM_ROWS, 3))
    signal = x @ [2.0, -1.0, 0.0] + rng.normal(0, 0.1, NUM_ROWS)
    cuts = {"number": None, "two_classes": 2, "several_classes": 3}[kind]
    y = signal if cuts is None else pd.qcut(signal, cuts, labels=False).astype(str)
    return pd.DataFrame(x, columns=list("abc")).assign(y=y)


def nest(
    kind: str,
    *,
    num_folds: int = 3,
    num_repeats: int = 1,
    num_seeds: int = 2,
    epochs: int = 4,
    protocol: Protocol | None = None,
) -> NestedRows:
    """Three outer folds, two inner ones, a few epochs; or another protocol."""
    frame = table(kind)
    problem = define_problem(frame, "y")
    target = problem.encode(frame)
    splitter = RowSplitter(NUM_ROWS, problem.strata(target), 0)
    protocol = protocol or Protocol("k_fold", num_folds, num_repeats, 2, "")
    working = splitter.seal("data").working
    nested = nest_rows(frame[list("abc")], problem, target, splitter, working, protocol, num_seeds=num_seeds)
    return FewEpochs(**{one.name: getattr(nested, one.name) for one in fields(nested)}, epochs=epochs)
