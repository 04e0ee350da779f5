"""Figures of the report: a finding as a sentence, a small drawing, and the same numbers as a table."""
