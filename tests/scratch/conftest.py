"""Keras and JAX in true double precision, to be compared with."""

from collections.abc import Iterator

import pytest


@pytest.fixture
def double(float64: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:  # noqa: ARG001  # it is on while this is
    """No number of Keras passes through single precision while the test runs.

    Keras 3.15 on JAX moves the inputs of `tanh`, `mean` and others to float32 whatever `floatx` says: its type
    promotion ends in a table that turns float64 into float32.
    """
    import jax
    from keras.src.backend.common import dtypes

    monkeypatch.setitem(dtypes.BIT64_TO_BIT32_DTYPE, "float64", "float64")
    with jax.numpy_dtype_promotion("standard"):
        yield
