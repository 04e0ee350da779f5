"""Which protocol divides the rows that are worked on: by their number, or by choice.

One hold-out when rows are plenty, K-fold when they are few, iterated K-fold when they are very few. Where rows have an
order of time, folds go forward: each trains on what came before it. Time runs once, so nothing can be dealt again.

Source: F. Chollet, Deep Learning with Python (2017), section 4.2.1.
"""

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, get_args

from tenfold.errors import OptionError, SplitError, did_you_mean

__all__ = [
    "NUM_FOLDS",
    "PLENTY_ROWS",
    "VERY_FEW_ROWS",
    "Kind",
    "Protocol",
    "choose_protocol",
    "fewer_networks",
]

Kind: TypeAlias = Literal["hold_out", "k_fold", "iterated_k_fold"]

PLENTY_ROWS = 10_000
"""From so many working rows one hold-out is enough: its fifth, 2,000 rows, knows an accuracy to 1.1 points (standard
error of a share at worst, sqrt(0.25 / 2000))."""

VERY_FEW_ROWS = 500
"""Below so many working rows K-fold is iterated: a fold of 100 rows knows an accuracy to 5 points only, so that which
rows share a fold matters. (TabArena repeats more often below 2,500 rows; the exact number is arbitrary.)"""

NUM_FOLDS = 5
"""Outer folds, and the share of the rows in a hold-out and under seal: a fifth. Source: Kohavi (1995) finds 5 to 10 the
best trade of bias and variance; 5 leaves room for inner folds."""

NUM_INNER_FOLDS = 5
"""Inner folds choose epoch, size and settings inside the training rows of an outer fold; as many as outer ones, so that
an inner member sees four fifths of what its fold may train on."""

NUM_INNER_FOLDS_OF_HOLD_OUT = 3
"""The same where rows are plenty and one hold-out scores: a member sees two thirds of what it may train on, and the
mean of three answers better than one that saw four fifths (california: mean absolute error 32,500 beside 33,300)."""

MANY_PHOTOS = 1_000
"""From so many working photos one hold-out scores them: a fifth, 200, knows an accuracy to 3.5 points, and five folds
would take five times as long, which on two cores is the difference between minutes and an hour."""

NUM_FOLDS_IN_TIME = NUM_FOLDS - 1
"""Outer folds forward in time: of five blocks of rows the first only trains."""

NUM_INNER_FOLDS_IN_TIME = NUM_FOLDS - 2
"""Inner folds forward in time: the last three of five blocks, so that a member sees two fifths of the rows at least
(arbitrary: more inner folds choose by more seasons, but their members know only the distant past)."""

NUM_REPEATS = 2
"""How often K-fold is iterated by default (arbitrary; each repeat costs as much as the first)."""

FEWEST_SCORED = 2
"""Rows that a fold scores at least: one row alone has no spread."""

WORDS = {"hold_out": "a single hold-out", "k_fold": "K-fold", "iterated_k_fold": "iterated K-fold"}


@dataclass(frozen=True)
class Protocol:
    """How the working rows are divided.

    Args:
        kind: One hold-out, K-fold, or K-fold iterated with other folds.
        num_folds: Outer folds that are scored, per repeat.
        num_repeats: How often the rows are dealt to folds anew.
        num_inner_folds: Inner folds within each outer training part; 1 is an inner hold-out.
        because: One sentence: why.
        in_time: Whether folds go forward in time: each trains only on rows that came before those it is scored on.
    """

    kind: Kind
    num_folds: int
    num_repeats: int
    num_inner_folds: int
    because: str
    in_time: bool = False


def choose_protocol(
    num_rows: int,
    *,
    num_repeats: int = NUM_REPEATS,
    kind: str | None = None,
    num_folds: int | None = None,
    in_time: bool = False,
) -> Protocol:
    """The protocol that fits an amount of data, or the one that is asked for.

    Args:
        num_rows: Rows to work on, the sealed ones left out.
        num_repeats: How often to iterate where rows are very few; 1 does not iterate, unless that is asked for.
        kind: `"hold_out"`, `"k_fold"` or `"iterated_k_fold"` (hyphens are fine); None lets the number of rows decide.
        num_folds: Outer folds; None for 5, or 4 in time. Asking for two or more is asking for K-fold.
        in_time: Whether rows have an order of time.

    Returns:
        The protocol and why.

    Raises:
        OptionError: No such kind.
        SplitError: Folds that the rows cannot fill, folds of a hold-out, or time that should run twice.

    >>> choose_protocol(404).kind, choose_protocol(4_000).kind, choose_protocol(20_000).kind
    ('iterated_k_fold', 'k_fold', 'hold_out')
    >>> choose_protocol(20_000, num_folds=10).kind, choose_protocol(404, in_time=True).num_folds
    ('k_fold', 4)
    >>> choose_protocol(404, kind="iterated_k_fold", in_time=True)
    Traceback (most recent call last):
    ...
    tenfold.errors.SplitError: Time runs once, so folds in its order cannot be dealt again. Expected: `hold-out` or
    `k-fold`.
    """
    by_rows = _by_number_of_rows(num_rows, num_repeats, in_time=in_time)
    if kind is None and num_folds is None:
        return by_rows
    wished = _wished_kind(kind, num_folds, by_rows)
    _check_wish(wished, num_rows, num_folds, in_time=in_time)
    repeats = max(NUM_REPEATS, num_repeats) if wished == "iterated_k_fold" else 1
    because = _because_asked(wished, num_folds, num_rows, by_rows)
    chosen = replace(_protocol(wished, repeats, because, in_time=in_time))
    return chosen if num_folds is None else replace(chosen, num_folds=num_folds)


