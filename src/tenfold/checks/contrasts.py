"""Is a suspicion confirmed? What the network gains when it is trained otherwise, over the same seeds.

A static rule suspects, the probe decides: if the inputs look unscaled but training on scaled ones is no better, the
suspicion is told as a tip (UMLAUT named a fault in 50 of 52 programs, of which 14 were right).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tenfold.checks.facts import ProbeFacts
from tenfold.checks.finding import Finding, Severity

__all__ = ["LEAST_GAIN", "STANDARD_ERRORS", "Gain", "confirmed", "gains", "learns_nothing"]

STANDARD_ERRORS = 2.0
"""Standard errors over the seeds that a gain must reach to be clear: one in twenty does by chance."""

LEAST_GAIN = 0.05
"""Share of the guess's error that a gain must reach to be worth telling: arbitrary."""

_NOTHING = 0.9
"""Share of the guess's error above which nothing has been learnt: arbitrary."""


@dataclass(frozen=True)
class Gain:
    """What a way of training gains over the one of the user.

    Attributes:
        name: The way of training, as in `ProbeFacts.contrasts`.
        training: By how much the error on the training rows is lower, in shares of the guess's error; mean over seeds.
        validation: The same on rows not trained on.
        training_errors: The training gain in its standard errors over the seeds.
        validation_errors: The validation gain likewise.
    """

    name: str
    training: float
    validation: float
    training_errors: float
    validation_errors: float

    @property
    def is_clear(self) -> bool:
        """Whether rows not trained on gain, or the training rows gain and the others lose nothing."""
        on_new_rows = self.validation > LEAST_GAIN and self.validation_errors > STANDARD_ERRORS
        on_own_rows = self.training > LEAST_GAIN and self.training_errors > STANDARD_ERRORS
        return on_new_rows or (on_own_rows and self.validation > -LEAST_GAIN)


def gains(probe: ProbeFacts | None, name: str) -> Gain | None:
    """What a way of training gains; None where it was not tried."""
    other = None if probe is None else probe.contrast(name)
    if probe is None or other is None:
        return None
    user = probe.as_it_is
    training, training_errors = _lower(user.error, other.error, probe.guess_error)
    validation, validation_errors = _lower(user.validation_error, other.validation_error, probe.guess_error)
    return Gain(name, training, validation, training_errors, validation_errors)


def learns_nothing(probe: ProbeFacts) -> bool:
    """Whether the user's own training ends at the error of the best constant answer."""
    errors = _in_guesses(probe.as_it_is.error, probe.guess_error)
    return float(errors.mean()) > _NOTHING


def confirmed(
    finding: Finding, probe: ProbeFacts | None, name: str, *, otherwise: Severity | None = None
) -> Finding:  # fmt: skip
    """The finding as the probe leaves it.

    Args:
        finding: A suspicion.
        probe: The probe; None leaves the finding as it is, and so does a contrast that was not tried.
        name: The way of training that repairs it.
        otherwise: Severity of the finding where there is no such contrast; None: its own.

    Returns:
        A tip where the repair gains nothing; an error where it gains and the user's own training learns nothing; a
        warning where it gains otherwise. The gain stands in its evidence.
    """
    gain = gains(probe, name)
    if probe is None or gain is None:
        return finding if otherwise is None else _with_severity(finding, otherwise, {})
    measured = {"gain": gain.validation, "gain_on_own_rows": gain.training, "standard_errors": gain.validation_errors}
    if not gain.is_clear:
        return _with_severity(finding, "tip", measured)
    return _with_severity(finding, "error" if learns_nothing(probe) else "warning", measured)


def _with_severity(finding: Finding, severity: Severity, measured: dict[str, float]) -> Finding:
    return replace(finding, severity=severity, evidence={**finding.evidence, **measured})


def _lower(user: np.ndarray, other: np.ndarray, guess: float) -> tuple[float, float]:
    """Mean over seeds of how much lower the other's error is, and that in standard errors of the pairs."""
    differences = _in_guesses(user, guess) - _in_guesses(other, guess)
    mean = float(differences.mean())
    if len(differences) < 2:  # noqa: PLR2004 - one seed has no spread
        return mean, 1e6 * float(np.sign(mean))
    error = float(differences.std(ddof=1) / np.sqrt(len(differences)))
    return mean, mean / max(error, 1e-6)


def _in_guesses(errors: "np.ndarray | Sequence[float]", guess: float) -> np.ndarray:
    """Errors in shares of the guess's; a training that broke off has the guess's at best, and no error counts twice."""
    shares = np.asarray(errors, dtype=np.float64) / max(guess, 1e-12)
    return np.clip(np.where(np.isfinite(shares), shares, 1.0), 0.0, 2.0)
