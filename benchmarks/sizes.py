"""How long and in how much memory: a cold standard run, a thousand members, a hundred thousand rows.

    python benchmarks/sizes.py                       # all of it, then the page. Let the machine do nothing else.
    python benchmarks/sizes.py --only members --quick

Each is one process, started anew, with an empty cache of compiled programs. Results are in `benchmarks/results/sizes/`,
one file a machine, and as a page in `docs/sizes.md`.
"""

import argparse
import datetime as dt
import json
import os
from typing import Any

from environments import ROOT
from machine import describe_machine, machine_slug
from processes import measure
from sizes_page import write_page

RESULTS = ROOT / "benchmarks" / "results" / "sizes"
PAGE = ROOT / "docs" / "sizes.md"
TASKS: dict[str, tuple[str, dict[str, Any]]] = {
    "cold": ("measure_large.py", {"rows": 1_000, "columns": 20, "budget": "standard"}),
    "members": ("measure_members.py", {"folds": 10, "seeds": 5, "candidates": 20, "epochs": 100}),
    "large": ("measure_large.py", {"rows": 100_000, "columns": 50, "budget": "standard"}),
}
QUICK: dict[str, dict[str, Any]] = {
    "cold": {"rows": 300, "columns": 6, "budget": "quick"},
    "members": {"folds": 10, "seeds": 5, "candidates": 2},
    "large": {"rows": 12_000, "columns": 10, "budget": "quick"},
}


def main() -> None:
    """Measures what is asked for, keeps the results, writes the page."""
    options = _arguments()
    path = RESULTS / f"{machine_slug()}.json"
    results = json.loads(path.read_text()) if path.exists() else {"measured": {}}
    for name in options.only:
        script, task = TASKS[name]
        load = os.getloadavg()[0]
        found = measure(script, "jax", task | (QUICK[name] if options.quick else {})) | {"load_before": load}
        results["measured"][name] = found
        print(f"{name}: {found.get('error') or json.dumps(found)}", flush=True)
    if not options.quick:
        results |= {"machine": describe_machine(), "date": dt.datetime.now(dt.UTC).date().isoformat()}
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(results, indent=1) + "\n")
        write_page(sorted(RESULTS.glob("*.json")), PAGE)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=tuple(TASKS), default=tuple(TASKS), help="parts to measure")
    parser.add_argument("--quick", action="store_true", help="small sizes; nothing is kept")
    return parser.parse_args()


if __name__ == "__main__":
    main()
