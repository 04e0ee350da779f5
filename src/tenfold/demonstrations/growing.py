"""`tenfold.views.capacity`: the same rows learnt by networks from too small to too large."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from tenfold.demonstrations.examples import circles, network_of_width
from tenfold.demonstrations.subject import Subject, check_counts, is_example, losses_of, rows_of
from tenfold.engine.arrays import num_rows
from tenfold.engine.member import Member
from tenfold.errors import OptionError, SplitError
from tenfold.views.capacities import Capacities, plot_capacities, sentence_of_capacities
from tenfold.views.view import View

__all__ = ["capacity"]

WIDTHS = (1, 2, 4, 8, 16, 32, 128)


def capacity(
    build: Callable[[int], Any] | None = None,
    x: Any = None,
    y: Any = None,
    *,
    widths: Sequence[int] = WIDTHS,
    measure: str = "width",
    validation_share: float = 0.5,
    epochs: int = 100,
    batch_size: int = 32,
    seeds: int = 8,
    seed: int = 0,
) -> View:
    """Training and validation loss against the size of a network.

    Args:
        build: A function of the width, or of any whole number that makes the network larger, such as its number of
            layers; returns a compiled Keras model. None for two hidden layers of so many units on two noisy circles.
        x: Inputs, as `Model.fit` takes them.
        y: Targets likewise.
        widths: The sizes to try, at least 2.
        measure: What they are called in the figure, such as `"number of layers"`.
        validation_share: Fraction of the rows that each seed holds out; other rows for each seed.
        epochs: Epochs of each training.
        batch_size: Rows of a step.
        seeds: Trainings of each size.
        seed: Seed of everything that is drawn.

    Returns:
        A view; its numbers are `tenfold.views.capacities.Capacities`.

    Raises:
        ModelError: A model that cannot be trained as it is.
        OptionError: A number out of range.
        SplitError: Too few rows to hold some out.
    """
    check_counts(seeds=seeds, seed=seed)
    sizes = _checked(widths)
    data = rows_of(*circles(150, noise=0.2, seed=0)) if is_example(build, x, y) else rows_of(x, y)
    members = _members(num_rows(data), validation_share, seeds, seed)
    losses, held_out, parameters = [], [], []
    for size in sizes:
        subject = Subject(_built(build or network_of_width, size), data.x, data.y)
        result = subject.trained(members, epochs=epochs, batch_size=batch_size, seed=seed)
        losses.append(losses_of(result, 1, epochs)[0])
        held_out.append(losses_of(result, 1, epochs, "val_loss")[0])
        parameters.append(result.network.num_parameters)
    seen = Capacities(measure, tuple(sizes), tuple(parameters), np.stack(losses), np.stack(held_out))
    return View(plot_capacities(seen), sentence_of_capacities(seen), seen)


def _built(build: Callable[[int], Any], size: int) -> Callable[[], Any]:
    return lambda: build(size)


def _members(num: int, share: float, seeds: int, seed: int) -> list[Member]:
    """Each seed with a split of its own, the same for every size."""
    held = round(num * share)
    if not 1 <= held < num:
        raise SplitError(
            "validation_share", f"A share of {share:g} of {num} rows leaves nothing on one side",
            expected="`validation_share` above 0 and below 1", received=str(share),
        )  # fmt: skip
    orders = [np.random.default_rng([seed, one]).permutation(num) for one in range(seeds)]
    return [Member(np.sort(order[held:]), np.sort(order[:held]), seed=one) for one, order in enumerate(orders)]


def _checked(widths: Sequence[int]) -> list[int]:
    sizes = sorted(set(widths))
    if len(sizes) < 2 or any(isinstance(one, bool) or not isinstance(one, int) or one < 1 for one in sizes):  # noqa: PLR2004 (one size is no comparison)
        raise OptionError(
            "widths", "`widths` must be different whole numbers of at least 1", expected="at least two",
            received=repr(list(widths)),
        )  # fmt: skip
    return sizes
