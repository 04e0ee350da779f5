"""`tenfold.repair`: what was found wrong is put right where training on held-out rows shows that it helps."""
