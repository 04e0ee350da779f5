"""What a person sees: the command runs on a pseudo terminal of its own."""

import contextlib
import os
import pty
import subprocess
import sys

WORK = """
from tenfold.command_line.session import Manner, working
from tenfold.progress import StepFinished
with working(Manner()) as session:
    session.listen(StepFinished(1, "problem", "price is a number", 0.1))
    session.say("the answer")
"""


def screen_after(program: str, **environment: str) -> str:
    """All that a program writes to a terminal."""
    known = {name: value for name, value in os.environ.items() if name not in {"CI", "NO_COLOR"}}
    ours, theirs = pty.openpty()
    streams = {"stdin": theirs, "stdout": theirs, "stderr": theirs}
    process = subprocess.Popen(
        [sys.executable, "-c", program], env={**known, "TERM": "xterm", **environment}, **streams
    )
    os.close(theirs)
    text = b""
    with contextlib.suppress(OSError):  # the end of a pseudo terminal is an error
        while piece := os.read(ours, 4096):
            text += piece
    os.close(ours)
    assert process.wait() == 0
    return text.decode("utf-8")


def test_the_answer_comes_when_the_display_is_gone() -> None:
    screen = screen_after(WORK)
    assert "price is a number" in screen
    assert screen.index("\x1b[?25h") < screen.index("the answer")


def test_no_colour_means_none() -> None:
    assert "\x1b[32m" in screen_after(WORK)
    assert "\x1b[32m" not in screen_after(WORK, NO_COLOR="1")


def test_a_dumb_terminal_gets_lines_without_escapes() -> None:
    screen = screen_after(WORK, TERM="dumb")
    assert "\x1b" not in screen
    assert "1/7 problem: price is a number" in screen
