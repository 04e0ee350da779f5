"""Inputs, targets and weights as Keras takes them, turned into NumPy trees and placed once on the devices.

Arrays, nested lists, tuples and dicts of arrays, pandas objects and JAX arrays come in; the same nesting of NumPy
arrays goes out, with floats in Keras' `floatx`. One copy serves every member: on the CPU the host devices even share
the memory of the NumPy array, because it is aligned to what XLA asks for.
"""

import functools
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import jax
import keras
import numpy as np
from keras.src.trainers.data_adapters import array_slicing, data_adapter_utils

from tenfold.engine.devices import member_sharding
from tenfold.engine.gathering import laid_out, row_leaves, slice_rows
from tenfold.engine.network import Batch
from tenfold.errors import OptionError, TableError
from tenfold.lookup import Lookup

__all__ = ["Placement", "can_be_arrays", "first_rows", "num_rows", "split_off", "to_arrays", "with_class_weights"]

_ALIGNMENT = 64  # bytes; XLA's CPU client uses a NumPy buffer in place only at this alignment (xla/cpu: kAlign)

_MUCH = 4 << 20
"""Bytes that a thread copies; fewer are copied sooner than a thread begins (arbitrary)."""


def can_be_arrays(*trees: Any) -> bool:
    """Whether every leaf is an array, a pandas object or None, and not a generator or a data set."""
    leaves = [leaf for tree in trees for leaf in keras.tree.flatten(tree)]
    return all(array_slicing.can_slice_array(leaf) for leaf in leaves)


def to_arrays(x: Any, y: Any = None, sample_weight: Any = None) -> Batch:
    """Whole data as one `Batch` of NumPy arrays.

    Args:
        x: Inputs; arrays or pandas objects, nested or not, leading axis `row`.
        y: Targets likewise, or None.
        sample_weight: A weight for each row, nested as `y` or a single array, or None.

    Returns:
        The data with the same nesting.

    Raises:
        TableError: Different numbers of rows, or values that are not numbers.
    """
    x, y = _listed(x), _listed(y)
    if keras.tree.is_nested(y) and sample_weight is not None and not keras.tree.is_nested(sample_weight):
        sample_weight = keras.tree.map_structure(lambda _: sample_weight, y)
    x, y, sample_weight = (_numpy(tree) for tree in (x, y, sample_weight))
    counts = {leaf.shape[0] for leaf in row_leaves((x, y, sample_weight))}
    if len(counts) != 1:
        raise TableError(
            "rows_differ",
            "Inputs, targets and weights have different numbers of rows",
            expected="the same number of rows everywhere",
            received=", ".join(str(count) for count in sorted(counts)) or "no rows",
        )
    return Batch(x, y, sample_weight)


def with_class_weights(data: Batch, class_weight: Mapping[int, float] | None) -> Batch:
    """The data with a weight for each row from a weight for each class, as `Model.fit` makes it.

    Raises:
        OptionError: Several outputs, or weights of rows beside those of classes; Keras refuses both too.
    """
    if class_weight is None:
        return data
    if data.sample_weight is not None:
        raise OptionError(
            "two_weights",
            "`class_weight` and `sample_weight` cannot both be given",
            hint="multiply them into one array",
        )
    if keras.tree.is_nested(data.y):
        raise OptionError(
            "class_weight_outputs",
            "`class_weight` works for models with one output",
            hint="pass `sample_weight`, one array an output",
        )
    weights = data_adapter_utils.class_weight_to_sample_weights(data.y, dict(class_weight))
    return data._replace(sample_weight=weights)


def split_off(data: Batch, fraction: float) -> tuple[Batch, Batch]:
    """The last rows as validation rows, as `Model.fit(validation_split=)` takes them.

    Args:
        data: The whole data.
        fraction: Part of the rows to hold out, between 0 and 1.

    Returns:
        Training rows and validation rows.

    Raises:
        OptionError: The fraction leaves one side without rows.
    """
    rows = num_rows(data)
    cut = int(np.floor(rows * (1.0 - fraction)))
    if not 0 < cut < rows:
        raise OptionError(
            "validation_split",
            f"`validation_split={fraction}` leaves one side of {rows} rows empty",
            expected="a fraction between 0 and 1 that leaves rows on both sides",
        )
    return slice_rows(data, slice(cut)), slice_rows(data, slice(cut, None))


def num_rows(data: Batch) -> int:
    """Number of rows of the data."""
    return int(row_leaves(data.x)[0].shape[0])


def first_rows(data: Batch, count: int) -> Batch:
    """The first rows, to build a model with."""
    return Batch(*laid_out(slice_rows(tuple(data), slice(count))))


