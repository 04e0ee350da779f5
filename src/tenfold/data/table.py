"""A table and where it came from: CSV, Parquet or a pandas frame becomes one `LoadedTable`.

A user meets this as the first argument of `tenfold run houses.csv --target price`. The file is read once, as bytes: the
hash in the run folder is that of the bytes which the columns were read from. Formats are told by content, not by the
file's ending. Cells with `?` count as missing, besides what pandas counts (empty, `NA`, `NaN`, `null`, ...).
"""

import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from tenfold.data.csv_text import CsvLayout, decode_text, describe_layout
from tenfold.errors import TableError, did_you_mean

__all__ = ["JoinedFile", "LoadedTable", "SourceWarning", "TableSource", "read_table", "table_from_frame"]

_MISSING = ["?"]
_PARQUET = b"PAR1"


@dataclass(frozen=True)
class JoinedFile:
    """A table whose columns were added to another's, see `data.join`.

    Args:
        name: File name.
        path: The file.
        sha256: Hash of its bytes.
        on: Columns of the key.
        num_rows: Its rows.
        num_columns: Columns that it added.
        num_without_partner: Rows of the other table whose key it does not have: its columns are missing there.
    """

    name: str
    path: Path
    sha256: str
    on: tuple[str, ...]
    num_rows: int
    num_columns: int
    num_without_partner: int


@dataclass(frozen=True)
class SourceWarning:
    """What was wrong with a source without making it useless.

    Args:
        code: Stable name of the case.
        text: One sentence.
        hint: What to do about it.
    """

    code: str
    text: str
    hint: str = ""


@dataclass(frozen=True)
class TableSource:
    """Where a table came from.

    Args:
        name: File name, or what the user called it; of several joined files all names.
        format: `"csv"`, `"parquet"`, `"photos"`, `"texts"`, `"frame"` or `"example"`.
        sha256: Hash of the file's bytes, or of a frame's names and values; of several joined files all bytes; of photos
            the names and bytes of their files.
        num_bytes: Size of the file, or of the frame in memory.
        num_rows: Rows, the header not counted.
        num_columns: Columns, the target included.
        path: The file; None for a frame.
        encoding: Of a CSV file.
        layout: Of a CSV file.
        joined: Files whose columns were added, in this order.
        row_names: What each row is called, where rows are files; no input, but shown to the reader.
        warnings: What was left out of it.
    """

    name: str
    format: str
    sha256: str
    num_bytes: int
    num_rows: int
    num_columns: int
    path: Path | None = None
    encoding: str = ""
    layout: CsvLayout | None = None
    joined: tuple[JoinedFile, ...] = ()
    row_names: tuple[str, ...] = ()
    warnings: tuple[SourceWarning, ...] = ()


@dataclass(frozen=True)
class LoadedTable:
    """A table in memory: `frame` has text as column names and rows numbered from 0."""

    frame: pd.DataFrame
    source: TableSource


def read_table(path: str | Path) -> LoadedTable:
    """Read a CSV or Parquet file.

    Args:
        path: The file. CSV may be divided by comma, semicolon or tab; columns without a name become `column_1`, ...

    Returns:
        The table with its source.

    Raises:
        TableError: No such file, a folder, an empty file, not a table, a ragged line, two columns of one name, no rows.
    """
    path = Path(path)
    raw = _read_bytes(path)
    source = TableSource(path.name, "parquet", hashlib.sha256(raw).hexdigest(), len(raw), 0, 0, path=path)
    if raw.startswith(_PARQUET):
        frame = _parse_parquet(raw, path.name)
    else:
        text, encoding = decode_text(raw, path.name)
        if not text.strip():
            raise TableError("empty_file", f"`{path.name}` is empty", expected="a line of column names, then rows")
        layout = describe_layout(text, path.name)
        frame = _parse_csv(text, layout, path.name)
        source = replace(source, format="csv", encoding=encoding, layout=layout)
    return _checked(frame, source)


def table_from_frame(frame: pd.DataFrame, name: str = "table", *, format: str = "frame") -> LoadedTable:  # noqa: A002 (the word of `TableSource`)
    """Take a pandas frame as a table; its index is left out.

    Args:
        frame: The columns, the target among them. It is not changed.
        name: What to call it in messages and in the report.
        format: `"frame"`, or `"example"` for one that comes with the package.

    Returns:
        The table with its source.

    Raises:
        TableError: Two columns of one name, nested columns, or no rows.
    """
    named = frame.set_axis([str(column) for column in frame.columns], axis="columns").reset_index(drop=True)
    num_bytes = int(named.memory_usage(deep=True, index=False).sum())
    return _checked(named, TableSource(name, format, _hash_frame(named), num_bytes, 0, 0))


