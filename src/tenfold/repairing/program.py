"""A program: what a user trains. A compiled model, the lines that prepare its rows, and the arguments of `fit`.

A candidate of a repair makes one program of another; the untouched program is the one that all are compared with.
Programs are never changed in place.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tenfold.engine.starts import deferring_initializers
from tenfold.precision.fusing import fuse
from tenfold.repairing.rewriting import fresh, rewritten
from tenfold.repairing.task import Target

__all__ = ["Case", "Change", "FitArguments", "Program", "RowStep"]


STOP_SHARE = 0.15
"""Part of the training rows that early stopping watches (arbitrary)."""


@dataclass(frozen=True)
class FitArguments:
    """How `Model.fit` is called.

    Attributes:
        epochs: Epochs at most.
        batch_size: Rows of a training step.
        shuffle: Whether the rows are shuffled each epoch.
        class_weight: Weight of each class.
        patience: Epochs without a better loss on rows held back until training stops with the best weights; None
            without early stopping.
        validation_split: The last part of the rows, held out of training.
        mixes_rows: Whether the rows are shuffled before that part is taken.
    """

    epochs: int
    batch_size: int = 32
    shuffle: bool = True
    class_weight: Mapping[int, float] | None = None
    patience: int | None = None
    validation_split: float = 0.0
    mixes_rows: bool = False


@dataclass(frozen=True)
class RowStep:
    """A line that prepares the rows before training, where no model could make sense of them as they are.

    Attributes:
        code: The line, with `x` and `y`; NumPy is `np`.
        apply: The same on arrays.
    """

    code: str
    apply: Callable[[Any, Any], tuple[Any, Any]] = field(compare=False)


@dataclass(frozen=True)
class Change:
    """A repair that a program has.

    Attributes:
        code: Of the finding that asked for it; empty for a change that goes beyond the findings.
        fault: The finding's fault.
        candidate: Name of the candidate.
        says: What was changed, as a phrase.
        apply: Makes a program with the change of one without, given the rows that numbers may be taken from; None
            where it does not apply.
        gain: What it brought on the rows that chose it, in the score's unit; None where it was kept with others.
        low: What the gain is at least, 95 times in 100.
    """

    code: str
    fault: str
    candidate: str
    says: str
    apply: "Callable[[Program, Case], Program | None]" = field(compare=False, repr=False)
    gain: float | None = None
    low: float | None = None

    def to_json(self) -> dict[str, Any]:
        """What was changed, as JSON values."""
        named = ("code", "fault", "candidate", "says", "gain", "low")
        return {name: getattr(self, name) for name in named}


@dataclass(frozen=True)
class Case:
    """The rows that a repair may take numbers from, and what they ask for.

    Attributes:
        x: Inputs as NumPy arrays, nested as the model takes them.
        y: Targets likewise.
        targets: What each output's targets ask for.
    """

    x: Any = field(repr=False)
    y: Any = field(repr=False)
    targets: tuple[Target, ...] = ()


@dataclass(frozen=True)
class Program:
    """A model with the way it is trained.

    Attributes:
        model: Compiled; a template that is never trained.
        fit: Arguments of `fit`.
        steps: Lines that prepare the rows.
        changes: The repairs it has, in the order in which they were made.
        is_fused: Whether heads are trained on their logits.
        spellings: Layer -> argument -> how Python code computes it from `x` and `y`, for numbers taken from the rows.
    """

    model: Any = field(repr=False)
    fit: FitArguments
    steps: tuple[RowStep, ...] = ()
    changes: tuple[Change, ...] = ()
    is_fused: bool = False
    spellings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def build(self) -> Any:
        """A new, untrained model."""
        return fresh(self.model)

    def finished(self) -> Any:
        """A new, untrained model as the user gets it."""
        model = fuse(self.build()) if self.is_fused else self.build()
        if not model.optimizer.built:  # else Keras warns when the model is loaded from a file
            model.optimizer.build(model.trainable_variables)
        return model

    def rows(self, x: Any, y: Any) -> tuple[Any, Any]:
        """Inputs and targets as the program prepares them."""
        for step in self.steps:
            x, y = step.apply(x, y)
        return x, y

    def rewritten(self, instead: Mapping[str, Any], **compile_changes: Any) -> "Program":
        """With other layers, or compiled otherwise."""
        with deferring_initializers():
            return replace(self, model=rewritten(self.model, instead, **compile_changes))

    def compiled(self, **compile_changes: Any) -> "Program":
        """The same architecture, compiled otherwise."""
        return self.rewritten({}, **compile_changes)

    def fitted(self, **arguments: Any) -> "Program":
        """With other arguments of `fit`."""
        return replace(self, fit=replace(self.fit, **arguments))

    def spelled(self, layer: str, **expressions: str) -> "Program":
        """With the Python expressions of a layer's numbers."""
        return replace(self, spellings={**self.spellings, layer: expressions})

    def with_change(self, change: Change, case: Case) -> "Program | None":
        """With one repair more; None where it does not apply or would change nothing."""
        changed = change.apply(self, case)
        return None if changed is None else replace(changed, changes=(*self.changes, change))
