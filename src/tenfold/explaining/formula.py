r"""The formulas that say where a cell's number comes from, and the small language in which layers declare them.

    z[j] = x[i] * W[i, j] + b[j]                                    a dense layer: whatever is not on the left is summed
    z[p, q, k] = x[2*p + u, 2*q + v, c] * K[u, v, c, k] + b[k]      a convolution of stride 2
    g_x[r, c] = g[(r - u) / 2, c] * (winner[(r - u) / 2, c] == u)   max pooling's way back
    a[t, j] = E[x[t], j]                                            an embedding: an index may be looked up
    a[j] = relu(z[j])      top = max(z[j])      a = same(x)      d = join(d_i, d_f)

It is Python's grammar. A place outside an array is left out of the sum (the margin of a picture, the state before the
first time), and so is a place that is no whole number (a pixel that no window of that stride sees). One explainer reads
these formulas for every kind of layer: `cell` in Python, and `page.js` in a browser.
"""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["Condition", "Factor", "Formula", "Index", "Product", "Spot", "parse_formula"]


@dataclass(frozen=True)
class Spot:
    """A place along one axis: (offset + Σ factor · axis) / divisor.

    Args:
        offset: A whole number.
        axes: Places of axes in the formula's list of axes, each with its whole factor.
        divisor: A whole number above 0; where the division leaves a rest, there is no such place.
    """

    offset: int = 0
    axes: tuple[tuple[int, int], ...] = ()
    divisor: int = 1


Index: TypeAlias = "Spot | Factor"
"""A place along an axis, computed or looked up in another quantity."""


@dataclass(frozen=True)
class Factor:
    """One cell of a quantity.

    Args:
        quantity: Which quantity, by its id.
        index: The cell's place along each axis.
    """

    quantity: str
    index: tuple[Index, ...]


@dataclass(frozen=True)
class Condition:
    """Two places that must be the same for a term to count.

    Args:
        left: One of them.
        right: The other.
    """

    left: Index
    right: Index


@dataclass(frozen=True)
class Product:
    """Terms of a sum: a number times cells, over all values of the axes that are not on the left.

    Args:
        sign: 1 or -1.
        numbers: Constants by which every term is multiplied, by name, such as a learning rate.
        factors: The cells.
        conditions: What must hold for a term to count.
        summed: Places of the axes that are summed over, in the formula's list of axes.
    """

    sign: int
    numbers: tuple[str, ...]
    factors: tuple[Factor, ...]
    conditions: tuple[Condition, ...]
    summed: tuple[int, ...]


@dataclass(frozen=True)
class Formula:
    """Where the cells of a quantity come from.

    Args:
        kind: `"sum"` of products; `"max"` of cells; `"function"` of one cell; the `"same"` numbers in another shape;
            several quantities `"join"`ed along the last axis.
        axes: Names of all axes: those of the quantity, then those that are summed over.
        sizes: How many places an axis has, by its place in `axes`; at least of those that are summed over.
        products: What is summed, compared, or given to the function; one product without numbers for the latter two.
        function: Name of the function.
        numbers: Constants of the function.
        sources: Ids of the quantities that are reshaped or joined.
    """

    kind: str
    axes: tuple[str, ...]
    sizes: Mapping[int, int]
    products: tuple[Product, ...] = ()
    function: str = ""
    numbers: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


def parse_formula(
    text: str,
    names: Mapping[str, str],
    shapes: Mapping[str, Sequence[int]],
    sizes: Mapping[str, int] | None = None,
) -> Formula:
    """A formula from its text.

    Args:
        text: Such as `"z[j] = x[i] * W[i, j] + b[j]"`.
        names: Id of each quantity by the name that the text gives it; any other name is a constant.
        shapes: Shape of each quantity by its id.
        sizes: How many places an axis has, where it stands alone in no index.

    Returns:
        The formula.

    >>> found = parse_formula("z[j] = x[i] * W[i, j]", {"x": "x", "W": "W"}, {"x": (3,), "W": (3, 2)})
    >>> found.axes, found.sizes, len(found.products[0].factors)
    (('j', 'i'), {1: 3, 0: 2}, 2)
    """
    statement = ast.parse(text).body[0]
    if not isinstance(statement, ast.Assign):
        msg = f"no formula: {text}"
        raise TypeError(msg)
    return _Parser(names, shapes, sizes or {}).formula(statement.targets[0], statement.value)


