"""Reading CSV and Parquet: what a well-meant file may look like."""

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tenfold.data.table import read_table, table_from_frame


def write(folder: Path, content: str | bytes, name: str = "houses.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str):
    rows = [["rooms", "price", "street"], ["4", "12.5", f'"Main{delimiter} North"'], ["3", "9.5", "Side"]]
    table = read_table(write(tmp_path, "\n".join(delimiter.join(row) for row in rows)))
    assert table.source.layout.delimiter == delimiter
    assert table.frame.columns.tolist() == ["rooms", "price", "street"]
    assert table.frame["price"].tolist() == [12.5, 9.5]
    assert table.frame["street"].tolist() == [f"Main{delimiter} North", "Side"]


def test_a_decimal_comma_is_read_as_a_number(tmp_path: Path):
    table = read_table(write(tmp_path, "raum;preis\n4;12,5\n3;9,25\n"))
    assert table.source.layout.decimal == ","
    assert table.frame["preis"].tolist() == [12.5, 9.25]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_encoding_is_found(tmp_path: Path, encoding: str):
    table = read_table(write(tmp_path, "straße,größe\nHöhe,3\nTal,4\n".encode(encoding)))
    assert table.source.encoding == encoding
    assert table.frame.columns.tolist() == ["straße", "größe"]
    assert table.frame["straße"].tolist() == ["Höhe", "Tal"]


def test_a_few_bytes_that_windows_1252_does_not_know_are_marked(tmp_path: Path):
    table = read_table(write(tmp_path, b"a,b\n" + b"caf\xe9,1\n" * 500 + b"\x81,2\n"))
    assert table.frame["a"].tolist()[-2:] == ["café", "\ufffd"]


def test_question_marks_blanks_and_empty_cells_are_missing(tmp_path: Path):
    table = read_table(write(tmp_path, "a, b, c\n1, ?, x \n, 2, ?\n3, 4, \n"))
    assert table.frame.columns.tolist() == ["a", "b", "c"]
    assert table.frame["a"].isna().tolist() == [False, True, False]
    assert table.frame["b"].isna().tolist() == [True, False, False]
    assert table.frame["c"].tolist()[0] == "x"
    assert table.frame["c"].isna().tolist() == [False, True, True]


def test_the_source_has_the_hash_and_size_of_the_bytes(tmp_path: Path):
    path = write(tmp_path, "a,b\n1,2\n3,4\n5,6\n")
    source = read_table(path).source
    assert source.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (source.num_bytes, source.num_rows, source.num_columns) == (16, 3, 2)


@pytest.mark.parametrize(
    ("text", "has_header"),
    [
        ("5.1,3.5,setosa\n4.9,3.0,setosa\n6.2,2.2,virginica\n", False),
        ("length,width,kind\n4.9,3.0,setosa\n", True),
        ("2012,2013,2014\n1.5,2.5,3.5\n4,5,6\n", True),
        ("kind,colour,size\nsetosa,blue,3\n", True),
        ("5.1,3.5,2\n", False),
    ],
)
def test_a_first_line_of_data_is_not_taken_for_names(tmp_path: Path, text: str, *, has_header: bool):
    table = read_table(write(tmp_path, text))
    assert table.source.layout.has_header is has_header
    assert len(table.frame) == text.count("\n") - has_header
    if not has_header:
        assert table.frame.columns.tolist() == ["column_1", "column_2", "column_3"]


def test_a_column_without_a_name_is_named_by_its_place(tmp_path: Path):
    assert read_table(write(tmp_path, ",a\n0,x\n1,y\n")).frame.columns.tolist() == ["column_1", "a"]


def test_empty_lines_and_quoted_line_breaks_are_no_rows(tmp_path: Path):
    table = read_table(write(tmp_path, '\n\na,b\n1,"two\nlines"\n\n3,four\n\n'))
    assert table.frame["b"].tolist() == ["two\nlines", "four"]


def test_a_name_may_hold_a_line_break(tmp_path: Path):
    assert read_table(write(tmp_path, '"a\nb",c\n1,2\n')).frame.columns.tolist() == ["a\nb", "c"]


def test_a_single_column_of_values_is_a_table(tmp_path: Path):
    assert read_table(write(tmp_path, "a\n1\n2\n")).frame["a"].tolist() == [1, 2]


@pytest.mark.parametrize("name", ["review", '"what they wrote"'])
def test_a_single_column_of_texts_is_a_table(tmp_path: Path, name: str):
    table = read_table(write(tmp_path, f"{name}\nvery good\nnot so good\n"))
    assert table.frame.columns.tolist() == [name.strip('"')]
    assert table.frame.iloc[:, 0].tolist() == ["very good", "not so good"]


def test_very_long_cells_are_read(tmp_path: Path):
    table = read_table(write(tmp_path, "a,b\n1," + "x" * 200_000 + "\n"))
    assert len(table.frame["b"].iloc[0]) == 200_000


def test_parquet_is_told_by_its_content(tmp_path: Path):
    path = tmp_path / "houses.data"
    frame = pd.DataFrame({"rooms": [4, 3, 5], "price": [1.5, None, 2.5]})
    frame.to_parquet(path)
    table = read_table(path)
    assert table.source.format == "parquet"
    pd.testing.assert_frame_equal(table.frame, frame)


def test_pandas_agrees_on_a_plain_file(tmp_path: Path):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(7, 3)), columns=["a", "b", "c"]).assign(d=list("xyzxyzx"))
    frame.to_csv(tmp_path / "plain.csv", index=False)
    pd.testing.assert_frame_equal(read_table(tmp_path / "plain.csv").frame, pd.read_csv(tmp_path / "plain.csv"))


def test_a_frame_becomes_a_table_and_is_not_changed():
    frame = pd.DataFrame({1: [1, 2], "b": ["x", "y"]}, index=[5, 7])
    table = table_from_frame(frame, "mine")
    assert table.frame.columns.tolist() == ["1", "b"]
    assert table.frame.index.tolist() == [0, 1]
    assert frame.index.tolist() == [5, 7]
    assert (table.source.name, table.source.num_rows, table.source.num_columns) == ("mine", 2, 2)


def test_the_hash_of_a_frame_follows_its_values_and_names():
    frame = pd.DataFrame({"a": [1, 2], "b": ["x", 3]})
    hashes = {
        table_from_frame(other).source.sha256
        for other in (frame, frame.copy(), frame.assign(a=[1, 3]), frame.rename(columns={"a": "c"}))
    }
    assert len(hashes) == 3
