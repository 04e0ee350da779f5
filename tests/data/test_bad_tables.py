"""What is no table is refused with a sentence that names the thing."""

import gzip
from pathlib import Path

import pandas as pd
import pytest

from tenfold.data.table import read_table, table_from_frame
from tenfold.errors import TableError


def refuse(path: Path, match: str) -> TableError:
    with pytest.raises(TableError, match=match) as caught:
        read_table(path)
    assert caught.value.exit_code == 2
    return caught.value


def test_a_missing_file_is_named_with_its_likely_neighbour(tmp_path: Path):
    (tmp_path / "houses.csv").write_text("a,b\n1,2\n")
    error = refuse(tmp_path / "house.csv", r"There is no file `.*house\.csv`")
    assert error.hint == "did you mean `houses.csv`?"


def test_a_folder_is_named_with_the_tables_inside(tmp_path: Path):
    (tmp_path / "houses.csv").write_text("a,b\n1,2\n")
    error = refuse(tmp_path, "is a folder")
    assert error.hint == "it holds `houses.csv`"


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(tmp_path: Path, content: bytes):
    (tmp_path / "a.csv").write_bytes(content)
    refuse(tmp_path / "a.csv", r"`a\.csv` is empty")


def test_a_header_alone_has_no_rows(tmp_path: Path):
    (tmp_path / "a.csv").write_text("rooms,price\n")
    refuse(tmp_path / "a.csv", r"`a\.csv` has no rows")


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"PK\x03\x04rest", "spreadsheet"),
        (gzip.compress(b"a,b\n1,2\n", mtime=0), "gzip"),
        (b"\x89PNG\r\n", "picture"),
        (b"a,b\n\x00\x01,2\n", "bytes that are no text"),
        (b"\x81\x8d\xff,\x90\n", "neither UTF-8 nor Windows-1252"),
        (b"<html><body></body></html>", "markup"),
        (b'[{"a": 1}]', "JSON"),
        (b"PAR1broken", "cannot be read as Parquet"),
        (b"Dear Sir\nhow are you\n", "no comma, semicolon or tab"),
        (b"1.0  2.0   3.0\n4.0  5.0   6.0\n", "no comma, semicolon or tab"),
        (b'a,b\n1,"never closed\n', "cannot be read as CSV"),
    ],
)
def test_other_formats_are_named(tmp_path: Path, content: bytes, match: str):
    (tmp_path / "a.csv").write_bytes(content)
    refuse(tmp_path / "a.csv", match)


@pytest.mark.parametrize(("line", "width"), [("1,2,3,4", 4), ("1,2", 2)])
def test_a_ragged_line_is_named(tmp_path: Path, line: str, width: int):
    (tmp_path / "a.csv").write_text(f"a,b,c\n1,2,3\n\n{line}\n4,5,6\n{line}\n")
    error = refuse(tmp_path / "a.csv", rf"Line 4 of `a\.csv` has {width} cells \(and 1 more such lines\)")
    assert error.expected == "3 cells, as in its first line"


def test_a_ragged_line_after_the_sample_is_found(tmp_path: Path):
    (tmp_path / "a.csv").write_text("a,b\n" + "1,2\n" * 300 + "1,2,3\n")
    refuse(tmp_path / "a.csv", r"Line 302 of `a\.csv` has 3 cells\.")


def test_names_for_fewer_columns_than_there_are_blame_the_first_line(tmp_path: Path):
    (tmp_path / "a.csv").write_text("a,b\n1,2,3\n4,5,6\n7,8,9\n")
    refuse(tmp_path / "a.csv", r"The first line of `a\.csv` has 2 cells, but line 2 has 3 cells")


def test_two_columns_of_one_name_are_refused(tmp_path: Path):
    (tmp_path / "a.csv").write_text("a,b,a\n1,2,3\n")
    refuse(tmp_path / "a.csv", r"`a\.csv` has 2 columns named `a`")
    with pytest.raises(TableError, match="`mine` has 2 columns named `1`"):
        table_from_frame(pd.DataFrame([[1, 2]], columns=[1, "1"]), "mine")


def test_cells_that_hold_lists_are_refused(tmp_path: Path):
    frame = pd.DataFrame({"a": [[1, 2], [3]], "b": [1, 2]})
    frame.to_parquet(tmp_path / "a.parquet")
    refuse(tmp_path / "a.parquet", r"Column `a` of `a\.parquet` holds lists")
    with pytest.raises(TableError, match="Column `a` of `mine` holds lists"):
        table_from_frame(frame, "mine")
