"""`tenfold verify`: does a run folder hold what the run wrote, and do its numbers come again."""
