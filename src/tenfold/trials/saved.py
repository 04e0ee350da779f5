"""A search on disk: `search.json` (trials, settings, scores) beside the best trial's members and an untrained model.

Nothing in it is code. Loading needs Optuna for the study; Keras only when a model is asked for.
"""

import json
from pathlib import Path
from typing import Any

import optuna

from tenfold.cross_validation import load_cross_validation
from tenfold.errors import ModelError, RunFolderError
from tenfold.trials.found import Best, OuterScore, Search
from tenfold.trials.studies import quiet_optuna
from tenfold.writing import writing

__all__ = ["DESCRIPTION", "load_search", "save_search"]

SCHEMA = 1
DESCRIPTION = "search.json"
_MEMBERS, _UNTRAINED = "best", "untrained.keras"


def save_search(found: Search, folder: Path) -> Path:
    """Write a search; see `Search.save`."""
    if folder.exists() and not folder.is_dir():
        raise RunFolderError("not_a_folder", f"`{folder}` is a file", expected="a folder, or a name that is free")
    found.members.save(folder / _MEMBERS)
    model = _built(found)
    try:
        with writing(folder / _UNTRAINED) as path:
            model.save(path)
    except (NotImplementedError, TypeError, ValueError) as error:
        raise ModelError(
            "not_saved", f"Keras cannot save the model `{model.name}`: {str(error).splitlines()[0]}",
            hint="give its own layers and functions `get_config` and keras.saving.register_keras_serializable",
        ) from error  # fmt: skip
    described = {
        "schema": SCHEMA,
        "measure": found.measure,
        "direction": found.study.direction.name.lower(),
        "name": found.study.study_name,
        "best": vars(found.best),
        "outer": [vars(one) for one in found.outer],
        "stopped": found.stopped,
        "counts": found.counts,
        "trained": found.trained,
        "trials": [_trial(one) for one in found.study.get_trials(deepcopy=False)],
    }
    with writing(folder / DESCRIPTION) as path:
        path.write_text(json.dumps(described, indent=1), encoding="utf-8")
    return folder


def load_search(folder: Path) -> Search:
    """A search as `Search.save` wrote it.

    Args:
        folder: The folder.

    Raises:
        RunFolderError: The folder holds none, or one of a later schema.
    """
    try:
        described = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RunFolderError("not_a_search", f"`{folder}` holds no search that can be read: {error}",
                             expected=DESCRIPTION) from error  # fmt: skip
    if described.get("schema") != SCHEMA:
        raise RunFolderError(
            "schema", f"`{folder}` has search schema {described.get('schema')}", expected=f"schema {SCHEMA}",
            hint="read it with the version of Tenfold that wrote it",
        )  # fmt: skip
    with quiet_optuna():
        study = optuna.create_study(study_name=described["name"], direction=described["direction"])
        for one in described["trials"]:
            study.add_trial(_frozen(one))
    return Search(
        study, described["measure"], Best(**described["best"]), load_cross_validation(folder / _MEMBERS),
        tuple(OuterScore(**one) for one in described["outer"]), described["stopped"], described["counts"],
        described["trained"],        new_model=lambda: _untrained(folder / _UNTRAINED),
    )  # fmt: skip


def _trial(one: optuna.trial.FrozenTrial) -> dict[str, Any]:
    return {
        "state": one.state.name if one.state.is_finished() else "FAIL",
        "value": one.value,
        "params": one.params,
        "distributions": {
            name: optuna.distributions.distribution_to_json(kind) for name, kind in one.distributions.items()
        },
        "user_attrs": one.user_attrs,
        "intermediate_values": {str(step): value for step, value in one.intermediate_values.items()},
    }


def _frozen(one: dict[str, Any]) -> optuna.trial.FrozenTrial:
    kinds = {name: optuna.distributions.json_to_distribution(text) for name, text in one["distributions"].items()}
    return optuna.trial.create_trial(
        state=optuna.trial.TrialState[one["state"]], value=one["value"], params=one["params"], distributions=kinds,
        user_attrs=one["user_attrs"],
        intermediate_values={int(step): value for step, value in one["intermediate_values"].items()},
    )  # fmt: skip


def _built(found: Search) -> Any:
    """An untrained model with all its variables, those of the optimizer too: Keras saves what is built."""
    model = found.build_best()
    if not model.built:
        model.build(found.models[0].input_shape)
    model.optimizer.build(model.trainable_variables)
    return model


def _untrained(path: Path) -> Any:
    """The saved model's architecture and compilation, with new initial weights."""
    import keras  # noqa: PLC0415  # only where a model is asked for

    try:
        saved = keras.models.load_model(path, safe_mode=True)
    except (OSError, ValueError) as error:
        raise RunFolderError("no_models", f"The model in `{path}` cannot be loaded: {error}") from error
    model = keras.models.clone_model(saved)
    model.compile_from_config(saved.get_compile_config())
    return model
