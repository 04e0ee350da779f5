"""`tenfold.load`: what was saved, whichever it is, a run folder or a cross-validation."""

from pathlib import Path
from typing import TYPE_CHECKING

from tenfold.cross_validation import CrossValidation, load_cross_validation
from tenfold.errors import RunFolderError

if TYPE_CHECKING:
    from tenfold.workflow import Run

__all__ = ["load"]


def load(path: str | Path) -> "CrossValidation | Run":
    """Read back what `CrossValidation.save` or `tenfold run` wrote. Nothing in the folder is executed.

    Args:
        path: The folder.

    Returns:
        The cross-validation or the run.

    Raises:
        RunFolderError: The folder is not there, or holds neither.
    """
    folder = Path(path)
    if (folder / "record.json").is_file():
        return load_cross_validation(folder)
    if (folder / "run.toml").is_file():
        from tenfold.workflow import load_run  # noqa: PLC0415  # a cross-validation loads without the workflow

        return load_run(folder)
    raise RunFolderError(
        "not_saved",
        f"`{folder}` is not a folder that Tenfold wrote" if folder.exists() else f"`{folder}` does not exist",
        expected="a folder with record.json (a cross-validation) or run.toml (a run)",
    )
