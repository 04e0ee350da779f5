"""Step 3: who trains on which rows, and who is scored on which."""
