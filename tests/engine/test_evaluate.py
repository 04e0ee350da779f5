"""Loss and metrics of members on other rows, against `Model.evaluate`."""

import keras
import numpy as np
import pytest
from keras import layers

from tenfold.engine.evaluate import evaluate_members
from tenfold.engine.member import Member
from tenfold.engine.population import train_population


@pytest.mark.parametrize("num_rows", [7, 256, 300])
def test_members_are_evaluated_as_keras_evaluates_them(num_rows: int):
    generator = np.random.default_rng(0)
    x = generator.normal(size=(310, 3)).astype("float32")
    y = (x[:, 0] > 0).astype("float32")
    weight = generator.uniform(0.5, 2, size=310).astype("float32")

    def build() -> keras.Model:
        penalty = keras.regularizers.L2(0.01)
        model = keras.Sequential([keras.Input((3,)), layers.Dense(1, "sigmoid", kernel_regularizer=penalty)])
        model.compile("sgd", "binary_crossentropy", weighted_metrics=["accuracy", keras.metrics.AUC(name="auc")])
        return model

    members = [Member(np.arange(5 + number), fold=number) for number in range(3)]
    trained = train_population(build, x, y, members, epochs=2, batch_size=4, sample_weight=weight)
    rows = generator.permutation(310)[:num_rows]
    found = evaluate_members(trained.network, trained.states, trained.data, rows)
    for number in range(3):
        model = trained.model(number)
        expected = model.evaluate(x[rows], y[rows], sample_weight=weight[rows], batch_size=400, verbose=0)
        assert list(found) == ["loss", "accuracy", "auc"]
        np.testing.assert_allclose([values[number] for values in found.values()], expected, rtol=1e-5)
