"""Which columns the network uses: how much worse it scores when one column's cells are shuffled among rows.

Asked are the members of the final network, each on the inner fold that it was not trained on. What a column becomes
(an input a level, a rank, a code) is shuffled together. Columns that say the same hide each other: shuffling one leaves
the other.

Source: Breiman (2001), Random forests, section 10; on held-out rows as in scikit-learn's `permutation_importance`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from tenfold.baselines.fitting import beside
from tenfold.measures.measure import Measure
from tenfold.nested.network import member_answers
from tenfold.nested.results import FoldResult
from tenfold.nested.rows import NestedRows
from tenfold.prepare.table import TablePreparation
from tenfold.problem.definition import EncodedTarget

__all__ = ["ColumnLosses", "column_losses"]

NUM_SHUFFLES = 3
"""Times that each column is shuffled (arbitrary; scikit-learn's default is 5)."""

MOST_ROWS = 2_000
"""Held-out rows of an inner fold that are asked at most: a sample is enough, and columns are many (arbitrary)."""

NUM_PARTS = 5
"""Parts in which the rows of a single inner fold are scored, to tell chance (as `scoring` does with a hold-out)."""


@dataclass(frozen=True)
class ColumnLosses:
    """What shuffling costs.

    Args:
        columns: Names of the columns in use.
        losses: Loss of score, positive = worse without the column, in the measure's unit: the mean over shuffles, and
            over seeds through their mean prediction; NaN where rows do not allow a score.
        rows_ratio: Scored rows per training row of a member.
    """

    columns: tuple[str, ...]
    losses: Float[np.ndarray, "column part"]
    rows_ratio: float


def column_losses(
    nested: NestedRows, chosen: FoldResult, measure: Measure, target: EncodedTarget, *, seed: int
) -> ColumnLosses:
    """Shuffle every column in turn.

    Args:
        nested: Folds and rows.
        chosen: What the fold of all working rows chose by its inner folds, with its members.
        measure: What is lost.
        target: Encoded target of all rows.
        seed: Of sample and shuffles.

    Returns:
        A line a column.
    """
    rng = np.random.default_rng([seed, *b"importance"])
    preparation = nested.table.preparations[nested.final]
    columns = tuple(column.name for column in preparation.columns)
    inner = nested.folds[nested.final].inner
    num_seeds = len(nested.seeds[nested.final])
    losses = []
    for place, (_, held_out) in enumerate(inner):
        rows = held_out if len(held_out) <= MOST_ROWS else np.sort(rng.choice(held_out, MOST_ROWS, replace=False))
        members = range(place * num_seeds, (place + 1) * num_seeds)
        asked = _Asked(nested, chosen, measure, target[rows], rows, members, place)
        parts = np.array_split(rng.permutation(len(rows)), NUM_PARTS if len(inner) == 1 else 1)
        whole = asked.scores(asked.arrays, parts)
        shuffled = [
            np.mean(
                [asked.scores(arrays, parts) for arrays in _shuffles(asked.arrays, preparation, nested, name, rng)], 0
            )
            for name in columns
        ]
        losses.append(
            [[measure.gain(before, after) for before, after in zip(whole, one, strict=True)] for one in shuffled]
        )
    train_rows, held_rows = len(inner[0][0]), len(inner[0][1])
    num_parts = NUM_PARTS if len(inner) == 1 else 1
    table = np.concatenate([np.array(one, np.float64).reshape(len(columns), num_parts) for one in losses], axis=1)
    return ColumnLosses(columns, table, held_rows / num_parts / train_rows)


@dataclass(frozen=True)
class _Asked:
    """Some members and the rows that they are asked about.

    Args:
        nested: Folds and rows.
        chosen: With the members.
        measure: Scores them.
        truth: Of the rows.
        rows: Positions in the table.
        members: Positions of the members, one a seed.
        inner: Their inner fold.
    """

    nested: NestedRows
    chosen: FoldResult
    measure: Measure
    truth: EncodedTarget
    rows: Int[np.ndarray, " row"]
    members: range
    inner: int

    @property
    def arrays(self) -> Mapping[str, np.ndarray]:
        """The rows as the final network's fold prepares them; what the network starts from follows from the others."""
        nested = self.nested
        lines = nested.table.rows(nested.final, self.rows)
        names = set(self.chosen.candidate.rung.arrays(nested.shape))
        if "start" in names:
            names = names - {"start"} | {"inputs"} | ({"terms", "weights"} if nested.starts[0].num_terms else set())
        return {name: array[lines] for name, array in nested.table.arrays(sorted(names)).items()}

    def scores(self, arrays: Mapping[str, np.ndarray], parts: list[np.ndarray]) -> list[float]:
        """The score of their mean answer in each part of the rows."""
        nested, names = self.nested, self.chosen.candidate.rung.arrays(self.nested.shape)
        if "start" in names:
            linear = nested.starts[1 + self.inner]
            bag = (arrays["terms"], arrays["weights"], linear.num_terms) if linear.num_terms else None
            arrays = {**arrays, "start": linear.answers(beside(arrays["inputs"], None, bag))}
        taken = {name: arrays[name] for name in names}
        answers = member_answers(nested, self.chosen, taken, self.members).mean(axis=0)
        prediction = nested.predictions(nested.final, answers)
        return [self.measure.score(self.truth[part], prediction[part]) for part in parts]


def _shuffles(
    arrays: Mapping[str, np.ndarray],
    preparation: TablePreparation,
    nested: NestedRows,
    name: str,
    rng: np.random.Generator,
) -> Iterator[Mapping[str, np.ndarray]]:
    """The arrays with everything that one column became in another order of rows, several times."""
    column = next(one for one in preparation.columns if one.name == name)
    own = {
        "inputs": _among(column.input_names, nested.table.input_names),
        "ranks": _among(getattr(column, "rank_names", ()), nested.table.rank_names),
        "codes": _among((name,) if name in preparation.code_names else (), nested.table.code_names),
        "terms": preparation.bag_places(name),
        "weights": preparation.bag_places(name),
        "tokens": preparation.word_places(name),
    }
    for _ in range(NUM_SHUFFLES):
        order = rng.permutation(len(next(iter(arrays.values()))))
        shuffled = {}
        for kind, array in arrays.items():
            if kind in nested.table.lookups:
                shuffled[kind] = array[order] if kind == getattr(column, "array", "") else array
                continue
            shuffled[kind] = array.copy()
            shuffled[kind][:, own[kind]] = array[order][:, own[kind]]
        yield shuffled


def _among(names: Sequence[str], everywhere: Sequence[str]) -> list[int]:
    return [everywhere.index(one) for one in names]
