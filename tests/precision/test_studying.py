"""The whole study in its quick form: figures, numbers, files."""

import json

import pytest

from tenfold.errors import OptionError
from tenfold.precision.studying import study

FIGURES = [
    "formats", "frozen_images", "frozen_text", "gradient_errors", "inverses", "loss_errors", "losses", "pairs",
    "round_trip", "starts",
]  # fmt: skip


@pytest.fixture(scope="module")
def found():
    return study(quick=True)


@pytest.mark.slow
def test_the_study_has_all_its_figures_and_numbers(found, tmp_path):
    paths = found.save(tmp_path / "new" / "folder")

    assert sorted(path.name for path in paths) == sorted([*(f"{name}.svg" for name in FIGURES), "study.json"])
    numbers = json.loads(paths[0].read_text())
    assert numbers["round_trip"]["accurate_until"] == pytest.approx(14.639639854, abs=1e-9)
    assert numbers["walls"]["float16"]["ceiling"] == "inf"
    assert len(numbers["heads"]["probability"]["accuracy"]) == 2


@pytest.mark.slow
def test_the_table_is_compact(found):
    lines = found.table().splitlines()

    assert len(lines) < 25
    assert max(map(len, lines)) <= 110
    assert any("0.9 x 16.1181" in line for line in lines)


@pytest.mark.slow
def test_starts_beyond_the_wall_part_the_heads(found):
    last = found.starts[-1]

    assert last.start > 16.64
    assert last.from_logits.accuracy.mean() > last.probability.accuracy.mean() + 0.2


def test_one_pair_is_no_interval():
    with pytest.raises(OptionError, match=r"An interval needs pairs.*seeds=1"):
        study(seeds=1)
