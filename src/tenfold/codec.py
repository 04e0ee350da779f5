"""Dataclasses to JSON and back, guided by their annotations, so that a new field of the schema needs no code here.

JSON has no NaN: a float that is not finite becomes `null`, and `null` becomes NaN again where a float is expected.
"""

import dataclasses
import math
import types
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

__all__ = ["build", "plain"]


def plain(value: Any) -> Any:
    """Dataclasses, tuples and mappings as dicts and lists; floats that are not finite as None.

    >>> plain((1.5, float("nan"), "a"))
    [1.5, None, 'a']
    """
    if dataclasses.is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return value


def build(kind: Any, content: Mapping[str, Any]) -> Any:
    """A dataclass from what `plain` made of it; unknown names are ignored, absent ones take their default.

    Args:
        kind: The dataclass.
        content: Field names to plain values.

    Returns:
        An instance of `kind`.

    Raises:
        TypeError: A value of another type, or a field without default is absent.
        ValueError: A word that is none of those allowed, or a tuple of another length.
    """
    hints = _hints(kind)
    known = {name: _value(hints[name], item) for name, item in content.items() if name in hints}
    return kind(**known)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _value(hint: Any, item: Any) -> Any:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _one_of(get_args(hint), item)
    if origin is tuple:
        return _tuple(get_args(hint), item)
    if origin is Literal:
        return _word(get_args(hint), item)
    if origin is not None:
        return {key: _value(get_args(hint)[1], part) for key, part in item.items()}
    if dataclasses.is_dataclass(hint):
        return build(hint, item)
    return _scalar(hint, item)


def _one_of(choices: tuple[Any, ...], item: Any) -> Any:
    """The first choice that fits; dataclasses are told apart by their field names."""
    if item is None:
        return None
    some = [choice for choice in choices if choice is not type(None)]
    fits = [choice for choice in some if not isinstance(item, Mapping) or set(item) <= set(_hints(choice))]
    return _value((fits or some)[0], item)


def _tuple(parts: tuple[Any, ...], items: list[Any]) -> tuple[Any, ...]:
    if parts[-1] is Ellipsis:
        return tuple(_value(parts[0], item) for item in items)
    return tuple(_value(part, item) for part, item in zip(parts, items, strict=True))


def _word(choices: tuple[Any, ...], item: Any) -> Any:
    if item not in choices:
        raise ValueError(f"{item!r} is none of {', '.join(map(repr, choices))}")
    return item


def _scalar(kind: Any, item: Any) -> Any:
    if kind is float:
        return float("nan") if item is None else float(item)
    if not isinstance(item, kind):
        raise TypeError(f"{item!r} is not of type {kind.__name__}")
    return item
