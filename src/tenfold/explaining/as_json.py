"""One row as one JSON object, for programs: every quantity with its formula and its numbers."""

import json
from typing import Any

import numpy as np

from tenfold.explaining.worksheet import Quantity, Worksheet

__all__ = ["MOST_NUMBERS", "worksheet_as_json"]

MOST_NUMBERS = 100_000
"""Numbers of a quantity that are written; of a larger one its range alone. Arbitrary."""


def worksheet_as_json(worksheet: Worksheet, page: str) -> str:
    """One row as JSON.

    Args:
        worksheet: The row.
        page: Path of the page that was written.
    """
    trace, agreement = worksheet.trace, worksheet.trace.agreement
    found: dict[str, Any] = {
        "schema": 1,
        "model": trace.model,
        "row": trace.row,
        "prediction": np.asarray(trace.loss.prediction[0]).tolist(),
        "truth": np.asarray(trace.loss.target[0]).tolist(),
        "loss": {"name": trace.loss.name, "value": trace.loss.value},
        "update": {"name": trace.update.name, "loss_before": trace.update.loss_before,
                   "loss_after": trace.update.loss_after, "loss_expected": trace.update.loss_expected},
        "agreement": {"num_slopes": agreement.num_slopes, "largest": agreement.largest},
        "stops": [{"phase": stop.phase, "layer": stop.layer, "kind": stop.kind, "formula": stop.formula,
                   "quantities": [one.id for one in stop.shown]} for stop in worksheet.stops],
        "quantities": {one.id: _quantity(one) for one in worksheet.quantities.values()},
        "page": page,
    }  # fmt: skip
    return json.dumps(found)


def _quantity(one: Quantity) -> dict[str, Any]:
    values = one.values
    return {
        "what": one.what,
        "formula": one.text,
        "shape": list(values.shape),
        "lowest": float(values.min()),
        "highest": float(values.max()),
        "values": values.tolist() if values.size <= MOST_NUMBERS else None,
    }
