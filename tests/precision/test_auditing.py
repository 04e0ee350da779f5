"""An audit: rows behind the wall, gradients and digits lost, mixed precision; by hand, by Keras, in float64."""

import json
from typing import Any

import jax
import keras
import numpy as np
import pytest
from keras import layers, ops

from engine.models import classes, numbers
from tenfold.errors import ModelError, OptionError
from tenfold.precision.auditing import Audit, audit
from tenfold.precision.fusing import fuse

LOGITS = np.array([-20.0, -17.0, -16.0, -1.0, 0.0, 1.0, 15.0, 17.5, 20.0, 30.0], "float32")[:, None]
QUICK = {"mixed": False, "batch_size": 4}


def passing(units: int, activation: Any, loss: Any, **policy: Any) -> keras.Model:
    """A model whose logits are its inputs."""
    model = keras.Sequential([keras.Input((units,)), layers.Dense(units, activation, use_bias=False, **policy)])
    model.compile("sgd", loss)
    model.set_weights([np.eye(units, dtype="float32")])
    return model


def test_rows_beyond_kerass_clip_are_counted_as_keras_counts_them():
    found = audit(passing(1, "sigmoid", "binary_crossentropy"), LOGITS, np.ones(10), **QUICK)
    probability = np.asarray(jax.nn.sigmoid(LOGITS))
    outside = (probability < np.float32(1e-7)) | (probability > np.float32(1 - 1e-7))
    assert found.clipped_share == outside.mean() == 0.5
    assert found.gradient_lost == 0.5
    assert found.frozen_share == 0.2  # of the positive rows, those at -20 and -17
    exact = 1 / (1 + np.exp(LOGITS.astype(float)))
    np.testing.assert_allclose(found.magnitude_lost, exact[outside].sum() / exact.sum(), rtol=1e-6)


@pytest.mark.parametrize("loss", ["sparse_categorical_crossentropy", "categorical_crossentropy"])
def test_a_row_of_several_classes_is_clipped_where_its_own_class_is(loss: str):
    logits = np.array([[0.0, 0.0, -20.0], [20.0, 0.0, 0.0], [1.0, 2.0, 3.0], [0.0, 0.0, -20.0]], "float32")
    number = np.array([2, 0, 1, 0])
    y = number if loss.startswith("sparse") else np.eye(3)[number]
    found = audit(passing(3, "softmax", loss), logits, y, **QUICK)
    assert (found.clipped_share, found.frozen_share) == (0.5, 0.25)
    assert found.outputs[0].activation == "softmax"


def test_numbers_that_are_no_probabilities_are_clipped_too():
    found = audit(passing(1, None, "binary_crossentropy"), LOGITS, np.ones(10), **QUICK)
    assert found.outputs[0].activation == "none"
    assert found.clipped_share == 0.9 + 0.1  # 0 and 1 lie outside as well
    assert found.frozen_share == 0.5  # true logits of 0 and below, for rows of label 1


def test_a_focal_loss_of_logits_still_clips():
    loss = keras.losses.BinaryFocalCrossentropy(from_logits=True)
    found = audit(passing(1, None, loss), LOGITS, np.ones(10), **QUICK)
    assert found.clipped_share == 0.5


def test_a_model_on_logits_and_a_fused_model_clip_nothing():
    on_logits = passing(1, None, keras.losses.BinaryCrossentropy(from_logits=True))
    fused = fuse(passing(1, "sigmoid", "binary_crossentropy"))
    for model, note in ((on_logits, "The losses read logits"), (fused, "The model is a fused one")):
        found = audit(model, LOGITS, np.ones(10), **QUICK)
        assert (found.clipped_share, found.gradient_lost, found.outputs) == (0, 0, [])
        assert found.notes[0].startswith(note)


def several_outputs() -> keras.Model:
    inputs = keras.Input((5,))
    hidden = layers.Dropout(0.5)(layers.BatchNormalization()(layers.Dense(4, "tanh", name="first")(inputs)))
    outputs = [layers.Dense(1, "sigmoid", name="two")(hidden), layers.Dense(1, name="number")(hidden)]
    model = keras.Model(inputs, outputs)
    model.compile("adam", ["binary_crossentropy", "mse"])
    return model


def test_digits_lost_are_roundings_layer_by_layer_and_nothing_is_left_behind():
    model, x = several_outputs(), numbers(22, 5)
    before, generator = model.get_weights(), keras.config.floatx()
    found = audit(model, x, [classes(22)[:, None], numbers(22, 1)], **QUICK)
    assert found.loss_error is not None
    assert 0 < found.loss_error < 1e-5
    names = [one.name.split("_")[0] for one in found.layers]
    assert names[:3] == ["first", "batch", "dropout"]
    assert set(names[3:]) == {"two", "number"}
    for one in found.layers:
        assert one.output_error is not None
        assert one.output_error < 1e-5
    assert [one.layer for one in found.outputs] == ["two"]
    assert keras.config.floatx() == generator
    assert not jax.config.jax_enable_x64
    for own, other in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(own, other)


def losing_digits(x: Any) -> Any:
    return (x + 1e6) - 1e6


def test_a_layer_that_loses_digits_is_the_one_that_is_named():
    inputs = keras.Input((3,))
    hidden = layers.Dense(4, "tanh", name="sound")(inputs)
    model = keras.Model(inputs, layers.Dense(1, losing_digits, name="lossy")(hidden))
    model.compile("sgd", "mse")
    found = {one.name: one for one in audit(model, numbers(8, 3), numbers(8, 1), **QUICK).layers}
    assert found["sound"].output_error is not None
    assert found["lossy"].output_error is not None
    assert found["sound"].output_error < 1e-6
    assert found["lossy"].output_error > 1e-3


