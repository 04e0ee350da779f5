"""What the cells of a lesson said while it ran, as outputs of its page: the site shows the run that was tested.

transcript = Transcript(header)
with contextlib.redirect_stdout(transcript.printed):
run_lesson(header, transcript.teller(), is_full=False)
transcript.write(folder)
"""

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbformat import v4

from tenfold.lessons.header import Header
from tenfold.lessons.lesson import Shown
from tenfold.lessons.running import Teller
from tenfold.lessons.source import read_page
from tenfold.writing import writing

__all__ = ["Transcript", "hash_of_package"]

FORMS = {"text/html": "_repr_html_", "text/markdown": "_repr_markdown_"}
"""How values show themselves to notebooks."""


class Transcript:
    """Listens to a lesson.

    Args:
        header: Of the lesson.

    Attributes:
        printed: Where standard output has to go while the lesson runs.
    """

    def __init__(self, header: Header) -> None:
        self.printed = io.StringIO()
        self._header = header
        self._page = read_page(header.path.read_text(encoding="utf-8"))
        self._cells: Iterator[Any] = iter(self._page.cells)
        self._cell: Any = None
        self._num_run = 0

    def teller(self) -> Teller:
        """Who is told what happens."""
        return Teller(self._begin, self._begin, self._show)

    def write(self, folder: Path) -> Path:
        """Write the page with its outputs, after the lesson has ended.

        Args:
            folder: Where: in a folder there that is named after this state of the package, which made the outputs.

        Returns:
            A notebook file.
        """
        self._keep_printed()
        path = folder / hash_of_package() / f"{self._header.name}.ipynb"
        with writing(path) as temporary:
            nbformat.write(self._page, temporary)  # type: ignore[no-untyped-call]
        return path

    def _begin(self, source: str) -> None:
        self._keep_printed()
        self._cell = next(cell for cell in self._cells if cell["source"] == source)
        if self._cell.cell_type == "code":
            self._num_run += 1
            self._cell["execution_count"] = self._num_run

    def _show(self, value: Any) -> None:
        self._keep_printed(but=f"[figure: {value.alt}]\n" if isinstance(value, Shown) else "")
        data = {"text/plain": repr(value)}
        for form, method in FORMS.items():
            if (shows := getattr(value, method, None)) is not None:
                data[form] = shows()
        made = v4.new_output("execute_result", data=data, execution_count=self._num_run)  # type: ignore[no-untyped-call]
        self._cell["outputs"].append(made)

    def _keep_printed(self, but: str = "") -> None:
        """What was printed belongs to the cell that ran, but for the words of a figure that the page draws."""
        said = self.printed.getvalue().removesuffix(but)
        self.printed.seek(0)
        self.printed.truncate()
        if said:
            self._cell["outputs"].append(v4.new_output("stream", name="stdout", text=said))  # type: ignore[no-untyped-call]


def hash_of_package() -> str:
    """Changes with every file of Tenfold: what it once computed may be shown as long as it stays the same."""
    files = sorted(Path(__file__).parents[1].rglob("*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]
