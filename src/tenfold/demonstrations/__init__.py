"""Trainings that show what goes wrong in training, live: the populations behind `tenfold.views`."""
