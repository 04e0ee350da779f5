"""docs/checks.md says of each check what the check itself says; `python tests/docs/test_checks_page.py` writes it."""

import sys
import textwrap
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from faulty_programs import EXAMPLES, example
from tenfold.checks.check import Check
from tenfold.checks.finding import FAULTS
from tenfold.checks.judging import all_checks

PAGE = Path(__file__).parents[2] / "docs" / "checks.md"
STAGES = {
    "model": "Checks of the model",
    "data": "Checks of the data",
    "probe": "Checks of the probe trainings",
    "history": "Checks of the history",
}
ONLY_REPORTS = "`tenfold.repair` changes nothing here: the check only reports."
HEAD = """# Checks

`tenfold.examine(model, x, y)` and `tenfold examine` ask every check below ([twenty examples](examine.md)); `fit`,
`cross_validate`, `search` and `run` ask those that need no further training ([what they cost](checks-cost.md)). How
often they are right is measured on programs with and without faults ([diagnosis](diagnosis.md)).

- A **finding** has a code, a kind of fault, a severity, the numbers it was judged by and what to do. An *error* keeps
  the network from learning what was asked; a *warning* makes it worse than it could be, or its score not worth
  trusting; a *tip* works and could be better.
- What only looks like a fault is confirmed by a **probe**: the network is trained for some seconds in several ways
  that differ in one thing each (learning rate, scale of inputs or targets, dropout, epochs, optimizer), with the same
  initial weights and rows, as one compiled program. The way that helps most is nearest to the cause.
- How far a way came is told on one scale: 0 for the best constant answer, 1 for no error at all.
- A finding that another one explains is told as a tip, with the cause's code.
- `mute=["TF108"]` or `mute=["imbalance"]` leaves checks or kinds of fault out.

"""


def checks_page() -> str:
    lines = [HEAD + "## Kinds of fault", "", "Causes before what they bring about.", ""]
    lines += ["| fault | what it is | checks |", "|---|---|---|"]
    for fault, meaning in FAULTS.items():
        codes = [f"[{one.code}](#{one.code.lower()})" for one in all_checks() if fault in one.faults]
        lines.append(f"| {fault} | {meaning} | {' '.join(codes)} |")
    for stage, title in STAGES.items():
        lines += ["", f"## {title}"]
        for check in all_checks():
            if check.stage == stage:
                lines += ["", *of_check(check)]
    return "\n".join(lines) + "\n"


def of_check(check: Check) -> list[str]:
    tries = f"`tenfold.repair` tries: {', '.join(check.repairs)}." if check.repairs else ONLY_REPORTS
    lines = [f'<a id="{check.code.lower()}"></a>', "", f"### {check.code} {check.title}", ""]
    lines += [f"Fault: {', '.join(check.faults)}.", "", textwrap.fill(check.explanation, 118), ""]
    lines += [textwrap.fill(f"**What to do.** {check.repair}", 118), "", tries]
    if check.thresholds:
        lines += ["", "| threshold | value | unit | source |", "|---|--:|---|---|"]
        lines += [f"| {one.name} | {one.value:g} | {one.unit} | {one.source} |" for one in check.thresholds]
    return lines + (of_example(check.code) if check.code in EXAMPLES else [])


def of_example(code: str) -> list[str]:
    found = example(code)
    quoted = [f"**{found.severity}** {found.message}", "", found.repair]
    return ["", "A finding of a small program:", "", *(quote(part) for part in quoted)]


def quote(text: str) -> str:
    marks = {"initial_indent": "> ", "subsequent_indent": "> ", "break_long_words": False, "break_on_hyphens": False}
    return textwrap.fill(text, 118, **marks) if text else ">"


def test_the_page_of_checks_is_what_the_checks_say():
    assert PAGE.read_text(encoding="utf-8") == checks_page()


def test_every_check_of_the_model_and_of_the_data_is_shown_at_work():
    assert set(EXAMPLES) == {check.code for check in all_checks() if check.stage in ("model", "data")}


def test_every_kind_of_fault_has_a_check():
    named = {fault for check in all_checks() for fault in check.faults}
    assert named == set(FAULTS)


if __name__ == "__main__":
    PAGE.write_text(checks_page(), encoding="utf-8")
