"""What a Keras 1 or 2 file says of its network, in the words of Keras 3: classes, arguments, the graph.

    translated({"class_name": "Sequential", "config": [{"class_name": "Dense", "config": {"output_dim": 3, ...}}]})
    # {"name": "sequential", "layers": [InputLayer of the first layer's shape, Dense(units=3), ...]}

Nothing is built here, and no code of the file is run.
"""

import copy
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import keras

import tenfold.layers
from tenfold.errors import ModelError
from tenfold.layers.old_arguments import KERAS_3_CLASS, renamed
from tenfold.model_files.settings import translated_settings

__all__ = ["Lambdas", "is_network", "translated_network"]

Lambdas = Callable[[str, Mapping[str, Any]], Any]
"""Answers what stands in for the code of a Lambda layer of this name and configuration."""

_NETWORKS = {"Model": "Model", "Functional": "Model", "Sequential": "Sequential"}
_PARTS = ("layer", "cell", "backward_layer", "forward_layer")
_MERGES = {
    "sum": "Add", "mul": "Multiply", "ave": "Average", "max": "Maximum", "concat": "Concatenate", "dot": "Dot",
    "cos": "Dot",
}  # fmt: skip
_GRU_RESETS_AFTER = {"CuDNNGRU": None, "GRU": False, "GRUCell": False}
"""Keras 3's default is True; a file of Keras 2 that says nothing means False."""


def is_network(class_name: str) -> bool:
    """Whether a class of a file is a whole network, not a layer."""
    return class_name in _NETWORKS


def translated_network(described: Mapping[str, Any], lambdas: Lambdas, known: Mapping[str, Any]) -> dict[str, Any]:
    """A network of an old file as Keras 3 describes it.

    Args:
        described: Its `class_name` and `config`.
        lambdas: What to do about Lambda layers.
        known: Classes and functions of the user by their names.

    Returns:
        `module`, `class_name` and `config`, for `keras.saving.deserialize_keras_object`.

    Raises:
        ModelError: A layer that no Keras 3 class and none of `tenfold.layers` stands for.
    """
    kind, config = str(described["class_name"]), copy.deepcopy(described["config"])
    if not is_network(kind):
        raise _unknown(kind, str(described.get("name", kind)))
    if _NETWORKS[kind] == "Sequential":
        named = {"name": "sequential", "layers": config} if isinstance(config, list) else config
        config = {"name": named.get("name", "sequential"), "layers": _stacked(named, lambdas, known)}
    else:
        config = _graph(config, lambdas, known)
    return {"module": "keras", "class_name": _NETWORKS[kind], "config": config, "registered_name": None}


