"""`tenfold view`: one figure of a network, of its answers or of its training, as a file."""

import json
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenfold.command_line.session import Manner, working
from tenfold.errors import OptionError
from tenfold.progress import Note

if TYPE_CHECKING:
    from tenfold.views.view import View

__all__ = ["view_command"]


class Kind(StrEnum):
    """What is looked at: the functions of `tenfold.views`."""

    ACTIVATIONS = "activations"
    CALIBRATION = "calibration"
    CAPACITY = "capacity"
    CONFUSION = "confusion"
    DYING_UNITS = "dying-units"
    EMBEDDING_MAP = "embedding-map"
    FILTERS = "filters"
    FIRST_WEIGHTS = "first-weights"
    GRAD_CAM = "grad-cam"
    GRADIENT_BY_LAYER = "gradient-by-layer"
    LEARNING_CURVES = "learning-curves"
    LEARNING_RATES = "learning-rates"
    RESIDUALS = "residuals"


PHOTO_ENDINGS = {".jpg", ".jpeg", ".png", ".gif", ".bmp", ".webp", ".tif", ".tiff"}

MOST_ROWS = 6
"""Pictures of a data file that are looked at where no row is named."""

KindOfView = Annotated[Kind, typer.Argument(metavar="VIEW", help="What to look at; the list is above.")]
Paths = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="[MODEL] [DATA]",
        help="A .keras or .h5 file, and a CSV, Parquet or .npz file or photos; for learning-curves a saved folder.",
    ),
]
Target = Annotated[str | None, typer.Option("--target", "-t", metavar="COL", help="The column to predict [npz: y].")]
Drop = Annotated[list[str] | None, typer.Option("--drop", metavar="COL", help="Leave out a column; several times.")]
Rows = Annotated[list[int] | None, typer.Option("--row", metavar="N", help="A row of pictures, from 0; several times.")]
Layer = Annotated[str | None, typer.Option("--layer", metavar="NAME", help="Another layer than the usual one.")]
Class = Annotated[int | None, typer.Option("--class", metavar="N", help="grad-cam: what the map speaks for, from 0.")]
Labels = Annotated[str | None, typer.Option("--labels", metavar="A,B,...", help="Names of the classes, in order.")]
Words = Annotated[Path | None, typer.Option("--words", metavar="FILE", help="embedding-map: a word a line, in order.")]
Log = Annotated[str, typer.Option("--metric", metavar="NAME", help="learning-curves: which log.")]
Out = Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="A .png, .svg or .pdf file.")]
Quiet = Annotated[
    int, typer.Option("--quiet", "-q", count=True, show_default=False, help="Only the path; -qq: nothing.")
]
Json = Annotated[bool, typer.Option("--json", help="The numbers as one JSON object.")]


def view_command(
    kind: KindOfView,
    paths: Paths = None,
    *,
    target: Target = None,
    drop: Drop = None,
    rows: Rows = None,
    layer: Layer = None,
    class_: Class = None,
    labels: Labels = None,
    words: Words = None,
    metric: Log = "loss",
    out: Out = None,
    quiet: Quiet = 0,
    as_json: Json = False,
) -> None:
    """A figure of a network, of its answers or of its training, and what it says as a sentence.

    \b
    of a network: first-weights, embedding-map, filters
    of photos:    activations, grad-cam
    of answers:   confusion, calibration, residuals
    of training:  learning-curves, learning-rates, capacity, dying-units, gradient-by-layer

    \b
    $ tenfold view grad-cam model.keras cat.jpg dog.jpg
    $ tenfold view confusion model.keras unseen.csv --target species
    $ tenfold view learning-rates          # without a model: on digits, with a network of its own
    """
    with working(Manner(quiet, as_json, progress="plain")) as session:
        session.listen(Note("starting JAX and Keras"))
        asked = _Asked(kind, paths or [], target, drop or [], rows or [], layer, class_, _listed(labels), words, metric)
        view = asked.view()
        stem = asked.paths[0].stem + "-" if asked.paths else ""
        path = view.save(out or Path(f"{stem}{kind.value}.png"))
        if as_json:
            session.say(json.dumps({"schema": 1, "view": kind.value, "figure": str(path), **view.as_dict()}))
        else:
            session.say("" if quiet > 1 else str(path) if quiet else f"{view.sentence}.\n\nfigure   {path}")


