"""Columns that may give the answer away, or that are not what they seem."""
