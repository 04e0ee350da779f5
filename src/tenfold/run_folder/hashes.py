"""Hashes of the files of a run, so that a changed one is seen."""

import hashlib
from pathlib import Path

from tenfold.writing import machine_errors

__all__ = ["hash_file", "hash_files"]

REMADE = {"run.toml", "facts.json", "report.html", "log.txt", ".lock"}
"""Files that change without a change of the run: its dates, the facts that hold the hashes, what is made from them."""

CHUNK = 1 << 20
"""Bytes read at once."""


def hash_file(path: Path) -> str:
    """The sha256 of a file.

    Args:
        path: The file.

    Returns:
        64 hexadecimal digits.
    """
    digest = hashlib.sha256()
    with machine_errors(path), path.open("rb") as file:
        while part := file.read(CHUNK):
            digest.update(part)
    return digest.hexdigest()


def hash_files(folder: Path) -> dict[str, str]:
    """The sha256 of each file that a finished run keeps.

    Args:
        folder: The run folder.

    Returns:
        Path in the folder, with slashes, to hash; sorted by path.
    """
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    kept = {name: path for name, path in files.items() if name not in REMADE and not name.startswith("work/")}
    return {name: hash_file(kept[name]) for name in sorted(kept)}
