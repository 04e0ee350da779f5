"""How a candidate is put forward: which finding asks for it, its name, what it says, and what it does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tenfold.repairing.program import Case, Change, Program

__all__ = ["Apply", "Asked", "of_program", "proposal"]

Apply = Callable[[Program, Case], Program | None]


@dataclass(frozen=True)
class Asked:
    """Why candidates are looked for.

    Attributes:
        code: Code of the finding; empty where settings are looked at again after repairs.
        fault: Its fault.
        subject: Layer, column or output that it is about.
    """

    code: str
    fault: str
    subject: str = ""


def proposal(asked: Asked, candidate: str, says: str, apply: Apply) -> Change:
    """A candidate.

    Args:
        asked: Why.
        candidate: Name of its family, as checks name it in `Check.repairs`.
        says: What it changes, as a phrase.
        apply: Does it; None where it does not apply to a program or would change nothing.
    """
    return Change(asked.code, asked.fault, candidate, says, apply)


def of_program(change: Callable[..., Program | None], *arguments: Any) -> Apply:
    """A candidate that takes no numbers from the rows.

    Args:
        change: Makes a program of a program and the arguments.
        arguments: What it is told besides the program.
    """

    def apply(program: Program, case: Case) -> Program | None:
        del case
        return change(program, *arguments)

    return apply
