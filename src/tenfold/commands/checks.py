"""The commands around the checks: `examine` and `repair`."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from tenfold.command_line.exit_code import ExitCode
from tenfold.command_line.session import Manner, working
from tenfold.errors import OptionError
from tenfold.progress import Note
from tenfold.writing import writing

__all__ = ["examine_command", "repair_command"]

DEFAULT_EPOCHS, DEFAULT_BATCH_SIZE = 10, 32
"""What `tenfold.examine` takes where nothing is said; 32 is Keras' own."""


class FailOn(StrEnum):
    """From which severity on the exit code is 1."""

    ERROR = "error"
    WARNING = "warning"
    TIP = "tip"
    NEVER = "never"


Paths = Annotated[
    list[Path] | None, typer.Argument(metavar="[MODEL] [TABLE]", help="A .keras or .h5 file; a CSV or Parquet file.")
]
Build = Annotated[
    str | None, typer.Option("--build", metavar="FILE.py:FUNCTION", help="Build the model with this function instead.")
]
TargetColumn = Annotated[str | None, typer.Option("--target", "-t", metavar="COL", help="The column to predict.")]
Drop = Annotated[list[str] | None, typer.Option("--drop", metavar="COL", help="Leave out a column; several times.")]
Validation = Annotated[
    Path | None, typer.Option("--validation", metavar="TABLE", help="The table that you validate on.")
]
Epochs = Annotated[int | None, typer.Option("--epochs", metavar="N", help="Epochs of your own fit [default: 10].")]
BatchSize = Annotated[int | None, typer.Option("--batch-size", metavar="N", help="Its batch size [default: 32].")]
Seed = Annotated[int, typer.Option("--seed", metavar="N", help="Seed of the probe trainings.")]
Mute = Annotated[list[str] | None, typer.Option("--mute", metavar="CODE", help="Leave out a check or a kind of fault.")]
Seconds = Annotated[float, typer.Option("--seconds", metavar="S", help="About how long probes may train.")]
RepairSeconds = Annotated[float, typer.Option("--seconds", metavar="S", help="When no further repair is begun.")]
RepairedModel = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE.keras", help="Where the repaired model goes.")
]
CodeFile = Annotated[Path | None, typer.Option("--code", metavar="FILE.py", help="Where its program goes.")]
Fail = Annotated[FailOn, typer.Option("--fail-on", help="From which severity on the exit code is 1.")]
Quiet = Annotated[
    int, typer.Option("--quiet", "-q", count=True, show_default=False, help="Only the first cause; -qq: nothing.")
]
Json = Annotated[bool, typer.Option("--json", help="The answer as one JSON object.")]


def examine_command(
    paths: Paths = None,
    *,
    build: Build = None,
    target: TargetColumn = None,
    drop: Drop = None,
    validation: Validation = None,
    epochs: Epochs = None,
    batch_size: BatchSize = None,
    seed: Seed = 0,
    mute: Mute = None,
    seconds: Seconds = 20.0,
    fail_on: Fail = FailOn.WARNING,
    quiet: Quiet = 0,
    as_json: Json = False,
) -> None:
    """Find out what is wrong with a model on its data, the likeliest first cause first.

    \b
    $ tenfold examine model.keras houses.csv --target price --epochs 100
    TF201 error  unscaled_input   ...

    \b
    $ tenfold examine --build train.py:build
    no findings; checks: 31 passed, 6 not applicable
    """
    model_path, table = _model_and_table(paths or [], build)
    with working(Manner(quiet, as_json, progress="plain")) as session:
        session.listen(Note("starting JAX and Keras"))
        from tenfold.examination.examine import examine

        asked = _asked(model_path, table, build, target, drop or (), validation, epochs, batch_size)
        session.listen(Note("training probes"))
        findings = examine(
            asked.model, asked.x, asked.y, validation_data=asked.held_out, epochs=asked.epochs,
            batch_size=asked.batch_size, seed=seed, mute=mute or (), budget_seconds=seconds,
        )  # fmt: skip
        session.say(_answer(findings, quiet, as_json=as_json, width=session.width))
    counted = {"error": findings.errors, "warning": findings.warnings, "tip": findings.tips}
    levels = list(counted)[: list(counted).index(fail_on.value) + 1] if fail_on is not FailOn.NEVER else []
    if any(counted[level] for level in levels):
        raise typer.Exit(ExitCode.GATE_FAILED)


