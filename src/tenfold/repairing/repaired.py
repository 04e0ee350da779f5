"""What a repair gives back: the model, the changes, the code before and after, and the evidence."""

import difflib
import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np

from tenfold.engine.network import Batch
from tenfold.repairing.program import Change, Program
from tenfold.repairing.program_code import program_code
from tenfold.repairing.scoring import callbacks_of, train_whole

__all__ = ["NOTHING_FOUND", "NOTHING_HELPS", "Repair", "repaired", "unchanged"]


@dataclass(frozen=True, repr=False)
class Repair:
    """The result of `tenfold.repair`.

    Attributes:
        model: The repaired model: compiled and untrained, ready for the user's own `fit`. The user's own model where
            nothing was changed.
        changes: What was changed, in the order in which it was.
        diff: The program as Python code, before and after, as a unified diff; empty where nothing was changed.
        code: The repaired program as Python code: `build_model` and `train_model`.
        fit_arguments: Arguments for `model.fit(x, y, ...)`.
        evidence: Scores of every candidate on every seed, whether it was kept and why: JSON values.
        verdict: In a sentence what came out.
    """

    model: Any
    changes: tuple[Change, ...]
    diff: str
    code: str
    fit_arguments: dict[str, Any]
    evidence: dict[str, Any] = field(repr=False)
    verdict: str
    _train: Callable[[], Any] = field(repr=False)
    _prepare: Callable[[Any, Any], tuple[Any, Any]] = field(default=lambda x, y: (x, y), repr=False)

    @property
    def is_changed(self) -> bool:
        """Whether anything was changed."""
        return bool(self.changes)

    @functools.cached_property
    def trained(self) -> Any:
        """The program trained on all rows that were given, once it is asked for."""
        return self._train()

    def prepare(self, x: Any, y: Any) -> tuple[Any, Any]:
        """Rows as the repaired program prepares them before `fit`; as they are, unless labels or gaps were repaired."""
        return self._prepare(x, y)

    def table(self) -> str:
        """The changes with what each brought, a line each."""
        if not self.changes:
            return self.verdict
        width = max(len(change.says) for change in self.changes)
        lines = [f"  {change.code or '-':<6} {change.says:<{width}}  {_gain(change)}" for change in self.changes]
        return "\n".join([self.verdict, *lines])

    def __repr__(self) -> str:
        return f"<Repair: {self.table()}\n .model .diff .code .fit_arguments .trained .evidence>"


def _gain(change: Change) -> str:
    if change.gain is None:
        return ""
    return f"{change.gain:+.3f}" + (f" (at least {change.low:+.3f})" if change.low and change.low > 0 else " (unsure)")


NOTHING_FOUND = "nothing was found, so nothing was changed"
NOTHING_HELPS = "no repair is clearly better than the model as it is: nothing was changed"


def unchanged(
    model: Any, untouched: Program, data: Batch, evidence: dict[str, Any], verdict: str, *, seed: int
) -> Repair:
    """The result where nothing was found, or nothing helps: the user's own model.

    Args:
        model: That model.
        untouched: The program it belongs to.
        data: All rows.
        evidence: What was tried.
        verdict: Why nothing was changed.
        seed: Of the training, if it is asked for.
    """
    return Repair(
        model=model, changes=(), diff="", code=program_code(untouched), fit_arguments=_keras_arguments(untouched),
        evidence=evidence, verdict=verdict, _train=lambda: train_whole(untouched, data, seed=seed),
    )  # fmt: skip


def repaired(untouched: Program, program: Program, data: Batch, evidence: dict[str, Any], *, seed: int) -> Repair:
    """The result of a repair that helps.

    Args:
        untouched: The program before.
        program: The program with its repairs, numbers taken from all rows.
        data: All rows.
        evidence: What was tried.
        seed: Of the training.
    """
    before, after = program_code(untouched), program_code(program)
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), "before", "after", lineterm="")
    final = evidence["final"]
    old, new = (float(np.mean(final[side])) for side in ("before", "after"))
    verdict = f"{evidence['measure']} {old:.3g} -> {new:.3g} on sealed rows ({final['seeds']} seeds)"
    return Repair(
        model=program.finished(), changes=program.changes, diff="\n".join(lines), code=after,
        fit_arguments=_keras_arguments(program), evidence=evidence, verdict=verdict,
        _train=lambda: train_whole(program, data, seed=seed), _prepare=functools.partial(_prepared, program),
    )  # fmt: skip


def _prepared(program: Program, x: Any, y: Any) -> tuple[Any, Any]:
    """The rows as the written code has them before `fit`."""
    x, y = program.rows(x, y)
    if not (program.fit.mixes_rows and program.fit.validation_split):
        return x, y
    order = np.random.default_rng(0).permutation(len(keras.tree.flatten(y)[0]))
    mixed: tuple[Any, Any] = keras.tree.map_structure(lambda leaf: np.asarray(leaf)[order], (x, y))
    return mixed


def _keras_arguments(program: Program) -> dict[str, Any]:
    fit = program.fit
    found: dict[str, Any] = {"epochs": fit.epochs, "batch_size": fit.batch_size}
    if fit.class_weight is not None:
        found["class_weight"] = dict(fit.class_weight)
    if not fit.shuffle:
        found["shuffle"] = False
    if fit.validation_split:
        found["validation_split"] = fit.validation_split
    if fit.patience is not None:
        found["callbacks"] = callbacks_of(fit)
    return found
