"""A search: Optuna's trials, trained in batches as few programs."""
