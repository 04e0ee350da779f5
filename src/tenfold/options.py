"""What a run may be told besides its table and target: plain words and numbers, as they are typed and kept.

The defaults leave everything to the data. Two runs of one table, target and options are one run.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields

__all__ = ["Options"]


@dataclass(frozen=True)
class Options:
    """The options of a run; empty text, 0 and empty tuples leave a choice to the data.

    Args:
        seed: From which everything random is drawn, 0 or above.
        budget: `"quick"`, `"standard"` or `"thorough"`.
        problem: Kind of problem.
        measure: The measure that decides: the name of a scikit-learn scorer.
        protocol: `"hold_out"`, `"k_fold"` or `"iterated_k_fold"`.
        folds: Outer folds.
        group: Column whose equal values are never parted.
        time: Column by which rows are ordered: training goes before scoring.
        horizon: Steps from what is known to what is forecast, or a length of time: "24", "24h", "12 months".
        series: Column that tells several series apart.
        known_ahead: Columns whose future is known.
        gap: Left out before the scored rows, in the unit of `time`: "7d", "12h", "3".
        join: Other tables, as files.
        on: Key columns of each of them, several divided by commas; one for all.
        text: Columns that are texts to read, however short.
        tokens: How texts are cut: `"words"`, `"subwords"` or `"characters"`.
        terms: Whether the terms of bags are `"named"` or `"hashed"`.
        vectors: File of word vectors that networks may start from.
        drop: Columns that are no inputs.
        allow: Columns that are known at the time of prediction, whatever they look like.
        mute: Codes of checks and kinds of fault that are folded away in the report.
        matters: Smallest difference of scores that matters, as typed.
        trials: Trials of step 7.
        minutes: Time for step 7 in place of a number of trials, as typed.
        weights: File of weights that photos are read with, `"none"` for none.
        show_rows: Whether the report may show rows of the table.
    """

    seed: int = 0
    budget: str = "standard"
    problem: str = ""
    measure: str = ""
    protocol: str = ""
    folds: int = 0
    group: str = ""
    time: str = ""
    gap: str = ""
    horizon: str = ""
    series: str = ""
    known_ahead: tuple[str, ...] = ()
    join: tuple[str, ...] = ()
    on: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    tokens: str = ""
    terms: str = ""
    vectors: str = ""
    drop: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    mute: tuple[str, ...] = ()
    matters: str = ""
    trials: int = 0
    minutes: str = ""
    weights: str = ""
    show_rows: bool = True

    @property
    def chosen(self) -> dict[str, str | int | bool | tuple[str, ...]]:
        """The options that are not left to the data; seed and budget always, because others' defaults may change."""
        return {
            one.name: getattr(self, one.name)
            for one in fields(self)
            if one.name in {"seed", "budget"} or getattr(self, one.name) != one.default
        }

    def words(self) -> Iterator[str]:
        """The chosen options as arguments of the command line.

        >>> list(Options(group="house", drop=("id", "nr")).words())
        ['--seed', '0', '--budget', 'standard', '--group', 'house', '--drop', 'id', '--drop', 'nr']
        """
        for name, value in self.chosen.items():
            if name == "show_rows":
                yield "--no-rows"
                continue
            for one in value if isinstance(value, tuple) else (value,):
                yield from (f"--{name.replace('_', '-')}", str(one))
