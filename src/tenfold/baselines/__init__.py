"""Step 5: what a network must beat."""
