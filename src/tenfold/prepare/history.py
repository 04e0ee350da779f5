"""Windows of a series, fitted on the steps that training windows cover: scaled channels, and single steps as inputs.

A window enters twice. As it is, for layers that read it step by step; and as a choice of its steps, which are linear
and are not clipped, so that a ridge on lags is an honest rival and networks may start from it. Earlier steps of the
target are differences from the last one: what a penalty draws towards is then the last value, not the mean of all
years. Where a season is known, the last value with the mean change of the season up to each step that is forecast is an
input, too: on series that rise and swing, such as carbon dioxide in the air, few models beat that rule, and a linear
one of a hundred rows does not find it by itself. Each channel is centred on its mean and divided by its deviation; what
could not be filled becomes the mean.

Sources: lags: GluonTS and AutoGluon take the last steps, and multiples of the season with their neighbours; of other
columns six lags of a day did as well in a ridge on Beijing's weather as all of them.
"""

from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

import numpy as np
import pandas as pd
from jaxtyping import Float, Int

from tenfold.lookup import Lookup
from tenfold.prepare.unfamiliar import Unfamiliar

__all__ = ["HistoryColumn"]

OWN_SEASONS, MOST_OWN_LAGS = 2, 48
"""Seasons of which every step of the target is an input, and steps at most: two days of hours."""

LAGS_WITHOUT_SEASON = 12
"""The same where no season is known (arbitrary)."""

OTHER_LAGS = 6
"""Steps of each other column, spread over a season."""

NEIGHBOURS = (-1, 0, 1)
"""Steps around each multiple of the season."""


@dataclass(frozen=True)
class HistoryColumn:
    """A column of windows.

    Args:
        name: Of the column.
        channels: Of a window, the target first.
        centres: Mean of each over the steps that training windows cover.
        spreads: Their standard deviation; 0 where they never change.
        change_spreads: Root mean square of the difference of each of the target's lags from the last step; 0 for that.
        length: Steps of a window.
        seasons: Steps of the seasons that fit into it, the shortest first.
        steps: Steps from its end to what is forecast.
        is_log: Whether the target enters as log(1 + its value).
    """

    kind: ClassVar[Literal["history"]] = "history"
    array: ClassVar[Literal["history"]] = "history"
    name: str
    channels: tuple[str, ...]
    centres: tuple[float, ...]
    spreads: tuple[float, ...]
    change_spreads: tuple[float, ...]
    length: int
    seasons: tuple[int, ...]
    steps: tuple[int, ...]
    is_log: bool = False

    @classmethod
    def fit(cls, values: pd.Series) -> "HistoryColumn":
        """Mean and deviation of each channel over the steps that training windows cover; each step counts once."""
        lookup, meaning = values.array.lookup, values.array.lookup.meaning
        covered = _read(lookup.source[_covered(lookup)], is_log=meaning.is_log)
        filled = ~np.isnan(covered)
        count = np.maximum(filled.sum(axis=0), 1)
        centres = np.where(filled, covered, 0).sum(axis=0) / count
        spreads = np.sqrt((np.where(filled, covered - centres, 0) ** 2).sum(axis=0) / count)
        is_flat = spreads <= 1e-9 * np.abs(centres)  # rounding of single precision
        column = cls(
            str(values.name),
            tuple(meaning.channels),
            tuple(map(float, centres)),
            tuple(map(float, np.where(is_flat, 0.0, spreads))),
            (),
            lookup.length,
            tuple(meaning.seasons),
            tuple(meaning.steps),
            meaning.is_log,
        )
        changes = column._changes(column._scaled(lookup), np.asarray(lookup.places, np.int64))
        return replace(
            column, change_spreads=tuple(map(float, np.sqrt((changes.astype(np.float64) ** 2).mean(axis=0))))
        )

    @property
    def season(self) -> int:
        """Steps of the shortest season; 1 where none is known."""
        return self.seasons[0] if self.seasons else 1

    @property
    def lags(self) -> tuple[tuple[int, tuple[int, ...]], ...]:
        """Which steps back of each channel are inputs, 0 the last one; channels that never change have none."""
        chosen = [(0, own_lags(self.length, self.season))]
        chosen += [(place, other_lags(self.length, self.season)) for place in range(1, len(self.channels))]
        return tuple((place, lags) for place, lags in chosen if self.spreads[place] > 0)

    @property
    def input_names(self) -> tuple[str, ...]:
        """Names of the inputs: the channel, and how many steps before the origin; then what the season says."""
        rules = tuple(f"{self.channels[0]} {step} ahead by its season" for step in self.seasonal_steps)
        return rules + tuple(
            f"{self.channels[place]} {lag} back{' beside the last' * (not place)}"
            if lag
            else f"{self.channels[place]} last"
            for place, lags in self.lags
            for lag in lags
        )

    @property
    def level_places(self) -> tuple[int, ...]:
        """Places among its inputs from which the target may be told best by a line: its season, and the last value."""
        return tuple(range(len(self.seasonal_steps) + 1)) if self.spreads[0] > 0 else ()

    @property
    def seasonal_steps(self) -> tuple[int, ...]:
        """Steps of which windows tell the mean change over a season; none where they hold no season."""
        if self.season == 1 or not self.spreads[0] > 0:
            return ()
        return tuple(step for step in self.steps if _turns(self.length, self.season, step))

    @property
    def treatment(self) -> str:
        """What is done with it, as a phrase."""
        logs = f"log(1 + {self.channels[0]}); " if self.is_log else ""
        return (
            f"{logs}windows of {self.length} steps of {len(self.channels)} channels, each with mean 0 and deviation 1; "
            f"{len(self.input_names)} single steps back as inputs"
        )

    def transform(self, values: pd.Series) -> Float[np.ndarray, "row feature"]:
        """What the season says; the last step, how far each earlier one lay from it, and steps of other channels."""
        lookup = values.array.lookup
        scaled, places = self._scaled(lookup), np.asarray(lookup.places, np.int64)
        columns = [self._by_season(scaled, places, step)[:, None] for step in self.seasonal_steps]
        columns += [
            scaled[places[:, None] - np.array(lags), place] if place else self._own(scaled, places)
            for place, lags in self.lags
        ]
        return np.concatenate(columns, axis=1) if columns else np.zeros((len(values), 0))

    def lookup(self, values: pd.Series) -> Lookup:
        """The scaled windows, looked up."""
        lookup = values.array.lookup
        return Lookup(self._scaled(lookup), np.asarray(lookup.places, np.int32), lookup.length)

    def past(self, windows: Lookup, rows: Any) -> Float[np.ndarray, "row step"]:
        """The target's own windows in its unit again, for forecasts without a model.

        Args:
            windows: From `lookup`.
            rows: Positions in it, or a slice.

        Returns:
            The last column is the last step.
        """
        own = Lookup(windows.source[:, 0], windows.places, windows.length)
        past: np.ndarray = own[rows].astype(np.float64) * self.spreads[0] + self.centres[0]
        return np.expm1(past) if self.is_log else past

    def compare(self, values: pd.Series) -> Unfamiliar:
        """Windows are never unfamiliar: series go where they have not been before."""
        del values
        return Unfamiliar(self.name)

    def _own(self, scaled: np.ndarray, places: Int[np.ndarray, " row"]) -> np.ndarray:
        """The last step of the target, and the earlier ones as differences from it, of one size."""
        divisor = np.where(np.array(self.change_spreads) > 0, self.change_spreads, np.inf)
        changes = self._changes(scaled, places) / divisor
        changes[:, 0] = scaled[places, 0]
        return np.asarray(changes)

    def _by_season(self, scaled: np.ndarray, places: Int[np.ndarray, " row"], step: int) -> np.ndarray:
        """The last step of the target, and the mean change over a season from its phase to that of a step ahead."""
        starts = places[:, None] - np.array(_turns(self.length, self.season, step))
        return np.asarray(scaled[places, 0] + (scaled[starts + step, 0] - scaled[starts, 0]).mean(axis=1))

    def _changes(self, scaled: np.ndarray, places: Int[np.ndarray, " row"]) -> np.ndarray:
        """How far each lag of the target lies from the last step."""
        lags = np.array(own_lags(self.length, self.season))
        return np.asarray(scaled[places[:, None] - lags, 0] - scaled[places, 0][:, None])

    def _scaled(self, lookup: Lookup) -> Float[np.ndarray, "place channel"]:
        """The channels in deviations from their means; what is missing has the mean."""
        divisor = np.where(np.array(self.spreads) > 0, self.spreads, np.inf)
        scaled = (_read(lookup.source, is_log=self.is_log) - np.array(self.centres)) / divisor
        return np.asarray(np.nan_to_num(scaled, nan=0.0), dtype=np.float32)


