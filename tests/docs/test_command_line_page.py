"""The page about the command line is what the commands say about themselves.

python tests/docs/test_command_line_page.py        writes docs/command-line.md anew
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tenfold.cli import app

PAGE = Path(__file__).parents[2] / "docs" / "command-line.md"
HEAD = """# The command line

Made from `--help`. The answer goes to standard output, everything else to standard error. Exit codes: 0 done, whatever
the verdict · 1 a required condition or a check fails · 2 bad input, nothing written · 3 a mistake of ours, with a log ·
4 the machine (disk, memory, lock) · 129, 130 and 143 stopped; the same command continues.
"""


def help_of(*command: str) -> str:
    environment = {**os.environ, "COLUMNS": "100", "TERMINAL_WIDTH": "100"}
    typed = [sys.executable, "-m", "tenfold", *command, "--help"]
    done = subprocess.run(typed, capture_output=True, text=True, check=True, env=environment)
    return done.stdout.rstrip()


def commands() -> Iterator[tuple[str, ...]]:
    """What can be typed after `tenfold`: commands, then families with their commands."""
    yield from ((command.name or "",) for command in app.registered_commands)
    for family in app.registered_groups:
        name = family.typer_instance.info.name
        yield (name,)
        yield from ((name, command.name or "") for command in family.typer_instance.registered_commands)


def page() -> str:
    sections = [f"## tenfold {' '.join(one)}\n\n```text\n{help_of(*one)}\n```\n" for one in commands()]
    return "\n".join([HEAD, f"```text\n{help_of()}\n```\n", *sections])


def test_the_page_says_what_the_commands_say() -> None:
    assert page() == PAGE.read_text(encoding="utf-8")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
