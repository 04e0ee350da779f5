"""The study: what a clipped probability does to the loss, to the gradient and to training, with figures.

found = tenfold.precision.study(data="digits", seeds=10)
found.table()                        # a dozen lines
found.figures()["losses"]            # matplotlib figures by name
found.save("precision-study")        # figures as SVG, numbers as study.json

It follows the article of 2019: the round trip, the two losses of a one-weight network, the trained comparison; and adds
what it left open: gradients, other formats, starts beyond the wall, and losses that stand still.
"""

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from tenfold.errors import OptionError
from tenfold.precision.formats import DTYPES
from tenfold.precision.frozen_losses import FrozenTraining, freeze_images, freeze_text
from tenfold.precision.heads import HeadComparison, compare_heads
from tenfold.precision.paths import Paths, follow_paths
from tenfold.precision.round_trip import RoundTrip, round_trip
from tenfold.precision.study_figures import figures_of
from tenfold.precision.study_table import numbers_of, table_of
from tenfold.precision.tasks import find_task
from tenfold.precision.walls import Wall, wall
from tenfold.progress import Note, ProgressListener
from tenfold.writing import writing

__all__ = ["STARTS", "Study", "as_plain", "study"]

STARTS = (0.0, 8.0, 12.0, 14.0, 15.0, 16.0, 17.0, 18.0, 20.0, 30.0, 40.0)
"""Biases of the head, both sides of the wall of label 0 at 16.64."""

NUM_POINTS = 4001
"""Points of the loss figure from -50 to 50; the article's 500 blur the steps of float32."""


@dataclass(frozen=True)
class Study:
    """What was computed and measured.

    Attributes:
        walls: Of binary crossentropy, by format.
        trip: logit(sigmoid(x)) in float32.
        losses: Both ways to the loss of a row of label 1, float32.
        wrong: Both ways for label 0 on the side where they part, by format.
        right: Both ways for label 1 on a wide range, by format.
        heads: The trained comparison.
        starts: The same on digits, from different starts.
        frozen: Trainings that stand still at a share of the ceiling.
    """

    walls: dict[str, Wall]
    trip: RoundTrip
    losses: Paths
    wrong: dict[str, Paths]
    right: dict[str, Paths]
    heads: HeadComparison
    starts: list[HeadComparison]
    frozen: list[FrozenTraining]

    def figures(self) -> dict[str, Figure]:
        """Figures by name: inverses, round_trip, losses, formats, *_errors, pairs, starts, frozen_*."""
        return figures_of(self)

    def table(self) -> str:
        """The numbers in a dozen lines."""
        return table_of(self)

    def as_dict(self) -> dict[str, Any]:
        """The numbers, plain; what is not finite is a word (JSON has none)."""
        found: dict[str, Any] = as_plain(numbers_of(self))
        return found

    def save(self, folder: Path | str) -> list[Path]:
        """Writes every figure as SVG, and the numbers as `study.json`.

        Args:
            folder: Made where it does not exist; files of the same names are replaced.

        Returns:
            The files.
        """
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        paths = [folder / "study.json"]
        with writing(paths[0]) as temporary:
            temporary.write_text(json.dumps(self.as_dict(), indent=1, allow_nan=False) + "\n", encoding="utf-8")
        for name, figure in self.figures().items():
            paths.append(folder / f"{name}.svg")
            with writing(paths[-1]) as temporary:
                figure.savefig(temporary, format="svg", metadata={"Date": None})
        return paths


def study(
    *, data: str = "digits", seeds: int = 10, quick: bool = False, progress: ProgressListener | None = None
) -> Study:
    """Computes and trains everything the study is made of.

    Args:
        data: What the heads are compared on: `"digits"`, `"raw_digits"` (bytes that nobody scaled) or `"cats_dogs"`
            (needs the folder `TENFOLD_DATA`).
        seeds: Pairs of trainings, 2 or more.
        quick: Two pairs, few epochs, few starts: to see that it works.
        progress: Called with a note before each part.

    Returns:
        The study.

    Raises:
        OptionError: Unknown data, or fewer than 2 seeds.
        TableError: The photos are not there.
    """
    if seeds < 2:  # noqa: PLR2004 (an interval needs two)
        raise OptionError(
            "study_seeds", "An interval needs pairs", expected="2 seeds or more", received=f"seeds={seeds}"
        )
    tell = progress or (lambda _: None)
    task, digits = find_task(data, quick=quick), find_task("digits", quick=quick)
    seeds, starts = (2, STARTS[::5]) if quick else (seeds, STARTS)
    tell(Note("following both ways to the loss in four formats"))
    walls = {dtype: wall(dtype, "binary_crossentropy", form="clipped_log") for dtype in DTYPES}
    losses = follow_paths(np.linspace(-50, 50, NUM_POINTS), 1, "float32")
    wrong = {dtype: follow_paths(np.linspace(-5, 25, 1201), 0, dtype) for dtype in DTYPES}
    right = {dtype: follow_paths(np.linspace(-40, 40, 1601), 1, dtype) for dtype in DTYPES}
    tell(Note(f"training {seeds} pairs of heads on {data}"))
    heads = compare_heads(task, num_seeds=seeds)
    tell(Note(f"training from {len(starts)} starts"))
    from_starts = [compare_heads(digits, num_seeds=min(seeds, 5), start=start) for start in starts]
    tell(Note("freezing losses on purpose"))
    few = {"num_seeds": 3, "epochs": 3} if quick else {}
    frozen = [freeze_images(**few), freeze_text(**few)]
    return Study(walls, round_trip(), losses, wrong, right, heads, from_starts, frozen)


def as_plain(value: Any) -> Any:
    """Arrays as lists, NumPy's numbers as Python's, and what is not finite as a word: ready for JSON."""
    if isinstance(value, dict):
        return {key: as_plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [as_plain(one) for one in value]
    if isinstance(value, np.generic):
        value = value.item()
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value
