"""The lesson as its own code sees it: its form, its figures, its exercises and its numbers."""

import base64
import io
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from tenfold.errors import OptionError, did_you_mean
from tenfold.lessons.closing import closing_table
from tenfold.lessons.course import find_header
from tenfold.lessons.exercises import judge_answer
from tenfold.lessons.header import Exercise, Header
from tenfold.lessons.records import read_record
from tenfold.lessons.source import solution_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["FORM", "Lesson", "Shown", "open_lesson"]

FORM = "TENFOLD_LESSON"
"""Names the form of a lesson in the environment: `fast` (also where it is not set) or `full`."""

T = TypeVar("T")


class Lesson:
    """A lesson at work.

    Args:
        header: What its file says of it.
        is_full: Whether this is the full form, on the data that it names; else the fast one, on small data.
        folder: Where figures are written as SVG; None: nowhere.

    Attributes:
        ours: Numbers of this run by key, one value a seed or run.
        judged: Whether each answered exercise was right.
    """

    def __init__(self, header: Header, *, is_full: bool, folder: Path | None = None) -> None:
        self.header, self.is_full, self.folder = header, is_full, folder
        self.ours: dict[str, list[float]] = {}
        self.judged: dict[str, bool] = {}
        self._num_figures = 0

    def pick(self, fast: T, full: T) -> T:
        """One of two values by the form of the lesson.

        Args:
            fast: In the fast form.
            full: In the full form.

        Returns:
            The one that counts.
        """
        return full if self.is_full else fast

    def record(self, key: str, values: float | Sequence[float]) -> None:
        """Keep numbers of ours for the closing table.

        Args:
            key: Of the published number beside which they stand.
            values: One a seed or run.

        Raises:
            OptionError: The lesson's header publishes nothing under this key.
        """
        known = [one.key for one in self.header.published]
        if key not in known:
            raise OptionError(
                "unpublished_number", f"The header of lesson `{self.header.name}` publishes no `{key}`",
                expected=f"one of {', '.join(known) or 'none'}", hint=did_you_mean(key, known),
            )  # fmt: skip
        self.ours[key] = [float(one) for one in np.atleast_1d(np.asarray(values, dtype=float))]

    def show(self, figure: "Figure", alt: str) -> "Shown":
        """A figure of the lesson, with its words for those who cannot see it.

        Args:
            figure: What to show; it is closed afterwards.
            alt: What it shows, made from its numbers.

        Returns:
            What a notebook draws. In a script, the words are printed and the file is written where there is a folder.
        """
        import matplotlib.pyplot as plt

        self._num_figures += 1
        stream = io.StringIO()
        with plt.rc_context({"svg.hashsalt": self.header.name, "svg.fonttype": "none"}):
            figure.savefig(stream, format="svg", metadata={"Date": None}, bbox_inches="tight", facecolor="white")
        plt.close(figure)
        shown = Shown(stream.getvalue(), alt)
        if self.folder is not None:
            path = self.folder / f"figure-{self._num_figures}.svg"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(shown.svg, encoding="utf-8")
            print(f"[figure: {alt}] {path}")
        elif not _in_notebook():
            print(f"[figure: {alt}]")
        return shown

    def check(self, exercise: str, answer: Any) -> bool:
        """Whether an answer is right; a sentence is printed.

        Args:
            exercise: Its name.
            answer: A number, an array or list of numbers, or a word.

        Returns:
            Whether it is.
        """
        is_right, sentence = judge_answer(self._exercise(exercise), answer)
        self.judged[exercise] = is_right
        print(sentence)
        return is_right

    def hint(self, exercise: str) -> None:
        """Print a step on the way to an answer.

        Args:
            exercise: Its name.
        """
        print(self._exercise(exercise).hint)

    def solution(self, exercise: str) -> None:
        """Print the lines that answer an exercise.

        Args:
            exercise: Its name.
        """
        print(solution_of(self.header, self._exercise(exercise).name))

    def closing_table(self) -> "Markdown":
        """The published numbers beside ours: of this run in the full form, from the record of one in the fast form.

        Returns:
            A table; printed, it is Markdown.
        """
        return Markdown(closing_table(self.header, read_record(self.header), self.ours if self.is_full else None))

    def _exercise(self, name: str) -> Exercise:
        known = {one.name: one for one in self.header.exercises}
        if name not in known:
            raise OptionError(
                "no_such_exercise", f"Lesson `{self.header.name}` has no exercise `{name}`",
                expected=f"one of {', '.join(known) or 'none'}", hint=did_you_mean(name, known),
            )  # fmt: skip
        return known[name]


class Shown:
    """A figure that notebooks and pages draw.

    Args:
        svg: The drawing.
        alt: Its words.
    """

    def __init__(self, svg: str, alt: str) -> None:
        self.svg, self.alt = svg[svg.index("<svg") :], alt

    def __repr__(self) -> str:
        return f"[figure: {self.alt}]"

    def _repr_html_(self) -> str:
        data = base64.b64encode(self.svg.encode()).decode()
        words = self.alt.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
        return f'<img alt="{words}" src="data:image/svg+xml;base64,{data}" style="max-width: 100%; height: auto">'


class Markdown:
    """Text that notebooks and pages lay out.

    Args:
        text: Markdown.
    """

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text

    def _repr_markdown_(self) -> str:
        return self.text


def open_lesson(name: str) -> Lesson:
    """The lesson that a lesson file is.

    Args:
        name: Of the lesson, as in its header.

    Returns:
        It, in the form that the environment variable `TENFOLD_LESSON` names: `fast` (the default) or `full`.

    Raises:
        OptionError: There is no such lesson, or no such form.
    """
    form = os.environ.get(FORM, "fast")
    if form not in {"fast", "full"}:
        raise OptionError(
            "lesson_form", f"{FORM} names no form of a lesson", expected="`fast` or `full`", received=form
        )
    return Lesson(find_header(name), is_full=form == "full")


def _in_notebook() -> bool:
    try:
        from IPython import get_ipython
    except ImportError:
        return False
    return get_ipython() is not None
