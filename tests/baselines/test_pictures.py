"""Rivals on photos: each sees its own part of what simple models see."""

import numpy as np
import pandas as pd
import pytest

from tenfold.baselines.fitting import beside, predict_with
from tenfold.baselines.pictures import choose_photo_baselines
from tenfold.measures.choice import choose_measures
from tenfold.prepare.pictures import COLOURS, NUM_FEATURES, PIXELS, photo_features
from tenfold.problem.definition import define_problem

LABELS = np.arange(60) % 2
PROBLEM = define_problem(pd.DataFrame({"label": np.where(LABELS == 1, "dark", "light"), "photo": range(60)}), "label")


@pytest.mark.parametrize("num_others", [0, 2])
def test_every_rival_tells_light_from_dark_and_sees_its_own_columns(num_others: int):
    generator = np.random.default_rng(0)
    photos = (generator.integers(0, 120, (60, 16, 16, 3)) + 130 * LABELS[:, None, None, None]).astype(np.uint8)
    others = generator.normal(size=(60, num_others)).astype(np.float32)
    inputs = beside(others, np.zeros((60, 0), np.int32), None, photo_features(photos))
    assert inputs.shape == (60, num_others + NUM_FEATURES)
    measure = choose_measures(PROBLEM).primary
    guess, pixels, colours, trees = choose_photo_baselines(PROBLEM, measure, seed=0, num_others=num_others)
    assert guess.role == "guess"
    target = PROBLEM.encode(pd.DataFrame({"label": np.where(LABELS == 1, "dark", "light")}))
    for rival, unseen in ((pixels, COLOURS), (colours, PIXELS), (trees, PIXELS)):
        model = rival.make(**rival.settings[0]).fit(inputs, target)
        assert (predict_with(model, PROBLEM, inputs).argmax(axis=1) == target).mean() > 0.95
        changed = inputs.copy()
        changed[:, num_others + unseen.start : num_others + unseen.stop] = 0.5
        np.testing.assert_array_equal(predict_with(model, PROBLEM, changed), predict_with(model, PROBLEM, inputs))
