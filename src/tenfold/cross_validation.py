"""`tenfold.cross_validate`: every fold and seed of a Keras model, trained as one compiled program.

cv = tenfold.cross_validate(build, x, y, cv=10, epochs=100, batch_size=16)
cv.summary()      # mean, interval, spread over folds and over seeds
cv.plot()         # learning curves of all members
cv.models[3]      # the fourth member, a Keras model
cv.findings       # what is wrong with the network, its data or its training
"""

import functools
import json
import platform
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from tenfold.checks.facts import HistoryFacts
from tenfold.checks.judging import Findings, check_mute
from tenfold.checks.trainings import NOTHING, announcement, evidence_from_json, evidence_to_json, findings_of
from tenfold.errors import OptionError, RunFolderError, did_you_mean
from tenfold.intervals import corrected_interval, share_bounds
from tenfold.progress import Noticed, ProgressListener, silence
from tenfold.progress_display.choice import display_for
from tenfold.record import Record, load_record, save_record
from tenfold.views.curves import plot_curves

if TYPE_CHECKING:
    from tenfold.engine.population import PopulationResult

__all__ = ["CrossValidation", "cross_validate", "load_cross_validation", "of_population"]


def cross_validate(
    build: Any,
    x: Any,
    y: Any,
    *,
    epochs: int,
    cv: Any = 10,
    groups: Any = None,
    seeds: int = 1,
    batch_size: int = 32,
    callbacks: Sequence[Any] | None = None,
    class_weight: Mapping[int, float] | None = None,
    sample_weight: Any = None,
    shuffle: bool | str = True,
    seed: int = 0,
    mode: str = "auto",
    fuse: bool = True,
    verbose: int | str = "auto",
    checks: bool = True,
    mute: Iterable[str] = (),
) -> "CrossValidation":
    """Train and score a model on every fold, as one program.

    Args:
        build: A function without arguments that returns a compiled Keras model, or a compiled model; then every member
            starts from its present weights.
        x: Inputs: arrays, lists or dicts of arrays, pandas objects; leading axis `row`.
        y: Targets, nested as the model answers.
        epochs: Epochs that each member trains at most.
        cv: Number of folds (shuffled; stratified where the targets are classes), a scikit-learn splitter, or a list of
            (training rows, validation rows).
        groups: Group of each row; no group is split over two folds.
        seeds: Trainings of each fold, with other initial weights and another order of rows; 1 or more.
        batch_size: Rows of a training step.
        callbacks: `EarlyStopping`, `ReduceLROnPlateau`, `LearningRateScheduler`, `TerminateOnNaN`, for each member by
            itself. An epoch chosen on the fold that is then scored flatters the score; the summary says so.
        class_weight: Weight of each class in training.
        sample_weight: Weight of each row, in training and in validation.
        shuffle: Shuffle a member's rows each epoch, within batches (`"batch"`), or not.
        seed: Decides folds, initial weights, noise and order of rows; same seed, same numbers.
        mode: `"map"`, `"vmap"` or `"auto"`: members of a device one after another, side by side, or what is faster.
        fuse: Train sigmoid and softmax heads on their logits; False reproduces Keras.
        verbose: 0 silent, 1 one live line, 2 lines, `"auto"`.
        checks: Whether the checks look at the training (`.findings`); a few milliseconds.
        mute: Codes of checks and kinds of fault that are not to be told, such as `"TF401"` or `"imbalance"`.

    Returns:
        Scores, histories, out-of-fold predictions, models and findings.

    Raises:
        BackendError: Keras runs on another backend.
        ModelError: The model is not compiled, or does not fit the data.
        SplitError: More folds than rows, or rows that are not there.
        OptionError: An unknown mode, a callback that cannot act on members, or a name to mute that does not exist.

    Example:
    >>> import keras, numpy as np, tenfold
    >>> def build():
    ...     model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    ...     model.compile("sgd", "mse")
    ...     return model
    >>> x = np.arange(24.0).reshape(12, 2) / 24
    >>> cv = tenfold.cross_validate(build, x, x.sum(axis=1), cv=3, epochs=2, verbose=0)
    >>> cv
    <CrossValidation: 3 folds x 1 seed, 2 epochs; .summary() .scores .history .predictions .plot() .models .findings>
    """
    from tenfold.engine.member import Member  # noqa: PLC0415
    from tenfold.engine.network import require_jax  # noqa: PLC0415  # a saved result loads without JAX
    from tenfold.engine.population import train_population  # noqa: PLC0415
    from tenfold.split.cv import resolve_splits  # noqa: PLC0415

    require_jax()
    if isinstance(seeds, bool) or not isinstance(seeds, int) or seeds < 1:
        raise OptionError("seeds", "`seeds` must be a whole number of at least 1", received=repr(seeds))
    muted = tuple(mute)
    check_mute(muted)
    folds = resolve_splits(cv, x, y, groups, seed)
    members = [
        Member(train, validation, fold=fold, seed=repeat)
        for fold, (train, validation) in enumerate(folds)
        for repeat in range(seeds)
    ]
    result = train_population(
        build, x, y, members, epochs=epochs, batch_size=batch_size, callbacks=callbacks,
        class_weight=None if class_weight is None else dict(class_weight), sample_weight=sample_weight, shuffle=shuffle,
        seed=seed, mode=mode, fuse=fuse, progress=display_for(verbose),
    )  # fmt: skip
    asked = {"batch_size": batch_size, "epochs": epochs, "seed": seed, "fuse": fuse}
    found = of_population(result, asked, shuffles=bool(shuffle), mute=muted if checks else None)
    found.announce(display_for(verbose), "cv.findings")
    return found


