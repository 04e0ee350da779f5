"""Step 4: a table's columns as network inputs, fitted on training rows only and inside each fold.

`TablePreparation.fit` sees the training rows; `transform` takes any rows with the same columns. What is fitted are
quantiles, levels and words, kept as plain numbers and text: `to_json` writes them, and reading them back executes
nothing. Texts to read become bags of weighted terms and sequences of words. Columns that cannot help are dropped with a
word: constants, empty ones, running numbers, identifiers of single rows. Identifiers that repeat
(users, books, postal codes) become codes for trained embeddings.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd
from jaxtyping import Float, Int

from tenfold.data.dates import find_date_format
from tenfold.data.lookup_column import is_lookup_column
from tenfold.errors import RunFolderError, TableError, did_you_mean
from tenfold.lookup import Lookup
from tenfold.prepare.categories import MIN_LEVEL_ROWS, CategoryColumn, TextColumn
from tenfold.prepare.cells import as_levels
from tenfold.prepare.codes import CodeColumn, repeats_enough
from tenfold.prepare.history import HistoryColumn
from tenfold.prepare.looked_up import PhotoColumn
from tenfold.prepare.number_cells import NumberFormat, find_number_format, read_numbers
from tenfold.prepare.numbers import DateColumn, NumberColumn
from tenfold.prepare.prose import ProseColumn, is_prose
from tenfold.prepare.unfamiliar import Unfamiliar
from tenfold.shapes import Codes, Ranks, Table

__all__ = ["DroppedColumn", "FittedColumn", "PreparedArrays", "PreparedTable", "TablePreparation", "TextSizes"]

FittedColumn: TypeAlias = (
    NumberColumn | CategoryColumn | CodeColumn | TextColumn | ProseColumn | DateColumn | PhotoColumn | HistoryColumn
)

UNIQUE_SHARE = 0.95
"""With this share of different values a text, or a whole number with an identifier's name, identifies its row."""

MAX_CATEGORY_LEVELS = 20
"""Text with at most so many different values is a category; with more, only if half of the rows repeat (arbitrary)."""

FEWEST_RUNNING = 20
"""Fewer rows may rise by chance or for a reason (arbitrary); a running number starts below it, a year does not."""

_IDENTIFIER_NAME = re.compile(r"(?i:(?:^|[\W_])(?:id|ids|uuid|guid|key|nr|no|number|index|isbn\d*))$|[a-z](?:Id|ID)$")
_LEVEL_NAME = re.compile(
    r"(?i:(?:^|[\W_])(?:id|ids|uuid|guid|key|nr|no|zip|plz|isbn|group|region)$|(?:code|gruppe)$)|[a-z](?:Id|ID|Nr|No|Group)$"
)
_KINDS: dict[str, Any] = {
    column.kind: column
    for column in (
        NumberColumn,
        CategoryColumn,
        CodeColumn,
        TextColumn,
        ProseColumn,
        DateColumn,
        PhotoColumn,
        HistoryColumn,
    )
}


@dataclass(frozen=True)
class DroppedColumn:
    """A column that is not used.

    Args:
        name: Of the column.
        kind: What it is.
        reason: Why it cannot help, as a phrase.
    """

    name: str
    kind: Literal["identifier", "constant", "empty", "text"]
    reason: str


@dataclass(frozen=True)
class TextSizes:
    """What texts offer to a network; all 0 where no column holds texts to read.

    Args:
        num_terms: Terms of all bags.
        width: Terms that a row has at most.
        num_words: Codes of all sequences, 0 for padding included.
        length: Words of a row.
    """

    num_terms: int = 0
    width: int = 0
    num_words: int = 0
    length: int = 0


