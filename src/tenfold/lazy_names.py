"""Public names that load on first use: a package tells where each lives, and imports nothing until one is asked for.

`import tenfold` takes milliseconds, and reading a saved report needs neither JAX nor Keras.

Source: PEP 562, module `__getattr__` and `__dir__`.
"""

import importlib
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any

__all__ = ["lazy_names"]


def lazy_names(
    package: str, homes: Mapping[str, str], also: Iterable[str] = ()
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """The `__getattr__` and the `__dir__` of a package whose names load on first use.

    Args:
        package: Its name.
        homes: The module in which each name is defined; a module of the package's own by that name is itself meant.
        also: Names that are there without loading, for `dir`.

    Returns:
        Both functions.
    """

    def load(name: str) -> Any:
        if name not in homes:
            msg = f"module '{package}' has no attribute '{name}'"
            raise AttributeError(msg)
        home = importlib.import_module(homes[name])
        value = home if home.__name__ == f"{package}.{name}" else getattr(home, name)
        setattr(sys.modules[package], name, value)
        return value

    return load, lambda: sorted([*homes, *also])
