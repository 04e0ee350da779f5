"""`tenfold.load_model`: a saved Keras model of any age.

    model = tenfold.load_model("model.keras")     # Keras 3
    model = tenfold.load_model("old.h5")          # Keras 1, 2 and 3, and TensorFlow's Keras

`keras.saving.load_model` reads what Keras 3 wrote. Files of Keras 1 and 2 are translated first: names of layers and
arguments, the functions that changed their meaning, the layout of the arrays (docs/layers.md). Code in a file, which a
Lambda layer is, is not run unless it is asked for.
"""

import json
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import h5py
import keras
from keras.src.utils.python_utils import func_load

import tenfold.layers  # noqa: F401  # registers the layers that a file may hold
from tenfold.errors import ModelError, did_you_mean
from tenfold.model_files.configurations import translated_network
from tenfold.model_files.trainings import compile_arguments
from tenfold.model_files.weights import Saved, assign
from tenfold.precision import fused_models  # noqa: F401  # registers what `tenfold.precision.fuse` makes

__all__ = ["load_model"]

SUFFIXES = (".keras", ".h5", ".hdf5")
FIRST_OF_KERAS_3 = 3

_ALIASES = {
    "mse": keras.losses.mean_squared_error,
    "mae": keras.losses.mean_absolute_error,
    "mape": keras.losses.mean_absolute_percentage_error,
    "msle": keras.losses.mean_squared_logarithmic_error,
}
"""Short names that Keras writes into `.h5` files and does not know when it reads them (3.15)."""

_FAILURES = (ValueError, TypeError, OSError, KeyError, AttributeError, ImportError, IndexError, NotImplementedError)


def load_model(
    path: str | Path,
    *,
    custom_objects: Mapping[str, Any] | None = None,
    compile: bool = True,  # noqa: A002  # as `keras.saving.load_model` names it
    safe_mode: bool = True,
) -> Any:
    """Read a saved Keras model: `.keras`, or `.h5` and `.hdf5` of Keras 1, 2 and 3.

    Of an old file everything is read but what the optimizer had gathered: training goes on with fresh slots. Layers
    that Keras 3 left behind come from `tenfold.layers`, and the model is saved as any other.

    Args:
        path: The file.
        custom_objects: Classes and functions of your own by the names that the file uses. A Lambda layer of an old file
            takes the function of its layer's name.
        compile: Whether to compile the model as the file says.
        safe_mode: False runs the Python code of Lambda layers in the file; do that only with a file that you trust and
            that this version of Python wrote.

    Returns:
        A `keras.Model`; compiled where the file says how and `compile` is True.

    Raises:
        ModelError: No such file, no model in it, or one that cannot be read, with the layer and the reason.

    Example:
        >>> load_model("nowhere.h5")
        Traceback (most recent call last):
        tenfold.errors.ModelError: There is no file `nowhere.h5`. Expected: a .keras or .h5 file, as `model.save` ...
    """
    path, known = Path(path), dict(custom_objects or {})
    if path.suffix not in SUFFIXES or not path.is_file():
        raise ModelError(
            "no_such_model",
            f"`{path}` is no saved Keras model" if path.is_file() else f"There is no file `{path}`",
            expected="a .keras or .h5 file, as `model.save` writes it",
            hint=did_you_mean(path.name, [one.name for end in SUFFIXES for one in path.parent.glob(f"*{end}")]),
        )
    try:
        if path.suffix != ".keras" and _is_old(path):
            return _of_old_file(path, known, compiled=compile, safe_mode=safe_mode)
        with warnings.catch_warnings():  # a model saved before training has no slots; nobody needs them here
            warnings.filterwarnings("ignore", ".*variable loading for optimizer.*", UserWarning)
            return keras.saving.load_model(
                path, custom_objects={**_ALIASES, **known}, compile=compile, safe_mode=safe_mode
            )
    except ModelError:
        raise
    except _FAILURES as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> ModelError:
    inner = str(error).rpartition("Exception encountered:")[2]  # Keras wraps the reason in what it tried
    lines = [line.strip() for line in inner.splitlines() if line.strip()]
    return ModelError(
        "unreadable_model",
        f"Keras cannot load `{path.name}`: {(lines or [type(error).__name__])[0][:200]}",
        expected="a model of the layers of Keras or `tenfold.layers`",
        hint="for layers or losses of your own tenfold.load_model(path, custom_objects={name: ...}); at the command "
        "line --build FILE.py:FUNCTION",
    )


