"""What a run has finished so far, so that a killed one goes on instead of beginning again.

Each piece of training is a stage: when it is over its numbers are written as one file of plain arrays, and a run that
continues reads them back. A stage is only read where it describes the same work, and reading executes nothing. When the
run is over, the stages go.
"""

import contextlib
import json
import re
import shutil
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tenfold.writing import writing

__all__ = ["NOWHERE", "Stages"]

_ABOUT = "about"


@dataclass(frozen=True)
class Stages:
    """The finished stages of one run.

    Args:
        folder: Where they are kept; None keeps nothing.
    """

    folder: Path | None

    def has(self, name: str) -> bool:
        """Whether a stage of this name was written; `read` tells whether it is of use."""
        return self.folder is not None and self._path(name).is_file()

    def read(self, name: str, about: Sequence[str]) -> dict[str, np.ndarray] | None:
        """The arrays of a stage.

        Args:
            name: Of the stage, one of a kind in its run.
            about: What the stage must have worked on, a line each.

        Returns:
            Name to array, or None where the stage is not finished, damaged, or worked on something else.
        """
        if not self.has(name):
            return None
        try:
            with self._path(name).open("rb") as opened, np.load(opened, allow_pickle=False) as file:
                arrays = {key: file[key] for key in file.files}
            return arrays if json.loads(str(arrays.pop(_ABOUT))) == list(about) else None
        except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
            return None

    def write(self, name: str, about: Sequence[str], arrays: Mapping[str, np.ndarray]) -> None:
        """Keep the arrays of a stage; on the disk before this returns.

        Args:
            name: Of the stage.
            about: What it worked on, a line each.
            arrays: Plain arrays of numbers or text.

        Raises:
            MachineError: The disk is full or the folder cannot be written.
        """
        if self.folder is None:
            return
        with writing(self._path(name)) as temporary, temporary.open("wb") as file:
            np.savez(file, allow_pickle=False, **{_ABOUT: np.array(json.dumps(list(about)))}, **arrays)

    def forget(self) -> None:
        """Remove all stages: the run is over."""
        if self.folder is not None:
            with contextlib.suppress(OSError):
                shutil.rmtree(self.folder)

    def _path(self, name: str) -> Path:
        return Path(self.folder or "") / f"{re.sub(r'[^a-z0-9]+', '-', name.lower()).strip('-')}.npz"


NOWHERE = Stages(None)
"""Keeps nothing."""
