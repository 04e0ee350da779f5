"""Functions as users write them: some can become inf or NaN, the others look alike and cannot."""

import jax
import jax.numpy as jnp
from keras import ops

from tenfold.precision.unsafe.interval import ANYTHING, Interval

SHARE = Interval(0.0, 1.0)
POSITIVE = Interval(0.0, float("inf"))
MODEST = Interval(-10.0, 10.0)

UNSAFE = {
    "log of a probability": ("log", SHARE, ops.log),
    "log of the other probability": ("log", SHARE, lambda p: -ops.log(1 - p)),
    "log of a softmax": ("log", ANYTHING, lambda x: ops.log(ops.softmax(x))),
    "log of a sigmoid": ("log", ANYTHING, lambda x: ops.log(ops.sigmoid(x))),
    "log guarded behind": ("log", ANYTHING, lambda x: ops.where(x > 0, ops.log(x), 0.0)),
    "log with too small an epsilon": ("log", SHARE, lambda p: ops.log(1 - ops.clip(p, 1e-9, 1 - 1e-9))),
    "log1p of minus a probability": ("log1p", SHARE, lambda p: ops.log1p(-p)),
    "log of a sum of exponentials": ("exp", ANYTHING, lambda x: ops.log(ops.sum(ops.exp(x), axis=-1))),
    "softplus by hand": ("exp", ANYTHING, lambda x: ops.log(1 + ops.exp(x))),
    "sigmoid by hand": ("exp", ANYTHING, lambda x: 1 / (1 + ops.exp(-x))),
    "softmax by hand": ("exp", ANYTHING, lambda x: ops.exp(x) / ops.sum(ops.exp(x), axis=-1, keepdims=True)),
    "poisson with a log link": ("exp", ANYTHING, lambda x: ops.exp(x) - x),
    "expm1": ("exp", ANYTHING, ops.expm1),
    "odds": ("division", SHARE, lambda p: p / (1 - p)),
    "relative error": ("division", ANYTHING, lambda x: ops.abs(x - 1) / ops.abs(x)),
    "division guarded behind": ("division", ANYTHING, lambda x: ops.where(x == 0, 0.0, 1 / x)),
    "normalised by the largest": ("division", POSITIVE, lambda x: x / ops.max(x, axis=-1, keepdims=True)),
    "negative whole power": ("division", ANYTHING, lambda x: x**-2),
    "norm": ("sqrt", ANYTHING, lambda x: ops.sqrt(ops.sum(ops.square(x), axis=-1))),
    "root mean squared error": ("sqrt", ANYTHING, lambda x: ops.sqrt(ops.mean((x - 1.0) ** 2))),
    "standard deviation": ("sqrt", ANYTHING, lambda x: ops.std(x, axis=-1)),
    "root guarded behind": ("sqrt", ANYTHING, lambda x: ops.where(x > 0, ops.sqrt(x), 0.0)),
    "inverse root of a variance": ("rsqrt", ANYTHING, lambda x: x * ops.rsqrt(ops.var(x, axis=-1, keepdims=True))),
    "power below one": ("pow", SHARE, lambda p: (1 - p) ** 0.7),
    "power of a difference": ("pow", ANYTHING, lambda x: (x - 1) ** 1.5),
}
"""Name -> (the operation that breaks first, range of the argument, the function)."""

SAFE = {
    "log of a clipped probability": (SHARE, lambda p: ops.log(ops.clip(p, 1e-7, 1 - 1e-7))),
    "log of the other clipped probability": (SHARE, lambda p: ops.log(1 - ops.clip(p, 1e-7, 1 - 1e-7))),
    "log with an epsilon": (SHARE, lambda p: ops.log(p + 1e-7) + ops.log(1 - p + 1e-7)),
    "log softmax": (ANYTHING, ops.log_softmax),
    "log sigmoid": (ANYTHING, ops.log_sigmoid),
    "log guarded on both sides": (ANYTHING, lambda x: ops.where(x > 0, ops.log(ops.where(x > 0, x, 1.0)), 0.0)),
    "log1p of a square": (ANYTHING, lambda x: ops.log1p(x * x)),
    "logsumexp": (ANYTHING, lambda x: ops.logsumexp(x, axis=-1)),
    "logsumexp of JAX": (ANYTHING, lambda x: jax.nn.logsumexp(x, axis=-1)),
    "logsumexp by hand": (ANYTHING, lambda x: ops.log(ops.sum(ops.exp(x - ops.max(x, -1, keepdims=True)), -1))),
    "softplus": (ANYTHING, ops.softplus),
    "sigmoid": (ANYTHING, lambda x: ops.sigmoid(x) * ops.silu(x)),
    "sigmoid by hand on modest numbers": (MODEST, lambda x: 1 / (1 + ops.exp(-x))),
    "stable sigmoid by hand": (ANYTHING, lambda x: ops.exp(ops.minimum(x, 0.0)) / (1 + ops.exp(-ops.abs(x)))),
    "softmax": (ANYTHING, ops.softmax),
    "softmax by hand": (
        ANYTHING,
        lambda x: (
            ops.exp(x - ops.max(x, -1, keepdims=True))
            / ops.sum(ops.exp(x - ops.max(x, -1, keepdims=True)), -1, keepdims=True)
        ),
    ),
    "gaussian": (ANYTHING, lambda x: ops.exp(-ops.square(x)) + ops.exp(-(x * x))),
    "capped exponential": (ANYTHING, lambda x: ops.exp(ops.minimum(x, 80.0))),
    "soft sign with an epsilon": (ANYTHING, lambda x: x / (ops.abs(x) + 1e-7)),
    "cauchy": (ANYTHING, lambda x: 1 / (1 + x * x)),
    "division of Keras without NaN": (ANYTHING, lambda x: ops.divide_no_nan(1.0, x)),
    "division guarded on both sides": (ANYTHING, lambda x: ops.where(x == 0, 0.0, 1 / ops.where(x == 0, 1.0, x))),
    "division where it is large": (
        ANYTHING,
        lambda x: ops.where(ops.abs(x) > 1e-3, 1 / ops.where(ops.abs(x) > 1e-3, x, 1.0), 0.0),
    ),
    "charbonnier": (ANYTHING, lambda x: ops.sqrt(ops.square(x) + 1e-6)),
    "norm with an epsilon": (ANYTHING, lambda x: x / ops.sqrt(ops.sum(x**2, -1, keepdims=True) + 1e-9)),
    "standardised": (ANYTHING, lambda x: (x - ops.mean(x)) * ops.rsqrt(ops.var(x) + 1e-3)),
    "focal factor": (SHARE, lambda p: (1 - p) ** 2.0 * p),
    "focal factor of a mixture": (SHARE, lambda p: (1 - (p * p + (1 - p) * (1 - p))) ** 1.5),
    "power of a square": (ANYTHING, lambda x: (x * x + 1e-6) ** 0.25),
    "mean of logs over a scan": (
        SHARE,
        lambda p: jax.lax.scan(lambda total, row: (total + jnp.log(row + 1.0), None), jnp.zeros(3), p)[0],
    ),
    "root where no gradient flows": (ANYTHING, lambda x: x * jax.lax.stop_gradient(ops.sqrt(ops.square(x)))),
}
"""Name -> (range of the argument, the function)."""