def _read_bytes(path: Path) -> bytes:
    if path.is_dir():
        raise TableError(
            "is_a_folder", f"`{path}` is a folder", expected="a CSV or Parquet file", hint=_files_inside(path)
        )
    try:
        return path.read_bytes()
    except FileNotFoundError:
        siblings = [file.name for file in path.parent.iterdir()] if path.parent.is_dir() else []
        hint = did_you_mean(path.name, siblings)
        raise TableError(
            "no_such_file", f"There is no file `{path}`", expected="a CSV or Parquet file", hint=hint
        ) from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise TableError("unreadable", f"`{path}` cannot be read: {reason}", expected="a readable file") from error


def _files_inside(folder: Path) -> str | None:
    tables = sorted(
        file.name for file in folder.iterdir() if file.is_file() and file.suffix.lower() in {".csv", ".parquet", ".tsv"}
    )
    return f"it holds {', '.join(f'`{name}`' for name in tables[:6])}" if tables else None


def _parse_csv(text: str, layout: CsvLayout, name: str) -> pd.DataFrame:
    try:
        frame = pd.read_csv(
            io.StringIO(text),
            sep=layout.delimiter,
            decimal=layout.decimal,
            header=0 if layout.has_header else None,
            names=list(layout.names),
            index_col=False,
            skipinitialspace=True,
            na_values=_MISSING,
            low_memory=False,
        )
    except pd.errors.EmptyDataError:
        return pd.DataFrame(columns=list(layout.names))
    except (pd.errors.ParserError, ValueError) as error:
        raise TableError("not_a_table", f"`{name}` cannot be read as CSV: {error}", expected="a CSV file") from error
    return frame.apply(_strip_blanks)


def _strip_blanks(column: pd.Series) -> pd.Series:
    """Text without blanks around it; cells of nothing else count as missing."""
    if not pd.api.types.is_string_dtype(column) or pd.api.types.is_object_dtype(column):
        return column
    stripped = column.str.strip()
    return stripped.mask(stripped.isin(["", *_MISSING]))


def _parse_parquet(raw: bytes, name: str) -> pd.DataFrame:
    try:
        table = pq.read_table(io.BytesIO(raw))
    except (pa.ArrowException, OSError) as error:
        raise TableError(
            "not_a_table", f"`{name}` cannot be read as Parquet: {error}", expected="a complete Parquet file"
        ) from error
    _check_flat([(field.name, pa.types.is_nested(field.type)) for field in table.schema], name)
    return table.to_pandas().reset_index(drop=True)


def _checked(frame: pd.DataFrame, source: TableSource) -> LoadedTable:
    """The table, once its columns have different names, its cells are single values and it has rows."""
    names = [str(column) for column in frame.columns]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise TableError(
            "duplicate_columns",
            f"`{source.name}` has {names.count(twice)} columns named `{twice}`",
            expected="a different name for each column",
            hint="rename or remove the copies",
        )
    _check_flat([(name, _is_nested(frame[name])) for name in names], source.name)
    if frame.empty:
        raise TableError(
            "no_rows", f"`{source.name}` has no rows", expected="at least one row under the names of its columns"
        )
    return LoadedTable(frame, replace(source, num_rows=len(frame), num_columns=len(names)))


def _check_flat(columns: Iterable[tuple[str, bool]], name: str) -> None:
    nested = [column for column, is_nested in columns if is_nested]
    if nested:
        raise TableError(
            "nested_column",
            f"Column `{nested[0]}` of `{name}` holds lists or records",
            expected="one value in each cell",
            hint="spread it over several columns, or remove it",
        )


def _is_nested(column: pd.Series) -> bool:
    if not pd.api.types.is_object_dtype(column):
        return False
    return bool(column.map(lambda cell: isinstance(cell, (list, tuple, dict, set)) or hasattr(cell, "shape")).any())


def _hash_frame(frame: pd.DataFrame) -> str:
    """Hash of names and values. Cells of mixed kinds (numbers beside text) are hashed as their text."""
    digest = hashlib.sha256("\x1f".join(frame.columns).encode())
    for position in range(frame.shape[1]):
        column = frame.iloc[:, position]
        plain = column.astype(str) if pd.api.types.is_object_dtype(column) else column
        digest.update(pd.util.hash_pandas_object(plain, index=False).to_numpy().tobytes())
    return digest.hexdigest()
