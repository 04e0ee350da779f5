"""Words of the report, a line each, for the fold at its end."""

__all__ = ["WORDS"]

WORDS = {
    "95 % interval": "A range made so that 95 of 100 such ranges hold the value that endless data would give.",
    "baseline": "A simple model that a network must beat to be worth its trouble.",
    "Brier score": "Mean squared distance of a probability and what happened (1 or 0); lower is better.",
    "calibration": "Whether what is predicted with 70 % comes true in 70 of 100 cases.",
    "constant guess": "Always the same answer: the mean, or the most frequent class. What knowing nothing scores.",
    "fold": "One part of the rows, scored by networks that were trained on the other parts.",
    "inner folds": "Folds inside the training rows: they choose epoch, size and settings, so that no scored row does.",
    "loss": "What training makes smaller. The measure says how good the result is for you.",
    "ledger": "The list of all looks at scores, oldest first; lines are only ever added.",
    "look": "One time somebody saw a score. Each look at the same rows makes the next score a little too good.",
    "out of fold": "Said of a prediction by networks that were not trained on its row.",
    "overfit": "To learn the training rows by heart: their loss falls while that of other rows rises again.",
    "pair": "The same fold and the same seed for two models: what is left is the difference between the models.",
    "permutation importance": "What the score loses when one column is shuffled: what is used, not what causes.",
    "purged": "Left out of training because the rows lie too close in time before those that score.",
    "sealed rows": "Rows put away before anything was fitted, looked at once, at the very end.",
    "seed": "The number that fixes chance: initial weights, order of rows. Another seed, another network.",
}
"""Term to its meaning; the terms that this report uses."""
