"""The seven steps of machine learning over a run folder: from a table and a question to a network one can trust.

    run = tenfold.run("houses.csv", "price")
    run.verdict.headline              # one sentence: is a network worth it here
    run.predict("new_houses.csv")     # a frame with a column `price`

Bad input is refused before anything is written. The same call on a finished folder reads its result; on one that was
killed it goes on after what was finished, and ends with the same numbers.

Source of the steps: F. Chollet, Deep Learning with Python (2017), section 4.5.
"""

import contextlib
import sys
import time as monotonic
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

import tenfold
from tenfold.checks.judging import check_mute
from tenfold.data.photos import LABEL, SIDE
from tenfold.data.table import LoadedTable, TableSource
from tenfold.errors import RunFolderError
from tenfold.networks.pretrained import missing_sentence
from tenfold.options import Options
from tenfold.prepare.looked_up import PhotoColumn
from tenfold.prepare.suspects.suspect import CODES
from tenfold.prepare.table import TablePreparation
from tenfold.progress import Note, ProgressListener, RunStarted, Warned, silence
from tenfold.progress_display.choice import open_display
from tenfold.question.budget import find_budget
from tenfold.question.photo_weights import choose_weights
from tenfold.question.posing import join_by, open_table, pose_question
from tenfold.report.card import Card, find_card, read_card
from tenfold.report.facts import Facts, Verdict
from tenfold.run_folder.clock import utc_now
from tenfold.run_folder.folder import FACTS, REPORT, Asked, RunFolder, find_run_folder, open_run_folder
from tenfold.run_folder.versions import versions_in_use

__all__ = ["Run", "load_run", "predict", "run"]


@dataclass(frozen=True)
class Run:
    """A finished run.

    Args:
        path: Its folder.
        facts: All that was found.
    """

    path: Path
    facts: Facts

    @property
    def verdict(self) -> Verdict:
        """The answer in words."""
        if self.facts.verdict is None:
            raise RunFolderError("not_finished", f"The run `{self.path}` is not finished", hint="repeat its command")
        return self.facts.verdict

    @property
    def report(self) -> Path:
        """The report, one HTML file."""
        return self.path / REPORT

    def predict(
        self, table: str | Path | pd.DataFrame | LoadedTable, *, progress: ProgressListener = silence
    ) -> pd.DataFrame:
        """Predict new rows, as `tenfold predict` does.

        Args:
            table: Rows with the columns of training; others are ignored.
            progress: Told of what is unfamiliar in them.

        Returns:
            A column named as the target, in its own labels or unit, and for classes a probability column each.
        """
        return predict(self.path, table, progress=progress)

    def __repr__(self) -> str:
        headline = self.facts.verdict.headline if self.facts.verdict else "not finished"
        return f"<Run {self.path}: {headline} .facts .verdict .report .predict(table)>"


