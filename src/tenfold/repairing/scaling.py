"""Inputs and targets on a scale that gradient descent copes with, inside the model: `scale_inputs`, `scale_targets`.

The repaired model takes the same rows and answers in the same unit as before. Inputs pass a `Normalization` with the
mean and variance of the training rows (pixels: a `Rescaling` by 1/255); answers pass a last `Rescaling` with the
targets' standard deviation and mean, so that the layers before it learn standardised targets. A loss of such answers is
as much larger as the target's scale; for optimizers whose steps grow with the gradient it is weighted down again, which
makes training the same as on standardised targets.

Source: LeCun et al. (1998), Efficient BackProp, section 4.3, for inputs and targets.
"""

import functools
from collections.abc import Iterator
from typing import Any

import keras
import numpy as np

from tenfold.engine.compile_arguments import compile_arguments
from tenfold.repairing.graph import consumers, head_of, is_rewritable, layer_named
from tenfold.repairing.outputs import in_order, loss_of, num_outputs, of_output, with_output
from tenfold.repairing.program import Case, Change, Program
from tenfold.repairing.proposal import Asked, proposal
from tenfold.repairing.rewriting import changed, new_layer

__all__ = ["propose_input_scaling", "propose_target_scaling"]

DIGITS = 7
"""Significant digits of numbers taken from the rows: what float32 holds."""

_PIXELS = 255.0
_IMAGE_AXES = 4
_ADAPTIVE = ("adam", "adamw", "adamax", "nadam", "rmsprop", "adagrad", "adadelta", "adafactor", "lamb", "lion")
"""Optimizers whose steps do not grow with the scale of the loss."""


def propose_input_scaling(program: Program, case: Case, asked: Asked) -> Iterator[Change]:
    """All inputs that are numbers, scaled; images both ways."""
    if not is_rewritable(program.model):
        return
    arrays = list(keras.tree.flatten(case.x))
    if any(_are_pixels(array) for array in arrays):
        yield proposal(asked, "scale_inputs", "pixels divided by 255 inside the model", _divide_pixels)
    yield proposal(asked, "scale_inputs", "inputs standardised inside the model", _standardise_inputs)


def propose_target_scaling(program: Program, case: Case, asked: Asked) -> Iterator[Change]:
    """Answers brought to the targets' unit by a last layer."""
    if not is_rewritable(program.model):
        return
    for output in range(num_outputs(program.model)):
        if case.targets[output].kind == "numbers":
            says = "targets standardised inside the model: a last layer brings answers back to their unit"
            yield proposal(asked, "scale_targets", says, functools.partial(_scale_target, output))


def _divide_pixels(program: Program, case: Case) -> Program | None:
    chains = {
        tensor.name: [new_layer(program.model, keras.layers.Rescaling, 1 / _PIXELS)]
        for tensor, array in _numeric_inputs(program.model, case)
        if _are_pixels(array) and not _is_scaled(program.model, tensor.name)
    }
    return program.rewritten(chains) if len(chains) == 1 else None


def _standardise_inputs(program: Program, case: Case) -> Program | None:
    model, chains, spelled = program.model, {}, {}
    for number, (tensor, array) in enumerate(_numeric_inputs(model, case)):
        if _is_scaled(model, tensor.name):
            continue
        layer = _normalization(model, array, number)
        chains[tensor.name] = [layer]
        spelled[layer.name] = _spelling(case.x, array)
    if not chains:
        return None
    changed_program = program.rewritten(chains)
    for name, expressions in spelled.items():
        changed_program = changed_program.spelled(name, **expressions)
    return changed_program


def _normalization(model: Any, array: np.ndarray, number: int) -> Any:
    axes = tuple(range(array.ndim - 1))
    with np.errstate(invalid="ignore"):
        mean, variance = np.nanmean(array, axis=axes, dtype=np.float64), np.nanvar(array, axis=axes, dtype=np.float64)
    variance = np.where(variance > 0, variance, 1.0)
    layer = new_layer(model, keras.layers.Normalization, mean=_rounded(mean), variance=_rounded(variance))
    return changed(layer, name=f"{layer.name}_{number}") if number else layer


