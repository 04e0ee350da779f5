"""Whoever reads a number in a lesson's prose may trust it: the lesson's code asserts it, or its header names it."""

from dataclasses import replace

import pytest
from nbformat import v4

from lessons.prose_numbers import stated, unheld
from tenfold.lessons.course import list_headers
from tenfold.lessons.header import Exercise, Header, Published
from tenfold.lessons.source import opening, read_notebook


@pytest.mark.parametrize("header", list_headers(), ids=lambda header: header.name)
def test_the_numbers_of_a_lesson_are_held_by_its_code(header):
    assert not unheld(header, read_notebook(header.path).cells)


@pytest.mark.parametrize("header", list_headers()[:1], ids=lambda header: header.name)
def test_a_number_that_nobody_asserts_is_found(header):
    cells = read_notebook(header.path).cells
    cells.insert(3, v4.new_markdown_cell("The network gets 97.81 % of 10,000 digits right."))
    assert unheld(header, cells) == ["97.81", "10,000"]


@pytest.mark.parametrize(
    ("prose", "numbers"),
    [
        ("It has 25,461 parameters and 0.05 of them, .978, count.", ["25,461", ".978"]),
        ("From 99.890625 to 1e-12 in 1.234e-5.", ["99.890625", "1.234"]),
        ("$25{,}461 = 784 \\cdot 32$", ["25,461", "784"]),
        ("an error of -118, or −118", ["118", "118"]),
        ("`Dense(512)` in float32, a 13-64-64-1 network, Conv2D, H33", []),
        ("a 784-512-10 network", ["784", "512"]),
        ("[page 123](https://example.org/4567) of 001, read on 2026-11-22", ["123"]),
        ("Chollet (2017), and in 1998; but 2,017 rows and 2500 words", ["2,017", "2500"]),
        ("sold from 2013 to 2018, 97 of 100 or 100 %, but 100 epochs", ["100"]),
        ('<details><summary>Answer</summary>By 105.</details> <img width="640">', ["105"]),
        ("```python\nx = 12345\n```", []),
    ],
)
def test_what_counts_as_a_number(prose, numbers):
    assert [one.text for one in stated(prose)] == numbers


def lesson(tmp_path, **said) -> Header:
    header = Header(tmp_path / "01_x.py", "1", "x", "Title", "Promise of 9,999", (), (), 0.1, 0.1)
    return replace(header, **said)


PUBLISHED = Published("H1", "accuracy", ".9778 / .9777", "001", "none", "because of 777")


@pytest.mark.parametrize(
    ("prose", "code", "said"),
    [
        ("the loss 0.693", "assert abs(loss - 0.6931) < 1e-3", {}),
        ("97.8 % are right", "assert share > 0.978", {}),
        ("we get 182 and -24.5", "np.testing.assert_allclose(x, [182.0, -24.5])", {}),
        ("published are 0.9778 and 97.77 %", "", {"published": (PUBLISHED,)}),
        ("28 times 28 is 784", "", {"definitions": ("784 = 28 x 28",)}),
        ("it is 105", "", {"exercises": (Exercise("a", "compute", [1, 105], "b"),)}),
    ],
)
def test_a_number_is_held_by(tmp_path, prose, code, said):
    assert not unheld(lesson(tmp_path, **said), [v4.new_markdown_cell(prose), v4.new_code_cell(code)])


@pytest.mark.parametrize(
    ("prose", "code"),
    [
        ("the loss 0.694", "assert abs(loss - 0.6931) < 1e-3"),
        ("the loss 0.693", "loss = 0.693"),
        ("we get 1,820", "assert x == 182"),
        ("a share of 97.8", "assert share > 0.978"),
        ("because of 777", ""),
    ],
)
def test_a_number_is_not_held_by(tmp_path, prose, code):
    header = lesson(tmp_path, published=(PUBLISHED,))
    assert unheld(header, [v4.new_markdown_cell(prose), v4.new_code_cell(code)])


def test_what_an_exercise_gives_stands_in_its_solution(tmp_path):
    prose, code = v4.new_markdown_cell("They brought 130 euros."), "brought = 130\nlesson.check('naive', brought)"
    assert unheld(lesson(tmp_path), [prose, v4.new_code_cell(code)]) == ["130"]
    assert not unheld(lesson(tmp_path), [prose, v4.new_code_cell(code, metadata={"tags": ["solution"]})])


def test_the_opening_is_made_from_the_header(tmp_path):
    header = lesson(tmp_path)
    assert not unheld(header, [v4.new_markdown_cell(opening(header))])
