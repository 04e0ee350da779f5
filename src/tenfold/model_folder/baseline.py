"""The best baseline of a run, kept beside the network: where no network beats it, it is what a user should take.

    model/baseline.skops     the fitted scikit-learn model, without pickle
    model/baseline.json      which model it is, and the names of its inputs

skops reads only types that are known to be harmless: scikit-learn's and NumPy's, and small ones of this package.
The columns are prepared as for the network.
"""

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import skops.io

from tenfold.baselines.fitting import FittedBaseline, beside, past_of, predict_with
from tenfold.errors import OptionError, RunFolderError
from tenfold.model_folder.network import TrainedModel, named_predictions
from tenfold.prepare.folded import align_inputs
from tenfold.prepare.pictures import photo_features
from tenfold.prepare.table import TablePreparation
from tenfold.prepare.unfamiliar import Unfamiliar
from tenfold.problem.definition import Problem
from tenfold.run_folder.folder import RunFolder
from tenfold.writing import writing

__all__ = ["BASELINE", "TrainedBaseline", "load_baseline", "save_baseline"]

BASELINE, ABOUT = "model/baseline.skops", "model/baseline.json"

TRUSTED = [
    "tenfold.baselines.line.BesideLine",
    "tenfold.baselines.line.BesideRidge",
    "tenfold.baselines.line.InLogs",
    "tenfold.baselines.line.LineAndRidge",
    "tenfold.baselines.naive.LastValue",
    "tenfold.baselines.naive.SeasonAgo",
    "tenfold.baselines.naive.SeasonalChange",
    "tenfold.baselines.rivals.EachLabel",
    "tenfold.baselines.rivals.InProportion",
    "tenfold.baselines.softmax.SoftmaxRegression",
    "tenfold.baselines.telling.TellingTerms",
    "sklearn.dummy.DummyClassifier",
    "sklearn.dummy.DummyRegressor",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
]
"""Types beyond those that skops trusts: none runs code when it is read. Trees hold places of nodes that scikit-learn
follows without a look, so `_check_trees` looks before."""


@dataclass(frozen=True)
class TrainedBaseline:
    """A baseline with everything that turns a table into its predictions.

    Args:
        model: The fitted scikit-learn model.
        words: What it is, as in a sentence.
        preparation: Columns to inputs and codes.
        input_names: Of its inputs, in order.
        code_names: Of the codes that follow them.
        problem: What is predicted.
        num_terms: Terms of texts that come before them.
        sees: Those inputs, or `"past"`: the target's own past in its unit.
    """

    model: Any
    words: str
    preparation: TablePreparation
    input_names: tuple[str, ...]
    code_names: tuple[str, ...]
    problem: Problem
    num_terms: int = 0
    sees: str = "inputs"

    def predict_frame(self, frame: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Unfamiliar, ...]]:
        """Predictions as columns, and what was unfamiliar.

        Args:
            frame: Rows with the columns of training.

        Returns:
            As `TrainedModel.predict_frame`.
        """
        prepared = self.preparation.transform(frame)
        own = self.preparation
        if self.sees == "past":
            past = past_of(own, prepared.lookups, slice(None))
            return named_predictions(self.problem, predict_with(self.model, self.problem, past)), prepared.unfamiliar
        inputs = align_inputs(prepared.inputs, own.input_names, self.input_names)
        codes = align_inputs(prepared.codes, own.code_names, self.code_names)
        num_terms = own.text_sizes.num_terms
        bag = (prepared.terms, prepared.weights, self.num_terms) if num_terms else None
        photos = prepared.lookups.get("photos")
        features = None if photos is None else photo_features(photos[:])
        prediction = predict_with(self.model, self.problem, beside(inputs, codes, bag, features))
        return named_predictions(self.problem, prediction), prepared.unfamiliar


def save_baseline(folder: RunFolder, fitted: FittedBaseline, network: TrainedModel) -> None:
    """Write the baseline into the run folder.

    Args:
        folder: The run folder.
        fitted: On all working rows, prepared as for the network.
        network: Whose preparation it shares.

    Raises:
        MachineError: The disk is full or the folder cannot be written.
    """
    with writing(folder.path / BASELINE) as temporary:
        skops.io.dump(fitted.model, temporary)
    about = {
        "words": fitted.baseline.words,
        "input_names": list(network.input_names),
        "code_names": list(network.code_names),
        "num_terms": network.num_terms,
        "sees": fitted.baseline.sees,
    }
    folder.write_text(ABOUT, json.dumps(about, ensure_ascii=False, indent=1))


def load_baseline(folder: RunFolder, network: TrainedModel) -> TrainedBaseline:
    """Read the baseline of a finished run. Nothing in the folder is executed.

    Args:
        folder: The run folder.
        network: The run's network, whose preparation it shares.

    Returns:
        The baseline.

    Raises:
        OptionError: The run kept none.
        RunFolderError: A file is damaged, or holds a type that is not trusted.
    """
    if not (folder.path / BASELINE).is_file():
        raise OptionError("no_baseline", f"The run `{folder.path}` kept no baseline", hint="its network predicts")
    try:
        about = json.loads(folder.read_text(ABOUT))
        model = skops.io.load(folder.path / BASELINE, trusted=TRUSTED)
        _check_trees(model)
        inputs, codes = tuple(about["input_names"]), tuple(about["code_names"])
        return TrainedBaseline(
            model, about["words"], network.preparation, inputs, codes, network.problem, about.get("num_terms", 0),
            about.get("sees", "inputs"),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError, OSError, zipfile.BadZipFile) as error:
        raise RunFolderError(
            "baseline_damaged",
            f"The baseline in `{folder.path}` cannot be read",
            expected="files as Tenfold wrote them",
            received=f"{type(error).__name__}: {error}"[:200],
        ) from error


def _check_trees(model: Any) -> None:
    """Refuse trees whose nodes lead backwards or outside: a file that nobody tampered with has none.

    Raises:
        ValueError: A tree has one.
    """
    for owner, tree in _trees_of(model):
        nodes = tree.nodes
        inner = nodes[nodes["is_leaf"] == 0]
        places = np.flatnonzero(nodes["is_leaf"] == 0)
        children = np.stack([inner["left"], inner["right"]]).astype(np.int64)
        leads_on = (children > places).all() and (children < len(nodes)).all()
        if (
            not leads_on
            or (inner["feature_idx"].astype(np.int64) >= owner.n_features_in_).any()
            or inner["is_categorical"].any()
        ):
            raise ValueError("a tree has a node that leads nowhere")


def _trees_of(model: Any) -> Iterator[tuple[Any, Any]]:
    """Every tree inside a model and the models that it is made of, after the model that it belongs to."""
    for rounds in getattr(model, "_predictors", ()):
        yield from ((model, tree) for tree in rounds)
    parts = [step for _, step in getattr(model, "steps", ())]
    for name in ("estimators_", "models_"):
        parts += list(getattr(model, name, ()))
    parts += [getattr(model, name) for name in ("classifier_", "model_") if hasattr(model, name)]
    for part in parts:
        yield from _trees_of(part)
