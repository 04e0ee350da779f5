"""Folders and zips of photos as tables, and what is refused."""

import os
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest

from pictures import plain, save_classes, zipped
from tenfold.data.class_files import PHOTOS, find_files, kind_of_source
from tenfold.data.photos import read_photos
from tenfold.errors import TableError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return save_classes(tmp_path / "pets")


def test_each_folder_is_a_class_and_each_photo_a_row(folder: Path):
    loaded = read_photos(folder, 8)
    assert loaded.frame["label"].tolist() == ["cat"] * 3 + ["dog"] * 3
    lookup = loaded.frame["photo"].array.lookup
    assert lookup.shape == (6, 8, 8, 3)
    assert lookup.dtype == np.uint8
    source = loaded.source
    assert source.row_names == ("cat/0.png", "cat/1.png", "cat/2.png", "dog/0.png", "dog/1.png", "dog/2.png")
    assert (source.name, source.format, source.num_rows, source.num_columns) == ("pets", "photos", 6, 2)
    assert source.num_bytes == sum(file.stat().st_size for file in folder.rglob("*.png"))


@pytest.mark.parametrize("top", ["", "pets/", "wrapped/twice/"])
def test_a_zip_is_the_folder_whatever_it_is_wrapped_in(folder: Path, tmp_path: Path, top: str):
    whole, archive = read_photos(folder, 8), read_photos(zipped(folder, tmp_path / "pets.zip", top), 8)
    assert archive.source.row_names == whole.source.row_names
    assert archive.source.sha256 == whole.source.sha256
    np.testing.assert_array_equal(archive.frame["photo"].array.lookup[:], whole.frame["photo"].array.lookup[:])


def test_a_folder_inside_a_zip_can_be_named(folder: Path, tmp_path: Path):
    for part in ("train", "test"):
        shutil.copytree(folder, tmp_path / "both" / part)
    archive = zipped(tmp_path / "both", tmp_path / "both.zip")
    assert read_photos(archive / "train", 8).source.sha256 == read_photos(folder, 8).source.sha256
    with pytest.raises(
        TableError, match=r"is divided into `test`, `train`, not into classes.*name one part.*zip/train"
    ):
        read_photos(archive, 8)


def test_the_hash_follows_names_and_bytes(folder: Path):
    before = read_photos(folder, 8).source.sha256
    assert read_photos(folder, 4).source.sha256 == before
    (folder / "cat" / "0.png").rename(folder / "cat" / "00.png")  # in the same place of the order
    renamed = read_photos(folder, 8).source.sha256
    plain((1, 2, 3)).save(folder / "dog" / "0.png")
    assert len({before, renamed, read_photos(folder, 8).source.sha256}) == 3


def test_other_files_and_hidden_ones_are_left_out(folder: Path, tmp_path: Path):
    (folder / "notes.txt").write_text("mine")
    (folder / ".hidden.png").write_bytes(b"")
    (folder / "cat" / "Thumbs.db").write_bytes(b"")
    archive = zipped(folder, tmp_path / "pets.zip", "pets/")
    with zipfile.ZipFile(archive, "a") as added:
        added.writestr("__MACOSX/pets/cat/._0.png", b"")
    assert read_photos(folder, 8).source.num_rows == read_photos(archive, 8).source.num_rows == 6


def test_broken_photos_are_named_and_left_out(folder: Path):
    for number in range(7):
        (folder / "cat" / f"broken{number}.jpg").write_bytes(b"\xff\xd8 and no more")
    loaded = read_photos(folder, 8)
    assert loaded.source.num_rows == 6
    (warning,) = loaded.source.warnings
    assert warning.code == "broken_photos"
    assert warning.text.startswith("7 of 13 photos cannot be read and are left out: `cat/broken0.jpg`, ")
    assert warning.text.endswith("`cat/broken4.jpg` and 2 more")


def test_photos_without_folders_can_be_predicted(folder: Path, tmp_path: Path):
    flat = read_photos(folder / "cat", 8, is_labelled=False)
    assert flat.frame.columns.tolist() == ["photo"]
    assert flat.source.row_names == ("0.png", "1.png", "2.png")
    mixed = read_photos(folder, 8, is_labelled=False)
    assert mixed.source.row_names[0] == "cat/0.png"
    one = read_photos(folder / "dog" / "1.png", 8, is_labelled=False)
    assert one.source.row_names == ("1.png",)
    np.testing.assert_array_equal(one.frame["photo"].iloc[0], mixed.frame["photo"].iloc[4])
    assert read_photos(zipped(folder / "cat", tmp_path / "new.zip"), 8, is_labelled=False).source.num_rows == 3


