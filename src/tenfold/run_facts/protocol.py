"""Step 3 as facts: who is trained on what and scored on what, and why."""

from collections.abc import Sequence
from typing import Literal, TypeAlias

from tenfold.data.alike import Alike
from tenfold.data.order import Order
from tenfold.report import decisions
from tenfold.report.words import counted
from tenfold.split.folds import Fold, SealedRows
from tenfold.split.protocol import Protocol

__all__ = ["protocol_facts"]

Kind: TypeAlias = Literal["hold_out", "k_fold", "iterated_k_fold", "groups", "time"]


def protocol_facts(
    protocol: Protocol,
    rows: SealedRows,
    folds: Sequence[Fold],
    num_seeds: int,
    alike: Alike,
    order: Order | None = None,
) -> decisions.Protocol:
    """Step 3.

    Args:
        protocol: From `choose_protocol`.
        rows: Working and sealed rows.
        folds: The outer folds; those of the first repeat are told.
        num_seeds: Seeds of each outer fold.
        alike: Rows that are never parted.
        order: The order of time, where rows have one.

    Returns:
        The facts, without the ledger.
    """
    first = folds[: protocol.num_folds]
    return decisions.Protocol(
        _kind(protocol, alike),
        len(rows.working),
        len(rows.sealed),
        rows.sha256,
        tuple(
            decisions.FoldRows(one.fold, len(one.train_rows), len(one.validation_rows), one.num_purged) for one in first
        ),
        num_seeds=num_seeds,
        num_inner_folds=protocol.num_inner_folds,
        drawn=_drawn(alike, order),
        decision=_decision(protocol, rows, order),
        because=" ".join(_because(protocol, rows, first, alike, order)),
        alternatives=tuple(_alternatives(protocol, alike, order)),
        time=None if order is None else _time_facts(rows, first, order),
    )


def _kind(protocol: Protocol, alike: Alike) -> Kind:
    if protocol.kind == "k_fold":
        return "time" if protocol.in_time else "groups" if alike.column else "k_fold"
    return protocol.kind


def _time_facts(rows: SealedRows, folds: Sequence[Fold], order: Order) -> decisions.TimeOrder:
    """Where folds and sealed rows lie in time."""
    times = order.times
    spans = (
        decisions.TimeSpan(
            fold.fold,
            float(times[fold.train_rows].max()),
            float(times[fold.validation_rows].min()),
            float(times[fold.validation_rows].max()),
        )
        for fold in folds
    )
    return decisions.TimeOrder(
        order.column,
        order.unit,
        order.gap,
        order.gap_words,
        first=float(times.min()),
        working_until=float(times[rows.working].max()),
        sealed_from=float(times[rows.sealed].min()),
        last=float(times.max()),
        spans=tuple(spans),
        num_purged=rows.num_purged,
    )


def _drawn(alike: Alike, order: Order | None) -> str:
    """How rows came to their sides, as a phrase for the trust line."""
    together = f"kept together: {alike.words}" if alike.words else ""
    if order is None:
        return together or decisions.Protocol.drawn
    gap = f", {order.gap_words} left out before what is scored" if order.gap else ""
    return f"in order of `{order.column}`{gap}{'; ' if together else ''}{together}"


def _decision(protocol: Protocol, rows: SealedRows, order: Order | None) -> str:
    last = "the last " if order else ""
    sealed = f"{last}{len(rows.sealed):,} rows sealed; {len(rows.working):,} to work on"
    return f"{sealed[0].upper()}{sealed[1:]}{_in_words(protocol, order)}."


def _in_words(protocol: Protocol, order: Order | None) -> str:
    if order is None:
        if protocol.kind == "hold_out":
            return f": a fifth held out, {_inner_in_words(protocol)} in the rest"
        again = f", dealt {protocol.num_repeats} times" if protocol.num_repeats > 1 else ""
        return f": {protocol.num_folds} folds{again}, {_inner_in_words(protocol)} in each"
    gap = f", {order.gap_words} left out before " if order.gap else ""
    if protocol.kind == "hold_out":
        gap = gap and f"{gap}either"
        return f", in order of `{order.column}`: the last fifth held out, and the last fifth of the rest inside{gap}"
    gap = gap and f"{gap}each"
    inner = f"; {protocol.num_inner_folds} inner folds, forward too"
    return f", in order of `{order.column}`: {protocol.num_folds} folds forward in time{gap}{inner}"


def _inner_in_words(protocol: Protocol) -> str:
    return "an inner hold-out" if protocol.num_inner_folds == 1 else f"{protocol.num_inner_folds} inner folds"


def _because(
    protocol: Protocol, rows: SealedRows, folds: Sequence[Fold], alike: Alike, order: Order | None
) -> list[str]:
    """Why, a sentence each: the protocol, what is kept together, what is left out."""
    said = [f"{protocol.because[0].upper()}{protocol.because[1:]}."]
    if order is not None:
        said.append("New rows will come later than all of these, so each fold is scored on rows later than its own.")
        said += _left_out(rows, folds, order)
    if alike.words:
        said.append(f"On one side of every split: {alike.words}.")
    if alike.words_apart:
        said.append(alike.words_apart)
    return said


def _left_out(rows: SealedRows, folds: Sequence[Fold], order: Order) -> list[str]:
    """What is on no side: rows within the gap, rows of groups that go on, the first block."""
    said = []
    scored = sum(len(fold.validation_rows) for fold in folds)
    unscored = len(rows.working) - scored
    said.append(f"The first {unscored:,} rows to work on only train, so {scored:,} are scored.")
    for_group = [*(fold.num_purged_for_group for fold in folds), rows.num_purged_for_group]
    for_both = [*(fold.num_purged for fold in folds), rows.num_purged]
    for_gap = [both - group for both, group in zip(for_both, for_group, strict=True)]
    if any(for_gap):
        said.append(f"Left out within {order.gap_words} before what is scored: {_in_each(for_gap)}.")
    if any(for_group):
        said.append(f"Left out because their group goes on in what is scored: {_in_each(for_group)}.")
    return said


def _in_each(counts: Sequence[int]) -> str:
    """How many rows each fold, and the sealed rows, leave out.

    >>> _in_each([42, 40, 41])
    '40 to 42 rows in each fold, 41 before the sealed rows'
    """
    low, high = min(counts[:-1]), max(counts[:-1])
    rows = counted(high, "row") if low == high else f"{low:,} to {counted(high, 'row')}"
    each = " in each fold" if len(counts) > 2 else " before the held-out rows"  # noqa: PLR2004 (a fold and the seal)
    return f"{rows}{each}, {counts[-1]:,} before the sealed rows"


def _alternatives(protocol: Protocol, alike: Alike, order: Order | None) -> list[str]:
    """What the protocols not taken would have meant."""
    said = [_without_roles(alike, order)]
    if order is not None:
        said.append("Rows dealt at random would let networks train on what came after the rows they are scored on.")
        if not order.gap:
            said.append("No gap was left out: rows shortly before a fold train, even if they hold part of its answer.")
    if protocol.kind == "hold_out":
        times = "four" if order else "five"
        said.append(f"K-fold was not taken: it would cost {times} times as much, and more where it has inner folds.")
    elif order is None:
        said.append("A single hold-out was not taken: it would score a fifth of the rows only.")
    return [one for one in said if one]


def _without_roles(alike: Alike, order: Order | None) -> str:
    """What no column was named for."""
    if order is None and not alike.column:
        return "Rows were not kept together by group nor in order of time: no column was named for it."
    if order is None:
        return "Rows were not put in order of time: no column was named for it."
    return "" if alike.column else "Rows were not kept together by group: no column was named for it."
