"""What a run is asked, and all that follows from it before anything is fitted."""