def run(
    table: str | Path | pd.DataFrame | LoadedTable,
    target: str | Sequence[str] = (),
    *,
    out: str | Path | None = None,
    seed: int = 0,
    budget: str = "standard",
    problem: str | None = None,
    measure: str | None = None,
    protocol: str | None = None,
    folds: int | None = None,
    group: str | None = None,
    time: str | None = None,
    gap: str | float | None = None,
    horizon: str | int | None = None,
    series: str | None = None,
    known_ahead: str | Sequence[str] = (),
    join: str | Path | Sequence[str | Path] = (),
    on: str | Sequence[str] = (),
    text: str | Sequence[str] = (),
    tokens: str | None = None,
    terms: str | None = None,
    vectors: str | Path | None = None,
    drop: str | Sequence[str] = (),
    allow: str | Sequence[str] = (),
    mute: str | Sequence[str] = (),
    matters: float | None = None,
    trials: int | None = None,
    minutes: float | None = None,
    card: str | Path | None = None,
    weights: str | Path | None = None,
    show_rows: bool = True,
    progress: ProgressListener | None = None,
) -> Run:
    """Take a table through the seven steps: a model, a report, an honest score.

    Args:
        table: A CSV or Parquet file, a pandas frame, or a folder or zip with a folder of photos or texts
            for each class.
        target: Name of the column to predict; several names for several labels or several numbers at once. Not needed
            where folders are classes: then it is `label`.
        out: Folder of the run; None for `NAME-run` in the current folder.
        seed: 0 or above. Same seed, same machine: same numbers.
        budget: `"quick"`, `"standard"` or `"thorough"`.
        problem: `"number"`, `"share"`, `"count"`, `"two_classes"`, `"several_classes"`, `"several_labels"` or
            `"several_numbers"`; None tells it from the target.
        measure: What decides: the name of any scikit-learn scorer that fits the problem; None for the usual one.
        protocol: `"hold_out"`, `"k_fold"` or `"iterated_k_fold"`; None for what fits the number of rows.
        folds: Outer folds, 2 or more; None for 5.
        group: A column such as a patient or a house: rows with the same value stay on one side of every split, and the
            column is no input. Repeated rows stay together in any case.
        time: A column of dates or numbers: whoever is scored comes later than all that was trained on.
        gap: Time left out between the two: days for dates ("7d", "12h", "2w"), else in the column's unit.
        horizon: How far ahead the target is forecast: a number of steps, or a length of time ("24h", "12 months").
            Rows are then steps of a series in `time`, and a forecast sees what came before it alone.
        series: A column that tells several series apart.
        known_ahead: Columns whose value at the target's time is known before: holidays, prices, plans.
        join: Other tables, as files: their columns are added where the key agrees.
        on: Key column of the joined tables (several divided by commas): one for all, or one each.
        text: Columns to read word by word; longer texts are found by themselves.
        tokens: How texts are cut for networks that read them: `"words"`, `"subwords"` or `"characters"`; None for what
            serves the training texts. Bags have words and pairs of words, or n-grams of characters for the other two.
        terms: `"named"` or `"hashed"`: whether each term of a bag has a place of its own; None hashes where there are
            too many to list.
        vectors: A file of word vectors (GloVe, or word2vec as text; `.gz` and `.zip` too): networks that read texts
            start from them.
        drop: Columns that are not to be used.
        allow: Columns that are known at the time of prediction, even if one alone nearly gives the answer.
        mute: Codes of checks such as `"TF401"`, and kinds of fault such as `"imbalance"`, that the report folds away.
        matters: Smallest difference between two scores that matters to you, in the measure's unit.
        trials: Trials of step 7; None for the budget's.
        minutes: Time for step 7 in place of trials: how many are tried then depends on the machine.
        card: A file with what only you know of the data (`card.toml`); None for the one beside the table, if there.
        weights: Of a network that was trained on ImageNet, to read photos with: a file that `keras.applications` knows
            (MobileNetV2, EfficientNetV2B0, VGG16), without its top, or `"mobilenet_v2_0.35_96:PATH"` where its name
            does not say what it is; `"none"` for none. None for the file that Keras keeps, where it is there or can be
            had.
        show_rows: Whether the report may show rows of the table.
        progress: Called with each event; None draws progress on standard error.

    Returns:
        The finished run.

    Raises:
        InputError: The table, the target or an option does not fit; nothing is left behind.
        RunFolderError: Another process works in the folder.
        MachineError: The folder cannot be written, or memory is short.
    """
    began, read_at = monotonic.perf_counter(), utc_now()
    options = Options(
        seed=seed,
        budget=budget,
        problem=problem or "",
        measure=measure or "",
        protocol=protocol or "",
        folds=folds or 0,
        group=group or "",
        time=time or "",
        gap="" if gap is None else str(gap),
        horizon="" if horizon is None else str(horizon),
        series=series or "",
        known_ahead=_texts(known_ahead),
        join=_texts(join),
        on=_texts(on),
        text=_texts(text),
        tokens=tokens or "",
        terms=terms or "",
        vectors="" if vectors is None else str(vectors),
        drop=_texts(drop),
        allow=_texts(allow),
        mute=_texts(mute),
        matters="" if matters is None else str(matters),
        trials=trials or 0,
        minutes="" if minutes is None else str(minutes),
        weights="" if weights is None else str(weights),
        show_rows=show_rows,
    )
    check_mute(options.mute, also=CODES.values())
    base = choose_weights(table, options.weights, find_budget(budget))
    if base is not None and not options.weights:  # what was found is part of the question
        options = replace(options, weights=str(base.path))
    loaded = open_table(table, photo_side=base.side if base else find_budget(budget).photo_side)
    answers = _read_card(loaded.source, card)
    question = pose_question(join_by(loaded, options), _texts(target) or _targets_of(loaded.source), options)
    question = replace(question, weights=base)
    source, versions = question.table.source, versions_in_use()
    asked = Asked(_name_of(loaded.source), source.sha256, question.problem.targets, tenfold.__version__, options)
    with contextlib.ExitStack() as stack:
        listener = progress or stack.enter_context(open_display("auto", sys.stderr, began=monotonic.monotonic()))
        place = None if out is None else Path(out)
        folder = stack.enter_context(open_run_folder(asked, out=place, versions=versions))
        continues = folder.is_continued and not folder.finished
        listener(RunStarted(asked.source, source.num_rows, source.num_columns, str(folder.path), continues))
        for one in source.warnings:
            listener(Warned(one.code, one.text, one.hint))
        if source.format == "photos" and not options.weights:
            listener(Warned("no_weights", missing_sentence(), "or name a file: --weights PATH; none: --weights none"))
        if folder.finished:
            listener(Note(f"this run finished {folder.finished}; nothing was trained again"))
            return load_run(folder.path)
        listener(Note("starting JAX and Keras"))
        from tenfold.answering.answer import answer_question  # noqa: PLC0415  # what can be refused needs neither JAX nor Keras

        named = "" if card is None else str(card)
        facts = answer_question(question, folder, listener, card=answers, card_file=named, began=began, read_at=read_at)
        return Run(folder.path, facts)


