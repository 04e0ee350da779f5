"""The options of `tenfold run`, as they are typed; what they mean is said by `tenfold.run`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

__all__ = [
    "Allow", "Budget", "BudgetOption", "CardFile", "Drop", "ExampleName", "Folds", "Gap", "Group", "Horizon", "Join",
    "Kind", "KindOption", "KnownAhead", "Matters", "MeasureName", "Minutes", "Mute", "NoRows", "On", "Out",
    "ProtocolName", "ProtocolOption", "Require", "RequireOption", "Seed", "Series", "Target", "Terms", "Text", "Time",
    "Tokens", "Trials", "Vectors", "WeightsFile",
]  # fmt: skip


class Budget(StrEnum):
    """How much work a run may be."""

    QUICK = "quick"
    STANDARD = "standard"
    THOROUGH = "thorough"


class Kind(StrEnum):
    """Kind of problem."""

    NUMBER = "number"
    SHARE = "share"
    COUNT = "count"
    TWO_CLASSES = "two_classes"
    SEVERAL_CLASSES = "several_classes"
    SEVERAL_LABELS = "several_labels"
    SEVERAL_NUMBERS = "several_numbers"


class ProtocolName(StrEnum):
    """How the rows are divided."""

    HOLD_OUT = "hold_out"
    K_FOLD = "k_fold"
    ITERATED_K_FOLD = "iterated_k_fold"


class Require(StrEnum):
    """What a run must show, or it ends with exit code 1."""

    BEATS = "beats"
    NO_LEAK = "no-leak"


Target = Annotated[
    list[str] | None,
    typer.Option("--target", "-t", metavar="COLUMN", help="What to predict; again for several at once."),
]
ExampleName = Annotated[str | None, typer.Option("--example", metavar="NAME", help="diabetes, breast_cancer or wine.")]
Out = Annotated[Path | None, typer.Option("--out", metavar="FOLDER", help="Where the run goes.")]
BudgetOption = Annotated[Budget, typer.Option("--budget", help="How much work it may be.")]
Seed = Annotated[int, typer.Option("--seed", min=0, metavar="N", help="Same seed, same machine: same numbers.")]
KindOption = Annotated[Kind | None, typer.Option("--problem", help="Tell it, where the target alone does not.")]
MeasureName = Annotated[
    str | None, typer.Option("--measure", metavar="NAME", help="What decides: any scikit-learn scorer that fits.")
]
ProtocolOption = Annotated[ProtocolName | None, typer.Option("--protocol", help="Else it follows from the rows.")]
Folds = Annotated[int | None, typer.Option("--folds", min=2, metavar="N", help="Outer folds (5).")]
Group = Annotated[
    str | None, typer.Option("--group", metavar="COLUMN", help="Rows with the same value are never parted.")
]
Time = Annotated[
    str | None, typer.Option("--time", metavar="COLUMN", help="Who is scored comes later than who is trained on.")
]
Gap = Annotated[str | None, typer.Option("--gap", metavar="TIME", help="Left out between the two: 7d, 12h, 2w, 3.")]
Horizon = Annotated[
    str | None, typer.Option("--horizon", metavar="TIME", help="Forecast so far ahead: 24h, 7d, 12 months, or steps.")
]
Series = Annotated[str | None, typer.Option("--series", metavar="COLUMN", help="Tells several series apart.")]
KnownAhead = Annotated[
    list[str] | None,
    typer.Option("--known-ahead", metavar="COLUMN", help="Its future is known, as of holidays; several by commas."),
]
Join = Annotated[
    list[Path] | None, typer.Option("--join", metavar="TABLE", help="Add this table's columns; may be repeated.")
]
On = Annotated[
    list[str] | None, typer.Option("--on", metavar="COLUMN", help="Key of the joined tables: one for all, or one each.")
]
Text = Annotated[
    list[str] | None,
    typer.Option("--text", metavar="COLUMN", help="Read it word by word, however short; may be repeated."),
]
Tokens = Annotated[
    str | None,
    typer.Option(
        "--tokens", metavar="KIND", help="Texts are cut into words, subwords or characters; default: what serves them."
    ),
]
Terms = Annotated[
    str | None,
    typer.Option("--terms", metavar="KIND", help="Terms of bags are named, or hashed, as they are if there are many."),
]
Vectors = Annotated[
    Path | None,
    typer.Option("--vectors", metavar="FILE", help="Vectors of words that texts are read with: GloVe or word2vec."),
]
Drop = Annotated[list[str] | None, typer.Option("--drop", metavar="COLUMN", help="Do not use it; may be repeated.")]
Allow = Annotated[
    list[str] | None,
    typer.Option("--allow", metavar="COLUMN", help="It is known in time, even if it nearly gives the answer."),
]
Mute = Annotated[
    list[str] | None, typer.Option("--mute", metavar="CODE", help="Fold a check's findings away; may be repeated.")
]
Matters = Annotated[
    float | None, typer.Option("--matters", metavar="X", help="Smallest difference of scores that matters.")
]
Trials = Annotated[int | None, typer.Option("--trials", min=1, metavar="N", help="Trials of step 7.")]
Minutes = Annotated[
    float | None, typer.Option("--minutes", metavar="X", help="Time for step 7, in place of a number of trials.")
]
WeightsFile = Annotated[
    str | None,
    typer.Option(
        "--weights", metavar="FILE", help="Read photos with a trained MobileNetV2, EfficientNetV2B0 or VGG16, or none."
    ),
]
CardFile = Annotated[
    Path | None, typer.Option("--card", metavar="FILE", help="What only you know of the data (card.toml).")
]
NoRows = Annotated[bool, typer.Option("--no-rows", help="Show no row of the table in the report.")]
RequireOption = Annotated[Require | None, typer.Option("--require", help="Exit with 1 where this does not hold.")]