def test_mixed_precision_loses_small_gradients_that_loss_scaling_saves():
    model = keras.Sequential([keras.Input((1,)), layers.Dense(1, use_bias=False)])
    model.compile("sgd", "mse")
    model.set_weights([np.array([[1.0]], "float32")])
    x = np.full((2, 1), 2.0**-13, "float32")
    found = audit(model, x, x - 2.0**-14, batch_size=2).mixed  # the gradient is 2 * 2 ** -14 * 2 ** -13 = 2 ** -26
    by_name = {(one.policy, one.float32_head, one.loss_scale > 1): one for one in found}
    assert by_name["mixed_float16", False, False].underflow == 1
    assert by_name["mixed_float16", False, True].underflow == 0
    assert by_name["mixed_bfloat16", False, False].underflow == 0
    assert all(one.overflow == 0 for one in found)


def test_mixed_precision_overflows_where_float16_ends():
    model = keras.Sequential([keras.Input((1,)), layers.Dense(1, use_bias=False)])
    model.compile("sgd", "mse")
    model.set_weights([np.array([[1.0]], "float32")])
    found = audit(model, np.full((2, 1), 1000.0), np.zeros((2, 1)), batch_size=2).mixed
    by_name = {(one.policy, one.float32_head): one for one in found if one.loss_scale == 1}
    assert by_name["mixed_float16", False].overflow == 1  # 2 * 1000 * 1000 > 65504
    assert by_name["mixed_bfloat16", False].overflow == 0


def test_a_head_of_16_bits_clips_rows_that_a_float32_head_does_not():
    x = np.full((4, 1), 9.0, "float32")  # the sigmoid of 9 is 1 in float16 and bfloat16
    found = audit(passing(1, "sigmoid", "binary_crossentropy"), x, np.zeros(4), batch_size=4).mixed
    assert {(one.policy, one.float32_head): one.clipped_share for one in found} == {
        ("mixed_bfloat16", False): 1.0, ("mixed_bfloat16", True): 0.0,
        ("mixed_float16", False): 1.0, ("mixed_float16", True): 0.0,
    }  # fmt: skip


def own_loss(y_true: Any, y_pred: Any) -> Any:
    return -ops.mean(y_true * ops.log(y_pred), axis=-1)


def own_metric(y_true: Any, y_pred: Any) -> Any:
    return ops.mean(y_pred / y_true, axis=-1)


@keras.saving.register_keras_serializable("tests")
class UnitLength(layers.Layer):
    def call(self, inputs: Any) -> Any:
        return inputs / ops.sqrt(ops.sum(ops.square(inputs), axis=-1, keepdims=True))


def test_unsafe_lines_of_losses_metrics_layers_and_activations_are_found_with_their_names():
    inputs = keras.Input((3,))
    hidden = UnitLength()(layers.Dense(4)(inputs))
    hidden = layers.Dense(4, activation=lambda x: ops.log(ops.abs(x)))(hidden)
    model = keras.Model(inputs, layers.Dense(1, "sigmoid")(hidden))
    model.compile("sgd", own_loss, metrics=[own_metric])
    found = audit(model, numbers(12, 3), classes(12).astype(float), **QUICK)
    names = {(one.function, one.operation) for one in found.unsafe}
    assert names == {
        ("own_loss", "log"), ("own_metric", "division"), ("call", "sqrt"), ("call", "division"), ("<lambda>", "log"),
    }  # fmt: skip
    assert all(one.confirmed and one.line for one in found.unsafe)
    assert found.loss_error is not None  # a model with a lambda is rebuilt all the same


def test_a_model_that_is_no_graph_is_audited_as_far_as_it_goes():
    class Own(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.dense = layers.Dense(1)

        def call(self, inputs: Any) -> Any:
            return ops.sqrt(self.dense(inputs))

    model = Own()
    model.compile("sgd", "mse")
    found = audit(model, numbers(12, 3), numbers(12, 1), **QUICK)
    assert [one.operation for one in found.unsafe] == ["sqrt"]
    assert found.loss_error is None or found.layers
    assert any("No loss is a crossentropy" in note for note in found.notes)


def test_an_audit_is_a_table_json_and_a_line():
    found = audit(passing(1, "sigmoid", "binary_crossentropy"), LOGITS, np.ones(10), batch_size=4)
    assert isinstance(found, Audit)
    assert repr(found) == "<Audit: 50.00% of 10 rows clipped, 20.00% frozen, 0 unsafe operations; .table() .to_json()>"
    read = json.loads(found.to_json())
    assert (read["clipped_share"], read["rows"], len(read["mixed"])) == (0.5, 10, 6)
    table = found.table()
    for word in ("clipped losses, 10 rows", "50.00%", "relative error against float64", "unsafe operations: none",
                 "mixed_float16", "loss scale"):  # fmt: skip
        assert word in table
    assert not any(line.endswith(" ") for line in table.splitlines())


def test_what_cannot_be_audited_is_refused_in_a_sentence():
    model = passing(1, "sigmoid", "binary_crossentropy")
    with pytest.raises(OptionError, match="`batch_size` must be a whole number of at least 1"):
        audit(model, LOGITS, np.ones(10), batch_size=0)
    with pytest.raises(ModelError, match="does not fit"):
        audit(model, LOGITS, np.ones((10, 2)))
    with pytest.raises(ModelError, match="is not compiled"):
        audit(keras.Sequential([keras.Input((1,)), layers.Dense(1)]), LOGITS, np.ones(10))
