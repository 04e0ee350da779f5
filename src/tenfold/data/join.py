"""Several tables joined on a key: columns of other files beside the rows they belong to.

A user meets this as `--join wetter.csv --on Datum`. Every row of the first table stays, once and in its place; a row
whose key the other table lacks has gaps there, and how many there are is told. A key that the other table has twice is
refused: which of its rows belongs here cannot be guessed, and taking both would repeat the first table's rows.

Keys are compared as what they mean: dates as dates in whatever format each file writes them, numbers as numbers
(`1`, `1.0` and `"1"` are one key), text without blanks around it. A missing key has no partner, not even a missing one.

A column that both tables have keeps its name in the first one; the other's gets its file's name as a suffix, as
`pandas.merge(..., suffixes=("", "_wetter"))` does it.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import Path

import numpy as np
import pandas as pd
from jaxtyping import Int

from tenfold.data.dates import as_dates, find_date_format
from tenfold.data.table import JoinedFile, LoadedTable, read_table
from tenfold.data.target import label_text
from tenfold.errors import OptionError, TableError, did_you_mean

__all__ = ["Join", "join_tables"]


@dataclass(frozen=True)
class Join:
    """A table to join, and the columns that both tables have for a key.

    Args:
        path: A CSV or Parquet file.
        on: Names of the key's columns, the same in both tables.
    """

    path: str | Path
    on: tuple[str, ...]


def join_tables(table: LoadedTable, joins: Sequence[Join]) -> LoadedTable:
    """Add the columns of other tables where their key agrees.

    Args:
        table: The table whose rows are kept.
        joins: The others, in this order; a later one may have its key in an earlier one.

    Returns:
        The table with more columns and as many rows. Its source names all files, hashes all of their bytes, and says
        of each how many rows found no partner.

    Raises:
        TableError: A file that cannot be read, a key that is not in both tables or repeats in the other one, no row
            with a partner, or a name that is taken even with a suffix.
        OptionError: A key without columns.
    """
    return reduce(_join, joins, table)


def _join(table: LoadedTable, join: Join) -> LoadedTable:
    if not join.on:
        raise OptionError("no_key", f"`{join.path}` has no key to join on", expected="a column that both tables have")
    other = read_table(join.path)
    for one in (table, other):
        _check_columns(one, join.on)
    partners = _find_partners(table, other, join.on)
    added = _suffixed(other.frame.drop(columns=list(join.on)), table, other)
    beside = added.reindex(pd.Index(partners)).set_axis(table.frame.index, axis="index")
    frame = pd.concat([table.frame, beside], axis="columns")
    source = other.source
    joined = JoinedFile(
        source.name,
        Path(join.path),
        source.sha256,
        join.on,
        source.num_rows,
        added.shape[1],
        int((partners < 0).sum()),
    )
    return LoadedTable(
        frame,
        replace(
            table.source,
            name=f"{table.source.name} + {source.name}",
            sha256=hashlib.sha256(f"{table.source.sha256}:{source.sha256}".encode()).hexdigest(),
            num_bytes=table.source.num_bytes + source.num_bytes,
            num_columns=frame.shape[1],
            joined=(*table.source.joined, joined),
        ),
    )


def _check_columns(table: LoadedTable, on: tuple[str, ...]) -> None:
    for column in on:
        if column not in table.frame.columns:
            names = list(map(str, table.frame.columns))
            raise TableError(
                "unknown_key",
                f"`{column}` is not a column of `{table.source.name}`",
                expected=f"a key that both tables have; one of {', '.join(names[:12])}",
                hint=did_you_mean(column, names),
            )


def _find_partners(table: LoadedTable, other: LoadedTable, on: tuple[str, ...]) -> Int[np.ndarray, " row"]:
    """Row of the other table that each row's key is in; -1 where there is none."""
    pairs = [_comparable(table.frame[column], other.frame[column]) for column in on]
    keys = pd.DataFrame({number: mine for number, (mine, _) in enumerate(pairs)})
    others = pd.DataFrame({number: theirs for number, (_, theirs) in enumerate(pairs)}).dropna()
    repeated = np.flatnonzero(others.duplicated())
    if len(repeated):
        row = int(others.index[repeated[0]])
        raise TableError(
            "repeated_key",
            f"{_key_in_words(other, on, row)} is in `{other.source.name}` more than once (again in row {row + 1})",
            expected="each key once, so that a row has one partner",
            received=f"{len(repeated):,} rows with a key that was there before",
            hint="join on more columns, or keep one row for each key",
        )
    places = pd.MultiIndex.from_frame(others).get_indexer(pd.MultiIndex.from_frame(keys))
    found: Int[np.ndarray, " row"] = np.append(others.index.to_numpy(dtype=np.int64), -1)[places]
    found[keys.isna().any(axis="columns").to_numpy()] = -1
    if (found < 0).all():
        raise TableError(
            "no_partners",
            f"No row of `{table.source.name}` has its key in `{other.source.name}`",
            expected=f"the same values of {_listed(on)} in both",
            received=f"{_key_in_words(table, on, 0)} against {_key_in_words(other, on, 0)}",
        )
    return found


def _comparable(mine: pd.Series, theirs: pd.Series) -> tuple[pd.Series, pd.Series]:
    """A key's column of both tables, so that what means the same is equal."""
    formats = find_date_format(mine), find_date_format(theirs)
    if None not in formats:
        return _moments(mine, str(formats[0])), _moments(theirs, str(formats[1]))
    return _texts(mine), _texts(theirs)


def _moments(column: pd.Series, date_format: str) -> pd.Series:
    return as_dates(column, date_format).astype("datetime64[us]")


def _texts(column: pd.Series) -> pd.Series:
    return column.astype(object).map(_key_text, na_action="ignore")


def _key_text(cell: object) -> str:
    """A cell as a key: numbers are equal to the same numbers written as text.

    >>> _key_text(1.0), _key_text(" 1 "), _key_text("1.0"), _key_text("01")
    ('1', '1', '1', '01')
    """
    text = label_text(cell).strip()
    return text.removesuffix(".0") if text.removesuffix(".0").isdigit() else text


def _suffixed(added: pd.DataFrame, table: LoadedTable, other: LoadedTable) -> pd.DataFrame:
    """The new columns, with a suffix where the first table has the name already."""
    taken = set(table.frame.columns)
    suffix = f"_{Path(other.source.name).stem}"
    names = [f"{name}{suffix}" if name in taken else name for name in added.columns]
    twice = next((name for name in names if name in taken or names.count(name) > 1), None)
    if twice is not None:
        raise TableError(
            "name_taken",
            f"`{other.source.name}` would add a second column `{twice}`",
            expected="names that are new, if only with the file's name behind them",
            hint="rename the column in one of the tables",
        )
    return added.set_axis(names, axis="columns")


def _key_in_words(table: LoadedTable, on: tuple[str, ...], row: int) -> str:
    return ", ".join(f"`{column}` = `{table.frame[column].iloc[row]}`" for column in on)


def _listed(on: tuple[str, ...]) -> str:
    return ", ".join(f"`{column}`" for column in on)
