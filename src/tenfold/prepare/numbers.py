"""Numbers and dates, fitted on training rows: scaled so that no outlier can dominate, gaps filled and marked.

A number becomes two things: an input, scaled by its quartiles, and a rank, its place among the training rows. From
ranks a layer without parameters makes the piecewise linear encoding by quantiles, `clip(ranks * 48 - bin, 0, 1)`. A
value that fills several bins (the zeros of a gain that few have) takes only one place, as in the histograms of boosted
trees: else the places of the others would lie too close to be told apart.

Sources: quartile scaling with a smooth clip is RealMLP's (Holzmueller, Grinsztajn, Steinwart 2024, "Better by default",
appendix A); the encoding is that of Gorishniy, Rubachev, Babenko 2022, "On embeddings for numerical features", section
3.2, with 48 bins as TabM takes them. Calendar parts become sine and cosine, which keep December beside January.

Logarithms of skewed columns (skew over 2, no negative number) were tried with ridge and logistic regression, five folds
of 8,000 rows: california's root mean squared error fell by 1.0 %, creditcard's average precision did not move, and
adult's area under the ROC curve fell from 0.905 to 0.901, because zeros and gains came closer. So none is taken.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import pandas as pd
from jaxtyping import Float

from tenfold.data.dates import as_dates, days_since_1970, find_date_format
from tenfold.prepare.number_cells import PLAIN, NumberFormat, is_missing_word, read_numbers
from tenfold.prepare.unfamiliar import Unfamiliar

__all__ = ["CLIP", "NUM_BINS", "DateColumn", "NumberColumn"]

CLIP = 3.0
"""Prepared numbers stay within -3 and 3. Source: RealMLP."""

NUM_BINS = 48
"""Bins with as many training rows each, between the 49 quantiles that are kept. Source: TabM's examples."""

_PERIODS = {"day of year": 365.25, "day of week": 7.0, "hour": 24.0}


