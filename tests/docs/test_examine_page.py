"""docs/examine.md is made from what the command answered, and there the first cause comes first."""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))

from diagnosis import beginner  # noqa: E402

RESULTS = json.loads(beginner.RESULTS.read_text(encoding="utf-8"))


def test_the_page_is_made_from_the_results():
    assert beginner.PAGE.read_text(encoding="utf-8") == beginner.page(RESULTS)


def test_every_beginners_program_was_asked():
    assert {one["program"] for one in RESULTS["programs"]} == {one.name for one in beginner.PROGRAMS.glob("*.py")}
