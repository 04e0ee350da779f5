"""Number formats and how they round: all that the walls are computed from.

    bfloat = number_format("bfloat16")
    bfloat.round(1.003)        # 1.0: the next number above 1 is 1.0078125

Values are mpmath's, 50 digits long, until a step of a formula rounds them to the format.

Source of the formats: IEEE 754-2019 and, for bfloat16, `ml_dtypes.finfo`.
"""

from dataclasses import dataclass
from typing import Any

import ml_dtypes
import mpmath
import numpy as np

__all__ = ["DTYPES", "EXACT", "NumberFormat", "dtype_name", "number_format"]

DTYPES = ("float16", "bfloat16", "float32", "float64")

EXACT = mpmath.mp.clone()
"""Arithmetic of 50 digits; three times those of float64."""
EXACT.dps = 50


@dataclass(frozen=True)
class NumberFormat:
    """A binary floating-point format.

    Attributes:
        name: `"float16"`, `"bfloat16"`, `"float32"` or `"float64"`.
        step: From 1 to the next number above it; below 1 the step is half of it.
        largest: Largest finite number.
        smallest: Smallest number above 0 with subnormals, or the smallest normal one without.
    """

    name: str
    step: Any
    largest: Any
    smallest: Any

    def round(self, value: Any) -> Any:
        """The number of the format nearest to a value, ties to even; too large ones become infinite."""
        if not EXACT.isfinite(value):
            return EXACT.mpf(value)
        with np.errstate(over="ignore", under="ignore"):
            return EXACT.mpf(float(np.dtype(_scalar_type(self.name)).type(float(value))))

    @property
    def overflow(self) -> Any:
        """From this value on, rounding gives infinity: the largest number and half a step."""
        return self.largest * (1 + self.step / 4 / (1 - self.step / 2))

    @property
    def underflow(self) -> Any:
        """Up to this value, rounding gives 0."""
        return self.smallest / 2 if self.smallest < self._smallest_normal else self.smallest

    @property
    def _smallest_normal(self) -> Any:
        return EXACT.mpf(float(_limits(self.name).smallest_normal))


def number_format(name: str, *, flush_subnormals: bool = False) -> NumberFormat:
    """The format of that name.

    Args:
        name: One of `DTYPES`.
        flush_subnormals: Whether numbers below the smallest normal one are taken for 0, as XLA does on CPU in bfloat16,
            float32 and float64.

    Returns:
        The format.
    """
    info = _limits(name)
    smallest = info.smallest_normal if flush_subnormals else info.smallest_subnormal
    return NumberFormat(name, *(EXACT.mpf(float(number)) for number in (info.eps, info.max, smallest)))


def dtype_name(dtype: Any) -> str:
    """The name of a dtype given as a name, a NumPy dtype or a scalar type.

    >>> dtype_name(np.float32), dtype_name(ml_dtypes.bfloat16), dtype_name("mixed_bfloat16")
    ('float32', 'bfloat16', 'mixed_bfloat16')
    """
    if isinstance(dtype, str):
        return dtype
    try:
        return str(np.dtype(dtype).name)
    except TypeError:
        return str(getattr(dtype, "name", dtype))


def _limits(name: str) -> Any:
    finfo: Any = ml_dtypes.finfo  # not annotated
    return finfo(_scalar_type(name))


def _scalar_type(name: str) -> Any:
    return ml_dtypes.bfloat16 if name == "bfloat16" else getattr(np, name)
