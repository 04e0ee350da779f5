"""`tenfold precision`: what floating point does to losses, on the command line."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tenfold.command_line.session import Manner, working

__all__ = ["app"]

app = typer.Typer(
    name="precision",
    rich_markup_mode=None,
    no_args_is_help=True,
    help="What floating point does to losses: where they stop telling values apart, and what that costs.",
    short_help="What floating point does to losses.",
)


class StudyData(StrEnum):
    """What the heads are compared on."""

    DIGITS = "digits"
    RAW_DIGITS = "raw_digits"
    CATS_DOGS = "cats_dogs"


Quiet = Annotated[
    int,
    typer.Option("--quiet", "-q", count=True, show_default=False, help="Only the answer; -qq: nothing but errors."),
]
Json = Annotated[bool, typer.Option("--json", help="The answer as one JSON object.")]


@app.command(name="wall", short_help="Where functions stop telling values apart.")
def wall_command(
    dtype: Annotated[str | None, typer.Argument(metavar="[DTYPE]", help="Such as float32; all where left out.")] = None,
    function: Annotated[
        str | None, typer.Argument(metavar="[FUNCTION]", help="Such as sigmoid; all where left out.")
    ] = None,
    *,
    as_json: Json = False,
    quiet: Quiet = 0,
) -> None:
    """Where functions stop telling values apart, computed from the number format.

    \b
    $ tenfold precision wall float32 binary_crossentropy
    float32   binary_crossentropy   clipped_logit   -16.118   15.942   ceiling 16.1181

    \b
    $ tenfold precision wall float16
    float16   sigmoid   -11.090   7.625
    """
    with working(Manner(quiet, as_json, progress="none")) as session:
        from tenfold.precision.wall_table import walls_as_json, walls_as_table, walls_of

        walls = walls_of(dtype, function)
        session.say(walls_as_json(walls) if as_json else "" if quiet > 1 else walls_as_table(walls))


@app.command(name="study", short_help="The study of sigmoid and crossentropy, with figures.")
def study_command(
    *,
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where figures and numbers go.")] = Path(
        "precision-study"
    ),
    seeds: Annotated[int, typer.Option("--seeds", metavar="N", help="Pairs of trainings, 2 or more.")] = 10,
    data: Annotated[
        StudyData, typer.Option("--data", help="What the heads are compared on; photos need TENFOLD_DATA.")
    ] = StudyData.DIGITS,
    quick: Annotated[bool, typer.Option("--quick", help="Two pairs and few epochs: to see that it works.")] = False,
    as_json: Json = False,
    quiet: Quiet = 0,
) -> None:
    """The study of sigmoid and crossentropy: numbers on the screen, figures and study.json in a folder.

    \b
    $ tenfold precision study --quick
    binary crossentropy of a clipped probability

    \b
    $ tenfold precision study --data raw_digits --seeds 20 --out raw
    wrote 11 files to raw
    """
    with working(Manner(quiet, as_json)) as session:
        from tenfold.precision.studying import study

        found = study(data=data.value, seeds=seeds, quick=quick, progress=session.listen)
        paths = found.save(out)
        session.tell(f"wrote {len(paths)} files to {out}")
        session.say(json.dumps(found.as_dict(), allow_nan=False) if as_json else "" if quiet > 1 else found.table())


@app.command(name="audit", short_help="What floating point costs a model on data.")
def audit_command(
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="A saved model, .keras or .h5, of any Keras.")],
    table: Annotated[Path, typer.Argument(metavar="TABLE", help="A CSV or Parquet file of numbers.")],
    *,
    target: Annotated[str, typer.Option("--target", metavar="COLUMN", help="The column that is predicted.")],
    drop: Annotated[list[str] | None, typer.Option("--drop", metavar="COLUMN", help="A column to leave out.")] = None,
    batch_size: Annotated[int, typer.Option("--batch-size", metavar="N", help="Rows of a training step.")] = 32,
    mixed: Annotated[bool, typer.Option(help="Whether mixed precision is tried.")] = True,
    as_json: Json = False,
    quiet: Quiet = 0,
) -> None:
    """What floating point costs a model on data: clipped rows, lost digits, unsafe operations, mixed precision.

    \b
    $ tenfold precision audit model.keras houses.csv --target sold
    clipped losses, 1460 rows

    \b
    $ tenfold precision audit model.keras houses.csv --target sold --no-mixed --json
    {"rows": 1460, "batch_size": 32, ...
    """
    with working(Manner(quiet, as_json, progress="none")) as session:
        from tenfold.examination.programs import load_compiled, rows_of
        from tenfold.precision.auditing import audit

        loaded = load_compiled(model)
        found = audit(loaded, *rows_of(table, target, loaded, drop=drop or ()), batch_size=batch_size, mixed=mixed)
        short = f"{found.clipped_share:.2%} of {found.rows} rows are clipped; {len(found.unsafe)} unsafe operations"
        session.say(found.to_json() if as_json else ("" if quiet > 1 else short) if quiet else found.table())


@app.command(name="fuse", short_help="The same model, trained on logits.")
def fuse_command(
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="A saved, compiled model, .keras or .h5.")],
    *,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FUSED", help="Where the fused model goes, .keras.")],
    as_json: Json = False,
    quiet: Quiet = 0,
) -> None:
    """Write the same model with its heads trained on logits; it answers the same probabilities.

    \b
    $ tenfold precision fuse model.keras -o fused.keras
    `dense_1`: sigmoid and binary_crossentropy are trained as one, on logits.

    \b
    $ tenfold precision fuse model.keras -o fused.keras --json
    {"changes": ["..."], "out": "fused.keras"}
    """
    with working(Manner(quiet, as_json, progress="none")) as session:
        from tenfold.examination.programs import load_compiled
        from tenfold.precision.fusing import fuse, save_fused

        fused = fuse(load_compiled(model))
        save_fused(fused, out)
        session.tell(f"wrote {out}")
        found = json.dumps({"changes": list(fused.changes), "out": str(out)})
        session.say(found if as_json else "" if quiet > 1 else "\n".join(fused.changes))