class _Parser:
    def __init__(self, names: Mapping[str, str], shapes: Mapping[str, Sequence[int]], sizes: Mapping[str, int]) -> None:
        self.names, self.shapes, self.known_sizes = names, shapes, sizes
        self.axes: list[str] = []
        self.sizes: dict[int, int] = {}
        self.visible: dict[str, int] = {}

    def formula(self, left: ast.expr, right: ast.expr) -> Formula:
        self.axes = [part.id for part in _indices(left) if isinstance(part, ast.Name)]
        free = dict(zip(self.axes, range(len(self.axes)), strict=True))
        if isinstance(right, ast.Call) and isinstance(right.func, ast.Name):
            return self._call(right.func.id, right.args, free)
        products = tuple(self._product(part, sign, free) for part, sign in _addends(right, 1))
        return Formula("sum", tuple(self.axes), self.sizes, products)

    def _call(self, function: str, arguments: Sequence[ast.expr], free: Mapping[str, int]) -> Formula:
        if function in ("same", "join"):
            sources = tuple(self.names[one.id] for one in arguments if isinstance(one, ast.Name))
            return Formula(function, tuple(self.axes), {}, sources=sources)
        product = self._product(arguments[0], 1, free)
        numbers = tuple(one.id for one in arguments[1:] if isinstance(one, ast.Name))
        kind = "max" if function == "max" else "function"
        return Formula(kind, tuple(self.axes), self.sizes, (product,), function, numbers)

    def _product(self, node: ast.expr, sign: int, free: Mapping[str, int]) -> Product:
        factors: list[Factor] = []
        conditions: list[Condition] = []
        numbers: list[str] = []
        self.visible = dict(free)  # an axis of an earlier product is another axis, whatever its name
        before = len(self.axes)
        for signed in _multiplied(node):
            part = signed
            if isinstance(signed, ast.UnaryOp):
                sign, part = -sign, signed.operand
            if isinstance(part, ast.Compare):
                conditions.append(Condition(self._index(part.left), self._index(part.comparators[0])))
            elif isinstance(part, ast.Name) and part.id not in self.names:
                numbers.append(part.id)
            else:
                factors.append(self._factor(part))
        summed = tuple(range(before, len(self.axes)))
        for place in summed:
            if place not in self.sizes:
                self.sizes[place] = self.known_sizes[self.axes[place]]
        return Product(sign, tuple(numbers), tuple(factors), tuple(conditions), summed)

    def _factor(self, node: ast.expr) -> Factor:
        name = node.value if isinstance(node, ast.Subscript) else node
        if not isinstance(name, ast.Name):
            msg = f"no quantity: {ast.unparse(node)}"
            raise TypeError(msg)
        quantity = self.names[name.id]
        parts, shape = _indices(node), self.shapes[quantity]
        if len(parts) != len(shape):
            msg = f"{len(parts)} indices for `{name.id}` of shape {tuple(shape)}"
            raise ValueError(msg)
        index = []
        for part, size in zip(parts, shape, strict=True):
            index.append(self._index(part))
            if isinstance(part, ast.Name):
                self.sizes.setdefault(self.visible[part.id], size)
        return Factor(quantity, tuple(index))

    def _index(self, node: ast.expr) -> Index:
        if isinstance(node, ast.Subscript):
            return self._factor(node)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            above = self._spot(node.left)
            return Spot(above.offset, above.axes, _whole(node.right))
        return self._spot(node)

    def _spot(self, node: ast.expr) -> Spot:
        offset = 0
        axes: dict[int, int] = {}
        for part, sign in _addends(node, 1):
            if isinstance(part, ast.Constant):
                offset += sign * _whole(part)
                continue
            names = [one.id for one in _multiplied(part) if isinstance(one, ast.Name)]
            whole = [_whole(one) for one in _multiplied(part) if isinstance(one, ast.Constant)]
            place = self._axis(names[0])
            axes[place] = axes.get(place, 0) + sign * (whole[0] if whole else 1)
        return Spot(offset, tuple((place, factor) for place, factor in axes.items() if factor))

    def _axis(self, name: str) -> int:
        if name not in self.visible:
            self.visible[name] = len(self.axes)
            self.axes.append(name)
        return self.visible[name]


def _indices(node: ast.expr) -> list[ast.expr]:
    if not isinstance(node, ast.Subscript):
        return []
    return list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]


def _addends(node: ast.expr, sign: int) -> list[tuple[ast.expr, int]]:
    """The parts of a sum, each with its sign."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        other = sign if isinstance(node.op, ast.Add) else -sign
        return [*_addends(node.left, sign), *_addends(node.right, other)]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return _addends(node.operand, -sign)
    return [(node, sign)]


def _multiplied(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        return [*_multiplied(node.left), *_multiplied(node.right)]
    return [node]


def _whole(node: ast.expr) -> int:
    if not isinstance(node, ast.Constant) or not isinstance(node.value, int):
        msg = f"no whole number: {ast.unparse(node)}"
        raise TypeError(msg)
    return node.value
