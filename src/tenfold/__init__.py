"""Tenfold: from a data set and a question to a neural network one can trust.

Every fold, seed and candidate of a Keras model trains as one compiled JAX program, so that an honest evaluation costs
no more than one ordinary fit. The names below load on first use: `import tenfold` imports neither JAX nor Keras.
"""

import contextlib
import os
import sys
from typing import TYPE_CHECKING

from tenfold.lazy_names import lazy_names

if TYPE_CHECKING:
    from tenfold import datasets, precision, scratch, views
    from tenfold.checks.judging import Findings
    from tenfold.cross_validation import CrossValidation, cross_validate
    from tenfold.errors import TenfoldError
    from tenfold.estimator import TenfoldClassifier, TenfoldRegressor
    from tenfold.examination.examine import examine
    from tenfold.fitting import fit
    from tenfold.loading import load
    from tenfold.model_files.reading import load_model
    from tenfold.repairing.repair import repair
    from tenfold.repairing.repaired import Repair
    from tenfold.trials.found import Search
    from tenfold.trials.search import search
    from tenfold.workflow import Run, run

__all__ = [
    "CrossValidation",
    "Findings",
    "Repair",
    "Run",
    "Search",
    "TenfoldClassifier",
    "TenfoldError",
    "TenfoldRegressor",
    "cross_validate",
    "datasets",
    "examine",
    "fit",
    "load",
    "load_model",
    "precision",
    "repair",
    "run",
    "scratch",
    "search",
    "views",
]
__version__ = "0.1.0"

_HOMES = {
    "CrossValidation": "tenfold.cross_validation",
    "Findings": "tenfold.checks.judging",
    "Repair": "tenfold.repairing.repaired",
    "Run": "tenfold.workflow",
    "Search": "tenfold.trials.found",
    "TenfoldClassifier": "tenfold.estimator",
    "TenfoldError": "tenfold.errors",
    "TenfoldRegressor": "tenfold.estimator",
    "cross_validate": "tenfold.cross_validation",
    "datasets": "tenfold.datasets",
    "examine": "tenfold.examination.examine",
    "fit": "tenfold.fitting",
    "load": "tenfold.loading",
    "load_model": "tenfold.model_files.reading",
    "precision": "tenfold.precision",
    "repair": "tenfold.repairing.repair",
    "run": "tenfold.workflow",
    "scratch": "tenfold.scratch",
    "search": "tenfold.trials.search",
    "views": "tenfold.views",
}

# Both settings must stand before the libraries start. One host device per core: members run side by side (docs/engine).
_num_cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
if "keras" not in sys.modules:
    os.environ.setdefault("KERAS_BACKEND", "jax")
if (_jax := sys.modules.get("jax")) is None:
    os.environ.setdefault("JAX_NUM_CPU_DEVICES", str(_num_cores))
elif _jax.config.jax_num_cpu_devices < 1:
    with contextlib.suppress(RuntimeError):  # JAX has started: its devices stay as they are
        _jax.config.update("jax_num_cpu_devices", _num_cores)

__getattr__, __dir__ = lazy_names(__name__, _HOMES, ["__version__"])
