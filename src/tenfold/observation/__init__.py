"""A Keras model and its arrays seen as plain facts, for the checks to judge."""
