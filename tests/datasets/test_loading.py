"""Data sets by name, on small folders that are made here."""

import gzip
import hashlib
import io
import json
import zipfile
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import pytest
from PIL import Image

import tenfold
from tenfold.data.table import read_table
from tenfold.datasets import catalogue, loading
from tenfold.datasets.catalogue import CATALOGUE
from tenfold.datasets.entry import Download, Entry
from tenfold.datasets.texts import KERAS_TOPICS
from tenfold.errors import OptionError

RNG = np.random.default_rng(0)


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of data; empty caches, and nothing can be downloaded."""
    for name, folder in (("TENFOLD_DATA", "own"), ("KERAS_HOME", "keras"), ("TENFOLD_CACHE", "cache")):
        monkeypatch.setenv(name, str(tmp_path / folder))

    def retrieve(address, *_):
        msg = f"no network: {address}"
        raise ConnectionError(msg)

    monkeypatch.setattr("pooch.retrieve", retrieve)
    return tmp_path / "own"


def put(folder: Path, file: str, content: str | bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / file).write_bytes(content.encode() if isinstance(content, str) else content)


def keras_file(monkeypatch: pytest.MonkeyPatch, own: Path, name: str, **arrays) -> None:
    """Arrays in Keras' cache, under a hash that the catalogue knows."""
    folder = own.parent / "keras" / "datasets"
    folder.mkdir(parents=True, exist_ok=True)
    np.savez(folder / f"{name}.npz", **arrays)
    entry = next(one for one in CATALOGUE.values() if one.keras and one.keras[0].file == f"{name}.npz")
    sha256 = hashlib.sha256((folder / f"{name}.npz").read_bytes()).hexdigest()
    known = (Download(entry.keras[0].address, sha256), *entry.keras[1:])
    monkeypatch.setitem(CATALOGUE, entry.name, Entry(**{**vars(entry), "keras": known}))


def test_each_name_is_there_once_and_says_what_it_is() -> None:
    names = tenfold.datasets.names()
    everything = (*catalogue.TABLES, *catalogue.TEXTS, *catalogue.PHOTOS, *catalogue.CARRIED)
    assert names == sorted({entry.name for entry in everything})
    assert len(names) == len(everything)
    for entry in everything:
        assert entry.about.endswith(".")
        assert entry.is_carried or entry.hint or entry.downloads, entry.name
        assert all(len(one.sha256) == 64 for one in entry.downloads), entry.name
        assert not entry.columns or entry.target in entry.columns


@pytest.mark.parametrize(("name", "shape"), [("digits", (1797, 65)), ("diabetes", (442, 11)), ("wine", (178, 14)),
                                             ("breast_cancer", (569, 31)), ("iris", (150, 5))])  # fmt: skip
def test_what_scikit_learn_carries_needs_no_file(name: str, shape: tuple[int, int]) -> None:
    found = tenfold.datasets.load(name)
    assert found.frame.shape == shape
    assert found.frame.columns[-1] == found.target
    assert (found.path, found.folder, found.train) == (None, None, None)


def test_a_file_without_names_gets_them_where_the_command_reads_it(own: Path) -> None:
    put(own / "abalone", "abalone.csv", "".join(f"M,.{n},.{n},.1,.5,.2,.1,.1,{n}\n" for n in range(1, 9)))
    found = tenfold.datasets.load("abalone")
    assert found.frame["rings"].tolist() == [*range(1, 9)]
    pd.testing.assert_frame_equal(read_table(found.path).frame, found.frame)
    assert own not in found.path.parents
    before = found.path.stat().st_mtime_ns
    assert tenfold.datasets.load("abalone").path.stat().st_mtime_ns == before
    put(own / "abalone", "abalone.csv", "".join(f"F,.{n},.{n},.1,.5,.2,.1,.1,{n}\n" for n in range(1, 4)))
    assert len(tenfold.datasets.load("abalone").frame) == 3


def test_a_file_with_names_is_taken_as_it_is(own: Path) -> None:
    put(own / "titanic", "titanic_train.csv", "Survived,Age\n1,30\n0,\n")
    found = tenfold.datasets.load("titanic")
    assert found.path == own / "titanic" / "titanic_train.csv"
    assert found.frame["Survived"].tolist() == [1, 0]


