"""`tenfold.examine`: what is wrong with a network on its data, shown by short probe trainings."""
