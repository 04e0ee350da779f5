"""The page of the lessons is made from their headers.

python tests/docs/test_lessons_page.py        writes docs/lessons.md anew
"""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from docs.lesson_pages import cell, link, parts
from tenfold.lessons.course import list_headers

PAGE = Path(__file__).parents[2] / "docs" / "lessons.md"
TITLE = "# Lessons\n\n"
HEAD = """
From one node worked out by hand to projects with data of your own. Each lesson asks for a guess first, does the
smallest case with numbers that fit on paper, the same in Keras, the same with Tenfold, and shows what goes wrong; its
exercises check themselves, and its last table puts the published numbers beside ours. The pages of the site are what
the lessons printed when it was built, and the numbers in their prose are held by their code.

```console
$ tenfold lessons                   # this list
$ tenfold lesson node               # one lesson in the terminal; also by number, or by words of its title
$ tenfold lesson node --notebook    # as a notebook, with exercises that check themselves
$ tenfold lesson digits --full      # on the real data, with several seeds (TENFOLD_DATA names their folder)
```

The *fast form* takes seconds, on data that come with scikit-learn or are made from a seed. The *full form* is the model
and the data of the source, trained with several seeds, and takes minutes to hours; the last table of each lesson comes
from it.

## Where to begin

| you | read |
|---|---|
| have never trained a network | 1, 2, 3, 7, 8 |
| know Keras, and want scores that you can defend | 8, 5, 12, 13 |
| teach one evening | 1, 2, then `tenfold explain` on a model of yours ([one row](explain.md)), 7 |
| work with photos | 14, 15, 16 |
| work with texts or series | 17, 18, 19, 20 |
| have a question and data of your own | 8, 21, and the project that is most like it |

Looking for a chapter, a heading or a question of one of the documents that the course goes back to?
[Where is ... ?](where-is.md)
"""


def page() -> str:
    sections = []
    for title, headers in parts():
        rows = [
            f"| {header.number} | {link(header)} | `{header.name}` | {cell(header.promise)} |" for header in headers
        ]
        table = ["| | lesson | name | afterwards |", "|--:|---|---|---|", *rows]
        sections.append("\n".join([f"## {title}", "", *table, ""]))
    entries = [f"{header.number} {header.title} </lessons/{header.path.stem}>" for header in list_headers()]
    contents = "\n".join(["```{toctree}", ":hidden:", "", *entries, "```", ""])
    return TITLE + contents + HEAD + "".join(f"\n{section}" for section in sections)


def test_the_page_is_what_the_headers_say():
    assert page() == PAGE.read_text(encoding="utf-8"), "python tests/docs/test_lessons_page.py writes it anew"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
