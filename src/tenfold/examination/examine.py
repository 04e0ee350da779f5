"""`tenfold.examine`: what is wrong with a model on its data, the likeliest first cause first.

    for finding in tenfold.examine(model, x, y, epochs=20, batch_size=32):
        print(finding)

Static and data checks come first, then short probe trainings that confirm or clear what they suspect; the model given
is never trained or changed.
"""

from collections.abc import Iterable
from typing import Any

import keras

from tenfold.checks.facts import Evidence
from tenfold.checks.judging import Findings, judge
from tenfold.engine.arrays import first_rows, num_rows, to_arrays
from tenfold.engine.network import Batch, Network, require_jax
from tenfold.engine.training import check_seeds
from tenfold.errors import ModelError, OptionError
from tenfold.examination.copies import copier
from tenfold.examination.probing import probe
from tenfold.examination.rounding import look_at_rounding
from tenfold.observation.data_facts import data_facts
from tenfold.observation.model_facts import model_facts

__all__ = ["evidence_of", "examine"]


def examine(
    model: Any,
    x: Any,
    y: Any,
    *,
    validation_data: Any = None,
    epochs: int = 10,
    batch_size: int = 32,
    shuffle: bool = True,
    seed: int = 0,
    mute: Iterable[str] = (),
    budget_seconds: float = 20.0,
) -> Findings:
    """Find out what is wrong with a model on its data.

    Args:
        model: A compiled Keras model; it is not changed.
        x: Inputs, as `Model.fit` takes them: arrays or pandas objects, nested or not.
        y: Targets likewise.
        validation_data: `(x, y)` as given to `fit`; without it a fifth of the rows is held out.
        epochs: Epochs that your own `fit` has; judged as such.
        batch_size: Its batch size, likewise.
        shuffle: Whether it shuffles the rows.
        seed: Seed of the probe trainings, 0 or above.
        mute: Codes of checks or kinds of fault to leave out, such as `"TF402"` or `"metric"`.
        budget_seconds: About how long the probe trainings may take, in seconds, compiling not counted.

    Returns:
        The findings as a sequence, likeliest first cause first, with `.table()` and `.to_json()`.

    Raises:
        ModelError: Not a compiled Keras model.
        TableError: Inputs and targets have different numbers of rows, or hold what is not a number.
        OptionError: A number out of range, or a name to mute that does not exist.
    """
    evidence = evidence_of(
        model, x, y, validation_data=validation_data, epochs=epochs, batch_size=batch_size, shuffle=shuffle, seed=seed,
        budget_seconds=budget_seconds,
    )  # fmt: skip
    return judge(evidence, mute=tuple(mute))


def evidence_of(
    model: Any, x: Any, y: Any, *, validation_data: Any = None, epochs: int = 10, batch_size: int = 32,
    shuffle: bool = True, seed: int = 0, budget_seconds: float = 20.0,
) -> Evidence:  # fmt: skip
    """All that the checks look at; arguments as for `examine`."""
    require_jax()
    _check_numbers(epochs=epochs, batch_size=batch_size, seed=seed)
    data = to_arrays(x, y)
    held_out = None if validation_data is None else to_arrays(*keras.utils.unpack_x_y_sample_weight(validation_data))
    network, misfit = _network(model, data, batch_size)
    of_model = model_facts(model, data.x, data.y, batch_size=batch_size)
    given = None if held_out is None else (held_out.x, held_out.y)
    of_data = data_facts(data.x, data.y, given, seed=seed, model=of_model)
    of_probe = history = None
    of_rounding = None
    because = of_model.misfit or ("" if network is not None else misfit) or _hindrance(model, data)
    if network is not None and not of_model.misfit and not misfit:
        of_model, of_rounding = look_at_rounding(model, of_model, data, batch_size)
    if network is not None and not because:
        try:
            probed = probe(
                network, data, held_out, of_model, of_data, epochs=epochs, batch_size=batch_size,
                budget_seconds=budget_seconds, seed=seed,
            )  # fmt: skip
        except ModelError as error:  # what the engine cannot train; static checks stand by themselves
            because = error.what
        else:
            of_probe, history = probed.facts, probed.history
    return Evidence(
        of_model, of_data, of_probe, history, epochs, batch_size, shuffle, of_rounding, {"not_probed": because}
    )


_LEAST_ROWS = 4
"""Rows below which there is nothing to train and hold out."""


def _hindrance(model: Any, data: Batch) -> str:
    """Why no probe can train this model, as a phrase; empty where one can."""
    if num_rows(data) < _LEAST_ROWS:
        return f"{num_rows(data)} rows are too few to train on and hold out"
    if any(getattr(layer, "stateful", False) and hasattr(layer, "reset_state") for layer in model._flatten_layers()):
        return "a recurrent layer keeps its state from batch to batch"
    if any(shape[0] is not None for shape in _input_shapes(model)):
        return "the model takes batches of one size only"
    return ""


def _input_shapes(model: Any) -> list[tuple[int | None, ...]]:
    inputs = getattr(model, "inputs", None)
    return [tuple(one.shape) for one in keras.tree.flatten(inputs)] if inputs is not None else []


def _network(model: Any, data: Batch, batch_size: int) -> tuple[Network | None, str]:
    """What the probes train, unfused, and what keeps the model from fitting its data; None where nothing can train.

    It is a copy where Keras can copy the model: without metrics, which alone may not fit, and with an optimizer of its
    own, which an `.h5` file does not bring whole.
    """
    if not isinstance(model, keras.Model):
        raise ModelError(
            "not_a_model", "`model` is not a Keras model", expected="a compiled keras.Model",
            received=type(model).__name__,
        )  # fmt: skip
    sample, complaint = first_rows(data, min(batch_size, num_rows(data))), ""
    try:
        network: Network | None = Network(model, sample, fuse=False)
    except ModelError as error:
        if error.code == "not_compiled":
            raise
        network, complaint = None, error.what
    build = copier(model)
    if build is model:
        return network, complaint
    try:
        return Network(build(), sample, fuse=False), complaint
    except ModelError:
        return None, complaint


def _check_numbers(*, epochs: int, batch_size: int, seed: int) -> None:
    check_seeds(seed)
    for name, value in (("epochs", epochs), ("batch_size", batch_size)):
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise OptionError(name, f"`{name}` must be a whole number of at least 1", received=repr(value))
