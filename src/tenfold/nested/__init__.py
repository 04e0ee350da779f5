"""Nested evaluation: inner folds choose, outer folds score, all of them members of one population."""
