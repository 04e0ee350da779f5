"""What a network answers beside what is true: confusion, calibration, residuals.

    tenfold.views.confusion(model, x, y, labels=["cat", "dog"])    # which class is taken for which
    tenfold.views.calibration(model, x, y)                         # does 70 % mean 70 %
    tenfold.views.residuals(model, x, y)                           # where a number is missed, and in which order

Rows that the network was trained on flatter it: give rows that it has not seen.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from jaxtyping import Float, Int
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.stats import binomtest, spearmanr
from sklearn.metrics import confusion_matrix

from tenfold.errors import OptionError, TableError
from tenfold.views.drawing import BLUE, FAINT, GREY, INK, LETTERS_AN_INCH, VERMILLION, name_axes, new_sheet, number, say
from tenfold.views.view import View

__all__ = ["Calibration", "Confusion", "Residuals", "calibration", "confusion", "residuals"]

MOST_CLASSES = 20
"""Classes whose counts can be read in a figure."""

BINS = 10
"""Groups of probabilities, each with as many rows (Nguyen and O'Connor 2015); scikit-learn's "quantile" strategy."""

MOST_POINTS = 4_000
"""Residuals that are drawn; of more, evenly spread ones."""

FEW = 500
"""Residuals that are drawn as larger points."""

NUM_STRETCHES = 12
"""Groups whose median is drawn among the residuals (arbitrary)."""


@dataclass(frozen=True)
class Confusion:
    """How often each class was taken for each.

    Attributes:
        labels: Names of the classes.
        counts: True class a line, answered class a column.
    """

    labels: tuple[str, ...]
    counts: Int[np.ndarray, "true answered"]

    @property
    def shares(self) -> Float[np.ndarray, "true answered"]:
        """Of each line; zeros for a class without rows."""
        return np.asarray(self.counts / np.maximum(self.counts.sum(axis=1, keepdims=True), 1))


@dataclass(frozen=True)
class Calibration:
    """Answered probabilities beside what came true.

    Attributes:
        said: Mean probability of each group of rows; of several classes that of the answered class.
        came: Share of the group for which it was right.
        low: Lower end of its 95 % interval (Wilson 1927).
        high: Upper end.
        rows: Rows of each group.
        error: Mean distance of `said` and `came`, weighted by rows: the expected calibration error (Naeini and others
            2015).
    """

    said: Float[np.ndarray, " group"]
    came: Float[np.ndarray, " group"]
    low: Float[np.ndarray, " group"]
    high: Float[np.ndarray, " group"]
    rows: Int[np.ndarray, " group"]
    error: float


@dataclass(frozen=True)
class Residuals:
    """Truth minus answer of each row, in the order given.

    Attributes:
        answers: Of the network.
        residuals: Truth minus answer.
        neighbours: Correlation of each residual with the one before; near 0 where rows are in no order.
        spread: Rank correlation of the residuals' size with the answers: above 0 where large answers miss by more.
    """

    answers: Float[np.ndarray, " row"]
    residuals: Float[np.ndarray, " row"]
    neighbours: float
    spread: float


def confusion(model: keras.Model, x: Any, y: Any, *, labels: Iterable[str] = ()) -> View:
    """See which class is taken for which.

    Args:
        model: A built Keras model that ends in a probability a class, or in one probability for class 1.
        x: Rows as it takes them.
        y: Their classes: numbers from 0, 0 and 1, or a one-hot line each.
        labels: Names of the classes; none for their numbers.

    Returns:
        The view; its numbers are the counts.

    Raises:
        TableError: Inputs and classes of different lengths, or classes that the network does not have.
        OptionError: Another number of labels than classes, or an output that is no probability of classes.
    """
    probabilities, truth = _classes(model, x, y)
    count = probabilities.shape[1]
    names = tuple(map(str, labels)) or tuple(map(str, range(count)))
    if len(names) != count:
        raise OptionError(
            "number_of_labels", f"{len(names)} labels were given for {count} classes", expected=f"{count} labels"
        )
    found = Confusion(names, confusion_matrix(truth, probabilities.argmax(axis=1), labels=np.arange(count)))
    sentence = _confused(found)
    return View(_plot_confusion(found, sentence), sentence, found)


def calibration(model: keras.Model, x: Any, y: Any) -> View:
    """See whether probabilities come true as often as they say.

    Args:
        model: As of `confusion`.
        x: Rows as it takes them.
        y: Their classes, likewise.

    Returns:
        The view; its numbers are said and seen shares. Of two classes the probability is that of class 1, of more that
        of the class answered.

    Raises:
        TableError: As of `confusion`.
        OptionError: An output that is no probability of classes.
    """
    probabilities, truth = _classes(model, x, y)
    if probabilities.shape[1] == 2:  # noqa: PLR2004  # two classes
        said, came = probabilities[:, 1], truth == 1
    else:
        said, came = probabilities.max(axis=1), probabilities.argmax(axis=1) == truth
    found = _calibrated(said.astype(np.float64), came)
    outside = int(((found.said < found.low) | (found.said > found.high)).sum())
    sentence = f"Probabilities are off by {100 * found.error:.1f} points on average"
    sentence += f"; {outside} of {len(found.rows)} groups lie outside what chance allows" if outside else (
        "; every group lies within what chance allows")  # fmt: skip
    return View(_plot_calibration(found, sentence), sentence, found)


def residuals(model: keras.Model, x: Any, y: Any, *, unit: str = "") -> View:
    """See where a number is missed: against the answer, and in the order of the rows.

    Args:
        model: A built Keras model with one output.
        x: Rows as it takes them, in their own order, such as time.
        y: The numbers that it should answer.
        unit: Of these numbers, for the axes.

    Returns:
        The view; its numbers are the residuals, truth minus answer.

    Raises:
        TableError: Inputs and numbers of different lengths.
        OptionError: A network with several outputs.
    """
    answers = _answers(model, x, y)
    if answers.shape[1] != 1:
        raise OptionError(
            "several_outputs", f"The network answers with {answers.shape[1]} numbers a row", expected="one number"
        )
    answered, truth = answers[:, 0], np.asarray(y, dtype=np.float64).reshape(-1)
    left = truth - answered
    found = Residuals(answered, left, _neighbours(left), _rank_correlation(answered, np.abs(left)))
    sentence = f"Half of the rows are missed by less than {number(float(np.median(np.abs(left))))}"
    sentence += f" {unit}" if unit else ""
    sentence += _oddities(found)
    return View(_plot_residuals(found, sentence, unit), sentence, found)


def _answers(model: keras.Model, x: Any, y: Any) -> Float[np.ndarray, "row output"]:
    rows = {len(one) for one in keras.tree.flatten(x)}
    if rows != {len(y)}:
        raise TableError(
            "rows_differ", "Inputs and targets have different numbers of rows", expected=f"{len(y)} rows of inputs",
            received=", ".join(map(str, sorted(rows))),
        )  # fmt: skip
    answers = np.asarray(model.predict(x, verbose=0), dtype=np.float64)
    return answers.reshape(len(answers), -1)


def _classes(model: keras.Model, x: Any, y: Any) -> tuple[Float[np.ndarray, "row class"], Int[np.ndarray, " row"]]:
    """Probabilities of every class, and the true classes as numbers."""
    answers, truth = _answers(model, x, y), np.asarray(y)
    if answers.min() < 0 or answers.max() > 1 + 1e-6:
        raise OptionError(
            "no_probabilities", f"The network answers with {number(float(answers.min()))} to "
            f"{number(float(answers.max()))}", expected="probabilities: a sigmoid or softmax at its end",
        )  # fmt: skip
    probabilities = np.concatenate([1 - answers, answers], axis=1) if answers.shape[1] == 1 else answers
    truth = truth.argmax(axis=1) if truth.ndim > 1 and truth.shape[1] > 1 else truth.reshape(-1)
    is_class = (truth == np.floor(truth)) & (truth >= 0) & (truth < probabilities.shape[1])
    if not is_class.all():
        raise TableError(
            "no_class", f"A target is {truth[~is_class][0]}",
            expected=f"a class from 0 to {probabilities.shape[1] - 1}, as the network has them",
        )  # fmt: skip
    return probabilities, truth.astype(np.int64)


def _confused(found: Confusion) -> str:
    right = np.trace(found.counts) / found.counts.sum()
    wrong = found.counts - np.diag(np.diag(found.counts))
    text = f"{100 * right:.1f} % of {found.counts.sum():,} rows are right"
    if not wrong.any():
        return text
    true, answered = np.unravel_index(wrong.argmax(), wrong.shape)
    return (
        f"{text}; most often {found.labels[true]} is taken for {found.labels[answered]}: {wrong.max():,} of "
        f"{found.counts[true].sum():,}"
    )


def _plot_confusion(found: Confusion, sentence: str) -> Figure:
    count = len(found.labels)
    size = min(9.0, max(4.6, 1.8 + 0.5 * count))
    figure = Figure(figsize=(size, size), layout="constrained")
    axes = figure.subplots()
    axes.imshow(found.shares, cmap="Blues", vmin=0, vmax=1)
    for true, answered in np.ndindex(count, count) if count <= MOST_CLASSES else ():
        share, rows = found.shares[true, answered], found.counts[true, answered]
        axes.text(answered, true, f"{rows:,}", ha="center", va="center", fontsize=9 if count <= 10 else 7,  # noqa: PLR2004
                  color="white" if share > 0.5 else INK if rows else GREY)  # fmt: skip  # noqa: PLR2004
    places = range(count) if count <= MOST_CLASSES else []
    is_tight = max(map(len, found.labels)) > LETTERS_AN_INCH * size / (count + 1)
    axes.set_xticks(places, [found.labels[place] for place in places], rotation=90 if is_tight else 0)
    axes.set_yticks(places, [found.labels[place] for place in places])
    axes.tick_params(length=0, labelsize=9)
    axes.spines[:].set_visible(False)
    name_axes(axes, "", "answered", "true")
    say(figure, sentence + ".", "Numbers are rows; the darker a square, the larger its share of the line.")
    return figure


def _calibrated(said: Float[np.ndarray, " row"], came: np.ndarray) -> Calibration:
    groups = [one for one in np.array_split(np.argsort(said, kind="stable"), min(BINS, len(said))) if len(one)]
    means, hits = np.array([said[one].mean() for one in groups]), [int(came[one].sum()) for one in groups]
    rows = np.array([len(one) for one in groups])
    intervals = [binomtest(hit, count).proportion_ci(method="wilson") for hit, count in zip(hits, rows, strict=True)]
    shares = np.array(hits) / rows
    return Calibration(
        means, shares, np.array([one.low for one in intervals]), np.array([one.high for one in intervals]), rows,
        float((np.abs(means - shares) * rows).sum() / rows.sum()),
    )  # fmt: skip


def _plot_calibration(found: Calibration, sentence: str) -> Figure:
    figure, panels = new_sheet(1, 1, (5.4, 4.6))
    axes: Axes = panels[0, 0]
    axes.plot([0, 1], [0, 1], color=FAINT, linewidth=1.5)
    reach = np.maximum(np.stack([found.came - found.low, found.high - found.came]), 0.0)
    axes.errorbar(found.said, found.came, yerr=reach, fmt="o", color=BLUE, markersize=5, linewidth=1.5)
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
    name_axes(axes, "", "probability said", "share that came true")
    note = f"Points: groups of {found.rows.min()} to {found.rows.max()} rows by their probability, 95 % intervals "
    say(figure, sentence + ".", note + "(Wilson); on the line, what is said comes true.")
    return figure


def _neighbours(left: Float[np.ndarray, " row"]) -> float:
    """Correlation of neighbours; NaN of fewer than three rows or equal ones."""
    if len(left) < 3 or left.std() == 0:  # noqa: PLR2004  # two pairs at least
        return float("nan")
    centred = left - left.mean()
    return float((centred[1:] * centred[:-1]).sum() / (centred**2).sum())


def _rank_correlation(first: np.ndarray, second: np.ndarray) -> float:
    return float("nan") if first.std() == 0 or second.std() == 0 else float(spearmanr(first, second).statistic)


def _oddities(found: Residuals) -> str:
    """What is no accident: beyond three standard errors of a correlation of independent rows."""
    limit, said = 3 / np.sqrt(max(len(found.residuals), 1)), ""
    if abs(found.spread) > limit:
        said += f"; {'large' if found.spread > 0 else 'small'} answers miss by more"
    if found.neighbours > limit:
        said += "; neighbouring rows are missed alike"
    return said


def _plot_residuals(found: Residuals, sentence: str, unit: str) -> Figure:
    figure, panels = new_sheet(1, 2, (9.0, 4.2), sharey=True)
    places = np.unique(np.linspace(0, len(found.residuals) - 1, MOST_POINTS).astype(int))
    in_unit = f" ({unit})" if unit else ""
    views = ((found.answers, "answer" + in_unit, "against the answer"),
             (np.arange(len(found.residuals)), "row, in the order given", "in the order of the rows"))  # fmt: skip
    for axes, (across, x, title) in zip(panels[0], views, strict=True):
        axes.plot(
            across[places],
            found.residuals[places],
            ".",
            color=BLUE,
            markersize=5 if len(places) < FEW else 3,
            alpha=0.5,
        )
        axes.axhline(0, color=INK, linewidth=0.8)
        groups = np.array_split(np.argsort(across, kind="stable"), min(NUM_STRETCHES, len(across)))
        axes.plot([across[one].mean() for one in groups], [np.median(found.residuals[one]) for one in groups],
                  color=VERMILLION, linewidth=2)  # fmt: skip
        name_axes(axes, title, x, "truth minus answer" + in_unit if axes is panels[0, 0] else "")
    say(figure, sentence + ".", f"Points: rows; line: median of {NUM_STRETCHES} groups. Above 0 the answer is too low.")
    return figure
