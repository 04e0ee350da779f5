"""Files of Keras 2 load, answer what their arrays say, train, save and load again; hand calculation as oracle."""

from pathlib import Path

import keras
import numpy as np
import pytest

import tenfold
from model_files.old_files import dense, drawn, named, sequential, training_of, write_old_file
from tenfold.errors import ModelError

GENERATOR = np.random.default_rng(3)


def house_prices(path: Path, **options) -> tuple[Path, dict]:
    """13-64-64-1 as Keras 2.2.4 wrote it."""
    weights = {
        "dense_1": drawn(1, kernel=(13, 64), bias=(64,)),
        "dense_2": drawn(2, kernel=(64, 64), bias=(64,)),
        "dense_3": drawn(3, kernel=(64, 1), bias=(1,)),
    }
    network = sequential(
        dense("dense_1", 64, "relu", batch_input_shape=[None, 13], dtype="float32"),
        dense("dense_2", 64, "relu"),
        dense("dense_3", 1, "linear"),
        **options,
    )
    arrays = {name: named(name, of_layer) for name, of_layer in weights.items()}
    return write_old_file(path, network, arrays, training=training_of("mse", ["mae"])), weights


def by_hand(weights: dict, x: np.ndarray) -> np.ndarray:
    for name in ("dense_1", "dense_2"):
        x = np.maximum(x @ weights[name]["kernel"] + weights[name]["bias"], 0)
    return x @ weights["dense_3"]["kernel"] + weights["dense_3"]["bias"]


@pytest.mark.parametrize("name", ["old.h5", "old.hdf5"])
@pytest.mark.parametrize("as_list", [True, False])
def test_the_house_price_network_answers_trains_saves_and_comes_back(tmp_path: Path, name: str, as_list: bool):
    path, weights = house_prices(tmp_path / name, as_list=as_list)
    x = GENERATOR.normal(size=(9, 13)).astype(np.float32)
    model = tenfold.load_model(path)
    assert model.count_params() == 5_121
    np.testing.assert_allclose(model.predict(x, verbose=0), by_hand(weights, x), rtol=1e-5, atol=1e-5)
    assert isinstance(model.optimizer, keras.optimizers.RMSprop)
    assert float(model.optimizer.learning_rate) == pytest.approx(0.002)
    history = tenfold.fit(model, x, x[:, :1], epochs=30, batch_size=3, verbose=0, checks=False).history
    assert set(history) == {"loss", "mae"}
    assert history["loss"][-1] < history["loss"][0]
    for again in ("new.keras", "new.h5"):
        model.save(tmp_path / again)
        back = tenfold.load_model(tmp_path / again)
        np.testing.assert_array_equal(back.predict(x, verbose=0), model.predict(x, verbose=0))


def test_a_small_convnet_answers_what_a_loop_over_its_pixels_says(tmp_path: Path):
    conv, head = drawn(4, kernel=(3, 3, 1, 4), bias=(4,)), drawn(5, kernel=(36, 3), bias=(3,))
    common = {"trainable": True, "padding": "valid", "data_format": "channels_last"}
    network = sequential(
        ("Conv2D", {
            **common, "name": "conv2d_1", "batch_input_shape": [None, 8, 8, 1], "dtype": "float32", "filters": 4,
            "kernel_size": [3, 3], "strides": [1, 1], "dilation_rate": [1, 1], "activation": "relu", "use_bias": True,
            "kernel_initializer": {"class_name": "RandomUniform",
                                   "config": {"minval": -0.05, "maxval": 0.05, "seed": None}},
            "kernel_regularizer": {"class_name": "L1L2", "config": {"l1": 0.0, "l2": 0.001}},
            "kernel_constraint": {"class_name": "MaxNorm", "config": {"max_value": 2, "axis": 0}},
        }),
        ("MaxPooling2D", {**common, "name": "max_pooling2d_1", "pool_size": [2, 2], "strides": [2, 2]}),
        ("Dropout", {"name": "dropout_1", "trainable": True, "rate": 0.5, "noise_shape": None, "seed": None}),
        ("Flatten", {"name": "flatten_1", "trainable": True, "data_format": "channels_last"}),
        dense("dense_1", 3, "softmax"),
    )  # fmt: skip
    adam = {"class_name": "Adam", "config": {"lr": 0.01, "beta_1": 0.9, "beta_2": 0.999, "decay": 0.1, "epsilon": None,
                                             "amsgrad": False}}  # fmt: skip
    path = write_old_file(
        tmp_path / "convnet.h5", network,
        {"conv2d_1": named("conv2d_1", conv), "max_pooling2d_1": [], "dropout_1": [], "flatten_1": [],
         "dense_1": named("dense_1", head)},
        training=training_of("categorical_crossentropy", ["acc"], adam), version="2.3.1",
    )  # fmt: skip
    model = tenfold.load_model(path)
    x = GENERATOR.normal(size=(5, 8, 8, 1)).astype(np.float32)
    maps = np.zeros((5, 6, 6, 4))
    for row in range(6):
        for column in range(6):
            patch = x[:, row : row + 3, column : column + 3, 0]
            maps[:, row, column] = np.maximum(np.tensordot(patch, conv["kernel"][:, :, 0], 2) + conv["bias"], 0)
    pooled = maps.reshape(5, 3, 2, 3, 2, 4).max(axis=(2, 4)).reshape(5, 36)
    scores = np.exp(pooled @ head["kernel"] + head["bias"])
    np.testing.assert_allclose(model.predict(x, verbose=0), scores / scores.sum(1, keepdims=True), rtol=1e-4)
    rate = model.optimizer.learning_rate
    assert float(rate) == pytest.approx(0.01)
    model.fit(x, np.eye(3)[[0, 1, 2, 0, 1]], epochs=2, batch_size=5, verbose=0)
    assert float(model.optimizer.learning_rate) == pytest.approx(0.01 / (1 + 0.1 * 2))  # Keras 2: rate / (1 + d step)
    assert set(model.evaluate(x, np.eye(3)[[0, 1, 2, 0, 1]], verbose=0, return_dict=True)) == {"loss", "acc"}


