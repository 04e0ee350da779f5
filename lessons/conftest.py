"""Every lesson is a test: its fast form runs, its asserts hold, its exercises know right from wrong."""

import contextlib
import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

PAGES = "TENFOLD_LESSON_PAGES"
"""Names a folder in the environment: what each lesson printed and showed is kept there, for the site."""


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.suffix == ".py" and "_" in file_path.stem and file_path.stem.split("_")[0].lstrip("p").isdigit():
        return LessonFile.from_parent(parent, path=file_path)
    return None


class LessonFile(pytest.File):
    """A lesson."""

    def collect(self) -> Iterator[pytest.Item]:
        yield LessonItem.from_parent(self, name="fast form")


class LessonItem(pytest.Item):
    """Its fast form."""

    def runtest(self) -> None:
        from tenfold.lessons.header import read_header
        from tenfold.lessons.running import run_lesson
        from tenfold.lessons.transcript import Transcript

        header = read_header(self.path)
        transcript = Transcript(header)
        with contextlib.redirect_stdout(transcript.printed):
            run = run_lesson(header, transcript.teller(), is_full=False)
        assert run.lesson.judged == dict.fromkeys((one.name for one in header.exercises), True)
        assert run.lesson.ours.keys() == {one.key for one in header.published} or self._needs_data(run)
        for cell in self._exercise_cells(header.path):
            self._stays_unanswered(cell, run)
        if folder := os.environ.get(PAGES):
            transcript.write(Path(folder))

    def _needs_data(self, run) -> bool:
        """Numbers that only real data give are recorded by the full form alone."""
        return bool(run.lesson.header.data)

    def _exercise_cells(self, path: Path) -> Iterator[str]:
        from tenfold.lessons.source import read_notebook

        for cell in read_notebook(path, is_solved=False).cells:
            if "solution" in cell.metadata.get("tags", ()):
                yield cell["source"]

    def _stays_unanswered(self, cell: str, run) -> None:
        """Whoever runs an exercise before answering it reads a sentence; hint and solution are there."""
        before = set(run.lesson.judged)
        run.lesson.judged.clear()
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            exec(cell, dict(run.names))  # noqa: S102
        assert run.lesson.judged, f"this cell checks nothing:\n{cell}"
        assert not any(run.lesson.judged.values()), f"this exercise is right before it is answered:\n{cell}"
        for name in run.lesson.judged:
            assert name in said.getvalue()
            run.lesson.hint(name)
            run.lesson.solution(name)
        assert before

    def repr_failure(self, excinfo, style=None):  # noqa: ARG002  # pytest's signature
        return str(excinfo.getrepr(style="short"))

    def reportinfo(self):
        return self.path, 0, f"{self.path.stem}: fast form"