def _is_old(path: Path) -> bool:
    """Whether Keras 1 or 2 wrote an HDF5 file; a file that does not say is of Keras 1."""
    with h5py.File(path, "r") as file:
        if "model_config" not in file.attrs:
            has_weights = "layer_names" in file.attrs or "layers" in file or any(file)
            raise ModelError(
                "no_model_config",
                f"`{path.name}` holds {'weights' if has_weights else 'nothing'}, not a whole network",
                expected="a file of `model.save`, which holds the layers too",
                hint="build the network in Python, then model.load_weights(path)" if has_weights else None,
            )
        return _major(file) < FIRST_OF_KERAS_3


def _major(file: Any) -> int:
    version = _text(file.attrs.get("keras_version", file["model_weights"].attrs.get("keras_version", "1")))
    return int(version.split(".")[0])


def _of_old_file(path: Path, known: dict[str, Any], *, compiled: bool, safe_mode: bool) -> Any:
    with h5py.File(path, "r") as file:
        described = json.loads(_text(file.attrs["model_config"]))
        lambdas = _Lambdas(path.name, known, safe_mode=safe_mode)
        network = translated_network(described, lambdas, known)
        build = keras.Sequential.from_config if network["class_name"] == "Sequential" else keras.Model.from_config
        with keras.saving.custom_object_scope({**known, **lambdas.functions}):
            model = build(network["config"], custom_objects={**known, **lambdas.functions})
        _give_weights(model, file["model_weights"], is_keras_1=_major(file) == 1)
        training = file.attrs.get("training_config")
    if compiled and training is not None:
        model.compile(**compile_arguments(json.loads(_text(training)), known))
    return model


class _Lambdas:
    """What stands in for the code of Lambda layers: the caller's function, or the file's own where that is asked for.

    Args:
        file: Name of the file, for messages.
        known: Functions of the caller by the name of the layer, or by their own.
        safe_mode: Whether code of the file stays unread.
    """

    def __init__(self, file: str, known: Mapping[str, Any], *, safe_mode: bool) -> None:
        self.file, self.known, self.safe_mode = file, known, safe_mode
        self.functions: dict[str, Any] = {}

    def __call__(self, name: str, config: Mapping[str, Any]) -> Any:
        code = config.get("function")
        named = [name, *([code] if isinstance(code, str) else [])]
        found = next((self.known[one] for one in named if one in self.known), None)
        if found is None and not self.safe_mode and isinstance(code, list):
            found = func_load(code[0], defaults=code[1], closure=code[2])
        if found is None:
            raise ModelError(
                "code_in_file",
                f"Layer `{name}` of `{self.file}` is a Lambda: Python code, which is not run from a file",
                expected="a function of yours that does the same",
                hint=f"tenfold.load_model(path, custom_objects={{'{name}': function}}); a file that you trust, written "
                "by this version of Python, loads with safe_mode=False; at the command line --build FILE.py:FUNCTION",
            )
        key = f"code_of_{name}"
        self.functions[key] = found
        return {"module": "builtins", "class_name": "function", "config": key, "registered_name": "function"}


def _give_weights(model: Any, group: Any, *, is_keras_1: bool) -> None:
    """Each layer's arrays, by the layer's name."""
    backend = _text(group.attrs.get("backend", "tensorflow"))
    layers = {layer.name: layer for layer in model.layers}
    filled = set()
    for name in _names(group, "layer_names"):
        of_layer = group[name]
        names = _names(of_layer, "weight_names")
        if not names:
            continue
        if name not in layers:
            raise ModelError(
                "weights_differ", f"The file holds weights of a layer `{name}`, which its network does not have",
                expected=f"one of {', '.join(layers)}",
            )  # fmt: skip
        arrays = tuple(of_layer[one][()] for one in names)
        assign(layers[name], Saved(tuple(names), arrays, is_keras_1, backend))
        filled.add(name)
    missing = [name for name, layer in layers.items() if layer.weights and name not in filled]
    if missing:
        raise ModelError(
            "weights_differ", f"The file holds no weights of layer `{missing[0]}`", expected="weights of every layer",
        )  # fmt: skip


def _names(group: Any, key: str) -> list[str]:
    """A list of names, which Keras cuts into pieces where it is long."""
    if key in group.attrs:
        return [_text(one) for one in group.attrs[key]]
    found: list[str] = []
    while f"{key}{len(found)}" in group.attrs:
        found.append(f"{key}{len(found)}")
    return [_text(one) for piece in found for one in group.attrs[piece]]


def _text(value: Any) -> str:
    return value.decode("utf-8") if isinstance(value, bytes) else str(value)
