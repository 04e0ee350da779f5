"""Worksheets of one row through small models, laid out once for all tests of this room."""

import pytest

from tenfold.explaining.laying_out import lay_out
from tenfold.explaining.worksheet import Worksheet
from traced_models import MODELS, traced


@pytest.fixture(scope="session")
def worksheets() -> dict[str, Worksheet]:
    return {make.__name__: lay_out(traced(make)) for make in MODELS}
