"""Members on disk: one Keras model file for the architecture, one array file for all weights.

`model.keras` is Keras' own format; `weights.npz` holds each weight once with a leading member axis. Loading goes
through Keras' safe mode, which refuses code.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np

from tenfold.errors import ModelError, RunFolderError
from tenfold.writing import writing

__all__ = ["load_model", "save_models"]


def save_models(model: Any, weights: Sequence[np.ndarray], output_names: Sequence[str], folder: Path) -> None:
    """Write the members.

    Args:
        model: The first member, compiled.
        weights: In the order of `model.get_weights()`, each with a leading member axis.
        output_names: Names of a dict of outputs; empty for other models.
        folder: Where; made if it is not there.

    Raises:
        ModelError: Keras cannot save the model.
        MachineError: The folder cannot be written, or the disk is full.
    """
    try:
        with writing(folder / "model.keras") as path:
            model.save(path)
        with writing(folder / "weights.npz") as path:
            np.savez(path, allow_pickle=False, **{str(number): values for number, values in enumerate(weights)})
        with writing(folder / "outputs.json") as path:
            path.write_text(json.dumps(list(output_names)), encoding="utf-8")
    except (NotImplementedError, TypeError, ValueError) as error:
        raise ModelError(
            "not_saved",
            f"Keras cannot save the model `{model.name}`: {str(error).splitlines()[0]}",
            hint="give its own layers and functions `get_config` and keras.saving.register_keras_serializable",
        ) from error


def load_model(folder: Path, number: int) -> Any:
    """One member as a compiled Keras model.

    Args:
        folder: What `save_models` wrote.
        number: Position of the member.

    Raises:
        RunFolderError: The files are not there or cannot be read.
    """
    try:
        model = keras.models.load_model(folder / "model.keras", safe_mode=True)
        with np.load(folder / "weights.npz", allow_pickle=False) as stored:
            model.set_weights([stored[str(position)][number] for position in range(len(stored.files))])
    except (OSError, ValueError, KeyError, IndexError) as error:
        raise RunFolderError("no_models", f"The models in `{folder}` cannot be loaded: {error}") from error
    return model
