from pathlib import Path

import pandas as pd
import pytest

from tenfold.nested.results import Tally
from tenfold.problem import define_problem
from tenfold.run_facts.surroundings import (
    command_of,
    machine_facts,
    reproducibility_facts,
    work_facts,
)
from tenfold.run_folder.versions import versions_in_use


@pytest.mark.parametrize(
    ("source", "kind", "expected"),
    [
        ("houses.csv", "csv", "tenfold run houses.csv --target 'a price' --seed 3 --budget quick"),
        ("diabetes", "example", "tenfold run --example diabetes --seed 3 --budget quick"),
        ("table", "frame", "tenfold.run(table, 'a price', seed=3, budget='quick')"),
    ],
)
def test_the_command_can_be_typed_again(source: str, kind: str, expected: str):
    assert command_of(source, kind, "a price", seed=3, budget="quick") == expected


def test_machine_and_versions_are_what_they_are():
    machine = machine_facts()
    assert machine.num_cores >= 1
    assert machine.memory_gib > 0.1
    assert {"tenfold", "keras", "jax", "python"} <= set(versions_in_use())


def test_work_adds_up():
    tally = Tally(10, 1, 3, 1, 2.0) + Tally(5, 2, 0, 0, 1.0)
    work = work_facts(tally, 7)
    assert (work.num_networks, work.num_programs, work.num_stopped_early, work.num_nonfinite) == (15, 3, 3, 1)
    assert (work.num_settings, work.compile_seconds) == (7, 3.0)
    assert 0.05 < work.peak_gib < 100


def test_fused_heads_are_told_for_classes_only():
    number = define_problem(pd.DataFrame({"x": 0, "y": [0.5, 1.5, 2.5]}), "y")
    classes = define_problem(pd.DataFrame({"x": 0, "y": ["a", "b", "a", "b"]}), "y")
    assert reproducibility_facts(Path("run"), number).changed == ()
    assert "logits" in reproducibility_facts(Path("run"), classes).changed[0]
    assert reproducibility_facts(Path("my run"), number).remake == "tenfold report 'my run'"
