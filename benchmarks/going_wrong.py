"""Measures the four views of what goes wrong in training, as a user who calls them without arguments sees them.

python benchmarks/going_wrong.py                # a minute; writes the results, the figures and the page
"""

import datetime as dt
import json
import time
from pathlib import Path
from typing import Any

from going_wrong_page import FIGURES, PAGE, RESULTS, VIEWS, write_figures, write_page
from machine import describe_machine

import tenfold
from tenfold.views.view import View


def main() -> None:
    """Trains, keeps the numbers, draws from what was kept."""
    found: dict[str, Any] = {
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
        "machine": describe_machine(),
    }
    for name in VIEWS:
        before = time.perf_counter(), time.process_time()
        view: View = getattr(tenfold.views, name)()
        seconds = {"elapsed": time.perf_counter() - before[0], "processor": time.process_time() - before[1]}
        found[name] = {"seconds": {kind: round(one, 1) for kind, one in seconds.items()}} | view.as_dict()
        print(name, found[name]["seconds"], view.sentence, flush=True)
    RESULTS.write_text(_one_line_an_array(found), encoding="utf-8")
    write_figures(RESULTS, FIGURES)
    write_page(RESULTS, PAGE)


def _one_line_an_array(found: dict[str, Any]) -> str:
    """JSON with a line for each name of a view: short enough to read, few lines to compare."""
    parts = []
    for name, value in found.items():
        if name in VIEWS:
            lines = [f"  {json.dumps(key)}: {json.dumps(one, separators=(',', ':'))}" for key, one in value.items()]
            parts.append(f" {json.dumps(name)}: {{\n" + ",\n".join(lines) + "\n }")
        else:
            parts.append(f" {json.dumps(name)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    Path(RESULTS.parent).mkdir(parents=True, exist_ok=True)
    main()
