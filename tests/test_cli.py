"""The command line as it is typed; the work behind it is tested where it is done."""

import json
import subprocess
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tenfold.cli import main
from tenfold.command_line.exit_code import ExitCode
from tenfold.errors import TargetError
from tenfold.progress import ProgressListener, RunStarted, StepFinished, StepStarted
from tenfold.report.facts import Facts, Measure, Paths, Problem, Run, Source
from tenfold.run_folder.folder import Asked, open_run_folder

FACTS = Facts(
    run=Run(
        name="houses-run",
        command="tenfold run houses.csv --target price",
        source=Source("houses.csv", "3f1c", 40, 5, 2, "2026-11-20T16:41:05Z"),
        started="2026-11-20T16:41:05Z",
        seconds=46.0,
        versions={"tenfold": "0.1.0"},
        finished=False,
        step=6,
    ),
    problem=Problem("number", "price", "`price` is a number: linear output, squared error.", "all are numbers."),
    measure=Measure("mae", "mean absolute error", "MAE", "lower"),
    paths=Paths("houses-run", report="houses-run/report.html"),
)


class Finished:
    facts = FACTS
    path = Path("houses-run")


def finish(*_: object, progress: ProgressListener, **__: object) -> Finished:
    asked = Asked("houses.csv", "3f1c", ("price",), "0.1.0")
    with open_run_folder(asked, versions={}) as folder:
        folder.write_text("facts.json", FACTS.to_json())
        progress(RunStarted("houses.csv", 5, 2, "houses-run"))
        progress(StepFinished(1, "problem", "price is a number", 0.1))
    return Finished()


@pytest.fixture
def workflow(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., None]:
    """Puts functions in the place of the workflow's."""
    monkeypatch.chdir(tmp_path)

    def replace(**functions: Any) -> None:
        module = types.ModuleType("tenfold.workflow")
        vars(module).update(functions)
        monkeypatch.setitem(sys.modules, "tenfold.workflow", module)

    return replace


RUN = ["run", "houses.csv", "--target", "price"]


def test_the_answer_goes_to_stdout_and_everything_else_to_stderr(
    workflow: Callable[..., None], capfd: pytest.CaptureFixture[str]
) -> None:
    workflow(run=finish)
    assert main(RUN) == ExitCode.DONE
    answer, progress = capfd.readouterr()
    assert answer.startswith("This run is not finished: step 6 of 7.\n")
    assert progress.splitlines()[0] == "tenfold 0.1.0 · run houses.csv --target price"
    assert "1/7 problem: price is a number" in progress
    assert "\x1b" not in answer + progress


@pytest.mark.parametrize(("option", "num_lines"), [("-q", 2), ("-qq", 0)])
def test_silence_is_one_switch(
    workflow: Callable[..., None], capfd: pytest.CaptureFixture[str], option: str, num_lines: int
) -> None:
    workflow(run=finish)
    assert main([*RUN, option]) == ExitCode.DONE
    answer, progress = capfd.readouterr()
    assert (len(answer.splitlines()), progress) == (num_lines, "")


def test_json_is_one_object_and_nothing_else(workflow: Callable[..., None], capfd: pytest.CaptureFixture[str]) -> None:
    workflow(run=finish)
    assert main([*RUN, "--json"]) == ExitCode.DONE
    answer, progress = capfd.readouterr()
    assert json.loads(answer)["verdict"]["code"] == "unfinished"
    assert progress == ""


