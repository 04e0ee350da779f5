"""Vectors of words that somebody trained on other texts, read from a file: GloVe's format, and word2vec's as text.

    tenfold run reviews.csv --target verdict --vectors glove.6B.100d.txt
    tenfold run reviews.csv --target verdict --vectors glove.6B.zip/glove.6B.100d.txt

A line is a word and its numbers, divided by blanks; `.gz` and `.zip` are read as they are. The file is read line by
line, and only lines of words that stand in the texts are kept: 400,000 lines take seconds and little memory.

Which words these are is no secret of the rows that score: a vector comes from the file alone, whatever rows have the
word, and stays what it is where no training row has it.
"""

import gzip
import io
import zipfile
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from jaxtyping import Float32

from tenfold.data.class_files import listed_names
from tenfold.errors import TableError

__all__ = ["WordVectors", "read_word_vectors"]

MOST_VECTORS = 20_000
"""Words that are kept, the first of the file: such files begin with the most frequent ones (arbitrary; 20,000 vectors
of 100 numbers are 8 MB a network)."""

HEADER_PARTS = 2
"""Of a first line as word2vec writes it: how many words, and how long a vector."""


@dataclass(frozen=True)
class WordVectors:
    """Words and their vectors.

    Args:
        words: In lower case, in the order of the file.
        vectors: A line each.
    """

    words: tuple[str, ...]
    vectors: Float32[np.ndarray, "word number"]

    @property
    def length(self) -> int:
        """Numbers of a vector."""
        return int(self.vectors.shape[1])


def read_word_vectors(path: str | Path, wanted: AbstractSet[str]) -> WordVectors:
    """Read the vectors of words.

    Args:
        path: The file; a file inside a zip is named by the zip's path and its own.
        wanted: Words in lower case; a word of the file counts in lower case, its first line before later ones.

    Returns:
        Those of the wanted words that the file has.

    Raises:
        TableError: The file cannot be read, a line is not a word and its numbers, or no wanted word is in it.
    """
    path = Path(path)
    words, lines, length = list[str](), list[np.ndarray](), 0
    found = set[str]()
    with _opened(path) as file:
        for number, raw in enumerate(file, start=1):
            line = raw.decode("utf-8", errors="replace").rstrip()
            length = length or _length(path, number, line)
            if not line or not length:
                continue
            word, numbers = _divided(path, number, line, length)
            word = word.lower()
            if word not in wanted or word in found or len(words) == MOST_VECTORS:
                continue
            found.add(word)
            words.append(word)
            lines.append(_numbers(path, number, numbers))
    if not words:
        raise TableError(
            "no_vectors",
            f"`{path}` has a vector for none of the {len(wanted):,} different words of the texts",
            expected="a file of word vectors in the language of the texts",
        )
    return WordVectors(tuple(words), np.stack(lines))


def _length(path: Path, number: int, line: str) -> int:
    """Numbers of a vector, told by the first line that is none of word2vec's header; 0 for that header."""
    parts = line.split(" ")
    if number == 1 and len(parts) == HEADER_PARTS and all(part.isdigit() for part in parts):
        return 0
    if len(parts) <= HEADER_PARTS:
        raise _malformed(path, number, line)
    return len(parts) - 1


def _divided(path: Path, number: int, line: str, length: int) -> tuple[str, list[str]]:
    """The word, which may hold blanks itself, and its numbers as texts."""
    word, *numbers = line.rsplit(" ", length)
    if len(numbers) != length or not word:
        raise _malformed(path, number, line, length)
    return word, numbers


def _numbers(path: Path, number: int, texts: list[str]) -> np.ndarray:
    try:
        vector = np.array(texts, dtype=np.float32)
    except ValueError:
        raise _malformed(path, number, " ".join(texts), len(texts)) from None
    if not np.isfinite(vector).all():
        raise _malformed(path, number, " ".join(texts), len(texts))
    return vector


def _malformed(path: Path, number: int, line: str, length: int = 0) -> TableError:
    count = f"{length} numbers" if length else "its numbers"
    shown = line if len(line) <= 60 else f"{line[:60]}..."  # noqa: PLR2004  # what fits a line
    return TableError(
        "vectors_malformed",
        f"Line {number:,} of `{path}` is not a word and {count}",
        expected="word vectors as text: a word, then numbers, divided by blanks",
        received=f"`{shown}`",
    )


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """The file's lines as bytes, unpacked."""
    archive = next((one for one in (path, *path.parents) if one.is_file()), None)
    if archive is None:
        raise TableError("vectors_missing", f"There is no file of word vectors `{path}`", expected="a file to read")
    try:
        if archive.suffix.lower() == ".zip":
            with zipfile.ZipFile(archive) as opened, opened.open(_member(opened, path, archive)) as file:
                yield io.BufferedReader(file)  # type: ignore[type-var]
        else:
            with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as file:
                yield file  # type: ignore[misc]
    except (zipfile.BadZipFile, gzip.BadGzipFile, EOFError, NotImplementedError, OSError) as error:
        what = f"`{path}` cannot be read: {error}"
        raise TableError("vectors_unreadable", what, expected="word vectors as text") from error


def _member(opened: zipfile.ZipFile, path: Path, archive: Path) -> str:
    """The file inside a zip that is named, or the only one."""
    names = [one.filename for one in opened.infolist() if not one.is_dir()]
    inside = path.relative_to(archive).as_posix()
    if inside in names:
        return inside
    if inside == "." and len(names) == 1:
        return names[0]
    raise TableError(
        "vectors_in_zip",
        f"`{archive}` holds {len(names)} files" if inside == "." else f"`{archive}` holds no file `{inside}`",
        expected="the path of one of its files",
        received=listed_names(names[:6]),
        hint=f"{archive}/{names[0]}" if names else None,
    )
