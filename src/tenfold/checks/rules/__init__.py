"""The rules, one file each; `tenfold.checks.judging` finds them by their names."""