def fewer_networks(protocol: Protocol, num_rows: int, num_inner_folds: int, *, is_asked: bool) -> Protocol:
    """The protocol for rows that take a network long to train on: photos.

    Args:
        protocol: The one for a table of as many rows.
        num_rows: Rows to work on.
        num_inner_folds: Inner folds at most.
        is_asked: Whether the user named it: then its outer folds stay.

    Returns:
        With fewer inner folds; one hold-out where photos are many, and no folds dealt again.

    >>> fewer_networks(choose_protocol(4_000), 4_000, 1, is_asked=False).kind
    'hold_out'
    """
    inner = min(protocol.num_inner_folds, num_inner_folds)
    if is_asked or protocol.kind == "hold_out":
        return replace(protocol, num_inner_folds=inner)
    if num_rows >= MANY_PHOTOS:
        because = f"networks take long to train on {num_rows:,} photos: a fifth of them scores, and is not dealt again"
        return replace(_protocol("hold_out", 1, because, in_time=False), num_inner_folds=inner)
    because = f"{num_rows:,} photos are too few for a single hold-out: each is scored once"
    return replace(_protocol("k_fold", 1, because, in_time=False), num_inner_folds=inner)


def _by_number_of_rows(num_rows: int, num_repeats: int, *, in_time: bool) -> Protocol:
    if num_rows >= PLENTY_ROWS:
        because = f"{num_rows:,} rows are plenty: a fifth of them scores precisely enough"
        return _protocol("hold_out", 1, because, in_time=in_time)
    if in_time:
        because = f"{num_rows:,} rows are too few for a single hold-out: each block of them but the first is scored"
        return _protocol("k_fold", 1, because, in_time=True)
    if num_rows >= VERY_FEW_ROWS or num_repeats == 1:
        because = f"{num_rows:,} rows are too few for a single hold-out: each row is scored once"
        return _protocol("k_fold", 1, because, in_time=False)
    because = f"{num_rows:,} rows are very few: which rows share a fold matters, so the folds are dealt again"
    return _protocol("iterated_k_fold", num_repeats, because, in_time=False)


def _protocol(kind: Kind, num_repeats: int, because: str, *, in_time: bool) -> Protocol:
    """A protocol with the usual number of folds."""
    if kind == "hold_out":
        return Protocol(kind, 1, 1, 1 if in_time else NUM_INNER_FOLDS_OF_HOLD_OUT, because, in_time)
    if in_time:
        return Protocol(kind, NUM_FOLDS_IN_TIME, 1, NUM_INNER_FOLDS_IN_TIME, because, in_time)
    return Protocol(kind, NUM_FOLDS, num_repeats, NUM_INNER_FOLDS, because)


def _wished_kind(kind: str | None, num_folds: int | None, by_rows: Protocol) -> Kind:
    """The kind that is asked for by name or, where only a number of folds is given, by that."""
    if kind is None:
        if num_folds == 1:
            return "hold_out"
        return "k_fold" if by_rows.kind == "hold_out" else by_rows.kind
    spelled = kind.strip().lower().replace("-", "_").replace(" ", "_")
    found = next((known for known in get_args(Kind) if known == spelled), None)
    if found is None:
        names = [known.replace("_", "-") for known in get_args(Kind)]
        hint = did_you_mean(kind, names)
        raise OptionError("protocol", f"`{kind}` is not a protocol", expected=f"one of {', '.join(names)}", hint=hint)
    wished: Kind = found
    return wished


def _check_wish(kind: Kind, num_rows: int, num_folds: int | None, *, in_time: bool) -> None:
    if kind == "iterated_k_fold" and in_time:
        raise SplitError(
            "time_runs_once",
            "Time runs once, so folds in its order cannot be dealt again",
            expected="`hold-out` or `k-fold`",
        )
    if num_folds is None:
        return
    if kind == "hold_out" and num_folds != 1:
        raise SplitError(
            "folds_of_hold_out",
            f"A hold-out has no {num_folds} folds",
            expected="one part that is held out",
            hint="leave the number of folds out, or ask for `k-fold`",
        )
    most = num_rows // FEWEST_SCORED - in_time
    if kind != "hold_out" and not 1 < num_folds <= most:
        raise SplitError(
            "impossible_folds",
            f"{num_rows:,} rows to work on cannot make {num_folds} folds",
            expected=f"2 to {most:,} folds, each with {FEWEST_SCORED} rows or more to score",
        )


def _because_asked(kind: Kind, num_folds: int | None, num_rows: int, by_rows: Protocol) -> str:
    """Why: it was asked for, and what would have been taken otherwise."""
    asked = WORDS[kind] if num_folds in {None, 1} else f"{WORDS[kind]} with {num_folds} folds"
    if kind == by_rows.kind and num_folds in {None, by_rows.num_folds}:
        return f"{asked} was asked for, as {num_rows:,} rows suggest"
    usual = WORDS[by_rows.kind] if kind != by_rows.kind else f"{by_rows.num_folds} folds"
    return f"{asked} was asked for; {num_rows:,} rows by themselves suggest {usual}"
