"""Faulty programs, each a sound twin with one fault put into it."""

from diagnosis import (
    mutants_depth,
    mutants_head,
    mutants_metric,
    mutants_numeric,
    mutants_rows,
    mutants_scale,
    mutants_start,
    mutants_steps,
    mutants_structure,
)
from diagnosis.program import PROGRAMS, Program

__all__ = ["MODULES", "MUTANTS"]

MODULES = (
    mutants_head,
    mutants_metric,
    mutants_scale,
    mutants_rows,
    mutants_start,
    mutants_depth,
    mutants_steps,
    mutants_structure,
    mutants_numeric,
)
MUTANTS: tuple[Program, ...] = tuple(one for one in PROGRAMS.values() if one.fault and not one.is_real)