def test_a_file_that_was_not_compiled_loads_uncompiled_and_compile_false_leaves_it_so(tmp_path: Path):
    path, _ = house_prices(tmp_path / "old.h5")
    assert not tenfold.load_model(path, compile=False).compiled


def test_what_is_no_model_is_told_in_a_sentence(tmp_path: Path):
    with pytest.raises(ModelError, match="There is no file"):
        tenfold.load_model(tmp_path / "none.h5")
    (tmp_path / "text.h5").write_text("no hdf5")
    with pytest.raises(ModelError, match=r"Keras cannot load `text\.h5`"):
        tenfold.load_model(tmp_path / "text.h5")
    path, _ = house_prices(tmp_path / "old.h5")
    tenfold.load_model(path).save_weights(tmp_path / "only.weights.h5")
    with pytest.raises(ModelError, match="holds weights, not a whole network"):
        tenfold.load_model(tmp_path / "only.weights.h5")
    (tmp_path / "model.pkl").write_text("x")
    with pytest.raises(ModelError, match="is no saved Keras model"):
        tenfold.load_model(tmp_path / "model.pkl")


def test_arrays_that_do_not_fit_and_unknown_layers_are_named(tmp_path: Path):
    layers = [dense("dense_1", 2, "relu", batch_input_shape=[None, 3])]
    wrong = {"dense_1": named("dense_1", drawn(1, kernel=(4, 2), bias=(2,)))}
    with pytest.raises(ModelError, match=r"`dense_1` does not fit it.*\(3, 2\), \(2,\).*\(4, 2\), \(2,\)"):
        tenfold.load_model(write_old_file(tmp_path / "a.h5", sequential(*layers), wrong))
    with pytest.raises(ModelError, match="no weights of layer `dense_1`"):
        tenfold.load_model(write_old_file(tmp_path / "b.h5", sequential(*layers), {}))
    with pytest.raises(ModelError, match="which its network does not have"):
        tenfold.load_model(write_old_file(tmp_path / "b2.h5", sequential(*layers), {"dense_9": wrong["dense_1"]}))
    unknown = ("Attention9000", {"name": "focus", "batch_input_shape": [None, 3]})
    with pytest.raises(ModelError, match="Layer `focus` is a `Attention9000`, which neither"):
        tenfold.load_model(write_old_file(tmp_path / "c.h5", sequential(unknown), {}))
    shapeless = sequential(dense("dense_1", 2, "relu"))
    with pytest.raises(ModelError, match="does not say what shape of input `dense_1` takes"):
        tenfold.load_model(write_old_file(tmp_path / "d.h5", shapeless, {}))
    strange = [dense("dense_1", 2, "relu", batch_input_shape=[None, 3], mystery=3)]
    with pytest.raises(ModelError, match=r"Keras cannot load `e\.h5`.*mystery"):
        tenfold.load_model(write_old_file(tmp_path / "e.h5", sequential(*strange), {}))


def test_a_loss_metric_or_optimizer_that_is_gone_is_named_and_the_callers_own_takes_its_place(tmp_path: Path):
    layers = sequential(dense("dense_1", 1, "relu", batch_input_shape=[None, 3]))
    arrays = {"dense_1": named("dense_1", drawn(1, kernel=(3, 1), bias=(1,)))}
    path = write_old_file(tmp_path / "a.h5", layers, arrays, training=training_of("my_loss", ["my_metric"]))
    with pytest.raises(ModelError, match="the loss `my_loss`, which Keras 3 does not have"):
        tenfold.load_model(path)

    def half(y, prediction):
        return keras.ops.mean(keras.ops.abs(y - prediction)) / 2

    model = tenfold.load_model(path, custom_objects={"my_loss": half, "my_metric": half})
    x = GENERATOR.normal(size=(4, 3)).astype(np.float32)
    answers = model.evaluate(x, x[:, :1], verbose=0)
    assert answers[0] == pytest.approx(np.abs(x[:, :1] - model.predict(x, verbose=0)).mean() / 2, rel=1e-5)
    gone = {"class_name": "TFOptimizer", "config": {}}
    path = write_old_file(tmp_path / "b.h5", layers, arrays, training=training_of("mse", [], gone))
    with pytest.raises(ModelError, match="the optimizer `TFOptimizer`"):
        tenfold.load_model(path)
