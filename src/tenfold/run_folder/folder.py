"""The folder that a run leaves behind, and the rules by which it is written.

    houses-run/
      run.toml        what was asked: table and its hash, target, seed, budget, versions; when it began and ended
      ledger.jsonl    each look at scores, one line a look, only ever added to
      record/         scores, histories and out-of-fold predictions, as Parquet
      work/           what is finished of a run that is not, so that it can go on
      model/  facts.json  report.html  log.txt

A run may be killed at any moment: every file but the ledger is written under a temporary name and renamed into place,
so what is there is whole. The same command continues a run that was killed, and reads the result of one that was not;
a command that asks something else gets a folder of its own. Two processes never write into one folder: the lock is
held by the operating system and goes with the process. Reading a run folder executes nothing from it.
"""

import contextlib
import errno
import json
import shutil
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, TypeAlias

from tenfold.errors import BackendError, InputError, OptionError, RunFolderError
from tenfold.options import Options
from tenfold.run_folder.clock import utc_now
from tenfold.run_folder.lock import hold_lock
from tenfold.run_folder.stages import Stages
from tenfold.writing import machine_errors, writing

__all__ = ["FACTS", "REPORT", "Asked", "RunFolder", "default_folder", "find_run_folder", "open_run_folder"]

FACTS, REPORT = "facts.json", "report.html"

SCHEMA = 2
"""Version of `run.toml`; raised when a field changes its meaning or goes."""

TomlValue: TypeAlias = str | int | bool | tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """The question of a run. Two runs with equal questions are one run.

    Args:
        source: The table, as the user named it; not compared, so that a table may be moved.
        source_sha256: Hash of the table's bytes, and of those joined to it.
        targets: Names of the columns to predict.
        version: Of Tenfold.
        options: Everything else that was asked.
    """

    source: str = field(compare=False)
    source_sha256: str
    targets: tuple[str, ...]
    version: str
    options: Options = field(default_factory=Options)


@dataclass(frozen=True)
class RunFolder:
    """A run folder and what its `run.toml` says.

    Args:
        path: The folder, as the user would type it.
        asked: The question of the run.
        started: When it began, UTC in ISO 8601.
        finished: When it ended; empty while it has not.
        versions: Version of each library that decides the numbers.
        is_continued: Whether the folder was there before this process opened it.
    """

    path: Path
    asked: Asked
    started: str
    finished: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    is_continued: bool = False

    @property
    def ledger(self) -> Path:
        """The ledger of looks, for `ledger.add_look` and `ledger.read_looks`."""
        return self.path / "ledger.jsonl"

    @property
    def stages(self) -> Stages:
        """What the run has finished so far; gone once it is over."""
        return Stages(self.path / "work")

    def write_text(self, name: str, text: str) -> Path:
        """Write a text file, whole or not at all.

        Args:
            name: Path inside the run folder, such as `"report.html"`.
            text: Its content, written as UTF-8 with the line ends as they are.

        Returns:
            Path of the file.

        Raises:
            MachineError: The disk is full or the folder cannot be written.
        """
        with writing(self.path / name) as temporary:
            temporary.write_text(text, encoding="utf-8", newline="")
        return self.path / name

    def read_text(self, name: str) -> str:
        """A text file of the run.

        Args:
            name: Path inside the run folder, such as `"facts.json"`.

        Returns:
            Its content.

        Raises:
            RunFolderError: It is not there, because the run is not finished or somebody removed it.
        """
        try:
            return (self.path / name).read_text(encoding="utf-8")
        except FileNotFoundError:
            ended = f"it finished {self.finished}" if self.finished else "it has not finished"
            raise RunFolderError(
                "file_missing",
                f"The run `{self.path}` has no `{name}`",
                received=ended,
                hint="repeat the command that made it",
            ) from None

    def finish(self) -> None:
        """Write down that the run is over: the same command will then read its result instead of repeating it."""
        _write_toml(replace(self, finished=utc_now()))
        self.stages.forget()


@contextlib.contextmanager
def open_run_folder(asked: Asked, *, out: Path | None = None, versions: Mapping[str, str]) -> Iterator[RunFolder]:
    """Make or continue the folder of a run, and keep others out while the block runs.

    Args:
        asked: The question; validate it before, so that bad input leaves nothing behind.
        out: Where the user wants it; None for a name made from the table's, numbered where that is taken.
        versions: Version of each library that decides the numbers, `{"keras": "3.15.1", ...}`.

    Yields:
        The folder. Where it holds a finished run of the same question, `finished` is not empty.

    Raises:
        OptionError: `out` holds something else, or a run that asked something else.
        RunFolderError: Another process writes into it, or its `run.toml` is damaged.
        MachineError: It cannot be written.
    """
    with machine_errors(out or Path()):
        path = _check_free(out, asked) if out is not None else default_folder(asked)
    with machine_errors(path):
        _make(path)
    with machine_errors(path), hold_lock(path / ".lock", path):
        if (path / "run.toml").exists():
            yield replace(find_run_folder(path), asked=asked, versions=versions)
            return
        with _removed_on_bad_input(path):
            folder = RunFolder(path, asked, utc_now(), versions=versions)
            _write_toml(folder)
            yield folder


