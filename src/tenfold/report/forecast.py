"""What a forecast shows beside its score: the last stretch that was scored, and when errors are large.

Part of the schema of `report.facts`. Everything is out of fold: no network was trained on what it is compared with.
"""

from dataclasses import dataclass

from tenfold.report.evidence import Interval

__all__ = ["ErrorRange", "Forecast", "Phase", "RangeCheck", "StepErrors"]


@dataclass(frozen=True)
class ErrorRange:
    """Where eight in ten errors lie, what came minus what was forecast, in the target's unit.

    Args:
        low: A tenth lie below it.
        high: A tenth lie above it.
    """

    low: float
    high: float


@dataclass(frozen=True)
class Phase:
    """Rows of one hour of the day, day of the week or month of the year.

    Args:
        label: "06", "Mon" or "Jan".
        network: Its mean absolute error, in the target's unit.
        baseline: The best baseline's.
        num_rows: How many.
    """

    label: str
    network: float
    baseline: float
    num_rows: int


@dataclass(frozen=True)
class StepErrors:
    """One step on the way to the horizon.

    Args:
        ahead: How far, in words: "3 hours".
        network: Mean absolute error of the network, in the target's unit.
        rivals: The same of each rival, in the order of `Forecast.step_rivals`.
    """

    ahead: str
    network: float
    rivals: tuple[float, ...]


@dataclass(frozen=True)
class RangeCheck:
    """A way to the range of eight in ten, counted on rows that took no part in it.

    Args:
        name: "constant" or "trained".
        coverage: Share of rows within their range, 0 to 1, with its 95 % interval over stretches of time.
        width: Mean of the ranges, in the target's unit.
        score: Mean interval score, in the same unit; lower is better.
    """

    name: str
    coverage: Interval
    width: float
    score: float


@dataclass(frozen=True)
class Forecast:
    """The last stretch that was scored, and errors by season.

    Args:
        horizon: In words: "24 hours".
        series: Which series is drawn; empty where there is one.
        unit: Of `times`: "days" since 1970 for dates.
        times: Of the targets, rising.
        truth: What came.
        network: What the network had forecast.
        baseline: What the best baseline had.
        baseline_name: Which that is, in a figure.
        baseline_words: The same in a sentence.
        phase: "hour of the day", "day of the week" or "month"; empty where the step knows none.
        phases: In their order.
        network_range: Of the network's errors.
        baseline_range: Of the best baseline's.
        notes: On step, gaps and windows, a sentence each.
        sealed_share: Share of the sealed rows that came within the network's range, 0 to 1; NaN where nobody looked.
        lows: Low end of the network's range at each of `times`; empty where only `network_range` is known.
        highs: High end.
        steps: Errors on the way to the horizon, which comes last; empty where the way was not forecast.
        step_rivals: Names of the rivals of each step.
        ranges: Ways to the range that were compared, the one that is kept first.
    """

    horizon: str
    series: str
    unit: str
    times: tuple[float, ...]
    truth: tuple[float, ...]
    network: tuple[float, ...]
    baseline: tuple[float, ...]
    baseline_name: str
    baseline_words: str
    phase: str
    phases: tuple[Phase, ...]
    network_range: ErrorRange
    baseline_range: ErrorRange
    notes: tuple[str, ...]
    sealed_share: float = float("nan")
    lows: tuple[float, ...] = ()
    highs: tuple[float, ...] = ()
    steps: tuple[StepErrors, ...] = ()
    step_rivals: tuple[str, ...] = ()
    ranges: tuple[RangeCheck, ...] = ()
