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

from tenfold.data.class_files import NUM_NAMED, PHOTOS, ClassFiles, check_classes, find_files, label_of, listed_names
from tenfold.data.decoding import Decoded, decode_all
from tenfold.data.lookup_column import LookupArray
from tenfold.data.table import LoadedTable, SourceWarning, TableSource
from tenfold.errors import TableError
from tenfold.lookup import Lookup

__all__ = ["LABEL", "PHOTO", "SIDE", "read_photos"]

PHOTO, LABEL = "photo", "label"
"""Names of the columns."""

SIDE = 64
"""Pixels of a side where nobody says otherwise; budgets do."""


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
    files = find_files(path, PHOTOS)
    if is_labelled:
        check_classes(files)
    decoded = decode_all(files.names, files.read, side)
    names = [files.names[place] for place in decoded.places]
    _check_whole(files, names, is_labelled=is_labelled)
    frame = pd.DataFrame({PHOTO: LookupArray(Lookup(decoded.photos, np.arange(len(names), dtype=np.int32)))})
    if is_labelled:
        frame[LABEL] = [label_of(name) for name in names]
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


def _check_whole(files: ClassFiles, names: Sequence[str], *, is_labelled: bool) -> None:
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
    whole, all_of = Counter(map(label_of, names)), Counter(map(label_of, files.names))
    lost = next((label for label in all_of if not whole[label]), None)
    if lost is not None:
        raise TableError(
            "class_broken",
            f"None of the {all_of[lost]:,} photos of the class `{lost}` in `{files.source}` can be read",
            expected="pictures such as JPEG or PNG in each folder",
        )


def _warnings(files: ClassFiles, decoded: Decoded) -> tuple[SourceWarning, ...]:
    if not decoded.broken:
        return ()
    named = listed_names([files.names[place] for place in decoded.broken[:NUM_NAMED]])
    more = len(decoded.broken) - NUM_NAMED
    text = f"{len(decoded.broken):,} of {len(files.names):,} photos cannot be read and are left out: {named}"
    hint = "mend or remove them"
    return (SourceWarning("broken_photos", f"{text}{f' and {more:,} more' if more > 0 else ''}", hint),)
