"""How good the networks of `tenfold run` are on real tables, beside their rivals on the same outer folds.

    TENFOLD_DATA=../shared/data python benchmarks/quality.py             # what is missing, then the page
    python benchmarks/quality.py --only rivals --tables iris boston      # a part
    python benchmarks/quality.py --only tenfold                          # our runs again; rivals are kept

Rivals' predictions are kept under `.benchmarks/quality`, by table, folds, rival and its version: only what changed is
fitted again. Results are in `benchmarks/results/quality/`, one file a machine, and as a page in `docs/quality.md`.
"""

import argparse
import ast
import datetime as dt
import hashlib
import inspect
import json
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from environments import PACKAGES, ROOT, python_of
from machine import describe_machine, machine_slug
from outer_folds import BUDGET, folds_as_json, hash_folds, outer_rows, question_of
from processes import measure
from quality_page import write_page
from rivals import RIVALS, Rival
from shared_tables import TABLES, SharedTable, data_folder

from tenfold.evaluation.scoring import OuterRows
from tenfold.question.posing import Question

RESULTS = ROOT / "benchmarks" / "results" / "quality"
KEPT = ROOT / ".benchmarks" / "quality"
PAGE = ROOT / "docs" / "quality.md"
TUNED_TREES = "the boosted trees that the run itself compares with: their size is chosen on inner rows"


@dataclass(frozen=True)
class Ready:
    """A table with its folds, written down for the rivals.

    Args:
        table: Which one.
        question: As the run poses it.
        rows: Outer folds, which score.
        folder: Where inputs, target, folds and the rivals' predictions are.
        folds_sha256: Name of the folds.
    """

    table: SharedTable
    question: Question
    rows: OuterRows
    folder: Path
    folds_sha256: str


def main() -> None:
    """Measures what is asked for, keeps the results, writes the page."""
    options = _arguments()
    folder = data_folder()
    ready = [_prepared(one, folder) for one in TABLES if one.name in options.tables]
    for rival in RIVALS if "rivals" in options.only else ():
        for one in ready:
            if rival.name in options.rivals and _is_meant_for(rival, one):
                _fit_missing(one, rival)
                _keep(one)
    for one in ready:
        _keep(one, _our_run(one) if "tenfold" in options.only else None)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = tuple(one.name for one in TABLES)
    rivals = tuple(one.name for one in RIVALS)
    parser.add_argument("--only", nargs="*", choices=("rivals", "tenfold"), default=("rivals", "tenfold"))
    parser.add_argument("--tables", nargs="+", choices=names, default=names)
    parser.add_argument("--rivals", nargs="+", choices=rivals, default=rivals)
    return parser.parse_args()


def _prepared(table: SharedTable, data: Path) -> Ready:
    """The table's folds, with everything that a rival needs in a folder."""
    loaded = table.load(data)
    question = question_of(loaded, table.target)
    rows = outer_rows(question)
    plain = folds_as_json(rows.folds)
    sha256 = hash_folds(loaded.source.sha256, plain)
    folder = KEPT / table.name / sha256[:12]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "folds.json").write_text(json.dumps(plain) + "\n", encoding="utf-8")
    question.inputs.to_parquet(folder / "inputs.parquet", index=False)
    np.save(folder / "target.npy", np.asarray(question.target))
    return Ready(table, question, rows, folder, sha256)


def _facts_of(ready: Ready, known: dict[str, Any]) -> dict[str, Any]:
    """What the page says of a table; scores on other folds are forgotten."""
    question, measure_ = ready.question, ready.question.measures.primary
    same = known.get("folds_sha256") == ready.folds_sha256
    return {
        "rows": question.table.source.num_rows,
        "columns": question.inputs.shape[1],
        "kind": question.problem.kind,
        "measure": measure_.short,
        "better": measure_.better,
        "protocol": question.protocol.kind,
        "num_folds": len(ready.rows.folds),
        "rows_ratio": ready.rows.rows_ratio,
        "is_redrawn": ready.rows.is_redrawn,
        "no_skill": measure_.no_skill(question.target[question.rows.working]),
        "left_out": dict(ready.table.left_out),
        "folds_sha256": ready.folds_sha256,
        "methods": known["methods"] if same else {},
    }


