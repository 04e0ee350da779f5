"""An audit in words and columns, for the screen."""

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["audit_table"]


def audit_table(found: Mapping[str, Any], unsafe: Sequence[str]) -> str:
    """The audit as text.

    Args:
        found: What `Audit.as_dict` gives.
        unsafe: The unsafe operations, a sentence each.

    Returns:
        Lines without an end of line after the last.
    """
    parts = [_clipping(found), _digits(found), _operations(unsafe), _mixed(found), found["notes"]]
    return "\n\n".join("\n".join(part) for part in parts if part)


def _clipping(found: Mapping[str, Any]) -> list[str]:
    if not found["outputs"]:
        return [f"clipped losses: none ({found['rows']} rows looked at)"]
    head = ("output", "activation", "loss", "clipped", "no gradient", "wrong and frozen", "gradient lost")
    rows = [
        (one["layer"], one["activation"], one["loss"],
         *(f"{one[name]:.2%}" for name in ("clipped_share", "gradient_lost", "frozen_share", "magnitude_lost")))
        for one in found["outputs"]
    ]  # fmt: skip
    return [f"clipped losses, {found['rows']} rows", *_columns([head, *rows], left=3)]


def _digits(found: Mapping[str, Any]) -> list[str]:
    if found["loss_error"] is None:
        return []
    rows = [(one["name"], _error(one["output_error"]), _error(one["gradient_error"])) for one in found["layers"]]
    whole = ("the step: loss, all gradients", _error(found["loss_error"]), _error(found["gradient_error"]))
    title = f"relative error against float64, one step of {found['batch_size']} rows"
    return [title, *_columns([("layer", "output", "gradient"), *rows, whole], left=1)]


def _operations(unsafe: Sequence[str]) -> list[str]:
    return [f"unsafe operations: {len(unsafe) or 'none'}", *(f"  {one}" for one in unsafe)]


def _mixed(found: Mapping[str, Any]) -> list[str]:
    if not found["mixed"]:
        return []
    head = ("mixed precision", "head", "loss scale", "underflow", "overflow", "loss error", "gradient error", "clipped")
    rows = [
        (one["policy"], "float32" if one["float32_head"] else "16 bits", f"{one['loss_scale']:g}",
         f"{one['underflow']:.2%}", f"{one['overflow']:.2%}", _error(one["loss_error"]),
         _error(one["gradient_error"]), f"{one['clipped_share']:.2%}")
        for one in found["mixed"]
    ]  # fmt: skip
    return _columns([head, *rows], left=2)


def _error(value: Any) -> str:
    return "" if value is None else f"{value:.1e}" if isinstance(value, float) else str(value)


def _columns(rows: Sequence[Sequence[str]], *, left: int) -> list[str]:
    """Rows in columns, the first ones flush left, indented by two."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return [
        "  " + "  ".join(
            cell.ljust(width) if place < left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]  # fmt: skip
