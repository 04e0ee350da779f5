"""The words for array axes, always in this order: `member step epoch row feature class`.

Arrays are annotated with the words themselves, `Float[Array, "member row class"]`; one number is `Float[Array, ""]`,
and a lone word takes a leading space, `" row"`, so that linters do not read it as a name. The aliases here name the
arrays that cross many modules. Nothing here imports JAX.
"""

from typing import TypeAlias

import numpy as np
from jaxtyping import Bool, Float, Int

__all__ = ["Codes", "Mask", "Ranks", "Rows", "Scores", "Table"]

Rows: TypeAlias = Int[np.ndarray, " row"]
"""Positions of rows in the data, 0 to the number of rows - 1."""

Mask: TypeAlias = Bool[np.ndarray, " row"]
"""One yes or no for each row."""

Scores: TypeAlias = Float[np.ndarray, " member"]
"""One number for each member."""

Table: TypeAlias = Float[np.ndarray, "row feature"]
"""Prepared inputs: one line a row, one column a feature."""

Ranks: TypeAlias = Float[np.ndarray, "row number"]
"""Where numbers lie among the training rows, 0 to 1: one line a row, one column a number."""

Codes: TypeAlias = Int[np.ndarray, "row code"]
"""Levels of columns with very many: one line a row, one column each, 0 where a level is not known."""