def test_the_bakerys_tables_are_joined_by_day(own: Path) -> None:
    sales = "id,Datum,Warengruppe,Umsatz\n1,2013-07-01,1,148.5\n2,2013-07-01,2,9.5\n3,2013-07-02,1,7.0\n"
    put(own / "bakery_kiel", "umsatzdaten_gekuerzt.csv", sales)
    put(own / "bakery_kiel", "wetter.csv", "Datum,Temperatur\n2013-07-01,17.5\n2013-07-03,1.5\n")
    put(own / "bakery_kiel", "kiwo.csv", "Datum,KielerWoche\n2013-07-02,1\n2013-07-04,1\n")
    frame = tenfold.datasets.load("bakery_kiel").frame
    assert frame["Umsatz"].tolist() == [148.5, 9.5, 7.0]
    assert frame["Temperatur"].fillna(0).tolist() == [17.5, 17.5, 0]
    assert frame["KielerWoche"].tolist() == [0, 0, 1]


def test_both_wines_stand_in_one_table(own: Path) -> None:
    for colour, rows in (("red", 2), ("white", 3)):
        put(own / "wine_quality", f"winequality-{colour}.csv", ("1," * 11 + "5\n") * rows)
    assert tenfold.datasets.load("wine_quality").frame["colour"].value_counts().to_dict() == {"white": 3, "red": 2}
    assert len(tenfold.datasets.load("wine_red").frame) == 2


def test_people_of_the_census_are_divided_as_published(own: Path) -> None:
    line = "39, State-gov, 7, B, 13, No, Adm, Own, White, Male, 2, 0, 40, US, <=50K"
    put(own / "adult", "adult-train.csv", f"{line}\n" * 3)
    put(own / "adult", "adult-test.csv", f"{line}.\n" * 2)
    found = tenfold.datasets.load("adult")
    assert [len(found.frame), len(found.train[0]), len(found.test[0])] == [3, 3, 2]
    assert found.test[1].tolist() == ["<=50K"] * 2
    assert "income" not in found.test[0]


def idx(values: np.ndarray) -> bytes:
    sizes = b"".join(size.to_bytes(4, "big") for size in values.shape)
    return gzip.compress(bytes([0, 0, 8, values.ndim]) + sizes + values.tobytes())