class CrossValidation:
    """Scores, histories, predictions and models of a cross-validation.

    Args:
        record: The numbers.
        source: Where predictions and models come from: the population, or a saved folder.
    """

    def __init__(self, record: Record, source: "_Trained | _Saved") -> None:
        self.record = record
        self._source = source

    @property
    def scores(self) -> pd.DataFrame:
        """A row a member: fold, seed, rows, epochs, outcome, then the loss and every compiled metric on its fold."""
        return self.record.member_frame()

    @property
    def history(self) -> pd.DataFrame:
        """A row a member and epoch: member, fold, seed, epoch (from 0), then Keras' own keys."""
        return self.record.history_frame()

    @functools.cached_property
    def predictions(self) -> Any:
        """Out-of-fold predictions in the order of the rows; the mean where several members have held a row out.

        Rows that no fold holds out are NaN. Probabilities for classes; nested where the model has several outputs.
        """
        return self._source.predictions()

    @functools.cached_property
    def models(self) -> "Sequence[Any]":
        """The members as Keras models, in the order of `scores`; each is made when it is asked for."""
        return _Models(self._source, self.record.num_members)

    @functools.cached_property
    def findings(self) -> Findings:
        """What the checks find in the network as it starts, its data and its histories, likeliest first cause first.

        They train nothing; what only a probe training shows is told by `tenfold.examine`. Judged when it is asked for,
        also of a saved result, by the rules that are there then. Empty where nothing was looked at.
        """
        seen, record = self.record.facts.get("checks"), self.record
        if seen is None:
            return NOTHING
        logs = {name: np.asarray(line, float) for name, line in record.history.items() if line.ndim == 2}  # noqa: PLR2004  # (member, epoch)
        keeps_best = bool(record.facts.get("chooses_epoch"))
        history = HistoryFacts(logs, int(record.facts["epochs"]), tuple(record.outcomes), keeps_best)
        return findings_of(evidence_from_json(seen), history, tuple(seen.get("mute", ())))

    def announce(self, listener: ProgressListener, where: str) -> None:
        """Tell on one line what was found, if it is more than tips and somebody listens.

        Args:
            listener: Where the line goes.
            where: How a user reaches the findings.
        """
        if listener is not silence and (told := announcement(self.findings, where)):
            listener(Noticed(told))

    @property
    def fused_heads(self) -> list[str]:
        """Names of the layers that were trained on their logits; their models answer probabilities as ever."""
        return list(self.record.facts.get("fused_heads", ()))

    def summary(self) -> pd.DataFrame:
        """A row a metric: mean over folds and seeds, 95 % interval, spread over folds and over seeds.

        The interval is the corrected resampled t interval, which allows for folds sharing training rows (Nadeau and
        Bengio 2003), and ends at 0 and 1 where a metric does, as accuracy; spreads are standard deviations; all in the
        metric's own unit. `better` is `"lower"`, `"higher"` or empty where Keras does not tell.
        """
        rows = {name: self._summary_line(name) for name in self.record.member_frame().columns if self._is_metric(name)}
        frame = pd.DataFrame.from_dict(rows, orient="index")
        frame.index.name = "metric"
        frame.attrs["interval"] = "95 %, corrected resampled t (Nadeau and Bengio 2003)"
        frame.attrs["chosen_on_the_scored_folds"] = bool(self.record.facts.get("chooses_epoch"))
        return frame

    def plot(self, metric: str = "loss") -> Figure:
        """Learning curves of every member, training and validation.

        Args:
            metric: `"loss"` or a compiled metric's name.

        Returns:
            A matplotlib figure; nothing is shown or written.

        Raises:
            OptionError: The metric was not measured.
        """
        if metric not in self.record.history:
            known = [name for name in self.record.history if not name.startswith("val_")]
            raise OptionError(
                "unknown_metric", f"`{metric}` was not measured", expected=f"one of {', '.join(known)}",
                hint=did_you_mean(metric, known),
            )  # fmt: skip
        return plot_curves(self.record, metric)

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
        folder = Path(path)
        if folder.exists() and not folder.is_dir():
            raise RunFolderError("not_a_folder", f"`{folder}` is a file", expected="a folder, or a name that is free")
        save_record(self.record, folder, self._source.arrays(self.predictions))
        self._source.save_models(folder)
        return folder

    def __repr__(self) -> str:
        folds, seeds = len(set(self.record.fold.tolist())), len(set(self.record.seed.tolist()))
        counts = f"{folds} folds x {seeds} seed{'s' if seeds > 1 else ''}, {self.record.facts.get('epochs')} epochs"
        fused = f"; {', '.join(self.fused_heads)} trained on logits" if self.fused_heads else ""
        return f"<CrossValidation: {counts}{fused}; .summary() .scores .history .predictions .plot() .models .findings>"

    def _is_metric(self, name: str) -> bool:
        return name in self.record.metric_names

    def _summary_line(self, name: str) -> dict[str, Any]:
        record = self.record
        folds, seeds = np.unique(record.fold), np.unique(record.seed)
        grid = np.full((len(folds), len(seeds)), np.nan)
        grid[np.searchsorted(folds, record.fold), np.searchsorted(seeds, record.seed)] = record.score(name)
        ratio = float(np.mean(record.num_validation / record.num_train))
        interval = corrected_interval(grid, rows_ratio=ratio, within=share_bounds(name, record.score(name)))
        direction = record.rises.get(name)
        return {
            "value": interval.value,
            "low": interval.low,
            "high": interval.high,
            "fold_spread": interval.fold_spread,
            "seed_spread": interval.seed_spread,
            "better": "" if direction is None else "higher" if direction else "lower",
        }


