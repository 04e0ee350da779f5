"""A thousand members of one network in one population: folds by seeds by candidates."""

import time

import keras
import numpy as np
from processes import answer, task
from sklearn.model_selection import KFold

from tenfold.engine.member import Member
from tenfold.engine.population import train_population

NUM_ROWS, NUM_COLUMNS = 1_000, 20
BATCH_SIZE = 32


def build() -> keras.Model:
    """A 20-64-64-1 network whose dropout and learning rate differ from candidate to candidate."""
    model = keras.Sequential(
        [
            keras.Input((NUM_COLUMNS,)),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dropout(0.1, name="dropout"),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(1),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(1e-3), loss="mse")
    return model


def members_of(num_folds: int, num_seeds: int, num_candidates: int) -> list[Member]:
    """A member for each fold, seed and candidate."""
    rng = np.random.default_rng(0)
    candidates = [
        {"optimizer.learning_rate": float(10 ** rng.uniform(-3.5, -2.5)), "dropout.rate": float(rng.uniform(0.0, 0.4))}
        for _ in range(num_candidates)
    ]
    folds = list(KFold(num_folds, shuffle=True, random_state=0).split(np.zeros(NUM_ROWS)))
    return [
        Member(train, validation, fold=fold, seed=seed, trial=trial, settings=settings)
        for trial, settings in enumerate(candidates)
        for fold, (train, validation) in enumerate(folds)
        for seed in range(num_seeds)
    ]


def main() -> None:
    """Answers the task: folds, seeds, candidates, epochs."""
    asked = task()
    rng = np.random.default_rng(0)
    x = rng.normal(size=(NUM_ROWS, NUM_COLUMNS)).astype(np.float32)
    y = np.sin(x[:, :1]) + x[:, 1:2] * x[:, 2:3] + 0.3 * rng.normal(size=(NUM_ROWS, 1)).astype(np.float32)
    members = members_of(asked["folds"], asked["seeds"], asked["candidates"])
    stopping = keras.callbacks.EarlyStopping(patience=asked["epochs"], restore_best_weights=True)
    start = time.perf_counter()
    result = train_population(build, x, y, members, epochs=asked["epochs"], batch_size=BATCH_SIZE, callbacks=[stopping])
    assert (result.epochs_trained == asked["epochs"]).all(), "a member stopped before its time"
    answer(
        members=len(members),
        train_seconds=time.perf_counter() - start,
        compile_seconds=result.compile_seconds,
        chosen_mode=result.mode,
        best_loss=float(np.nanmin(result.history["val_loss"])),
    )


if __name__ == "__main__":
    main()