def test_digits_come_from_their_own_files_or_from_keras(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pixels, digits = RNG.integers(0, 256, (3, 28, 20), np.uint8), np.array([7, 0, 4], np.uint8)
    more, others = RNG.integers(0, 256, (2, 28, 20), np.uint8), np.array([1, 9], np.uint8)
    keras_file(monkeypatch, own, "mnist", x_train=pixels, y_train=digits, x_test=more, y_test=others)
    from_keras = tenfold.datasets.load("mnist")
    for part, x, y in (("train", pixels, digits), ("t10k", more, others)):
        put(own / "mnist", f"{part}-images-idx3-ubyte.gz", idx(x))
        put(own / "mnist", f"{part}-labels-idx1-ubyte.gz", idx(y))
    from_files = tenfold.datasets.load("mnist")
    assert (from_keras.folder.name, from_files.folder.name) == ("datasets", "mnist")
    for found in (from_keras, from_files):
        for pair, (x, y) in ((found.train, (pixels, digits)), (found.test, (more, others))):
            np.testing.assert_array_equal(pair[0], x)
            np.testing.assert_array_equal(pair[1], y)
        assert (found.path, found.frame) == (None, None)


def test_pickles_of_an_unknown_hash_are_not_opened(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keras_file(monkeypatch, own, "imdb", x_train=np.zeros(1), y_train=np.zeros(1))
    put(own.parent / "keras" / "datasets", "imdb_word_index.json", "{}")
    assert tenfold.datasets.load("imdb").folder is not None
    put(own.parent / "keras" / "datasets", "imdb.npz", "something else")
    with pytest.raises(OptionError, match="files of the data set `imdb` are not here"):
        tenfold.datasets.load("imdb")


def ragged(*lists: list[int]) -> np.ndarray:
    made = np.empty(len(lists), object)
    made[:] = lists
    return made


def test_keras_numbers_of_words_become_texts(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = json.dumps({"good": 1, "bad": 2, "film": 3})
    put(own.parent / "keras" / "datasets", "imdb_word_index.json", words)
    keras_file(
        monkeypatch, own, "imdb", x_train=ragged([1, 3], [2, 3, 2]), y_train=[1, 0], x_test=ragged([3]), y_test=[1]
    )
    texts, labels = tenfold.datasets.load("imdb").train
    assert (texts, labels.tolist()) == (["good film", "bad film bad"], [1, 0])


def test_keras_newswires_are_divided_as_keras_divides_them(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from keras.datasets import reuters

    words = {str(number): number for number in range(1, 21)}
    put(own.parent / "keras" / "datasets", "reuters_word_index.json", json.dumps(words))
    topics = RNG.integers(0, 46, 20)
    keras_file(monkeypatch, own, "reuters", x=ragged(*([number] for number in range(1, 21))), y=topics)
    monkeypatch.setattr(
        "keras.src.datasets.reuters.get_file", lambda *_, **__: own.parent / "keras/datasets/reuters.npz"
    )
    theirs = reuters.load_data(num_words=21, start_char=None, index_from=0)
    found = tenfold.datasets.load("reuters")
    for (texts, labels), (numbers, codes) in zip((found.train, found.test), theirs, strict=True):
        assert texts == [str(each[0]) for each in numbers]
        assert labels.tolist() == [reuters.get_label_names()[code] for code in codes]
    assert tuple(KERAS_TOPICS.split()) == tuple(reuters.get_label_names())


def test_newswires_and_reviews_come_as_texts(own: Path) -> None:
    lines = "split,topics,n_topics,title,body\ntrain,earn,1,UP,It rose\ntest,grain wheat,2,,Rain\n"
    put(own / "reuters", "reuters_modapte.csv", lines)
    wires = tenfold.datasets.load("reuters")
    assert (wires.train[0], wires.train[1].tolist()) == (["UP It rose"], ["earn"])
    assert (wires.test[0], wires.test[1].tolist()) == (["Rain"], ["grain wheat"])
    put(own / "imdb", "imdb_reviews_5000.csv", "sentiment,review\npositive,Fine\nnegative,Dull\n")
    with zipfile.ZipFile(own / "imdb" / "imdb_reviews_50000.zip", "w") as archive:
        archive.writestr("imdb_train_25000.csv", "sentiment,review\nnegative,Dull\npositive,Fine\n")
        archive.writestr("imdb_test_25000.csv", "sentiment,review\npositive,NA\n")
    reviews = tenfold.datasets.load("imdb")
    assert (reviews.train[0], reviews.train[1].tolist()) == (["Dull", "Fine"], [0, 1])
    assert reviews.test[0] == ["NA"]
    assert len(reviews.frame) == 2


def test_photos_come_as_pixels(own: Path) -> None:
    (own / "cats_dogs").mkdir(parents=True)
    with zipfile.ZipFile(own / "cats_dogs" / "cats_dogs_4000_side150.zip", "w") as archive:
        for number, name in enumerate(["train/dogs/2.png", "train/cats/1.png", "test/cats/4.png", "train/cats/0.png"]):
            stream = io.BytesIO()
            Image.new("L", (number + 2, 3), number * 10).save(stream, "png")
            archive.writestr(name, stream.getvalue())
    pixels, labels = tenfold.datasets.load("cats_dogs").train
    assert labels.tolist() == [0, 0, 1]
    assert [each.shape for each in pixels] == [(3, 5, 3), (3, 3, 3), (3, 2, 3)]
    assert pixels[0][0, 0].tolist() == [30, 30, 30]
    for part, size in (("train", 3), ("test", 2)):
        put(own / "cat_noncat", "SOURCE.txt", "")
        with h5py.File(own / "cat_noncat" / f"{part}_catvnoncat.h5", "w") as file:
            file[f"{part}_set_x"] = np.zeros((size, 4, 4, 3), np.uint8)
            file[f"{part}_set_y"] = np.ones(size, int)
    found = tenfold.datasets.load("cat_noncat")
    assert [len(found.train[0]), len(found.test[1])] == [3, 2]


def test_what_is_not_here_is_downloaded_by_its_hash(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def retrieve(address, known_hash, name, folder):
        asked.append((address, known_hash))
        put(Path(folder), name, "Source,Year,Mean\ngcag,1850-01,-0.6\n")

    monkeypatch.setattr("pooch.retrieve", retrieve)
    found = tenfold.datasets.load("global_temp")
    assert found.frame["Mean"].tolist() == [-0.6]
    assert found.folder == own.parent / "cache" / "datasets" / "global_temp"
    [(address, known_hash)] = asked
    assert address.endswith("/data/monthly.csv")
    assert known_hash == f"sha256:{CATALOGUE['global_temp'].downloads[0].sha256}"


def test_what_cannot_be_had_says_in_a_sentence_how_to_get_it() -> None:
    with pytest.raises(OptionError) as refused:
        loading.load("cats_dogs")
    assert refused.value.code == "data_not_here"
    assert "`cats_dogs_4000_side150.zip` in the folder `cats_dogs`" in refused.value.expected
    assert "kaggle.com" in refused.value.hint
    with pytest.raises(OptionError, match=r"no download from https://zenodo.*ConnectionError.*zenodo"):
        loading.load("fa_kes")


def test_an_unknown_name_is_told_the_closest() -> None:
    with pytest.raises(OptionError, match=r"no data set `boston_houses`.*did you mean `boston_housing`"):
        tenfold.datasets.load("boston_houses")
