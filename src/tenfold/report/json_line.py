"""The answer for scripts: one JSON object on stdout with `--json`, and nothing before or after it."""

import json
from typing import Any

from tenfold.codec import plain
from tenfold.report.comparison import difference_between, network_among
from tenfold.report.evidence import Model
from tenfold.report.facts import Facts
from tenfold.report.verdict import decide

__all__ = ["json_line"]


def json_line(facts: Facts) -> str:
    """One JSON object with what a script needs; `facts.json` in the run folder has everything.

    Args:
        facts: What the run found.

    Returns:
        ASCII on one line; NaN is null.
    """
    verdict, measure = facts.verdict or decide(facts), facts.measure
    found, looks = plain(verdict), facts.protocol.sealed_looks if facts.protocol else 0
    if verdict.score is not None:
        found["score"] |= {"unit": measure.unit or facts.problem.unit, "measure": measure.key, "better": measure.better}
    content = {
        "schema": facts.schema,
        "verdict": found | {"sealed": plain(facts.sealed), "looks": looks},
        "models": [_summary(facts, model) for model in facts.models],
        "findings": plain([one for one in facts.findings if one.outcome in {"finding", "tip"}]),
        "looks": looks,
        "seconds": plain(facts.run.seconds),
        "paths": plain(facts.paths) if facts.paths else {},
    }
    return json.dumps(content, allow_nan=False)


def _summary(facts: Facts, model: Model) -> Any:
    network = network_among(facts.models)
    against = difference_between(facts.differences, network, model)
    summary = {"name": model.name, "role": model.role, "score": model.score, "seconds": model.seconds}
    return plain(summary | {"network_better_by": against.interval if against else None})
