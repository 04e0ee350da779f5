"""Columns of texts as tables and sentences: how long they are, which repeat, which words speak for which class."""

from tenfold.report.decisions import Column, Preparation, TellingWords, Texts
from tenfold.report.numbers import count
from tenfold.report.tables import Table, as_table
from tenfold.report.words import clean, counted, named

__all__ = ["most_telling", "telling_table", "telling_tables", "text_notes"]


def text_notes(preparation: Preparation) -> tuple[str, ...]:
    """A sentence for each column of texts."""
    return tuple(_note(column.name, column.texts) for column in preparation.columns if column.texts is not None)


def _note(name: str, texts: Texts) -> str:
    lengths = f"half of the texts in {named(name)} have up to {counted(texts.median_words, 'word')}"
    tail = f"nineteen in twenty up to {count(texts.most_words)}, the longest {count(texts.longest)}"
    repeated = f"; {counted(texts.num_repeated, 'text')} repeat another one" if texts.num_repeated else ""
    empty = f"; {counted(texts.num_empty, 'text')} without a word" if texts.num_empty else ""
    return f"{lengths[0].upper()}{lengths[1:]}, {tail}{repeated}{empty}.{_vectors(texts)}"


def _vectors(texts: Texts) -> str:
    """How much of the texts the vectors that were given know."""
    if not texts.num_words:
        return ""
    known = f"{count(texts.num_with_vector)} of {counted(texts.num_words, 'different word')} have a vector"
    return (
        f" {known}, {100 * texts.share_with_vector:.0f} % of all words; the others say nothing to a network that reads."
    )


def telling_tables(preparation: Preparation) -> tuple[tuple[str, Table], ...]:
    """The words that speak for each class, of further columns of texts; those of one stand below its figure."""
    shown = most_telling(preparation)
    return tuple(
        (f"Words that speak for each class, in {clean(column.name)}", telling_table(column.texts.telling))
        for column in preparation.columns
        if column.texts is not None and column.texts.telling and column is not shown
    )


def most_telling(preparation: Preparation) -> Column | None:
    """The column of texts with the most words that speak for a class, the first of equals; None without any."""
    told = [one for one in preparation.columns if one.texts is not None and one.texts.telling]
    return max(told, key=_num_telling, default=None)


def _num_telling(column: Column) -> int:
    return 0 if column.texts is None else sum(len(one.words) for one in column.texts.telling)


def telling_table(telling: tuple[TellingWords, ...]) -> Table:
    """A line for each word, class by class."""
    rows = [
        (clean(one.label), clean(word), count(own), count(others))
        for one in telling
        for word, own, others in zip(one.words, one.own, one.others, strict=True)
    ]
    return as_table(("class", "word", "texts of the class", "texts of others"), rows, words=(0, 1))
