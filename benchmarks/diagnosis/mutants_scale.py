"""Inputs or targets in a unit that the network cannot work with; training and validation rows prepared differently."""

import keras
import numpy as np
from diagnosis import sound_images as images
from diagnosis import sound_points as points
from diagnosis import sound_sequences as sequences
from diagnosis import sound_tables as tables
from diagnosis.problems import (
    breast_cancer,
    circles,
    colours,
    demand,
    diabetes,
    digits,
    friedman,
    houses,
    moons,
    shapes,
    sine_curve,
    sine_windows,
    walks,
    wine,
)
from diagnosis.program import changed, mutant, sequential
from diagnosis.rows import divided, of, standardised, target_divided, target_raised, target_standardised, validated
from diagnosis.spoiling import inputs_times, one_input_times, validation_changed, validation_targets_changed
from keras.layers import GRU, LSTM, Conv1D, Dense, Flatten, GlobalAveragePooling1D, MaxPooling2D
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


@mutant(images.colours_flat, "unscaled_input", also_acceptable=("clipped_loss",), fix="x / 255", rows=of(colours))
def colours_raw_pixels() -> keras.Model:
    return sequential(
        (12, 12, 3),
        Flatten(),
        Dense(32, activation="sigmoid"),
        Dense(1, activation="sigmoid"),
        optimizer="sgd",
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


@mutant(tables.cancer_dropout, "unscaled_input", fix="standardise the columns", rows=of(breast_cancer, validated()))
def cancer_raw() -> keras.Model:
    return sequential(
        (30,),
        Dense(32, activation="relu"),
        Dense(16, activation="relu"),
        Dense(1, activation="sigmoid"),
        optimizer=keras.optimizers.SGD(0.01),
        loss="binary_crossentropy",
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
changed(
    tables.friedman_relu,
    "friedman_one_huge_column",
    "unscaled_input",
    fix="bring the eighth column to the size of the others",
    rows=of(friedman, one_input_times(7, 1e5)),
)
changed(
    tables.houses_standardised,
    "houses_columns_as_they_are",
    "unscaled_input",
    fix="standardise the columns",
    rows=of(houses, target_standardised),
    epochs=30,
)


@mutant(
    sequences.walks_convolved,
    "unscaled_input",
    also_acceptable=("saturation",),
    fix="divide by the deviation",
    rows=of(walks, inputs_times(5000.0)),
)
def walks_in_thousands() -> keras.Model:
    return sequential(
        (30, 2),
        Conv1D(16, 5, activation="tanh"),
        GlobalAveragePooling1D(),
        Dense(16, activation="tanh"),
        Dense(1, activation="sigmoid"),
        optimizer="adam",
        loss="binary_crossentropy",
        metrics=["accuracy"],
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
    also_acceptable=("unscaled_input", "saturation"),
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


@mutant(
    tables.diabetes_units,
    "unscaled_target",
    also_acceptable=("too_few_epochs", "lr_too_low"),
    fix="standardise the target",
    rows=of(diabetes),
)
def diabetes_raw_target() -> keras.Model:
    return sequential(
        (10,),
        Dense(32, activation="tanh"),
        Dense(1),
        optimizer="adam",
        loss="mse",
        metrics=["mae"],
    )


@mutant(
    tables.friedman_huber,
    "unscaled_target",
    also_acceptable=("exploding_gradient", "lr_too_high"),
    fix="divide the target by its deviation",
    rows=of(friedman, target_divided(1e-3), validated()),
)
def friedman_thousandfold() -> keras.Model:
    return sequential(
        (10,),
        Dense(64, activation="relu"),
        Dense(1),
        optimizer=keras.optimizers.SGD(0.01),
        loss="mse",
    )


@mutant(tables.sine_tanh, "unscaled_target", fix="divide the target by 5000", rows=of(sine_curve, target_divided(2e-4)))
def sine_in_thousands() -> keras.Model:
    return sequential(
        (1,),
        Dense(32, activation="tanh"),
        Dense(32, activation="tanh"),
        Dense(1),
        optimizer=keras.optimizers.Adam(0.01),
        loss="mae",
    )


@mutant(
    sequences.wave_gru,
    "unscaled_target",
    fix="subtract the mean of the targets",
    rows=of(sine_windows, target_raised(2000.0)),
)
def wave_far_from_zero() -> keras.Model:
    return sequential(
        (20, 1),
        GRU(16),
        Dense(1),
        optimizer="adam",
        loss="mse",
        metrics=["mae"],
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
    images.shapes_convolved,
    "shapes_validation_raw",
    "split_mismatch",
    fix="divide the validation pixels by 255 too",
    rows=of(shapes, divided(255), validated(), validation_changed(lambda x: x * 255)),
)
changed(
    images.colours_convolved,
    "colours_validation_other_channels",
    "split_mismatch",
    fix="read all pictures with the same order of channels",
    rows=of(colours, divided(255), validated(), validation_changed(lambda x: x[..., ::-1])),
)
changed(
    tables.houses_standardised,
    "houses_validation_price_in_units",
    "split_mismatch",
    fix="standardise the validation targets as the training targets",
    rows=of(
        houses, standardised, target_standardised, validated(), validation_targets_changed(lambda y: y * 2e5 + 3e5)
    ),
)
changed(
    tables.wine_small,
    "wine_validation_columns_moved",
    "split_mismatch",
    fix="select the columns by name, in the same order",
    rows=of(wine, standardised, validated(), validation_changed(lambda x: np.roll(x, 1, axis=1))),
)
changed(
    points.moons_gelu_adamw,
    "moons_validation_classes_swapped",
    "split_mismatch",
    also_acceptable=("label_error",),
    fix="encode the classes of both parts with one encoder",
    rows=of(moons, standardised, validated(), validation_targets_changed(lambda y: 1 - y)),
)