def test_what_is_a_source_of_photos(folder: Path, tmp_path: Path):
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "houses.csv").write_text("a,b\n1,2\n")
    assert kind_of_source(folder) is PHOTOS
    assert kind_of_source(folder / "cat" / "0.png") is PHOTOS
    assert kind_of_source(zipped(folder, tmp_path / "pets.zip") / "cat") is PHOTOS
    assert kind_of_source(tmp_path / "tables") is None
    assert kind_of_source(tmp_path / "tables" / "houses.csv") is None
    assert kind_of_source(tmp_path / "nowhere.csv") is None


def test_an_empty_class_is_refused(folder: Path, tmp_path: Path):
    (folder / "bird").mkdir()
    with pytest.raises(TableError, match=r"folder `bird` in .* holds no photos. Expected: photos in each folder"):
        read_photos(folder, 8)
    with pytest.raises(TableError, match=r"folder `bird`"):
        read_photos(zipped(folder, tmp_path / "pets.zip"), 8)


def test_one_class_is_refused(folder: Path):
    shutil.rmtree(folder / "dog")
    with pytest.raises(TableError, match=r"photos of one class only, `cat`. Expected: two folders or more"):
        read_photos(folder, 8)


def test_photos_without_a_class_are_refused(folder: Path):
    with pytest.raises(TableError, match=r"holds 3 photos, but no folder for each class"):
        read_photos(folder / "cat", 8)
    plain((1, 2, 3)).save(folder / "stray.png")
    with pytest.raises(TableError, match=r"holds 1 photo beside its folders.*Received: `stray.png`"):
        read_photos(folder, 8)


def test_a_folder_without_photos_is_refused(tmp_path: Path):
    (tmp_path / "cat").mkdir()
    (tmp_path / "cat" / "notes.txt").write_text("no picture")
    with pytest.raises(TableError, match=r"holds no photos. Expected: one folder for each class"):
        read_photos(tmp_path, 8)


def test_photos_that_are_all_broken_are_refused(folder: Path):
    for file in (folder / "dog").iterdir():
        file.write_bytes(b"no picture")
    with pytest.raises(TableError, match=r"None of the 3 photos of the class `dog` in .* can be read"):
        read_photos(folder, 8)
    for file in (folder / "cat").iterdir():
        file.write_bytes(b"no picture")
    with pytest.raises(TableError, match=r"None of the 6 photos in .* can be read. .*Received: `cat/0.png`"):
        read_photos(folder, 8)


def test_a_damaged_zip_is_refused(folder: Path, tmp_path: Path):
    archive = zipped(folder, tmp_path / "pets.zip")
    archive.write_bytes(archive.read_bytes()[:-40])
    with pytest.raises(TableError, match=r"`pets.zip` is a damaged zip: .* Hint: copy or download it again"):
        read_photos(archive, 8)


def test_damaged_bytes_inside_a_zip_are_a_broken_photo(folder: Path, tmp_path: Path):
    archive = zipped(folder, tmp_path / "pets.zip")
    raw = bytearray(archive.read_bytes())
    start = raw.index(b"IDAT")
    raw[start + 8 : start + 24] = bytes(16)
    archive.write_bytes(raw)
    assert read_photos(archive, 8).source.warnings[0].text.startswith("1 of 6 photos cannot be read")


@pytest.mark.parametrize("name", ["../cat/0.png", "/cat/0.png", "cat/../../0.png", "..\\cat\\0.png", "C:/cat/0.png"])
def test_a_zip_that_leads_outside_is_refused(tmp_path: Path, name: str):
    with zipfile.ZipFile(tmp_path / "pets.zip", "w") as written:
        written.writestr(name, b"")
    with pytest.raises(TableError, match=r"holds a path that leads outside of it"):
        find_files(tmp_path / "pets.zip", PHOTOS)


def test_a_locked_zip_is_refused(folder: Path, tmp_path: Path):
    archive = zipped(folder, tmp_path / "pets.zip")
    raw = bytearray(archive.read_bytes())
    first = raw.index(b"PK\x01\x02")
    raw[first + 8] |= 1  # the first photo's mark, in the list at the end
    archive.write_bytes(raw)
    with pytest.raises(TableError, match=r"locked with a password"):
        find_files(archive, PHOTOS)


@pytest.mark.skipif("TENFOLD_DATA" not in os.environ, reason="TENFOLD_DATA names no folder of data")
def test_flowers_are_read():
    archive = Path(os.environ["TENFOLD_DATA"]) / "flowers" / "flowers_128px.zip"
    if not archive.exists():
        pytest.skip("no flowers here")
    counts = read_photos(archive, 8).frame["label"].value_counts()
    assert counts.to_dict() == {"dandelion": 885, "tulips": 763, "sunflowers": 672, "daisy": 610, "roses": 545}