def _stacked(config: Mapping[str, Any], lambdas: Lambdas, known: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The layers of a Sequential network, behind the input that the first one names."""
    layers = config["layers"]
    if layers and layers[0]["class_name"] == "Merge":
        raise ModelError(
            "unreadable_layer", "A Sequential network that begins with `Merge` has several inputs",
            expected="a functional network", hint="build it anew in Keras 3 and load its weights",
        )  # fmt: skip
    first: dict[str, Any] = layers[0] if layers else {"class_name": "InputLayer", "config": {}}
    found = []
    shape = first["config"].get("batch_input_shape") or config.get("build_input_shape")
    if first["class_name"] != "InputLayer" and not is_network(first["class_name"]):
        if shape is None:
            raise ModelError(
                "no_input_shape", f"The file does not say what shape of input `{_name_of(first)}` takes",
                expected="`batch_input_shape` in the first layer, which Keras writes into networks that were built",
            )  # fmt: skip
        given = {"batch_shape": list(shape), "dtype": _input_type(first["config"], first["class_name"])}
        found = [_layer("InputLayer", {"name": f"{_name_of(first)}_input", **given})]
    return found + [_translated_layer(each, lambdas, known) for each in layers]


def _graph(config: dict[str, Any], lambdas: Lambdas, known: Mapping[str, Any]) -> dict[str, Any]:
    """A functional network. Old files count a network inside of it from 1, as its own graph was number 0."""
    kinds = {each["name"]: each["class_name"] for each in config["layers"]}
    layers = []
    for each in config["layers"]:
        nodes = [[_call(call, kinds) for call in _calls(node)] for node in each.get("inbound_nodes", [])]
        layers.append({**_translated_layer(each, lambdas, known), "name": each["name"], "inbound_nodes": nodes})
    ends = {key: _ends(config[key], kinds) for key in ("input_layers", "output_layers")}
    return {"name": config.get("name", "model"), "trainable": config.get("trainable", True), "layers": layers, **ends}


def _calls(node: Any) -> list[Any]:
    """The inputs of one call; TensorFlow's Keras writes a lone one without the list around it."""
    return [node] if node and isinstance(node[0], str) else list(node)


def _ends(ends: Any, kinds: Mapping[str, str]) -> list[Any]:
    """Inputs or outputs; Keras 2 took and gave a lone one without a list."""
    found = [_output(end, kinds) for end in ([ends] if ends and isinstance(ends[0], str) else ends)]
    return list(found[0]) if len(found) == 1 else found


def _call(call: Sequence[Any], kinds: Mapping[str, str]) -> list[Any]:
    name, node, *rest = call
    return [name, max(node - 1, 0) if is_network(kinds[name]) else node, *rest]


def _output(end: Sequence[Any], kinds: Mapping[str, str]) -> list[Any]:
    """Keras 3 counts the outputs of functional networks from 1 as well, those of Sequential ones from 0."""
    name, node, *rest = end
    return [name, max(node - 1, 0) if kinds[name] == "Sequential" else node, *rest]


def _translated_layer(described: Mapping[str, Any], lambdas: Lambdas, known: Mapping[str, Any]) -> dict[str, Any]:
    """One layer as Keras 3 describes it."""
    kind = str(described["class_name"]).rpartition(">")[2]
    if is_network(kind):
        return translated_network(described, lambdas, known)
    config, name = dict(described["config"]), _name_of(described)
    if kind == "Merge":
        kind, config = _merge(config, name)
    if kind == "Lambda":
        config = {**_common(config), "function": lambdas(name, config), "arguments": config.get("arguments") or {}}
        return _layer("Lambda", config)
    if kind in known:  # the caller's own class reads its own arguments
        own = {key: value for key, value in config.items() if key not in ("batch_input_shape", "dtype")}
        return {**_layer(kind, own), "module": None, "registered_name": kind}
    config = renamed(kind, translated_settings({k: v for k, v in config.items() if k not in (*_PARTS, "cells")}))
    for part in _PARTS:
        if described["config"].get(part) is not None:
            config[part] = _translated_layer(described["config"][part], lambdas, known)
    if "cells" in described["config"]:
        config["cells"] = [_translated_layer(each, lambdas, known) for each in described["config"]["cells"]]
    if kind != "InputLayer":
        config.pop("batch_input_shape", None)
        config.pop("input_dtype", None)
        config["dtype"] = _computing_type(config.get("dtype"))
    if kind in _GRU_RESETS_AFTER:
        config.setdefault("reset_after", _GRU_RESETS_AFTER[kind])
    return _layer(_class_of(kind, name), _without_what_is_off(kind, config, name))


def _name_of(described: Mapping[str, Any]) -> str:
    return str(described["config"].get("name") or described.get("name") or described["class_name"].lower())


def _common(config: Mapping[str, Any]) -> dict[str, Any]:
    return {key: config[key] for key in ("name", "trainable") if key in config}


def _layer(kind: str, config: dict[str, Any]) -> dict[str, Any]:
    if kind in tenfold.layers.__all__:
        found = getattr(tenfold.layers, kind)
        return {"module": found.__module__, "class_name": kind, "config": config, "registered_name": f"tenfold>{kind}"}
    return {"module": "keras.layers", "class_name": kind, "config": config, "registered_name": None}


def _class_of(kind: str, name: str) -> str:
    if kind in tenfold.layers.__all__ and kind not in KERAS_3_CLASS:
        return kind
    found = KERAS_3_CLASS.get(kind, kind)
    if not isinstance(getattr(keras.layers, found, None), type):
        raise _unknown(kind, name)
    return found


def _unknown(kind: str, name: str) -> ModelError:
    return ModelError(
        "unreadable_layer", f"Layer `{name}` is a `{kind}`, which neither Keras 3 nor `tenfold.layers` has",
        expected="layers of Keras 1 or 2 (docs/layers.md)",
        hint=f"give a class that stands for it: tenfold.load_model(path, custom_objects={{'{kind}': YourLayer}})",
    )  # fmt: skip


def _merge(config: Mapping[str, Any], name: str) -> tuple[str, dict[str, Any]]:
    """Keras 1's one layer for all ways to merge."""
    mode = config.get("mode", "sum")
    if mode not in _MERGES:
        raise ModelError(
            "unreadable_layer", f"Layer `{name}` merges by Python code of its own", expected="a mode that has a name",
            received=str(mode)[:40], hint="build the network anew in Keras 3 and load its weights",
        )  # fmt: skip
    found = _common({"name": name, **config})
    if mode == "concat":
        found["axis"] = config.get("concat_axis", -1)
    if mode in ("dot", "cos"):
        axes = config.get("dot_axes", -1)
        found["axes"] = (
            [each[0] if isinstance(each, list) else each for each in axes] if isinstance(axes, list) else axes
        )
        found["normalize"] = mode == "cos"
    return _MERGES[mode], found


def _input_type(config: Mapping[str, Any], kind: str) -> str:
    given = config.get("input_dtype") or ("float32" if kind == "Embedding" else config.get("dtype"))
    return _type_name(given) or "float32"


def _computing_type(given: Any) -> Any:
    """A layer computes in a type of float; old files name the type of whole numbers that a first layer reads."""
    name = _type_name(given)
    return name if name and "float" in name else None


def _type_name(given: Any) -> str | None:
    if isinstance(given, Mapping):  # a policy of TensorFlow's Keras
        return str(given["config"]["name"])
    return None if given is None else str(given)


_MUST_BE_OFF = {"renorm": False, "mode": 0, "time_major": False, "virtual_batch_size": None, "adjustment": None}


def _without_what_is_off(kind: str, config: dict[str, Any], name: str) -> dict[str, Any]:
    """The configuration without switches that Keras 3 has no more, if they are off; None stands for a default."""
    for key, off in _MUST_BE_OFF.items():
        if config.pop(key, off) != off:
            raise ModelError(
                "unreadable_layer", f"Layer `{name}` (`{kind}`) is switched to `{key}`, which Keras 3 cannot compute",
                expected=f"{key}={off}", hint="build the network anew in Keras 3 and load its weights",
            )  # fmt: skip
    axis = config.get("axis")
    if isinstance(axis, list) and len(axis) == 1:
        config["axis"] = axis[0]
    if kind == "Concatenate" and axis is None:
        config.pop("axis", None)
    return {key: value for key, value in config.items() if value is not None or key not in ("reset_after", "dtype")}
