"""One `tenfold run` with its defaults on one shared table: scores of every outer fold, verdict."""

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from outer_folds import SEED, outer_rows, question_of
from processes import answer, task
from shared_tables import TABLES, data_folder

import tenfold
from tenfold.progress import silence

TREES = "boosted trees"
"""The run's own name of them."""


def main() -> None:
    """Answers the task: the name of a table and the budget."""
    asked = task()
    table = next(one for one in TABLES if one.name == asked["table"])
    loaded = table.load(data_folder())
    with tempfile.TemporaryDirectory() as folder:
        run = tenfold.run(
            loaded, table.target, out=Path(folder) / "run", seed=SEED, budget=asked["budget"], progress=silence
        )
        scores = pd.read_parquet(run.path / "record" / "scores.parquet")
        scored = pd.read_parquet(run.path / "record" / "predictions.parquet")["row"].to_numpy() - 1
    folds = outer_rows(question_of(loaded, table.target)).folds
    expected = np.unique(np.concatenate([one.validation_rows for one in folds]))
    assert np.array_equal(scored, expected), "the run scored other rows than the rivals"
    network = next(one for one in run.facts.models if one.role == "network")
    trees = next(one for one in run.facts.models if one.name == TREES)
    answer(
        scores=_scores_of(scores, network.name),
        trees={"scores": _scores_of(scores, trees.name)},
        network=network.name,
        interval=[network.score.low, network.score.high],
        verdict=run.verdict.code,
        headline=run.verdict.headline,
        num_networks=run.facts.work.num_networks if run.facts.work else 0,
    )


def _scores_of(scores: pd.DataFrame, model: str) -> list[list[float]]:
    """A model's scores, a line a fold and a column a seed."""
    own = scores[scores["model"] == model]
    found: list[list[float]] = own.pivot_table(index="fold", columns="seed", values="score").to_numpy().tolist()
    return found


if __name__ == "__main__":
    main()
