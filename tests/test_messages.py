"""All sentences that a user may meet in an error, in one file: read it when you change one.

python tests/test_messages.py        writes tests/golden/messages.txt anew
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import tenfold
from tenfold import errors

SOURCE = Path(tenfold.__file__).parent
GOLDEN = Path(__file__).parent / "golden" / "messages.txt"
KINDS = {name for name in errors.__all__ if name.endswith("Error")}
PARTS = ("expected", "received", "hint")


def template(node: ast.expr) -> str:
    """The text of a string expression, with what is filled in between braces."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=values):
            return "".join(template(value) for value in values)
        case ast.FormattedValue(value=value):
            return filled_in(value)
    return filled_in(node)


def filled_in(node: ast.expr) -> str:
    """A name between braces; how a value is computed is no part of the sentence."""
    return "{" + ast.unparse(node) + "}" if isinstance(node, ast.Name | ast.Attribute) else "{...}"


def sentences(tree: ast.AST, page: str) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=kind), args=[code, what, *_]) if kind in KINDS:
                parts = {keyword.arg: keyword.value for keyword in node.keywords}
                details = [f"  {name}: {template(parts[name])}" for name in PARTS if name in parts]
                yield "\n".join([f"{page} {kind} {template(code)}", f"  {template(what)}", *details])


def catalogue() -> str:
    found = []
    for page in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(page.read_text(encoding="utf-8"))
        found += sorted(sentences(tree, page.relative_to(SOURCE).as_posix()))
    return "\n\n".join(found) + "\n"


def test_the_sentences_of_all_errors_are_those_that_were_read() -> None:
    assert catalogue() == GOLDEN.read_text(encoding="utf-8"), "read what changed, then: python tests/test_messages.py"


def test_a_sentence_begins_with_a_capital_or_the_name_of_the_thing() -> None:
    whats = [entry.splitlines()[1].strip() for entry in catalogue().split("\n\n")]
    assert [what for what in whats if what[0].islower()] == []


if __name__ == "__main__":
    GOLDEN.parent.mkdir(exist_ok=True)
    GOLDEN.write_text(catalogue(), encoding="utf-8")
