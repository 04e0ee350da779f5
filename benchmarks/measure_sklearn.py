"""scikit-learn's multi-layer perceptron, where it has the network: dense layers, Adam instead of RMSprop."""

import time
import warnings
from typing import Any

from processes import answer, task
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier, MLPRegressor
from workloads import Workload, workload_named


def time_steps(workload: Workload, repeats: int, widths: tuple[int, ...]) -> dict[str, Any]:
    """A step, from one training of several epochs."""
    x, y = workload.data()
    kind = MLPClassifier if workload.metric == "accuracy" else MLPRegressor
    times = []
    for _ in range(repeats):
        network = kind(
            hidden_layer_sizes=widths,
            batch_size=workload.batch_size,
            max_iter=workload.epochs,
            tol=0,
            n_iter_no_change=10**9,
        )
        start = time.perf_counter()
        network.fit(x, y.ravel())
        times.append((time.perf_counter() - start) / (workload.epochs * workload.steps))
    return {"compile_seconds": 0.0, "step_seconds": times}


def main() -> None:
    """Answers the task."""
    asked = task()
    warnings.simplefilter("ignore", ConvergenceWarning)  # the number of epochs is given
    answer(**time_steps(workload_named(asked["workload"]), asked["repeats"], tuple(asked["widths"])))


main()
