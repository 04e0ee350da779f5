"""`tenfold.load`: what was saved, whichever it is: a run folder, a cross-validation or a search."""

from pathlib import Path
from typing import TYPE_CHECKING

from tenfold.cross_validation import CrossValidation, load_cross_validation
from tenfold.errors import RunFolderError

if TYPE_CHECKING:
    from tenfold.trials.found import Search
    from tenfold.workflow import Run

__all__ = ["load"]


def load(path: str | Path) -> "CrossValidation | Run | Search":
    """Read back what `CrossValidation.save`, `Search.save` or `tenfold run` wrote. Nothing in the folder is executed.

    Args:
        path: The folder.

    Returns:
        The cross-validation, the search or the run.

    Raises:
        RunFolderError: The folder is not there, or holds none of them.
    """
    folder = Path(path)
    if (folder / "record.json").is_file():
        return load_cross_validation(folder)
    if (folder / "search.json").is_file():
        from tenfold.trials.saved import load_search  # noqa: PLC0415  # a cross-validation loads without Optuna

        return load_search(folder)
    if (folder / "run.toml").is_file():
        from tenfold.workflow import load_run  # noqa: PLC0415  # a cross-validation loads without the workflow

        return load_run(folder)
    raise RunFolderError(
        "not_saved",
        f"`{folder}` is not a folder that Tenfold wrote" if folder.exists() else f"`{folder}` does not exist",
        expected="a folder with record.json (a cross-validation), search.json (a search) or run.toml (a run)",
    )
