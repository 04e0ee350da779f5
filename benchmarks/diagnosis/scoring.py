"""From what `examine` said of each program to shares: faults named, named first, and false findings."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from diagnosis.program import Program

__all__ = ["Line", "share_interval", "summary"]

Line = Mapping[str, Any]
"""`program`, `seed`, `findings` (each with `fault` and `severity`, the likeliest first), `seconds` or `error`."""


def summary(programs: Iterable[Program], lines: Iterable[Line]) -> dict[str, Any]:
    """Shares over programs and seeds.

    Args:
        programs: Those that the lines may be about.
        lines: One a program and seed; of other programs they are left out.

    Returns:
        `named` and `first`: share of the faulty runs whose fault, or a name that is accepted for it, is among the
        findings above a tip, or is the first of these, and `own_name`, where no other name counts; `named_interval`
        and `first_interval`: 95 % over programs; `false_findings` a sound run and `false_alarms`, the share of sound
        runs with any, with `false_interval`; `faulty_runs`, `sound_runs`, `errors`, and `seconds` (median of a run);
        `faults`: the same by fault, with what was named first.
    """
    by_name = {program.name: program for program in programs}
    pairs = [(by_name[line["program"]], line) for line in lines if line["program"] in by_name]
    faulty = [(program, line) for program, line in pairs if program.fault]
    sound = [(program, line) for program, line in pairs if not program.fault]
    seconds = [line["seconds"] for _, line in pairs if "seconds" in line]
    return {
        "named": _share(is_named(*pair) for pair in faulty),
        "named_interval": share_interval(_by_program(faulty, is_named)),
        "first": _share(is_first(*pair) for pair in faulty),
        "first_interval": share_interval(_by_program(faulty, is_first)),
        "own_name": _share(is_own_name(*pair) for pair in faulty),
        "false_findings": _share(len(loud(line)) for _, line in sound),
        "false_alarms": _share(bool(loud(line)) for _, line in sound),
        "false_interval": share_interval(_by_program(sound, lambda _, line: bool(loud(line)))),
        "faulty_programs": len({program.name for program, _ in faulty}),
        "sound_programs": len({program.name for program, _ in sound}),
        "faulty_runs": len(faulty),
        "sound_runs": len(sound),
        "errors": sum("error" in line for _, line in pairs),
        "seconds": float(np.median(seconds)) if seconds else float("nan"),
        "faults": _by_fault(faulty),
        "false_names": dict(Counter(fault for _, line in sound for fault in loud(line)).most_common()),
    }


def loud(line: Line) -> list[str]:
    """Faults that were named with more than a tip, the likeliest first."""
    return [one["fault"] for one in line["findings"] if one["severity"] != "tip"]


def is_named(program: Program, line: Line) -> bool:
    """Whether the fault, or an accepted name of it, is among the findings."""
    return any(fault in program.accepted for fault in loud(line))


def is_first(program: Program, line: Line) -> bool:
    """Whether the first finding is the fault, or an accepted name of it."""
    return bool(loud(line)) and loud(line)[0] in program.accepted


def is_own_name(program: Program, line: Line) -> bool:
    """Whether the fault is among the findings by its own name: no other name is accepted."""
    return program.fault in loud(line)


def share_interval(hits: Sequence[Sequence[bool]], *, draws: int = 2000) -> tuple[float, float]:
    """95 % interval of a share by drawing whole programs again, since seeds of one program are alike.

    Args:
        hits: By program, whether each of its seeds hit.
        draws: How often the programs are drawn.

    Returns:
        The 2.5 and 97.5 percentiles, in [0, 1]; NaN where there are no programs.

    >>> share_interval([[True, True], [True]])
    (1.0, 1.0)
    """
    if not hits:
        return (float("nan"), float("nan"))
    sums, sizes = np.array([sum(one) for one in hits]), np.array([len(one) for one in hits])
    drawn = np.random.default_rng(0).integers(0, len(hits), (draws, len(hits)))
    low, high = np.percentile(sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1), [2.5, 97.5])
    return (round(float(low), 4), round(float(high), 4))


def _by_program(pairs: Iterable[tuple[Program, Line]], judge: Any) -> list[list[bool]]:
    hits: dict[str, list[bool]] = defaultdict(list)
    for program, line in pairs:
        hits[program.name].append(judge(program, line))
    return list(hits.values())


def _by_fault(pairs: Iterable[tuple[Program, Line]]) -> dict[str, dict[str, Any]]:
    groups: dict[str, list[tuple[Program, Line]]] = defaultdict(list)
    for program, line in pairs:
        groups[str(program.fault)].append((program, line))
    return {
        fault: {
            "programs": len({program.name for program, _ in group}),
            "runs": len(group),
            "named": _share(is_named(*pair) for pair in group),
            "first": _share(is_first(*pair) for pair in group),
            "own_name": _share(is_own_name(*pair) for pair in group),
            "first_names": dict(Counter((loud(line) or ["nothing"])[0] for _, line in group).most_common()),
        }
        for fault, group in sorted(groups.items())
    }


def _share(values: Iterable[float]) -> float:
    values = list(values)
    return round(float(np.mean(values)), 4) if values else float("nan")
