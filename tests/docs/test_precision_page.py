"""The page of precision is made from the file of results, and what it says beside the file is so."""

import re
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "precision.md"
sys.path.insert(0, str(ROOT / "benchmarks"))

from precision_page import write_page  # noqa: E402


def test_the_page_is_made_from_the_results(tmp_path: Path):
    write_page(sorted((ROOT / "benchmarks" / "results" / "precision").glob("*.json")), tmp_path / "precision.md")
    assert (tmp_path / "precision.md").read_text() == PAGE.read_text()


def test_every_figure_of_the_page_is_there():
    figures = re.findall(r"\]\((figures/[^)]+)\)", PAGE.read_text())

    assert len(figures) == 13
    assert all((PAGE.parent / figure).is_file() for figure in figures)


def test_in_mixed_bfloat16_label_0_jumps_where_the_page_says():
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        layer = keras.layers.Dense(1, activation="sigmoid", kernel_initializer="ones")
        outputs = layer(np.array([[5.5], [5.5625]], np.float32))
    finally:
        keras.config.set_dtype_policy(policy)

    loss = keras.losses.BinaryCrossentropy(reduction="none")(np.zeros((2, 1), np.float32), outputs)

    assert np.asarray(loss) == pytest.approx([4.852, 15.942385], abs=0.01)  # -ln(1/128)