def _read(source: Any, *, is_log: bool) -> Float[np.ndarray, "place channel"]:
    """The channels in double precision; the target as log(1 + its value), of values below 0 as log 1."""
    cells = np.array(source, dtype=np.float64)
    if is_log:
        cells[:, 0] = np.log1p(np.maximum(cells[:, 0], 0.0))
    return cells


def own_lags(length: int, season: int) -> tuple[int, ...]:
    """Steps back of the target that are inputs: the last seasons, and each earlier season's phase of the last step.

    >>> own_lags(7, 1), own_lags(15, 5)
    ((0, 1, 2, 3, 4, 5, 6), (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14))
    """
    recent = min(length, MOST_OWN_LAGS, OWN_SEASONS * season if season > 1 else LAGS_WITHOUT_SEASON)
    if season == 1:
        return tuple(range(recent))
    around = (turn * season - 1 + beside for turn in range(1, length // season + 1) for beside in NEIGHBOURS)
    return tuple(sorted({*range(recent), *(lag for lag in around if lag < length)}))


def _turns(length: int, season: int, step: int) -> list[int]:
    """Steps back of the last step's phase in earlier seasons whose change over so many steps has ended."""
    return [back for back in range(season, length, season) if back >= step]


def other_lags(length: int, season: int) -> tuple[int, ...]:
    """Steps back of another column that are inputs, over a season.

    >>> other_lags(168, 24), other_lags(24, 1)
    ((0, 5, 9, 14, 18, 23), (0, 1, 2, 3, 4, 5))
    """
    reach = min(length, season if season > 1 else OTHER_LAGS)
    return tuple(np.unique(np.linspace(0, reach - 1, min(OTHER_LAGS, reach)).round().astype(int)).tolist())


def _covered(lookup: Lookup) -> Int[np.ndarray, " place"]:
    """The steps that stand in any window."""
    places = np.asarray(lookup.places, np.int64)
    change = np.zeros(len(lookup.source) + 1, np.int64)
    np.add.at(change, places + 1 - lookup.length, 1)
    np.add.at(change, places + 1, -1)
    return np.flatnonzero(np.cumsum(change[:-1]) > 0)
