"""A small lesson, written to a folder for a test."""

from pathlib import Path

HEADER = """# /// lesson
# number = "4"
# name = "sums"
# title = "Sums of two"
# promise = "Add up two numbers."
# covers = ["002 Introduction"]
# also = ["chapter 1 of 001", "adding"]
# data = []
# minutes_fast = 0.1
# minutes_full = 3.0
#
# [[published]]
# key = "H1"
# what = "a sum"
# value = ".5"
# where = "001, chapter 1"
# difference = "chance"
# because = "other seeds"
#
# [[exercises]]
# name = "add"
# kind = "compute"
# right = 5
# hint = "Count on your fingers."
# mistakes = [[6, "That is the product."]]
# ///
"""

BODY = """
# %% [markdown]
# ## Where we are going

# %%
from tenfold.lessons import open_lesson

lesson = open_lesson("sums")
lesson.record("H1", [0.25, 0.75])
1 + 2

# %% tags=["solution"]
added = 2 + 3
lesson.check("add", added)

# %% [markdown]
# ## Published and ours

# %%
lesson.closing_table()
"""


def write_lesson(folder: Path, header: str = HEADER, body: str = BODY, name: str = "04_sums.py") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(header + body, encoding="utf-8")
    return path
