from hypothesis import given
from hypothesis import strategies as st

from tenfold.progress_display.words import printable, sparkline


@given(st.text())
def test_printable_text_moves_no_cursor(text: str) -> None:
    assert printable(text).isprintable()
    assert len(printable(text)) == len(text)


@given(st.lists(st.floats(), min_size=1, max_size=40))
def test_a_sparkline_never_grows_beyond_its_width(values: list[float]) -> None:
    assert len(sparkline(values, 12)) <= 12


def test_a_long_history_keeps_its_first_and_last_value() -> None:
    assert sparkline([9.0, *[1.0] * 30, 5.0], 3) == "█▁▅"
