"""What a full run measured is read back as it was written; every lesson was run in full, and its numbers are kept."""

import json

import pytest

from tenfold.lessons.course import list_headers
from tenfold.lessons.records import read_record, record_path, write_record


def test_a_record_comes_back_as_it_was_written(sums):
    assert read_record(sums) is None
    path = write_record(sums, {"H1": [0.5, 0.25]}, 1.2345, "a machine")
    assert path == record_path(sums) == sums.path.parent / "records" / "sums.json"
    found = read_record(sums)
    assert (found.lesson, found.values) == ("sums", {"H1": [0.5, 0.25]})
    assert (found.minutes, found.machine) == (1.23, "a machine")
    assert set(found.versions) == {"python", "jax", "keras", "numpy"}
    assert json.loads(path.read_text())["date"] == found.date


@pytest.mark.parametrize("header", list_headers(), ids=lambda header: header.name)
def test_every_number_that_the_header_publishes_was_measured(header):
    record = read_record(header)
    assert record is not None, "run it: tenfold lesson NAME --full --keep"
    assert record.lesson == header.name
    unmeasured = {one.key for one in header.published if "not measured here" in one.because}
    assert set(record.values) == {one.key for one in header.published} - unmeasured
    assert all(record.values.values())
