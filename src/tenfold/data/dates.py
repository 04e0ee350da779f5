"""Cells as moments: which format a column of dates is written in, and what its cells say.

A column holds dates if all of its filled cells read in one of `DATE_FORMATS`. Reading a cell never depends on another.
"""

import datetime as dt

import numpy as np
import pandas as pd
from jaxtyping import Float

__all__ = ["DATE_FORMATS", "as_dates", "days_since_1970", "find_date_format"]

DATE_FORMATS = ("ISO8601", "%d.%m.%Y", "%d.%m.%Y %H:%M", "%m/%d/%Y", "%m/%d/%Y %H:%M", "%d/%m/%Y", "%d/%m/%Y %H:%M")
"""Tried in this order; all filled cells of a column must agree. `01/02/2024` alone reads as month first."""


def as_dates(values: pd.Series, date_format: str) -> pd.Series:
    """Each cell as a moment, without time zone (in UTC where one is given); missing where it is not in the format.

    >>> as_dates(pd.Series(["31.12.2023", "soon"]), "%d.%m.%Y").tolist()
    [Timestamp('2023-12-31 00:00:00'), NaT]
    """
    if pd.api.types.is_datetime64_any_dtype(values):
        return values.dt.tz_convert(None) if values.dt.tz is not None else values
    texts = values.astype(object).map(lambda cell: str(cell).strip(), na_action="ignore")
    return pd.to_datetime(texts, format=date_format, errors="coerce", utc=True).dt.tz_convert(None)


def days_since_1970(moments: pd.Series) -> Float[np.ndarray, " row"]:
    """Moments as days since 1970, fractions included; NaN where missing. In microseconds: the year 2999 counts too.

    >>> days_since_1970(as_dates(pd.Series(["1970-01-02 12:00", "2999-12-31", None]), "ISO8601"))
    array([1.50000e+00, 3.76199e+05,         nan])
    """
    return np.asarray((moments - pd.Timestamp(1970, 1, 1)) / pd.Timedelta(days=1), dtype=np.float64)


def find_date_format(values: pd.Series) -> str | None:
    """The first of `DATE_FORMATS` in which every filled cell reads as a date; None where there is none.

    >>> find_date_format(pd.Series(["2023-12-31", None])), find_date_format(pd.Series(["31.12.2023", "soon"]))
    ('ISO8601', None)
    """
    if pd.api.types.is_datetime64_any_dtype(values):
        return DATE_FORMATS[0]
    filled = values.dropna()
    if not all(map(_may_be_date, filled)):
        return None
    different = filled.drop_duplicates()
    return next((found for found in DATE_FORMATS if as_dates(different, found).notna().all()), None)


def _may_be_date(cell: object) -> bool:
    """Dates of Parquet files are objects, all others text with a sign between its parts."""
    return isinstance(cell, dt.date) or (isinstance(cell, str) and any(sign in cell for sign in "-./:"))
