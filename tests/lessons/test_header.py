"""What a lesson file says of itself is read whole, and mistakes of its author are named."""

import pytest

from lessons.written import HEADER, write_lesson
from tenfold.lessons.header import read_header, without_header


def test_a_header_is_read(tmp_path):
    header = read_header(write_lesson(tmp_path))
    assert (header.number, header.name, header.covers) == ("4", "sums", ("002 Introduction",))
    assert header.also == ("chapter 1 of 001", "adding")
    assert header.definitions == ()
    assert header.published[0].value == ".5"
    assert header.exercises[0].mistakes == ((6, "That is the product."),)


def test_the_rest_of_the_file_begins_with_a_cell():
    assert without_header(HEADER + "\n# %%\nx = 1\n") == "# %%\nx = 1\n"


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("", "04_sums.py does not begin with `# /// lesson`"),
        (HEADER.replace('# title = "Sums of two"\n', ""), "04_sums.py: .*title"),
        (HEADER.replace("# data", "# level = 1\n# data"), "04_sums.py: .*level"),
        (HEADER.replace("# hint", "# clue"), "04_sums.py: .*(hint|clue)"),
        (HEADER.replace('"chance"', '"luck"'), "the difference of H1 is 'luck', none of"),
    ],
)
def test_what_is_wrong_with_a_header_is_said(tmp_path, header, words):
    with pytest.raises(ValueError, match=words):
        read_header(write_lesson(tmp_path, header=header))
