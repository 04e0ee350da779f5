"""Units that die: what is counted, and that a dead unit of the first layer keeps its weights."""

import keras
import numpy as np
import pytest

from tenfold import views
from tenfold.demonstrations.examples import circles
from tenfold.engine.member import Member
from tenfold.engine.population import train_population
from tenfold.errors import ModelError, OptionError

X, Y = circles(40, noise=0.1, seed=1)


def half_dead() -> keras.Model:
    """Of four hidden units two never answer: their bias is -100."""
    bias = keras.initializers.Constant([-100.0, 0.5, -100.0, 0.5])
    hidden = keras.layers.Dense(4, "relu", bias_initializer=bias, name="hidden")
    model = keras.Sequential([keras.Input((2,)), hidden, keras.layers.Dense(1, "sigmoid")])
    model.compile(keras.optimizers.SGD(0.1), "binary_crossentropy")
    return model


def test_a_dead_unit_of_the_first_layer_keeps_its_weights_bit_for_bit():
    model = half_dead()
    result = train_population(model, X, Y, [Member(np.arange(len(X)))], epochs=3)
    before, after = np.asarray(model.layers[0].kernel), np.asarray(result.model(0).layers[0].kernel)

    assert (before[:, [0, 2]] == after[:, [0, 2]]).all()
    assert (before[:, [1, 3]] != after[:, [1, 3]]).any()


def test_of_the_users_own_model_the_dead_units_are_counted_before_training_and_after_each_epoch():
    model = half_dead()
    before = [np.asarray(one) for one in model.get_weights()]
    seen = views.dying_units(model, X, Y, factor=2.0, epochs=3, turn=1, seeds=2).numbers

    assert seen.ways == ("relu, SGD at rate 0.1", "relu, rate 0.2 for 1 epoch", "leaky_relu, rate 0.2 for 1 epoch")
    assert (seen.layers, seen.units) == (("hidden",), (4,))
    assert seen.dead.shape == (3, 2, 4, 1)
    assert seen.loss.shape == (3, 2, 3)
    assert (seen.dead[:2, :, :, 0] == 0.5).all()
    assert (seen.dead[2] == 0).all()
    assert all((one == other).all() for one, other in zip(before, model.get_weights(), strict=True))


def test_a_rate_put_right_at_the_end_of_an_epoch_leaves_that_epoch_to_the_rate_too_large():
    early, never = (
        views.dying_units(half_dead, X, Y, factor=4.0, epochs=2, turn=turn, seeds=1).numbers for turn in (1, 2)
    )

    assert (early.loss[0] == never.loss[0]).all()
    assert early.loss[1, 0, 0] == never.loss[1, 0, 0]
    assert early.loss[1, 0, 1] != never.loss[1, 0, 1]


def test_a_model_without_relu_is_refused():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3, "tanh"), keras.layers.Dense(1, "sigmoid")])
    model.compile("sgd", "binary_crossentropy")
    with pytest.raises(ModelError, match="No hidden layer of the model has a ReLU"):
        views.dying_units(model, X, Y)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"factor": 1.0}, "`factor` must be above 1"),
        ({"turn": 9, "epochs": 8}, "`turn` lies outside of the training. Expected: 1 to 8"),
        ({"seeds": 0}, "`seeds` must be a whole number"),
        ({"seed": -1}, "A seed must be a whole number"),
    ],
)
def test_numbers_out_of_range_are_refused(changed: dict[str, float], message: str):
    with pytest.raises(OptionError, match=message):
        views.dying_units(half_dead, X, Y, **changed)


def test_a_model_without_rows_is_refused():
    with pytest.raises(OptionError, match="A model of your own needs the rows"):
        views.dying_units(half_dead)


def test_rows_without_a_model_are_refused():
    with pytest.raises(OptionError, match="These rows come without a model"):
        views.dying_units(None, X, Y)


def test_a_rate_that_follows_a_schedule_is_refused():
    model = half_dead()
    model.compile(
        keras.optimizers.SGD(keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.5)), "binary_crossentropy"
    )
    with pytest.raises(ModelError, match="The learning rate of the model follows a schedule"):
        views.dying_units(model, X, Y)