class _Models(Sequence[Any]):
    """Members as Keras models, made on demand."""

    def __init__(self, source: "_Trained | _Saved", count: int) -> None:
        self._source, self._count, self._made = source, count, {}  # type: ignore[var-annotated]

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, number: Any) -> Any:
        if isinstance(number, slice):
            return [self[one] for one in range(*number.indices(self._count))]
        position = range(self._count)[number]
        if position not in self._made:
            self._made[position] = self._source.model(position)
        return self._made[position]


class _Trained:
    """Predictions and models of a population in memory."""

    def __init__(self, result: "PopulationResult") -> None:
        self.result = result

    def predictions(self) -> Any:
        return self.result.out_of_fold_predictions()

    def model(self, number: int) -> Any:
        return self.result.model(number)

    def arrays(self, predictions: Any) -> dict[str, np.ndarray]:
        import keras  # noqa: PLC0415  # the population has loaded it

        leaves = keras.tree.flatten(predictions)
        return {f"predictions/{number}": np.asarray(leaf) for number, leaf in enumerate(leaves)}

    def save_models(self, folder: Path) -> None:
        self.result.save_models(folder / "models")


class _Saved:
    """Predictions and models of a saved folder; Keras is loaded when a model is asked for."""

    def __init__(self, folder: Path, arrays: dict[str, np.ndarray]) -> None:
        self.folder = folder
        self._arrays = arrays

    def predictions(self) -> Any:
        leaves = [value for name, value in sorted(self._arrays.items()) if name.startswith("predictions/")]
        if len(leaves) == 1:
            return leaves[0]
        names = json.loads((self.folder / "models" / "outputs.json").read_text(encoding="utf-8"))
        return dict(zip(names, leaves, strict=True)) if names else leaves

    def model(self, number: int) -> Any:
        from tenfold.engine.saved_models import load_model  # noqa: PLC0415  # a saved result loads without JAX

        return load_model(self.folder / "models", number)

    def arrays(self, predictions: Any) -> dict[str, np.ndarray]:
        del predictions
        return dict(self._arrays)

    def save_models(self, folder: Path) -> None:
        import shutil  # noqa: PLC0415  # only where a loaded result is saved elsewhere

        if folder.resolve() != self.folder.resolve():
            shutil.copytree(self.folder / "models", folder / "models", dirs_exist_ok=True)