def test_a_condition_that_does_not_hold_is_said_and_is_exit_code_1(
    workflow: Callable[..., None], capfd: pytest.CaptureFixture[str]
) -> None:
    workflow(run=finish)
    assert main([*RUN, "--require", "beats"]) == ExitCode.GATE_FAILED
    answer, progress = capfd.readouterr()
    assert answer.startswith("This run is not finished")
    assert progress.splitlines()[-1] == "--require beats: This run is not finished: step 6 of 7."


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (["run"], "error: No table was named\n"),
        (["run", "nowhere.csv"], "error: There is no file `nowhere.csv`\n"),
        (["run", __file__], "test_cli.py` was not named\n"),
        (["run", "houses.csv", "--example", "wine"], "error: An example brings its own table and target\n"),
        (["run", "--budget", "huge"], "error: Invalid value for '--budget': "),
        (["predict", "nowhere"], "error: Missing argument 'TABLE'\n"),
        (["report", "nowhere"], "error: There is no run folder `nowhere`\n"),
        (["rnu"], "error: No such command 'rnu'"),
    ],
)
def test_a_wrong_command_is_a_sentence(typed: list[str], sentence: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(typed) == ExitCode.BAD_INPUT
    answer, told = capfd.readouterr()
    assert sentence in told
    assert (answer, "Traceback" in told) == ("", False)


def test_bad_input_is_told_below_the_title(workflow: Callable[..., None], capfd: pytest.CaptureFixture[str]) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise TargetError("unknown_target", "`prise` is not a column of houses.csv", hint="did you mean `price`?")

    workflow(run=refuse)
    assert main(RUN) == ExitCode.BAD_INPUT
    assert capfd.readouterr().err.endswith(
        "\nerror: `prise` is not a column of houses.csv\n\nhint: did you mean `price`?\n"
    )


def test_a_stopped_run_says_where_it_was_and_how_to_go_on(
    workflow: Callable[..., None], capfd: pytest.CaptureFixture[str]
) -> None:
    def stop(*_: object, progress: ProgressListener, **__: object) -> None:
        finish(progress=progress)
        progress(StepStarted(6, "scale up", "width 8"))
        import signal

        signal.raise_signal(signal.SIGTERM)

    workflow(run=stop)
    assert main(RUN) == ExitCode.TERMINATED
    told = capfd.readouterr().err.splitlines()
    assert told[-2:] == [
        "Stopped in step 6 of 7 after 0:00; the sealed rows were not looked at.",
        "continue   tenfold run houses.csv --target price",
    ]


def test_predictions_go_to_a_file_or_to_stdout(
    workflow: Callable[..., None], capfd: pytest.CaptureFixture[str]
) -> None:
    def predict(*_: object, **__: object) -> pd.DataFrame:
        return pd.DataFrame({"price": [21.5, 30.25]})

    workflow(predict=predict)
    assert main(["predict", "houses-run", "new.csv"]) == ExitCode.DONE
    assert capfd.readouterr().out == "price\n21.5\n30.25\n"
    assert main(["predict", "houses-run", "new.csv", "-o", "prices.csv"]) == ExitCode.DONE
    assert capfd.readouterr().err.endswith("wrote 2 rows to prices.csv\n")
    assert Path("prices.csv").read_text() == "price\n21.5\n30.25\n"


def test_new_rows_may_come_from_standard_input(workflow: Callable[..., None]) -> None:
    seen = []
    workflow(predict=lambda _, table, **__: seen.append(table) or pd.DataFrame({"price": [21.5]}))
    assert main(["predict", "houses-run", "-", "-q"]) == ExitCode.DONE
    assert seen == [Path("/dev/stdin")]


def test_a_report_is_made_again_from_its_facts(
    workflow: Callable[..., None], capfd: pytest.CaptureFixture[str]
) -> None:
    workflow(run=finish)
    main([*RUN, "-qq"])
    assert main(["report", "houses-run"]) == ExitCode.DONE
    assert capfd.readouterr() == ("houses-run/report.html\n", "")
    assert Path("houses-run/report.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_an_unfinished_run_has_no_facts_to_report(
    workflow: Callable[..., None], capfd: pytest.CaptureFixture[str]
) -> None:
    workflow(run=finish)
    main([*RUN, "-qq"])
    Path("houses-run/facts.json").unlink()
    assert main(["report", "houses-run"]) == ExitCode.MACHINE
    assert "error: The run `houses-run` has no `facts.json`\n" in capfd.readouterr().err


@pytest.mark.parametrize("closed", ["1>&-", "2>&-", "1>&- 2>&-"])
@pytest.mark.parametrize(("arguments", "code"), [("--version", 0), ("report nowhere", 2)])
def test_streams_may_be_closed(closed: str, arguments: str, code: int) -> None:
    typed = f"{sys.executable} -m tenfold {arguments} {closed}"
    done = subprocess.run(["sh", "-c", typed], check=False)  # noqa: S607
    assert done.returncode == code


def test_a_reader_may_leave() -> None:
    pipe = f"{sys.executable} -m tenfold run --help | head -1"
    done = subprocess.run(["sh", "-c", pipe], capture_output=True, text=True, check=True)  # noqa: S607
    assert done.stdout == "Usage: tenfold run [OPTIONS] [TABLE]\n"
    assert done.stderr == ""
