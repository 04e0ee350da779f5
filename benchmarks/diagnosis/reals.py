"""Programs that people really asked about, retold in our own words on data that can be made here; with their cures.

They are measured, never tuned on. Each faulty program has a sound twin: the same with the cure that the answer gave.
The numbers name the question: of Stack Overflow where nothing else is said.
"""

from diagnosis import reals_sets, reals_small
from diagnosis.program import PROGRAMS, Program

__all__ = ["MODULES", "REALS"]

MODULES = (reals_small, reals_sets)
REALS: tuple[Program, ...] = tuple(one for one in PROGRAMS.values() if one.is_real)
