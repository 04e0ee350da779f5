"""Results of nested training as arrays, for a run that is killed and continues (`run_folder.stages`)."""

from collections.abc import Sequence
from dataclasses import astuple

import numpy as np

from tenfold.nested.results import Candidate, FoldResult, Members, Tally

__all__ = ["described", "from_arrays", "to_arrays"]


def described(pairs: Sequence[tuple[Candidate, int]]) -> list[str]:
    """What is trained, a line a candidate and fold."""
    return [f"{candidate} in fold {fold}" for candidate, fold in pairs]


def to_arrays(results: Sequence[FoldResult], tally: Tally) -> dict[str, np.ndarray]:
    """All numbers of some results.

    Args:
        results: In the order in which they were trained.
        tally: Of their training.

    Returns:
        Name to array; `from_arrays` reads them.
    """
    arrays = {"tally": np.array(astuple(tally), np.float64)}
    for number, result in enumerate(results):
        arrays |= {f"{number}/{name}": array for name, array in _result_arrays(result).items()}
    return arrays


def from_arrays(
    arrays: dict[str, np.ndarray], pairs: Sequence[tuple[Candidate, int]]
) -> tuple[list[FoldResult], Tally]:
    """Read what `to_arrays` made.

    Args:
        arrays: Name to array.
        pairs: Candidate and fold of each result.

    Returns:
        The results and the tally.
    """
    *counts, seconds = arrays["tally"].tolist()
    members, programs, stopped, nonfinite = (int(count) for count in counts)
    own: list[dict[str, np.ndarray]] = [{} for _ in pairs]
    for name, value in arrays.items():
        number, _, rest = name.partition("/")
        if rest:
            own[int(number)][rest] = value
    results = [_result(candidate, fold, found) for (candidate, fold), found in zip(pairs, own, strict=True)]
    return results, Tally(members, programs, stopped, nonfinite, seconds)


def _result_arrays(result: FoldResult) -> dict[str, np.ndarray]:
    arrays = {
        "seeds": np.array(result.seeds, np.int64),
        "losses": result.losses,
        "best_epochs": result.best_epochs,
        "seconds": np.array(result.seconds),
        **_numbered("inner_predictions", result.inner_predictions),
    }
    if result.predictions is not None:
        arrays |= _numbered("predictions", result.predictions)
    if result.members is not None:
        arrays |= {f"members/{name}": array for name, array in _member_arrays(result.members).items()}
    return arrays


def _member_arrays(members: Members) -> dict[str, np.ndarray]:
    return {
        **_numbered("weights", members.weights),
        **{f"history/{name}": values for name, values in members.history.items()},
        "epochs_trained": members.epochs_trained,
        "best_epochs": members.best_epochs,
        "outcomes": np.array(members.outcomes),
    }


def _result(candidate: Candidate, fold: int, arrays: dict[str, np.ndarray]) -> FoldResult:
    predictions = _list(arrays, "predictions")
    return FoldResult(
        candidate,
        fold,
        tuple(arrays["seeds"].tolist()),
        arrays["losses"],
        arrays["best_epochs"],
        predictions or None,
        _list(arrays, "inner_predictions"),
        _members(arrays),
        float(arrays["seconds"]),
    )


def _members(arrays: dict[str, np.ndarray]) -> Members | None:
    if "members/outcomes" not in arrays:
        return None
    history = {name.split("history/", 1)[1]: value for name, value in arrays.items() if "members/history/" in name}
    return Members(
        _list(arrays, "members/weights"),
        history,
        arrays["members/epochs_trained"],
        arrays["members/best_epochs"],
        tuple(arrays["members/outcomes"].tolist()),
    )


def _numbered(name: str, values: Sequence[np.ndarray]) -> dict[str, np.ndarray]:
    return {f"{name}/{number}": value for number, value in enumerate(values)}


def _list(arrays: dict[str, np.ndarray], name: str) -> tuple[np.ndarray, ...]:
    count = sum(key.rpartition("/")[0] == name for key in arrays)
    return tuple(arrays[f"{name}/{number}"] for number in range(count))
