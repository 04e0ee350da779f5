"""Numbers as people write them, against skrub where it can be told how, and what is no number."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as some
from skrub import ToFloat

from tenfold.prepare.number_cells import NumberFormat, find_number_format, read_numbers
from tenfold.prepare.numbers import NumberColumn
from tenfold.prepare.table import TablePreparation


def cells(*values: object) -> pd.Series:
    return pd.Series(values, name="size", dtype=object)


@pytest.mark.parametrize(
    ("written", "form", "numbers"),
    [
        (["1,234.5", "7", "-0.5"], NumberFormat(), [1234.5, 7, -0.5]),
        (["1.234,5", "7", "-0,5"], NumberFormat(","), [1234.5, 7, -0.5]),
        (["1,234", "12,345,678"], NumberFormat(), [1234, 12345678]),
        (["1.234", "5.678"], NumberFormat(), [1.234, 5.678]),
        (["1 234,5", "1\u00a0000"], NumberFormat(","), [1234.5, 1000]),
        (["1'234.5", "9"], NumberFormat(), [1234.5, 9]),
        (["$5", "$1,000", "-$2", "$-3"], NumberFormat(unit="$"), [5, 1000, -2, -3]),
        (["5 €", "1.000,50 €"], NumberFormat(",", "€"), [5, 1000.5]),
        (["EUR 5", "7 EUR"], NumberFormat(unit="eur"), [5, 7]),
        (["12 %", "3%", "0"], NumberFormat(unit="%"), [12, 3, 0]),
        (["3 kg", "4.5 KG"], NumberFormat(unit="kg"), [3, 4.5]),
        (["30 km/h", "50km/h"], NumberFormat(unit="km/h"), [30, 50]),
        (["(5)", "7", "($1)"], NumberFormat(), [-5, 7, np.nan]),
        (["1e3", "2E-2", ".5", "5."], NumberFormat(), [1000, 0.02, 0.5, 5]),
        (["5", "n/a", "-", ".", "", "N/A", "null"], NumberFormat(), [5, *[np.nan] * 6]),
        (["\N{MINUS SIGN}5", "+3"], NumberFormat(), [-5, 3]),
    ],
    ids=lambda value: str(value)[:60],
)
def test_numbers_are_read_as_they_are_written(written: list[str], form: NumberFormat, numbers: list[float]):
    found, is_bad = find_number_format(cells(*written))
    assert found == form
    np.testing.assert_allclose(read_numbers(cells(*written), found), numbers)
    assert is_bad.sum() == (1 if "($1)" in written else 0)


@pytest.mark.parametrize(
    "written",
    [
        ["3 kg", "500 g"], ["$5", "€5"], ["7", "12a", "9a"], ["192.168.0.1", "10.0.0.7"], ["12:30", "4:15"],
        ["A11", "A12"], ["01.02.2024", "03.04.2024"], ["<=50K", ">50K"], ["1,2,3", "4,5"], ["1,23.4", "5"],
        ["10 of 12", "3 of 4"], ["(5", "7"], ["1_000", "2_000"], ["$5%", "$6%"],
    ],
    ids=str,
)  # fmt: skip
def test_what_does_not_agree_is_no_column_of_numbers(written: list[str]):
    _, is_bad = find_number_format(cells(*written))
    assert is_bad.any()


@given(
    numbers=some.lists(some.floats(-1e6, 1e6).map(lambda number: round(number, 2)), min_size=3, max_size=30),
    style=some.sampled_from([(".", ","), (",", "."), (",", " "), (".", "'")]),
    parentheses=some.booleans(),
)
def test_skrub_reads_alike(numbers: list[float], style: tuple[str, str], parentheses: bool):
    decimal, thousand = style
    table = str.maketrans({",": thousand, ".": decimal})
    numbers = [*numbers, 1234567.25]
    written = [f"{number:,.2f}".translate(table) for number in numbers]
    if parentheses:
        written = [f"({text[1:]})" if text.startswith("-") else text for text in written]
    column = pd.Series(written, name="size")
    form, is_bad = find_number_format(column)
    assert not is_bad.any()
    expected = ToFloat(decimal=decimal, thousand=thousand, parentheses=True).fit_transform(column)
    np.testing.assert_allclose(read_numbers(column, form), numbers, rtol=1e-12)
    np.testing.assert_allclose(read_numbers(column, form), expected, rtol=1e-6)


def test_cells_to_predict_are_read_in_the_format_of_training():
    column = NumberColumn.fit(cells("1.234 kg", "7,5 kg", "-"), NumberFormat(",", "kg"))
    np.testing.assert_array_equal(
        column.read(cells("1.000 kg", "2,5 kg", "3", "3 g", "n/a")), [1000, 2.5, 3, *[np.nan] * 2]
    )
    np.testing.assert_array_equal(column.read(pd.Series([8.0, None])), [8.0, np.nan])
    found = column.compare(cells("8 kg", "3 g", "n/a"))
    assert (found.num_unreadable, found.num_newly_missing) == (1, 0)
    assert column.treatment.startswith("read without its unit `kg`, scaled")


def test_a_format_comes_back_from_json():
    frame = pd.DataFrame({"price": [f"{number}.{number:03d},50 €" for number in range(1, 40)] + ["-"]})
    preparation = TablePreparation.fit(frame)
    back = TablePreparation.from_json(preparation.to_json())
    assert back == preparation
    (column,) = back.columns
    assert (column.kind, column.name) == ("number", "price")
    assert isinstance(column, NumberColumn)
    assert (column.decimal, column.unit, column.low, column.marks_missing) == (",", "€", 1001.5, True)


def test_house_numbers_stay_text():
    frame = pd.DataFrame({"house": [*map(str, range(1, 60)), "12a", "7b"]})
    assert not [one for one in TablePreparation.fit(frame).columns if one.kind == "number"]
