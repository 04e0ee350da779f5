"""A course of one small lesson."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lessons.written import write_lesson
from tenfold.lessons import course, source
from tenfold.lessons.header import Header, read_header


@pytest.fixture
def sums(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Header]:
    """The lesson `sums`, which is found as if it were all there is."""
    path = write_lesson(tmp_path / "lessons")
    for module in (course, source):
        monkeypatch.setattr(module, "lessons_folder", lambda: path.parent)
    course.list_headers.cache_clear()
    yield read_header(path)
    course.list_headers.cache_clear()
