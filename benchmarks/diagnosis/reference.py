"""What scikit-learn reaches on the rows of a sound program: the better of a linear model and a forest.

Where the inputs are the targets (autoencoders) it is what so many principal components keep as the code has numbers.
"""

from typing import Any

import numpy as np
from diagnosis.program import Program, score_of
from sklearn.decomposition import PCA
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

__all__ = ["reference_score"]

NUM_WORDS = 300


def reference_score(program: Program, seed: int) -> float:
    """Score on new rows, as `score_of` counts it, of the better of two models on flat inputs (word counts for text)."""
    rows = program.rows(seed)
    if np.shape(rows.y) == np.shape(rows.x) and np.array_equal(rows.y, rows.x):
        code = PCA(min(layer.output.shape[-1] for layer in program.build().layers)).fit(rows.x)
        return score_of(program, code.inverse_transform(code.transform(rows.held_x)), rows.held_y)
    columns, held = (_columns(x, is_text=program.family == "text") for x in (rows.x, rows.held_x))
    targets = np.column_stack(rows.y) if isinstance(rows.y, list) else np.asarray(rows.y)
    if program.answers == "numbers":
        flat = targets.reshape(len(targets), -1)
        models: list[Any] = [make_pipeline(StandardScaler(), Ridge()), RandomForestRegressor(100, random_state=0)]
        answers = [model.fit(columns, np.squeeze(flat)).predict(held) for model in models]
    elif program.answers == "labels":
        answers = [RandomForestClassifier(100, random_state=0).fit(columns, targets).predict(held)]
    else:
        classes = targets.argmax(axis=1) if targets.ndim > 1 and targets.shape[1] > 1 else np.ravel(targets)
        models = [
            make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000)),
            RandomForestClassifier(100, random_state=0),
        ]
        chances = [model.fit(columns, classes).predict_proba(held) for model in models]
        return max(score_of(program, one, rows.held_y) for one in chances)
    return max(score_of(program, one, rows.held_y) for one in answers)


def _columns(x: Any, *, is_text: bool) -> np.ndarray:
    if is_text:
        return np.stack([np.bincount(row[row > 0], minlength=NUM_WORDS) for row in np.asarray(x)])
    return np.asarray(x).reshape(len(x), -1)
