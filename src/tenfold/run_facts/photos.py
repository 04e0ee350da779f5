"""Photos as facts: a sheet of samples, and the most certain wrong answers, as small pictures in base64."""

import base64
import io

import numpy as np
from PIL import Image

from tenfold.data.lookup_column import is_lookup_column
from tenfold.data.photos import PHOTO
from tenfold.measures.measure import Prediction
from tenfold.question.posing import Question
from tenfold.report.photos import PhotoSheet, ShownPhoto

__all__ = ["as_image", "photo_sheet", "shown_photo"]

NUM_SAMPLES, MOST_CLASSES = 6, 10
"""Photos of a class, and classes that are shown (arbitrary: a screen)."""

MOST_COPIES = 8
"""Groups of copies that are shown (arbitrary)."""

NUM_WRONG = 18
"""Wrong answers that are shown (arbitrary)."""

QUALITY = 75
"""Of the pictures: a photo of 64 pixels takes about 1.5 kB, a sheet of 78 some 150."""


def photo_sheet(question: Question, positions: np.ndarray, predictions: Prediction) -> PhotoSheet | None:
    """The photos of a run that a reader should see.

    Args:
        question: With the table.
        positions: Rows that were scored, of which none is sealed.
        predictions: A probability for each class, out of fold.

    Returns:
        The facts; None where there are no photos or no classes, or where no rows may be shown.
    """
    inputs = question.inputs
    shows = question.options.show_rows and question.problem.has_classes
    if not shows or PHOTO not in inputs.columns or not is_lookup_column(inputs[PHOTO]):
        return None
    labels, truth = question.problem.label_texts, question.target
    answers = predictions.argmax(axis=1)
    wrong = np.flatnonzero(answers != truth[positions])
    certain = wrong[np.argsort(-predictions.max(axis=1)[wrong], kind="stable")][:NUM_WRONG]
    copies = _copies(question)
    return PhotoSheet(
        inputs[PHOTO].array.lookup.shape[1],
        tuple(shown_photo(question, row) for row in _samples(question)),
        tuple(
            shown_photo(question, int(positions[one]), labels[answers[one]], float(predictions[one].max()))
            for one in certain
        ),
        len(wrong),
        len(positions),
        len(labels),
        tuple(tuple(shown_photo(question, row) for row in rows) for rows in copies[:MOST_COPIES]),
        len(copies),
    )  # fmt: skip


def _copies(question: Question) -> list[list[int]]:
    """Working rows that are copies of each other; none where the user's groups keep rows together too."""
    alike, working = question.alike, question.rows.working
    if alike.groups is None or alike.column:
        return []
    order = working[np.argsort(alike.groups[working], kind="stable")]
    ends = np.flatnonzero(np.diff(alike.groups[order])) + 1
    return [rows.tolist() for rows in np.split(order, ends) if len(rows) > 1]


def _samples(question: Question) -> list[int]:
    """Working rows, a few of each class."""
    rng = np.random.default_rng([question.seed, *b"photos"])
    working = rng.permutation(question.rows.working)
    of_class = [working[question.target[working] == place] for place in range(len(question.problem.labels))]
    return [int(row) for rows in of_class[:MOST_CLASSES] for row in rows[:NUM_SAMPLES]]


def shown_photo(question: Question, row: int, answer: str = "", certainty: float = float("nan")) -> ShownPhoto:
    """A photo as a reader sees it.

    Args:
        question: With the table.
        row: Of the photo.
        answer: What a network says.
        certainty: How surely.
    """
    names = question.table.source.row_names
    label = question.problem.label_texts[int(question.target[row])]
    file = names[row] if names else f"row {row + 1}"
    return ShownPhoto(file, label, as_image(question.inputs[PHOTO].iloc[row]), answer, certainty)


def as_image(photo: np.ndarray, *, is_exact: bool = False) -> str:
    """Bytes (height, width, 3 or 1) as a WebP in base64.

    Args:
        photo: The pixels.
        is_exact: Whether each pixel counts, as in the few places of a channel.
    """
    written = io.BytesIO()
    Image.fromarray(photo.squeeze()).save(written, "WEBP", quality=QUALITY, lossless=is_exact)
    return base64.b64encode(written.getvalue()).decode()
