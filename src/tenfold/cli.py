"""The command `tenfold`: one short function a command, each around one public function.

Heavy libraries are imported inside the commands, after the first line stands on the screen: `tenfold --help` answers in
under 0.3 s, and a run begins to speak in 0.1 s.
"""

import os
import sys
import webbrowser
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

import tenfold
from tenfold.command_line.capture import open_missing_streams
from tenfold.command_line.exit_code import ExitCode
from tenfold.command_line.failure import report_failure
from tenfold.command_line.question import check_question
from tenfold.command_line.run_options import (
    Allow,
    Budget,
    BudgetOption,
    CardFile,
    Drop,
    ExampleName,
    Folds,
    Gap,
    Group,
    Horizon,
    Join,
    KindOption,
    KnownAhead,
    Matters,
    MeasureName,
    Minutes,
    Mute,
    NoRows,
    On,
    Out,
    ProtocolOption,
    RequireOption,
    Seed,
    Series,
    Target,
    Terms,
    Text,
    Time,
    Tokens,
    Trials,
    Vectors,
    WeightsFile,
)
from tenfold.command_line.session import TYPED, Manner, working
from tenfold.commands import checks, explaining, lessons, precision, viewing
from tenfold.progress import Note
from tenfold.progress_display.streams import write_any_glyph
from tenfold.run_folder.folder import find_run_folder
from tenfold.writing import writing

__all__ = ["app", "main"]

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


app.add_typer(precision.app)


class Progress(StrEnum):
    """Where progress is drawn."""

    AUTO = "auto"
    PLAIN = "plain"
    NONE = "none"


RunPath = Annotated[Path, typer.Argument(metavar="RUN", help="A run folder, such as houses-run.")]
Quiet = Annotated[
    int,
    typer.Option("--quiet", "-q", count=True, show_default=False, help="Only the headline; -qq: nothing but errors."),
]
Json = Annotated[bool, typer.Option("--json", help="The answer as one JSON object.")]
NoColor = Annotated[bool, typer.Option("--no-color", help="No colour (NO_COLOR=1 says the same).")]
ProgressOption = Annotated[
    Progress, typer.Option("--progress", envvar="TENFOLD_PROGRESS", show_envvar=False, help="A live block, or lines.")
]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Keep the engine's notes on the screen.")]
Open = Annotated[bool, typer.Option("--open", help="Show the report in a browser.")]


