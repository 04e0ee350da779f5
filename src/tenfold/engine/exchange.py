"""Another value in an object's own attributes while a model is traced."""

import contextlib
from collections.abc import Iterator
from typing import Any

__all__ = ["exchanged"]


@contextlib.contextmanager
def exchanged(owner: Any, name: str, *, value: Any) -> Iterator[None]:
    """Exchange an attribute of one object while the block runs; Keras' tracking does not see it.

    Args:
        owner: A layer, or anything else with a `__dict__`.
        name: The attribute. Where the object has none of its own, it is taken away again at the end.
        value: What it is in the block.
    """
    had, before = name in vars(owner), vars(owner).get(name)
    vars(owner)[name] = value
    try:
        yield
    finally:
        if had:
            vars(owner)[name] = before
        else:
            del vars(owner)[name]
