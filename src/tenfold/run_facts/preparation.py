"""Step 4 as facts: what each column holds, how the target lies over it, and what becomes of it.

Everything is counted on the working rows; sealed rows are never looked at.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float

from tenfold.data.dates import as_dates, days_since_1970
from tenfold.prepare.cells import as_levels
from tenfold.prepare.column_kinds import DroppedColumn, FittedColumn
from tenfold.prepare.history import HistoryColumn
from tenfold.prepare.looked_up import PhotoColumn
from tenfold.prepare.number_cells import is_missing_word
from tenfold.prepare.numbers import DateColumn, NumberColumn
from tenfold.prepare.prose import ProseColumn
from tenfold.prepare.suspects.suspect import Suspect
from tenfold.prepare.table import TablePreparation
from tenfold.prepare.tokens import GRAMS
from tenfold.problem.definition import EncodedTarget, Problem
from tenfold.report import decisions
from tenfold.report.evidence import Histogram
from tenfold.report.words import counted
from tenfold.run_facts.histogram import histogram
from tenfold.run_facts.repeated_texts import Repeats
from tenfold.run_facts.texts import text_facts
from tenfold.shapes import Mask

__all__ = ["preparation_facts", "with_base_told"]

NUM_VALUES = 12
"""Most frequent values of a category that the report shows (arbitrary)."""

FITTED = "Quantiles, levels and words are those of each fold's training rows, so no row that scores has taken part."
PHOTOS_ALONE = "Nothing is fitted on photos: bytes become numbers from -1 to 1, whatever the fold."

_DAYS_A_YEAR = 365.2425


def preparation_facts(
    frame: pd.DataFrame,
    preparation: TablePreparation,
    *,
    problem: Problem | None = None,
    target: EncodedTarget | None = None,
    suspects: Sequence[Suspect] = (),
    repeats: Mapping[str, Repeats] = MappingProxyType({}),
) -> decisions.Preparation:
    """Step 4.

    Args:
        frame: Input columns of the working rows.
        preparation: Fitted on them.
        problem: What is predicted; None leaves the target out of the facts.
        target: Encoded target of the same rows.
        suspects: What was found strange about the columns.
        repeats: Of columns of texts, which stand more than once on which side of the splits.

    Returns:
        The facts, columns in the order of the table.
    """
    fitted: dict[str, FittedColumn | DroppedColumn] = {one.name: one for one in preparation.columns}
    fitted |= {one.name: one for one in preparation.dropped}
    notes = defaultdict(list)
    for one in suspects:
        notes[one.column].append(one.note)
    means, mean_of = _target_means(problem, target)
    columns = [
        _with_target(_column_facts(frame[name], fitted[name]), frame[name], fitted[name], means)
        for name in frame.columns
    ]
    columns = [
        _with_texts(one, frame[one.name], fitted[one.name], problem, target, repeats.get(one.name)) for one in columns
    ]
    if problem is not None and problem.has_classes and target is not None:
        gaps = [_is_gap(frame[one.name], fitted[one.name]) for one in columns]
        columns = [
            replace(one, missing_by_class=tuple(map(int, np.bincount(target[gap], minlength=len(problem.labels)))))
            for one, gap in zip(columns, gaps, strict=True)
        ]
    is_photos = all(isinstance(one, PhotoColumn) for one in preparation.columns)
    return decisions.Preparation(
        tuple(replace(one, notes=tuple(notes[one.name])) for one in columns),
        len(preparation.input_names),
        _decision(frame, preparation, columns),
        because=PHOTOS_ALONE if is_photos else FITTED,
        alternatives=() if is_photos else (
            "Mean and standard deviation were not taken for scaling: one outlier moves both.",
            "Logarithms of skewed numbers were not taken: quartiles and clip tame them, and ranks stay the same.",
        ),
        num_rows=len(frame),
        num_repeated=int(frame.duplicated().sum()),
        target_mean=float("nan") if means is None else float(means.mean()),
        target_mean_of=mean_of,
    )  # fmt: skip


def with_base_told(found: decisions.Preparation, base: str, features: tuple[int, ...]) -> decisions.Preparation:
    """The same, with a word on the trained network that photos are read with.

    Args:
        found: From `preparation_facts`.
        base: Its name.
        features: Views of a photo, and numbers of each.
    """
    said = (
        f" {base}, trained on ImageNet and frozen, makes {features[-1]:,} numbers of each photo, once for all folds. "
        "ImageNet holds 1,000 kinds of things, cats, dogs and daisies among them: for classes that it does not hold, "
        "expect less than this score."
    )
    return replace(found, because=found.because + said)


def _decision(frame: pd.DataFrame, preparation: TablePreparation, columns: Sequence[decisions.Column]) -> str:
    dropped = ", ".join(f"`{one.name}`" for one in preparation.dropped)
    coded = ", ".join(f"`{name}`" for name in preparation.code_names)
    embedded = f"; trained embeddings for {coded}" if coded else ""
    left_out = f"; not used: {dropped}" if dropped else ""
    seen = [one for one in preparation.lookup_columns.values() if isinstance(one, PhotoColumn)]
    photos = [f"`{one.name}` becomes {one.height} x {one.width} pixels" for one in seen]
    if photos and len(photos) == frame.shape[1]:
        return f"{', '.join(photos)}, short side resized and the middle cut out."
    left_out = "".join(f"; {said}" for said in photos) + left_out
    terms = preparation.text_sizes.num_terms
    read = f" and bags of {terms:,} {_terms_in_words(columns)}" if terms else ""
    given = [one.texts for one in columns if one.texts is not None and one.texts.num_words]
    if given:
        known, words = sum(one.num_with_vector for one in given), sum(one.num_words for one in given)
        read += f"; {known:,} of {words:,} different words have a vector"
    inputs = counted(len(preparation.input_names), "input")
    become = "becomes" if frame.shape[1] == 1 else "become"
    return f"{counted(frame.shape[1], 'column')} {become} {inputs}{read}{embedded}{left_out}."


def _terms_in_words(columns: Sequence[decisions.Column]) -> str:
    """What the bags of all columns of texts hold."""
    texts = [one.texts for one in columns if one.texts is not None]
    if any(one.num_hashed for one in texts):
        return "places for hashed terms"
    kinds = {one.tokens == "words": None for one in texts}
    named = {True: "words and pairs of words", False: f"n-grams of {GRAMS[0]} to {GRAMS[1]} characters"}
    return " and ".join(named[kind] for kind in kinds)


def _with_texts(
    found: decisions.Column,
    values: pd.Series,
    column: FittedColumn | DroppedColumn,
    problem: Problem | None,
    target: EncodedTarget | None,
    repeats: Repeats | None,
) -> decisions.Column:
    """The same with what its texts hold, where it is a column of texts."""
    if not isinstance(column, ProseColumn):
        return found
    return replace(found, texts=text_facts(values, column, problem, target, repeats))


def _target_means(
    problem: Problem | None, target: EncodedTarget | None
) -> tuple[Float[np.ndarray, " row"] | None, str]:
    """Numbers whose mean over rows tells of the target, and what that mean is; None where there is no such mean."""
    if problem is None or target is None:
        return None, ""
    if problem.is_number:
        return target.astype(np.float64), f"mean of `{problem.target}`"
    if problem.kind == "two_classes":
        return target.astype(np.float64), f"share of `{problem.label_texts[1]}`"
    return None, ""


def _column_facts(values: pd.Series, column: FittedColumn | DroppedColumn) -> decisions.Column:
    if isinstance(column, PhotoColumn):
        size = column.height * column.width * column.channels
        return decisions.Column(column.name, "photo", 0, int(values.nunique()), size, column.treatment)
    if isinstance(column, HistoryColumn):
        return decisions.Column(column.name, column.kind, 0, len(values), len(column.input_names), column.treatment)
    is_number = pd.api.types.is_numeric_dtype(values)
    num_distinct = int((values if is_number else as_levels(values)).nunique())
    num_missing = int(_is_gap(values, column).sum())
    if isinstance(column, DroppedColumn):
        return decisions.Column(
            column.name, column.kind, num_missing, num_distinct, num_inputs=0, dropped=f"{column.kind}: {column.reason}"
        )
    kind: Any = "yes_no" if column.kind == "category" and column.is_yes_no else column.kind
    found = decisions.Column(column.name, kind, num_missing, num_distinct, len(column.input_names), column.treatment)
    numbers = _drawn_numbers(values, column)
    if numbers is not None:
        filled = numbers[~np.isnan(numbers)]
        return replace(
            found, low=float(filled.min()), high=float(filled.max()), distribution=histogram(filled),
            quartiles=tuple(map(float, np.quantile(filled, [0.25, 0.5, 0.75]))),
        )  # fmt: skip
    if column.kind in {"text", "prose"}:
        return found
    counts = as_levels(values).value_counts()[:NUM_VALUES]
    return replace(found, values=tuple(map(str, counts.index)), value_counts=tuple(map(int, counts)))


def _drawn_numbers(values: pd.Series, column: FittedColumn) -> Float[np.ndarray, " row"] | None:
    """What the figure's axis shows: the numbers, or dates as years with their fractions; None for other kinds."""
    if isinstance(column, DateColumn):
        return 1970 + days_since_1970(as_dates(values, column.date_format)) / _DAYS_A_YEAR
    return column.read(values) if isinstance(column, NumberColumn) else None


