"""`tenfold explain`: one row through a model, as text and as a page."""

import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from tenfold.command_line.session import Manner, working
from tenfold.errors import OptionError
from tenfold.progress import Note
from tenfold.writing import writing

__all__ = ["explain_command"]

Paths = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[MODEL] [DATA]", help="A .keras or .h5 file; a CSV, Parquet or .npz file."),
]
Row = Annotated[int, typer.Option("--row", metavar="N", help="Which row of the data, from 0.")]
Target = Annotated[str | None, typer.Option("--target", "-t", metavar="COL", help="The column to predict [npz: y].")]
Drop = Annotated[list[str] | None, typer.Option("--drop", metavar="COL", help="Leave out a column; several times.")]
Loss = Annotated[str | None, typer.Option("--loss", metavar="NAME", help="In place of the loss it was compiled with.")]
Optimizer = Annotated[str | None, typer.Option("--optimizer", metavar="NAME", help="Likewise: sgd, rmsprop or adam.")]
Rate = Annotated[float | None, typer.Option("--learning-rate", metavar="R", help="In place of the optimizer's own.")]
Layer = Annotated[str | None, typer.Option("--layer", metavar="NAME", help="Print everything of one layer.")]
Cell = Annotated[str | None, typer.Option("--cell", metavar="CELL", help="Print one cell, such as dense_1/z/17.")]
Out = Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE.html", help="Where the page goes.")]
Full = Annotated[bool, typer.Option("--full", help="Keep every number in the page, however large it becomes.")]
Open = Annotated[bool, typer.Option("--open", help="Show the page in a browser.")]
Quiet = Annotated[
    int, typer.Option("--quiet", "-q", count=True, show_default=False, help="Only the headline; -qq: nothing.")
]
Json = Annotated[bool, typer.Option("--json", help="The numbers as one JSON object.")]


def explain_command(
    paths: Paths = None,
    *,
    row: Row = 0,
    target: Target = None,
    drop: Drop = None,
    loss: Loss = None,
    optimizer: Optimizer = None,
    learning_rate: Rate = None,
    layer: Layer = None,
    cell: Cell = None,
    out: Out = None,
    full: Full = False,
    opens: Open = False,
    quiet: Quiet = 0,
    as_json: Json = False,
) -> None:
    """One row through a model: forward, loss, backward and update, every number with its formula, as text and a page.

    \b
    $ tenfold explain model.keras houses.csv --target price --row 3
    Row 3 through `houses`: prediction 21.4, truth 24, loss 6.76.

    \b
    $ tenfold explain model.keras houses.csv -t price --cell dense_1/z/17
    dense_1   z[17]   sum before the activation
    """
    model_path, data = _two_files(paths or [])
    with working(Manner(quiet, as_json, progress="plain")) as session:
        session.listen(Note("starting JAX and Keras"))
        from tenfold.explaining.as_json import worksheet_as_json
        from tenfold.explaining.compiling import compiled
        from tenfold.explaining.laying_out import lay_out
        from tenfold.explaining.page import render_page
        from tenfold.explaining.rows import names_of, read_rows
        from tenfold.explaining.words import cell_as_text, cell_named, headline, layer_as_text, tell
        from tenfold.model_files.reading import load_model
        from tenfold.scratch.tracing import trace

        model, chosen = compiled(load_model(model_path), loss, optimizer, learning_rate)
        x, y = read_rows(data, target, model, drop=drop or ())
        worksheet = lay_out(trace(model, x, y, row=row), names_of(data, target, drop=drop or ()))
        if chosen:
            session.tell(f"note: {chosen}")
        if cell is not None or layer is not None:
            named = (
                cell_as_text(worksheet, cell_named(worksheet, cell)) if cell else layer_as_text(worksheet, layer or "")
            )
            session.say("" if quiet > 1 else named)
            return
        page = out or Path(f"{model_path.stem}-row-{row}.html")
        with writing(page) as temporary:
            temporary.write_text(render_page(worksheet, source=data.name, note=chosen, full=full), encoding="utf-8")
        answer = headline(worksheet) if quiet else f"{tell(worksheet)}\n\npage   {page}"
        session.say(worksheet_as_json(worksheet, str(page)) if as_json else "" if quiet > 1 else answer)
    if opens:
        webbrowser.open(page.resolve().as_uri())


def _two_files(paths: list[Path]) -> tuple[Path, Path]:
    if len(paths) != 2:  # noqa: PLR2004  # a model and its data
        missing = "There is no model to explain" if not paths else f"There is no data beside the model `{paths[0]}`"
        raise OptionError(
            "no_model" if not paths else "no_table" if len(paths) == 1 else "too_many_files",
            missing if len(paths) < 2 else f"{len(paths)} files are named",  # noqa: PLR2004  # as above
            expected="tenfold explain MODEL.keras DATA --target COL --row N",
        )  # fmt: skip
    return paths[0], paths[1]
