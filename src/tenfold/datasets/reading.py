"""How the files of each data set are read.

Where `tenfold run` could not take them as they lie (no names of columns, several files), one file that it takes is
written to the cache, and the table is read from there: what a program sees is what the command sees.
"""

import functools
import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
from sklearn.datasets import load_digits, load_iris

from tenfold.data.examples import load_example
from tenfold.data.table import read_table
from tenfold.datasets.arrays import keras_digits, keras_houses, photos_of_class, read_cat_photos, read_digits
from tenfold.datasets.data_set import Pair, Rows
from tenfold.datasets.entry import Entry
from tenfold.datasets.finding import Found, cache_folder
from tenfold.datasets.texts import keras_newswires, keras_reviews, read_newswires, read_reviews

__all__ = ["READERS", "Reader", "read_carried"]

HOUSES = ["CRIM", "ZN", "INDUS", "CHAS", "NOX", "RM", "AGE", "DIS", "RAD", "TAX", "PTRATIO", "B", "LSTAT", "MEDV"]
"""Columns of the houses that Keras keeps without their names."""

Reader = Callable[[Entry, Found], Rows]


def _frame(path: Path) -> pd.DataFrame:
    return read_table(path).frame


def _written(entry: Entry, sources: list[Path], make: Callable[[], pd.DataFrame]) -> Path:
    """A table made from files, as a file; written once for each content of those."""
    digest = hashlib.sha256(" ".join(entry.columns).encode())
    for source in sources:
        digest.update(source.read_bytes())
    path = cache_folder() / "made" / f"{entry.name}-{digest.hexdigest()[:12]}.csv"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part")
        make().to_csv(unfinished, index=False)
        unfinished.replace(path)  # whoever finds the file finds all of it
    return path


def _named(entry: Entry, path: Path) -> pd.DataFrame:
    frame = _frame(path)
    return frame.set_axis(list(entry.columns), axis="columns") if entry.columns else frame


def _table(entry: Entry, found: Found) -> Rows:
    path = _named_file(entry, found.folder / entry.files[0])
    return Rows(path, functools.partial(_frame, path))


def _named_file(entry: Entry, path: Path) -> Path:
    """The file itself where it names its columns, else one that does."""
    return _written(entry, [path], lambda: _named(entry, path)) if entry.columns else path


def _boston(entry: Entry, found: Found) -> Rows:
    if found.form == "files":
        path = found.folder / entry.files[0]
        return Rows(path, functools.partial(_frame, path))
    source = found.folder / entry.keras[0].file
    path = _written(entry, [source], lambda: pd.DataFrame(keras_houses(source), columns=HOUSES))
    return Rows(path, functools.partial(_frame, path))


def _adult(entry: Entry, found: Found) -> Rows:
    path = _named_file(entry, found.folder / entry.files[0])

    def train() -> Pair:
        frame = _frame(path)
        return frame.drop(columns="income"), frame["income"]

    def test() -> Pair:
        frame = _named(entry, found.folder / entry.files[1])
        return frame.drop(columns="income"), frame["income"].str.rstrip(".")  # only this file ends classes with a stop

    return Rows(path, functools.partial(_frame, path), train, test)


def _wines(entry: Entry, found: Found) -> Rows:
    files = [found.folder / file for file in entry.files]

    def both() -> pd.DataFrame:
        red, white = (_named(entry, file) for file in files)
        return pd.concat([red.assign(colour="red"), white.assign(colour="white")], ignore_index=True)

    path = _written(entry, files, both)
    return Rows(path, functools.partial(_frame, path))


def _bakery(entry: Entry, found: Found) -> Rows:
    files = [found.folder / file for file in entry.files]

    def joined() -> pd.DataFrame:
        sales, weather, festival = (_frame(file) for file in files)
        frame = sales.merge(weather, how="left", on="Datum").merge(festival, how="left", on="Datum")
        return frame.assign(KielerWoche=frame["KielerWoche"].fillna(0).astype(int))  # the file lists its days alone

    path = _written(entry, files, joined)
    return Rows(path, functools.partial(_frame, path))


def _keras_files(entry: Entry, found: Found) -> tuple[Path, Path]:
    """Numbers of words, and the list of words."""
    numbers, words = entry.keras
    return found.folder / numbers.file, found.folder / words.file


def _imdb(entry: Entry, found: Found) -> Rows:
    if found.form == "keras":
        pair = functools.partial(keras_reviews, *_keras_files(entry, found))
        return Rows(train=functools.partial(pair, "train"), test=functools.partial(pair, "test"))
    path = found.folder / entry.files[0]
    pair = functools.partial(read_reviews, found.folder / entry.files[1])
    return Rows(
        path, functools.partial(_frame, path), functools.partial(pair, "train"), functools.partial(pair, "test")
    )


def _reuters(entry: Entry, found: Found) -> Rows:
    if found.form == "keras":
        pair = functools.partial(keras_newswires, *_keras_files(entry, found))
        return Rows(train=functools.partial(pair, "train"), test=functools.partial(pair, "test"))
    path = found.folder / entry.files[0]
    frame = functools.cache(functools.partial(_frame, path))
    pair = functools.partial(read_newswires, frame)
    return Rows(path, frame, functools.partial(pair, "train"), functools.partial(pair, "test"))


def _mnist(entry: Entry, found: Found) -> Rows:
    if found.form == "keras":
        pair = functools.partial(keras_digits, found.folder / entry.keras[0].file)
        return Rows(train=functools.partial(pair, "train"), test=functools.partial(pair, "test"))
    pair = functools.partial(read_digits, found.folder)
    return Rows(train=functools.partial(pair, "train"), test=functools.partial(pair, "t10k"))


def _cat_noncat(entry: Entry, found: Found) -> Rows:
    del entry
    pair = functools.partial(read_cat_photos, found.folder)
    return Rows(train=functools.partial(pair, "train"), test=functools.partial(pair, "test"))


def _archive(entry: Entry, found: Found) -> Rows:
    return Rows(found.folder / entry.files[0])


def _cats_dogs(entry: Entry, found: Found) -> Rows:
    path = found.folder / entry.files[0]
    pair = functools.partial(photos_of_class, path, ("cats", "dogs"))
    return Rows(path, train=functools.partial(pair, "train"), test=functools.partial(pair, "test"))


def read_carried(entry: Entry) -> Rows:
    """A set that scikit-learn carries.

    Args:
        entry: Of the catalogue.

    Returns:
        Its rows.
    """

    def frame() -> pd.DataFrame:
        if entry.name == "digits":
            return load_digits(as_frame=True).frame.rename(columns={"target": "digit"})
        if entry.name == "iris":
            data = load_iris(as_frame=True)
            named = data.data.set_axis(list(entry.columns[:-1]), axis="columns")
            return named.assign(species="Iris-" + pd.Series(data.target_names)[data.target].to_numpy())
        return load_example(entry.name)[0].frame

    return Rows(frame=frame)


READERS: Mapping[str, Reader] = {
    "adult": _adult,
    "archive": _archive,
    "bakery": _bakery,
    "boston": _boston,
    "cat_noncat": _cat_noncat,
    "cats_dogs": _cats_dogs,
    "imdb": _imdb,
    "mnist": _mnist,
    "reuters": _reuters,
    "table": _table,
    "wines": _wines,
}
"""By the catalogue's word for it."""