def _with_target(
    found: decisions.Column,
    values: pd.Series,
    column: FittedColumn | DroppedColumn,
    means: Float[np.ndarray, " row"] | None,
) -> decisions.Column:
    """The same with the target's mean in each bin or value, and where cells are missing."""
    if means is None or isinstance(column, PhotoColumn | HistoryColumn):
        return found
    is_missing = _is_gap(values, column)
    found = replace(found, missing_target_mean=float(means[is_missing].mean()) if is_missing.any() else float("nan"))
    if found.distribution is not None and not isinstance(column, DroppedColumn):
        numbers = _drawn_numbers(values, column)
        return found if numbers is None else replace(found, distribution=_over(found.distribution, numbers, means))
    if not found.values:  # noqa: PD011 (a field of the facts)
        return found
    cells, shown = as_levels(values), found.values  # noqa: PD011 (a field of the facts)
    of_values = tuple(float(means[(cells == value).to_numpy(dtype=bool)].mean()) for value in shown)
    return replace(found, value_target_means=of_values)


def _over(drawn: Histogram, numbers: Float[np.ndarray, " row"], means: Float[np.ndarray, " row"]) -> Histogram:
    """A histogram with the target's mean in each of its bins; NaN in an empty one."""
    filled = ~np.isnan(numbers)
    edges = np.asarray(drawn.edges)
    sums, _ = np.histogram(numbers[filled], bins=edges, weights=means[filled])
    counts = np.asarray(drawn.counts, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        return replace(drawn, target_means=tuple(map(float, sums / counts)))


def _is_gap(values: pd.Series, column: FittedColumn | DroppedColumn) -> Mask:
    """Cells without a value; in a column of numbers also "n/a" and "-"."""
    is_gap = np.asarray(values.isna(), dtype=bool)
    return is_gap | is_missing_word(values) if isinstance(column, NumberColumn) else is_gap
