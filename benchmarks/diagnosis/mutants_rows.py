"""Rows that do not belong to their targets, stand in an order, know the answer, are rare, or are labelled wrongly."""

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
    diabetes,
    digits,
    friedman,
    iris,
    moons,
    rare_class,
    reviews,
    shapes,
    sine_windows,
    wine,
)
from diagnosis.program import changed, mutant, sequential
from diagnosis.rows import divided, few, of, one_hot, standardised, target_standardised, validated, validated_at_the_end
from diagnosis.spoiling import (
    classes_shifted,
    classes_swapped,
    copied,
    next_value_among_inputs,
    rare,
    rows_sorted,
    some_targets_wrong,
    target_among_inputs,
    targets_late,
    targets_misaligned,
    targets_sorted,
    validation_from_training,
)
from keras.layers import Dense

__all__: list[str] = []

# ---- misaligned_xy

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
    tables.friedman_relu,
    "friedman_targets_sorted",
    "misaligned_xy",
    fix="sort x and y together, or not at all",
    rows=of(friedman, targets_sorted),
)
changed(
    sequences.wave_dense,
    "wave_windows_shuffled_alone",
    "misaligned_xy",
    fix="shuffle windows and answers together",
    rows=of(sine_windows, targets_misaligned, validated()),
)
changed(
    sequences.reviews_pooled,
    "reviews_shuffled_apart",
    "misaligned_xy",
    also_acceptable=("label_error",),
    fix="shuffle texts and labels together",
    rows=of(reviews, targets_misaligned),
)
changed(
    images.shapes_convolved,
    "shapes_three_rows_late",
    "misaligned_xy",
    also_acceptable=("label_error",),
    fix="read pictures and labels in one order",
    rows=of(shapes, divided(255), targets_late(3)),
)
changed(
    tables.wine_small,
    "wine_training_rows_shuffled_apart",
    "misaligned_xy",
    also_acceptable=("label_error", "split_mismatch"),
    fix="shuffle x and y with one permutation",
    rows=of(wine, standardised, validated(), targets_misaligned),
)

# ---- ordered_data

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
    images.digits_dense,
    "digits_sorted_split",
    "ordered_data",
    also_acceptable=("split_mismatch",),
    fix="shuffle before splitting",
    rows=of(digits, divided(16), rows_sorted, validated_at_the_end()),
)
changed(
    tables.friedman_relu,
    "friedman_sorted_split",
    "ordered_data",
    also_acceptable=("split_mismatch",),
    fix="shuffle before splitting",
    rows=of(friedman, rows_sorted, validated_at_the_end()),
)
changed(
    images.shapes_convolved,
    "shapes_read_folder_by_folder",
    "ordered_data",
    also_acceptable=("split_mismatch",),
    fix="shuffle before splitting",
    rows=of(shapes, divided(255), rows_sorted, validated_at_the_end(0.3)),
)
changed(
    sequences.reviews_convolved,
    "reviews_good_after_bad",
    "ordered_data",
    also_acceptable=("split_mismatch",),
    fix="shuffle: the files were read folder by folder",
    rows=of(reviews, rows_sorted, validated_at_the_end(0.4)),
)
changed(
    tables.cancer_dropout,
    "cancer_sorted",
    "ordered_data",
    fix="shuffle: validation_split takes the last rows",
    rows=of(breast_cancer, standardised, rows_sorted),
)

# ---- leakage

changed(
    tables.diabetes_standardised,
    "diabetes_target_among_inputs",
    "leakage",
    fix="drop the column that holds the answer",
    rows=of(diabetes, target_standardised, target_among_inputs(0.01), validated()),
    build=lambda: sequential((11,), Dense(16, activation="relu"), Dense(1), optimizer="rmsprop", loss="mse"),
)


