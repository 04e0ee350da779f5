"""What it takes to get the numbers again, line by line, for the box and for nobody's memory."""

from collections.abc import Iterator

from tenfold.report.facts import Facts
from tenfold.report.numbers import duration, moment, significant
from tenfold.report.words import counted

__all__ = ["reproducing_lines"]


def reproducing_lines(facts: Facts) -> list[tuple[str, str]]:
    """Name and text of each line; what is not known is left out, what was not measured is said."""
    return [(name, text) for name, text in _lines(facts) if text]


def _lines(facts: Facts) -> Iterator[tuple[str, str]]:
    run, source, repeat = facts.run, facts.run.source, facts.reproducibility
    size = f"{counted(source.num_rows, 'row')} × {counted(source.num_columns, 'column')}, {source.num_bytes:,} bytes"
    yield "command", f"`{run.command}`"
    yield "data", f"{source.file}, {size}, read {moment(source.read_at)}; sha256 `{source.sha256}`"
    yield "sealed", _sealed(facts)
    yield "software", " · ".join(f"{name} {version}" for name, version in run.versions.items())
    yield "machine", _machine(facts)
    yield "training", _training(facts)
    yield "seed", f"{run.seed}, budget {run.budget}"
    yield "changed", " · ".join(repeat.changed)
    yield "again", repeat.again
    yield "not known", " · ".join(repeat.unknown)
    yield "remake", f"`{repeat.remake}`" if repeat.remake else ""
    yield "verify", f"`{repeat.verify}`" if repeat.verify else ""


def _sealed(facts: Facts) -> str:
    protocol = facts.protocol
    if protocol is None or not protocol.num_sealed:
        return ""
    looks = [look for look in protocol.ledger if look.part == "sealed"]
    when = f", {moment(looks[-1].at)}" if looks else ""
    line = f" (ledger line {looks[-1].line})" if looks and looks[-1].line else ""
    seen = counted(protocol.sealed_looks, "look") if protocol.sealed_looks else "not looked at"
    return f"{counted(protocol.num_sealed, 'row')}, {seen}{when}{line}; sha256 `{protocol.sealed_sha256}`"


def _machine(facts: Facts) -> str:
    machine = facts.machine
    if machine is None:
        return ""
    cores = counted(machine.num_cores, "core")
    place = f"{machine.system}, {cores} {machine.processor}, {machine.memory_gib:.0f} GiB, {machine.devices}"
    return " · ".join([place, machine.precision, *machine.choices])


def _training(facts: Facts) -> str:
    work = facts.work
    if work is None:
        return ""
    parts = [counted(work.num_networks, "network")]
    if work.num_programs:
        parts[0] += f" in {counted(work.num_programs, 'program')}"
    if work.num_nonfinite:
        parts.append(f"{work.num_nonfinite:,} stopped as not finite")
    parts.append(duration(facts.run.seconds))
    if work.peak_gib > 0:
        parts.append(f"peak {significant(work.peak_gib)} GiB")
    return ", ".join(parts)
