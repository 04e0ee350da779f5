"""Whether a remedy cures: it brings the network to about where a quick model stands on the same data."""

from tenfold.checks.facts import Evidence
from tenfold.checks.reach import Gain

__all__ = ["cures"]

_ENOUGH = 0.5
"""Part of what a quick model learns that a cured network reaches at least. Tuned on the development programs."""

_UNKNOWN = 0.65
"""Taken as learnable where no quick model was fitted. Arbitrary."""


def cures(evidence: Evidence, gain: Gain) -> bool:
    """Whether a way of training comes near to what can be learnt."""
    learnable = _UNKNOWN if evidence.data is None else evidence.data.measures.get("learnable", _UNKNOWN)
    return gain.to_reach >= _ENOUGH * learnable
