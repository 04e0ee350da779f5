"""What texts hold, as facts: how long they are, which repeat, and which words speak for each class.

A word speaks for a class where the class uses it more often than the others do, by more than chance. Ranked by the log
of the ratio alone, words that stand in three texts come first; ranked by counts, "the". The z-score of the log ratio,
with counts of all texts as the prior, puts words first that are both frequent and telling.

Source: Monroe, Colaresi and Quinn (2008), "Fightin' Words", section 3.5.1.
"""

import itertools
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float, Int

from tenfold.data.scripts import alphabets, mixes_alphabets
from tenfold.prepare.hashed import share_that_meets
from tenfold.prepare.prose import ProseColumn
from tenfold.prepare.tokens import Tokens, count_tokens, names_of_tokens, text_lengths
from tenfold.prepare.words import names_of, text_cells, word_numbers
from tenfold.problem.definition import EncodedTarget, Problem
from tenfold.report.decisions import TellingWords, Texts
from tenfold.run_facts.repeated_texts import Repeats, repeated_texts

__all__ = ["text_facts"]

NUM_WORDS = 12
"""Words that are shown for a class (arbitrary)."""

MOST_CLASSES = 12
"""Classes that are shown: those with the most rows (arbitrary)."""

FEWEST_TEXTS = 5
"""Texts that a word stands in at least to be shown: rarer ones say more about one author than about a class."""

MOST_COUNTED = 20_000
"""Texts in which words are counted where terms are hashed because they are too many to count in all (arbitrary)."""

PRIOR_WORDS = 500.0
"""Words that the prior counts for (arbitrary; the paper has the size of the whole corpus)."""

CLEAR = 2.0
"""Standard errors from which a word speaks for a class (arbitrary: 5 % of the words do so by chance)."""


def text_facts(
    values: pd.Series,
    column: ProseColumn,
    problem: Problem | None,
    target: EncodedTarget | None,
    repeats: Repeats | None = None,
) -> Texts:
    """Lengths, repeats, and telling words of a column of texts.

    Args:
        values: The working rows.
        column: Fitted on them.
        problem: What is predicted.
        target: Encoded target of the same rows.
        repeats: Which texts stand more than once, on which side of the splits; None counts those of `values`.

    Returns:
        The facts; no words where no class of several is predicted.
    """
    texts = text_cells(values)
    lengths = text_lengths(texts, column.tokens)
    repeats = repeats or repeated_texts(values, target, np.arange(len(values)))
    letters, step = alphabets(texts), 1 + len(texts) // MOST_COUNTED if column.num_hashed else 1
    telling: tuple[TellingWords, ...] = ()
    if problem is not None and target is not None and problem.has_classes:
        telling = _telling(texts[::step], np.asarray(target)[::step], problem, column.tokens)
    return Texts(
        median_words=int(np.median(lengths)),
        most_words=int(np.quantile(lengths, 0.95)),
        longest=int(lengths.max()),
        num_repeated=repeats.num_repeated,
        num_terms=column.num_terms,
        telling=telling,
        num_empty=int((lengths == 0).sum()),
        tokens=column.tokens,
        num_hashed=column.num_hashed,
        share_met=share_that_meets(column.num_hashed) if column.num_hashed else 0.0,
        step=step,
        alphabets=tuple(letters),
        alphabet_shares=tuple(letters.values()),
        num_mixed=sum(map(mixes_alphabets, texts)),
        num_other_answer=repeats.num_other_answer,
        num_apart=repeats.num_apart,
        num_sealed=repeats.num_sealed,
        **(_with_vectors(texts, column) if column.has_vectors else {}),
    )


def _with_vectors(texts: list[str], column: ProseColumn) -> dict[str, Any]:
    """How many words of the texts have a vector."""
    numbers, counts = np.unique(np.concatenate([word_numbers(text) for text in texts]), return_counts=True)
    known = set(column.words)
    has_vector = np.array([name in known for name in names_of(numbers)], dtype=bool)
    return {
        "num_words": len(numbers),
        "num_with_vector": int(has_vector.sum()),
        "share_with_vector": float(counts[has_vector].sum() / counts.sum()),
    }


def _telling(
    texts: list[str], classes: Int[np.ndarray, " row"], problem: Problem, tokens: Tokens
) -> tuple[TellingWords, ...]:
    counted = count_tokens(texts, tokens)
    numbers, places, of_texts = np.unique(counted.terms, return_inverse=True, return_counts=True)
    kept = np.flatnonzero(of_texts >= FEWEST_TEXTS)
    column = np.full(len(numbers), -1)
    column[kept] = np.arange(len(kept))
    is_kept = column[places] >= 0
    stands = np.zeros((len(problem.labels), len(kept)))
    np.add.at(stands, (classes[counted.rows[is_kept]], column[places[is_kept]]), 1.0)
    names = names_of_tokens(numbers[kept], tokens)
    largest = np.argsort([-count for count in problem.class_counts], kind="stable")[:MOST_CLASSES]
    in_class = np.bincount(classes, minlength=len(problem.labels))
    return tuple(
        _of_class(
            stands,
            int(place),
            names,
            problem.label_texts[place],
            int(in_class[place]),
            len(texts),
            are_grams=tokens != "words",
        )
        for place in largest
    )


def _of_class(
    stands: Float[np.ndarray, "class term"],
    place: int,
    names: list[str],
    label: str,
    num_own: int,
    num_texts: int,
    *,
    are_grams: bool,
) -> TellingWords:
    own, others = stands[place], stands.sum(axis=0) - stands[place]
    scores = _z_scores(own, others)
    order = [term for term in np.argsort(-scores, kind="stable") if scores[term] > CLEAR]
    shown: list[int] = []
    for term in order:
        if len(shown) == NUM_WORDS:
            break
        if not any(_says_the_same(names[term], names[other], is_gram=are_grams) for other in shown):
            shown.append(int(term))
    return TellingWords(
        label,
        tuple(names[term].strip() for term in shown),
        tuple(int(own[term]) for term in shown),
        tuple(int(others[term]) for term in shown),
        num_own,
        num_texts - num_own,
    )


def _says_the_same(term: str, shown: str, *, is_gram: bool) -> bool:
    """Whether one is a pair of words that holds the other, or both are n-grams that share two characters."""
    if set(term.split()) <= set(shown.split()) or set(shown.split()) <= set(term.split()):
        return True
    return is_gram and any(
        f"{one}{other}" in shown for one, other in itertools.pairwise(term) if " " not in {one, other}
    )


def _z_scores(own: Float[np.ndarray, " term"], others: Float[np.ndarray, " term"]) -> Float[np.ndarray, " term"]:
    """Of each term's log odds ratio between a class and the others."""
    both = own + others
    prior = PRIOR_WORDS * both / max(both.sum(), 1.0)
    whole = PRIOR_WORDS
    log_odds = [np.log((one + prior) / (one.sum() + whole - one - prior)) for one in (own, others)]
    return np.asarray((log_odds[0] - log_odds[1]) / np.sqrt(1 / (own + prior) + 1 / (others + prior)))
