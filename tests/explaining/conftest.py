"""Worksheets of one row through small models, each laid out when a test first asks for it."""

from collections.abc import Iterator, Mapping

import pytest

from tenfold.explaining.laying_out import lay_out
from tenfold.explaining.worksheet import Worksheet
from traced_models import MODELS, traced


class Worksheets(Mapping):
    """By the name of the function that makes the model."""

    def __init__(self) -> None:
        self._makers = {make.__name__: make for make in MODELS}
        self._found: dict[str, Worksheet] = {}

    def __getitem__(self, name: str) -> Worksheet:
        if name not in self._found:
            self._found[name] = lay_out(traced(self._makers[name]))
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


@pytest.fixture(scope="session")
def worksheets() -> Worksheets:
    return Worksheets()
