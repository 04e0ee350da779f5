"""Facts of a run, and the terminal, JSON and HTML that are printed from them."""
