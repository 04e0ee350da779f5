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

from tenfold.errors import RunFolderError
from tenfold.metrics import Prediction
from tenfold.prepare.folded import align_inputs
from tenfold.prepare.table import TablePreparation
from tenfold.prepare.target import TargetScale, answers_to_predictions
from tenfold.prepare.unfamiliar import Unfamiliar
from tenfold.problem import Problem
from tenfold.run_folder.folder import RunFolder
from tenfold.writing import writing

__all__ = ["TrainedModel", "load_model", "probability_column", "save_model"]

NETWORK, PREPARATION, CARD = "model/model.keras", "model/preparation.json", "model/card.json"

SCHEMA = 1
"""Version of `card.json`; raised when a field changes its meaning or goes."""


@dataclass(frozen=True)
class TrainedModel:
    """A network with everything that turns a table into its predictions.

    Args:
        network: Answers with scaled numbers or probabilities.
        preparation: Columns to inputs.
        input_names: Of the network, in order.
        scale: Of a numeric target.
        problem: What is predicted.
    """

    network: keras.Model
    preparation: TablePreparation
    input_names: tuple[str, ...]
    scale: TargetScale
    problem: Problem

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
        inputs = align_inputs(prepared.inputs, self.preparation.input_names, self.input_names)
        answers = np.asarray(self.network.predict(inputs, batch_size=1_024, verbose=0))
        return answers_to_predictions(answers, self.problem, self.scale), prepared.unfamiliar

    def predict_frame(self, frame: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Unfamiliar, ...]]:
        """The same as columns: the target, and for classes the probability of each.

        Args:
            frame: Rows with the columns of training.

        Returns:
            A frame with one row a row, and what was unfamiliar.
        """
        prediction, unfamiliar = self.predict(frame)
        if self.problem.is_number:
            return pd.DataFrame({self.problem.target: prediction}), unfamiliar
        labels = pd.Series(list(self.problem.labels))[prediction.argmax(axis=1)].reset_index(drop=True)
        columns = {
            probability_column(text): prediction[:, place] for place, text in enumerate(self.problem.label_texts)
        }
        return pd.DataFrame({self.problem.target: labels, **columns}), unfamiliar


def probability_column(label: str) -> str:
    """Name of the column with a class's probability.

    >>> probability_column("yes")
    'probability of yes'
    """
    return f"probability of {label}"


def save_model(folder: RunFolder, model: TrainedModel, *, made_by: Mapping[str, str]) -> None:
    """Write the model into the run folder.

    Args:
        folder: The run folder.
        model: The trained model.
        made_by: Versions of the libraries.

    Raises:
        MachineError: The disk is full or the folder cannot be written.
    """
    with writing(folder.path / NETWORK) as temporary:
        model.network.save(temporary)
    folder.write_text(PREPARATION, model.preparation.to_json())
    card = {
        "schema": SCHEMA,
        "problem": asdict(model.problem),
        "scale": asdict(model.scale),
        "input_names": list(model.input_names),
        "made_by": dict(made_by),
    }
    folder.write_text(CARD, json.dumps(card, ensure_ascii=False, indent=1))


def load_model(folder: RunFolder) -> TrainedModel:
    """Read the model of a finished run. Nothing in the folder is executed.

    Args:
        folder: The run folder.

    Returns:
        The model as it was saved.

    Raises:
        RunFolderError: The run is not finished, or a file is damaged.
    """
    preparation = TablePreparation.from_json(folder.read_text(PREPARATION))
    try:
        card = json.loads(folder.read_text(CARD))
        problem = card["problem"]
        problem |= {name: tuple(problem[name]) for name in ("labels", "class_counts")}
        network = keras.saving.load_model(folder.path / NETWORK, compile=False, safe_mode=True)
        return TrainedModel(
            network, preparation, tuple(card["input_names"]), TargetScale(**card["scale"]), Problem(**problem)
        )
    except (KeyError, TypeError, ValueError, OSError) as error:
        raise RunFolderError(
            "model_damaged",
            f"The model in `{folder.path}` cannot be read",
            expected="files as Tenfold wrote them",
            received=f"{type(error).__name__}: {error}"[:200],
            hint="repeat the run in a new folder",
        ) from error
