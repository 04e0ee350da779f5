"""A small series and its origins, for tests of what comes after them."""

import numpy as np
import pandas as pd

from tenfold.data.series import Origins, lay_out_origins
from tenfold.data.series_plan import SeriesPlan, plan_series

NUM_STEPS = 240


def daily(num_steps: int = NUM_STEPS, *, rise: float = 0.5) -> pd.DataFrame:
    """A week's wave on a rising line, with a second column and noise."""
    rng, when = np.random.default_rng(0), pd.date_range("2021-01-01", periods=num_steps)
    wave = np.sin(2 * np.pi * when.day_of_week / 7)
    sold = rise * np.arange(num_steps) + 5 * wave + rng.normal(0, 0.5, num_steps)
    return pd.DataFrame({"day": when.astype(str), "sold": sold, "rain": rng.normal(10, 2, num_steps)})


def origins_of(frame: pd.DataFrame, horizon: str = "1") -> tuple[SeriesPlan, Origins]:
    """The plan of a frame of `daily`, and its origins."""
    plan = plan_series(frame, "sold", "day", horizon)
    return plan, lay_out_origins(frame, plan)
