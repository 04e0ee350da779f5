"""A view: figure, sentence and numbers in one; names that load when they are asked for."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

import tenfold
from tenfold.errors import OptionError
from tenfold.views.view import View


@dataclass(frozen=True)
class Numbers:
    """Some of each kind."""

    names: tuple[str, ...]
    loss: np.ndarray
    factor: float


def view() -> View:
    figure = Figure(figsize=(3, 2))
    figure.subplots().plot([1, 2], [3, 4])
    return View(figure, "It rises", Numbers(("a", "b"), np.array([[0.123456789, np.nan]]), 50.0))


def test_numbers_are_json_with_nothing_that_json_does_not_know():
    found = view().as_dict()

    assert found == {"sentence": "It rises", "names": ["a", "b"], "loss": [[0.12346, None]], "factor": 50.0}
    assert json.loads(json.dumps(found, allow_nan=False)) == found


@pytest.mark.parametrize(("ending", "begins"), [("svg", b"<?xml"), ("png", b"\x89PNG"), ("pdf", b"%PDF")])
def test_the_ending_decides_the_format(tmp_path: Path, ending: str, begins: bytes):
    assert view().save(tmp_path / f"a.{ending}").read_bytes().startswith(begins)


def test_the_same_numbers_give_the_same_svg(tmp_path: Path):
    assert view().save(tmp_path / "a.svg").read_bytes() == view().save(tmp_path / "b.svg").read_bytes()


def test_an_ending_that_nobody_knows_is_refused(tmp_path: Path):
    with pytest.raises(OptionError, match=r"A figure cannot be written as `\.docx`\. Expected: \.svg"):
        view().save(tmp_path / "a.docx")
    assert list(tmp_path.iterdir()) == []


def test_a_notebook_shows_the_figure():
    assert view()._repr_png_().startswith(b"\x89PNG")
    assert repr(view()) == "View('It rises')"


def test_no_page_of_the_room_bears_the_name_of_a_function():
    pages = {page.stem for page in Path(tenfold.views.__file__).parent.glob("*.py")}

    assert pages.isdisjoint(tenfold.views.__all__)


def test_the_room_opens_without_jax_and_keras():
    program = "import sys, tenfold; tenfold.views.probe; print([one for one in ('jax', 'keras') if one in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
