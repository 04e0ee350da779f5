"""Settings that every test shares. Nothing here imports `tenfold`: the annotation checker must get there first.

Of JAX's two guards one is on. `jax_numpy_dtype_promotion="strict"` (no silent mixing of dtypes) holds in Keras' layers
and optimizers and in ours. `jax_numpy_rank_promotion="raise"` (no silent broadcasting across ranks) cannot: Keras adds
a bias of shape (units,) to a (row, units) product in every `Dense`. Instead, sizes differ in every test (3 members,
5 rows, 2 classes), and the annotations, which are checked while the tests run, say which axis is which.

Programs are compiled with few optimisations, as JAX's own tests compile theirs: thousands of small programs run here
for milliseconds each, and at full optimisation three quarters of the time went into compiling them. What users run is
compiled in full: the lessons, the examples and the command from the wheel are, and so are these tests where
TENFOLD_TESTS=optimized is set.
"""

import os
from collections.abc import Iterator

import hypothesis
import pytest

# Two host devices, whatever the machine: members are shared between them, and a test gives the same numbers anywhere.
os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ.setdefault("JAX_NUM_CPU_DEVICES", "2")
os.environ.setdefault("JAX_NUMPY_DTYPE_PROMOTION", "strict")
os.environ["KERAS_BACKEND"] = "jax"
if os.environ.get("TENFOLD_TESTS") != "optimized":
    os.environ.setdefault("JAX_DISABLE_MOST_OPTIMIZATIONS", "1")
    os.environ.setdefault("XLA_FLAGS", "--xla_cpu_use_fusion_emitters=false --xla_cpu_parallel_codegen_split_count=1")
for name in ("NO_COLOR", "FORCE_COLOR", "TENFOLD_PROGRESS"):
    os.environ.pop(name, None)

# The first example of a test compiles its program, which takes seconds: a deadline would only measure that.
hypothesis.settings.register_profile("tenfold", deadline=None, derandomize=bool(os.environ.get("CI")))
hypothesis.settings.load_profile("tenfold")


@pytest.fixture
def optimized() -> Iterator[None]:
    """Programs are compiled in full, as users run them, for what holds to the last bit only there."""
    import jax

    before = jax.config.values["jax_disable_most_optimizations"]
    jax.config.update("jax_disable_most_optimizations", val=False)
    jax.clear_caches()
    yield
    jax.config.update("jax_disable_most_optimizations", before)


@pytest.fixture
def float64() -> Iterator[None]:
    """Keras and JAX compute in double precision while the test runs."""
    import jax
    import keras

    before = keras.config.floatx()
    with jax.enable_x64(new_val=True):
        keras.config.set_floatx("float64")
        keras.config.set_dtype_policy("float64")  # once any test has set a policy, `floatx` alone no longer decides it
        yield
        keras.config.set_floatx(before)
        keras.config.set_dtype_policy(before)
