"""A sentence made of two string literals needs a space where they meet."""

import io
import itertools
import re
import tokenize
from pathlib import Path

import pytest

import tenfold

SOURCE = Path(tenfold.__file__).parent


def strings(source: str) -> list[tuple[int, str]]:
    """Line and text of each string literal, in order; line 0 for any other token between them."""
    found: list[tuple[int, str]] = []
    depth = 0
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        kind = tokenize.tok_name[token.type]
        depth += {"FSTRING_START": 1, "FSTRING_END": -1}.get(kind, 0)
        if kind == "STRING":
            found.append((token.start[0], text_of(token.string)))
        elif kind == "FSTRING_START":
            found.append((token.start[0], ""))
        elif depth:
            found[-1] = (found[-1][0], found[-1][1] + token.string)
        elif kind not in {"NL", "COMMENT", "FSTRING_END"}:
            found.append((0, ""))
    return found


def text_of(literal: str) -> str:
    """A literal's text without prefix and quotes."""
    return re.sub(r"^[A-Za-z]*('''|\"\"\"|'|\")(.*)\1$", r"\2", literal, flags=re.DOTALL)


def joins_without_a_space(source: str) -> list[int]:
    """Lines on which two pieces of one sentence are joined and no space stands between them."""
    pieces = strings(source)
    return [
        line
        for (start, left), (line, right) in itertools.pairwise(pieces)
        if start and line and " " in left and re.search(r"[\w`.,;:!?)}]$", left) and re.match(r"[\w`({]", right)
    ]


def test_a_missing_space_between_joined_strings_is_found() -> None:
    assert joins_without_a_space('message = ("the column is"\n    "missing")\n') == [2]
    assert joins_without_a_space('message = (f"the column {name}"\n    f"{kind} is missing")\n') == [2]
    assert joins_without_a_space('message = ("the column is "\n    "missing")\n') == []


@pytest.mark.parametrize("page", sorted(SOURCE.rglob("*.py")), ids=lambda page: str(page.relative_to(SOURCE)))
def test_no_sentence_is_joined_without_a_space(page: Path) -> None:
    assert joins_without_a_space(page.read_text(encoding="utf-8")) == []
