"""Sixteen-bit heads, unsafe operations, and losses that are cut off."""

from dataclasses import replace

import keras
import pytest

from judged import CLASSES, TWO_CLASSES, X, classifier, contrast, evidence, network, only, probe
from tenfold.checks.facts import Evidence, UnsafeFacts
from tenfold.checks.finding import Passed, Silent

Dense = keras.layers.Dense
SPARSE = "sparse_categorical_crossentropy"


def in_half(last_type):
    return network(
        Dense(5, activation="relu", dtype="mixed_bfloat16"), Dense(3, dtype="mixed_bfloat16"),
        keras.layers.Activation("softmax", dtype=last_type), loss=SPARSE,
    )  # fmt: skip


def test_a_head_in_sixteen_bits_and_one_in_float32():
    found = only("TF109", evidence(in_half("mixed_bfloat16"), X, CLASSES))
    assert (found.fault, found.evidence["dtype"]) == ("numeric", "bfloat16")
    assert isinstance(only("TF109", evidence(in_half("float32"), X, CLASSES)), Passed)


def test_a_head_in_sixteen_bits_that_is_trained_on_logits_is_a_tip():
    fused, unfused = (evidence(in_half("mixed_bfloat16"), X, CLASSES) for _ in range(2))
    (output,) = unfused.model.outputs
    unfused = Evidence(model=replace(unfused.model, outputs=(replace(output, is_fused=False),)))
    assert (only("TF109", fused).severity, only("TF109", unfused).severity) == ("tip", "warning")


@pytest.mark.parametrize(("confirmed", "severity"), [(True, "error"), (False, "tip")])
def test_an_unsafe_operation_is_an_error_once_it_was_seen_to_fail(confirmed, severity):
    seen = evidence(classifier(), X, CLASSES).model
    unsafe = UnsafeFacts("log", "loss.py:3 in own_loss", "the argument is 0", "add a small number", confirmed)
    found = only("TF110", Evidence(model=replace(seen, unsafe=(unsafe,))))
    assert (found.fault, found.severity, found.repair) == ("numeric", severity, "Add a small number.")


def test_safe_code_passes():
    assert isinstance(only("TF110", evidence(classifier(), X, CLASSES)), Passed)


def test_a_head_that_the_engine_trains_on_logits_has_no_wall():
    assert isinstance(only("TF111", evidence(classifier(), X, CLASSES)), Passed)


def with_a_wall():
    """A head that also feeds something else cannot be fused."""
    inputs = keras.Input((4,))
    answer = Dense(1, activation="sigmoid", name="answer")(inputs)
    model = keras.Model(inputs, {"answer": answer, "copy": keras.layers.Identity(name="copy")(answer)})
    model.compile("adam", {"answer": "binary_crossentropy", "copy": None})
    return evidence(model, X, {"answer": TWO_CLASSES, "copy": TWO_CLASSES})


def test_a_head_that_reads_probabilities_has_one():
    found = only("TF111", with_a_wall())
    assert (found.fault, found.severity) == ("clipped_loss", "tip")


def test_rows_behind_the_wall_make_it_a_warning():
    seen = probe(contrast("as it is", [0.4, 0.4]), clipped_share=0.2)
    assert "20.0% of the rows" in only("TF111", replace(with_a_wall(), probe=seen)).message


def test_logits_have_no_wall():
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    assert isinstance(only("TF111", evidence(classifier(3, None, loss), X, CLASSES)), Silent)
