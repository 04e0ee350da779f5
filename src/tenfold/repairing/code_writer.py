"""A Keras model as the Python code that a person would write: layers with the arguments that are not defaults.

Written from Keras' public configuration. A part of the user's own (a layer class, a loss function) is named and
imported from its module; where that is the user's script, a comment says that it belongs there.

    print(model_code(model))
"""

import keyword
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import keras
from keras.src.models.functional import Functional
from keras.src.utils.naming import to_snake_case

from tenfold.engine.compile_arguments import compile_arguments
from tenfold.repairing.expressions import Expressions, is_counted, quoted
from tenfold.repairing.graph import configuration, input_name, layer_named

__all__ = ["CodeWriter", "model_code"]

Spellings = Mapping[str, Mapping[str, str]]

LONGEST_LINE = 100
"""Characters of a line; longer calls have an argument a line."""

_INSIDE = 5
"""Of them for the function's indentation and the comma."""


_TAKEN = ("x", "y", "model", "layers", "keras", "np")
"""Names that the written code has for something else."""


def model_code(model: Any, spellings: Spellings | None = None) -> str:
    """A function `build_model` that makes this model, compiled, as Python source.

    Args:
        model: Compiled; Sequential or functional.
        spellings: Layer -> argument -> Python expression with `x` and `y`, for numbers that come from the rows.
    """
    return CodeWriter(spellings or {}).source(model)


class CodeWriter:
    """Writes one model.

    Args:
        spellings: As in `model_code`.

    Attributes:
        expressions: Writes layers, losses and the like; notes which of them are the user's own.
    """

    def __init__(self, spellings: Spellings) -> None:
        self.spellings = spellings
        self.expressions = Expressions(self.layer)
        self._inner: list[str] = []

    @property
    def arguments(self) -> str:
        """Arguments of the function: the rows, where numbers are taken from them."""
        return "x, y" if self.spellings else ""

    def source(self, model: Any) -> str:
        """The whole file: imports and the function `build_model`."""
        body = [*self._model(model), self._compile(model), "return model"]
        function = _function(f"build_model({self.arguments})", body)
        notes = [f"# `{name}` is your own: import it here" for name in sorted(self.expressions.missing)]
        head = ["import keras", *sorted(self.expressions.imports), "from keras import layers", *notes]
        return "\n".join(head) + "\n\n\n" + "\n\n\n".join([*self._inner, function]) + "\n"

    def _model(self, model: Any) -> list[str]:
        if isinstance(model, keras.Sequential):
            return self._sequential(model)
        if isinstance(model, Functional):
            return self._functional(model)
        return [f"model = {self.expressions.called(model)}"]

    def _sequential(self, model: Any) -> list[str]:
        entry = model.inputs[0] if model.built else None
        start = [] if entry is None else [f"keras.Input({self._input(entry, input_name(model))})"]
        lines = [*start, *(self.layer(one) for one in model.layers)]
        inside = [f"        {_wrapped(one, 8)}," for one in lines]
        return ["model = keras.Sequential(", "    [", *inside, "    ]", ")"]

    def _functional(self, model: Any) -> list[str]:
        config = configuration(model)
        calls = {one["name"]: one["inbound_nodes"] for one in config["layers"]}
        lines, shared = [], []
        for name, nodes in calls.items():
            layer = layer_named(model, name)
            if isinstance(layer, keras.layers.InputLayer):
                lines.append(f"{_variable(name)} = keras.Input({self._input(layer.output, layer.name)})")
                continue
            if len(nodes) > 1:
                shared.append(name)
                lines.append(f"{_variable(name)}_layer = {self.layer(layer)}")
        lines += self._calls(model, calls, shared)
        ends = (self._tensor_tree(config[side]) for side in ("input_layers", "output_layers"))
        return [*lines, f"model = keras.Model({', '.join(ends)})"]

    def _calls(self, model: Any, calls: Mapping[str, Any], shared: Sequence[str]) -> list[str]:
        """Calls in an order in which every argument is there."""
        known = {(name, 0) for name, nodes in calls.items() if not nodes}
        waiting = [(name, number, node) for name, nodes in calls.items() for number, node in enumerate(nodes)]
        lines = []
        while waiting:
            ready = [one for one in waiting if all(history[:2] in known for history in _histories(one[2]))]
            for name, number, node in ready:
                called = f"{_variable(name)}_layer" if name in shared else self._operation(layer_named(model, name))
                lines.append(f"{_variable(name, number)} = {called}({self._arguments(node)})")
                known.add((name, number))
            waiting = [one for one in waiting if one not in ready]
        return lines

    def _operation(self, one: Any) -> str:
        is_layer = isinstance(one, keras.Layer)
        return self.layer(one) if is_layer else f"keras.ops.{to_snake_case(type(one).__name__)}"

    def _arguments(self, node: Mapping[str, Any]) -> str:
        named = [f"{name}={self._tensor_tree(value)}" for name, value in node["kwargs"].items() if value is not None]
        return ", ".join([*(self._tensor_tree(one) for one in node["args"]), *named])

    def _tensor_tree(self, value: Any) -> str:
        if isinstance(value, Mapping) and value.get("class_name") == "__keras_tensor__":
            name, number, position = value["config"]["keras_history"]
            return _variable(name, number) + (f"[{position}]" if position else "")
        if isinstance(value, Mapping) and "class_name" not in value:
            return "{" + ", ".join(f"{quoted(name)}: {self._tensor_tree(one)}" for name, one in value.items()) + "}"
        if _is_history(value):
            return _variable(value[0], value[1])
        if isinstance(value, list | tuple):
            return "[" + ", ".join(map(self._tensor_tree, value)) + "]"
        return self.expressions.value(value)

    def _input(self, tensor: Any, name: str | None = None) -> str:
        shape = tuple(tensor.shape[1:])
        words = [repr(shape)]
        if tensor.dtype != keras.config.floatx():
            words.append(f"dtype={quoted(str(tensor.dtype))}")
        if name and not is_counted(name, "InputLayer"):
            words.append(f"name={quoted(name)}")
        return ", ".join(words)

    def layer(self, layer: Any) -> str:
        """A layer as the call that makes it; a model inside is written as a function of its own."""
        if isinstance(layer, keras.Model) and hasattr(layer, "inputs") and layer.inputs:
            name = f"build_{_variable(layer.name)}"
            writer = CodeWriter({})
            self._inner += [_function(f"{name}()", [*writer._model(layer), "return model"])]
            self._inner[:0] = writer._inner
            self.expressions.imports |= writer.expressions.imports
            self.expressions.missing |= writer.expressions.missing
            return f"{name}()"
        return self.expressions.called(layer, self.spellings.get(layer.name, {}))

    def _compile(self, model: Any) -> str:
        given = compile_arguments(model)
        words = [f"optimizer={self.expressions.called(given['optimizer'])}"]
        words += [f"{name}={self._given(given[name])}" for name in list(given)[1:] if given[name] is not None]
        return _wrapped(f"model.compile({', '.join(words)})", 0)

    def _given(self, value: Any) -> str:
        if isinstance(value, Mapping):
            return "{" + ", ".join(f"{quoted(name)}: {self._given(one)}" for name, one in value.items()) + "}"
        if isinstance(value, list | tuple):
            return "[" + ", ".join(map(self._given, value)) + "]"
        return self.expressions.value(value)


