"""Step 3 told as facts."""

import pytest

from tenfold.report.decisions import FoldRows
from tenfold.run_facts.protocol import protocol_facts
from tenfold.split import RowSplitter, choose_protocol


@pytest.mark.parametrize(
    ("num_rows", "words"),
    [
        (200, "40 rows sealed; 160 to work on: 5 folds, dealt 2 times, 5 inner folds in each."),
        (2_000, "400 rows sealed; 1,600 to work on: 5 folds, 5 inner folds in each."),
        (20_000, "4,000 rows sealed; 16,000 to work on: a fifth held out, and a fifth of the rest inside."),
    ],
)
def test_a_protocol_is_told_in_one_sentence(num_rows: int, words: str):
    rows = RowSplitter(num_rows, None, 0).seal("data")
    facts = protocol_facts(choose_protocol(len(rows.working)), rows, [FoldRows(0, 3, 1)], 2)
    assert facts.decision == words
    assert (facts.num_working, facts.num_sealed, facts.sealed_sha256) == (
        len(rows.working),
        len(rows.sealed),
        rows.sha256,
    )
