"""The commands around the checks: `examine` and `repair`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from tenfold.command_line.exit_code import ExitCode
from tenfold.command_line.session import Manner, working
from tenfold.errors import OptionError
from tenfold.progress import Note

__all__ = ["examine_command"]


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
    no findings: 31 checks passed
    """
    with working(Manner(quiet, as_json, progress="plain")) as session:
        session.listen(Note("starting JAX and Keras"))
        from tenfold.examination.examine import examine
        from tenfold.examination.programs import load_model, load_program, rows_of

        model_path, table = _model_and_table(paths or [], build)
        program = load_program(build) if build else None
        model = program.model if program else load_model(_given(model_path))
        x, y, held_out = _data(program, table, target, validation, lambda path, column: rows_of(
            path, column, model, drop=drop or ()))  # fmt: skip
        session.listen(Note("training probes"))
        findings = examine(
            model, x, y, validation_data=held_out, epochs=epochs or (program and program.epochs) or 10,
            batch_size=batch_size or (program and program.batch_size) or 32, seed=seed, mute=mute or (),
            budget_seconds=seconds,
        )  # fmt: skip
        session.say(_answer(findings, quiet, as_json=as_json, width=session.width))
    counted = {"error": findings.errors, "warning": findings.warnings, "tip": findings.tips}
    levels = list(counted)[: list(counted).index(fail_on.value) + 1] if fail_on is not FailOn.NEVER else []
    if any(counted[level] for level in levels):
        raise typer.Exit(ExitCode.GATE_FAILED)


def _answer(findings: Any, quiet: int, *, as_json: bool, width: int) -> str:
    if as_json:
        import json

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
