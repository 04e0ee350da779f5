"""Where the files of a data set are: a folder of one's own, Keras' cache, our cache, or their original source."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pooch

from tenfold.datasets.entry import Download, Entry
from tenfold.errors import OptionError
from tenfold.run_folder.hashes import hash_file

__all__ = ["DATA", "Found", "cache_folder", "find_files"]

DATA = "TENFOLD_DATA"
"""Names the folder of one's own data sets in the environment."""


@dataclass(frozen=True)
class Found:
    """The files of a data set.

    Args:
        folder: Where they are.
        form: `"files"`: those of the catalogue; `"keras"`: those that Keras loads.
    """

    folder: Path
    form: Literal["files", "keras"]


def cache_folder() -> Path:
    """The folder for what was downloaded or made: `datasets` in `~/.cache/tenfold`, or in `TENFOLD_CACHE`."""
    return Path(os.environ.get("TENFOLD_CACHE", Path.home() / ".cache" / "tenfold")) / "datasets"


def find_files(entry: Entry) -> Found | None:
    """The files of a data set, downloaded where they are not here yet.

    Args:
        entry: Of the catalogue.

    Returns:
        Their folder; None where scikit-learn carries the set and there are no files of one's own.

    Raises:
        OptionError: They are not here, and cannot be downloaded.
    """
    own = os.environ.get(DATA)
    if own and entry.files and _has_all(folder := Path(own) / entry.folder, entry.files):
        return Found(folder, "files")
    if entry.is_carried:
        return None
    if entry.keras and _are_those(keras := _keras_folder(), entry.keras):
        return Found(keras, "keras")
    kept = cache_folder() / entry.folder
    if not entry.downloads:
        raise _not_here(entry)
    for file in entry.downloads:
        _download(entry, file, kept)
    return Found(kept, "keras" if entry.keras else "files")


def _has_all(folder: Path, files: tuple[str, ...]) -> bool:
    return all((folder / file).is_file() for file in files)


def _are_those(folder: Path, files: tuple[Download, ...]) -> bool:
    """Whether files are there and what they should be: some hold pickles, which are opened only by a known hash."""
    return _has_all(folder, tuple(one.file for one in files)) and all(
        hash_file(folder / one.file) == one.sha256 for one in files if one.sha256
    )


def _keras_folder() -> Path:
    return Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras") / "datasets"


def _download(entry: Entry, file: Download, folder: Path) -> None:
    try:
        pooch.retrieve(file.address, f"sha256:{file.sha256}", file.file, folder)
    except (OSError, ValueError) as error:  # no network (an OSError of requests), or a file with another hash
        raise _not_here(entry, f"{file.address}: {type(error).__name__}") from error


def _not_here(entry: Entry, failure: str | None = None) -> OptionError:
    wanted = ", ".join(f"`{file}`" for file in entry.files)
    by_hand = entry.hint or entry.downloads[0].address
    return OptionError(
        "data_not_here", f"The files of the data set `{entry.name}` are not here",
        expected=f"{wanted} in the folder `{entry.folder}` of the folder that {DATA} names",
        received=f"no download from {failure}" if failure else None,
        hint=f"get them from {by_hand} and set {DATA}",
    )  # fmt: skip
