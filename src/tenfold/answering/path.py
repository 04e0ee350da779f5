"""The way to the horizon: trained, scored step by step beside the rivals, and with a range at each step."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from jaxtyping import Float, Int

from tenfold.answering.seven_steps import Taken
from tenfold.answering.workbench import Workbench
from tenfold.baselines.fitting import rival_inputs
from tenfold.baselines.forecasts import rules_of_step
from tenfold.data.series import Origins
from tenfold.data.series_plan import SeriesPlan
from tenfold.evaluation.ranges import Ends, Shifts, shifts_of
from tenfold.evaluation.scoring import out_of_fold
from tenfold.measures.choice import choose_measures
from tenfold.model_folder.network import TrainedModel
from tenfold.nested.network import final_network
from tenfold.nested.path import nest_path, path_problem, train_path
from tenfold.nested.results import FoldResult, Tally
from tenfold.nested.rows import NestedRows
from tenfold.progress import Note
from tenfold.report.forecast import Forecast
from tenfold.run_facts.path import keeps_trained, range_checks, step_errors

__all__ = ["ScoredPath", "take_path"]


@dataclass(frozen=True)
class ScoredPath:
    """All steps to the horizon, out of fold.

    Args:
        model: The network of all steps, ready to predict.
        steps: Steps ahead.
        rows: Positions of the origins that were scored.
        blocks: Places among `rows`, a block a fold, the earliest first.
        truth: What came.
        low: The network's low numbers.
        middle: Its forecasts.
        high: Its high numbers.
        rivals: The same of what needs no network, by name.
        tally: What the training took.
    """

    model: TrainedModel
    steps: tuple[int, ...]
    rows: Int[np.ndarray, " row"]
    blocks: tuple[Int[np.ndarray, " _"], ...]
    truth: Float[np.ndarray, "row step"]
    low: Float[np.ndarray, "row step"]
    middle: Float[np.ndarray, "row step"]
    high: Float[np.ndarray, "row step"]
    rivals: dict[str, Float[np.ndarray, "row step"]]
    tally: Tally

    def constant(self, step: int) -> Ends:
        """Ends of a step that are the forecast itself."""
        return Ends(self.middle[:, step], self.middle[:, step])

    def trained(self, step: int) -> Ends:
        """Ends of a step as the network says."""
        return Ends(self.low[:, step], self.high[:, step])

    @property
    def keeps_trained(self) -> bool:
        """Whether the network's own ranges are kept, by the interval scores of all steps."""
        places = range(len(self.steps))
        ends = [self.constant(step) for step in places], [self.trained(step) for step in places]
        return keeps_trained(self.truth, ends, self.blocks)

    @property
    def shifts(self) -> tuple[Shifts, ...]:
        """How far the ends of each step are moved, by all scored rows."""
        ends = self.trained if self.keeps_trained else self.constant
        return tuple(shifts_of(self.truth[:, step], ends(step)) for step in range(len(self.steps)))

    def share_within(
        self, inputs: pd.DataFrame, origins: Origins | None, rows: Int[np.ndarray, " new_row"],
        truth: Float[np.ndarray, " new_row"], forecasts: Float[np.ndarray, " new_row"],
    ) -> float:  # fmt: skip
        """Share of rows that come within the range that is kept for the horizon.

        Args:
            inputs: Input columns of all origins.
            origins: All of them.
            rows: Positions of those that are asked about.
            truth: What came.
            forecasts: Of the network that was chosen for the horizon.
        """
        ends = Ends(forecasts, forecasts)
        if self.keeps_trained and origins is not None:
            frame = pd.concat([inputs.reset_index(drop=True), origins.known], axis=1).iloc[rows]
            low, _, high = np.split(self.model.predict(frame)[0], 3, axis=1)
            ends = Ends(low[:, -1], high[:, -1])
        moved = self.shifts[-1].move(ends)
        return float(np.mean((truth >= moved.low) & (truth <= moved.high)))

    def with_last(self, rows: Int[np.ndarray, " scored"], forecasts: Float[np.ndarray, " scored"]) -> "ScoredPath":
        """The same whose last step is forecast by the network that was chosen for it.

        Args:
            rows: Positions of the origins that it was scored on.
            forecasts: For them, out of fold.
        """
        own = forecasts[np.searchsorted(rows, self.rows)]
        return replace(self, middle=np.column_stack([self.middle[:, :-1], own]))

    def add_to(self, found: Forecast, plan: SeriesPlan, times: Float[np.ndarray, " origin"]) -> Forecast:
        """What a forecast shows, with errors by step and with the ranges that are kept.

        Args:
            found: Without them.
            plan: How the table is read.
            times: Of the targets of all origins.
        """
        last = len(self.steps) - 1
        ways = {"trained": self.trained(last), "constant": self.constant(last)}
        checks = range_checks(self.truth[:, last], ways, self.blocks, times[self.rows])
        moved = self.shifts[last].move(self.trained(last) if self.keeps_trained else self.constant(last))
        ends = {time: both for time, *both in zip(times[self.rows], moved.low, moved.high, strict=True)}
        is_drawn = not plan.series and all(time in ends for time in found.times)
        return replace(
            found,
            lows=tuple(float(ends[time][0]) for time in found.times) if is_drawn else (),
            highs=tuple(float(ends[time][1]) for time in found.times) if is_drawn else (),
            steps=step_errors(plan, self.truth, self.middle, self.rivals) if plan.horizon > 1 else (),
            step_rivals=tuple(self.rivals),
            ranges=checks if self.keeps_trained else checks[::-1],
        )


