"""Figure 3: which rows train, which score, which are sealed."""

from matplotlib.axes import Axes

from tenfold.report.decisions import FoldRows, Protocol
from tenfold.report.facts import Facts
from tenfold.report.figures.canvas import (
    FAINT,
    GREY,
    INK,
    NETWORK,
    PAPER,
    QUIET,
    Drawing,
    figure_of,
    name_x,
    new_axes,
    write,
)
from tenfold.report.figures.time_map import draw_time, time_reading, time_table
from tenfold.report.numbers import count
from tenfold.report.tables import Table, as_table
from tenfold.report.words import counted

__all__ = ["draw_split"]

MOST_FOLDS = 20
"""More folds are not drawn one by one. Arbitrary."""

KINDS = {
    "hold_out": "one hold-out part",
    "k_fold": "{folds} folds",
    "iterated_k_fold": "{folds} folds, drawn anew for each seed",
    "groups": "{folds} folds that split no group",
    "time": "{folds} folds that only look forward",
}


def draw_split(facts: Facts) -> Drawing | None:
    """The split as strips of rows, a strip a fold; None before step 3."""
    protocol = facts.protocol
    if protocol is None or not protocol.folds:
        return None
    folds = protocol.folds[:MOST_FOLDS]
    if protocol.time is not None:
        shown = figure_of(draw_time(protocol, protocol.time, folds))
        reading = f"{time_reading(protocol, protocol.time)}{_how_chosen(protocol)}"
        return Drawing("split", _finding(protocol), reading, (shown,), time_table(protocol, protocol.time))
    axes = new_axes(44 + 26 * len(folds) + 44, left=52, top=44, bottom=44)
    axes.set_xlim(0, protocol.num_working + protocol.num_sealed)
    axes.set_ylim(len(folds) - 0.5, -0.5)
    axes.set_yticks(range(len(folds)), [f"fold {fold.fold + 1}" for fold in folds])
    for row, fold in enumerate(folds):
        _strip(axes, protocol, row, fold)
    _seal(axes, protocol)
    _keys(axes, protocol, folds[0])
    name_x(axes, "rows in order of time" if protocol.kind == "time" else "rows, sorted by fold", drop=36)
    return Drawing("split", _finding(protocol), _reading(protocol), (figure_of(axes),), _table(protocol))


def validation_start(protocol: Protocol, fold: FoldRows) -> int:
    """Where a fold's validation rows begin on the strip."""
    if protocol.kind in {"time", "hold_out"}:
        return fold.num_training + fold.num_purged
    return sum(other.num_validation for other in protocol.folds if other.fold < fold.fold)


def _strip(axes: Axes, protocol: Protocol, row: int, fold: FoldRows) -> None:
    start, length = validation_start(protocol, fold), fold.num_validation
    end = fold.num_training if protocol.kind in {"time", "hold_out"} else protocol.num_working
    axes.barh([row], [end], height=0.66, color=FAINT)
    if fold.num_purged:
        axes.barh(
            [row], [fold.num_purged], left=fold.num_training, height=0.66, color="none", edgecolor=GREY, hatch="...."
        )
    axes.barh([row], [length], left=start, height=0.66, color=NETWORK)
    middle = (start + length / 2, row)
    if length > 0.06 * (protocol.num_working + protocol.num_sealed):
        write(axes, count(length), middle, side="center", upright="center_baseline", colour=PAPER)


def _seal(axes: Axes, protocol: Protocol) -> None:
    if not protocol.num_sealed:
        return
    low, high = axes.get_ylim()
    left, height, middle = protocol.num_working, low - high, (low + high) / 2
    axes.barh([middle], [protocol.num_sealed], height, left, color="none", edgecolor=GREY, hatch="////", linewidth=0.8)


def _keys(axes: Axes, protocol: Protocol, first: FoldRows) -> None:
    top = ("data", "axes fraction")
    start = validation_start(protocol, first)
    is_last = protocol.kind in {"time", "hold_out"}  # then sealed rows, with words of their own, come next
    side = "right" if is_last else "left"
    write(axes, "scored", (start, 1), (-8 * is_last, 6), at=top, side=side, colour=NETWORK, bold=True)
    if is_last:
        write(axes, "training", (0, 1), (0, 6), at=top, colour=INK)
    else:
        write(axes, "training", (start + first.num_validation, 1), (8, 6), at=top, colour=INK)
    if protocol.num_sealed:
        place = (protocol.num_working + protocol.num_sealed, 1)
        write(axes, f"sealed {count(protocol.num_sealed)}", place, (0, 6), at=top, side="right", colour=QUIET)


def _finding(protocol: Protocol) -> str:
    folds = KINDS[protocol.kind].format(folds=len(protocol.folds))
    sealed = f"; {counted(protocol.num_sealed, 'row')} stay sealed to the end" if protocol.num_sealed else ""
    if protocol.time is not None:
        last = sealed.replace(" stay", ", the last ones, stay")
        return f"Networks are scored on rows later than all that they saw, in {folds}{last}."
    if protocol.kind in {"time", "hold_out"}:
        return f"Networks are scored on rows they never saw, in {folds}{sealed}."
    once = "once with each seed" if protocol.num_seeds > 1 else "once"
    return f"Every row that was worked on is scored {once}, in {folds}{sealed}."


def _reading(protocol: Protocol) -> str:
    return f"A strip a fold: blue rows are scored, grey rows train.{_how_chosen(protocol)}"


def _how_chosen(protocol: Protocol) -> str:
    """Seeds and inner folds, as sentences with a blank before them."""
    seeds = f" Each fold is trained with {counted(protocol.num_seeds, 'seed')}." if protocol.num_seeds > 1 else ""
    inner = ""
    if protocol.num_inner_folds:
        inner = (
            " Epoch, size and settings are chosen inside the training rows, on "
            f"{counted(protocol.num_inner_folds, 'inner fold')}."
        )
    return f"{seeds}{inner}"


def _table(protocol: Protocol) -> Table:
    rows = [
        (f"fold {fold.fold + 1}", count(fold.num_training), count(fold.num_validation), count(fold.num_purged))
        for fold in protocol.folds
    ]
    rows.append(("sealed", "0", count(protocol.num_sealed), "0"))
    return as_table(("part", "training rows", "scored rows", "left out between"), rows)
