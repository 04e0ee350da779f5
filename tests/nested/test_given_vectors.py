"""Vectors that a file gives, in the folds of a run: what they are worth, and that every fold starts from them."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from reviews import strangers
from tenfold.data.word_vectors import read_word_vectors
from tenfold.nested.results import Candidate
from tenfold.nested.rows import NestedRows, nest_rows
from tenfold.nested.training import train_candidates
from tenfold.networks.ladder import Rung
from tenfold.networks.recipes import Recipe
from tenfold.prepare.tokens import TextWays
from tenfold.prepare.words import words_of
from tenfold.problem.definition import define_problem
from tenfold.split.protocol import Protocol
from tenfold.split.splitter import RowSplitter


def nested_of(folder: Path, *, is_given: bool) -> tuple[NestedRows, np.ndarray]:
    frame, lines = strangers()
    path = folder / "vectors.txt"
    path.write_text(lines, encoding="utf-8")
    wanted = {word for text in frame["text"] for word in words_of(text)}
    vectors = read_word_vectors(path, wanted) if is_given else None
    problem = define_problem(frame, "label")
    target = problem.encode(frame)
    splitter = RowSplitter(len(frame), problem.strata(target), 0)
    nested = nest_rows(
        frame[["text"]], problem, target, splitter, np.arange(len(frame)), Protocol("k_fold", 2, 1, 2, ""),
        num_seeds=1, texts=["text"], vectors=vectors, ways=TextWays(tokens="words"),
    )  # fmt: skip
    return replace(nested, recipe=Recipe(30, 30, 16)), target


def accuracy(nested: NestedRows, target: np.ndarray, rung: Rung) -> float:
    (result,), _ = train_candidates(nested, [Candidate(rung)], [0])
    answers = np.asarray(result.predictions[0]).argmax(axis=1)  # type: ignore[index]
    return float((answers == target[nested.folds[0].validation_rows]).mean())


def test_words_of_which_none_comes_twice_are_told_by_their_vectors_alone(tmp_path: Path):
    given, target = nested_of(tmp_path, is_given=True)
    assert accuracy(given, target, Rung((8,), reader="average", vectors="given")) > 0.9
    plain, target = nested_of(tmp_path, is_given=False)
    assert plain.shape.texts.num_terms == 0
    assert accuracy(plain, target, Rung((8,), reader="average")) < 0.7


def test_every_fold_has_the_same_words_in_the_same_places(tmp_path: Path):
    nested, _ = nested_of(tmp_path, is_given=True)
    first, *others = (one.columns[0] for one in nested.table.preparations)
    assert all(one.words == first.words and one.has_vectors for one in others)
    vectors = nested.table.vectors
    assert vectors is not None
    assert vectors.shape == (nested.shape.texts.num_words, 3)
    np.testing.assert_array_equal(vectors[:2], 0)  # padding, and words without a vector
    codes = nested.table.tokens[0]
    assert (codes[:7] > 1).all()
    assert codes[7] == 1