def of_population(
    result: "PopulationResult",
    asked: Mapping[str, Any],
    *,
    shuffles: bool = True,
    mute: Sequence[str] | None = (),
) -> CrossValidation:
    """A population whose members are folds and seeds, as a cross-validation.

    Args:
        result: The trained members.
        asked: What was asked for, `epochs` and `batch_size` among it; JSON values.
        shuffles: Whether rows were shuffled.
        mute: What the checks do not tell; None where they do not look.
    """
    seen = {} if mute is None else {"checks": _seen(result, asked, shuffles=shuffles, mute=mute)}
    return CrossValidation(_record(result, {**asked, **seen}), _Trained(result))


def _seen(
    result: "PopulationResult", asked: Mapping[str, Any], *, shuffles: bool, mute: Sequence[str]
) -> dict[str, Any]:
    """What the checks see of a population beside its histories, as JSON values."""
    from tenfold.observation.watching import watched  # noqa: PLC0415  # a saved result loads without JAX

    evidence = watched(
        result.network, result.data, start=result.start, epochs=asked["epochs"], batch_size=asked["batch_size"],
        shuffles=shuffles,
    )  # fmt: skip
    return {**evidence_to_json(evidence), "mute": list(mute)}


def load_cross_validation(folder: Path) -> CrossValidation:
    """A cross-validation as `CrossValidation.save` wrote it.

    Args:
        folder: The folder.

    Raises:
        RunFolderError: The folder holds none.
    """
    record, arrays = load_record(folder)
    return CrossValidation(record, _Saved(folder, arrays))


def _record(result: "PopulationResult", asked: Mapping[str, Any]) -> Record:
    members = result.members
    facts = {
        **asked,
        "mode": result.mode,
        "compile_seconds": round(result.compile_seconds, 3),
        "run_seconds": round(result.run_seconds, 3),
        "num_programs": result.num_programs,
        "fused_heads": [head.layer.name for head in result.network.heads],
        "chooses_epoch": result.keeps_best_epochs,
        "versions": _versions(),
    }
    return Record(
        fold=np.array([member.fold for member in members]),
        seed=np.array([member.seed for member in members]),
        num_train=np.array([len(member.train_rows) for member in members]),
        num_validation=np.array([len(member.validation_rows) for member in members]),
        epochs_trained=result.epochs_trained,
        best_epochs=result.best_epochs,
        outcomes=result.outcomes,
        history=result.history,
        rises=result.network.directions(),
        facts=facts,
    )


def _versions() -> dict[str, str]:
    names = ("tenfold", "keras", "jax", "numpy")
    found = {name: str(getattr(sys.modules.get(name), "__version__", "")) for name in names}
    return {"python": platform.python_version(), **found}
