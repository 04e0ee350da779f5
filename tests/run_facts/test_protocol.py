"""Step 3 told as facts."""

import numpy as np
import pandas as pd
import pytest

from tenfold.data.alike import Alike
from tenfold.data.order import Order, read_order
from tenfold.report.decisions import Protocol
from tenfold.run_facts.protocol import protocol_facts
from tenfold.split.protocol import choose_protocol
from tenfold.split.splitter import RowSplitter

NOBODY = Alike(None, "", 0, 0)


def facts_of(num_rows: int, alike: Alike = NOBODY, order: Order | None = None, **wishes: object) -> Protocol:
    times, gap = (None, 0.0) if order is None else (order.times, order.gap)
    splitter = RowSplitter(num_rows, None, 0, alike.groups, times, gap)
    rows = splitter.seal("data")
    protocol = choose_protocol(len(rows.working), in_time=order is not None, **wishes)
    facts = protocol_facts(protocol, rows, splitter.folds(rows.working, protocol), 2, alike, order)
    assert (facts.num_working, facts.num_sealed, facts.sealed_sha256) == (
        len(rows.working),
        len(rows.sealed),
        rows.sha256,
    )
    return facts


def days(num_rows: int, gap: str = "") -> Order:
    dates = pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(num_rows) // 2, unit="D")
    return read_order(pd.DataFrame({"Datum": dates}), "Datum", gap)


@pytest.mark.parametrize(
    ("num_rows", "words"),
    [
        (200, "40 rows sealed; 160 to work on: 5 folds, dealt 2 times, 5 inner folds in each."),
        (2_000, "400 rows sealed; 1,600 to work on: 5 folds, 5 inner folds in each."),
        (20_000, "4,000 rows sealed; 16,000 to work on: a fifth held out, 3 inner folds in the rest."),
    ],
)
def test_a_protocol_is_told_in_one_sentence(num_rows: int, words: str):
    assert facts_of(num_rows).decision == words


def test_an_order_of_time_is_told_with_its_gap_and_what_it_costs():
    facts = facts_of(1_000, order=days(1_000, "7d"))
    assert facts.kind == "time"
    assert facts.decision == (
        "The last 200 rows sealed; 788 to work on, in order of `Datum`: 4 folds forward in time, 7 days left out "
        "before each; 3 inner folds, forward too."
    )
    assert "The first 158 rows to work on only train, so 630 are scored." in facts.because
    assert "within 7 days before what is scored: 12 rows in each fold, 12 before the sealed rows." in facts.because
    assert facts.drawn == "in order of `Datum`, 7 days left out before what is scored"
    assert {fold.num_purged for fold in facts.folds} == {12}
    assert all("no gap" not in one.lower() for one in facts.alternatives)


def test_a_hold_out_in_time_is_the_last_fifth():
    facts = facts_of(1_000, order=days(1_000, "2d"), kind="hold_out")
    assert facts.kind == "hold_out"
    assert "in order of `Datum`: the last fifth held out, and the last fifth of the rest inside" in facts.decision
    assert "2 rows before the held-out rows, 2 before the sealed rows." in facts.because


def test_the_facts_say_where_folds_lie_in_time():
    order = days(1_000, "7d")
    time = facts_of(1_000, order=order).time
    assert (time.column, time.unit, time.gap, time.gap_words) == ("Datum", "days", 7.0, "7 days")
    assert (time.first, time.last) == (order.times[0], order.times[-1])
    assert time.sealed_from - time.working_until == 7.0
    assert [span.scored_from - span.training_until for span in time.spans] == [7.0] * 4
    assert Protocol.time is None
    assert facts_of(200).time is None


def test_without_a_gap_the_reader_is_told_that_there_is_none():
    facts = facts_of(1_000, order=days(1_000))
    assert "left out" not in facts.decision
    assert any(one.startswith("No gap was left out") for one in facts.alternatives)


def test_rows_of_groups_that_go_on_are_told():
    groups = np.arange(1_000) // 3
    facts = facts_of(1_000, Alike(groups, "house", 334, 0), days(1_000))
    assert (
        "because their group goes on in what is scored: 1 to 2 rows in each fold, 2 before the sealed rows."
        in facts.because
    )
    assert facts.drawn == "in order of `Datum`; kept together: rows of one `house` (334 of them)"


def test_groups_and_repeated_rows_are_told():
    facts = facts_of(2_000, Alike(np.arange(2_000) // 4, "house", 500, 3, 2))
    assert facts.kind == "groups"
    assert facts.because.endswith(
        "On one side of every split: rows of one `house` (500 of them) and 3 repeated rows and what they repeat and "
        "2 nearly repeated rows and what they repeat."
    )
    assert facts.alternatives[0] == "Rows were not put in order of time: no column was named for it."


def test_rows_that_are_equal_by_chance_are_told():
    assert "5 rows equal others as new rows will too" in facts_of(2_000, Alike(None, "", 0, 0, 0, 5)).because


def test_what_was_asked_for_is_told():
    facts = facts_of(2_000, num_folds=10)
    assert facts.because.startswith("K-fold with 10 folds was asked for; 1,600 rows by themselves suggest 5 folds.")
