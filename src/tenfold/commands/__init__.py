"""Families of commands that `tenfold` has besides those of a run: one module a family."""
