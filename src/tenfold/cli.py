"""The command `tenfold`: one short function a command, each around one public function.

Heavy libraries are imported inside the commands, after the first line stands on the screen: `tenfold --help` answers in
under 0.3 s, and a run begins to speak in 0.1 s.
"""

import os
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

import tenfold
from tenfold.command_line.capture import open_missing_streams
from tenfold.command_line.exit_code import ExitCode
from tenfold.command_line.failure import report_failure
from tenfold.progress_display.streams import write_any_glyph

__all__ = ["app", "main"]

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


class Budget(StrEnum):
    """How much work a run may be."""

    QUICK = "quick"
    STANDARD = "standard"
    THOROUGH = "thorough"


class Progress(StrEnum):
    """Where progress is drawn."""

    AUTO = "auto"
    PLAIN = "plain"
    NONE = "none"


RunPath = Annotated[Path, typer.Argument(metavar="RUN", help="A run folder, such as houses-run.", show_default=False)]
Quiet = Annotated[int, typer.Option("--quiet", "-q", count=True, help="Only the headline; -qq: nothing but errors.")]
Json = Annotated[bool, typer.Option("--json", help="The answer as one JSON object.")]
NoColor = Annotated[bool, typer.Option("--no-color", help="No colour (NO_COLOR=1 says the same).")]
ProgressOption = Annotated[
    Progress, typer.Option("--progress", envvar="TENFOLD_PROGRESS", help="A live block, or lines.")
]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Keep the engine's notes on the screen.")]
Open = Annotated[bool, typer.Option("--open", help="Show the report in a browser.")]


@app.callback(invoke_without_command=True)
def tenfold_command(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,  # noqa: FBT002 (typer)
) -> None:
    r"""From a table and a question to a neural network one can trust.

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
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: What was typed after `tenfold`; None for the arguments of the process.

    Returns:
        The exit code, a value of `ExitCode`.
    """
    typed = list(sys.argv[1:] if arguments is None else arguments)
    open_missing_streams()
    for stream in (sys.stdout, sys.stderr):
        write_any_glyph(stream)
    try:
        typer.main.get_command(app).main(typed, prog_name="tenfold", standalone_mode=False, obj=typed)
    except BrokenPipeError:
        return _leave_closed_pipe()
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 (the edge: everything becomes a sentence here)
        return report_failure(error, as_json="--json" in typed)
    return ExitCode.DONE


def _leave_closed_pipe() -> ExitCode:
    """Whoever read our output has seen enough; Python must not complain about it when it closes the stream."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return ExitCode.DONE
