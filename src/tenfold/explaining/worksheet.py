"""One row's numbers, laid out to be looked at: quantities, each with the formula of its cells, and stops on the way.

A `Draft` is what a kind of layer writes its quantities into; the finished `Worksheet` is plain data.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from tenfold.explaining.formula import Formula, parse_formula
from tenfold.explaining.telling import as_code, readable, used_in
from tenfold.scratch.layer import AnyNumbers, Numbers
from tenfold.scratch.tracing import Trace

__all__ = ["PHASES", "Draft", "Quantity", "Shown", "Stop", "Worksheet"]

PHASES = ("forward", "loss", "backward", "update")
"""In the order in which one step of training passes through them."""


@dataclass(frozen=True, eq=False)
class Quantity:
    """An array of one row, such as a layer's outputs or the slopes of its weights.

    Args:
        id: The layer's name and the quantity's own, such as `"dense_1.z"`.
        symbol: What it is called in formulas, such as `"z"` or `"∂L/∂W"`.
        what: What it is, in words.
        values: Its numbers, without the axis of rows.
        formula: Where its cells come from; None where they are given.
        text: The formula as a reader sees it.
        numbers: Constants of the formula: what they are called and their value, by name.
        called: What the quantities of the formula are called in it, by id: one layer's output is the next one's input.
        code: The formula as Python, free axes in braces by their number; empty where a place may lie outside.
        slope: Id of the quantity that holds the derivative of the loss by this one; empty where there is none.
        is_weight: Whether it is a trained array.
    """

    id: str
    symbol: str
    what: str
    values: Numbers
    formula: Formula | None = None
    text: str = ""
    numbers: Mapping[str, tuple[str, float]] = field(default_factory=dict)
    called: Mapping[str, str] = field(default_factory=dict)
    code: str = ""
    slope: str = ""
    is_weight: bool = False

    @property
    def layer(self) -> str:
        """Name of the layer it belongs to."""
        return self.id.rpartition(".")[0]

    @property
    def name(self) -> str:
        """Its own name, such as `"z"`."""
        return self.id.rpartition(".")[2]

    @property
    def address(self) -> str:
        """As the page's address and `--cell` have it: `"dense_1/z"`."""
        return f"{self.layer}/{self.name}"


@dataclass(frozen=True)
class Shown:
    """A quantity at a stop.

    Args:
        id: Which.
        symbol: What it is called here: one layer's output is the next one's input.
    """

    id: str
    symbol: str


@dataclass(frozen=True)
class Stop:
    """One layer in one phase.

    Args:
        phase: Of `PHASES`.
        layer: Name of the layer, of the loss or of the optimizer.
        kind: Its class.
        formula: What happens here.
        shown: The quantities, in the order in which they are found.
        main: Id of the one that the stop is about.
    """

    phase: str
    layer: str
    kind: str
    formula: str
    shown: tuple[Shown, ...]
    main: str


@dataclass(frozen=True, eq=False)
class Worksheet:
    """One row through a model, as quantities and stops.

    Args:
        trace: The numbers and what they were computed with.
        quantities: All quantities by id, each after those that it comes from.
        stops: Forward from the first layer, loss, backward from the last layer, update.
        labels: Names of the row's numbers, such as a table's columns; empty where they have none.
    """

    trace: Trace
    quantities: Mapping[str, Quantity]
    stops: tuple[Stop, ...]
    labels: tuple[str, ...] = ()


class Draft:
    """What a layer, the loss or the optimizer writes into a worksheet that grows.

    Args:
        quantities: All that is there so far, by id; new ones are added.
        owner: Name of the layer.
        names: Ids of quantities that others wrote, by the name that they have here.
    """

    def __init__(self, quantities: dict[str, Quantity], owner: str, names: Mapping[str, str]) -> None:
        self._quantities, self.owner, self.names = quantities, owner, dict(names)
        self.symbols: dict[str, str] = {}
        self.shown: list[Shown] = []
        self._announced: dict[str, tuple[int, ...]] = {}

    def announce(self, name: str, values: AnyNumbers) -> None:
        """Let formulas name a quantity that is written later: each time of a recurrent layer needs another one.

        Args:
            name: What formulas here call it.
            values: Its numbers, without the axis of rows.
        """
        self.names[name] = f"{self.owner}.{name}"
        self._announced[self.names[name]] = values.shape

    def show(self, *names: str) -> None:
        """Quantities that are there already are looked at here, too.

        Args:
            names: What they are called here.
        """
        for name in names:
            if name in self.names:
                self.shown.append(Shown(self.names[name], self._symbol(name)))

    def add(
        self,
        name: str,
        values: AnyNumbers | np.floating,
        formula: str = "",
        *,
        what: str,
        symbol: str = "",
        text: str = "",
        sizes: Mapping[str, int] | None = None,
        numbers: Mapping[str, tuple[str, float]] | None = None,
        slope_of: str = "",
        is_weight: bool = False,
    ) -> Numbers:
        """Write a quantity.

        Args:
            name: What formulas here call it; a Python identifier.
            values: Its numbers, without the axis of rows.
            formula: Where its cells come from, in the language of `formula`; empty where they are given.
            what: What it is, in words.
            symbol: What readers see in formulas; the name where nothing is said.
            text: The formula as readers see it, where that is not the formula itself.
            sizes: How many places axes have that stand alone in no index.
            numbers: Constants of the formula: what they are called and their value, by name.
            slope_of: Name of the quantity by which this one is the derivative of the loss.
            is_weight: Whether it is a trained array.

        Returns:
            The values, for whatever is computed from them.
        """
        key, found = f"{self.owner}.{name}", np.asarray(values, dtype=float)
        self.names[name] = key
        if symbol:
            self.symbols[name] = symbol
        parsed = None
        if formula:
            shapes = {one.id: one.values.shape for one in self._quantities.values()} | self._announced
            parsed = parse_formula(formula, self.names, shapes, sizes)
        constants, called, code = dict(numbers or {}), {}, ""
        if parsed:
            called = {one: symbol for one, symbol in self._symbols_by_id().items() if one in used_in(parsed)}
            text = text or readable(parsed, self._symbol(name), called, constants)
            code = as_code(parsed, {one: other for other, one in self.names.items()}, constants)
        self._quantities[key] = Quantity(
            key, self._symbol(name), what, found, parsed, text, constants, called, code, "", is_weight
        )
        self.shown.append(Shown(key, self._symbol(name)))
        if slope_of:
            self._link(slope_of, key)
        return found

    def values(self, name: str) -> Numbers:
        """The numbers of a quantity by the name it has here."""
        return self._quantities[self.names[name]].values

    def has(self, name: str) -> bool:
        """Whether there is a quantity by that name here."""
        return name in self.names

    def _link(self, name: str, slope: str) -> None:
        one = self._quantities[self.names[name]]
        if not one.slope:
            self._quantities[one.id] = Quantity(**{**vars(one), "slope": slope})

    def _symbol(self, name: str) -> str:
        if name in self.symbols:
            return self.symbols[name]
        return f"∂L/∂{self._symbol(name.removeprefix('g_'))}" if name.startswith("g_") else name

    def _symbols_by_id(self) -> dict[str, str]:
        return {key: self._symbol(name) for name, key in self.names.items()}
