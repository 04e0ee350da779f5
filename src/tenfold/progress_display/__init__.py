"""Progress events drawn: a live block on terminals, a line a step in logs, a compact bar for the Python interface."""
