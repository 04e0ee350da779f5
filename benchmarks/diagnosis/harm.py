"""Does the fault hurt? Trains programs as they stand and scores them on new rows, the mutants beside their twins.

    python benchmarks/diagnosis/harm.py --seeds 3   # all; lines go to .benchmarks/diagnosis/harm.jsonl
    python benchmarks/diagnosis/harm.py --only circles_hinge

Programs that were measured before are left out; `--again` measures them anew. `--publish` turns the lines into
`benchmarks/results/diagnosis/harm.json` and the page.
"""

import argparse
import datetime as dt
import json
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))

import jax  # noqa: E402
import keras  # noqa: E402
from diagnosis.catalogue import add_choices, chosen  # noqa: E402
from diagnosis.diagnosis_page import write_page  # noqa: E402
from diagnosis.program import PROGRAMS, Program, score_of  # noqa: E402
from diagnosis.reference import reference_score  # noqa: E402
from diagnosis.sound import SOUND  # noqa: E402
from machine import describe_machine  # noqa: E402

PROGRAMS_KEPT = 20
"""Compiled programs stay in memory: they are thrown away after so many trainings."""

RESULTS = ROOT / "benchmarks" / "results" / "diagnosis"
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
        fuse=False,
        verbose=0,
    ).history
    predictions = model.predict(rows.held_x, verbose=0, batch_size=512)
    ends = (history["loss"][0], history["loss"][-1], history.get("val_loss", [None])[-1])
    return score_of(program, predictions, rows.held_y), [None if one is None else float(one) for one in ends]


def _references() -> dict[str, float]:
    """What scikit-learn reaches on the sound programs; known scores are kept beside the lines."""
    kept = KEPT.with_name("reference.json")
    known: dict[str, float] = json.loads(kept.read_text()) if kept.exists() else {}
    for program in SOUND:
        if program.name not in known:
            known[program.name] = round(reference_score(program, 0), 3)
            kept.write_text(json.dumps(known))
    return {program.name: known[program.name] for program in SOUND}


def publish() -> None:
    """Writes the scores of all programs that still exist, and the page."""
    lines = [line for line in map(json.loads, KEPT.read_text().splitlines()) if line["program"] in PROGRAMS]
    scores: dict[str, dict[int, float | None]] = {}
    for line in lines:
        scores.setdefault(line["program"], {})[line["seed"]] = None if "error" in line else round(line["score"], 4)
    kept = {name: [scores[name][seed] for seed in sorted(scores[name])] for name in PROGRAMS if name in scores}
    results = {"machine": describe_machine(), "date": dt.datetime.now(dt.UTC).date().isoformat(), "scores": {}}
    fused = {(line["program"], line["seed"]): line.get("fused", False) for line in lines}
    results |= {"runs": len(fused), "fused_runs": sum(fused.values()), "scikit_learn": _references()}
    rows = ",\n  ".join(f"{json.dumps(name)}: {json.dumps(one)}" for name, one in kept.items())
    RESULTS.mkdir(parents=True, exist_ok=True)
    text = json.dumps(results, indent=1).replace('"scores": {}', f'"scores": {{\n  {rows}\n }}')
    (RESULTS / "harm.json").write_text(text + "\n")
    write_page(RESULTS, ROOT / "docs" / "diagnosis.md")


def main() -> None:
    """Measures what is asked for and not yet known."""
    options = _arguments()
    if options.publish:
        publish()
        return
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.loads(line) for line in KEPT.read_text().splitlines()] if KEPT.exists() else []
    known = set() if options.again else {(line["program"], line["seed"]) for line in lines}
    tasks = [(program, seed) for seed in range(options.seeds) for program in chosen(options)]
    for number, (program, seed) in enumerate(task for task in tasks if (task[0].name, task[1]) not in known):
        found = trained_score(program, seed)
        with KEPT.open("a") as file:
            file.write(json.dumps(found) + "\n")
        print(json.dumps(found), flush=True)
        if number % PROGRAMS_KEPT == 0:
            keras.backend.clear_session()
            jax.clear_caches()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--again", action="store_true", help="measure known programs anew")
    parser.add_argument("--publish", action="store_true", help="write the results and the page")
    add_choices(parser)
    return parser.parse_args()


if __name__ == "__main__":
    main()
