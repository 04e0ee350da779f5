"""Step 4: a table's columns as network inputs, fitted on training rows only and inside each fold.

`TablePreparation.fit` sees the training rows; `transform` takes any rows with the same columns. What is fitted are
quantiles, levels and words, kept as plain numbers and text: `to_json` writes them, and reading them back executes
nothing. What a column holds is decided in `column_kinds`; texts to read become bags of weighted terms and sequences of
words (`laid_texts`).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float, Int

from tenfold.errors import RunFolderError, TableError, did_you_mean
from tenfold.lookup import Lookup
from tenfold.prepare.categories import CategoryColumn, TextColumn
from tenfold.prepare.codes import CodeColumn
from tenfold.prepare.column_kinds import DroppedColumn, FittedColumn, fit_column
from tenfold.prepare.history import HistoryColumn
from tenfold.prepare.laid_texts import TextSizes, lay_texts, places_of, sizes_of
from tenfold.prepare.looked_up import PhotoColumn
from tenfold.prepare.numbers import DateColumn, NumberColumn
from tenfold.prepare.prose import ProseColumn
from tenfold.prepare.tokens import TextWays
from tenfold.prepare.unfamiliar import Unfamiliar
from tenfold.shapes import Codes, Ranks, Table

__all__ = ["PreparedArrays", "PreparedTable", "TablePreparation"]

NO_WAYS = TextWays()

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
    def fit(
        cls,
        frame: pd.DataFrame,
        texts: Sequence[str] = (),
        known: tuple[str, ...] = (),
        ways: TextWays = NO_WAYS,
    ) -> "TablePreparation":
        """Fit each column on training rows.

        Args:
            frame: Input columns of the training rows, without the target.
            texts: Columns that are texts to read, whatever their cells look like.
            known: Words that have a vector; none where no file brings any.
            ways: What a user says of how texts are read.

        Returns:
            The fitted preparation; it may have no inputs, where no column can help.
        """
        fitted = [fit_column(frame[name], is_text=name in texts, known=known, ways=ways) for name in frame.columns]
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
        return sizes_of(self._texts)

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
        texts = lay_texts(self._texts, frame)
        return PreparedArrays(inputs, ranks, codes, texts.terms, texts.weights, texts.tokens, lookups)

    def bag_places(self, name: str) -> list[int]:
        """Where a column's terms stand in a row of `terms` and `weights`; nowhere for a column that has none."""
        return places_of(name, [(column.name, column.width) for column in self._texts])

    def word_places(self, name: str) -> list[int]:
        """Where a column's words stand in a row of `tokens`."""
        return places_of(name, [(column.name, column.length) for column in self._texts])

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


def _column_from(fields: dict[str, Any]) -> FittedColumn:
    """A fitted column from its plain fields; lists become tuples, and numbers inside a column columns of their own."""
    plain: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}
    make = _KINDS[plain.pop("kind")]
    for name, inner in plain.items():
        if isinstance(inner, dict):
            plain[name] = _column_from({"kind": NumberColumn.kind, **inner})
    fitted: FittedColumn = make(**plain)
    return fitted
