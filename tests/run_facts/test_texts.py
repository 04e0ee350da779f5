"""Texts as facts: repeats on both sides of the splits, alphabets, and what speaks for a class where words fail."""

import numpy as np
import pandas as pd
import pytest

from tenfold.prepare.prose import ProseColumn
from tenfold.prepare.tokens import TextWays
from tenfold.problem.definition import define_problem
from tenfold.report.decisions import Column, Preparation
from tenfold.report.text_tables import text_notes
from tenfold.run_facts import texts as texts_module
from tenfold.run_facts.repeated_texts import repeated_texts
from tenfold.run_facts.texts import text_facts

GENERATOR = np.random.default_rng(7)
VALUES = pd.Series(["So good", "so  GOOD", "so good ", "bad", "bad", None, "", "new", "bad"], name="text")


def test_repeats_are_counted_by_answer_by_split_and_in_sealed_rows():
    working, sealed = np.array([0, 1, 2, 3, 4, 5, 6]), np.array([7, 8])
    answers = np.array([1, 0, 1, 0, 0, 1, 0])
    found = repeated_texts(VALUES, answers, working, sealed)
    assert (found.num_repeated, found.num_other_answer, found.num_apart, found.num_sealed) == (3, 1, 3, 1)
    together = repeated_texts(VALUES, answers, working, sealed, np.array([0, 1, 0, 2, 2, 3, 4, 5, 6]))
    assert together.num_apart == 1


def facts_of(texts: list[str], classes: np.ndarray, ways: TextWays):
    frame = pd.DataFrame({"text": texts, "label": np.where(classes, "yes", "no")})
    problem = define_problem(frame, "label")
    column = ProseColumn.fit(frame["text"], ways=ways)
    return text_facts(frame["text"], column, problem, problem.encode(frame))


def note_of(facts) -> str:
    column = Column("text", "prose", 0, 9, texts=facts)
    return text_notes(Preparation((column,), 1, "", because="", alternatives=(), num_rows=9))[0]


def sentences() -> tuple[list[str], np.ndarray]:
    letters, classes = list("天地玄黄宇宙洪荒日月盈昃辰宿列张"), np.arange(80) % 2
    return ["".join(GENERATOR.choice(letters, 14)) + ("云雨" if one else "雨云") for one in classes], classes


def test_n_grams_speak_for_a_class_where_words_fail():
    facts = facts_of(*sentences(), TextWays())
    assert facts.tokens == "subwords"
    assert facts.median_words == 16
    shown = {one.label: one.words for one in facts.telling}
    assert "云雨" in shown["yes"][0]
    assert "雨云" in shown["no"][0]
    assert len(shown["yes"]) == len({word[:2] for word in shown["yes"]}), "n-grams of one word are told once"
    assert facts.alphabets == ("Chinese characters",)
    said = note_of(facts)
    assert "up to 16 characters" in said
    assert "They are not read as words: bags have n-grams of 2 to 5 characters, and readers see subwords." in said
    assert "Letters:" not in said


def test_hashed_terms_have_no_names_but_some_texts_say_which_words_speak(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(texts_module, "MOST_COUNTED", 100)
    classes = (np.arange(240) // 2) % 2
    texts = [f"the {'tea' if one else 'mud'} was what we had in day {row}" for row, one in enumerate(classes)]
    facts = facts_of(texts, classes, TextWays(terms="hashed"))
    assert (facts.step, facts.num_terms) == (3, 65_536)
    assert {one.label: one.words[0].split()[0] for one in facts.telling} == {"yes": "tea", "no": "mud"}
    said = note_of(facts)
    assert "different terms are hashed to 65,536 places: 1 % share theirs with another" in said
    assert "counted in one of 3 texts" in said


def test_repeats_and_alphabets_are_told():
    texts = [f"чай number {row} is good" for row in range(38)] + ["чай NUMBER 3 is good", "p\u0430ypal is good"]
    said = note_of(facts_of(texts, np.r_[np.arange(38) % 2, 0, 1], TextWays()))
    assert "1 text repeats an earlier one but for case and blanks, 1 with another answer; folds may part them." in said
    assert "Letters: 80 % Latin and 20 % Cyrillic." in said
    assert "1 text mixes Latin and Cyrillic letters within a word." in said
