"""`tenfold.search`: Optuna proposes settings and architectures, and trials that share a program train together.

def build(trial):                                   # Optuna's own trial object
    model = keras.Sequential([keras.Input((13,)), keras.layers.Dense(64, activation="relu"),
                              keras.layers.Dropout(trial.suggest_float("rate", 0.1, 0.5)), keras.layers.Dense(1)])
    rate = trial.suggest_float("learning_rate", 1e-4, 1e-2, log=True)
    model.compile(keras.optimizers.Adam(rate), "mse", metrics=["mae"])
    return model

found = tenfold.search(build, x, y, trials=60, cv=5, epochs=50)
found.best           # settings and their score
found.summary()      # that score, over how many trials it was the best, and with `nested=` what it is worth
found.build_best()   # a new model with these settings, compiled
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import optuna

from tenfold.checks.judging import check_mute
from tenfold.engine.arrays import first_rows, num_rows, to_arrays
from tenfold.engine.network import Batch, Network, require_jax
from tenfold.errors import ModelError, OptionError, SplitError, did_you_mean
from tenfold.progress_display.choice import display_for
from tenfold.split.cv import resolve_splits
from tenfold.trials.asked import Hunt, ask
from tenfold.trials.display import Display
from tenfold.trials.found import Search
from tenfold.trials.searching import Searching
from tenfold.trials.studies import DEFAULT_NAME, Direction, open_study, pruner_of, quiet_optuna
from tenfold.trials.training import Recipe

__all__ = ["search"]

BATCH = 10
"""Trials of a batch at least, and a sixth of all trials: the first batch is random (10 is Optuna's own number of random
trials before TPE), five more learn from what came before (arbitrary)."""


def search(
    build: Callable[[Any], Any],
    x: Any,
    y: Any,
    *,
    epochs: int,
    trials: int = 60,
    cv: Any = 5,
    groups: Any = None,
    seeds: int = 1,
    batch_size: int = 32,
    callbacks: Sequence[Any] | None = None,
    class_weight: Mapping[int, float] | None = None,
    sample_weight: Any = None,
    measure: str | None = None,
    direction: str | None = None,
    sampler: Any = None,
    study: Any = None,
    storage: Any = None,
    timeout: float | None = None,
    batch: int | None = None,
    pruning: Any = True,
    nested: Any = None,
    seed: int = 0,
    verbose: int | str = "auto",
    checks: bool = True,
    mute: Iterable[str] = (),
) -> Search:
    """Look for good settings and architectures, each scored by cross-validation.

    Trials are asked for in batches. Those of a batch whose models differ in settings only (learning rate, weight decay,
    momentum, dropout, L1, L2, label smoothing, ...) train as one program over all their folds and seeds; a trial has
    the numbers that it would have alone. A model with layers or functions of the user's own has a program to itself.

    Args:
        build: A function of Optuna's trial that returns a compiled Keras model. It may be called more than once for a
            trial. What it suggests as `batch_size` or `epochs`, or sets with `trial.set_user_attr("batch_size", 64)`,
            replaces the arguments below for that trial. It may raise `optuna.TrialPruned` for settings that make no
            model.
        x: Inputs: arrays, lists or dicts of arrays, pandas objects; leading axis `row`.
        y: Targets, nested as the model answers.
        epochs: Epochs that each member trains at most.
        trials: Trials in all; those that a stored study already has count.
        cv: Folds that score a trial, as in `cross_validate`.
        groups: Group of each row; no group is split over two folds.
        seeds: Trainings of each fold; a trial's value is the mean over folds and seeds.
        batch_size: Rows of a training step.
        callbacks: `EarlyStopping` and the others that `cross_validate` takes.
        class_weight: Weight of each class in training.
        sample_weight: Weight of each row, in training and in validation.
        measure: A compiled metric's name, or `"loss"`. By default the first compiled metric of which Keras knows
            whether larger is better, else the loss.
        direction: `"minimize"` or `"maximize"`, where Keras does not know it.
        sampler: A sampler of Optuna's; by default seeded TPE whose first batch is random.
        study: A study of Optuna's, or its name in the storage.
        storage: Where trials are kept: the path of a journal file, the URL of a database, or a storage of Optuna's. A
            search goes on with the trials it finds there.
        timeout: Seconds after which no further batch begins; one always runs.
        batch: Trials asked for at a time; by default 10, or a sixth of all trials if that is more.
        pruning: Train the first four folds of a batch, then go on only with trials that are not worse than the best
            by a signed-rank test over folds (`optuna.pruners.WilcoxonPruner`). False trains all folds of every trial;
            or a pruner of Optuna's.
        nested: Outer folds for an honest score, as `cv`: each runs a search of its own inside its training rows, and
            scores that search's best trial on the rows outside.
        seed: Decides folds, trials, initial weights and order of rows; same seed, same trials.
        verbose: 0 silent, 1 one live line, 2 lines, `"auto"`.
        checks: Whether the checks look at the best trial (`.findings`); a few milliseconds.
        mute: Codes of checks and kinds of fault that are not to be told, such as `"TF401"` or `"imbalance"`.

    Returns:
        Trials, the best of them, its models, and what its score is worth. After Ctrl-C: of the batches that were over.

    Raises:
        BackendError: Keras runs on another backend.
        ModelError: `build` fails for a trial, or no trial has a finite loss.
        OptionError: An unknown measure, or another argument that does not fit.
        SplitError: More folds than rows.
    """
    require_jax()
    _check_counts(trials=trials, seeds=seeds, **({} if batch is None else {"batch": batch}))
    muted = tuple(mute)
    check_mute(muted)
    sample = first_rows(to_arrays(x, y, sample_weight), batch_size)
    with quiet_optuna():
        measure, direction = _measure_of(build, sample, measure, direction)
        pruner = pruner_of(pruning)
        hunts = _hunts(x, y, groups, cv, nested, study, storage, direction, seed)
        display = Display(hunts[0], measure, trials, display_for(verbose))
        recipe = Recipe(
            build=build, x=x, y=y, sample_weight=sample_weight,
            class_weight=None if class_weight is None else dict(class_weight), callbacks=list(callbacks or []),
            seeds=seeds, seed=seed, measure=measure, progress=display,
            mute=muted if checks else None,
        )  # fmt: skip
        searching = Searching(recipe, hunts, sample, {"batch_size": batch_size, "epochs": epochs}, display)
        stopped = searching.run(trials, batch or max(BATCH, -(-trials // 6)), timeout, pruner, sampler)
        found = searching.finish(stopped)
    found.members.announce(display_for(verbose), "found.findings")
    return found


def _check_counts(**counts: Any) -> None:
    for name, value in counts.items():
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
            raise OptionError(name, f"`{name}` must be a whole number of at least 1", received=repr(value))


def _measure_of(
    build: Callable[[Any], Any], sample: Batch, measure: str | None, direction: str | None
) -> tuple[str, Direction]:
    """The metric that counts and its direction, from a model that is built for nothing else."""
    network = _first_network(build, sample)
    known, rises = list(network.results(network.metric_start)), network.directions()
    compiled = [name for name in known if name != "loss" and name in rises]
    measure = measure or (compiled[0] if compiled else "loss")
    if measure not in known:
        raise OptionError(
            "unknown_measure", f"`{measure}` is not measured by the models of this search",
            expected=f"one of {', '.join(known)}", hint=did_you_mean(measure, known),
        )  # fmt: skip
    if direction is None and measure not in rises:
        raise OptionError(
            "unknown_direction", f"Keras does not know whether a larger `{measure}` is better",
            expected='`direction="minimize"` or `direction="maximize"`',
        )  # fmt: skip
    if direction not in (None, "minimize", "maximize"):
        raise OptionError("direction", "`direction` is unknown", expected="minimize or maximize",
                          received=repr(direction))  # fmt: skip
    rises_here = rises[measure] if direction is None else direction == "maximize"
    return measure, "maximize" if rises_here else "minimize"


def _first_network(build: Callable[[Any], Any], sample: Batch) -> Network:
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=0))
    hunt = Hunt(study, [])
    for _ in range(100):
        one = ask(hunt, build, sample, batch_size=1, epochs=1)
        if one is not None:
            return one.variant.network
    raise ModelError("always_pruned", "`build` raised optuna.TrialPruned for 100 random trials",
                     expected="a compiled keras.Model for most settings")  # fmt: skip


def _hunts(
    x: Any, y: Any, groups: Any, cv: Any, nested: Any, study: Any, storage: Any, direction: Direction, seed: int
) -> list[Hunt]:
    """The hunt over all rows, then one for each outer fold."""
    hunts = [Hunt(open_study(study, storage, direction=direction), resolve_splits(cv, x, y, groups, seed))]
    if nested is None:
        return hunts
    if not isinstance(cv, int | np.integer) and not hasattr(cv, "split"):
        raise SplitError(
            "nested_cv", "A list of folds as `cv` cannot be made again inside each outer fold",
            expected="a number of folds or a scikit-learn splitter together with `nested`",
        )  # fmt: skip
    data, name = to_arrays(x, y), study if isinstance(study, str) else DEFAULT_NAME
    groups = None if groups is None else np.asarray(groups)
    where = None if isinstance(study, optuna.Study) else storage
    for number, (train, outer) in enumerate(resolve_splits(nested, x, y, groups, seed)):
        part = first_rows(data, num_rows(data)) if len(train) == num_rows(data) else _rows(data, train)
        inner = resolve_splits(cv, part.x, part.y, None if groups is None else groups[train], seed)
        own = open_study(f"{name} outer {number}" if where is not None else None, where, direction=direction)
        hunts.append(Hunt(own, [(train[one], train[other]) for one, other in inner], outer_rows=outer))
    return hunts


def _rows(data: Batch, rows: np.ndarray) -> Batch:
    import jax  # noqa: PLC0415

    taken: Batch = jax.tree.map(lambda leaf: leaf[rows], data)
    return taken