def _variable(name: str, number: int = 0) -> str:
    word = re.sub(r"\W", "_", name)
    is_taken = word[:1].isdigit() or keyword.iskeyword(word) or word in _TAKEN
    return ("_" if is_taken else "") + (f"{word}_{number}" if number else word)


def _histories(node: Any) -> Iterator[tuple[str, int, int]]:
    if isinstance(node, Mapping) and node.get("class_name") == "__keras_tensor__":
        yield tuple(node["config"]["keras_history"])
    elif isinstance(node, Mapping | list | tuple):
        for one in node.values() if isinstance(node, Mapping) else node:
            yield from _histories(one)


def _is_history(value: Any) -> bool:
    return isinstance(value, list | tuple) and len(value) == 3 and isinstance(value[0], str)  # noqa: PLR2004


def _function(head: str, body: Sequence[str]) -> str:
    lines = "\n".join(body).split("\n")
    return f"def {head}:\n" + "\n".join(f"    {line}" for line in lines)


def _wrapped(call: str, indent: int) -> str:
    """A call that is too long for a line, with an argument a line."""
    if len(call) + indent + _INSIDE <= LONGEST_LINE or not call.endswith(")"):
        return call
    start, arguments = call.index("("), []
    depth, word = 0, ""
    for letter in call[start + 1 : -1]:
        depth += (letter in "([{") - (letter in ")]}")
        if letter == "," and depth == 0:
            arguments.append(word.strip())
            word = ""
        else:
            word += letter
    pad = " " * indent
    inside = "".join(f"{pad}    {one},\n" for one in [*arguments, word.strip()] if one)
    return f"{call[:start]}(\n{inside}{pad})"
