"""Objects of Keras' kind as Python expressions: the call that makes them, with the arguments that are not defaults.

What a default is, is asked of the class itself: an object made with nothing but its required arguments.
"""

import inspect
import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import keras
import numpy as np
from keras.src.utils.naming import to_snake_case

__all__ = ["Expressions", "is_counted", "quoted"]


class Expressions:
    """Writes objects.

    Args:
        write_layer: Writes a layer that stands inside another one.

    Attributes:
        imports: Lines to import the user's own parts.
        missing: Names of own parts that no module has.
    """

    def __init__(self, write_layer: Callable[[Any], str]) -> None:
        self.write_layer = write_layer
        self.imports: set[str] = set()
        self.missing: set[str] = set()

    def called(self, one: Any, spelled: Mapping[str, str] | None = None) -> str:
        """An object of Keras' kind (layer, optimizer, loss, ...) as the call that makes it."""
        spelled = spelled or {}
        positional: list[tuple[str, str]] = []
        named: list[tuple[str, str]] = []
        for name, value in _telling(one).items():
            text = spelled.get(name) or self.value(value)
            (positional if _is_positional(one, name) else named).append((name, text))
        words = [text for _, text in positional] + [f"{name}={text}" for name, text in named]
        return f"{self._class(type(one))}({', '.join(words)})"

    def value(self, value: Any) -> str:
        """A configuration's entry as a Python expression."""
        if isinstance(value, Mapping):
            return self._serialised(value) if "class_name" in value else self._mapping(value)
        if isinstance(value, np.ndarray | np.generic):
            return self.value(value.tolist())
        if isinstance(value, list | tuple):
            inside = ", ".join(map(self.value, value))
            return f"[{inside}]" if isinstance(value, list) else f"({inside}{',' if len(value) == 1 else ''})"
        if value is None or isinstance(value, str | int | float):
            return _plain(value)
        return self._object(value)

    def _mapping(self, value: Mapping[Any, Any]) -> str:
        return "{" + ", ".join(f"{self.value(name)}: {self.value(one)}" for name, one in value.items()) + "}"

    def _serialised(self, value: Mapping[str, Any]) -> str:
        if value["class_name"] == "DTypePolicy":
            return quoted(value["config"]["name"])
        if value["class_name"] == "function":
            self.missing.add(str(value["config"]))
            return str(value["config"])
        one = keras.saving.deserialize_keras_object(dict(value))
        return self._object(one)

    def _object(self, one: Any) -> str:
        """An initializer, regulariser, loss, metric or function: by its short name where nothing is set."""
        if isinstance(one, keras.Layer):
            return self.write_layer(one)
        if inspect.isfunction(one):
            return self._function_name(one)
        is_short = isinstance(one, keras.Initializer) and not _telling(one)
        return quoted(to_snake_case(type(one).__name__)) if is_short else self.called(one)

    def _function_name(self, one: Any) -> str:
        if one.__module__.startswith("keras.src."):
            return quoted(one.__name__)
        self._import(one.__module__, one.__name__)
        return str(one.__name__)

    def _class(self, kind: type) -> str:
        serialised = getattr(kind, "_api_export_path", None)
        paths = [serialised] if isinstance(serialised, str) else list(serialised or [])
        if paths and kind.__module__.startswith("keras.src."):
            own = min(paths, key=lambda path: (not path.endswith(f".{kind.__name__}"), len(path)))
            return own.removeprefix("keras.") if own.startswith("keras.layers.") else own
        self._import(kind.__module__, kind.__name__)
        return kind.__name__

    def _import(self, module: str, name: str) -> None:
        if module in ("__main__", "builtins") or "<locals>" in name or not name.isidentifier():
            self.missing.add(name)
        else:
            self.imports.add(f"from {module} import {name}")


def quoted(text: str) -> str:
    """A text as Python writes it, in double quotes."""
    return json.dumps(text, ensure_ascii=False)


def _plain(value: Any) -> str:
    if isinstance(value, str):
        return quoted(value)
    return repr(float(f"{value:.7g}")) if isinstance(value, float) else repr(value)


def _telling(one: Any) -> dict[str, Any]:
    """Entries of a configuration that differ from what the class would have by itself, required ones first."""
    config = one.get_config()
    parameters = inspect.signature(type(one).__init__).parameters
    required = [
        name for name, parameter in parameters.items()
        if parameter.default is parameter.empty and name in config and parameter.kind is not parameter.VAR_KEYWORD
    ]  # fmt: skip
    plain = type(one).from_config(_plainest(config, parameters, required)).get_config()
    accepts_all = any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values())
    if isinstance(one, keras.optimizers.Optimizer):
        required.append("learning_rate")  # said even where it is the default: it is what everybody asks first
    told = {name: config[name] for name in required if name in config}
    for name, value in config.items():
        is_argument = name in parameters or (accepts_all and name in ("dtype", "trainable", "name"))
        is_name = name == "name" and (value is None or is_counted(str(value), type(one).__name__))
        if name in told or not is_argument or is_name or _same(value, plain.get(name)):
            continue
        told[name] = value
    if "name" in told and "name" not in required:
        told["name"] = told.pop("name")  # last, as people write it
    if isinstance(one, keras.Metric | keras.Loss) and told.get("name") == plain.get("name"):
        told.pop("name", None)
    return told


def _plainest(config: Mapping[str, Any], parameters: Mapping[str, Any], required: Sequence[str]) -> dict[str, Any]:
    """A configuration with nothing but what the class requires; its own defaults for the rest."""
    own = {name: one.default for name, one in parameters.items() if name in config and one.default is not one.empty}
    return {**own, **{name: config[name] for name in required if name in config}}


def _same(one: Any, other: Any) -> bool:
    return json.dumps(one, sort_keys=True, default=_told) == json.dumps(other, sort_keys=True, default=_told)


def _told(value: Any) -> Any:
    return np.asarray(value).tolist() if isinstance(value, np.ndarray | np.generic) else repr(value)


def _is_positional(one: Any, name: str) -> bool:
    parameter = inspect.signature(type(one).__init__).parameters.get(name)
    return parameter is not None and parameter.default is parameter.empty


def is_counted(name: str, kind: str) -> bool:
    """Whether Keras gave the name, by counting.

    >>> is_counted("dense_3", "Dense"), is_counted("price", "Dense")
    (True, False)
    """
    stem = "input_layer" if kind == "InputLayer" else to_snake_case(kind)
    return re.fullmatch(rf"{re.escape(stem)}(_\d+)?|keras_tensor(_\d+)?", name) is not None
