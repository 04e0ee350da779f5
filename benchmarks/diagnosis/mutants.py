"""Faulty programs, each a sound twin with one fault put into it."""

from diagnosis import mutants_data, mutants_head, mutants_start, mutants_steps, mutants_structure
from diagnosis.program import PROGRAMS, Program

__all__ = ["MUTANTS"]

MODULES = (mutants_head, mutants_data, mutants_start, mutants_steps, mutants_structure)
MUTANTS: tuple[Program, ...] = tuple(program for program in PROGRAMS.values() if program.fault)
