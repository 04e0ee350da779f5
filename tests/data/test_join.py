"""Tables joined on a key: every row stays once and in its place, and what has no partner has gaps."""

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tenfold.data.join import Join, join_tables
from tenfold.data.table import LoadedTable, read_table
from tenfold.errors import OptionError, TableError

SALES = "Datum,Ware,Umsatz\n2013-07-02,1,20\n2013-07-01,1,10\n2013-07-02,2,30\n2013-07-04,1,40\n"


@pytest.fixture
def sales(tmp_path: Path) -> LoadedTable:
    path = tmp_path / "sales.csv"
    path.write_text(SALES)
    return read_table(path)


def other(sales: LoadedTable, text: str, name: str = "wetter.csv") -> Path:
    path = Path(str(sales.source.path)).with_name(name)
    path.write_text(text)
    return path


def test_every_row_stays_in_its_place_and_gets_the_columns_of_its_key(sales: LoadedTable):
    path = other(sales, "Datum,Grad,Wind\n2013-07-01,17.5,a\n2013-07-02,18.5,b\n2013-07-03,19.5,c\n")
    found = join_tables(sales, [Join(path, ("Datum",))])
    expected = sales.frame.merge(pd.read_csv(path), on="Datum", how="left", validate="m:1")
    pd.testing.assert_frame_equal(found.frame, expected)
    assert list(found.frame["Grad"])[:3] == [18.5, 17.5, 18.5]
    (joined,) = found.source.joined
    assert (joined.name, joined.on, joined.num_columns, joined.num_without_partner) == ("wetter.csv", ("Datum",), 2, 1)


def test_the_source_says_all_files_and_hashes_all_of_their_bytes(sales: LoadedTable):
    text = "Datum,Grad\n2013-07-01,17.5\n"
    first = join_tables(sales, [Join(other(sales, text), ("Datum",))]).source
    assert (first.name, first.num_rows, first.num_columns) == ("sales.csv + wetter.csv", 4, 4)
    assert first.num_bytes == len(SALES) + len(text)
    again = join_tables(sales, [Join(other(sales, text), ("Datum",))]).source
    changed = join_tables(sales, [Join(other(sales, text.replace("17", "16")), ("Datum",))]).source
    assert first.sha256 == again.sha256
    assert len({first.sha256, changed.sha256, sales.source.sha256, hashlib.sha256(text.encode()).hexdigest()}) == 4


@pytest.mark.parametrize("dates", [("01.07.2013", "04.07.2013"), ("07/01/2013", "07/04/2013")])
def test_dates_are_compared_as_dates_however_they_are_written(sales: LoadedTable, dates: tuple[str, str]):
    path = other(sales, "Datum,Fest\n" + "".join(f"{date},1\n" for date in dates))
    found = join_tables(sales, [Join(path, ("Datum",))])
    np.testing.assert_array_equal(found.frame["Fest"], [np.nan, 1, np.nan, 1])


def test_numbers_and_text_that_means_them_are_one_key(sales: LoadedTable):
    path = other(sales, "Ware,Name\n 1 ,bread\nx,none\n")
    found = join_tables(sales, [Join(path, ("Ware",))])
    assert found.frame["Name"].fillna("").tolist() == ["bread", "bread", "", "bread"]


def test_a_key_may_have_several_columns(sales: LoadedTable):
    path = other(sales, "Ware,Datum,Preis\n2,2013-07-02,5\n1,2013-07-02,3\n1,2013-07-01,2\n")
    found = join_tables(sales, [Join(path, ("Datum", "Ware"))])
    np.testing.assert_array_equal(found.frame["Preis"], [3, 2, 5, np.nan])


def test_a_later_table_may_have_its_key_in_an_earlier_one(sales: LoadedTable):
    days = other(sales, "Datum,Woche\n2013-07-01,w1\n2013-07-02,w1\n2013-07-04,w2\n", "days.csv")
    weeks = other(sales, "Woche,Ferien\nw1,ja\nw2,nein\n", "weeks.csv")
    found = join_tables(sales, [Join(days, ("Datum",)), Join(weeks, ("Woche",))])
    assert found.frame["Ferien"].tolist() == ["ja", "ja", "ja", "nein"]
    assert [one.name for one in found.source.joined] == ["days.csv", "weeks.csv"]


def test_a_name_that_both_have_gets_the_files_name_behind_it(sales: LoadedTable):
    path = other(sales, "Datum,Umsatz\n2013-07-01,99\n")
    found = join_tables(sales, [Join(path, ("Datum",))])
    assert list(found.frame.columns) == ["Datum", "Ware", "Umsatz", "Umsatz_wetter"]
    assert found.frame["Umsatz"].tolist() == [20, 10, 30, 40]


def test_missing_keys_are_nobodys_partner(tmp_path: Path):
    frame = pd.DataFrame({"key": ["a", None, "b"], "y": [1, 2, 3]})
    (tmp_path / "left.csv").write_text(frame.to_csv(index=False))
    (tmp_path / "right.csv").write_text("key,x\n,7\n,8\na,9\n")
    found = join_tables(read_table(tmp_path / "left.csv"), [Join(tmp_path / "right.csv", ("key",))])
    np.testing.assert_array_equal(found.frame["x"], [9, np.nan, np.nan])


@pytest.mark.parametrize(
    ("text", "on", "match"),
    [
        (
            "Datum,Grad\n2013-07-01,1\n2013-07-02,2\n2013-07-01,3\n2013-07-01,4\n",
            ("Datum",),
            r"`Datum` = `2013-07-01` is in `wetter.csv` more than once \(again in row 3\).*2 rows with a key",
        ),
        ("Datum,Grad\n2015-07-01,1\n2015-07-02,3\n", ("Datum",), r"No row of `sales.csv` has its key in `wetter.csv`"),
        ("Day,Grad\n2015-07-01,1\n2015-07-02,3\n", ("Datum",), r"`Datum` is not a column of `wetter.csv`"),
        ("Day,Grad\n2015-07-01,1\n2015-07-02,3\n", ("Day",), r"`Day` is not a column of `sales.csv`"),
        (
            "Datum,Ware,Ware_wetter\n2013-07-01,1,1\n2013-07-02,2,2\n",
            ("Datum",),
            r"`wetter.csv` would add a second column `Ware_wetter`",
        ),
    ],
)
def test_what_cannot_be_joined_is_refused(sales: LoadedTable, text: str, on: tuple[str, ...], match: str):
    with pytest.raises(TableError, match=match):
        join_tables(sales, [Join(other(sales, text), on)])


def test_a_key_needs_columns(sales: LoadedTable):
    with pytest.raises(OptionError, match=r"`wetter.csv` has no key to join on"):
        join_tables(sales, [Join("wetter.csv", ())])
