"""`tenfold.precision.audit`: what floating point costs this model on this data.

    audit = tenfold.precision.audit(model, x, y)
    audit.clipped_share          # share of the rows whose loss is clipped
    audit.gradient_lost          # share of the rows that teach nothing although they should
    print(audit.table())         # digits lost layer by layer, unsafe operations, mixed precision

Nothing is trained and the model is not changed. What cannot be looked at is said in `notes`.
"""

import dataclasses
import json
import math
from collections.abc import Callable
from typing import Any, TypeVar

import jax
import numpy as np

from tenfold.engine.arrays import to_arrays
from tenfold.engine.fits import check_output_fits, compiled_targets
from tenfold.engine.losses import CROSSENTROPIES, hands_logits
from tenfold.engine.network import Batch, Network
from tenfold.errors import ModelError, OptionError
from tenfold.precision.audit_table import audit_table
from tenfold.precision.clipped_rows import ClippedOutput, clipped_outputs, model_answers
from tenfold.precision.digits import Digits, LayerDigits, compare_with_float64
from tenfold.precision.mixed import MixedStep, mixed_steps
from tenfold.precision.own_code import unsafe_in_layers, unsafe_in_losses
from tenfold.precision.unsafe.finding import UnsafeOperation

__all__ = ["Audit", "OutputAudit", "audit"]

Found = TypeVar("Found")


@dataclasses.dataclass(frozen=True)
class OutputAudit:
    """An output whose loss is a crossentropy of probabilities.

    Attributes:
        layer: Its last layer.
        activation: `"sigmoid"`, `"softmax"`, or `"none"` where numbers that are no probabilities are clipped as if they
            were.
        loss: Name of the loss.
        clipped_share: Share of rows whose loss is clipped.
        gradient_lost: Share of rows whose gradient is exactly 0 though the true one is not.
        frozen_share: Share of rows that are more wrong than right and have no gradient.
        magnitude_lost: Share of the summed true gradient that is lost.
    """

    layer: str
    activation: str
    loss: str
    clipped_share: float
    gradient_lost: float
    frozen_share: float
    magnitude_lost: float


