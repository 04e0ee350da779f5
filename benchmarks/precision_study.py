"""The study of numeric precision, measured: heads on three kinds of data, frozen losses, the missing sigmoid.

    TENFOLD_DATA=../shared/data python benchmarks/precision_study.py     # about ten minutes on two cores
    python benchmarks/precision_study.py --only study raw_digits         # what needs no data of others

Numbers go to `benchmarks/results/precision/`, one file a machine, figures to `docs/figures/`, the page to
`docs/precision.md`.
"""

import argparse
import datetime as dt
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from environments import ROOT
from machine import describe_machine, machine_slug
from precision_page import write_page

RESULTS = ROOT / "benchmarks" / "results" / "precision"
FIGURES = ROOT / "docs" / "figures" / "precision"
PAGE = ROOT / "docs" / "precision.md"
SEEDS = 20
PHOTO_SEEDS = 10
REVIEWS = Path("imdb") / "imdb_reviews_5000.csv"


def main() -> None:
    """Measures what is asked for, keeps numbers and figures, writes the page."""
    options = _arguments()
    path = RESULTS / f"{machine_slug()}.json"
    results = json.loads(path.read_text()) if path.exists() else {"measured": {}}
    for name in options.only:
        began, load = time.perf_counter(), os.getloadavg()[0]
        found = PARTS[name]()
        results["measured"][name] = found | {"seconds": time.perf_counter() - began, "load_before": load}
        print(f"{name}: {results['measured'][name]['seconds']:.0f} s", flush=True)
        results |= {"machine": describe_machine(), "date": dt.datetime.now(dt.UTC).date().isoformat()}
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(results, indent=1, allow_nan=False) + "\n")
    write_page(sorted(RESULTS.glob("*.json")), PAGE)


def measure_study() -> dict[str, Any]:
    """Walls, round trip, both ways, heads on digits, starts, frozen losses."""
    from tenfold.precision.studying import study

    found = study(seeds=SEEDS)
    for name, figure in found.figures().items():
        _keep(name, figure)
    return found.as_dict()


def measure_heads(data: str, seeds: int) -> dict[str, Any]:
    """Both heads on one kind of data."""
    from tenfold.precision.heads import compare_heads
    from tenfold.precision.study_figures import figure_of_pairs
    from tenfold.precision.study_table import heads_as_numbers
    from tenfold.precision.studying import as_plain
    from tenfold.precision.tasks import find_task

    heads = compare_heads(find_task(data), num_seeds=seeds)
    _keep(f"pairs_{data}", figure_of_pairs(heads))
    found: dict[str, Any] = as_plain(heads_as_numbers(heads))
    return found


def measure_missing_sigmoid() -> dict[str, Any]:
    """The text convnet without sigmoid, on 2,500 reviews of films and 1,250 to look at."""
    import pandas as pd

    from tenfold.precision.missing_sigmoid import as_numbers, tell_missing_sigmoid
    from tenfold.views.precision_training import plot_missing_sigmoid

    reviews = pd.read_csv(Path(os.environ["TENFOLD_DATA"]) / REVIEWS)
    is_train = (reviews["split"] == "train").to_numpy()
    train, held_out = np.flatnonzero(is_train), np.flatnonzero(~is_train)[::2]
    labels = (reviews["sentiment"] == "positive").to_numpy(np.float32)[:, None]
    texts = as_numbers(reviews["review"].tolist(), train)
    story = tell_missing_sigmoid(texts, labels, train, held_out, num_seeds=8)
    titles = {"no_sigmoid": "no sigmoid", "sigmoid": "sigmoid", "from_logits": "logits with their loss"}
    _keep("missing_sigmoid", plot_missing_sigmoid(titles, story.accuracy, story.rounded, ~story.born_frozen))
    return _medians(story) | {"num_train": len(train), "num_held_out": len(held_out)}


def _medians(story: Any) -> dict[str, Any]:
    """Medians by epoch over the seeds that learned without sigmoid, and what the frozen ones lose."""
    learned = ~story.born_frozen
    names = ("loss", "accuracy", "rounded", "val_accuracy", "val_rounded")
    series = {
        name: {variant: np.median(lines[learned], axis=0).tolist() for variant, lines in getattr(story, name).items()}
        for name in names
    }
    frozen = story.loss["no_sigmoid"][story.born_frozen]
    return series | {
        "num_seeds": len(learned),
        "num_frozen": int((~learned).sum()),
        "frozen_loss": frozen[:, -1].tolist(),
    }


def _keep(name: str, figure: Any) -> None:
    FIGURES.mkdir(parents=True, exist_ok=True)
    figure.savefig(FIGURES / f"{name}.svg", metadata={"Date": None})


PARTS: dict[str, Callable[[], dict[str, Any]]] = {
    "study": measure_study,
    "raw_digits": lambda: measure_heads("raw_digits", SEEDS),
    "cats_dogs": lambda: measure_heads("cats_dogs", PHOTO_SEEDS),
    "missing_sigmoid": measure_missing_sigmoid,
}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=tuple(PARTS), default=tuple(PARTS), help="parts to measure")
    return parser.parse_args()


if __name__ == "__main__":
    main()
