"""Texts of data sets and their labels.

Keras keeps texts as numbers of words; with the list of words beside them they become texts again, in small letters and
without punctuation.
"""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from tenfold.datasets.data_set import Pair

__all__ = ["keras_newswires", "keras_reviews", "read_newswires", "read_reviews"]

Part = Literal["train", "test"]

KERAS_SEED, KERAS_TEST = 113, 0.2
"""By which Keras divides its newswires."""

KERAS_TOPICS = (
    "cocoa grain veg-oil earn acq wheat copper housing money-supply coffee sugar trade reserves ship cotton carcass "
    "crude nat-gas cpi money-fx interest gnp meal-feed alum oilseed gold tin strategic-metal livestock retail ipi "
    "iron-steel rubber heat jobs lei bop zinc orange pet-chem dlr gas silver wpi hog lead"
)
"""Names of Keras' 46 topics in the order of their numbers. Source: `keras.datasets.reuters.get_label_names`."""


def read_reviews(path: Path, part: Part) -> Pair:
    """Film reviews.

    Args:
        path: A zip with a table for each part.
        part: Which of them.

    Returns:
        A list of texts, and 1 for each that is positive.
    """
    with zipfile.ZipFile(path) as archive:
        name = next(one for one in archive.namelist() if part in one)
        frame = pd.read_csv(archive.open(name), usecols=["sentiment", "review"], keep_default_na=False)
    return frame["review"].tolist(), (frame["sentiment"] == "positive").to_numpy(np.int64)


def read_newswires(frame: Callable[[], pd.DataFrame], part: Part) -> Pair:
    """Newswires of a part.

    Args:
        frame: Makes the table of all.
        part: Which of them.

    Returns:
        A list of texts, each with its title, and the topics of each, divided by blanks.
    """
    whole = frame()
    rows = whole[whole["split"] == part]
    texts = rows["title"].fillna("") + " " + rows["body"].fillna("")
    return texts.str.strip().tolist(), rows["topics"].to_numpy(object)


def keras_reviews(path: Path, words: Path, part: Part) -> Pair:
    """Film reviews as Keras keeps them.

    Args:
        path: Its `imdb.npz`, by its hash.
        words: Its list of words.
        part: Which of them.

    Returns:
        As `read_reviews`.
    """
    with np.load(path, allow_pickle=True) as kept:  # pickles: whoever calls this has checked the hash
        return _texts(kept[f"x_{part}"], words), np.asarray(kept[f"y_{part}"], np.int64)


def keras_newswires(path: Path, words: Path, part: Part) -> Pair:
    """Newswires of one topic, as Keras keeps and divides them.

    Args:
        path: Its `reuters.npz`, by its hash.
        words: Its list of words.
        part: Which of them.

    Returns:
        As `read_newswires`.
    """
    with np.load(path, allow_pickle=True) as kept:  # as above
        numbers, topics = kept["x"], kept["y"]
    order = np.arange(len(numbers))
    np.random.RandomState(KERAS_SEED).shuffle(order)  # Keras' own order
    cut = int(len(order) * (1 - KERAS_TEST))
    rows = order[:cut] if part == "train" else order[cut:]
    return _texts(numbers[rows], words), np.array(KERAS_TOPICS.split(), object)[topics[rows]]


def _texts(numbers: np.ndarray, words: Path) -> list[str]:
    known = {place: word for word, place in json.loads(words.read_text(encoding="utf-8")).items()}
    return [" ".join(known[number] for number in text) for text in numbers]
