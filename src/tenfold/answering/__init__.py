"""From a question to the answer in its folder: the seven steps, and what comes after them."""
