"""All programs, and which of them a command line asks for."""

import argparse
from collections.abc import Sequence

from diagnosis.mutants import MUTANTS
from diagnosis.program import FAULTS, Program
from diagnosis.reals import REALS
from diagnosis.sound import SOUND

__all__ = ["add_choices", "chosen", "everything"]


def everything() -> tuple[Program, ...]:
    """Sound programs, mutants, and those that people asked about."""
    return (*SOUND, *MUTANTS, *REALS)


def add_choices(parser: argparse.ArgumentParser) -> None:
    """Options that choose programs and seeds."""
    parser.add_argument("--only", nargs="+", default=(), metavar="NAME", help="programs by name")
    parser.add_argument("--fault", nargs="+", default=(), choices=FAULTS, help="mutants with these faults")
    parser.add_argument("--sound", action="store_true", help="sound programs")
    parser.add_argument("--real", action="store_true", help="programs that people asked about; never for tuning")
    parser.add_argument("--seeds", type=int, default=3, help="how many seeds, from 0")


def chosen(options: argparse.Namespace) -> Sequence[Program]:
    """Programs that the options ask for: without any, all that checks may be tuned on."""
    if options.only:
        return [program for program in everything() if program.name in options.only]
    if not (options.fault or options.sound or options.real):
        return [program for program in everything() if not program.is_real]
    return [program for program in everything() if _is_wanted(program, options)]


def _is_wanted(program: Program, options: argparse.Namespace) -> bool:
    if program.is_real:
        return bool(options.real)
    return (options.sound and program.fault is None) or program.fault in options.fault
