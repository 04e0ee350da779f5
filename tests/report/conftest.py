"""What the tests of the report share: constructed facts, and golden files."""

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from constructed_facts import churn_facts, houses_facts, one_of_each_code
from tenfold.report.evidence import Difference, Interval
from tenfold.report.facts import Facts


@pytest.fixture
def houses() -> Callable[..., Facts]:
    """`houses()` is a finished run on numbers; keyword arguments replace parts."""
    return houses_facts


@pytest.fixture
def churn() -> Callable[..., Facts]:
    """`churn()` is a finished run on two classes; keyword arguments replace parts."""
    return churn_facts


@pytest.fixture
def against() -> Callable[..., tuple[Difference, ...]]:
    """`against(facts, {rival: (value, low, high)})`: the differences, the network's against these rivals set anew."""

    def changed(facts: Facts, intervals: Mapping[str, tuple[float, float, float]]) -> tuple[Difference, ...]:
        return tuple(
            replace(found, interval=Interval(*intervals[found.rival]))
            if found.rival in intervals and found.model.startswith("network")
            else found
            for found in facts.differences
        )

    return changed


@pytest.fixture
def each_code() -> dict[str, Facts]:
    return one_of_each_code()


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """`golden("verdicts.txt", text)`: equal to the file; `GOLDEN=write` in the environment writes it anew."""

    def compare(name: str, text: str) -> None:
        path = Path(__file__).parent / "golden" / name
        if os.environ.get("GOLDEN") == "write":
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return compare