@dataclass(frozen=True)
class PreparedArrays:
    """What networks take, one line a row.

    Args:
        inputs: Scaled numbers, levels, words, marks: single precision, all that linear models and trees need.
        ranks: Where each number lies among its training rows, from 0 to 1; 0 for a gap, which has its mark in `inputs`.
        codes: Levels of columns with very many; 0 for what is missing, never seen or seen once.
        terms: Terms of texts; where the weight is 0 there is none.
        weights: What each of them weighs.
        tokens: Words of texts in their order, 0 for padding.
        lookups: `"photos"` and `"history"`, where a column holds photos or windows of a series.
    """

    inputs: Table
    ranks: Ranks
    codes: Codes
    terms: Int[np.ndarray, "row place"]
    weights: Float[np.ndarray, "row place"]
    tokens: Int[np.ndarray, "row word"]
    lookups: Mapping[str, Lookup]


@dataclass(frozen=True)
class PreparedTable(PreparedArrays):
    """The same, and what was unfamiliar in the cells it was made of.

    Args:
        unfamiliar: One entry for each column that holds something its training rows did not.
    """

    unfamiliar: tuple[Unfamiliar, ...]


@dataclass(frozen=True)
class TablePreparation:
    """How columns become inputs.

    Args:
        columns: Fitted columns, in the order of the table.
        dropped: Columns that are not used.
    """

    columns: tuple[FittedColumn, ...]
    dropped: tuple[DroppedColumn, ...]

    @classmethod
    def fit(cls, frame: pd.DataFrame) -> "TablePreparation":
        """Fit each column on training rows.

        Args:
            frame: Input columns of the training rows, without the target.

        Returns:
            The fitted preparation; it may have no inputs, where no column can help.
        """
        fitted = [_fit_column(frame[name]) for name in frame.columns]
        return cls(
            tuple(column for column in fitted if not isinstance(column, DroppedColumn)),
            tuple(column for column in fitted if isinstance(column, DroppedColumn)),
        )

    @property
    def input_names(self) -> tuple[str, ...]:
        """Names of the inputs: the column, and which of its levels, words or parts."""
        return tuple(name for column in self.columns for name in column.input_names)

    @property
    def rank_names(self) -> tuple[str, ...]:
        """Columns of `ranks`: the numbers, and the days of dates."""
        return tuple(name for column in self._ranked for name in column.rank_names)

    @property
    def code_names(self) -> tuple[str, ...]:
        """Columns of `codes`."""
        return tuple(column.name for column in self._coded)

    @property
    def code_sizes(self) -> tuple[int, ...]:
        """Different codes of each such column, 0 included."""
        return tuple(column.code_size for column in self._coded)

    @property
    def text_sizes(self) -> TextSizes:
        """What texts offer."""
        texts = self._texts
        if not texts:
            return TextSizes()
        return TextSizes(
            sum(len(column.terms) for column in texts),
            sum(column.width for column in texts),
            1 + sum(len(column.words) + 1 for column in texts),
            sum(column.length for column in texts),
        )

    @property
    def lookup_columns(self) -> dict[str, PhotoColumn | HistoryColumn]:
        """The columns of arrays by the names of the inputs that they become."""
        return {column.array: column for column in self.columns if isinstance(column, PhotoColumn | HistoryColumn)}

    @property
    def _texts(self) -> list[ProseColumn]:
        return [column for column in self.columns if isinstance(column, ProseColumn)]

    @property
    def forecasts_logs(self) -> bool:
        """Whether a series is forecast as log(1 + its target)."""
        return any(isinstance(column, HistoryColumn) and column.is_log for column in self.columns)

    @property
    def _ranked(self) -> list[NumberColumn | DateColumn]:
        return [column for column in self.columns if isinstance(column, NumberColumn | DateColumn)]

    @property
    def _coded(self) -> list[CodeColumn]:
        return [column for column in self.columns if isinstance(column, CodeColumn)]

    def transform(self, frame: pd.DataFrame) -> PreparedTable:
        """Turn rows into inputs, ranks and codes.

        Args:
            frame: A table with the columns that were fitted; others are ignored.

        Returns:
            What networks take, and what was unfamiliar.

        Raises:
            TableError: Columns are missing.
        """
        arrays = self.arrays(frame)
        unfamiliar = [column.compare(frame[column.name]) for column in self.columns]
        return PreparedTable(**vars(arrays), unfamiliar=tuple(found for found in unfamiliar if found.num_rows))

    def arrays(self, frame: pd.DataFrame) -> PreparedArrays:
        """The same without a look at what is unfamiliar.

        Args:
            frame: A table with the columns that were fitted; others are ignored.

        Returns:
            Arrays of their own, filled column by column, so that no second copy of the table stands in memory.

        Raises:
            TableError: Columns are missing.
        """
        self._check_columns(list(frame.columns))
        inputs = np.zeros((len(frame), len(self.input_names)), np.float32)
        start = 0
        for column in self.columns:
            width = len(column.input_names)
            inputs[:, start : start + width] = column.transform(frame[column.name])
            start += width
        ranks = np.zeros((len(frame), len(self.rank_names)), np.float32)
        for place, ranked in enumerate(column for column in self._ranked if column.rank_names):
            ranks[:, place] = ranked.ranks(frame[ranked.name])
        codes = np.zeros((len(frame), len(self._coded)), np.int32)
        for place, coded in enumerate(self._coded):
            codes[:, place] = coded.codes(frame[coded.name])
        lookups = {name: column.lookup(frame[column.name]) for name, column in self.lookup_columns.items()}
        return PreparedArrays(inputs, ranks, codes, *self._texts_of(frame), lookups)

    def bag_places(self, name: str) -> list[int]:
        """Where a column's terms stand in a row of `terms` and `weights`; nowhere for a column that has none."""
        return self._places(name, [(column.name, column.width) for column in self._texts])

    def word_places(self, name: str) -> list[int]:
        """Where a column's words stand in a row of `tokens`."""
        return self._places(name, [(column.name, column.length) for column in self._texts])

    @staticmethod
    def _places(name: str, widths: Sequence[tuple[str, int]]) -> list[int]:
        start = 0
        for own, width in widths:
            if own == name:
                return list(range(start, start + width))
            start += width
        return []

    def _texts_of(self, frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Terms, weights and tokens of all columns of texts, side by side; each has terms and codes of its own."""
        sizes = self.text_sizes
        terms, weights = np.zeros((len(frame), sizes.width), np.int32), np.zeros((len(frame), sizes.width), np.float32)
        tokens = np.zeros((len(frame), sizes.length), np.int32)
        place, word, first_term, first_code = 0, 0, 0, 0
        for column in self._texts:
            bag, sequences = column.bag(frame[column.name]), column.sequences(frame[column.name])
            terms[:, place : place + column.width] = bag.terms + first_term
            weights[:, place : place + column.width] = bag.weights
            tokens[:, word : word + column.length] = np.where(sequences, sequences + first_code, 0)
            place, word = place + column.width, word + column.length
            first_term, first_code = first_term + len(column.terms), first_code + len(column.words) + 1
        return terms, weights, tokens

    def to_json(self) -> str:
        """The fitted numbers and words as JSON."""
        columns = [{"kind": column.kind, **asdict(column)} for column in self.columns]
        content = {"columns": columns, "dropped": [asdict(column) for column in self.dropped]}
        return json.dumps(content, ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str) -> "TablePreparation":
        """Read what `to_json` wrote.

        Args:
            text: One JSON object.

        Returns:
            An equal preparation.

        Raises:
            RunFolderError: The text does not hold one.
        """
        try:
            content = json.loads(text)
            columns = tuple(_column_from(fields) for fields in content["columns"])
            return cls(columns, tuple(DroppedColumn(**fields) for fields in content["dropped"]))
        except (KeyError, TypeError, ValueError) as error:
            what = "The preparation of this run cannot be read"
            raise RunFolderError("preparation_damaged", what, expected="JSON as Tenfold writes it") from error

    def _check_columns(self, present: Sequence[str]) -> None:
        missing = [column.name for column in self.columns if column.name not in present]
        if missing:
            shown = ", ".join(f"`{name}`" for name in missing[:6])
            more = f" and {len(missing) - 6} more" if len(missing) > 6 else ""  # noqa: PLR2004 (six are shown)
            raise TableError(
                "missing_columns",
                f"The table lacks {len(missing)} of {len(self.columns)} columns that the model uses: {shown}{more}",
                expected="all columns of the training table; other ones are ignored",
                hint=did_you_mean(missing[0], present),
            )


def _fit_column(values: pd.Series) -> FittedColumn | DroppedColumn:
    name = str(values.name)
    if is_lookup_column(values):
        return HistoryColumn.fit(values) if values.array.lookup.length else PhotoColumn.fit(values)
    filled = values.dropna()
    if filled.empty:
        return DroppedColumn(name, "empty", "no row has a value")
    if values.notna().all() and _is_constant(filled):
        return DroppedColumn(name, "constant", f"`{filled.iloc[0]}` in every row")
    if not pd.api.types.is_bool_dtype(values) and not isinstance(values.dtype, pd.CategoricalDtype):
        form, is_bad = find_number_format(values)
        if not is_bad.any() and not np.isnan(read_numbers(values, form)).all():
            return _fit_numbers(values, form)
        if find_date_format(values) is not None:
            return DateColumn.fit(values)
    return _fit_text(values)


def _is_constant(filled: pd.Series) -> bool:
    """Whether all cells are one level; the first cells answer for most columns."""
    return len(set(as_levels(filled.iloc[:FEWEST_RUNNING]))) == 1 and len(set(as_levels(filled))) == 1


def _fit_numbers(values: pd.Series, form: NumberFormat) -> FittedColumn | DroppedColumn:
    numbers = read_numbers(values, form)
    if _is_running_number(numbers):
        return DroppedColumn(str(values.name), "identifier", "it numbers the rows")
    filled = numbers[~np.isnan(numbers)]
    is_whole = bool((filled % 1 == 0).all())
    is_unique = is_whole and len(np.unique(filled)) >= UNIQUE_SHARE * len(filled)
    if is_unique and _IDENTIFIER_NAME.search(str(values.name)):
        return DroppedColumn(str(values.name), "identifier", "a different whole number in nearly every row")
    if is_whole and filled.min() >= 0 and _LEVEL_NAME.search(str(values.name)):
        return _fit_levels(values) or NumberColumn.fit(values, form)
    return NumberColumn.fit(values, form)


def _is_running_number(numbers: np.ndarray) -> bool:
    """Whole numbers that rise from row to row, nearly without gaps: training rows are a sample of the table."""
    if len(numbers) < FEWEST_RUNNING or np.isnan(numbers).any() or (numbers % 1 != 0).any():
        return False
    starts_low = 0 <= numbers[0] < FEWEST_RUNNING
    return bool((np.diff(numbers) > 0).all() and starts_low and numbers[-1] < 3 * len(numbers))


def _fit_levels(values: pd.Series) -> CategoryColumn | CodeColumn | None:
    """Levels as inputs or as codes; None where too few rows repeat one."""
    counts = as_levels(values).value_counts()
    if repeats_enough(counts):
        return CodeColumn.fit(values)
    is_repeated = counts[counts >= MIN_LEVEL_ROWS].sum() >= counts.sum() / 2
    if len(counts) <= MAX_CATEGORY_LEVELS or is_repeated or isinstance(values.dtype, pd.CategoricalDtype):
        return CategoryColumn.fit(values)
    return None


def _fit_text(values: pd.Series) -> FittedColumn | DroppedColumn:
    levels = _fit_levels(values)
    if levels is not None:
        return levels
    if is_prose(values):
        return ProseColumn.fit(values)
    text = TextColumn.fit(values)
    if text.words or text.marks_missing:
        return text
    num_levels, num_filled = as_levels(values).nunique(), int(values.notna().sum())
    if num_levels >= UNIQUE_SHARE * num_filled:
        return DroppedColumn(text.name, "identifier", "a different text in nearly every row, without common words")
    return DroppedColumn(text.name, "text", f"{num_levels} different texts without common words")


def _column_from(fields: dict[str, Any]) -> FittedColumn:
    """A fitted column from its plain fields; lists become tuples, and numbers inside a column columns of their own."""
    plain: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}
    make = _KINDS[plain.pop("kind")]
    for name, inner in plain.items():
        if isinstance(inner, dict):
            plain[name] = _column_from({"kind": NumberColumn.kind, **inner})
    fitted: FittedColumn = make(**plain)
    return fitted
