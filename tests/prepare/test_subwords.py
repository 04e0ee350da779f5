"""Subwords: the same in every process and on any number of cores, and read back as saved."""

import os
import subprocess
import sys
from collections import Counter

import numpy as np
import pandas as pd

from tenfold.prepare.prose import ProseColumn
from tenfold.prepare.subwords import LONGEST, encode, fit_subwords, subwords_in
from tenfold.prepare.table import TablePreparation
from tenfold.prepare.tokens import TextWays

STEMS, ENDINGS = ["kala", "talo", "vene", "saari", "kirja"], ["ssa", "sta", "lla", "lta", "ksi", "tta"]
TEXTS = [
    " ".join(STEMS[(row * 7 + place) % 5] + ENDINGS[(row + place * 3) % 6] for place in range(6)) for row in range(60)
]


def test_a_new_word_is_read_by_its_parts():
    tokenizer = fit_subwords(TEXTS)
    tokens = (None, *subwords_in(tokenizer))
    (found,) = encode(tokenizer, ["Kalasta kirjaksi!"])
    shown = [tokens[number] for number in found]
    assert "".join(token or "?" for token in shown) == "▁kalasta▁kirjaksi?"
    assert len(shown) < len("kalasta kirjaksi!")


def test_the_first_join_is_the_most_frequent_pair():
    counts = Counter(pair for text in TEXTS for word in text.split() for pair in zip("▁" + word, word, strict=False))
    pair, most = counts.most_common(1)[0]
    letters = {letter for text in TEXTS for letter in text if letter != " "} | {"▁"}
    first = subwords_in(fit_subwords(TEXTS))[len(letters)]
    assert counts[tuple(first)] == most, (first, pair)


def test_it_is_the_same_in_another_process_on_one_core():
    code = f"from tenfold.prepare.subwords import fit_subwords; print(fit_subwords({TEXTS!r}))"
    env = os.environ | {"RAYON_NUM_THREADS": "1", "PYTHONHASHSEED": "7"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env)
    assert done.stdout.strip() == fit_subwords(TEXTS)


def test_nothing_is_learnt_from_other_rows_and_json_brings_all_back():
    frame = pd.DataFrame({"text": TEXTS})
    spoilt = frame.assign(text=TEXTS[:40] + ["überraschung"] * 20)
    ways = TextWays("subwords")
    fitted = TablePreparation.fit(frame[:40], ["text"], ways=ways)
    assert fitted == TablePreparation.fit(spoilt[:40], ["text"], ways=ways)
    back = TablePreparation.from_json(fitted.to_json())
    assert back == fitted
    np.testing.assert_array_equal(back.arrays(frame).tokens, fitted.arrays(frame).tokens)
    assert fitted.arrays(frame).tokens.max() < fitted.text_sizes.num_words


def test_codes_begin_behind_padding_and_unknown():
    column = ProseColumn.fit(pd.Series(TEXTS, name="t"), ways=TextWays("subwords"))
    line = column.sequences(pd.Series(["Ω", TEXTS[0]], name="t"))
    blank = column.words.index("▁") + 2
    assert line[0].tolist() == [blank, 1, *[0] * (column.length - 2)]
    assert line[1].min() >= 0
    assert line[1].max() <= len(column.words) + 1


def test_no_token_is_a_whole_sentence():
    assert max(map(len, subwords_in(fit_subwords(["我很喜歡這本書你也很喜歡這本書他也很喜歡這本書"] * 20)))) <= LONGEST


def test_the_library_is_loaded_only_where_words_fail():
    code = (
        "import sys, pandas as pd; from tenfold.prepare.prose import ProseColumn;"
        "ProseColumn.fit(pd.Series(['a b c d', 'a b c e'] * 9, name='t')); print('tokenizers' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
