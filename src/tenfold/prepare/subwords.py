"""Subwords: parts of words that training texts share, by byte pair encoding, as readers see them.

Frequent neighbours are joined again and again, from single characters on: frequent words become one token, rare ones a
few, and a word that no training text has is still read by its parts. Only characters that stand in two training texts
have a token; others are unknown.

The library `tokenizers` trains on all cores and gives the same tokens whatever their number: its counts are whole
numbers, and ties go by the tokens' numbers. The alphabet is fixed here, because the library cuts it by counts alone.

Sources: Sennrich, Haddow and Birch (2016), "Neural machine translation of rare words with subword units"; the mark for
a blank and tokens across words that no blank divides: Kudo and Richardson (2018), "SentencePiece".
"""

import functools
from collections import Counter
from collections.abc import Sequence
from typing import Any

from tenfold.prepare.words import plain_text

__all__ = ["encode", "fit_subwords", "subwords_in"]

MOST_SUBWORDS, FEW_TEXTS, MOST_OF_FEW = 8_000, 2_000, 4_000
"""Tokens at most, and of fewer texts (arbitrary; 4,000 to 8,000 are common for texts of one subject)."""

FEWEST_TEXTS = 2
"""Training texts that a character stands in at least, and times that neighbours do to be joined."""

LONGEST = 16
"""Characters of a token at most: without blanks a frequent sentence would else become one (arbitrary)."""

UNKNOWN = "<unknown>"

BLANK = "▁"
"""Stands for a blank, so that tokens say where a word begins."""


def fit_subwords(texts: Sequence[str]) -> str:
    """Join frequent neighbours.

    Args:
        texts: Training texts.

    Returns:
        The tokenizer as JSON of the library `tokenizers`, the token 0 for what is unknown.
    """
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers  # noqa: PLC0415  # only where words fail

    plain = [" ".join(plain_text(text).split()) for text in texts]
    stands: Counter[str] = Counter()
    for text in plain:
        stands.update(set(text.replace(" ", "")))
    fewest = min(FEWEST_TEXTS, len(plain))
    letters = sorted(letter for letter, count in stands.items() if count >= fewest and letter != BLANK)
    tokenizer = Tokenizer(models.BPE(unk_token=UNKNOWN))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Metaspace(BLANK), pre_tokenizers.Punctuation()])
    trainer = trainers.BpeTrainer(
        vocab_size=MOST_OF_FEW if len(plain) < FEW_TEXTS else MOST_SUBWORDS,
        min_frequency=FEWEST_TEXTS,
        special_tokens=[UNKNOWN],
        initial_alphabet=[BLANK, *letters],
        limit_alphabet=len(letters) + 1,
        max_token_length=LONGEST,
        show_progress=False,
    )
    tokenizer.train_from_iterator(plain, trainer)
    return str(tokenizer.to_str())


def subwords_in(tokenizer: str) -> tuple[str, ...]:
    """The tokens in the order of their numbers, from 1 on."""
    numbers = _loaded(tokenizer).get_vocab()
    return tuple(sorted(numbers, key=numbers.__getitem__))[1:]


def encode(tokenizer: str, texts: Sequence[str]) -> list[list[int]]:
    """Texts as numbers of tokens, 0 for what is unknown.

    Args:
        tokenizer: From `fit_subwords`.
        texts: Any texts.
    """
    plain = [" ".join(plain_text(text).split()) for text in texts]
    return [one.ids for one in _loaded(tokenizer).encode_batch_fast(plain)]


@functools.lru_cache(maxsize=64)
def _loaded(tokenizer: str) -> Any:
    from tokenizers import Tokenizer  # noqa: PLC0415  # only where words fail

    return Tokenizer.from_str(tokenizer)
