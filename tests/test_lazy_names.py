"""Names that load on first use, on a package made for it."""

import sys
from types import ModuleType

import pytest

from tenfold.lazy_names import lazy_names


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    made = ModuleType("made")
    made.__getattr__, made.__dir__ = lazy_names("made", {"sqrt": "math", "gone": "no_such_module"}, ["version"])
    monkeypatch.setitem(sys.modules, "made", made)
    return made


def test_a_name_is_loaded_once(package: ModuleType):
    assert "sqrt" not in vars(package)
    assert package.sqrt(9.0) == 3
    assert "sqrt" in vars(package)


def test_an_unknown_name_is_no_attribute(package: ModuleType):
    with pytest.raises(AttributeError, match="module 'made' has no attribute 'sqare'"):
        _ = package.sqare


def test_all_names_are_listed_without_loading(package: ModuleType):
    assert dir(package) == ["gone", "sqrt", "version"]


def test_a_module_of_the_packages_own_is_itself_meant():
    get, _ = lazy_names("tenfold", {"errors": "tenfold.errors"})
    assert get("errors") is sys.modules["tenfold.errors"]
