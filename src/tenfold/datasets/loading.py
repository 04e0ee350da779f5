"""A data set by its name."""

from tenfold.datasets.catalogue import CATALOGUE
from tenfold.datasets.data_set import DataSet
from tenfold.datasets.finding import find_files
from tenfold.datasets.reading import READERS, read_carried
from tenfold.errors import OptionError, did_you_mean

__all__ = ["load", "names"]


def names() -> list[str]:
    """All data sets.

    Returns:
        Their names, as `load` takes them.
    """
    return list(CATALOGUE)


def load(name: str) -> DataSet:
    """A data set.

    Its files are looked for in the folder that the environment variable `TENFOLD_DATA` names, then in Keras' cache, and
    downloaded otherwise, where that is possible.

    Args:
        name: One of `names()`.

    Returns:
        It. Its rows are read when `frame`, `train` or `test` is first asked for.

    Raises:
        OptionError: No data set of this name; or its files are not here, with a sentence that says how to get them.

    >>> wine = load("wine")
    >>> wine.frame.shape, wine.target
    ((178, 14), 'cultivar')
    """
    if name not in CATALOGUE:
        raise OptionError(
            "unknown_data_set", f"There is no data set `{name}`", expected="one of `tenfold.datasets.names()`",
            hint=did_you_mean(name, CATALOGUE),
        )  # fmt: skip
    entry = CATALOGUE[name]
    found = find_files(entry)
    rows = read_carried(entry) if found is None else READERS[entry.reader](entry, found)
    folder = None if found is None else found.folder
    return DataSet(entry.name, entry.about, entry.origin, entry.licence, entry.target, folder, rows)
