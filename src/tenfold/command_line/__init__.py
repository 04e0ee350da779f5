"""How a command behaves: streams, signals, exit codes, what is said when something goes wrong."""
