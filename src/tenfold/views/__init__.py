"""Figures of networks and their training."""
