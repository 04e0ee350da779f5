"""The trained network of a run, ready to predict: what `model/` holds, and how it is read without executing anything.

    model/
      model.keras         the network (Keras' own format, loaded in safe mode, which refuses code)
      preparation.json    medians, quartiles, levels and words of the training rows
      card.json           what it predicts, from which inputs, in which unit, made by which versions

Predictions come back in the target's own labels or unit. What the new rows hold that training rows did not is counted.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

import keras
import numpy as np
import pandas as pd

import tenfold.layers  # registers the layers of saved networks
import tenfold.networks.pinball  # noqa: F401  # registers their loss, which Keras saves with them
from tenfold.errors import RunFolderError
from tenfold.evaluation.calibration import Correction
from tenfold.measures.measure import Prediction
from tenfold.prepare.folded import align_inputs
from tenfold.prepare.table import PreparedTable, TablePreparation
from tenfold.prepare.target import TargetScale, answers_to_predictions
from tenfold.prepare.unfamiliar import Unfamiliar
from tenfold.problem.definition import Problem
from tenfold.run_folder.folder import RunFolder
from tenfold.writing import writing

__all__ = ["TrainedModel", "load_model", "probability_column", "save_model"]

PLACE, NETWORK, PREPARATION, CARD = "model", "model.keras", "preparation.json", "card.json"

SCHEMA = 2
"""Version of `card.json`; raised when a field changes its meaning or goes."""

NO_CORRECTION = Correction()

PHOTO_BATCH = 128
"""Photos that are predicted at a time: what convolutions make of one takes up to a megabyte."""

LIKELIER = 0.5
"""From this probability on a label is predicted to be there."""


@dataclass(frozen=True)
class TrainedModel:
    """A network with everything that turns a table into its predictions.

    Args:
        network: Answers with scaled numbers or probabilities.
        preparation: Columns to inputs.
        input_names: Of the network's `inputs`, in order.
        scale: Of a numeric target.
        problem: What is predicted.
        rank_names: Of the network's `ranks`, where it takes any.
        code_names: Of its `codes`, alike.
        num_terms: Terms of texts that it knows, the most that a fold had.
        correction: What puts its probabilities right.
    """

    network: keras.Model
    preparation: TablePreparation
    input_names: tuple[str, ...]
    scale: TargetScale
    problem: Problem
    rank_names: tuple[str, ...] = ()
    code_names: tuple[str, ...] = ()
    num_terms: int = 0
    correction: Correction = NO_CORRECTION

    def predict(self, frame: pd.DataFrame) -> tuple[Prediction, tuple[Unfamiliar, ...]]:
        """Numbers in the target's unit or a probability for each class, and what was unfamiliar.

        Args:
            frame: Rows with the columns of training; others are ignored.

        Returns:
            Predictions in the order of the rows, and an entry for each column with something never seen.

        Raises:
            TableError: Columns are missing.
        """
        prepared = self.preparation.transform(frame)
        batch_size = PHOTO_BATCH if "photos" in prepared.lookups else 1_024
        answers = np.asarray(self.network.predict(self._arrays(prepared), batch_size=batch_size, verbose=0))
        prediction = answers_to_predictions(answers, self.problem, self.scale)
        return self.correction.apply(prediction, self.problem), prepared.unfamiliar

    def _arrays(self, prepared: PreparedTable) -> dict[str, np.ndarray]:
        """What the network takes, by the names of its inputs."""
        own = self.preparation
        names = {
            "inputs": (prepared.inputs, own.input_names, self.input_names),
            "ranks": (prepared.ranks, own.rank_names, self.rank_names),
            "codes": (prepared.codes, own.code_names, self.code_names),
        }
        taken = [one.name for one in self.network.inputs]
        found = {name: align_inputs(*names[name]) for name in taken if name in names}
        looked_up = {name: lookup[:] for name, lookup in prepared.lookups.items() if name in taken}
        texts = {name: getattr(prepared, name) for name in taken if name not in {*found, *looked_up}}
        return {**found, **looked_up, **texts}

    def predict_frame(self, frame: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Unfamiliar, ...]]:
        """The same as columns: the target, and for classes the probability of each.

        Args:
            frame: Rows with the columns of training.

        Returns:
            A frame with one row a row, and what was unfamiliar.
        """
        prediction, unfamiliar = self.predict(frame)
        return named_predictions(self.problem, prediction), unfamiliar


def named_predictions(problem: Problem, prediction: Prediction) -> pd.DataFrame:
    """Predictions as columns that a reader knows: targets in their own labels or units, then probabilities.

    Args:
        problem: What is predicted.
        prediction: Numbers, probabilities of classes or labels, or a line of numbers a row.

    Returns:
        A frame with a row a row. A label that is likelier than not is predicted.
    """
    if problem.is_number:
        return pd.DataFrame({problem.target: prediction})
    if problem.kind == "several_numbers":
        return pd.DataFrame(prediction, columns=list(problem.targets))
    if problem.kind == "several_labels":
        said = [np.array(column.labels, object)[(prediction[:, place] >= LIKELIER).astype(np.int64)]
                for place, column in enumerate(problem.columns)]  # fmt: skip
        answers = {name: pd.Series(values).infer_objects() for name, values in zip(problem.targets, said, strict=True)}
        texts = problem.targets
    else:
        answers = {problem.target: pd.Series(list(problem.labels))[prediction.argmax(axis=1)].reset_index(drop=True)}
        texts = problem.label_texts
    chances = {probability_column(text): prediction[:, place] for place, text in enumerate(texts)}
    return pd.DataFrame({**answers, **chances})


def probability_column(label: str) -> str:
    """Name of the column with a class's probability.

    >>> probability_column("yes")
    'probability of yes'
    """
    return f"probability of {label}"


def save_model(folder: RunFolder, model: TrainedModel, *, made_by: Mapping[str, str], place: str = PLACE) -> None:
    """Write the model into the run folder.

    Args:
        folder: The run folder.
        model: The trained model.
        made_by: Versions of the libraries.
        place: Folder within it.

    Raises:
        MachineError: The disk is full or the folder cannot be written.
    """
    with writing(folder.path / place / NETWORK) as temporary:
        model.network.save(temporary)
    folder.write_text(f"{place}/{PREPARATION}", model.preparation.to_json())
    card = {
        "schema": SCHEMA,
        "problem": asdict(model.problem),
        "scale": asdict(model.scale),
        "input_names": list(model.input_names),
        "rank_names": list(model.rank_names),
        "code_names": list(model.code_names),
        "num_terms": model.num_terms,
        "correction": asdict(model.correction),
        "made_by": dict(made_by),
    }
    folder.write_text(f"{place}/{CARD}", json.dumps(card, ensure_ascii=False, indent=1))


def load_model(folder: RunFolder, place: str = PLACE) -> TrainedModel:
    """Read the model of a finished run. Nothing in the folder is executed.

    Args:
        folder: The run folder.
        place: Folder within it.

    Returns:
        The model as it was saved.

    Raises:
        RunFolderError: The run is not finished, or a file is damaged.
    """
    preparation = TablePreparation.from_json(folder.read_text(f"{place}/{PREPARATION}"))
    try:
        card = json.loads(folder.read_text(f"{place}/{CARD}"))
        network = keras.saving.load_model(folder.path / place / NETWORK, compile=False, safe_mode=True)
        return TrainedModel(
            network,
            preparation,
            tuple(card["input_names"]),
            TargetScale.from_plain(card["scale"]),
            Problem.from_plain(card["problem"]),
            tuple(card["rank_names"]),
            tuple(card["code_names"]),
            card.get("num_terms", 0),
            Correction(*(tuple(card["correction"][name]) for name in ("slopes", "intercepts"))),
        )
    except (KeyError, TypeError, ValueError, OSError) as error:
        raise RunFolderError(
            "model_damaged",
            f"The model in `{folder.path}` cannot be read",
            expected="files as Tenfold wrote them",
            received=f"{type(error).__name__}: {error}"[:200],
            hint="repeat the run in a new folder",
        ) from error
