"""What a search says while it goes on."""

import time

import optuna

from tenfold.progress import Event, ProgressListener, TrainingProgress, TrialsProgress
from tenfold.trials.asked import Hunt

__all__ = ["Display"]

COMPLETE, PRUNED, FAIL = optuna.trial.TrialState.COMPLETE, optuna.trial.TrialState.PRUNED, optuna.trial.TrialState.FAIL


class Display:
    """Says how the search stands; hears the engine while a batch trains."""

    def __init__(self, hunt: Hunt, measure: str, trials: int, listener: ProgressListener) -> None:
        self.hunt, self.measure, self.num_trials, self.listener = hunt, measure, trials, listener
        self.began = time.monotonic()
        self.last: TrialsProgress | None = None

    def __call__(self, event: Event) -> None:
        """Pass on what the engine says of the present batch."""
        if isinstance(event, TrainingProgress):
            self._say(event)
        else:
            self.listener(event)

    def tell(self) -> None:
        """Say how the search stands between two batches."""
        told = [one for one in self.hunt.study.get_trials(deepcopy=False) if one.state.is_finished()]
        states = [one.state for one in told]
        best = self.hunt.study.best_value if COMPLETE in states else None
        self.last = TrialsProgress(
            num_told=len(told), num_trials=max(self.num_trials, len(told)), num_pruned=states.count(PRUNED),
            num_failed=states.count(FAIL), measure=self.measure, best=best, training=None, seconds=0.0,
        )  # fmt: skip
        self._say(None)

    def close(self) -> None:
        """The last word: as many trials as there will be."""
        if self.last is not None and self.last.num_told < self.last.num_trials:
            self.num_trials = self.last.num_told
            self.tell()

    def _say(self, training: TrainingProgress | None) -> None:
        if self.last is not None:
            seconds = time.monotonic() - self.began
            self.listener(TrialsProgress(**{**vars(self.last), "training": training, "seconds": seconds}))
