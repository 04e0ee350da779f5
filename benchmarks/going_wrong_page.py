"""From the results of `going_wrong.py` to `docs/what-goes-wrong.md` and its figures: no number is typed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from matplotlib.figure import Figure

from tenfold.views.capacities import Capacities, plot_capacities, sentence_of_capacities
from tenfold.views.dead_units import DeadUnits, plot_dead_units, sentence_of_dead_units
from tenfold.views.drawing import middle, number
from tenfold.views.layer_gradients import LayerGradients, plot_layer_gradients, sentence_of_layer_gradients
from tenfold.views.range_test import RangeTest, plot_range_test, sentence_of_range_test
from tenfold.views.view import View

__all__ = ["FIGURES", "PAGE", "RESULTS", "VIEWS", "numbers_of", "write_figures", "write_page"]

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "going_wrong" / "views.json"
WORDS = Path(__file__).with_name("going_wrong_page.md")
PAGE = ROOT / "docs" / "what-goes-wrong.md"
FIGURES = ROOT / "docs" / "figures"


class Kind(NamedTuple):
    """How a view is made from its numbers."""

    numbers: type[Any]
    plot: Callable[[Any], Figure]
    sentence: Callable[[Any], str]


VIEWS = {
    "learning_rates": Kind(RangeTest, plot_range_test, sentence_of_range_test),
    "dying_units": Kind(DeadUnits, plot_dead_units, sentence_of_dead_units),
    "gradient_by_layer": Kind(LayerGradients, plot_layer_gradients, sentence_of_layer_gradients),
    "capacity": Kind(Capacities, plot_capacities, sentence_of_capacities),
}


def numbers_of(name: str, found: dict[str, Any]) -> Any:
    """The numbers of a view as it held them: lists of numbers are arrays, None is NaN, other lists are tuples."""
    kind = VIEWS[name].numbers

    def restored(field: str) -> Any:
        value = found[field]
        if not isinstance(value, list):
            return value
        is_array = isinstance(value[0], list) or any(isinstance(one, float) for one in value)
        return np.array(value, float) if is_array else tuple(value)

    return kind(**{field: restored(field) for field in kind.__dataclass_fields__})


def write_figures(results: Path, folder: Path) -> list[Path]:
    """Draw the four figures from the results."""
    found = json.loads(results.read_text(encoding="utf-8"))
    paths = []
    for name, kind in VIEWS.items():
        numbers = numbers_of(name, found[name])
        view = View(kind.plot(numbers), kind.sentence(numbers), numbers)
        paths.append(view.save(folder / f"{name.replace('_', '-')}.png"))
    return paths


def write_page(results: Path, page: Path) -> None:
    """The page: the words of `going_wrong_page.md` with the sentences and numbers of the results."""
    found = json.loads(results.read_text(encoding="utf-8"))
    numbers = {name: numbers_of(name, found[name]) for name in VIEWS}
    values = {name: _figure(name, one) for name, one in numbers.items()} | _measured(found)
    for name, of in (("learning_rates", _of_rates), ("dying_units", _of_dying), ("gradient_by_layer", _of_gradients),
                     ("capacity", _of_capacity)):  # fmt: skip
        values |= of(numbers[name])
    page.write_text(WORDS.read_text(encoding="utf-8").format(**values), encoding="utf-8")


def _figure(name: str, numbers: Any) -> str:
    return f"![{VIEWS[name].sentence(numbers)}.](figures/{name.replace('_', '-')}.png)"


def _of_rates(seen: RangeTest) -> dict[str, str]:
    last, (count, seeds, epochs) = seen.last_losses(), seen.loss.shape
    return {
        "rates_count": str(count),
        "rates_seeds": str(seeds),
        "rates_members": str(count * seeds),
        "rates_epochs": str(epochs),
        "rates_first": number(seen.rates[0]),
        "rates_last": number(seen.rates[-1]),
        "rates_start": number(middle(seen.start)),
        "rates_first_loss": number(last[0]),
        "rates_last_loss": number(last[-1]),
    }


def _of_dying(seen: DeadUnits) -> dict[str, str]:
    return {
        "dying_factor": f"{seen.factor:g}",
        "dying_turn": str(seen.turn),
        "dying_start": f"{seen.share(0, 0):.0%}",
        "dying_right": f"{seen.share(0):.0%}",
        "dying_hit": f"{seen.share(1, seen.turn):.0%}",
        "dying_end": f"{seen.share(1):.0%}",
        "dying_leaky": f"{seen.share(2):.0%}",
        "dying_loss": number(seen.last_loss(1)),
        "dying_leaky_loss": number(seen.last_loss(2)),
    }


def _of_gradients(seen: LayerGradients) -> dict[str, str]:
    rows = [
        f"| {kind} | {number(middle(ratios[-1]))} | {number(middle(losses[:, -1]))} |"
        for kind, ratios, losses in zip(seen.kinds, seen.first_over_last(), seen.loss, strict=True)
    ]
    return {
        "depth": str(seen.depths[-1]),
        "gradient_epochs": str(seen.loss.shape[2]),
        "gradient_table": "\n".join(rows),
    }


def _of_capacity(seen: Capacities) -> dict[str, str]:
    loss, held_out = seen.last(seen.loss), seen.last(seen.validation_loss)
    return {
        "capacity_first": str(seen.sizes[0]),
        "capacity_last": str(seen.sizes[-1]),
        "capacity_best": str(seen.sizes[seen.best]),
        "capacity_parameters": f"{seen.parameters[-1]:,}",
        "capacity_first_loss": number(loss[0]),
        "capacity_last_loss": number(loss[-1]),
        "capacity_last_held": number(held_out[-1]),
        "capacity_best_held": number(held_out[seen.best]),
    }


def _measured(found: dict[str, Any]) -> dict[str, str]:
    machine = found["machine"]
    return {
        "date": found["date"],
        "processor": machine["processor"],
        "cores": str(machine["cores"]),
        "versions": ", ".join(f"{name} {machine['versions'][name]}" for name in ("tenfold", "keras", "jax", "numpy")),
        "seconds": ", ".join(f"`{name}` {found[name]['seconds']['processor']:.0f}" for name in VIEWS),
    }


if __name__ == "__main__":
    write_figures(RESULTS, FIGURES)
    write_page(RESULTS, PAGE)
