"""The networks of Chollet's book, trained by Tenfold and by Keras: what they reach and how long they take.

    TENFOLD_DATA=../shared/data python benchmarks/book.py               # everything that is missing, then the page
    TENFOLD_DATA=../shared/data python benchmarks/book.py --ways tenfold --tasks houses --seeds 5
    python benchmarks/book.py --publish                                 # the page again, from the results

Each training has a process of its own; what was measured is kept in `benchmarks/results/book/` and not measured again.
"""

import argparse
import datetime as dt
import json
from pathlib import Path
from typing import Any

from book_page import write_page
from book_tasks import TASKS
from machine import describe_machine, machine_slug
from processes import measure

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results" / "book"
PAGE = ROOT / "docs" / "book-networks.md"

WAYS = {"tenfold": "jax", "keras on jax": "jax", "keras on tensorflow": "tensorflow"}
"""A way of training, and the backend of its process."""


def main() -> None:
    """Measures what is missing and writes the page."""
    asked = _arguments()
    path = RESULTS / f"{machine_slug()}.json"
    found = json.loads(path.read_text()) if path.exists() else {"machine": describe_machine(), "trainings": []}
    if not asked.publish:
        for name in asked.tasks:
            for way in asked.ways:
                for seed in range(asked.seeds):
                    _measure(found, path, name, way, seed)
    write_page(sorted(RESULTS.glob("*.json")), PAGE)


def _measure(found: dict[str, Any], path: Path, name: str, way: str, seed: int) -> None:
    key = {"name": name, "way": way, "seed": seed}
    if any(all(one[word] == value for word, value in key.items()) for one in found["trainings"]):
        return
    began = describe_machine()["load_before"]
    told = measure("measure_book.py", WAYS[way], key)
    kept = {word: told.get(word) for word in ("scores", "seconds", "curve", "wall_seconds", "peak_bytes", "error")}
    found["trainings"].append(key | kept | {"load_before": began})
    found["measured"] = dt.datetime.now(tz=dt.UTC).date().isoformat()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found, indent=1) + "\n")
    print(f"{name:16} {way:20} seed {seed}: {kept['scores'] or kept['error']} in {kept['seconds']}", flush=True)


def _arguments() -> argparse.Namespace:
    names = [one.name for one in TASKS]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tasks", nargs="+", choices=names, default=names)
    parser.add_argument("--ways", nargs="+", choices=list(WAYS), default=list(WAYS))
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--publish", action="store_true", help="only write the page")
    return parser.parse_args()


if __name__ == "__main__":
    main()