@mutant(
    tables.cancer_logistic_adapted,
    "leakage",
    fix="drop the column that holds the answer",
    rows=of(breast_cancer, standardised, target_among_inputs(0.02), validated()),
    threshold=0.5,
)
def cancer_diagnosis_among_inputs() -> keras.Model:
    return sequential(
        (31,),
        Dense(16, activation="relu"),
        Dense(1, activation="sigmoid"),
        optimizer=keras.optimizers.Adam(0.01),
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


@mutant(
    tables.friedman_relu,
    "leakage",
    fix="drop the column that was computed from the target",
    rows=of(friedman, target_among_inputs(0.05)),
)
def friedman_copy_of_target() -> keras.Model:
    return sequential(
        (11,),
        Dense(64, activation="relu"),
        Dense(1),
        optimizer=keras.optimizers.Adam(0.003),
        loss="mse",
    )


changed(
    points.circles_tanh_sgd,
    "circles_validated_on_training_rows",
    "leakage",
    fix="split first",
    rows=of(circles, validated(), validation_from_training(0.9)),
)
changed(
    points.blobs4_dropout,
    "blobs4_copies_on_both_sides",
    "leakage",
    fix="copy, or augment, after splitting",
    rows=of(blobs(4, 8, spread=3.0), few(120), standardised, copied(4), validated()),
    epochs=60,
)
changed(
    tables.iris_one_hot,
    "iris_copies_on_both_sides",
    "leakage",
    fix="drop the copies before splitting",
    rows=of(iris, standardised, one_hot(3), copied(5), validated()),
)
changed(
    sequences.wave_gru,
    "wave_answer_in_window",
    "leakage",
    fix="let the window end one step earlier",
    rows=of(sine_windows, next_value_among_inputs),
)

# ---- imbalance


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


@mutant(
    tables.rare_class_oversampled,
    "imbalance",
    fix="class weights, or more rows of the rare class",
    rows=of(rare_class, standardised, validated()),
    epochs=10,
)
def rare_class_two_outputs() -> keras.Model:
    return sequential(
        (6,),
        Dense(32, activation="relu"),
        Dense(2, activation="softmax"),
        optimizer="rmsprop",
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


changed(
    sequences.reviews_pooled,
    "reviews_hardly_a_good_one",
    "imbalance",
    fix="class weights",
    rows=of(reviews, rare(1, 0.04)),
    answers="rare",
    epochs=8,
)
changed(
    images.digits_dense,
    "digits_nine_is_rare",
    "imbalance",
    fix="class weights, or more rows of the rare class",
    rows=of(
        digits,
        lambda rows, _: replace(rows, y=(rows.y == 9).astype(int), held_y=(rows.held_y == 9).astype(int)),
        rare(1, 0.12),
        divided(16),
    ),
    build=lambda: sequential(
        (64,),
        Dense(16, activation="relu"),
        Dense(1, activation="sigmoid"),
        optimizer="adam",
        loss="binary_crossentropy",
        metrics=["accuracy"],
    ),
    answers="rare",
)
changed(
    points.moons_leaky,
    "moons_one_in_fifty",
    "imbalance",
    fix="class weights",
    rows=of(moons, rare(1, 0.025)),
    answers="rare",
)
changed(
    images.shapes_convolved,
    "shapes_hardly_a_cross",
    "imbalance",
    fix="class weights, or more pictures of crosses",
    rows=of(shapes, divided(255), rare(2, 0.04)),
    answers="rare",
    epochs=8,
)
changed(
    tables.cancer_dropout,
    "cancer_few_malignant",
    "imbalance",
    fix="class weights",
    rows=of(breast_cancer, rare(0, 0.06), standardised, validated()),
    answers="rare",
    epochs=15,
)

# ---- label_error

changed(
    points.moons_gelu_adamw,
    "moons_a_third_wrong",
    "label_error",
    fix="look at the labels: a third is wrong",
    rows=of(moons, few(250), some_targets_wrong(0.38, 2), standardised, validated()),
    epochs=80,
)
changed(
    images.digits_dense,
    "digits_labels_divided",
    "label_error",
    also_acceptable=("head_loss_mismatch",),
    fix="divide the pixels, not the labels",
    rows=of(digits, divided(16), lambda rows, _: replace(rows, y=rows.y / 255.0)),
)
changed(
    images.digits_deep,
    "digits_two_in_five_wrong",
    "label_error",
    fix="look at the labels: 40 % are wrong",
    rows=of(digits, divided(16), some_targets_wrong(0.4, 10)),
    epochs=60,
)
changed(
    tables.iris_raw_centimetres,
    "iris_counted_from_one",
    "label_error",
    also_acceptable=("head_loss_mismatch",),
    fix="count classes from 0",
    rows=of(iris, classes_shifted(1)),
)
changed(
    points.blobs3_one_hot,
    "blobs3_names_mixed",
    "label_error",
    fix="give both files the same codes",
    rows=of(blobs(3), classes_swapped(1, 2, 0.45), one_hot(3)),
)
changed(
    sequences.reviews_convolved,
    "reviews_two_in_five_wrong",
    "label_error",
    fix="look at the labels: 40 % are wrong",
    rows=of(reviews, some_targets_wrong(0.4, 2), validated()),
    epochs=12,
)
changed(
    tables.cancer_dropout,
    "cancer_two_in_five_wrong",
    "label_error",
    fix="look at the labels: 40 % are wrong",
    rows=of(breast_cancer, some_targets_wrong(0.4, 2), standardised, validated()),
    epochs=60,
)
