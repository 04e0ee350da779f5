"""The metric does not belong to the problem: what is printed says nothing, or something false."""

import keras
from diagnosis import sound_images as images
from diagnosis import sound_points as points
from diagnosis import sound_sequences as sequences
from diagnosis import sound_tables as tables
from diagnosis.problems import counts
from diagnosis.program import mutant, sequential
from diagnosis.rows import of
from keras.layers import Dense, Flatten

__all__: list[str] = []


@mutant(tables.diabetes_units, "metric", fix="mae or R2: accuracy counts exact hits")
def diabetes_accuracy() -> keras.Model:
    return sequential(
        (10,),
        Dense(16, activation="relu", kernel_regularizer=keras.regularizers.L2(0.03)),
        Dense(1),
        optimizer=keras.optimizers.Adam(0.005),
        loss="mse",
        metrics=["accuracy"],
    )


@mutant(tables.houses_standardised, "metric", fix="mean absolute error")
def houses_accuracy() -> keras.Model:
    return sequential(
        (5,),
        Dense(64, activation="relu"),
        Dense(64, activation="relu"),
        Dense(1, kernel_initializer="normal"),
        optimizer=keras.optimizers.Adam(0.003),
        loss="mean_squared_error",
        metrics=["accuracy"],
    )


@mutant(
    images.digits_raw_pixels, "metric", fix="accuracy: binary_accuracy counts each of ten outputs and is .9 for nothing"
)
def digits_binary_accuracy() -> keras.Model:
    return sequential(
        (64,),
        Dense(64, activation="relu"),
        Dense(10, activation="softmax"),
        optimizer="rmsprop",
        loss="categorical_crossentropy",
        metrics=["binary_accuracy"],
    )


@mutant(points.circles_tanh_sgd, "metric", fix="BinaryAccuracy(threshold=0) for logits")
def circles_accuracy_of_logits() -> keras.Model:
    return sequential(
        (2,),
        Dense(20, activation="tanh"),
        Dense(1),
        optimizer=keras.optimizers.SGD(0.1, momentum=0.9),
        loss=keras.losses.BinaryCrossentropy(from_logits=True),
        metrics=[keras.metrics.BinaryAccuracy()],
    )


@mutant(sequences.wave_dense, "metric", fix="mae")
def wave_accuracy() -> keras.Model:
    return sequential(
        (20, 1),
        Flatten(),
        Dense(32, activation="relu"),
        Dense(1),
        optimizer="adam",
        loss="mean_squared_error",
        metrics=["acc"],
    )


@mutant(tables.labels_sigmoid, "metric", fix="binary_accuracy: the labels do not exclude one another")
def labels_categorical_accuracy() -> keras.Model:
    return sequential(
        (20,),
        Dense(64, activation="relu"),
        Dense(5, activation="sigmoid"),
        optimizer="adam",
        loss="binary_crossentropy",
        metrics=["categorical_accuracy"],
    )


@mutant(tables.counts_softplus, "metric", fix="mae", rows=of(counts))
def counts_accuracy() -> keras.Model:
    return sequential(
        (4,),
        Dense(48, activation="relu"),
        Dense(1, activation="softplus"),
        optimizer=keras.optimizers.Adam(0.01),
        loss="mae",
        metrics=["accuracy"],
    )
