"""One table for a whole population: the prepared rows of every fold stacked in blocks.

Preparation differs from fold to fold, because it is fitted on the fold's own training rows. The engine keeps one array
of each kind (inputs, ranks, codes): block `b` holds all rows as fold `b` prepares them, and a member's rows point into
its fold's block. Columns are aligned by name; where a fold lacks one (a level that its training rows do not have) its
block holds zeros. Each array is made once, in its final place and in single precision: 100,000 rows of 50 columns are
20 MB a block, and no second copy of a stack ever stands in memory.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass

import numpy as np
import pandas as pd
from jaxtyping import Float, Int, Num

from tenfold.data.word_vectors import WordVectors
from tenfold.lookup import Lookup
from tenfold.prepare.laid_texts import TextSizes, vectors_of_codes
from tenfold.prepare.looked_up import stack_lookups
from tenfold.prepare.pictures import photo_features
from tenfold.prepare.table import TablePreparation
from tenfold.prepare.target import TargetScale
from tenfold.prepare.tokens import TextWays
from tenfold.problem.definition import EncodedTarget, Problem
from tenfold.shapes import Codes, Ranks, Rows, Table

__all__ = ["PHOTO_FEATURES", "FoldedTable", "align_inputs", "fold_table"]

NO_WAYS = TextWays()

PHOTO_FEATURES = "photo_features"
"""Name among the lookups; no network takes it."""


@dataclass(frozen=True)
class FoldedTable:
    """Prepared rows of several folds, one block a fold.

    Args:
        inputs: Blocks of `num_rows` lines, one below the other.
        ranks: The same for the ranks of numbers, from 0 to 1.
        codes: The same for columns of very many levels.
        terms: The same for the terms of texts; a block has its own vocabulary.
        weights: What each of them weighs.
        tokens: The same for the words of texts in their order.
        lookups: Photos, which all blocks share, and what simple models see of them (`prepare.pictures`); windows of
            series, scaled as the block's training rows say.
        start: What a linear model answers, for networks that start from it; no columns where there is none.
        targets: Numbers, scaled as the block's training rows say, or positions of classes; a line a row for several.
        input_names: Of the columns of `inputs`.
        rank_names: Of the columns of `ranks`.
        code_names: Of the columns of `codes`.
        code_sizes: Different codes of each, 0 included: the most that a fold has.
        text_sizes: What texts offer: the most that a fold has.
        num_rows: Rows of the table, and lines of a block.
        preparations: One a block.
        scales: One a block.
        vectors: Where embeddings of words start, a line a code of `tokens`; None where no file brings any.
    """

    inputs: Table
    ranks: Ranks
    codes: Codes
    terms: Int[np.ndarray, "line place"]
    weights: Float[np.ndarray, "line place"]
    tokens: Int[np.ndarray, "line word"]
    lookups: Mapping[str, Lookup]
    start: Float[np.ndarray, "line output"]
    targets: EncodedTarget
    input_names: tuple[str, ...]
    rank_names: tuple[str, ...]
    code_names: tuple[str, ...]
    code_sizes: tuple[int, ...]
    text_sizes: TextSizes
    num_rows: int
    preparations: tuple[TablePreparation, ...]
    scales: tuple[TargetScale, ...]
    vectors: Float[np.ndarray, "token entry"] | None = None

    @property
    def num_blocks(self) -> int:
        """Folds in the stack."""
        return len(self.preparations)

    def arrays(self, names: Iterable[str]) -> dict[str, Num[np.ndarray, "row _"] | Lookup]:
        """The arrays that a network takes, by the names of its inputs.

        Args:
            names: Of `"inputs"`, `"ranks"`, `"codes"`, `"terms"`, `"weights"`, `"tokens"` and `"start"`,
                or of `lookups`.

        Returns:
            The arrays themselves, no copies.
        """
        return {name: self.lookups[name] if name in self.lookups else getattr(self, name) for name in names}

    def rows(self, block: int, rows: Rows) -> Rows:
        """Positions in `inputs` of a table's rows as one fold prepares them.

        Args:
            block: 0 to `num_blocks - 1`.
            rows: Positions in the table.

        Returns:
            Positions in the stack.
        """
        return rows + block * self.num_rows

    def block(self, block: int, rows: Rows) -> Table:
        """Inputs of a table's rows as one fold prepares them."""
        return np.asarray(self.inputs[self.rows(block, rows)])


