"""One measurement, one process: nothing compiled, cached or allocated before may help or hurt it."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from environments import python_of

HERE = Path(__file__).resolve().parent
ANSWER = "measured: "


def measure(script: str, backend: str, task: dict[str, Any]) -> dict[str, Any]:
    """Runs a script of this folder in a process of its own.

    Args:
        script: Its file name.
        backend: Keras' backend in that process: `jax`, `tensorflow` or `torch`.
        task: What the script is asked, as JSON.

    Returns:
        The task, what the script answered, `wall_seconds` and `cpu_seconds` (summed over cores) of the whole process
        with its imports, and `peak_bytes`, the most memory it held. A failure answers `error` instead.
    """
    command = [str(python_of(backend)), str(HERE / script), json.dumps(task)]
    with tempfile.TemporaryDirectory() as cache, tempfile.TemporaryFile("w+") as output:
        environment = os.environ | {
            "KERAS_BACKEND": backend,
            "TENFOLD_CACHE": cache,
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "TF_ENABLE_ONEDNN_OPTS": "1",
        }
        start = time.perf_counter()
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        wall_seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read()
    whole = {
        "backend": backend,
        **task,
        "wall_seconds": wall_seconds,
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "peak_bytes": usage.ru_maxrss * 1024,
    }
    answers = [line for line in text.splitlines() if line.startswith(ANSWER)]
    if process.returncode or not answers:
        return whole | {"error": text.strip().splitlines()[-1][:300] if text.strip() else f"exit {process.returncode}"}
    return whole | json.loads(answers[-1].removeprefix(ANSWER))


def task() -> dict[str, Any]:
    """What this process was asked."""
    asked: dict[str, Any] = json.loads(sys.argv[1])
    return asked


def answer(**values: Any) -> None:
    """Tells the process that asked; with the most memory held on an accelerator, where JAX ran on one."""
    if "jax" in sys.modules:
        statistics = sys.modules["jax"].devices()[0].memory_stats() or {}
        values["device_peak_bytes"] = statistics.get("peak_bytes_in_use")
    print(ANSWER + json.dumps(values), flush=True)