class _Asked:
    """What was typed, and how each view is made of it."""

    def __init__(
        self, kind: Kind, paths: Sequence[Path], target: str | None, drop: Sequence[str], rows: Sequence[int],
        layer: str | None, class_: int | None, labels: Sequence[str], words: Path | None, metric: str,
    ) -> None:  # fmt: skip
        self.kind, self.paths, self.target, self.drop, self.rows = kind, list(paths), target, drop, list(rows)
        self.layer, self.class_, self.labels, self.words, self.metric = layer, class_, list(labels), words, metric

    def view(self) -> "View":
        """The figure."""
        ways = {
            Kind.ACTIVATIONS: self._activations,
            Kind.CALIBRATION: self._answers,
            Kind.CONFUSION: self._answers,
            Kind.EMBEDDING_MAP: self._embedding_map,
            Kind.FILTERS: self._filters,
            Kind.FIRST_WEIGHTS: self._first_weights,
            Kind.GRAD_CAM: self._grad_cam,
            Kind.LEARNING_CURVES: self._learning_curves,
            Kind.RESIDUALS: self._answers,
        }
        return ways.get(self.kind, self._trained)()

    def _learning_curves(self) -> "View":
        import tenfold

        return tenfold.views.learning_curves(tenfold.load(self._first("a saved cross-validation")), self.metric)

    def _answers(self) -> "View":
        import tenfold

        model = self._model()
        x, y = self._rows_of(model)
        if self.kind is Kind.CONFUSION:
            return tenfold.views.confusion(model, x, y, labels=self.labels)
        return (tenfold.views.calibration if self.kind is Kind.CALIBRATION else tenfold.views.residuals)(model, x, y)

    def _embedding_map(self) -> "View":
        import tenfold

        words = [] if self.words is None else _lines(self.words)
        return tenfold.views.embedding_map(self._model(), words, layer=self.layer)

    def _filters(self) -> "View":
        import tenfold

        return tenfold.views.filters(self._model(), layer=self.layer)

    def _activations(self) -> "View":
        import tenfold

        model = self._model()
        return tenfold.views.activations(model, self._photos(model)[:1], [self.layer] if self.layer else [])

    def _grad_cam(self) -> "View":
        import tenfold

        model = self._model()
        return tenfold.views.grad_cam(model, self._photos(model), self.class_, layer=self.layer, labels=self.labels)

    def _trained(self) -> "View":
        import tenfold

        make: Callable[..., View] = getattr(tenfold.views, self.kind.value.replace("-", "_"))
        if not self.paths:
            return make()
        if self.kind is Kind.CAPACITY:
            raise OptionError(
                "capacity_of_a_model", "One saved model has one size",
                expected="`tenfold view capacity` without a model",
                hint="in Python, tenfold.views.capacity takes a function of the width",
            )  # fmt: skip
        model = self._model(needs_compiling=True)
        return make(model, *self._rows_of(model))

    def _first_weights(self) -> "View":
        import tenfold
        from tenfold.explaining.rows import names_of

        model = self._model()
        if len(self.paths) == 1:
            return tenfold.views.first_weights(model, layer=self.layer)
        x, _ = self._rows_of(model)
        is_table = x.ndim == 2  # noqa: PLR2004  # (row, column)
        columns = names_of(self.paths[1], self.target, drop=self.drop) if is_table else ()
        return tenfold.views.first_weights(
            model, columns=columns, x=x if is_table and self.layer is None else None, layer=self.layer
        )

    def _model(self, *, needs_compiling: bool = False) -> Any:
        from tenfold.examination.programs import load_compiled
        from tenfold.model_files.reading import load_model

        return (load_compiled if needs_compiling else load_model)(self._first("a .keras or .h5 file"))

    def _first(self, expected: str) -> Path:
        if not self.paths:
            raise OptionError(
                "nothing_to_view", f"`tenfold view {self.kind.value}` is asked of nothing", expected=expected
            )
        return self.paths[0]

    def _rows_of(self, model: Any) -> tuple[Any, Any]:
        from tenfold.explaining.rows import read_rows

        if len(self.paths) != 2:  # noqa: PLR2004  # a model and its rows
            raise OptionError(
                "no_rows_to_view", f"`tenfold view {self.kind.value}` needs the rows beside the model",
                expected=f"tenfold view {self.kind.value} MODEL.keras DATA --target COL",
                received=f"{len(self.paths) - 1} files beside it",
            )  # fmt: skip
        return read_rows(self.paths[1], self.target, model, drop=self.drop)

    def _photos(self, model: Any) -> Any:
        """Photos from picture files, or rows of arrays."""
        files = self.paths[1:]
        if files and all(one.suffix.lower() in PHOTO_ENDINGS for one in files):
            from tenfold.views.photo_files import read_photo_files

            return read_photo_files(files, model)
        x, _ = self._rows_of(model)
        wanted = self.rows or list(range(min(MOST_ROWS, len(x))))
        outside = [row for row in wanted if not 0 <= row < len(x)]
        if outside:
            raise OptionError(
                "no_such_row", f"There is no row {outside[0]} in `{self.paths[1].name}`", expected=f"0 to {len(x) - 1}"
            )
        return x[wanted]


def _listed(labels: str | None) -> list[str]:
    return [one.strip() for one in labels.split(",")] if labels else []


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise OptionError(
            "words_file", f"`{path}` cannot be read as words" if path.is_file() else f"There is no file `{path}`",
            expected="a text file in UTF-8, a word a line",
        ) from error  # fmt: skip
