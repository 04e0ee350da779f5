"""Does the fault hurt? Trains programs as they stand and scores them on new rows, the mutants beside their twins.

    python benchmarks/diagnosis/harm.py --seeds 3   # all; lines go to .benchmarks/diagnosis/harm.jsonl
    python benchmarks/diagnosis/harm.py --only circles_hinge

Programs that were measured before are left out; `--again` measures them anew.
"""

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))

import keras  # noqa: E402
from diagnosis.catalogue import chosen  # noqa: E402
from diagnosis.program import Program, score_of  # noqa: E402

KEPT = ROOT / ".benchmarks" / "diagnosis" / "harm.jsonl"


def trained_score(program: Program, seed: int) -> dict[str, Any]:
    """Score on new rows of the program, trained as its user would, and what its loss did."""
    start = time.perf_counter()
    try:
        score, losses = _trained(program, seed)
    except Exception as problem:  # noqa: BLE001  # some faults end in an error of Keras: that is their harm
        return {
            "program": program.name,
            "seed": seed,
            "error": f"{type(problem).__name__}: {problem}"[:200],
            "score": 0.0,
        }
    seconds = time.perf_counter() - start
    return {"program": program.name, "seed": seed, "score": score, "losses": losses, "seconds": round(seconds, 2)}


def _trained(program: Program, seed: int) -> tuple[float, list[float]]:
    from tenfold.engine.train import fit

    rows = program.rows(seed)
    keras.utils.set_random_seed(seed)
    model = program.build()
    history = fit(
        model,
        rows.x,
        rows.y,
        epochs=program.epochs,
        batch_size=program.batch_size,
        validation_data=rows.validation,
        verbose=0,
    ).history
    predictions = model.predict(rows.held_x, verbose=0, batch_size=512)
    ends = (history["loss"][0], history["loss"][-1], history.get("val_loss", [None])[-1])
    return score_of(program, predictions, rows.held_y), [None if one is None else float(one) for one in ends]


def main() -> None:
    """Measures what is asked for and not yet known."""
    options = _arguments()
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.loads(line) for line in KEPT.read_text().splitlines()] if KEPT.exists() else []
    known = set() if options.again else {(line["program"], line["seed"]) for line in lines}
    for program in chosen(options):
        for seed in range(options.seeds):
            if (program.name, seed) in known:
                continue
            found = trained_score(program, seed)
            with KEPT.open("a") as file:
                file.write(json.dumps(found) + "\n")
            print(json.dumps(found), flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--again", action="store_true", help="measure known programs anew")
    from diagnosis.catalogue import add_choices

    add_choices(parser)
    return parser.parse_args()


if __name__ == "__main__":
    main()
