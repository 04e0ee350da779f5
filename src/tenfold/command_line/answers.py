"""How the command `run` answers: in words, in one line, or as one JSON object."""

from tenfold.command_line.session import Manner
from tenfold.report.facts import Facts
from tenfold.report.json_line import json_line
from tenfold.report.terminal import closing_block, headline_line

__all__ = ["answer_of"]


def answer_of(facts: Facts, manner: Manner, *, width: int) -> str:
    """What stands on standard output when the run is done.

    Args:
        facts: What the run found.
        manner: How the command speaks.
        width: Columns of the terminal.

    Returns:
        The closing block, the headline, one JSON object, or nothing.
    """
    if manner.as_json:
        return json_line(facts)
    if manner.quiet:
        return headline_line(facts) if manner.quiet == 1 else ""
    return closing_block(facts, width=width)
