"""Step 1: which problem is this, and what follows from it."""