@dataclass(frozen=True)
class NumberColumn:
    """A number: centred on the median, divided by the quartile range, softly clipped; gaps become 0 and a mark.

    z = (x - median) / (q75 - q25), then z / sqrt(1 + (z / 3)^2). Where the quartiles agree, half the range divides.

    Args:
        name: Of the column.
        quantiles: `NUM_BINS + 1` of the training rows in rising order, from the smallest number to the largest; equal
            ones where many rows share a value.
        knots: Numbers whose ranks are evenly spaced from 0 to 1, strictly rising; at least one.
        marks_missing: Whether training rows had gaps, so that there is an input for them.
        decimal: Of text, see `NumberFormat`.
        unit: Of text, see `NumberFormat`.
    """

    kind: ClassVar[Literal["number"]] = "number"
    name: str
    quantiles: tuple[float, ...]
    knots: tuple[float, ...]
    marks_missing: bool
    decimal: str = PLAIN.decimal
    unit: str = PLAIN.unit

    @classmethod
    def fit(cls, values: pd.Series, form: NumberFormat = PLAIN) -> "NumberColumn":
        """Quantiles of the filled training rows, of which there is at least one."""
        numbers = read_numbers(values, form)
        filled = numbers[~np.isnan(numbers)]
        quantiles = np.quantile(filled, np.arange(NUM_BINS + 1) / NUM_BINS)
        has_gaps = bool(len(filled) < len(numbers))
        return cls(
            str(values.name),
            tuple(map(float, quantiles)),
            tuple(map(float, _place_knots(filled))),
            has_gaps,
            form.decimal,
            form.unit,
        )

    def read(self, values: pd.Series) -> Float[np.ndarray, " row"]:
        """Cells as numbers in the column's format; NaN for a gap and for what cannot be read."""
        return read_numbers(values, NumberFormat(self.decimal, self.unit))

    @property
    def low(self) -> float:
        """Smallest number seen."""
        return self.quantiles[0]

    @property
    def high(self) -> float:
        """Largest number seen."""
        return self.quantiles[-1]

    @property
    def centre(self) -> float:
        """Median of the training rows."""
        return self.quantiles[NUM_BINS // 2]

    @property
    def spread(self) -> float:
        """Quartile range, or half the range; 0 where all values are equal (then only the mark is left)."""
        first, third = self.quantiles[NUM_BINS // 4], self.quantiles[3 * NUM_BINS // 4]
        return third - first if third > first else (self.high - self.low) / 2

    @property
    def input_names(self) -> tuple[str, ...]:
        """Names of the inputs made from it."""
        value = (self.name,) if self.spread > 0 else ()
        return (*value, f"{self.name} is missing") if self.marks_missing else value

    @property
    def treatment(self) -> str:
        """What is done with it, as a phrase."""
        read = f"read without its unit `{self.unit}`, " if self.unit else ""
        scaled = f"{read}scaled by median and quartiles, softly clipped at 3"
        return f"{scaled}; gaps filled with the median and marked" if self.marks_missing else scaled

    @property
    def rank_names(self) -> tuple[str, ...]:
        """Its own name, or none where all values are equal."""
        return (self.name,) if self.spread > 0 else ()

    def transform(self, values: pd.Series) -> Float[np.ndarray, "row feature"]:
        """Inputs in [-3, 3], and 0 or 1 for the mark."""
        return self.from_numbers(self.read(values))

    def from_numbers(self, numbers: Float[np.ndarray, " row"]) -> Float[np.ndarray, "row feature"]:
        """The same for cells that were read already; NaN is a gap."""
        is_missing = np.isnan(numbers)
        inputs = []
        if self.spread > 0:
            scaled = np.where(is_missing, 0.0, (numbers - self.centre) / self.spread)
            inputs.append(scaled / np.sqrt(1 + (scaled / CLIP) ** 2))
        if self.marks_missing:
            inputs.append(is_missing.astype(np.float64))
        return np.stack(inputs, axis=1) if inputs else np.zeros((len(numbers), 0))

    def ranks(self, values: pd.Series) -> Float[np.ndarray, " row"]:
        """Where each cell lies among the training rows, from 0 to 1; a gap has 0."""
        return self.ranks_of(self.read(values))

    def ranks_of(self, numbers: Float[np.ndarray, " row"]) -> Float[np.ndarray, " row"]:
        """The same for cells that were read already: linear between knots, 0 below the first, 1 from the last on."""
        ranks = np.interp(numbers, self.knots, np.linspace(0, 1, len(self.knots)))
        return np.asarray(np.where(np.isnan(numbers), 0.0, ranks))

    def compare(self, values: pd.Series) -> Unfamiliar:
        """Rows outside the range that was seen, with text, or newly without a value."""
        numbers, is_gap = self.read(values), values.isna().to_numpy() | is_missing_word(values)
        num_outside = int(((numbers < self.low) | (numbers > self.high)).sum())
        num_unreadable = int((np.isnan(numbers) & ~is_gap).sum())
        num_missing = 0 if self.marks_missing else int(is_gap.sum())
        return Unfamiliar(self.name, 0, num_outside, num_unreadable, num_missing, self.low, self.high)


def _place_knots(filled: Float[np.ndarray, " row"]) -> Float[np.ndarray, " knot"]:
    """Ends of the bins that ranks count: each value where they are few, else quantiles of those that repeat little.

    Args:
        filled: Numbers of the training rows, at least one.

    Returns:
        `NUM_BINS + 1` rising numbers, or fewer where fewer tell all rows apart.
    """
    values, counts = np.unique(filled, return_counts=True)
    if len(values) <= NUM_BINS + 1:
        return np.asarray(values)
    is_heavy = counts * NUM_BINS > len(filled)
    others = np.repeat(values[~is_heavy], counts[~is_heavy])
    dealt = np.quantile(others, np.linspace(0, 1, NUM_BINS + 1 - int(is_heavy.sum())))
    return np.unique(np.concatenate([values[is_heavy], dealt]))


@dataclass(frozen=True)
class DateColumn:
    """A date: days as a number, and the parts of the calendar that vary, each as sine and cosine.

    Args:
        name: Of the column.
        date_format: One of `DATE_FORMATS`.
        days: Days since 1970 as a number column.
        parts: Of `"day of year"`, `"day of week"` and `"hour"` those that vary in the training rows.
    """

    kind: ClassVar[Literal["date"]] = "date"
    name: str
    date_format: str
    days: NumberColumn
    parts: tuple[str, ...]

    @classmethod
    def fit(cls, values: pd.Series) -> "DateColumn":
        """Range of the training rows, and which parts of the calendar vary."""
        date_format = find_date_format(values) or ""
        dates = as_dates(values, date_format)
        days = NumberColumn.fit(pd.Series(days_since_1970(dates), name=f"{values.name} days"))
        parts = tuple(part for part in _PERIODS if len(np.unique(_part(dates.dropna(), part))) > 1)
        return cls(str(values.name), date_format, days, parts)

    @property
    def marks_missing(self) -> bool:
        """Whether training rows had gaps."""
        return self.days.marks_missing

    @property
    def input_names(self) -> tuple[str, ...]:
        """Names of the inputs made from it."""
        waves = (f"{self.name} {part} {wave}" for part in self.parts for wave in ("sine", "cosine"))
        return (*self.days.input_names, *waves)

    @property
    def rank_names(self) -> tuple[str, ...]:
        """Of the days."""
        return self.days.rank_names

    @property
    def treatment(self) -> str:
        """What is done with it, as a phrase."""
        return f"days{''.join(f', {part} as sine and cosine' for part in self.parts)}"

    def transform(self, values: pd.Series) -> Float[np.ndarray, "row feature"]:
        """Days in [-3, 3], waves in [-1, 1]; 0 where the date is missing."""
        dates = as_dates(values, self.date_format)
        angles = [2 * np.pi * _part(dates, part) / _PERIODS[part] for part in self.parts]
        waves = [np.nan_to_num(wave(angle)) for angle in angles for wave in (np.sin, np.cos)]
        return np.column_stack([self.days.from_numbers(days_since_1970(dates)), *waves])

    def ranks(self, values: pd.Series) -> Float[np.ndarray, " row"]:
        """Where each date lies among the training rows, from 0 to 1; 0 where it is missing."""
        return self.days.ranks_of(days_since_1970(as_dates(values, self.date_format)))

    def compare(self, values: pd.Series) -> Unfamiliar:
        """Rows before the first or after the last date seen, in another format, or newly without a value."""
        dates = as_dates(values, self.date_format)
        found = self.days.compare(pd.Series(days_since_1970(dates)))
        num_unreadable = int((dates.isna() & values.notna()).sum())
        num_missing = 0 if self.marks_missing else int(values.isna().sum())
        return Unfamiliar(self.name, 0, found.num_outside, num_unreadable, num_missing)


def _part(dates: pd.Series, part: str) -> Float[np.ndarray, " row"]:
    values = {"day of year": dates.dt.day_of_year, "day of week": dates.dt.day_of_week, "hour": dates.dt.hour}[part]
    return np.asarray(values, dtype=np.float64)
