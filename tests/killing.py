"""Kills a run with SIGKILL at random moments until it has died often enough, then lets it finish. Not a test itself.

    python killing.py TABLE.csv TARGET FOLDER KILLS SEED

Libraries are loaded once; each run is a fork of this process, so that a kill costs a second and not five. What is
printed: the number of kills, and how many of them hit a run that had finished something.
"""

import os
import random
import signal
import sys
import time
import traceback
from pathlib import Path

import tenfold.answering.answer  # noqa: F401  # heavy: loaded before the first fork
from tenfold.progress import silence
from tenfold.workflow import run


def work(table: str, target: str, folder: Path) -> None:
    """One run, in a process of its own; what it complains of is kept beside its folder."""
    log = os.open(folder.with_name("killed.log"), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 2)
    try:
        run(table, target, out=folder, budget="quick", progress=silence)
    except BaseException:  # noqa: BLE001 (told, then over)
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def has_finished_something(folder: Path) -> bool:
    """Whether there is a stage that the next run can read."""
    return (folder / "work").is_dir() and any((folder / "work").iterdir())


def main(table: str, target: str, folder: Path, kills: int, seed: int) -> None:
    """Kill it so often, at moments spread over the whole of a run."""
    moments = random.Random(seed)  # noqa: S311 (moments, not secrets)
    done, continued, longest = 0, 0, 4.0
    while done < kills:
        continued += has_finished_something(folder)
        process = os.fork()
        if process == 0:
            work(table, target, folder)
        began = time.monotonic()
        moment = began + moments.uniform(0.0, longest)
        while time.monotonic() < moment:
            if os.waitpid(process, os.WNOHANG)[0]:
                break
            time.sleep(0.002)
        else:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
            done += 1
            if not has_finished_something(folder):
                longest *= 1.25  # a slow or busy machine: give it longer
            continue
        # It finished before its moment came: whoever is killed next begins in another folder.
        longest = max(1.0, 0.8 * (time.monotonic() - began))
        if done < kills:
            elsewhere = folder.parent.with_name(f"finished-after-{done}")  # runs that lie side by side count looks
            elsewhere.mkdir()
            folder.rename(elsewhere / folder.name)
    process = os.fork()
    if process == 0:
        work(table, target, folder)
    status = os.waitpid(process, 0)[1]
    print(done, continued)  # noqa: T201
    sys.exit(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5]))
