"""Layers that are missing, misplaced, too small, too large or too forgetful."""

import keras
from diagnosis import sound_images as images
from diagnosis import sound_points as points
from diagnosis.problems import blobs
from diagnosis.program import mutant, sequential
from diagnosis.rows import few, of, standardised, validated
from keras.layers import Dense, Dropout

__all__: list[str] = []


@mutant(points.circles_relu_adam, "no_nonlinearity", also_acceptable=("capacity",), fix="relu in the hidden layers")
def circles_all_linear() -> keras.Model:
    return sequential(
        (2,),
        Dense(16),
        Dense(16),
        Dense(1, activation="sigmoid"),
        optimizer="adam",
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


@mutant(images.digits_raw_pixels, "dropout", fix="a rate of 0.2 to 0.5")
def digits_nine_tenths_dropped() -> keras.Model:
    return sequential(
        (64,),
        Dense(64, activation="relu"),
        Dropout(0.9),
        Dense(64, activation="relu"),
        Dropout(0.9),
        Dense(10, activation="softmax"),
        optimizer="rmsprop",
        loss="categorical_crossentropy",
        metrics=["accuracy"],
    )


@mutant(points.spirals_relu, "capacity", fix="more units and layers")
def spirals_two_units() -> keras.Model:
    return sequential(
        (2,),
        Dense(2, activation="relu"),
        Dense(1, activation="sigmoid"),
        optimizer=keras.optimizers.Adam(0.01),
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


@mutant(
    points.blobs4_dropout,
    "overfitting",
    fix="more rows, a smaller network, dropout, fewer epochs",
    rows=of(blobs(4, 8, spread=3.0), few(60), standardised, validated(0.3)),
    epochs=300,
)
def blobs4_few_rows_large_network() -> keras.Model:
    return sequential(
        (8,),
        Dense(512, activation="relu"),
        Dense(512, activation="relu"),
        Dense(4, activation="softmax"),
        optimizer="adam",
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
