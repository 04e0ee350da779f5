"""Files of word vectors, as GloVe and word2vec write them, and those that are none."""

import gzip
import zipfile
from pathlib import Path

import numpy as np
import pytest

from tenfold.data import word_vectors
from tenfold.data.word_vectors import read_word_vectors
from tenfold.errors import TableError

LINES = "the 1 2 3\nfilm 4 5 -6e-1\n. . . 7 8 9\nThe 0 0 0\ndull 1 1 1\n"


def written(folder: Path, text: str = LINES, name: str = "vectors.txt") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_only_wanted_words_are_kept_in_the_order_of_the_file(tmp_path: Path):
    found = read_word_vectors(written(tmp_path), {"film", "the", "unknown"})
    assert found.words == ("the", "film")
    np.testing.assert_allclose(found.vectors, [[1, 2, 3], [4, 5, -0.6]])
    assert found.length == 3


def test_a_word_with_blanks_keeps_its_numbers(tmp_path: Path):
    assert read_word_vectors(written(tmp_path), {". . ."}).vectors.tolist() == [[7, 8, 9]]


def test_word2vecs_header_is_passed_over(tmp_path: Path):
    found = read_word_vectors(written(tmp_path, f"5 3\n{LINES}"), {"dull"})
    assert found.vectors.tolist() == [[1, 1, 1]]


def test_packed_files_are_read_as_they_are(tmp_path: Path):
    plain = written(tmp_path)
    packed = tmp_path / "vectors.txt.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    archive = tmp_path / "vectors.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        opened.write(plain, "small/vectors.txt")
    for path in (packed, archive, archive / "small" / "vectors.txt"):
        assert read_word_vectors(path, {"film"}).words == ("film",)


def test_a_zip_of_several_files_asks_for_one(tmp_path: Path):
    archive = tmp_path / "glove.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("a.50d.txt", LINES)
        opened.writestr("a.100d.txt", LINES)
    with pytest.raises(TableError, match=r"`.*glove.zip` holds 2 files.*`a.50d.txt`, `a.100d.txt`"):
        read_word_vectors(archive, {"film"})
    with pytest.raises(TableError, match=r"holds no file `b.txt`"):
        read_word_vectors(archive / "b.txt", {"film"})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("the 1 2 3\nfilm 4 5\n", "Line 2 of .* is not a word and 3 numbers"),
        ("the 1 2 3\nfilm 4 five 6\n", "Line 2 of .* is not a word and 3 numbers.*five"),
        ("the 1 2 3\nfilm 4 nan 6\n", "Line 2 of .* is not a word and 3 numbers"),
        ("film,4,5,6\n", "Line 1 of .* is not a word and its numbers.*`film,4,5,6`"),
        ("other 1 2 3\n", "has a vector for none of the 1 different words"),
        ("", "has a vector for none"),
    ],
)
def test_what_is_no_file_of_vectors_is_refused(tmp_path: Path, text: str, said: str):
    with pytest.raises(TableError, match=said):
        read_word_vectors(written(tmp_path, text), {"film"})


def test_files_that_are_missing_or_damaged_are_refused(tmp_path: Path):
    with pytest.raises(TableError, match="There is no file of word vectors"):
        read_word_vectors(tmp_path / "nothing.txt", {"film"})
    damaged = tmp_path / "damaged.txt.gz"
    damaged.write_bytes(gzip.compress(LINES.encode())[:20])
    with pytest.raises(TableError, match="cannot be read"):
        read_word_vectors(damaged, {"film"})
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(TableError, match="cannot be read"):
        read_word_vectors(broken, {"film"})


def test_the_first_words_of_a_file_are_kept_where_they_are_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(word_vectors, "MOST_VECTORS", 1)
    assert read_word_vectors(written(tmp_path), {"the", "film", "dull"}).words == ("the",)
