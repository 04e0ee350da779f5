"""Texts as a table: a folder, or a zip, with one folder of text files for each class.

    tenfold run reviews/                       reviews/good/7.txt is a row with the label `good`
    tenfold run reviews.zip/train              a folder inside a zip
    tenfold predict reviews-run mails/         texts without labels: a row each

The table has the columns `text` and, where there are folders, `label`. Files are UTF-8, UTF-16 with its mark, or else
Windows-1252, which holds Latin-1; which of them is told. What a row is called (its path) stands in the table's source.
"""

from collections import Counter
from hashlib import sha256
from pathlib import Path

import pandas as pd

from tenfold.data.class_files import NUM_NAMED, TEXTS, ClassFiles, check_classes, find_files, label_of, listed_names
from tenfold.data.csv_text import decode_text
from tenfold.data.photos import LABEL
from tenfold.data.table import LoadedTable, SourceWarning, TableSource
from tenfold.errors import TableError

__all__ = ["TEXT", "read_texts"]

TEXT = "text"
"""Name of the column."""


def read_texts(path: str | Path, *, is_labelled: bool = True) -> LoadedTable:
    """Read a folder, a zip or a folder inside a zip, with one folder of texts for each class.

    Args:
        path: What the user named.
        is_labelled: Whether there must be classes; without, texts may lie anywhere.

    Returns:
        The table, in the order of the files' names; its source names them, and says which are empty or no text.

    Raises:
        TableError: No texts, none that can be read, an empty class, fewer than two classes, parts of a split in place
            of classes, a zip that is damaged or leads outside.
    """
    path = Path(path)
    files = find_files(path, TEXTS)
    if is_labelled:
        check_classes(files)
    raw = [files.read(name) for name in files.names]
    texts, encodings = zip(*map(_decoded, raw, files.names), strict=True)
    kept = [place for place, text in enumerate(texts) if text]
    names = [files.names[place] for place in kept]
    _check_left(files, names, is_labelled=is_labelled)
    frame = pd.DataFrame({TEXT: [texts[place] for place in kept]})
    if is_labelled:
        frame[LABEL] = [label_of(name) for name in names]
    lines = (f"{name}\0{sha256(one).hexdigest()}" for name, one in zip(files.names, raw, strict=True))
    source = TableSource(
        path.name,
        "texts",
        sha256("\n".join(lines).encode()).hexdigest(),
        sum(map(len, raw)),
        len(frame),
        frame.shape[1],
        path=path,
        row_names=tuple(names),
        warnings=(*_left_out(files, texts), *_by_encoding(files, encodings)),
    )
    return LoadedTable(frame, source)


def _decoded(raw: bytes, name: str) -> tuple[str, str]:
    """The text without blanks around it, and its encoding; nothing where there is no text."""
    try:
        text, encoding = decode_text(raw, name)
    except TableError:
        return "", ""
    return text.strip(), encoding if text.strip() else ""


def _check_left(files: ClassFiles, names: list[str], *, is_labelled: bool) -> None:
    """Refuse where nothing can be read, of all or of one class."""
    if not names:
        raise TableError(
            "all_empty",
            f"None of the {len(files.names):,} texts in `{files.source}` can be read",
            expected="text files that are not empty",
        )
    left, all_of = Counter(map(label_of, names)), Counter(map(label_of, files.names))
    lost = next((label for label in all_of if is_labelled and not left[label]), None)
    if lost is not None:
        raise TableError(
            "class_unreadable",
            f"None of the {all_of[lost]:,} texts of the class `{lost}` in `{files.source}` can be read",
            expected="text files that are not empty in each folder",
        )


def _left_out(files: ClassFiles, texts: tuple[str, ...]) -> tuple[SourceWarning, ...]:
    empty = [name for name, text in zip(files.names, texts, strict=True) if not text]
    if not empty:
        return ()
    more = f" and {len(empty) - NUM_NAMED:,} more" if len(empty) > NUM_NAMED else ""
    said = f"{len(empty):,} of {len(files.names):,} texts are empty or no text and are left out"
    return (SourceWarning("empty_texts", f"{said}: {listed_names(empty[:NUM_NAMED])}{more}", "mend or remove them"),)


def _by_encoding(files: ClassFiles, encodings: tuple[str, ...]) -> tuple[SourceWarning, ...]:
    other = [name for name, encoding in zip(files.names, encodings, strict=True) if encoding == "cp1252"]
    if not other:
        return ()
    said = f"{len(other):,} of {len(files.names):,} texts are not UTF-8 and were read as Windows-1252 (Latin-1)"
    hint = "save them as UTF-8 if letters are wrong"
    return (SourceWarning("not_utf8", f"{said}: {listed_names(other[:NUM_NAMED])}", hint),)
