"""What can go wrong, as one tree.

Every error says what is wrong and where, what was expected, what was received and what to do. A user meets them in two
ways: raised from the Python interface, or printed by the command line as one sentence with its details below.

    TenfoldError
    ├── InputError (ValueError)     the user's input does not fit; exit code 2
    │   ├── TableError              a file, column or cell
    │   ├── TargetError             the column to predict
    │   ├── SplitError              folds, groups, held-out rows
    │   ├── ModelError              a Keras model that cannot be trained as asked
    │   └── OptionError             any other argument
    ├── BackendError (RuntimeError) Keras runs on a backend that is not JAX; exit code 2
    ├── RunFolderError (OSError)    a run folder is locked, damaged or not one; exit code 4
    └── MachineError (OSError)      disk, memory, devices; exit code 4
"""

import difflib
from collections.abc import Iterable

__all__ = [
    "BackendError",
    "ChecksWarning",
    "IncomparableLossWarning",
    "InputError",
    "KerasLoopWarning",
    "MachineError",
    "ModelError",
    "OptionError",
    "RunFolderError",
    "SplitError",
    "TableError",
    "TargetError",
    "TenfoldError",
    "did_you_mean",
]


class TenfoldError(Exception):
    """Root of all errors that Tenfold raises on purpose.

    Args:
        code: Stable name of the case, lower case with underscores, such as `"unknown_target"`.
        what: One sentence: what is wrong and where, names in backticks, with a full stop only if more follows.
        expected: What would have been right, as a phrase. Optional.
        received: What was found instead, as a phrase. Optional.
        hint: What to do about it, as a phrase. Optional.
    """

    exit_code = 3

    def __init__(
        self,
        code: str,
        what: str,
        *,
        expected: str | None = None,
        received: str | None = None,
        hint: str | None = None,
    ) -> None:
        self.code = code
        self.what = what
        self.expected = expected
        self.received = received
        self.hint = hint
        super().__init__(self.sentence)

    @property
    def sentence(self) -> str:
        """The whole message on one line, as Python shows it.

        >>> error = TableError("empty", "`a.csv` has no rows", expected="at least 2 rows", hint="check the file")
        >>> error.sentence
        '`a.csv` has no rows. Expected: at least 2 rows. Hint: check the file.'
        """
        parts = [self.what]
        for name, phrase in (("Expected", self.expected), ("Received", self.received), ("Hint", self.hint)):
            if phrase:
                parts.append(f"{name}: {phrase}")
        return " ".join(part.rstrip(".") + "." for part in parts)

    @property
    def lines(self) -> str:
        """The message as the command line prints it: details indented, the hint after an empty line.

        >>> print(TableError("empty", "`a.csv` has no rows", expected="at least 2 rows", hint="check the file").lines)
        error: `a.csv` has no rows
          expected at least 2 rows
        <BLANKLINE>
        hint: check the file
        """
        lines = [f"error: {self.what}"]
        if self.expected:
            lines.append(f"  expected {self.expected}")
        if self.received:
            lines.append(f"  received {self.received}")
        if self.hint:
            lines += ["", f"hint: {self.hint}"]
        return "\n".join(lines)


class InputError(TenfoldError, ValueError):
    """The user's input does not fit."""

    exit_code = 2


class TableError(InputError):
    """A file, a column or a cell is not what it should be."""


class TargetError(InputError):
    """The column to predict cannot be predicted as it stands."""


class SplitError(InputError):
    """Folds, groups or held-out rows cannot be made as asked."""


class ModelError(InputError):
    """A Keras model cannot be trained as asked."""


class OptionError(InputError):
    """Any other argument is out of range or unknown."""


class BackendError(TenfoldError, RuntimeError):
    """Keras already runs on a backend that is not JAX."""

    exit_code = 2


class RunFolderError(TenfoldError, OSError):
    """A run folder is locked, damaged or no run folder at all."""

    exit_code = 4


class MachineError(TenfoldError, OSError):
    """The machine has no room: disk, memory or devices."""

    exit_code = 4


class ChecksWarning(UserWarning):
    """The checks could not look at a training; the training itself is what it would have been."""


class IncomparableLossWarning(UserWarning):
    """Trials of a search were compared by a loss that is not the same quantity in all of them."""


class KerasLoopWarning(UserWarning):
    """Training was handed to Keras' own loop, because something asked for needs each batch on the host."""


def did_you_mean(received: str, known: Iterable[str]) -> str | None:
    """A hint that names the closest known word, whatever its case, or None where nothing is close.

    Args:
        received: The word that is not known.
        known: The words that are.

    Returns:
        A phrase for `hint=`, or None.

    >>> did_you_mean("prise", ["price", "rooms"])
    'did you mean `price`?'
    >>> did_you_mean("medv", ["CRIM", "MEDV"])
    'did you mean `MEDV`?'
    >>> did_you_mean("xyz", ["price", "rooms"]) is None
    True
    """
    words = {word.casefold(): word for word in known}
    close = difflib.get_close_matches(received.casefold(), list(words), n=1, cutoff=0.6)
    return f"did you mean `{words[close[0]]}`?" if close else None
