"""What `model/` of a run holds: the network, the baseline beside it, and a few of its answers."""
