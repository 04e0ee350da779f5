import json

import pytest

from tenfold.command_line.exit_code import ExitCode
from tenfold.command_line.failure import report_failure
from tenfold.command_line.session import CommandFailedError, CommandStoppedError, Manner, working
from tenfold.errors import MachineError, RunFolderError, TargetError

UNKNOWN = TargetError(
    "unknown_target", "`prise` is not a column", expected="one of 2 columns: a, price", hint="did you mean `price`?"
)


def test_bad_input_is_a_sentence_with_its_details(capsys: pytest.CaptureFixture[str]) -> None:
    assert report_failure(UNKNOWN, as_json=False) == ExitCode.BAD_INPUT
    assert capsys.readouterr() == (
        "",
        "error: `prise` is not a column\n  expected one of 2 columns: a, price\n\nhint: did you mean `price`?\n",
    )


def test_a_program_gets_the_error_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    report_failure(UNKNOWN, as_json=True)
    error = json.loads(capsys.readouterr().out)["error"]
    assert (error["code"], error["hint"]) == ("unknown_target", "did you mean `price`?")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (RunFolderError("in_use", "`houses-run` is in use"), ExitCode.MACHINE),
        (MachineError("disk_full", "no room"), ExitCode.MACHINE),
        (MemoryError(), ExitCode.MACHINE),
        (RuntimeError("RESOURCE_EXHAUSTED: Out of memory allocating"), ExitCode.MACHINE),
        (CommandStoppedError(143), ExitCode.TERMINATED),
        (ZeroDivisionError("division by zero"), ExitCode.INTERNAL_ERROR),
    ],
)
def test_each_kind_of_failure_has_its_exit_code(error: Exception, code: ExitCode) -> None:
    assert report_failure(error, as_json=False) == code


def test_a_mistake_of_ours_leaves_a_log_with_the_traceback(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandFailedError) as failed, working(Manner(quiet=2)):
        _ = 1 / 0
    assert report_failure(failed.value, as_json=False) == ExitCode.INTERNAL_ERROR
    told = capfd.readouterr().err
    assert told.startswith("error: Tenfold made a mistake: ZeroDivisionError: division by zero\n")
    assert "Traceback" not in told
    assert str(failed.value.log) in told
    assert "ZeroDivisionError" in failed.value.log.read_text(encoding="utf-8")
    failed.value.log.unlink()
