"""Measures Tenfold against its rivals: one command, one process a measurement, one after another.

    python benchmarks/run.py              # everything; about an hour on two cores. Let the machine do nothing else.
    python benchmarks/run.py --quick      # the same with few repetitions, to see that it works
    python benchmarks/run.py --only steps --workloads convnet

Results are kept in `benchmarks/results/`, one file a machine, and as tables in `docs/benchmarks.md`.
"""

import argparse
import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

from environments import ROOT, python_of
from machine import accelerator, describe_machine, machine_slug
from processes import measure
from tables import write_page
from workloads import WORKLOADS

RESULTS = ROOT / "benchmarks" / "results"
PARTS = ("steps", "folds", "boundary")
SETTINGS: dict[str, list[dict[str, Any]]] = {
    "jax": [{"steps_per_execution": 1}, {"steps_per_execution": 32}],
    "tensorflow": [
        {"jit_compile": compiled, "steps_per_execution": steps} for compiled in (False, True) for steps in (1, 32)
    ],
    "torch": [{"jit_compile": False}, {"jit_compile": True}],
}
"""What Keras' manual offers for speed, backend by backend; the tables show each backend's best."""

WIDTHS_OF_MLP = {"houses": [64, 64], "digits": [512]}
BOUNDARY_WIDTHS = (32, 128, 512, 2048)
BOUNDARY_BATCHES = (16, 128)

Asked = tuple[str, str, dict[str, Any]]
"""Script, backend, task."""


def main() -> None:
    """Measures, keeps the results, writes the page."""
    options = _arguments()
    for backend in _backends():
        python_of(backend)
    path = RESULTS / f"{machine_slug()}.json"
    results = json.loads(path.read_text()) if path.exists() else {"measured": {}}
    results |= {"machine": describe_machine(), "date": dt.datetime.now(dt.UTC).date().isoformat()}
    for part in options.only:
        found = [_measured(asked) for asked in _plan(part, options, results["measured"])]
        results["measured"][part] = found
        if not options.quick:
            RESULTS.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(results, indent=1) + "\n")
    if not options.quick:
        write_page(sorted(RESULTS.glob("*.json")), ROOT / "docs" / "benchmarks.md")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="few repetitions; nothing is kept")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="parts to measure")
    parser.add_argument("--workloads", nargs="+", choices=tuple(WORKLOADS), default=tuple(WORKLOADS))
    parser.add_argument("--repeats", type=int, default=5, help="timed repetitions of each measurement")
    options = parser.parse_args()
    if options.quick:
        options.repeats = 1
    return options


def _backends() -> tuple[str, ...]:
    """Keras' backends here; on an accelerator only JAX, as the other environments hold CPU builds."""
    return ("jax",) if accelerator() else ("jax", "tensorflow", "torch")


def _plan(part: str, options: argparse.Namespace, measured: dict[str, Any]) -> Iterator[Asked]:
    if part == "steps":
        for name in options.workloads:
            yield from _plan_steps(name, options.repeats)
    elif part == "folds":
        yield from _plan_folds(3 if options.quick else 100, options.repeats, measured.get("steps", []))
    else:
        yield from _plan_boundary(options.repeats, BOUNDARY_WIDTHS[:1] if options.quick else BOUNDARY_WIDTHS)


def _plan_steps(name: str, repeats: int) -> Iterator[Asked]:
    """One step of one network, by everyone."""
    task = {"workload": name, "repeats": repeats}
    for backend in _backends():
        for settings in SETTINGS[backend]:
            yield "measure_keras.py", backend, task | {"measure": "steps", "compile_arguments": settings}
    for style in ("scan", "loop"):
        yield "measure_jax.py", "jax", task | {"style": style}
    if name in WIDTHS_OF_MLP:
        yield "measure_sklearn.py", "jax", task | {"widths": WIDTHS_OF_MLP[name]}
    for num_members, mode in ((0, "auto"), (1, "auto"), *((_num_members(), mode) for mode in ("auto", "map", "vmap"))):
        yield "measure_tenfold.py", "jax", task | {"measure": "steps", "num_members": num_members, "mode": mode}


def _num_members() -> int:
    return 100 if accelerator() else 10


def _plan_folds(epochs: int, repeats: int, steps: list[dict[str, Any]]) -> Iterator[Asked]:
    """Ten folds of the house-price network against one fit, in turn, in new processes each time; a loop of ten once."""
    task = {"workload": "houses", "epochs": epochs}
    settings = {backend: best_settings(steps, backend) for backend in _backends()}
    for repeat in range(repeats):
        yield "measure_tenfold.py", "jax", task | {"measure": "folds", "num_fits": 10}
        for backend in _backends():
            for num_fits in (1,) if repeat else (1, 10):
                asked = {"measure": "fits", "num_fits": num_fits, "compile_arguments": settings[backend]}
                yield "measure_keras.py", backend, task | asked


def _plan_boundary(repeats: int, widths: tuple[int, ...]) -> Iterator[Asked]:
    """Steps of dense networks of growing width, alone with Keras on JAX and TensorFlow and as ten members."""
    for batch_size in BOUNDARY_BATCHES:
        for width in widths:
            task = {"workload": f"dense-{width}-{batch_size}", "repeats": repeats, "measure": "steps"}
            yield "measure_tenfold.py", "jax", task | {"num_members": 10, "mode": "auto"}
            for backend in _backends()[:2]:
                settings = {"jit_compile": True, "steps_per_execution": 32}
                yield "measure_keras.py", backend, task | {"compile_arguments": settings}


def best_settings(steps: list[dict[str, Any]], backend: str) -> dict[str, Any]:
    """The settings with which this backend trained the house-price network fastest; Keras' own where none was tried."""
    tried = [
        found
        for found in steps
        if found["backend"] == backend
        and found["workload"] == "houses"
        and found.get("compile_arguments")
        and "error" not in found
    ]
    return min(tried, key=lambda found: min(found["step_seconds"]))["compile_arguments"] if tried else {}


def _measured(asked: Asked) -> dict[str, Any]:
    """Runs one measurement and says what came out."""
    script, backend, task = asked
    found = {"script": script} | measure(script, backend, task)
    times = found.get("step_seconds") or found.get("fit_seconds")
    shown = found.get("error") or f"{1e3 * min(times):10.4g} ms, {found['wall_seconds']:.1f} s in all"
    what = {key: value for key, value in task.items() if key not in ("repeats", "measure")}
    print(f"{script.removeprefix('measure_').removesuffix('.py'):8} {backend:10} {what} {shown}", flush=True)
    return found


if __name__ == "__main__":
    main()