@app.callback(invoke_without_command=True)
def tenfold_command(
    *,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """From a table and a question to a neural network one can trust.

    \b
    $ tenfold run houses.csv --target price
    The network predicts `price` better than boosted trees: ...

    \b
    $ tenfold predict houses-run new_houses.csv -o prices.csv
    wrote 340 rows to prices.csv
    """
    if version:
        typer.echo(f"tenfold {tenfold.__version__}")
        raise typer.Exit


@app.command(name="run", short_help="From a table to a model, a report, an honest score.")
def run_command(
    table: Annotated[
        Path | None, typer.Argument(metavar="TABLE", help="A CSV or Parquet file; photos and texts: a folder or zip.")
    ] = None,
    *,
    target: Target = None,
    example: ExampleName = None,
    out: Out = None,
    budget: BudgetOption = Budget.STANDARD,
    seed: Seed = 0,
    problem: KindOption = None,
    measure: MeasureName = None,
    protocol: ProtocolOption = None,
    folds: Folds = None,
    group: Group = None,
    time: Time = None,
    gap: Gap = None,
    horizon: Horizon = None,
    series: Series = None,
    known_ahead: KnownAhead = None,
    join: Join = None,
    on: On = None,
    text: Text = None,
    tokens: Tokens = None,
    terms: Terms = None,
    vectors: Vectors = None,
    drop: Drop = None,
    allow: Allow = None,
    mute: Mute = None,
    matters: Matters = None,
    trials: Trials = None,
    minutes: Minutes = None,
    weights: WeightsFile = None,
    card: CardFile = None,
    no_rows: NoRows = False,
    require: RequireOption = None,
    quiet: Quiet = 0,
    as_json: Json = False,
    opens: Open = False,
    verbose: Verbose = False,
    no_color: NoColor = False,
    progress: ProgressOption = Progress.AUTO,
) -> None:
    """Take a table through the seven steps: a model, a report, an honest score.

    \b
    $ tenfold run houses.csv --target price
    The network predicts `price` better than boosted trees: ...

    \b
    $ tenfold run --example diabetes --budget quick
    The network and a linear model cannot be told apart on this data.
    """
    asked = check_question(table, target, example)
    manner = Manner(quiet, as_json, color=not no_color, progress=progress.value, verbose=verbose)
    with working(manner) as session:
        session.listen(Note("reading the table"))
        from tenfold.command_line.answers import answer_of
        from tenfold.data.examples import load_example
        from tenfold.report.gates import unmet_gates
        from tenfold.workflow import run

        source, columns = load_example(asked) if isinstance(asked, str) else asked
        finished = run(
            source,
            columns,
            out=out,
            seed=seed,
            budget=budget.value,
            problem=problem and problem.value,
            measure=measure,
            protocol=protocol and protocol.value,
            folds=folds,
            group=group,
            time=time,
            gap=gap,
            horizon=horizon,
            series=series,
            known_ahead=[name for names in known_ahead or () for name in names.split(",")],
            join=join or (),
            on=on or (),
            text=text or (),
            tokens=tokens,
            terms=terms,
            vectors=vectors,
            drop=drop or (),
            allow=allow or (),
            mute=mute or (),
            matters=matters,
            trials=trials,
            minutes=minutes,
            weights=weights,
            card=card,
            show_rows=not no_rows,
            progress=session.listen,
        )
        session.say(answer_of(finished.facts, manner, width=session.width))
    if opens:
        _show(finished.path / "report.html")
    if require is not None and (unmet := unmet_gates(finished.facts, [require.value])):
        typer.echo("\n".join(unmet), err=True)
        raise typer.Exit(ExitCode.GATE_FAILED)


@app.command(name="predict")
def predict_command(
    run: RunPath,
    table: Annotated[Path, typer.Argument(metavar="TABLE", help="New rows, CSV or Parquet; - for standard input.")],
    *,
    join: Join = None,
    on: On = None,
    baseline: Annotated[bool, typer.Option("--baseline", help="Predict with the best baseline of the run.")] = False,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Else: to the screen.")] = None,
    quiet: Quiet = 0,
) -> None:
    """Predict new rows with a finished run, as CSV.

    \b
    $ tenfold predict houses-run new_houses.csv
    price

    \b
    $ tenfold predict houses-run new_houses.csv -o prices.csv
    wrote 340 rows to prices.csv
    """
    manner = Manner(quiet, progress="plain")
    with working(manner) as session:
        from tenfold.workflow import predict

        rows = Path("/dev/stdin") if str(table) == "-" else table
        predictions = predict(
            run, rows, join=join or (), on=on or (), baseline=baseline, progress=session.listen_for_warnings
        )
        if output is None:
            session.say(predictions.to_csv(index=False))
        else:
            with writing(output) as temporary:
                predictions.to_csv(temporary, index=False)
            session.tell(f"wrote {len(predictions):,} rows to {output}")


@app.command(name="report", short_help="Make the report of a run again.")
def report_command(run: RunPath, *, quiet: Quiet = 0, opens: Open = False) -> None:
    """Make the report of a run again from its facts, without training anything.

    \b
    $ tenfold report houses-run
    houses-run/report.html

    \b
    $ tenfold report houses-run --open
    houses-run/report.html
    """
    with working(Manner(quiet, progress="none")) as session:
        from tenfold.report.facts import Facts
        from tenfold.report.page import render_report

        folder = find_run_folder(run)
        page = folder.write_text("report.html", render_report(Facts.from_json(folder.read_text("facts.json"))))
        session.say(str(page))
    if opens:
        _show(page)


@app.command(name="verify", short_help="Check that a run folder holds what the run wrote.")
def verify_command(
    run: RunPath,
    *,
    rerun: Annotated[bool, typer.Option("--rerun", help="Train everything again and compare all numbers.")] = False,
    as_json: Json = False,
    quiet: Quiet = 0,
) -> None:
    """Check that a run folder holds what the run wrote; exit code 1 where it does not.

    \b
    $ tenfold verify houses-run
    ok           files   7 files as the run wrote them

    \b
    $ tenfold verify houses-run --rerun
    ok           again   1,204 numbers are the same
    """
    with working(Manner(quiet, as_json, progress="none")) as session:
        from tenfold.verification.answer import checks_as_json, checks_as_lines, checks_of

        checks = checks_of(run, rerun=rerun, progress=None if quiet or as_json else session.streams.progress)
        session.say(checks_as_json(checks) if as_json else "" if quiet > 1 else checks_as_lines(checks))
    if any(one.outcome == "failed" for one in checks):
        raise typer.Exit(ExitCode.GATE_FAILED)


@app.command(name="runs", short_help="List the runs in a folder.")
def runs_command(
    place: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the run folders are.")] = Path(),
    *,
    as_json: Json = False,
) -> None:
    """List the runs in a folder, the newest first, damaged ones at the end.

    \b
    $ tenfold runs
    run          target   verdict   measure   score   date         looks

    \b
    $ tenfold runs studies --json
    {"schema": 1, "runs": [...]}
    """
    with working(Manner(as_json=as_json, progress="none")) as session:
        from tenfold.command_line.run_list import find_runs, runs_as_json, runs_as_table

        runs = find_runs(place)
        session.say(runs_as_json(runs) if as_json else runs_as_table(runs, session.width))


app.command(name="view", short_help="A figure of a network, its answers or its training.")(viewing.view_command)
app.command(name="examine", short_help="Find out what is wrong with a model on its data.")(checks.examine_command)
app.command(name="repair", short_help="Repair a model that trains badly.")(checks.repair_command)
app.command(name="lessons", short_help="What can be learned, in the order of reading.")(lessons.lessons_command)
app.command(name="lesson", short_help="One lesson, or its notebook.")(lessons.lesson_command)
app.command(name="explain", short_help="One row through a model, every number with its formula.")(
    explaining.explain_command
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: What was typed after `tenfold`; None for the arguments of the process.

    Returns:
        The exit code, a value of `ExitCode`.
    """
    typed = list(sys.argv[1:] if arguments is None else arguments) or ["--help"]
    TYPED.set(typed)
    open_missing_streams()
    for stream in (sys.stdout, sys.stderr):
        write_any_glyph(stream)
    try:
        exit_code = typer.main.get_command(app).main(typed, prog_name="tenfold", standalone_mode=False)
    except BrokenPipeError:
        return _leave_closed_pipe()
    except Exception as error:  # noqa: BLE001 (the edge: everything becomes a sentence here)
        return report_failure(error, as_json="--json" in typed)
    return ExitCode(exit_code or 0)


def _leave_closed_pipe() -> ExitCode:
    """Whoever read our output has seen enough; Python must not complain about it when it closes the stream."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return ExitCode.DONE


def _show(page: Path) -> None:
    webbrowser.open(page.resolve().as_uri())