def take_path(bench: Workbench, taken: Taken) -> ScoredPath | None:
    """Train and answer all steps to the horizon; None where too few origins have all of them.

    Args:
        bench: Question, folder, listener.
        taken: What the seven steps left behind.
    """
    question = bench.question
    plan, origins = question.series, question.origins
    if plan is None or origins is None:
        return None
    bench.progress(
        Note(f"all {len(plan.steps)} steps to the horizon" if plan.horizon > 1 else "the range of forecasts")
    )
    problem = path_problem(plan.target, plan.steps, origins.truth)
    nested = nest_path(
        taken.nested, problem, question.inputs, origins.known, origins.truth, choose_measures(problem).primary
    )
    if nested is None:
        return None
    results, tally = train_path(nested, taken.tuned.chosen, kept=bench.kept, progress=bench.progress)
    rows, answers = out_of_fold(nested.outer, [one.predictions or () for one in results[:-1]], len(question.inputs))
    low, middle, high = np.split(answers, 3, axis=1)
    return ScoredPath(
        _model(nested, results[-1]), plan.steps, rows, _blocks(nested, rows, origins.times),
        origins.truth[rows], low, middle, high, _rivals(taken.nested, nested, bench, rows), tally,
    )  # fmt: skip


def _blocks(
    nested: NestedRows, rows: Int[np.ndarray, " row"], times: Float[np.ndarray, " origin"]
) -> tuple[Int[np.ndarray, " _"], ...]:
    """Scored rows of each fold; the halves of a single one."""
    blocks = tuple(np.searchsorted(rows, fold.validation_rows) for fold in nested.outer)
    if len(blocks) > 1:
        return blocks
    half = np.median(times[rows])
    return tuple(np.flatnonzero(one) for one in (times[rows] <= half, times[rows] > half))


def _model(nested: NestedRows, result: FoldResult) -> TrainedModel:
    table, final = nested.table, nested.final
    return TrainedModel(
        final_network(nested, result), table.preparations[final], table.input_names, table.scales[final],
        nested.problem, table.rank_names, table.code_names, table.text_sizes.num_terms,
    )  # fmt: skip


def _rivals(
    whole: NestedRows, nested: NestedRows, bench: Workbench, rows: Int[np.ndarray, " row"]
) -> dict[str, Float[np.ndarray, "row step"]]:
    """Linear models and rules of each step, for the scored rows."""
    found: dict[str, Float[np.ndarray, "row step"]] = {}
    if nested.table.start.shape[1]:
        answers = np.zeros((len(rows), nested.problem.num_outputs))
        for block, fold in enumerate(nested.outer):
            own = nested.table.rows(block, fold.validation_rows)
            start = nested.table.start[own].astype(np.float64)
            answers[np.searchsorted(rows, fold.validation_rows)] = (
                nested.table.scales[block].restore(start).reshape(len(own), -1)
            )
        found["linear on lags"] = answers
    plan = bench.question.series
    if plan is not None:
        past = rival_inputs(whole.table, whole.final, "past", of=rows)
        by_step = [rules_of_step(replace(plan, horizon=step)) for step in plan.steps]
        for name in by_step[-1]:
            found[name] = np.stack([rules[name].predict(past) for rules in by_step], axis=1)
    return found