def _texts(values: str | Path | Sequence[str | Path]) -> tuple[str, ...]:
    """One text or several, as a tuple."""
    return (str(values),) if isinstance(values, str | Path) else tuple(map(str, values))


def _targets_of(source: TableSource) -> tuple[str, ...]:
    """What is predicted where nobody says so: the folder of a photo or text."""
    return (LABEL,) if source.format in {"photos", "texts"} else ()


def _read_card(source: TableSource, card: str | Path | None) -> Card | None:
    """What the author wrote of the data: in the file that is named, or in the one beside the table."""
    if card is not None:
        return read_card(Path(card))
    beside = None if source.path is None else find_card(source.path)
    return None if beside is None else read_card(beside)


def predict(
    path: str | Path,
    table: str | Path | pd.DataFrame | LoadedTable,
    *,
    join: str | Path | Sequence[str | Path] = (),
    on: str | Sequence[str] = (),
    baseline: bool = False,
    progress: ProgressListener = silence,
) -> pd.DataFrame:
    """Predict new rows with a finished run.

    Args:
        path: The run folder.
        table: A CSV or Parquet file, or a frame, with the columns of training; others are ignored. For a run on photos
            a folder, a zip or a picture.
        join: Other tables whose columns are added, as in the run.
        on: Their key column: one for all, or one each.
        baseline: Whether the best baseline predicts in place of the network.
        progress: Told of each column that holds something its training rows did not.

    Returns:
        A row a row: a column named as the target, in its own labels or unit, and for classes a probability column
        each; for photos the name of each file before them. Of a run that forecasts, a row for each series and
        each step from its last row to the horizon: the time, the target, and the range of eight in ten. The baseline
        forecasts the horizon alone.

    Raises:
        TableError: The table cannot be read, or columns are missing.
        OptionError: Not a run folder.
        RunFolderError: The run is not finished, or a file is damaged.
    """
    folder = find_run_folder(Path(path))
    opened = open_table(table, photo_side=_photo_side(folder), is_labelled=False)
    for one in opened.source.warnings:
        progress(Warned(one.code, one.text, one.hint))
    rows = join_by(opened, Options(join=_texts(join), on=_texts(on)))
    # What can be refused needs neither JAX nor Keras.
    from tenfold.model_folder.baseline import load_baseline  # noqa: PLC0415
    from tenfold.model_folder.forecasting import forecast, forecast_path, load_path, load_plan  # noqa: PLC0415
    from tenfold.model_folder.network import load_model  # noqa: PLC0415

    network = load_model(folder)
    model = load_baseline(folder, network) if baseline else network
    plan = load_plan(folder)
    if plan is not None:
        steps = None if baseline else load_path(folder, plan)
        return forecast(model, plan, rows.frame) if steps is None else forecast_path(network, steps, plan, rows.frame)
    predictions, unfamiliar = model.predict_frame(rows.frame)
    for found in unfamiliar:
        progress(Warned("unfamiliar", f"{found.sentence} (of {len(rows.frame):,} rows)", ""))
    if rows.source.row_names:
        predictions.insert(0, "file", list(rows.source.row_names))
    return predictions


def _photo_side(folder: RunFolder) -> int:
    """Pixels of a side that the run's network takes."""
    columns = TablePreparation.from_json(folder.read_text("model/preparation.json")).columns
    return next((column.height for column in columns if isinstance(column, PhotoColumn)), SIDE)


def load_run(path: str | Path) -> Run:
    """Read a finished run. Nothing in the folder is executed.

    Args:
        path: The run folder.

    Returns:
        The run.

    Raises:
        OptionError: Not a run folder.
        RunFolderError: The run is not finished, or its facts are damaged.
    """
    folder = find_run_folder(Path(path))
    return Run(folder.path, Facts.from_json(folder.read_text(FACTS)))


def _name_of(source: TableSource) -> str:
    """The table as the user named it."""
    return str(source.path) if source.path is not None else source.name