def _make(path: Path) -> None:
    """Make a folder; where the system says that it is not there (`/proc/x`), nothing can be made in that place."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except FileNotFoundError as error:
        raise PermissionError(errno.EACCES, "nothing can be made there") from error


@contextlib.contextmanager
def _removed_on_bad_input(path: Path) -> Iterator[None]:
    """Bad input that shows only on the way leaves nothing behind either: what is removed was made by this process."""
    try:
        yield
    except (InputError, BackendError):
        shutil.rmtree(path)
        raise


def find_run_folder(path: Path) -> RunFolder:
    """Read a run folder that is there, without locking it.

    Args:
        path: The folder.

    Returns:
        What its `run.toml` says.

    Raises:
        OptionError: No such folder, or not a run folder.
        RunFolderError: Its `run.toml` is damaged.
    """
    toml = path / "run.toml"
    if not toml.is_file():
        what = f"`{path}` is not a run folder" if path.exists() else f"There is no run folder `{path}`"
        raise OptionError("no_run_folder", what, expected="a folder that `tenfold run` made, with a `run.toml`")
    try:
        content = tomllib.loads(toml.read_text(encoding="utf-8"))
        run = content["run"]
        asked = _asked(content["asked"], content["options"])
        return RunFolder(path, asked, run["started"], run["finished"], content["versions"], is_continued=True)
    except (KeyError, TypeError, ValueError) as error:
        raise RunFolderError(
            "run_damaged",
            f"`{toml}` cannot be read",
            received=f"{type(error).__name__}: {error}",
            hint="choose another folder with --out",
        ) from error


def _asked(asked: dict[str, Any], options: dict[str, Any]) -> Asked:
    """The question from its tables in `run.toml`, where tuples are arrays."""
    fields: list[dict[str, Any]] = [
        {name: tuple(one) if isinstance(one, list) else one for name, one in of.items()} for of in (asked, options)
    ]
    return Asked(**fields[0], options=Options(**fields[1]))


def default_folder(asked: Asked) -> Path:
    """The folder of a question when the user names none: `houses-run`, `houses-run-2` where that is taken.

    Args:
        asked: The question.

    Returns:
        The first free name, or the folder of a run that asked the same.
    """
    name = f"{Path(asked.source).stem}-run"
    number = 1
    while not _is_free(path := Path(name if number == 1 else f"{name}-{number}"), asked):
        number += 1
    return path


def _is_free(path: Path, asked: Asked) -> bool:
    """Whether nothing is there, or only a run of the same question."""
    if _is_empty(path):
        return True
    return (path / "run.toml").is_file() and find_run_folder(path).asked == asked


def _is_empty(path: Path) -> bool:
    """Whether nothing is there, or a folder in which a run was killed before it wrote down its question."""
    if not path.is_dir():
        return not path.exists()
    return {entry.name for entry in path.iterdir()} <= {".lock", ".run.partial.toml"}


def _check_free(path: Path, asked: Asked) -> Path:
    if _is_free(path, asked):
        return path
    if not (path / "run.toml").is_file():
        kind = "a folder with other files" if path.is_dir() else "a file"
        raise OptionError(
            "out_taken",
            f"`{path}` is {kind}",
            expected="a new or empty folder, or a run folder",
            hint="choose another --out",
        )
    other = find_run_folder(path).asked
    raise OptionError(
        "other_run",
        f"`{path}` holds a run that asked something else",
        expected=_differences(asked, other),
        received=_differences(other, asked),
        hint="choose another --out, or leave it out for a new folder",
    )


def _differences(one: Asked, other: Asked) -> str:
    """What one question asks that the other does not, as a phrase."""
    words = {"source_sha256": "a table with hash", "version": "Tenfold"}
    mine, theirs = (asdict(asked) | asdict(asked.options) for asked in (one, other))
    different = [name for name, value in mine.items() if value != theirs[name] and name not in {"source", "options"}]
    return ", ".join(f"{words.get(name, name)} `{_shown(mine[name])[:40]}`" for name in different)


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _write_toml(folder: RunFolder) -> None:
    tables = {
        "run": {"schema": SCHEMA, "started": folder.started, "finished": folder.finished},
        "asked": {name: value for name, value in asdict(folder.asked).items() if name != "options"},
        "options": folder.asked.options.chosen,
        "versions": dict(folder.versions),
    }
    folder.write_text("run.toml", _toml(tables))


def _toml(tables: Mapping[str, Mapping[str, TomlValue]]) -> str:
    """Tables of words, whole numbers and lists of words as TOML, which writes them as JSON does."""
    lines = []
    for name, table in tables.items():
        lines += [f"[{name}]", *(f"{key} = {_toml_value(value)}" for key, value in table.items()), ""]
    return "\n".join(lines)


def _toml_value(value: TomlValue) -> str:
    # JSON leaves the delete character as it is, and TOML forbids it. File names may hold bytes that are no text.
    readable = json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return readable.encode("utf-8", errors="replace").decode("utf-8")