def fold_table(
    frame: pd.DataFrame,
    problem: Problem,
    target: EncodedTarget,
    folds: Sequence[Int[np.ndarray, " _"]],
    texts: Sequence[str] = (),
    vectors: WordVectors | None = None,
    ways: TextWays = NO_WAYS,
) -> FoldedTable:
    """Prepare a table once a fold, each fitted on the fold's training rows.

    Args:
        frame: Input columns of all rows, without the target. Rows that no member uses (sealed ones) may be among them:
            nothing is fitted on them.
        problem: Says whether the target is scaled.
        target: Encoded target of all rows.
        folds: Training rows of each fold.
        texts: Columns that are texts to read, whatever their cells look like.
        vectors: Of words, where a file brings them.
        ways: What a user says of how texts are read.

    Returns:
        The stack, a block a fold.
    """
    known = () if vectors is None else vectors.words
    preparations = tuple(TablePreparation.fit(frame.iloc[rows], texts, known, ways) for rows in folds)
    input_names = _all_names(one.input_names for one in preparations)
    rank_names = _all_names(one.rank_names for one in preparations)
    code_names = _all_names(one.code_names for one in preparations)
    num_rows, num_lines = len(frame), len(frame) * len(preparations)
    inputs = np.zeros((num_lines, len(input_names)), np.float32)
    ranks = np.zeros((num_lines, len(rank_names)), np.float32)
    codes = np.zeros((num_lines, len(code_names)), np.int32)
    offered = _most_texts([one.text_sizes for one in preparations])
    terms, weights = np.zeros((num_lines, offered.width), np.int32), np.zeros((num_lines, offered.width), np.float32)
    tokens = np.zeros((num_lines, offered.length), np.int32)
    looked_up: dict[str, list[Lookup]] = {}
    for block, one in enumerate(preparations):
        own = one.arrays(frame)
        for name, lookup in own.lookups.items():
            looked_up.setdefault(name, []).append(lookup)
        lines = slice(block * num_rows, (block + 1) * num_rows)
        inputs[lines, _places(one.input_names, input_names)] = own.inputs
        ranks[lines, _places(one.rank_names, rank_names)] = own.ranks
        codes[lines, _places(one.code_names, code_names)] = own.codes
        for whole, part in ((terms, own.terms), (weights, own.weights), (tokens, own.tokens)):
            whole[lines, : part.shape[1]] = part
    sizes = [dict(zip(one.code_names, one.code_sizes, strict=True)) for one in preparations]
    code_sizes = tuple(max(size.get(name, 1) for size in sizes) for name in code_names)
    scales = tuple(
        TargetScale.fit(problem, target[rows], is_log=one.forecasts_logs)
        for rows, one in zip(folds, preparations, strict=True)
    )
    targets = np.concatenate([scale.scale(target) for scale in scales])
    lookups = {name: stack_lookups(blocks) for name, blocks in looked_up.items()}
    if "photos" in lookups:
        photos = lookups["photos"]
        lookups[PHOTO_FEATURES] = Lookup(photo_features(photos.source), photos.places)
    return FoldedTable(
        inputs, ranks, codes, terms, weights, tokens, lookups, np.zeros((num_lines, 0), np.float32), targets,
        input_names, rank_names, code_names, code_sizes, offered, num_rows, preparations, scales,
        None if vectors is None else vectors_of_codes(vectors, offered),
    )  # fmt: skip


def _most_texts(sizes: Sequence[TextSizes]) -> TextSizes:
    """The largest of each size."""
    return TextSizes(*(max(numbers) for numbers in zip(*map(astuple, sizes), strict=True)))


def _all_names(names: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Names that any fold has, in the order of the folds."""
    return tuple(dict.fromkeys(name for own in names for name in own))


def _places(own: Sequence[str], names: Sequence[str]) -> list[int]:
    place = {name: position for position, name in enumerate(names)}
    return [place[name] for name in own]


def align_inputs(
    inputs: Num[np.ndarray, "row own"], own: Sequence[str], names: Sequence[str]
) -> Num[np.ndarray, "row feature"]:
    """Columns put in the places of their names; zeros where a name has none. For inputs, ranks and codes alike.

    >>> align_inputs(np.array([[1.0, 2.0]]), ["b", "a"], ["a", "b", "c"])
    array([[2., 1., 0.]])
    """
    aligned = np.zeros((len(inputs), len(names)), dtype=inputs.dtype)
    aligned[:, _places(own, names)] = inputs
    return aligned
