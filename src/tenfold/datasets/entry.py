"""What the catalogue says of a data set: words about it, its files, where they come from and how they are read."""

from dataclasses import dataclass

__all__ = ["KERAS", "Download", "Entry"]

KERAS = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
"""Where Keras keeps its data sets."""


@dataclass(frozen=True)
class Download:
    """A file of the original source.

    Args:
        address: Where it is.
        sha256: Hash of its bytes.
    """

    address: str
    sha256: str

    @property
    def file(self) -> str:
        """Name of the file."""
        return self.address.rpartition("/")[2]


@dataclass(frozen=True)
class Entry:
    """A data set of the catalogue.

    Args:
        name: As `tenfold.datasets.load` takes it.
        about: One sentence.
        origin: Who made it, and where it was published.
        licence: What may be done with it.
        folder: Of its files, within the folder that `TENFOLD_DATA` names.
        files: All that must be there.
        target: Column to predict; None where the set is no table.
        columns: Names, where the file has no line of names.
        reader: How its files are read, a name of `READERS`.
        keras: Files in Keras' cache that can stand for it, as Keras itself loads them.
        downloads: Files of the original source that can stand for it; with `keras` files: those.
        hint: How to get it by hand.
        is_carried: Whether scikit-learn carries it, so that it is there without files.
    """

    name: str
    about: str
    origin: str
    licence: str
    folder: str = ""
    files: tuple[str, ...] = ()
    target: str | None = None
    columns: tuple[str, ...] = ()
    reader: str = "table"
    keras: tuple[Download, ...] = ()
    downloads: tuple[Download, ...] = ()
    hint: str = ""
    is_carried: bool = False