@dataclasses.dataclass(frozen=True)
class Audit:
    """What floating point costs a model.

    Attributes:
        rows: Rows judged by.
        batch_size: Rows of the step that was taken in several precisions.
        outputs: Outputs whose loss clips probabilities.
        clipped_share: Share of rows whose loss is clipped in some output.
        gradient_lost: Share of rows whose gradient is exactly 0, in every output that clips, though the true one
            is not.
        frozen_share: Share of rows that are more wrong than right in some output and have no gradient there.
        magnitude_lost: Share of the summed true gradient (magnitude, float64, from the logits) that is lost; of several
            outputs the largest.
        loss_error: Relative error of one step's loss against float64; None where it cannot be measured.
        gradient_error: The same of its gradients, as norms.
        layers: Layer by layer.
        unsafe: Unsafe operations in losses, metrics, layers and activations.
        mixed: The step in mixed precision.
        notes: What could not be looked at, and why.
    """

    rows: int
    batch_size: int
    outputs: list[OutputAudit]
    clipped_share: float
    gradient_lost: float
    frozen_share: float
    magnitude_lost: float
    loss_error: float | None
    gradient_error: float | None
    layers: list[LayerDigits]
    unsafe: list[UnsafeOperation]
    mixed: list[MixedStep]
    notes: list[str]

    def table(self) -> str:
        """The audit in words and columns."""
        return audit_table(self.as_dict(), [str(one) for one in self.unsafe])

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as JSON has them; a number that is not finite is a word."""
        found = dataclasses.asdict(self)
        found["layers"] = [one._asdict() for one in self.layers]
        found["mixed"] = [one._asdict() for one in self.mixed]
        return {name: _plain(value) for name, value in found.items()}

    def to_json(self) -> str:
        """One JSON object."""
        return json.dumps(self.as_dict(), allow_nan=False)

    def __repr__(self) -> str:
        """One line."""
        lost = f"{self.clipped_share:.2%} of {self.rows} rows clipped, {self.frozen_share:.2%} frozen"
        return f"<Audit: {lost}, {len(self.unsafe)} unsafe operations; .table() .to_json()>"


def audit(
    model: Any,
    x: Any,
    y: Any,
    *,
    batch_size: int = 32,
    sample: int | None = 4096,
    mixed: bool = True,
    seed: int = 0,
) -> Audit:
    """Measure what floating point costs a model on data.

    Args:
        model: A compiled Keras model on the JAX backend, as it is now: fresh or trained.
        x: Inputs, as `Model.fit` takes them.
        y: Targets.
        batch_size: Rows of the training step that is repeated in float64 and in mixed precision; 1 or more.
        sample: Rows that the clip is looked for in, drawn at random; None for all. Default arbitrary: shares are known
            to about 1.5 points.
        mixed: Whether mixed precision is tried, which compiles four more programs.
        seed: Which rows are drawn.

    Returns:
        The audit.

    Raises:
        BackendError: Keras runs on another backend.
        ModelError: The model is not compiled or does not fit the data.
        OptionError: No row to judge by.
    """
    _check_numbers(batch_size, sample)
    data = to_arrays(x, y)
    rows = _drawn(data, sample, seed)
    network = Network(model, jax.tree.map(lambda leaf: leaf[:1], rows), fuse=False)
    check_output_fits(network, data)
    notes = _notes(model, network)
    step_rows = jax.tree.map(lambda leaf: leaf[:batch_size], rows)
    outputs = [] if network.follows_keras else clipped_outputs(model, rows, compiled_targets(model, rows.y))
    digits = _tried(notes, lambda: compare_with_float64(model, step_rows))
    return Audit(
        len(jax.tree.leaves(rows.x)[0]), len(jax.tree.leaves(step_rows.x)[0]),
        [_summary(one) for one in outputs], *_shares(outputs),
        digits.loss_error if digits else None, digits.gradient_error if digits else None,
        digits.layers if digits else [], _unsafe(model, network, rows, notes),
        _mixed(model, step_rows, digits, notes) if mixed and digits and not network.follows_keras else [], notes,
    )  # fmt: skip


def _check_numbers(batch_size: int, sample: int | None) -> None:
    for name, number in (("batch_size", batch_size), ("sample", sample)):
        if number is not None and (isinstance(number, bool) or not isinstance(number, int) or number < 1):
            raise OptionError(name, f"`{name}` must be a whole number of at least 1", received=repr(number))


def _drawn(data: Batch, sample: int | None, seed: int) -> Batch:
    """Rows at random, without weights."""
    number = len(jax.tree.leaves(data.x)[0])
    chosen = np.random.default_rng(seed).permutation(number)[: number if sample is None else sample]
    drawn: Batch = jax.tree.map(lambda leaf: leaf[chosen], data)
    return drawn


def _notes(model: Any, network: Network) -> list[str]:
    """What of the audit does not apply to this model."""
    if network.follows_keras:
        return ["The model has a training step or loss of its own: which rows it clips cannot be seen."]
    if hands_logits(model):
        return ["The model is a fused one: its heads train on logits, and nothing is clipped."]
    losses = [entry.loss for entry in model._compile_loss._flat_losses]
    if not any(getattr(loss, "fn", None) in CROSSENTROPIES for loss in losses):
        return ["No loss is a crossentropy of Keras, so no probability is clipped."]
    if all(getattr(loss, "_fn_kwargs", {}).get("from_logits") for loss in losses):
        return ["The losses read logits, so no probability is clipped."]
    return []


def _tried(notes: list[str], measure: Callable[[], Found]) -> Found | None:
    """A measurement, or a note of why it cannot be made."""
    try:
        return measure()
    except ModelError as error:
        notes.append(f"{error.what}: digits and mixed precision were not measured.")
    except (TypeError, ValueError, NotImplementedError) as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        notes.append(f"The step cannot be taken in another precision ({reason}): digits were not measured.")
    return None


def _mixed(model: Any, rows: Batch, digits: Digits, notes: list[str]) -> list[MixedStep]:
    return _tried(notes, lambda: mixed_steps(model, rows, compiled_targets(model, rows.y), digits.step)) or []


def _unsafe(model: Any, network: Network, rows: Batch, notes: list[str]) -> list[UnsafeOperation]:
    def search() -> list[UnsafeOperation]:
        in_layers = unsafe_in_layers(model, rows)
        if network.follows_keras:
            return in_layers
        answers = model_answers(model, jax.tree.map(lambda leaf: leaf[:256], rows.x), [])
        return unsafe_in_losses(model, compiled_targets(model, rows.y), answers) + in_layers

    try:
        return search()
    except (TypeError, ValueError, KeyError, NotImplementedError, jax.errors.JAXTypeError) as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        notes.append(f"The model's own code cannot be traced ({reason}): unsafe operations were not looked for.")
        return []


def _summary(one: ClippedOutput) -> OutputAudit:
    clipped, lost, frozen = (float(part.mean()) for part in (one.clipped, one.lost, one.frozen))
    return OutputAudit(one.layer, one.activation, one.loss, clipped, lost, frozen, one.magnitude_lost)


def _shares(outputs: list[ClippedOutput]) -> tuple[float, float, float, float]:
    """Clipped, lost, frozen, magnitude; of all outputs together."""
    if not outputs:
        return 0.0, 0.0, 0.0, 0.0
    clipped, frozen = (np.any([getattr(one, name) for one in outputs], axis=0) for name in ("clipped", "frozen"))
    lost = np.all([one.lost for one in outputs], axis=0)
    return float(clipped.mean()), float(lost.mean()), float(frozen.mean()), max(one.magnitude_lost for one in outputs)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value