def _fit_missing(ready: Ready, rival: Rival) -> None:
    """Fit a rival on the folds that it has no predictions for."""
    place = ready.folder / _key(rival)
    if all((place / f"{number}.npz").exists() for number in range(len(ready.rows.folds))):
        return
    python_of(rival.backend)
    found = measure(
        "fit_rival.py",
        rival.backend,
        {
            "folder": str(ready.folder),
            "key": _key(rival),
            "table": ready.table.name,
            "rival": rival.name,
            "num_classes": len(ready.question.problem.labels),
        },
    )
    if "error" not in found:
        (place / "cores").write_text(str(found["cores"]))
    print(
        f"{ready.table.name:14} {rival.name:12} {found.get('error') or format(found['wall_seconds'], '.1f')}",
        flush=True,
    )


def _key(rival: Rival) -> str:
    """Name of a rival's predictions: other packages or another way to make it, another name."""
    pinned = dict(one.split("==") for one in PACKAGES.get(rival.backend, []))
    versions = [f"{name}=={pinned.get(name) or version(name)}" for name in rival.packages]
    made = hashlib.sha256("\n".join([*versions, _made_by(rival)]).encode()).hexdigest()
    return f"{rival.name}-{made[:12]}"


def _made_by(rival: Rival) -> str:
    """What its function does, without comments and layout."""
    return ast.dump(ast.parse(inspect.getsource(rival.make)))


def _keep(ready: Ready, ours: dict[str, Any] | None = None) -> None:
    """Write the scores of a table beside those of the others, which another process may just measure; then the page."""
    path = RESULTS / f"{machine_slug()}.json"
    results = json.loads(path.read_text()) if path.exists() else {"tables": {}}
    table = _facts_of(ready, results["tables"].get(ready.table.name, {}))
    table["methods"] = {name: table["methods"].get(name) for name in ("tenfold", "tuned_trees")} | {
        rival.name: _scored(ready, ready.folder / _key(rival)) for rival in RIVALS if _is_meant_for(rival, ready)
    }
    if ours is not None:
        table["methods"] |= {"tuned_trees": ours.pop("trees", {"error": "no run"}), "tenfold": ours}
    table["methods"] = {name: found for name, found in table["methods"].items() if found is not None}
    results["tables"] = {
        one.name: table if one.name == ready.table.name else results["tables"].get(one.name)
        for one in TABLES
        if one.name == ready.table.name or one.name in results["tables"]
    }
    results |= {"machine": describe_machine(), "date": dt.datetime.now(dt.UTC).date().isoformat()}
    results["rivals"] = {one.name: one.words for one in RIVALS} | {"tuned_trees": TUNED_TREES}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".part").write_text(json.dumps(results, indent=1) + "\n")
    path.with_suffix(".part").replace(path)
    write_page(sorted(RESULTS.glob("*.json")), PAGE)


def _is_meant_for(rival: Rival, ready: Ready) -> bool:
    return not rival.measures or ready.question.measures.primary.key in rival.measures


def _scored(ready: Ready, place: Path) -> dict[str, Any] | None:
    """Scores of a rival by the run's own measure on the run's own rows; None where folds are missing."""
    paths = [place / f"{number}.npz" for number in range(len(ready.rows.folds))]
    if not all(path.exists() for path in paths):
        return None
    folds = [np.load(path) for path in paths]
    scores = ready.rows.score([(fold["prediction"],) for fold in folds]).table
    return {
        "scores": scores.tolist(),
        "wall_seconds": float(sum(fold["seconds"] for fold in folds)),
        "cpu_seconds": float(sum(fold["cpu_seconds"] for fold in folds)),
        "cores": int((place / "cores").read_text()) if (place / "cores").exists() else None,
    }


def _our_run(ready: Ready) -> dict[str, Any]:
    found = measure("measure_run.py", "jax", {"table": ready.table.name, "budget": BUDGET})
    shown = found.get("error") or f"{np.nanmean(found['scores']):.4g}, {found['wall_seconds']:.1f} s"
    print(f"{ready.table.name:14} tenfold      {shown}", flush=True)
    return found


if __name__ == "__main__":
    main()
