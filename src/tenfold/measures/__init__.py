"""Step 2: the measures of success, by the kind of what is predicted."""
