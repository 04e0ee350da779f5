"""What a search has found: the trials, the best of them with its models, and what its score is worth.

The score of the best of many trials flatters: it was chosen because it is good on these folds. `summary` says of how
many it is the best; with outer folds (`nested=`) it stands beside the score on rows that took no part in choosing.
"""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from tenfold.checks.judging import Findings
from tenfold.cross_validation import CrossValidation, of_population
from tenfold.errors import OptionError, did_you_mean
from tenfold.intervals import corrected_interval
from tenfold.trials.table import importance_frame, trials_frame
from tenfold.views.search import plot_importance, plot_trials

if TYPE_CHECKING:
    import optuna

    from tenfold.engine.population import PopulationResult

__all__ = ["Best", "OuterScore", "Search"]

PLOTS = ("history", "importance", "curves")
FRAMES = (*PLOTS, "trials", "summary", "outer")


@dataclass(frozen=True)
class Best:
    """The trial with the best value.

    Args:
        number: Of the trial, from 0.
        value: Mean of the measure over folds and seeds, in its own unit.
        params: What was suggested, by name.
        batch_size: Rows of a training step.
        epochs: Epochs that its members trained at most.
    """

    number: int
    value: float
    params: dict[str, Any]
    batch_size: int
    epochs: int


@dataclass(frozen=True)
class OuterScore:
    """An outer fold: what a search inside its training rows found, and what that is worth outside.

    Args:
        fold: Number of the outer fold.
        num_train: Rows that the search had.
        num_outer: Rows that it did not have.
        num_trials: Trials of that search.
        inner: Value of its best trial, by its own folds.
        outer: The same trial's models on the rows that the search did not have, mean over models.
        params: Settings of that trial.
    """

    fold: int
    num_train: int
    num_outer: int
    num_trials: int
    inner: float
    outer: float
    params: dict[str, Any]


