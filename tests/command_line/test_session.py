"""What a person sees: the command runs on a pseudo terminal of its own."""

from command_line.terminal import screen_after

WORK = """
from tenfold.command_line.session import Manner, working
from tenfold.progress import StepFinished
with working(Manner()) as session:
    session.listen(StepFinished(1, "problem", "price is a number", 0.1))
    session.say("the answer")
"""


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
