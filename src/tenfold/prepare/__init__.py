"""From columns to network inputs, fitted on training rows only."""
