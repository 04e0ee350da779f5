"""Hand-written JAX: an epoch as one scan, and the same step compiled alone and called once a batch."""

import time
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from plain_jax import make_step
from processes import answer, task
from workloads import Workload, workload_named


def whole_epochs(name: str, data: Any, epochs: int) -> Callable[[Any, Any], Any]:
    """All epochs as one program: rows gathered by index inside."""
    _, step = make_step(name)

    def batch_step(state: Any, rows: Any) -> Any:
        return step(state, jax.tree.map(lambda array: array[rows], data))

    @jax.jit
    def run(state: Any, batches: Any) -> Any:
        return lax.scan(batch_step, state, jnp.tile(batches, (epochs, 1)))[0]

    return run


def step_by_step(name: str, data: Any, epochs: int) -> Callable[[Any, Any], Any]:
    """One call a batch, as a plain training loop makes it; the device is not waited for in between."""
    _, step = make_step(name)
    compiled = jax.jit(lambda state, rows: step(state, jax.tree.map(lambda array: array[rows], data))[0])

    def run(state: Any, batches: Any) -> Any:
        for _ in range(epochs):
            for rows in batches:
                state = compiled(state, rows)
        return state

    return run


def time_steps(workload: Workload, name: str, repeats: int, style: str) -> dict[str, Any]:
    """A step once all is compiled, and the first call without it. The last, partial batch is left out: one shape."""
    data = jax.tree.map(jnp.asarray, workload.data())
    params, _ = make_step(name)
    state = (params, jax.tree.map(jnp.zeros_like, params), jnp.zeros(3))
    num_batches = workload.num_rows // workload.batch_size
    order = np.random.default_rng(1).permutation(workload.num_rows)[: num_batches * workload.batch_size]
    batches = jnp.asarray(order.reshape(num_batches, workload.batch_size))
    run = {"scan": whole_epochs, "loop": step_by_step}[style](name, data, workload.epochs)
    times = []
    for _ in range(repeats + 1):
        start = time.perf_counter()
        jax.block_until_ready(run(state, batches))
        times.append((time.perf_counter() - start) / (workload.epochs * num_batches))
    compile_seconds = (times[0] - min(times[1:])) * workload.epochs * num_batches
    return {"compile_seconds": compile_seconds, "step_seconds": times[1:]}


def main() -> None:
    """Answers the task."""
    asked = task()
    answer(**time_steps(workload_named(asked["workload"]), asked["workload"], asked["repeats"], asked["style"]))


main()
