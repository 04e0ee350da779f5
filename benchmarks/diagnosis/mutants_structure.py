"""Layers that are missing, misplaced, too small, too large or too forgetful."""

import keras
from diagnosis import sound_images as images
from diagnosis import sound_points as points
from diagnosis import sound_sequences as sequences
from diagnosis import sound_tables as tables
from diagnosis.problems import blobs, breast_cancer, friedman, moons, reviews, shapes
from diagnosis.program import mutant, sequential
from diagnosis.rows import divided, few, of, standardised, target_standardised, validated
from keras.layers import (
    AveragePooling2D,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    GlobalAveragePooling1D,
    GlobalAveragePooling2D,
    SpatialDropout1D,
)
from keras.layers import Conv2D as Convolution

__all__: list[str] = []

# ---- no_nonlinearity


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


@mutant(points.spirals_relu, "no_nonlinearity", also_acceptable=("capacity",), fix="relu in the hidden layers")
def spirals_all_linear() -> keras.Model:
    return sequential(
        (2,),
        *(Dense(48, activation="linear") for _ in range(3)),
        Dense(1, activation="sigmoid"),
        optimizer=keras.optimizers.Adam(0.01),
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


@mutant(points.moons_leaky, "no_nonlinearity", also_acceptable=("capacity",), fix="relu in the hidden layer")
def moons_all_linear() -> keras.Model:
    return sequential(
        (2,),
        Dense(64),
        Dropout(0.1),
        Dense(2, activation="softmax"),
        optimizer=keras.optimizers.Nadam(0.005),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


@mutant(tables.friedman_relu, "no_nonlinearity", also_acceptable=("capacity",), fix="relu in the hidden layers")
def friedman_all_linear() -> keras.Model:
    return sequential(
        (10,),
        Dense(64, kernel_initializer="normal"),
        Dense(64, kernel_initializer="normal"),
        Dense(1),
        optimizer=keras.optimizers.Adam(0.003),
        loss="mean_squared_error",
    )


@mutant(tables.sine_tanh, "no_nonlinearity", also_acceptable=("capacity",), fix="tanh in the hidden layers")
def sine_all_linear() -> keras.Model:
    return sequential(
        (1,),
        Dense(32),
        Dense(32),
        Dense(1),
        optimizer=keras.optimizers.Adam(0.003),
        loss="mse",
    )


@mutant(images.shapes_convolved, "no_nonlinearity", also_acceptable=("capacity",), fix="relu after each convolution")
def shapes_linear_convolutions() -> keras.Model:
    return sequential(
        (16, 16, 1),
        Convolution(16, 3),
        AveragePooling2D(2),
        Convolution(32, 3),
        AveragePooling2D(2),
        Flatten(),
        Dense(32),
        Dense(3, activation="softmax"),
        optimizer=keras.optimizers.Adam(0.003),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


# ---- dropout


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


@mutant(points.spirals_relu, "dropout", fix="no dropout on two inputs")
def spirals_inputs_dropped() -> keras.Model:
    return sequential(
        (2,),
        Dropout(0.5),
        *(Dense(48, activation="relu") for _ in range(3)),
        Dense(1, activation="sigmoid"),
        optimizer=keras.optimizers.Adam(0.01),
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


@mutant(tables.friedman_relu, "dropout", fix="no dropout right before the output of a regression")
def friedman_dropped_before_output() -> keras.Model:
    return sequential(
        (10,),
        Dense(64, activation="relu"),
        Dropout(0.7),
        Dense(64, activation="relu"),
        Dropout(0.7),
        Dense(1),
        optimizer=keras.optimizers.Adam(0.003),
        loss="mse",
    )


@mutant(tables.wine_small, "dropout", fix="a rate of 0.2, and more units")
def wine_few_units_dropped() -> keras.Model:
    return sequential(
        (13,),
        Dropout(0.8),
        Dense(8, activation="relu"),
        Dropout(0.8),
        Dense(3, activation="softmax"),
        optimizer="adam",
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


@mutant(images.digits_convolved, "dropout", fix="no dropout on the answers")
def digits_answers_dropped() -> keras.Model:
    return sequential(
        (64,),
        Dense(64, activation="relu"),
        Dense(10, activation="softmax"),
        Dropout(0.5),
        optimizer="adam",
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


@mutant(sequences.reviews_pooled, "dropout", fix="a rate of 0.2", epochs=6)
def reviews_words_dropped() -> keras.Model:
    return sequential(
        (24,),
        Embedding(300, 16),
        SpatialDropout1D(0.9),
        GlobalAveragePooling1D(),
        Dense(16, activation="relu"),
        Dropout(0.9),
        Dense(1, activation="sigmoid"),
        optimizer="adam",
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


@mutant(tables.sine_tanh, "dropout", fix="no dropout: a curve needs all its units")
def sine_half_dropped() -> keras.Model:
    return sequential(
        (1,),
        Dense(32, activation="tanh"),
        Dropout(0.6),
        Dense(32, activation="tanh"),
        Dropout(0.6),
        Dense(1),
        optimizer=keras.optimizers.Adam(0.003),
        loss="mse",
    )


# ---- overfitting


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


@mutant(
    tables.diabetes_standardised,
    "overfitting",
    fix="a smaller network, L2, early stopping",
    epochs=300,
)
def diabetes_large_network() -> keras.Model:
    return sequential(
        (10,),
        Dense(256, activation="relu"),
        Dense(256, activation="relu"),
        Dense(1),
        optimizer="adam",
        loss="mse",
        metrics=["mae"],
    )


@mutant(
    sequences.reviews_pooled,
    "overfitting",
    fix="more texts, a smaller embedding, early stopping",
    rows=of(reviews, few(120), validated(0.3)),
    epochs=150,
)
def reviews_few_texts() -> keras.Model:
    return sequential(
        (24,),
        Embedding(300, 128),
        Flatten(),
        Dense(128, activation="relu"),
        Dense(1, activation="sigmoid"),
        optimizer="adam",
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


@mutant(
    tables.friedman_huber,
    "overfitting",
    fix="more rows, fewer epochs",
    rows=of(friedman, few(60), standardised, target_standardised),
    epochs=400,
)
def friedman_sixty_rows() -> keras.Model:
    return sequential(
        (10,),
        Dense(256, activation="relu"),
        Dense(256, activation="relu"),
        Dense(1),
        optimizer="adam",
        loss="mse",
    )


@mutant(
    images.shapes_convolved,
    "overfitting",
    fix="more pictures, or augmentation; convolutions",
    rows=of(shapes, divided(255), few(60), validated(0.3)),
    epochs=100,
)
def shapes_sixty_pictures() -> keras.Model:
    return sequential(
        (16, 16, 1),
        Flatten(),
        Dense(256, activation="relu"),
        Dense(128, activation="relu"),
        Dense(3, activation="softmax"),
        optimizer="adam",
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


@mutant(
    tables.cancer_dropout,
    "overfitting",
    fix="more rows, a smaller network, early stopping",
    rows=of(breast_cancer, few(70), standardised, validated(0.4)),
    epochs=400,
)
def cancer_forty_rows() -> keras.Model:
    return sequential(
        (30,),
        Dense(256, activation="relu"),
        Dense(256, activation="relu"),
        Dense(1, activation="sigmoid"),
        optimizer="adam",
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


@mutant(
    points.moons_gelu_adamw,
    "overfitting",
    fix="more points, a smaller network",
    rows=of(moons, few(40), standardised, validated(0.4)),
    epochs=500,
)
def moons_forty_points() -> keras.Model:
    return sequential(
        (2,),
        *(Dense(256, activation="relu") for _ in range(3)),
        Dense(1),
        optimizer="adam",
        loss=keras.losses.BinaryCrossentropy(from_logits=True),
    )


# ---- capacity


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


@mutant(images.digits_dense, "capacity", fix="32 units or more in the narrow layer", epochs=30)
def digits_through_one_unit() -> keras.Model:
    return sequential(
        (64,),
        Dense(64, activation="relu"),
        Dense(1, activation="tanh"),
        Dense(10, activation="softmax"),
        optimizer=keras.optimizers.Adam(0.003),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


@mutant(tables.friedman_relu, "capacity", fix="32 units or more")
def friedman_one_unit() -> keras.Model:
    return sequential(
        (10,),
        Dense(1, activation="tanh"),
        Dense(1),
        optimizer=keras.optimizers.Adam(0.02),
        loss="mse",
    )


@mutant(tables.sine_tanh, "capacity", fix="16 units or more", also_acceptable=("bad_init",))
def sine_one_unit() -> keras.Model:
    return sequential(
        (1,),
        Dense(1, activation="tanh"),
        Dense(1),
        optimizer=keras.optimizers.Adam(0.02),
        loss="mse",
    )


@mutant(images.shapes_convolved, "capacity", fix="16 filters or more, and a second convolution")
def shapes_one_filter() -> keras.Model:
    return sequential(
        (16, 16, 1),
        Convolution(1, 3, activation="relu"),
        GlobalAveragePooling2D(),
        Dense(3, activation="softmax"),
        optimizer=keras.optimizers.Adam(0.01),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


@mutant(images.digits_autoencoder, "capacity", fix="16 numbers in the code")
def digits_code_of_one() -> keras.Model:
    return sequential(
        (64,),
        Dense(8, activation="relu"),
        Dense(1, activation="sigmoid"),
        Dense(8, activation="relu"),
        Dense(64, activation="sigmoid"),
        optimizer=keras.optimizers.Adam(0.003),
        loss="binary_crossentropy",
    )


@mutant(points.circles_tanh_sgd, "capacity", fix="8 units or more", also_acceptable=("no_nonlinearity",))
def circles_no_hidden_layer() -> keras.Model:
    return sequential(
        (2,),
        Dense(1),
        optimizer=keras.optimizers.SGD(0.1, momentum=0.9),
        loss=keras.losses.BinaryCrossentropy(from_logits=True),
    )