def repair_command(
    paths: Paths = None,
    *,
    build: Build = None,
    target: TargetColumn = None,
    drop: Drop = None,
    validation: Validation = None,
    epochs: Epochs = None,
    batch_size: BatchSize = None,
    seed: Seed = 0,
    mute: Mute = None,
    seconds: RepairSeconds = 120.0,
    output: RepairedModel = None,
    code: CodeFile = None,
    quiet: Quiet = 0,
    as_json: Json = False,
) -> None:
    """Repair a model that trains badly; nothing is changed that is not clearly better on held-out rows.

    \b
    $ tenfold repair model.keras houses.csv --target price -o fixed.keras
    accuracy 0.52 -> 0.97 on sealed rows (20 seeds)

    \b
    $ tenfold repair --build train.py:build --code fixed.py
    nothing was found, so nothing was changed
    """
    model_path, table = _model_and_table(paths or [], build)
    with working(Manner(quiet, as_json, progress="plain")) as session:
        session.listen(Note("starting JAX and Keras"))
        from tenfold.repairing.repair import repair

        asked = _asked(model_path, table, build, target, drop or (), validation, epochs, batch_size)
        session.listen(Note("training probes and repairs"))
        found = repair(
            asked.model, asked.x, asked.y, validation_data=asked.held_out, epochs=asked.epochs,
            batch_size=asked.batch_size, seed=seed, mute=mute or (), budget_seconds=seconds, verbose=0,
        )  # fmt: skip
        session.say(_repair_answer(found, quiet, as_json=as_json))
        if output is not None and found.is_changed:
            with writing(output) as temporary:
                found.model.save(temporary)
            session.tell(f"wrote the repaired model to {output}")
        if code is not None:
            with writing(code) as temporary:
                temporary.write_text(found.code, encoding="utf-8")
            session.tell(f"wrote the program to {code}")


def _repair_answer(found: Any, quiet: int, *, as_json: bool) -> str:
    if as_json:
        named = {"verdict": found.verdict, "changed": found.is_changed, "diff": found.diff, "code": found.code}
        return json.dumps({"schema": 1, **named, "evidence": found.evidence}, default=str)
    if quiet:
        return str(found.verdict) if quiet == 1 else ""
    return "\n\n".join(part for part in (found.table(), found.diff) if part)


@dataclass(frozen=True)
class _Asked:
    """A user's program: what is to be looked at, and how it is trained."""

    model: Any
    x: Any
    y: Any
    held_out: Any
    epochs: int
    batch_size: int


def _asked(
    model_path: Path | None, table: Path | None, build: str | None, target: str | None, drop: Sequence[str],
    validation: Path | None, epochs: int | None, batch_size: int | None,
) -> _Asked:  # fmt: skip
    """The program that the arguments name."""
    from tenfold.examination.programs import load_compiled, load_program, rows_of

    program = load_program(build) if build else None
    model = program.model if program else load_compiled(_given(model_path))
    x, y, held_out = _data(
        program, table, target, validation, lambda path, column: rows_of(path, column, model, drop=drop)
    )
    of_program = (program.epochs, program.batch_size) if program else (None, None)
    return _Asked(
        model, x, y, held_out, epochs or of_program[0] or DEFAULT_EPOCHS,
        batch_size or of_program[1] or DEFAULT_BATCH_SIZE,
    )  # fmt: skip


def _answer(findings: Any, quiet: int, *, as_json: bool, width: int) -> str:
    if as_json:
        return json.dumps({"schema": 1, **findings.to_json()})
    if quiet:
        return str(findings[0]) if quiet == 1 and len(findings) else ""
    return str(findings.table(width))


def _model_and_table(paths: list[Path], build: str | None) -> tuple[Path | None, Path | None]:
    """Which of the arguments is what: with `--build` there is no model among them."""
    most = 1 if build else 2
    if len(paths) > most:
        raise OptionError(
            "too_many_files", f"{len(paths)} files are named",
            expected="a model and a table; with --build a table alone",
            received=" ".join(map(str, paths)),
        )  # fmt: skip
    if build:
        return None, paths[0] if paths else None
    if len(paths) < most:
        raise OptionError(
            "no_model" if not paths else "no_table", "There is no model to examine" if not paths else
            f"There is no table beside the model `{paths[0]}`",
            expected="tenfold examine MODEL.keras TABLE --target COL, or --build FILE.py:FUNCTION",
        )  # fmt: skip
    return paths[0], paths[1]


def _given(path: Path | None) -> Path:
    if path is None:
        raise OptionError("no_model", "There is no model to examine", expected="a .keras or .h5 file, or --build")
    return path


def _data(
    program: Any, table: Path | None, target: str | None, validation: Path | None, read: Any
) -> tuple[Any, Any, Any]:
    """Inputs, targets and validation rows from the tables, or from the program's own function."""
    if table is None:
        if program is None or program.data is None:
            raise OptionError(
                "no_data", "There is no data to examine the model on",
                expected="a table with --target COL, or a function `data` beside the one that builds",
            )  # fmt: skip
        x, y, *rest = program.data
        return x, y, rest[0] if rest else None
    if target is None:
        raise OptionError("no_target", f"`{table}` is given without the column to predict", expected="--target COL")
    held_out = None if validation is None else read(validation, target)
    return *read(table, target), held_out
