from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from tenfold.nested.results import Tally
from tenfold.options import Options
from tenfold.problem.definition import define_problem
from tenfold.run_facts.surroundings import (
    command_of,
    machine_facts,
    reproducibility_facts,
    work_facts,
)
from tenfold.run_folder.folder import Asked
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
    options = Options(seed=3, budget="quick")
    assert command_of(Asked(source, "", ("a price",), "", options), kind) == expected


def test_all_options_are_typed_again():
    options = Options(group="house", join=("wetter.csv",), on=("Datum",), drop=("nr", "id"), folds=4, show_rows=False)
    asked = Asked("houses.csv", "", ("price", "rent"), "", options)
    assert command_of(asked, "csv") == (
        "tenfold run houses.csv --target price --target rent --seed 0 --budget standard --folds 4 --group house "
        "--join wetter.csv --on Datum --drop nr --drop id --no-rows"
    )
    assert command_of(replace(asked, source="table"), "frame") == (
        "tenfold.run(table, ['price', 'rent'], seed=0, budget='standard', folds=4, group='house', "
        "join=['wetter.csv'], on=['Datum'], drop=['nr', 'id'], show_rows=False)"
    )


def test_a_card_that_was_named_is_named_again():
    asked = Asked("houses.csv", "", ("price",), "")
    assert command_of(asked, "csv", "about me.toml").endswith("--budget standard --card 'about me.toml'")
    assert command_of(replace(asked, source="table"), "frame", "c.toml").endswith("budget='standard', card='c.toml')")
    assert "card" not in command_of(asked, "csv")


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