def _spelling(x: Any, array: np.ndarray) -> dict[str, str]:
    """How Python code computes these numbers from `x`."""
    name = _place(x, array)
    axes = "0" if array.ndim == 2 else str(tuple(range(array.ndim - 1)))  # noqa: PLR2004
    mean, variance = ("np.nanmean", "np.nanvar") if np.isnan(array).any() else ("np.mean", "np.var")
    spread = f"{variance}({name}, axis={axes})"
    is_constant = (np.nanmin(array, axis=tuple(range(array.ndim - 1))) == np.nanmax(array, axis=0)).any()
    if array.ndim == 2 and is_constant:  # noqa: PLR2004
        spread = f"np.where({spread} > 0, {spread}, 1)"
    return {"mean": f"{mean}({name}, axis={axes})", "variance": spread}


def _place(x: Any, array: np.ndarray) -> str:
    """Where the array stands in `x`, as Python writes it."""
    if isinstance(x, dict):
        return next(f"x[{name!r}]" for name, one in x.items() if one is array)
    if isinstance(x, list | tuple):
        return next(f"x[{number}]" for number, one in enumerate(x) if one is array)
    return "x"


def _scale_target(output: int, program: Program, case: Case) -> Program | None:
    model, head = program.model, head_of(program.model, output)
    if head is None or head.after or head.layer.activation is not keras.activations.linear:
        return None
    target = np.asarray(in_order(model, case.y)[output], np.float64)
    spread, centre = float(np.nanstd(target)), float(np.nanmean(target))
    if not spread > 0:
        return None
    last, name = head.layer, new_layer(model, keras.layers.Rescaling, 1.0).name
    if num_outputs(model) > 1:  # losses know the output by its name
        last, name = changed(head.layer, name=f"{head.layer.name}_standardised"), head.layer.name
    else:
        last = changed(head.layer)
    layer = keras.layers.Rescaling(_rounded(spread), offset=_rounded(centre), name=name)
    changed_program = program.rewritten({head.layer.name: [last, layer]}, **_weighted(model, output, spread))
    if isinstance(case.y, np.ndarray):
        changed_program = changed_program.spelled(name, scale="np.std(y)", offset="np.mean(y)")
    return changed_program


def _weighted(model: Any, output: int, spread: float) -> dict[str, Any]:
    """A weight that brings the loss back to standardised targets, where the optimizer's steps follow its scale."""
    given = compile_arguments(model)
    optimizer = given["optimizer"]
    clips = optimizer.clipnorm or optimizer.global_clipnorm or optimizer.clipvalue
    if type(optimizer).__name__.lower() in _ADAPTIVE and not clips:
        return {}
    power = 2 if loss_of(model, output) == "mean_squared_error" else 1
    before = given["loss_weights"]
    old = of_output(model, before, output) if before is not None else 1.0
    weight = _rounded((1.0 if old is None else float(old)) / spread**power)
    if num_outputs(model) > 1 and before is None:
        before = [1.0] * num_outputs(model)
    return {"loss_weights": with_output(model, before, output, weight)}


def _numeric_inputs(model: Any, case: Case) -> list[tuple[Any, np.ndarray]]:
    """Inputs that no embedding reads, with their arrays."""
    pairs = zip(keras.tree.flatten(model.inputs), keras.tree.flatten(case.x), strict=False)
    return [(tensor, array) for tensor, array in pairs if not _are_tokens(model, tensor.name)]


def _are_tokens(model: Any, name: str) -> bool:
    return any(isinstance(layer_named(model, one), keras.layers.Embedding) for one in consumers(model, name))


def _is_scaled(model: Any, name: str) -> bool:
    kinds = (keras.layers.Normalization, keras.layers.Rescaling)
    return any(isinstance(layer_named(model, one), kinds) for one in consumers(model, name))


def _are_pixels(array: np.ndarray) -> bool:
    """Whole numbers from 0 to at most 255 that reach beyond 1, in images or in wide tables of them."""
    largest = float(np.nanmax(array))
    return array.ndim >= _IMAGE_AXES - 1 and float(np.nanmin(array)) >= 0 and 1 < largest <= _PIXELS


def _rounded(value: Any) -> Any:
    """To as many digits as count, so that code and configuration can say the same number."""
    if np.ndim(value) == 0:
        return float(f"{float(value):.{DIGITS}g}")
    return [_rounded(one) for one in value]
