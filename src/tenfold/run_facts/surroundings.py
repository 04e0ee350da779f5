"""What a run stood on: versions, machine, memory, and what it takes to repeat it."""

import os
import platform
import shlex
import sys
from pathlib import Path

import jax

from tenfold.nested.results import Tally
from tenfold.problem.definition import Problem
from tenfold.report.facts import Machine, Reproducibility, Work
from tenfold.run_folder.folder import Asked

__all__ = ["command_of", "machine_facts", "reproducibility_facts", "work_facts"]

if sys.platform != "win32":  # where the standard library cannot tell the peak of memory
    import resource


def machine_facts() -> Machine:
    """The machine as far as it tells."""
    gpus = [device.device_kind for device in jax.devices() if device.platform != "cpu"]
    return Machine(
        f"{platform.system()} {platform.machine()}",
        _processor(),
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        _memory_gib(),
        devices=", ".join(gpus) or "no GPU",
    )


def work_facts(tally: Tally, num_settings: int) -> Work:
    """How much was trained.

    Args:
        tally: Of all populations.
        num_settings: Sizes and trials that were tried.

    Returns:
        The facts, with the peak of this process's memory so far.
    """
    return Work(
        tally.num_members,
        tally.num_programs,
        tally.num_stopped,
        tally.num_nonfinite,
        num_settings,
        tally.compile_seconds,
        _peak_gib(),
    )


def reproducibility_facts(folder: Path, problem: Problem) -> Reproducibility:
    """What it takes to get the numbers again."""
    fused = "last layer and loss are trained as one, on logits; the saved network answers probabilities"
    return Reproducibility(
        changed=(fused,) if "crossentropy" in problem.last_layer.loss else (),
        again="same command, same machine: same numbers; on another machine last digits may differ",
        unknown=("energy not measured",),
        remake=shlex.join(["tenfold", "report", str(folder)]),
        verify=shlex.join(["tenfold", "verify", str(folder)]),
    )


def command_of(asked: Asked, kind: str, card: str = "") -> str:
    """The run as it would be typed again.

    Args:
        asked: The question.
        kind: `"csv"`, `"parquet"`, `"example"` or `"frame"`.
        card: The card's file, where one was named; the one beside the table is found again.

    Returns:
        A command, or for a frame a call.
    """
    if kind == "frame":
        target = asked.targets[0] if len(asked.targets) == 1 else list(asked.targets)
        chosen = asked.options.chosen | ({"card": card} if card else {})
        options = "".join(f", {name}={_typed(value)}" for name, value in chosen.items())
        return f"tenfold.run({asked.source}, {target!r}{options})"
    targets = (word for target in asked.targets for word in ("--target", target))
    what = ["--example", asked.source] if kind == "example" else [asked.source, *targets]
    return shlex.join(["tenfold", "run", *what, *asked.options.words(), *(["--card", card] if card else [])])


def _typed(value: object) -> str:
    return repr(list(value)) if isinstance(value, tuple) else repr(value)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown processor"
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _peak_gib() -> float:
    """Largest memory of this process so far; NaN where the system does not tell."""
    if sys.platform == "win32":
        return float("nan")
    unit = 1 if sys.platform == "darwin" else 1024  # bytes there, kibibytes elsewhere
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**30


def _memory_gib() -> float:
    if not hasattr(os, "sysconf") or "SC_PHYS_PAGES" not in os.sysconf_names:
        return float("nan")
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
