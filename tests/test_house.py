"""Rules of the house that no linter knows."""

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import tenfold

SOURCE = Path(tenfold.__file__).parent
PUBLIC_MODULES = ("datasets", "precision", "scratch", "views")
"""Rooms that are public names themselves, and load their own names on first use."""
REGISTERING = "layers"
"""The room that is imported to register Keras layers: its own page has to name them all."""
LESSONS = "lessons"
"""The room from which lesson files take `open_lesson`: no public name of `tenfold`, but loaded in the same way."""
ROOMS = sorted(
    page
    for page in SOURCE.rglob("__init__.py")
    if page.parent != SOURCE and page.parent.name not in (*PUBLIC_MODULES, REGISTERING, LESSONS)
)
READ_ONLY = ["tenfold.intervals", "tenfold.record", "tenfold.report.page", "tenfold.report.terminal"]
HEAVY = ("jax", "keras", "matplotlib", "optuna", "pandas", "pyarrow", "scipy", "sklearn", "skrub")
CATALOGUE_OF_HEAVY = f"import sys; print([name for name in {HEAVY} if name in sys.modules])"


def heavy_imports_after(statement: str) -> str:
    program = f"{statement}; {CATALOGUE_OF_HEAVY}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[-1]


def test_importing_tenfold_imports_no_heavy_library() -> None:
    assert heavy_imports_after("import tenfold") == "[]"


def test_help_imports_no_heavy_library() -> None:
    assert heavy_imports_after("from tenfold.cli import main; main(['--help'])") == "[]"


@pytest.mark.parametrize("module", READ_ONLY)
def test_a_report_can_be_made_where_jax_and_keras_are_not_installed(module: str) -> None:
    hide = "import sys; sys.modules['jax'] = sys.modules['keras'] = None"
    subprocess.run([sys.executable, "-c", f"{hide}; import {module}"], capture_output=True, text=True, check=True)


def test_every_public_name_loads_from_the_module_that_defines_it() -> None:
    for room in (
        tenfold,
        importlib.import_module("tenfold.lessons"),
        *(getattr(tenfold, name) for name in PUBLIC_MODULES),
    ):
        assert sorted(room._HOMES) == sorted(room.__all__)
        for name, home in room._HOMES.items():
            found = getattr(room, name)
            assert getattr(found, "__module__", found.__name__) == home


def test_an_unknown_public_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'tenfold' has no attribute 'fitt'"):
        _ = tenfold.fitt


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.parent.name)
def test_the_init_file_of_a_room_holds_a_docstring_and_nothing_else(room: Path) -> None:
    kinds = [type(node).__name__ for node in ast.parse(room.read_text(encoding="utf-8")).body]
    assert kinds == ["Expr"]
