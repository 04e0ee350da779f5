"""What can be wrong with a network, its data and its training: one file a check."""
