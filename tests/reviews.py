"""Short made-up reviews whose words follow their class, for the tests of texts."""

import numpy as np
import pandas as pd

GOOD = ["lovely", "charming", "clever", "delightful", "moving", "superb"]
BAD = ["dull", "clumsy", "awful", "pointless", "tired", "boring"]
PLAIN = [
    "the",
    "film",
    "was",
    "shown",
    "with",
    "music",
    "and",
    "actors",
    "in",
    "a",
    "town",
    "during",
    "one",
    "long",
    "winter",
    "evening",
]


def reviews(count: int = 90, seed: int = 0) -> pd.DataFrame:
    """Texts of about a dozen words, two of which tell the class in most rows; `stars` tells a little."""
    generator = np.random.default_rng(seed)
    is_good = generator.uniform(size=count) < 0.5
    texts, says = [], generator.uniform(size=count) < 0.9
    for good, honest in zip(is_good, says, strict=True):
        telling = generator.choice(GOOD if good == honest else BAD, 2)
        words = [*generator.choice(PLAIN, 9 + int(generator.integers(4))), *telling]
        texts.append(" ".join(generator.permutation(words)))
    stars = np.where(is_good, 4, 2) + generator.integers(-1, 2, count)
    verdict = np.where(is_good, "good", "bad")
    return pd.DataFrame({"review": texts, "stars": stars, "verdict": verdict})


def strangers(count: int = 160, seed: int = 2) -> tuple[pd.DataFrame, str]:
    """Texts of words that never come twice, and a file of vectors in whose first number their class stands.

    One word of eight has no vector.
    """
    generator = np.random.default_rng(seed)
    texts, lines = [], []
    labels = np.array(["bad", "good"])[np.arange(count) % 2]
    for number, label in enumerate(labels):
        words = [f"word{number}of{place}" for place in range(8)]
        texts.append(" ".join(words))
        sign = 1.0 if label == "good" else -1.0
        for word in words[:7]:
            numbers = generator.normal([sign, 0.0, 0.0])
            lines.append(f"{word} {' '.join(f'{one:.4f}' for one in numbers)}")
    return pd.DataFrame({"text": texts, "label": labels}), "\n".join(lines)
