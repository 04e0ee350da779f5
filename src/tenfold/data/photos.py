"""Photos as a table: a folder, or a zip, with one folder of photos for each class.

    tenfold run flowers.zip                    flowers/daisy/100.jpg is a row with the label `daisy`
    tenfold run cats_dogs.zip/train            a folder inside a zip
    tenfold predict flowers-run holiday/       photos without labels: a row each

The table has the columns `photo` (bytes, all of one size) and, where there are folders, `label`. What a row is called
(its path) stands in the table's source, so that no network learns from names of files.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from tenfold.data.decoding import Decoded, decode_all
from tenfold.data.lookup_column import LookupArray
from tenfold.data.photo_files import PhotoFiles, find_photo_files
from tenfold.data.table import LoadedTable, SourceWarning, TableSource
from tenfold.errors import TableError
from tenfold.lookup import Lookup

__all__ = ["LABEL", "PHOTO", "SIDE", "read_photos"]

PHOTO, LABEL = "photo", "label"
"""Names of the columns."""

SIDE = 64
"""Pixels of a side where nobody says otherwise; budgets do."""

NUM_NAMED = 5
"""Broken files that are named; the others are counted."""

PART_NAMES = frozenset({
    "train", "training", "train_set", "training_set", "test", "testing", "test_set", "val", "valid", "validation",
    "validation_set", "val_set", "eval",
})  # fmt: skip
"""Folders at the top that are parts of somebody's split, not classes."""


def read_photos(path: str | Path, side: int = SIDE, *, is_labelled: bool = True) -> LoadedTable:
    """Read a folder, a zip or a folder inside a zip, with one folder of photos for each class.

    Args:
        path: What the user named.
        side: Pixels of a side that all photos are brought to.
        is_labelled: Whether there must be classes; without, photos may lie anywhere.

    Returns:
        The table, in the order of the files' names; its source names them and says which are broken.

    Raises:
        TableError: No photos, none that can be read, an empty class, fewer than two classes, parts of a split in place
            of classes, a zip that is damaged or leads outside.
    """
    path = Path(path)
    files = find_photo_files(path)
    if is_labelled:
        _check_classes(files)
    decoded = decode_all(files.names, files.read, side)
    names = [files.names[place] for place in decoded.places]
    _check_whole(files, names, is_labelled=is_labelled)
    frame = pd.DataFrame({PHOTO: LookupArray(Lookup(decoded.photos, np.arange(len(names), dtype=np.int32)))})
    if is_labelled:
        frame[LABEL] = [_label(name) for name in names]
    source = TableSource(
        path.name,
        "photos",
        decoded.sha256,
        decoded.num_bytes,
        len(frame),
        frame.shape[1],
        path=path,
        row_names=tuple(names),
        warnings=_warnings(files, decoded),
    )
    return LoadedTable(frame, source)


def _label(name: str) -> str:
    """The class of a file: its folder at the top."""
    return name.split("/", maxsplit=1)[0]


def _check_classes(files: PhotoFiles) -> None:
    """Refuse folders that are no classes."""
    loose = [name for name in files.names if "/" not in name]
    labels = list(dict.fromkeys(_label(name) for name in files.names if "/" in name))
    if loose and not labels:
        raise TableError(
            "no_classes",
            f"`{files.source}` holds {len(loose):,} photos, but no folder for each class",
            expected="two folders or more, each with the photos of one class",
            received=f"`{loose[0]}` without a folder",
        )
    if loose:
        raise TableError(
            "loose_photos",
            f"`{files.source}` holds {len(loose):,} photo{'s' * (len(loose) > 1)} beside its folders",
            expected="each photo in the folder of its class",
            received=f"`{loose[0]}`",
        )
    parts = [name for name in (*labels, *files.folders) if name.lower() in PART_NAMES]
    if len(parts) > 1 and len(parts) == len(labels) + len(files.folders):
        raise TableError(
            "parts_of_a_split",
            f"`{files.source}` is divided into {_listed(sorted(parts))}, not into classes",
            expected="one folder for each class",
            hint=f"name one part, such as {files.source}/{_training(parts)}: Tenfold seals rows of its own",
        )
    if files.folders:
        raise TableError(
            "empty_class",
            f"The folder {_listed(files.folders[:NUM_NAMED])} in `{files.source}` holds no photos",
            expected="photos in each folder, which is a class",
            hint="fill it, or remove it",
        )
    if len(labels) == 1:
        raise TableError(
            "one_class",
            f"`{files.source}` holds photos of one class only, `{labels[0]}`",
            expected="two folders or more, each with the photos of one class",
        )


def _check_whole(files: PhotoFiles, names: Sequence[str], *, is_labelled: bool) -> None:
    """Refuse where no photo can be read, of all or of one class."""
    if not names:
        raise TableError(
            "all_broken",
            f"None of the {len(files.names):,} photos in `{files.source}` can be read",
            expected="pictures such as JPEG or PNG",
            received=f"`{files.names[0]}`, which is none",
        )
    if not is_labelled:
        return
    whole, all_of = Counter(map(_label, names)), Counter(map(_label, files.names))
    lost = next((label for label in all_of if not whole[label]), None)
    if lost is not None:
        raise TableError(
            "class_broken",
            f"None of the {all_of[lost]:,} photos of the class `{lost}` in `{files.source}` can be read",
            expected="pictures such as JPEG or PNG in each folder",
        )


def _warnings(files: PhotoFiles, decoded: Decoded) -> tuple[SourceWarning, ...]:
    if not decoded.broken:
        return ()
    named = _listed([files.names[place] for place in decoded.broken[:NUM_NAMED]])
    more = len(decoded.broken) - NUM_NAMED
    text = f"{len(decoded.broken):,} of {len(files.names):,} photos cannot be read and are left out: {named}"
    hint = "mend or remove them"
    return (SourceWarning("broken_photos", f"{text}{f' and {more:,} more' if more > 0 else ''}", hint),)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _training(parts: Sequence[str]) -> str:
    """The part that a user most likely wants."""
    return next((name for name in sorted(parts) if name.lower().startswith("train")), parts[0])
