"""Columns of texts as tables and sentences: how long they are, which repeat, which words speak for which class."""

from tenfold.report.decisions import Column, Preparation, TellingWords, Texts
from tenfold.report.numbers import count
from tenfold.report.tables import Table, as_table
from tenfold.report.words import clean, counted, listed, named

__all__ = ["most_telling", "telling_table", "telling_tables", "text_notes"]


SHOWN_SHARE = 0.01
"""Share of the letters from which an alphabet is told (arbitrary)."""


def text_notes(preparation: Preparation) -> tuple[str, ...]:
    """A sentence for each column of texts."""
    return tuple(_note(column.name, column.texts) for column in preparation.columns if column.texts is not None)


def _note(name: str, texts: Texts) -> str:
    unit = "word" if texts.tokens == "words" else "character"
    lengths = f"half of the texts in {named(name)} have up to {counted(texts.median_words, unit)}"
    tail = f"nineteen in twenty up to {count(texts.most_words)}, the longest {count(texts.longest)}"
    empty = f"; {counted(texts.num_empty, 'text')} without a {unit}" if texts.num_empty else ""
    more = (_cut(texts), _hashed(texts), _repeated(texts), _letters(texts), _vectors(texts))
    return f"{lengths[0].upper()}{lengths[1:]}, {tail}{empty}.{''.join(more)}"


def _cut(texts: Texts) -> str:
    """How texts are cut, where it is not into words."""
    if texts.tokens == "words":
        return ""
    return f" They are not read as words: bags have n-grams of 2 to 5 characters, and readers see {texts.tokens}."


def _hashed(texts: Texts) -> str:
    """What hashing costs."""
    if not texts.num_hashed:
        return ""
    said = f" About {count(texts.num_hashed)} different terms are hashed to {count(texts.num_terms)} places"
    met = f"{100 * texts.share_met:.0f} % share theirs with another, so that weights of single words have no name"
    counted_in = f"; words that speak for a class are counted in one of {texts.step} texts" if texts.step > 1 else ""
    return f"{said}: {met}{counted_in}."


def _repeated(texts: Texts) -> str:
    """Texts that stand more than once, and on which side of the splits."""
    said = ""
    if texts.num_repeated:
        other = f", {count(texts.num_other_answer)} with another answer" if texts.num_other_answer else ""
        repeat = "repeats" if texts.num_repeated == 1 else "repeat"
        said = f" {counted(texts.num_repeated, 'text')} {repeat} an earlier one but for case and blanks{other}; "
        if not texts.num_apart:
            said += "folds keep them together."
        elif texts.num_apart == texts.num_repeated:
            said += "folds may part them."
        else:
            said += f"folds may part {count(texts.num_apart)}, and keep the others together."
    if texts.num_sealed:
        have = "has" if texts.num_sealed == 1 else "have"
        said += f" {counted(texts.num_sealed, 'sealed row')} {have} the text of a working row."
    return said


def _letters(texts: Texts) -> str:
    """Alphabets, where there are several."""
    shown = [
        f"{100 * share:.0f} % {name}"
        for name, share in zip(texts.alphabets, texts.alphabet_shares, strict=True)
        if share >= SHOWN_SHARE
    ]
    said = f" Letters: {listed(shown)}." if len(shown) > 1 else ""
    if texts.num_mixed:
        mix = "mixes" if texts.num_mixed == 1 else "mix"
        said += f" {counted(texts.num_mixed, 'text')} {mix} Latin and Cyrillic letters within a word."
    return said


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
