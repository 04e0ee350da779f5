"""A small table with its nested folds, for the tests of steps 6 and 7."""

import numpy as np
import pandas as pd

from tenfold.nested.rows import NestedRows, Recipe, nest_rows
from tenfold.problem import define_problem
from tenfold.split import Protocol, RowSplitter

NUM_ROWS = 53


def table(kind: str) -> pd.DataFrame:
    """53 rows whose target follows from two of three columns."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(NUM_ROWS, 3))
    signal = x @ [2.0, -1.0, 0.0] + rng.normal(0, 0.1, NUM_ROWS)
    cuts = {"number": None, "two_classes": 2, "several_classes": 3}[kind]
    y = signal if cuts is None else pd.qcut(signal, cuts, labels=False).astype(str)
    return pd.DataFrame(x, columns=list("abc")).assign(y=y)


def nest(kind: str, *, num_folds: int = 3, num_repeats: int = 1, num_seeds: int = 2, epochs: int = 4) -> NestedRows:
    """Three outer folds, two inner ones, a few epochs."""
    frame = table(kind)
    problem = define_problem(frame, "y")
    target = problem.encode(frame["y"])
    splitter = RowSplitter(NUM_ROWS, None if problem.is_number else target, 0)
    protocol = Protocol("k_fold", num_folds, num_repeats, 2, "")
    working = splitter.seal("data").working
    nested = nest_rows(frame[list("abc")], problem, target, splitter, working, protocol, num_seeds=num_seeds)
    recipe = Recipe(epochs, epochs, 8)
    return NestedRows(nested.problem, nested.table, nested.folds, nested.seeds, recipe, nested.seed)
