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
