"""One `tenfold run` on a generated table, imports and compilation included: how long, in how much memory."""

import tempfile
import time
from pathlib import Path

from large_table import large_table
from processes import answer, task

import tenfold
from tenfold.progress import Event, StepFinished, silence


def main() -> None:
    """Answers the task: rows, columns, budget."""
    asked = task()
    steps: dict[str, float] = {}

    def listen(event: Event) -> None:
        silence(event)
        if isinstance(event, StepFinished):
            steps[event.name] = event.seconds
            print(f"{event.name}: {event.seconds:.1f} s", flush=True)

    frame = large_table(asked["rows"], asked["columns"])
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        frame.to_csv(path, index=False)
        del frame
        run = tenfold.run(path, "price", out=Path(folder) / "run", budget=asked["budget"], progress=listen)
    answer(
        run_seconds=time.perf_counter() - start,
        steps=steps,
        headline=run.verdict.headline,
        num_networks=run.facts.work.num_networks if run.facts.work else 0,
    )


if __name__ == "__main__":
    main()
