"""Metrics that measure something else than what was asked."""

import keras
import numpy as np
import pytest

from judged import CLASSES, NUMBERS, ONE_HOT, TWO_CLASSES, X, classifier, evidence, is_quiet, only, outcomes, regressor

RARE = (np.arange(60) >= 57).astype(int)


def said(model, y):
    return only("TF108", evidence(model, X, y))


def binary(*metrics):
    return classifier(1, "sigmoid", "binary_crossentropy", metrics=metrics)


@pytest.mark.parametrize("metric", ["accuracy", "acc", keras.metrics.BinaryAccuracy()])
def test_accuracy_of_numbers(metric):
    found = said(regressor(metrics=[metric]), NUMBERS)
    assert (found.fault, found.severity, found.repair) == ("metric", "warning", 'Write metrics=["mae"].')


def test_equality_of_probabilities_and_labels():
    assert "equality" in said(binary(keras.metrics.Accuracy()), TWO_CLASSES).message


def test_an_accuracy_that_reads_other_labels():
    assert "sparse_categorical_accuracy" in said(classifier(metrics=["categorical_accuracy"]), CLASSES).repair
    one_hot = classifier(loss="categorical_crossentropy", metrics=["sparse_categorical_accuracy"])
    assert "categorical_accuracy" in said(one_hot, ONE_HOT).repair


def test_distances_between_classes_are_a_tip():
    assert said(binary("mae"), TWO_CLASSES).severity == "tip"


def test_accuracy_hides_a_rare_class_unless_another_metric_shows_it():
    assert said(binary("accuracy"), RARE).severity == "tip"
    assert is_quiet(said(binary("accuracy", keras.metrics.AUC()), RARE))


@pytest.mark.parametrize(("model", "y"), [
    (regressor(metrics=["mae"]), NUMBERS),
    (binary("accuracy"), TWO_CLASSES),
    (classifier(metrics=["accuracy"]), CLASSES),
    (classifier(loss="categorical_crossentropy", metrics=["accuracy"]), ONE_HOT),
    (classifier(metrics=[keras.metrics.SparseTopKCategoricalAccuracy(2)]), CLASSES),
    (classifier(), CLASSES),
])  # fmt: skip
def test_metrics_that_fit_pass(model, y):
    assert is_quiet(said(model, y))


def test_each_metric_is_told_by_itself():
    model = classifier(metrics=[keras.metrics.Accuracy(), "mae"])
    assert len(outcomes("TF108", evidence(model, X, CLASSES))) == 2


def test_a_metric_that_cannot_be_computed_is_not_blamed_on_the_head():
    found = evidence(classifier(metrics=["mae"]), X, CLASSES)
    assert found.model.misfit == ""
    assert only("TF108", found).severity == "error"
    assert is_quiet(only("TF101", found))