class Placement:
    """Data that go to the devices, whole on each; on the CPU without a copy for each.

    Their shapes are known at once, so that a program can be traced and compiled while a thread copies the numbers.

    Args:
        data: NumPy arrays.
        devices: Where the members run; one device or the devices of a wave.

    Attributes:
        shapes: The same tree with a shape, type and place for each array.
    """

    def __init__(self, data: Batch, devices: Sequence[Any]) -> None:
        self._data, self._devices = data, list(devices)
        is_alone = len(self._devices) == 1
        self._sharding: Any = (
            jax.sharding.SingleDeviceSharding(devices[0]) if is_alone else member_sharding(devices, shared=True)
        )
        self.shapes = Batch(*jax.tree.map(self._shape, tuple(data)))
        self._coming: Future[Batch] | None = None

    def begin(self) -> None:
        """Start to copy in a thread; little is copied when it is asked for."""
        if self._coming is None and sum(leaf.nbytes for leaf in jax.tree.leaves(tuple(self._data))) > _MUCH:
            self._coming = _copier().submit(self._placed)

    def arrays(self) -> Batch:
        """The tree of JAX arrays; waits until they are there."""
        if self._coming is None:
            self._coming = Future()
            self._coming.set_result(self._placed())
        return self._coming.result()

    def _shape(self, leaf: np.ndarray) -> Any:
        kind = jax.dtypes.canonicalize_dtype(leaf.dtype)
        shape: Any = jax.ShapeDtypeStruct
        return shape(leaf.shape, kind, sharding=self._sharding)

    def _placed(self) -> Batch:
        put = self._alone if len(self._devices) == 1 else self._everywhere
        return Batch(*jax.tree.map(put, tuple(self._data)))

    def _alone(self, leaf: np.ndarray) -> Any:
        return jax.device_put(_aligned(leaf), self._devices[0])

    def _everywhere(self, leaf: np.ndarray) -> Any:
        aligned = _aligned(leaf)
        copies = [jax.device_put(aligned, device) for device in self._devices]
        return jax.make_array_from_single_device_arrays(leaf.shape, self._sharding, copies)


@functools.cache
def _copier() -> ThreadPoolExecutor:
    """The same thread in every call: the C library keeps freed memory for each thread anew."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="placement")


def _aligned(leaf: np.ndarray) -> np.ndarray:
    if leaf.ctypes.data % _ALIGNMENT == 0 and leaf.flags.c_contiguous:
        return leaf
    buffer = np.empty(leaf.nbytes + _ALIGNMENT, np.uint8)
    start = -buffer.ctypes.data % _ALIGNMENT
    aligned = buffer[start : start + leaf.nbytes].view(leaf.dtype).reshape(leaf.shape)
    aligned[...] = leaf
    return aligned


def _listed(tree: Any) -> Any:
    """A plain list of numbers is meant as one array, as scikit-learn takes it; a list of arrays stays a list."""
    if isinstance(tree, (list, tuple)) and tree and all(np.isscalar(leaf) for leaf in tree):
        return np.asarray(tree)
    if isinstance(tree, list) and tree and all(isinstance(leaf, list) for leaf in tree):
        return np.asarray(tree)
    return tree


def _numpy(tree: Any) -> Any:
    """Every leaf as a NumPy array, floats in Keras' `floatx`."""
    if tree is None:
        return None
    keras.tree.map_structure(_check_numbers, tree)
    return keras.tree.map_structure(_converted, tree, none_is_leaf=True)


def _converted(leaf: Any) -> np.ndarray | Lookup | None:
    """One leaf; values that rows look up stay as they are, photos as bytes."""
    if leaf is None or isinstance(leaf, Lookup):
        return leaf
    sliceable = array_slicing.convert_to_sliceable(leaf, "jax")
    return np.asarray(sliceable.convert_to_jax_compatible(sliceable[0 : len(sliceable.array)]))


def _check_numbers(leaf: Any) -> None:
    """Refuse text and other objects, naming the column where there is one."""
    columns = leaf.items() if hasattr(leaf, "items") and hasattr(leaf, "dtypes") else [(None, leaf)]
    for name, values in columns if getattr(leaf, "ndim", 1) > 1 else [(None, leaf)]:
        kind = getattr(values, "dtype", None)
        if getattr(kind, "kind", "f") in "biufV":
            continue
        first = next(iter(np.asarray(values).reshape(-1)), None)
        where = f"column `{name}` of the inputs or targets" if name is not None else "an array of the inputs or targets"
        raise TableError(
            "not_numbers",
            f"{where} holds values that are not numbers",
            expected="numbers",
            received=f"type {kind}, first value {first!r}",
            hint="encode text and categories as numbers first",
        )
