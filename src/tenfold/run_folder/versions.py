"""Versions of what decides a run's numbers, read without loading any of it."""

import platform
from importlib.metadata import version

import tenfold

__all__ = ["versions_in_use"]

LIBRARIES = ("keras", "jax", "jaxlib", "numpy", "scikit-learn", "pandas")
"""Those that decide the numbers."""


def versions_in_use() -> dict[str, str]:
    """Version of Tenfold, of the libraries that decide the numbers, and of Python."""
    found = {name: version(name) for name in LIBRARIES}
    return {"tenfold": tenfold.__version__, **found, "python": platform.python_version()}
