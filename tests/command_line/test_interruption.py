"""Signals as the system sends them, to a process of their own."""

import os
import signal
import subprocess
import sys
import time

import pytest

from tenfold.command_line.interruption import stopping_on_signals

WORK = """
import sys, time
from tenfold.command_line.interruption import Interrupted, stopping_on_signals

def say(word):
    print(word, flush=True)

try:
    with stopping_on_signals(lambda: say("heard"), lambda: say("gave up")):
        try:
            say("working")
            while True:
                time.sleep(0.05)
        except Interrupted as interrupted:
            if sys.argv[1] == "stubborn":
                time.sleep(30)
            raise
except Interrupted as interrupted:
    say("stopped")
    sys.exit(interrupted.exit_code)
"""


def start(manner: str) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", WORK, manner], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "working\n"
    return process


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_the_first_signal_is_answered_and_stops_the_work(number: signal.Signals, code: int) -> None:
    process = start("obedient")
    process.send_signal(number)
    output, _ = process.communicate(timeout=20)
    assert output.splitlines() == ["heard", "stopped"]
    assert process.returncode == code


def test_the_second_signal_ends_the_process_at_once() -> None:
    process = start("stubborn")
    process.send_signal(signal.SIGINT)
    assert process.stdout is not None
    assert process.stdout.readline() == "heard\n"
    sent = time.monotonic()
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=20)
    assert output.splitlines() == ["gave up"]
    assert process.returncode == 130
    assert time.monotonic() - sent < 5


def next_free_file() -> int:
    number = os.dup(0)
    os.close(number)
    return number


def test_handlers_and_files_are_given_back() -> None:
    before, free_before = signal.getsignal(signal.SIGINT), next_free_file()
    with stopping_on_signals(lambda: None, lambda: None):
        assert signal.getsignal(signal.SIGINT) is not before
        assert next_free_file() > free_before
    assert (signal.getsignal(signal.SIGINT), next_free_file()) == (before, free_before)
