"""What a training left behind: plain NumPy arrays, to look at, to save and to load without JAX or Keras.

A record is a folder: `record.json` (what was asked, names and shapes), `members.parquet` (a row a member),
`history.parquet` (a row a member and epoch), `predictions.npz` (out of fold, in the order of the rows). Files are
written under a temporary name and renamed; loading executes nothing from them.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float, Int

from tenfold.errors import RunFolderError
from tenfold.writing import writing

__all__ = ["Record", "load_record", "save_record"]

SCHEMA = 1


@dataclass(frozen=True)
class Record:
    """The numbers of a population's training.

    Attributes:
        fold: Fold of each member.
        seed: Seed of each member, counted from 0.
        num_train: Training rows of each member.
        num_validation: Validation rows of each member.
        epochs_trained: Epochs of each member.
        best_epochs: The epoch, counted from 0, whose weights each member has.
        outcomes: `"ran"`, `"stopped_early"` or `"nonfinite_loss"` for each member.
        history: Logs by Keras' own names, shape `(member, epoch)`; NaN after a member stopped.
        rises: Whether larger is better, for each log of a metric whose direction is known.
        facts: What else the report needs: sizes, versions, seconds, mode. JSON values only.
    """

    fold: Int[np.ndarray, " member"]
    seed: Int[np.ndarray, " member"]
    num_train: Int[np.ndarray, " member"]
    num_validation: Int[np.ndarray, " member"]
    epochs_trained: Int[np.ndarray, " member"]
    best_epochs: Int[np.ndarray, " member"]
    outcomes: list[str]
    history: dict[str, np.ndarray]
    rises: dict[str, bool]
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def num_members(self) -> int:
        """Number of members."""
        return len(self.outcomes)

    @property
    def metric_names(self) -> list[str]:
        """Names of the metrics that were measured on validation rows, the loss first."""
        return [name.removeprefix("val_") for name in self.history if name.startswith("val_")]

    def score(self, metric: str) -> Float[np.ndarray, " member"]:
        """A validation metric of each member at the epoch whose weights it has.

        Args:
            metric: Name as in `metric_names`.
        """
        line = self.history[f"val_{metric}"]
        return np.asarray(line[np.arange(self.num_members), self.best_epochs], np.float64)

    def history_frame(self) -> pd.DataFrame:
        """A row a member and epoch: member, fold, seed, epoch (counted from 0), then Keras' own keys."""
        members = np.repeat(np.arange(self.num_members), self.epochs_trained)
        epochs = np.concatenate([np.arange(count) for count in self.epochs_trained])
        frame = pd.DataFrame(
            {"member": members, "fold": self.fold[members], "seed": self.seed[members], "epoch": epochs}
        )
        for name, line in self.history.items():
            values = line[members, epochs]
            frame[name] = values if values.ndim == 1 else list(values)
        return frame

    def member_frame(self) -> pd.DataFrame:
        """A row a member: fold, seed, rows, epochs, outcome, then the validation metrics."""
        frame = pd.DataFrame(
            {
                "fold": self.fold,
                "seed": self.seed,
                "train_rows": self.num_train,
                "validation_rows": self.num_validation,
                "epochs": self.epochs_trained,
                "best_epoch": self.best_epochs,
                "outcome": self.outcomes,
            }
        )
        frame.index.name = "member"
        for name in self.metric_names:
            if self.history[f"val_{name}"].ndim == 2:  # noqa: PLR2004  # (member, epoch): a metric of one number
                frame[name] = self.score(name)
        return frame


def save_record(record: Record, folder: Path, predictions: dict[str, np.ndarray] | None = None) -> None:
    """Write a record.

    Args:
        record: What to write.
        folder: Where; made if it is not there.
        predictions: Further arrays by name, such as out-of-fold predictions.

    Raises:
        MachineError: The folder cannot be written, or the disk is full.
    """
    arrays = {f"history/{name}": line for name, line in record.history.items()} | (predictions or {})
    with writing(folder / "members.parquet") as path:
        record.member_frame().to_parquet(path)
    with writing(folder / "history.parquet") as path:
        record.history_frame().to_parquet(path)
    with writing(folder / "arrays.npz") as path:
        np.savez_compressed(path, allow_pickle=False, **arrays)
    with writing(folder / "record.json") as path:
        path.write_text(json.dumps(_description(record), indent=1), encoding="utf-8")


def load_record(folder: Path) -> tuple[Record, dict[str, np.ndarray]]:
    """Read a record and the further arrays saved with it.

    Args:
        folder: What `save_record` wrote.

    Raises:
        RunFolderError: Not a record, or one of a later schema.
    """
    try:
        described = json.loads((folder / "record.json").read_text(encoding="utf-8"))
        with np.load(folder / "arrays.npz", allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
    except (OSError, ValueError) as error:
        raise RunFolderError(
            "not_a_record",
            f"`{folder}` holds no record that can be read: {error}",
            expected="record.json and arrays.npz",
        ) from error
    if described.get("schema") != SCHEMA:
        raise RunFolderError(
            "schema", f"`{folder}` has record schema {described.get('schema')}", expected=f"schema {SCHEMA}",
            hint="read it with the version of Tenfold that wrote it",
        )  # fmt: skip
    history = {name: arrays.pop(f"history/{name}") for name in described["history"]}
    counts = {name: np.array(described[name], np.int64) for name in _COUNTS}
    record = Record(
        **counts, outcomes=described["outcomes"], history=history, rises=described["rises"], facts=described["facts"]
    )
    return record, arrays


_COUNTS = ("fold", "seed", "num_train", "num_validation", "epochs_trained", "best_epochs")


def _description(record: Record) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        **{name: [int(value) for value in getattr(record, name)] for name in _COUNTS},
        "outcomes": record.outcomes,
        "history": list(record.history),
        "rises": record.rises,
        "facts": record.facts,
    }