@dataclass(frozen=True, repr=False)
class Search:
    """The result of `tenfold.search`; frozen.

    Args:
        study: Optuna's study.
        measure: The metric that counts.
        best: The best trial.
        members: That trial's folds and seeds, with curves, predictions and models.
        outer: Outer folds, where they were asked for.
        stopped: `"interrupted"` or `"timeout"` where the search ended early, else empty.
        counts: Trials by state: complete, pruned, failed.
        trained: What this call took: `members` trained, `programs` compiled, `compile_seconds`.
        new_model: Builds the best trial's model.
    """

    study: "optuna.Study"
    measure: str
    best: Best
    members: CrossValidation
    outer: tuple[OuterScore, ...]
    stopped: str
    counts: dict[str, int]
    trained: dict[str, float]
    new_model: Callable[[], Any] = field(repr=False)

    @classmethod
    def of(
        cls,
        study: "optuna.Study",
        winner: "PopulationResult",
        *,
        measure: str,
        sizes: Mapping[str, int],
        seed: int,
        outer: tuple[OuterScore, ...],
        stopped: str,
        trained: dict[str, float],
        mute: Sequence[str] | None = (),
    ) -> "Search":
        """The result of a search that is over.

        Args:
            study: Its study.
            winner: The members of its best trial.
            measure: The metric that counts.
            sizes: The best trial's `batch_size` and `epochs`.
            seed: Of the call.
            outer: Outer folds.
            stopped: What ended it early, or nothing.
            trained: What the call took.
            mute: What the checks do not tell; None where they do not look.
        """
        frozen = study.best_trial
        best = Best(frozen.number, float(frozen.value or 0.0), dict(frozen.params), **sizes)
        members = of_population(winner, {**sizes, "seed": seed, "fuse": True}, mute=mute)
        return cls(study, measure, best, members, outer, stopped, counts_of(study), trained, new_model=winner.build)

    @functools.cached_property
    def trials(self) -> pd.DataFrame:
        """A row a trial: number, state, value, value on each fold, settings, epochs (mean), seconds.

        `value` is the mean over the folds that the trial was trained on: all of them only where it is complete.
        """
        return trials_frame(self.study.get_trials(deepcopy=False))

    @property
    def models(self) -> Sequence[Any]:
        """The best trial's models, fold by fold and seed by seed; each is made when it is asked for."""
        return self.members.models

    @property
    def findings(self) -> Findings:
        """What the checks find in the best trial's network, its data and its histories, likeliest first cause first."""
        return self.members.findings

    @property
    def num_trials(self) -> int:
        """Trials that were looked at."""
        return sum(self.counts.values())

    def build_best(self) -> Any:
        """A new model with the settings of the best trial: compiled, untrained."""
        return self.new_model()

    def summary(self) -> pd.DataFrame:
        """The best trial's score and, with outer folds, what it is worth.

        Returns:
            Row `inner`: mean over the folds that have chosen the trial, with its 95 % interval, spreads and the number
            of trials it is the best of. Row `outer`, where outer folds were asked for: mean over rows that took no part
            in choosing. `attrs["sentence"]` says it in words.
        """
        inner = self.members.summary().loc[[self.measure]].rename(index={self.measure: "inner"})
        inner["trials"] = self.num_trials
        frame = pd.concat([inner, self._outer_line(inner)]) if self.outer else inner
        frame.index.name = self.measure
        frame.attrs["interval"] = "95 %, corrected resampled t (Nadeau and Bengio 2003)"
        frame.attrs["sentence"] = self._sentence(frame)
        return frame

    def plot(self, name: str = "history") -> Figure:
        """A figure of the search.

        Args:
            name: `"history"` (values trial by trial), `"importance"` (which settings matter), `"curves"` (the best
                trial's learning curves).

        Returns:
            A matplotlib figure; nothing is shown or written. Its data is `frame(name)`.

        Raises:
            OptionError: Another name, or too few complete trials to tell what matters.
        """
        _check_name(name, PLOTS)
        if name == "curves":
            return self.members.plot(self.measure)
        if name == "history":
            return plot_trials(self.frame("history"), self.measure)
        return plot_importance(self.frame("importance"), self.measure)

    def frame(self, name: str) -> pd.DataFrame:
        """The data behind a figure or a table.

        Args:
            name: `"history"`, `"importance"`, `"curves"`, `"trials"`, `"summary"` or `"outer"`.

        Raises:
            OptionError: Another name, or too few complete trials to tell what matters.
        """
        _check_name(name, FRAMES)
        if name == "history":
            return self._history()
        if name == "importance":
            return importance_frame(self.study)
        if name == "outer":
            return pd.DataFrame([{**vars(one), "params": None, **one.params} for one in self.outer]).drop(
                columns="params", errors="ignore"
            )
        return {"curves": lambda: self.members.history, "trials": lambda: self.trials, "summary": self.summary}[name]()

    def save(self, path: str | Path) -> Path:
        """Write everything into a folder that `tenfold.load` reads back.

        Args:
            path: The folder; made if it is not there, a former result in it is replaced.

        Returns:
            The folder.

        Raises:
            RunFolderError: A file is in the way.
            MachineError: The folder cannot be written, or the disk is full.
            ModelError: The model has parts that Keras cannot save.
        """
        from tenfold.trials.saved import save_search  # noqa: PLC0415  # `saved` makes a `Search`

        return save_search(self, Path(path))

    def __repr__(self) -> str:
        states = ", ".join(f"{count} {state}" for state, count in self.counts.items() if count)
        best = f"best {self.measure} {self.best.value:.4g} of trial {self.best.number}"
        early = f", {self.stopped}" if self.stopped else ""
        return f"<Search: {states}{early}; {best}; .best .summary() .trials .plot() .models .build_best()>"

    def _history(self) -> pd.DataFrame:
        """Value of each trial, the best complete one so far, and its state."""
        frame = self.trials[["number", "state", "value"]].copy()
        complete = frame["value"].where(frame["state"] == "complete")
        frame["best"] = complete.cummax().ffill() if self._rises else complete.cummin().ffill()
        return frame

    @property
    def _rises(self) -> bool:
        return bool(self.study.direction.name == "MAXIMIZE")

    def _outer_line(self, inner: pd.DataFrame) -> pd.DataFrame:
        ratio = float(np.mean([one.num_outer / one.num_train for one in self.outer]))
        interval = corrected_interval(np.array([[one.outer] for one in self.outer]), rows_ratio=ratio)
        line = {
            "value": interval.value, "low": interval.low, "high": interval.high, "fold_spread": interval.fold_spread,
            "seed_spread": np.nan, "better": inner["better"].iloc[0],
            "trials": sum(one.num_trials for one in self.outer),
        }  # fmt: skip
        return pd.DataFrame([line], index=["outer"])

    def _sentence(self, frame: pd.DataFrame) -> str:
        text = f"{self.measure} {frame.loc['inner', 'value']:.4g} by the folds that chose it, the best of "
        text += f"{self.num_trials} trials"
        if not self.outer:
            return f"{text}; what it is worth on other rows is not measured (`nested=5` would)"
        inner, outer = float(np.mean([one.inner for one in self.outer])), frame.loc["outer"]
        better = inner > outer["value"] if self._rises else inner < outer["value"]
        none = "" if better else ", none"
        return (
            f"{text}; on rows that took no part in choosing {outer['value']:.4g} ({outer['low']:.4g} to "
            f"{outer['high']:.4g}). Optimism: inner {inner:.4g} -> outer {outer['value']:.4g}{none}"
        )


def counts_of(study: "optuna.Study") -> dict[str, int]:
    """Trials of a study by state; those that other processes still train are left out."""
    names = {"COMPLETE": "complete", "PRUNED": "pruned", "FAIL": "failed"}
    states = [one.state.name for one in study.get_trials(deepcopy=False)]
    return {word: states.count(name) for name, word in names.items()}


def _check_name(name: str, known: Sequence[str]) -> None:
    if name not in known:
        raise OptionError("unknown_view", f"`{name}` is not a view of a search", expected=f"one of {', '.join(known)}",
                          hint=did_you_mean(name, known))  # fmt: skip
