"""Folders and zips of text files as tables, and what is wrong with them in one sentence."""

import zipfile
from pathlib import Path

import pytest

from tenfold.data.class_files import PHOTOS, TEXTS, kind_of_source
from tenfold.data.texts import read_texts
from tenfold.errors import TableError
from tenfold.question.posing import open_table


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for label in ("bad", "good"):
        (tmp_path / "reviews" / label).mkdir(parents=True)
        for number in range(3):
            (tmp_path / "reviews" / label / f"{number}.txt").write_text(f"a {label} film, {number} stars\n", "utf-8")
    return tmp_path / "reviews"


def test_a_folder_a_class_becomes_a_row_a_file(folder: Path):
    (folder / "good" / ".hidden.txt").write_text("no")
    (folder / "good" / "notes.md").write_text("no")
    found = open_table(folder)
    assert found.frame["label"].tolist() == ["bad"] * 3 + ["good"] * 3
    assert found.frame["text"][3] == "a good film, 0 stars"
    assert found.source.row_names == ("bad/0.txt", "bad/1.txt", "bad/2.txt", "good/0.txt", "good/1.txt", "good/2.txt")
    assert (found.source.format, found.source.warnings) == ("texts", ())


def test_a_zip_holds_the_same_and_so_does_a_folder_inside(folder: Path, tmp_path: Path):
    archive = tmp_path / "all.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        for path in sorted(folder.rglob("*.txt")):
            opened.write(path, f"data/train/{path.relative_to(folder)}")
    plain = read_texts(folder)
    for place in (archive, archive / "data" / "train"):
        found = open_table(place)
        assert found.frame.equals(plain.frame)
    assert kind_of_source(archive) is TEXTS


def test_the_hash_follows_names_and_bytes(folder: Path):
    before = read_texts(folder).source.sha256
    (folder / "bad" / "0.txt").write_text("a better film\n", "utf-8")
    after = read_texts(folder).source.sha256
    (folder / "good" / "2.txt").rename(folder / "good" / "3.txt")  # the order stays
    assert len({before, after, read_texts(folder).source.sha256}) == 3


def test_latin_1_is_read_and_told_and_empty_files_are_left_out(folder: Path):
    (folder / "bad" / "0.txt").write_bytes("déjà vu".encode("latin-1"))
    (folder / "good" / "1.txt").write_text(" \n")
    (folder / "good" / "2.txt").write_bytes(b"\x00\x01\x02")
    found = read_texts(folder)
    assert found.frame["text"][0] == "déjà vu"
    assert len(found.frame) == 4
    assert [one.code for one in found.source.warnings] == ["empty_texts", "not_utf8"]
    assert "`good/1.txt`, `good/2.txt`" in found.source.warnings[0].text
    assert "`bad/0.txt`" in found.source.warnings[1].text


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda folder: (folder / "ugly").mkdir(), "The folder `ugly` .* holds no texts"),
        (lambda folder: (folder / "loose.txt").write_text("x"), "holds 1 text beside its folders"),
        (lambda folder: [path.unlink() for path in (folder / "bad").iterdir()], "The folder `bad` .* holds no texts"),
        (lambda folder: [path.write_text("") for path in (folder / "bad").iterdir()], "None of the 3 texts of"),
        (lambda folder: [path.write_text("") for path in folder.rglob("*.txt")], "None of the 6 texts"),
        (lambda folder: (folder / "bad").rename(folder / "test") and (folder / "good").rename(folder / "train"),
         "is divided into `test`, `train`, not into classes"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_a_sentence(folder: Path, spoil, sentence: str):
    spoil(folder)
    with pytest.raises(TableError, match=sentence):
        read_texts(folder)


def test_one_class_alone_is_refused(folder: Path, tmp_path: Path):
    (folder / "bad").rename(tmp_path / "elsewhere")
    with pytest.raises(TableError, match="texts of one class only, `good`"):
        read_texts(folder)


def test_texts_to_predict_need_no_classes(folder: Path):
    found = read_texts(folder / "bad", is_labelled=False)
    assert list(found.frame.columns) == ["text"]
    assert kind_of_source(folder / "bad") is None
    assert kind_of_source(folder / "bad", is_labelled=False) is TEXTS


def test_a_folder_with_a_table_and_a_note_is_no_folder_of_texts(tmp_path: Path):
    (tmp_path / "table.csv").write_text("a,b\n1,2\n")
    (tmp_path / "README.txt").write_text("about the table")
    assert kind_of_source(tmp_path) is None
    with pytest.raises(TableError, match="is a folder"):
        open_table(tmp_path)
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "a.png").write_bytes(b"")
    assert kind_of_source(tmp_path) is PHOTOS
