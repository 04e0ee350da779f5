"""A program on a pseudo terminal of its own."""

import contextlib
import os
import pty
import subprocess
import sys


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
