"""What a reader sees of the same events on a terminal, in a log and in a script."""

import io
import time

import pytest

from tenfold.errors import OptionError
from tenfold.progress import Event, RunStarted, StepFinished, StepStarted, TrainingProgress, Warned, silence
from tenfold.progress_display.choice import display_for, open_display
from tenfold.progress_display.epoch_line import EpochLine, EpochLines
from tenfold.progress_display.plain_lines import PlainLines
from tenfold.progress_display.streams import can_redraw, write_any_glyph
from tenfold.progress_display.training import TrainingWatch


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def progress(epoch: int, *, seconds: float, num_stopped: int = 0) -> TrainingProgress:
    return TrainingProgress(
        epoch=epoch,
        epochs=20,
        loss=3.0 / (1 + epoch),
        validation_loss=2.5,
        num_training=15 - num_stopped,
        num_stopped=num_stopped,
        num_nonfinite=0,
        num_members=15,
        seconds=seconds,
    )


EVENTS: list[Event] = [
    RunStarted("houses.csv", 1506, 14, "houses-run"),
    StepFinished(1, "problem", "price is a number, 5.0 to 50.0", 0.1),
    Warned("TF302", "`price` stops at 50.0", "see step 1 of the report"),
    StepStarted(6, "scale up", "width 8, [64], 128"),
    progress(4, seconds=5.0),
    progress(12, seconds=7.0, num_stopped=2),
    StepFinished(6, "scale up", "width 64 overfits", 83.0),
]


def test_a_log_gets_a_line_a_step_and_no_character_that_moves_a_cursor() -> None:
    log = io.StringIO()
    with open_display("auto", log, began=time.monotonic()) as listen:
        for event in EVENTS:
            listen(event)
    lines = [line.partition("] ")[2] for line in log.getvalue().splitlines()]
    assert lines == [
        "1,506 rows, 14 columns -> houses-run",
        "1/7 problem: price is a number, 5.0 to 50.0",
        "warning: TF302 `price` stops at 50.0",
        "hint: see step 1 of the report",
        "6/7 scale up: width 64 overfits",
    ]
    assert log.getvalue().replace("\n", "").isprintable()


def test_a_silent_log_gets_a_sign_of_life() -> None:
    log = io.StringIO()
    with PlainLines(log, began=time.monotonic(), heartbeat=0.02).beating() as listen:
        for event in EVENTS[:-1]:
            listen(event)
        time.sleep(0.2)
    assert "6/7 scale up: epoch 12/20, loss 0.231, validation loss 2.5, 13 of 15 training, 2 stopped" in log.getvalue()


def test_before_any_step_it_says_only_that_it_is_at_work() -> None:
    log = io.StringIO()
    with PlainLines(log, began=time.monotonic(), heartbeat=0.02).beating():
        time.sleep(0.2)
    assert log.getvalue().splitlines()[0].endswith(" s] at work")


def test_a_terminal_keeps_finished_steps_and_erases_the_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("CI", raising=False)
    screen = Terminal()
    with open_display("auto", screen, began=time.monotonic()) as listen:
        for event in EVENTS:
            listen(event)
            time.sleep(0.15)
    text = screen.getvalue()
    assert "epoch 12/20 " in text
    assert "13 of 15 training, 2 stopped" in text
    assert "width 64 overfits" in text
    assert text.rindex("\x1b[?25h") > text.rindex("\x1b[?25l")


def test_brackets_in_names_are_no_markup() -> None:
    screen = Terminal()
    with open_display("auto", screen, began=time.monotonic()) as listen:
        listen(StepFinished(1, "problem", "[red]price[/red] [m²]", 0.0))
    assert "[red]price[/red] [m²]" in screen.getvalue()


def test_one_line_is_drawn_over_itself_and_left_at_the_end() -> None:
    screen = Terminal()
    line = EpochLine(screen)
    for event in (progress(4, seconds=5.0), progress(20, seconds=9.0)):
        line(event)
    assert screen.getvalue().count("\n") == 1
    assert "epoch 20/20" in screen.getvalue().split("\r")[-1]


def test_lines_that_come_too_fast_are_left_out_but_for_the_last() -> None:
    log = io.StringIO()
    lines = EpochLines(log, seconds_between=60.0)
    for event in (progress(4, seconds=5.0), progress(12, seconds=7.0), progress(20, seconds=9.0)):
        lines(event)
    assert log.getvalue() == "epoch 20/20, loss 0.143, validation loss 2.5, 15 members\n"


def test_the_time_left_does_not_count_compilation() -> None:
    watch = TrainingWatch()
    watch.see(progress(4, seconds=50.0))
    watch.see(progress(8, seconds=52.0))
    assert watch.seconds_left == pytest.approx(6.0)


def test_another_population_begins_a_new_history() -> None:
    watch = TrainingWatch()
    watch.see(progress(12, seconds=7.0))
    watch.see(progress(4, seconds=1.0))
    assert [event.epoch for event in watch.events] == [4]


@pytest.mark.parametrize("environment", [{"TERM": "dumb"}, {"TERM": "xterm", "CI": "true"}])
def test_a_terminal_without_a_cursor_is_written_to_like_a_log(environment: dict[str, str]) -> None:
    assert not can_redraw(Terminal(), environment)


def test_glyphs_become_ascii_of_the_same_width_where_the_encoding_lacks_them() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    write_any_glyph(stream)
    stream.write("✓ 2.4 ± 0.1 · ●○× ━─ ▁█ größe 価")
    stream.flush()
    assert raw.getvalue() == b"+ 2.4 ~ 0.1 - o.x =- _# gr??e ?"


def test_verbose_has_the_values_of_keras(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", io.StringIO())
    assert display_for(0) is silence
    assert isinstance(display_for(2), EpochLines)
    assert isinstance(display_for("auto"), EpochLines)
    monkeypatch.setattr("sys.stderr", Terminal())
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("CI", raising=False)
    assert isinstance(display_for(1), EpochLine)
    with pytest.raises(OptionError, match=r"Expected: 0, 1, 2 or 'auto'\. Received: 3"):
        display_for(3)
