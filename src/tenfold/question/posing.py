"""The question of a run: a table and a target, and what follows from them before anything is fitted (steps 1 to 3).

Everything a user can get wrong about the data shows here, before a folder is made or a library of networks is loaded.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from jaxtyping import Int

from tenfold.data.alike import Alike, rows_alike
from tenfold.data.class_files import TEXTS, kind_of_source
from tenfold.data.lookup_column import is_lookup_column
from tenfold.data.order import DAYS, Order, read_gap, read_order
from tenfold.data.photos import SIDE, read_photos
from tenfold.data.series import Origins, lay_out_origins
from tenfold.data.series_plan import SeriesPlan, check_column, plan_series
from tenfold.data.table import LoadedTable, read_table, table_from_frame
from tenfold.data.texts import read_texts
from tenfold.data.word_vectors import WordVectors
from tenfold.errors import OptionError, TableError, did_you_mean
from tenfold.measures.choice import choose_measures
from tenfold.measures.measure import Measures
from tenfold.networks.pretrained import Weights
from tenfold.options import Options
from tenfold.prepare.cells import check_inputs
from tenfold.prepare.table import TablePreparation
from tenfold.problem.definition import EncodedTarget, Problem, define_problem
from tenfold.question.asked_texts import asked_ways, check_texts, check_ways, read_vectors
from tenfold.question.budget import Budget, find_budget
from tenfold.question.logs import errors_without_and_with_logs, is_skewed, seen_in_logs
from tenfold.split.folds import SealedRows
from tenfold.split.protocol import NUM_FOLDS, Protocol, choose_protocol, fewer_networks
from tenfold.split.splitter import RowSplitter

__all__ = ["Question", "join_by", "open_table", "pose_question"]

DEFAULTS = Options()

LARGEST_SEED = 2**32 - 1
"""The largest that scikit-learn takes."""


@dataclass(frozen=True)
class Question:
    """What is asked, and how it will be answered.

    Args:
        table: The table with its source.
        inputs: Its columns without the target.
        problem: Step 1.
        target: The target, encoded.
        measures: Step 2.
        splitter: Makes every split.
        alike: Step 3: rows that stay together.
        order: Step 3: when each row happened; None where no column says so.
        rows: Step 3: working and sealed rows.
        protocol: Step 3: how the working rows are divided.
        budget: How much may be tried.
        options: What the user wanted other than the data suggest.
        series: How the table is read as series; None where nothing is forecast.
        notes: What is said of step, gaps and windows of series.
        origins: Where forecasts are made, with the way to their horizon; None where nothing is forecast.
        vectors: Of the words of texts, where a file brings them.
        weights: A trained network that photos are read with.
    """

    table: LoadedTable
    inputs: pd.DataFrame
    problem: Problem
    target: EncodedTarget
    measures: Measures
    splitter: RowSplitter
    alike: Alike
    order: Order | None
    rows: SealedRows
    protocol: Protocol
    budget: Budget
    options: Options
    series: SeriesPlan | None = None
    notes: tuple[str, ...] = ()
    origins: Origins | None = None
    vectors: WordVectors | None = None
    weights: Weights | None = None

    @property
    def seed(self) -> int:
        """From which everything random is drawn."""
        return self.options.seed

    @property
    def shown(self) -> pd.DataFrame:
        """Cells to show beside a row: those of the inputs that are words or numbers, and the name of its file."""
        plain = [name for name in self.inputs.columns if not is_lookup_column(self.inputs[name])]
        names = self.table.source.row_names
        return self.inputs[plain].assign(file=names) if names else self.inputs[plain]

    @property
    def rare_classes(self) -> tuple[str, ...]:
        """Labels with fewer working rows than folds: some folds train or score without them; none for a number."""
        fewest = max(NUM_FOLDS, self.protocol.num_folds)
        texts, counts = self.problem.count_classes(self.target[self.rows.working])
        return tuple(text for text, count in zip(texts, counts, strict=True) if count < fewest)


def open_table(
    table: str | Path | pd.DataFrame | LoadedTable, *, photo_side: int = SIDE, is_labelled: bool = True
) -> LoadedTable:
    """A table however it is given.

    Args:
        table: A CSV or Parquet file, a folder or zip of photos or texts, a pandas frame, or a table that is loaded.
        photo_side: Pixels of a side that photos are brought to.
        is_labelled: Whether folders of photos or texts must be classes.

    Returns:
        The table with its source.

    Raises:
        TableError: It cannot be read.
    """
    if isinstance(table, LoadedTable):
        return table
    if isinstance(table, pd.DataFrame):
        return table_from_frame(table)
    kind = kind_of_source(Path(table), is_labelled=is_labelled)
    if kind is None:
        return read_table(table)
    if kind is TEXTS:
        return read_texts(table, is_labelled=is_labelled)
    return read_photos(table, photo_side, is_labelled=is_labelled)


def join_by(table: LoadedTable, options: Options) -> LoadedTable:
    """Add the columns of other tables where the key agrees.

    Args:
        table: The table that was asked about.
        options: `join` names the others, `on` their keys.

    Returns:
        The table itself where there is nothing to join.

    Raises:
        OptionError: A key without a table, or not one key for all tables nor one each.
        TableError: A table cannot be read, lacks the key, or has one of its values twice.
    """
    if not options.join and not options.on:
        return table
    if not options.join or len(options.on) not in {1, len(options.join)}:
        raise OptionError(
            "join_keys",
            f"Tables to join: {len(options.join)}, keys to join them on: {len(options.on)}",
            expected="one key for all tables, or one for each",
            hint="--join weather.csv --on date; several columns of one key are divided by commas: --on city,date",
        )
    from tenfold.data.join import Join, join_tables  # noqa: PLC0415

    keys = options.on if len(options.on) == len(options.join) else options.on * len(options.join)
    joins = [Join(Path(path), tuple(key.split(","))) for path, key in zip(options.join, keys, strict=True)]
    return join_tables(table, joins)


def pose_question(table: LoadedTable, targets: Sequence[str], options: Options = DEFAULTS) -> Question:
    """Take steps 1 to 3.

    Args:
        table: The table.
        targets: Name of the column to predict, or names of several.
        options: What the user wants other than the data suggest.

    Returns:
        The question.

    Raises:
        OptionError: An option that is unknown, out of range, or does not go with another.
        TargetError: The target cannot be predicted as it stands.
        TableError: A column of numbers with text in it, a column that is not there, or none that can be used.
        SplitError: Too few rows for the folds.
    """
    _check_numbers(options)
    if options.weights and table.source.format != "photos":
        raise OptionError(
            "weights_without_photos",
            "Weights were named, but the table holds no photos",
            expected="--weights beside a folder or zip of photos",
        )
    if options.horizon:
        return pose_forecast(table, targets, options)
    for name, value in (("series", options.series), ("known_ahead", options.known_ahead)):
        if value:
            word = f"`{name.replace('_', '-')}`"
            raise OptionError(f"{name}_without_horizon", f"{word} was given, but no horizon", hint="--horizon 24h")
    _check_roles(table.frame, targets, options)
    asked_ways(options)
    check_texts(table.frame, options.text, {*targets, options.group, options.time, *options.drop})
    problem = define_problem(
        table.frame, targets[0] if len(targets) == 1 else list(targets), kind=options.problem or None
    )
    measures = choose_measures(problem, options.measure or None)
    budget = find_budget(options.budget)
    budget = replace(budget, num_trials=options.trials) if options.trials else budget
    order = read_order(table.frame, options.time, options.gap) if options.time else None
    roles = [*problem.targets, *([options.time] if options.time else [])]
    used = table.frame.drop(columns=list(options.drop))  # rows that differ in nothing else are copies
    answers = problem.targets if order is None else ()  # in time, a text that came before may come again
    alike = rows_alike(used, options.group or None, compare=roles, answers=answers)
    group = [options.group] if options.group else []
    inputs = table.frame.drop(columns=[*problem.targets, *group, *options.drop])
    check_inputs(inputs, [name for name in inputs.columns if name not in options.text])
    encoded = problem.encode(table.frame)
    splitter = _splitter(problem.strata(encoded), len(inputs), options.seed, alike, order)
    rows = splitter.seal(table.source.sha256)
    preparation = _check_usable(inputs.iloc[rows.working], options)
    check_ways(preparation, options)
    vectors = read_vectors(inputs, preparation, options.vectors)
    protocol = choose_protocol(
        len(rows.working),
        num_repeats=budget.num_repeats,
        kind=options.protocol or None,
        num_folds=options.folds or None,
        in_time=order is not None,
    )
    if table.source.format == "photos":
        is_asked = bool(options.protocol or options.folds)
        protocol = fewer_networks(protocol, len(rows.working), budget.photo_inner_folds, is_asked=is_asked)
    splitter.check(rows.working, protocol)
    return Question(
        table, inputs, problem, encoded, measures, splitter, alike, order, rows, protocol, budget, options,
        vectors=vectors,
    )  # fmt: skip


def pose_forecast(table: LoadedTable, targets: Sequence[str], options: Options) -> Question:
    """The same for a forecast: each row of the question is an origin, and the target lies `horizon` steps ahead.

    Args:
        table: The table of steps.
        targets: Name of the column to forecast.
        options: With a horizon.

    Returns:
        The question, whose table has a row for each origin.

    Raises:
        InputError: As `pose_question`, and what `plan_series` refuses.
    """
    target = _check_forecast(targets, options)
    for column in options.drop:
        check_column(table.frame, column, "drop")
    check_inputs(table.frame, [name for name in table.frame.columns if name not in {options.time, *options.drop}])
    plan = plan_series(
        table.frame, target, options.time, options.horizon,
        series=options.series, known_ahead=options.known_ahead, drop=options.drop,
    )  # fmt: skip
    origins = lay_out_origins(table.frame, plan)
    frame = origins.frame
    problem = define_problem(frame, target, kind=options.problem or "number")
    measures = choose_measures(problem, options.measure or None)
    budget = find_budget(options.budget)
    budget = replace(budget, num_trials=options.trials) if options.trials else budget
    dates = plan.step.unit != "units"
    gap = max(origins.gap, read_gap(options.gap or 0.0, DAYS if dates else plan.time))
    order = Order(plan.time_column, DAYS if dates else f"units of `{plan.time}`", origins.times, gap)
    encoded, nobody = problem.encode(frame), Alike(None, "", 0, 0)
    splitter = _splitter(problem.strata(encoded), len(frame), options.seed, nobody, order)
    rows = splitter.seal(table.source.sha256)
    protocol = choose_protocol(
        len(rows.working),
        num_repeats=budget.num_repeats,
        kind=options.protocol or None,
        num_folds=options.folds or None,
        in_time=True,
    )
    splitter.check(rows.working, protocol)
    inputs, notes = frame.drop(columns=target), origins.notes
    first = splitter.folds(rows.working, protocol)[0]
    may_try = problem.kind == "number" and problem.low >= 0 and measures.primary.better == "lower"
    if may_try and is_skewed(encoded[first.train_rows]):
        told = errors_without_and_with_logs(inputs, plan.window_column, problem, measures.primary, encoded, first)
        plan = replace(plan, is_log=told[1] < told[0])
        inputs = seen_in_logs(inputs, plan.window_column) if plan.is_log else inputs
        notes = (*notes, _said_of_logs(target, *told))
    return Question(
        replace(table, frame=frame), inputs, problem, encoded, measures, splitter, nobody, order,
        rows, protocol, budget, options, plan, notes, origins,
    )  # fmt: skip


def _said_of_logs(target: str, without: float, in_logs: float) -> str:
    """What was decided of logarithms, and why."""
    errors = f"{in_logs:.3g} in logarithms, {without:.3g} without"
    said = "models see log(1 + its value)" if in_logs < without else "models see its values as they are"
    return f"`{target}` is skewed; {said}: the linear model was off by {errors}, on inner rows of the first fold."


def _check_forecast(targets: Sequence[str], options: Options) -> str:
    """The target, once the options go with a forecast."""
    if not options.time:
        raise OptionError("horizon_without_time", "A horizon was named, but no column of times", hint="--time COLUMN")
    if len(targets) != 1:
        raise OptionError("one_forecast", f"{len(targets)} columns to forecast were named", expected="one")
    if options.text or options.vectors or options.tokens or options.terms:
        what = "Word vectors were given" if options.vectors else "Texts were named"
        raise OptionError("text_of_series", f"{what} beside a horizon", expected="one of the two")
    if options.group:
        raise OptionError(
            "group_of_series", "A group was named beside a horizon", hint="several series: --series COLUMN"
        )
    if targets[0] in {options.time, options.series, *options.drop}:
        raise OptionError("forecast_role", f"`{targets[0]}` cannot be forecast: it is named for something else")
    return targets[0]


def _splitter(
    strata: Int[np.ndarray, " row"] | None, num_rows: int, seed: int, alike: Alike, order: Order | None
) -> RowSplitter:
    if order is None:
        return RowSplitter(num_rows, strata, seed, alike.groups)
    return RowSplitter(num_rows, strata, seed, alike.groups, order.times, order.gap)


def _check_numbers(options: Options) -> None:
    """Refuse numbers that are out of range."""
    if not 0 <= options.seed <= LARGEST_SEED:
        raise OptionError("seed", f"`seed` is {options.seed}", expected=f"a whole number from 0 to {LARGEST_SEED}")
    if options.trials < 0:
        raise OptionError("trials", f"`trials` is {options.trials}", expected="1 or more, or none for the budget's")
    if options.trials and options.minutes:
        raise OptionError(
            "trials_and_minutes", "Both a number of trials and minutes were given", expected="one of them"
        )
    for name, text, unit in (
        ("matters", options.matters, "the measure's unit"),
        ("minutes", options.minutes, "minutes"),
    ):
        if text and not 0 < _number(text) < math.inf:
            raise OptionError(name, f"`{name}` is `{text}`", expected=f"a number above 0, in {unit}")


def _number(text: str) -> float:
    """The number that a text says; NaN where it says none."""
    try:
        return float(text)
    except ValueError:
        return math.nan


def _check_roles(frame: pd.DataFrame, targets: Sequence[str], options: Options) -> None:
    """Refuse a column that is to be two things at once, and one to drop or allow that is not there."""
    if not targets:
        raise OptionError("no_target", "No column to predict was named", expected="at least one")
    if options.group and options.group in targets:
        what = f"`{options.group}` is both target and group"
        raise OptionError("group_is_target", what, expected="two different columns")
    if options.time and options.time in targets:
        what = f"`{options.time}` is both target and time"
        raise OptionError("time_is_target", what, expected="two different columns")
    if options.gap and not options.time:
        raise OptionError("gap_without_time", "A gap was named, but no column of times", hint="name it with `time`")
    names = list(map(str, frame.columns))
    for word, columns in (("drop", options.drop), ("allow", options.allow)):
        for column in columns:
            if column not in names:
                raise TableError(
                    f"unknown_{word}",
                    f"`{column}`, which is to be {word}ped, is not a column of the table"
                    if word == "drop"
                    else f"`{column}`, which is to be allowed, is not a column of the table",
                    expected=f"one of {', '.join(names[:12])}",
                    hint=did_you_mean(column, names),
                )
            if word == "drop" and column in {*targets, options.group, options.time}:
                raise OptionError("drops_its_role", f"`{column}` cannot be dropped: it is needed", expected="an input")


def _check_usable(inputs: pd.DataFrame, options: Options) -> TablePreparation:
    preparation = TablePreparation.fit(inputs, options.text, ways=asked_ways(options))
    if not preparation.input_names and not preparation.lookup_columns:
        reasons = "; ".join(f"`{one.name}`: {one.reason}" for one in preparation.dropped[:6])
        raise TableError(
            "no_usable_columns",
            "No column of the table can be used to predict from",
            expected="a column of numbers, categories or dates that differs from row to row",
            received=reasons,
        )
    return preparation
