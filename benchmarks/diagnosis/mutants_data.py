"""Faults that lie in the data: their scale, their order, their labels, and how they were split."""

from dataclasses import replace

import keras
from diagnosis import sound_images as images
from diagnosis import sound_points as points
from diagnosis import sound_sequences as sequences
from diagnosis import sound_tables as tables
from diagnosis.problems import (
    blobs,
    breast_cancer,
    circles,
    demand,
    diabetes,
    digits,
    houses,
    iris,
    moons,
    rare_class,
    shapes,
    wine,
)
from diagnosis.program import changed, mutant, sequential
from diagnosis.rows import divided, of, standardised, target_standardised, validated, validated_at_the_end
from diagnosis.spoiling import (
    inputs_times,
    rows_sorted,
    some_targets_wrong,
    target_among_inputs,
    targets_late,
    targets_misaligned,
    validation_changed,
    validation_from_training,
)
from keras.layers import LSTM, Dense, Flatten, MaxPooling2D
from keras.layers import Conv2D as Convolution

__all__: list[str] = []


@mutant(tables.wine_small, "unscaled_input", fix="standardise the columns", rows=of(wine))
def wine_raw() -> keras.Model:
    return sequential(
        (13,),
        Dense(16, activation="relu"),
        Dense(3, activation="softmax"),
        optimizer="adam",
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


@mutant(images.shapes_convolved, "unscaled_input", also_acceptable=("lr_too_high",), fix="x / 255", rows=of(shapes))
def shapes_raw_pixels() -> keras.Model:
    return sequential(
        (16, 16, 1),
        Convolution(16, 3, activation="relu"),
        MaxPooling2D(),
        Flatten(),
        Dense(32, activation="relu"),
        Dense(3, activation="softmax"),
        optimizer=keras.optimizers.SGD(0.01, momentum=0.9),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


changed(
    points.circles_tanh_sgd,
    "circles_in_thousands",
    "unscaled_input",
    also_acceptable=("saturation",),
    fix="standardise the two columns",
    rows=of(circles, inputs_times(1000.0, 3000.0), validated()),
)


@mutant(tables.houses_standardised, "unscaled_target", fix="standardise the price", rows=of(houses, standardised))
def houses_price_in_units() -> keras.Model:
    return sequential(
        (5,),
        Dense(64, activation="relu"),
        Dense(64, activation="relu"),
        Dense(1),
        optimizer="adam",
        loss="mse",
        metrics=["mae"],
    )


@mutant(
    sequences.demand_lstm,
    "unscaled_target",
    also_acceptable=("unscaled_input",),
    fix="scale the sales",
    rows=of(demand),
)
def demand_in_units() -> keras.Model:
    return sequential(
        (14, 1),
        LSTM(24),
        Dense(1),
        optimizer="adam",
        loss="mse",
    )


changed(
    points.moons_leaky,
    "moons_shuffled_apart",
    "misaligned_xy",
    also_acceptable=("label_error",),
    fix="shuffle x and y with one permutation",
    rows=of(moons, targets_misaligned),
)
changed(
    images.digits_dense,
    "digits_one_row_late",
    "misaligned_xy",
    also_acceptable=("label_error",),
    fix="do not drop a row of x alone",
    rows=of(digits, divided(16), targets_late(1)),
)
changed(
    tables.iris_raw_centimetres,
    "iris_sorted_split",
    "ordered_data",
    also_acceptable=("split_mismatch",),
    fix="shuffle before splitting",
    rows=of(iris, rows_sorted, validated_at_the_end(0.3)),
)
changed(
    points.blobs5_sgd_schedule,
    "blobs5_sorted",
    "ordered_data",
    fix="shuffle: validation_split takes the last rows",
    rows=of(blobs(5), standardised, rows_sorted),
)
changed(
    images.digits_convolved,
    "digits_validation_not_divided",
    "split_mismatch",
    fix="divide the validation pixels by 16 too",
    rows=of(digits, divided(16), validated(), validation_changed(lambda x: x * 16)),
)
changed(
    tables.cancer_dropout,
    "cancer_validation_raw",
    "split_mismatch",
    fix="transform the validation rows with the scaler of the training rows",
    rows=of(breast_cancer, standardised, validated(), validation_changed(lambda x: x * 40.0 + 90.0)),
)
changed(
    tables.diabetes_standardised,
    "diabetes_target_among_inputs",
    "leakage",
    fix="drop the column that holds the answer",
    rows=of(diabetes, target_standardised, target_among_inputs(0.01), validated()),
    build=lambda: sequential((11,), Dense(16, activation="relu"), Dense(1), optimizer="rmsprop", loss="mse"),
)
changed(
    points.circles_tanh_sgd,
    "circles_validated_on_training_rows",
    "leakage",
    fix="split before copying rows",
    rows=of(circles, validated(), validation_from_training(0.9)),
)


@mutant(tables.rare_class_oversampled, "imbalance", fix="class weights, or the threshold", rows=of(rare_class))
def rare_class_as_it_is() -> keras.Model:
    return sequential(
        (6,),
        Dense(16, activation="relu"),
        Dense(1, activation="sigmoid"),
        optimizer="adam",
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


changed(
    points.moons_gelu_adamw,
    "moons_third_of_labels_wrong",
    "label_error",
    fix="look at the labels: a third is wrong",
    rows=of(moons, some_targets_wrong(0.35, 2), standardised, validated()),
)
changed(
    images.digits_dense,
    "digits_labels_divided",
    "label_error",
    also_acceptable=("head_loss_mismatch",),
    fix="divide the pixels, not the labels",
    rows=of(digits, divided(16), lambda rows, _: replace(rows, y=rows.y / 255.0)),
)
