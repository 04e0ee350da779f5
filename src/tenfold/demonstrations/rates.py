"""`tenfold.views.learning_rates`: one network at many learning rates, all trained as one program."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from tenfold.demonstrations.examples import digits, digits_network
from tenfold.demonstrations.subject import Subject, check_counts, is_example, losses_of
from tenfold.engine.arrays import num_rows
from tenfold.engine.member import Member
from tenfold.engine.settings import LEARNING_RATE
from tenfold.errors import OptionError
from tenfold.views.range_test import RangeTest, plot_range_test, sentence_of_range_test
from tenfold.views.view import View

__all__ = ["learning_rates"]

RATES = tuple(float(f"{rate:.3g}") for rate in np.logspace(-6, 0, 13))
"""Two for each power of ten, from far too small to far too large for any of Keras' optimizers."""


def learning_rates(
    model: Any = None,
    x: Any = None,
    y: Any = None,
    *,
    rates: Sequence[float] = RATES,
    epochs: int = 20,
    batch_size: int = 32,
    seeds: int = 5,
    seed: int = 0,
) -> View:
    """What each learning rate does: too small, right, too large.

    Args:
        model: A compiled Keras model or a function without arguments that returns one; it is not changed, and where its
            optimizer follows a schedule, the rates are those it starts from. None for a network on digits.
        x: Inputs, as `Model.fit` takes them.
        y: Targets likewise.
        rates: Learning rates above 0, at least 2.
        epochs: Epochs of each training.
        batch_size: Rows of a step.
        seeds: Trainings at each rate.
        seed: Seed of everything that is drawn.

    Returns:
        A view; its numbers are `tenfold.views.range_test.RangeTest`.

    Raises:
        ModelError: No learning rate, or a model that cannot be trained as it is.
        OptionError: A number out of range.
    """
    check_counts(seeds=seeds, seed=seed)
    tried = _checked(rates)
    subject = Subject(digits_network, *digits(600)) if is_example(model, x, y) else Subject(model, x, y)
    _ = subject.rate
    rows = np.arange(num_rows(subject.data))
    members = [
        Member(rows, seed=one, settings={LEARNING_RATE: rate}, epochs=None if rate else 1)
        for rate in (0.0, *tried)
        for one in range(seeds)
    ]
    result = subject.trained(members, epochs=epochs, batch_size=batch_size, seed=seed)
    losses = losses_of(result, 1 + len(tried), epochs)
    seen = RangeTest(type(subject.model.optimizer).__name__, np.array(tried), losses[1:], losses[0, :, 0])
    return View(plot_range_test(seen), sentence_of_range_test(seen), seen)


def _checked(rates: Sequence[float]) -> list[float]:
    tried = sorted({float(rate) for rate in rates})
    if len(tried) < 2 or not tried[0] > 0:  # noqa: PLR2004 (one rate is no comparison)
        raise OptionError(
            "rates", "`rates` must be different numbers above 0", expected="at least two", received=repr(list(rates))
        )
    return tried
