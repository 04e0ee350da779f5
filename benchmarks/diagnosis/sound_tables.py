"""Sound programs on tables: kinds and numbers."""

import keras
from diagnosis.problems import (
    breast_cancer,
    counts,
    diabetes,
    friedman,
    houses,
    iris,
    linear_numbers,
    multilabel,
    rare_class,
    sine_curve,
    wine,
)
from diagnosis.program import sequential, sound
from diagnosis.rows import (
    of,
    one_hot,
    oversampled,
    pair_of_targets,
    standardised,
    target_divided,
    target_standardised,
    validated,
)
from keras.layers import BatchNormalization, Dense, Dropout, Normalization


@sound("table", of(iris), epochs=100, batch_size=16)
def iris_raw_centimetres() -> keras.Model:
    return sequential(
        (4,),
        Dense(16, activation="relu"),
        Dense(3, activation="softmax"),
        optimizer=keras.optimizers.Adam(0.01),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


@sound("table", of(iris, standardised, one_hot(3)), epochs=40, batch_size=8)
def iris_one_hot() -> keras.Model:
    return sequential(
        (4,),
        Dense(10, activation="tanh"),
        Dense(3, activation="softmax"),
        optimizer=keras.optimizers.SGD(0.02, momentum=0.9),
        loss="categorical_crossentropy",
        metrics=["accuracy"],
    )


@sound("table", of(wine, standardised), epochs=40, batch_size=16)
def wine_small() -> keras.Model:
    return sequential(
        (13,),
        Dense(16, activation="relu", kernel_regularizer=keras.regularizers.L2(0.001)),
        Dense(3, activation="softmax"),
        optimizer=keras.optimizers.RMSprop(0.005),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


@sound("table", of(breast_cancer, standardised, validated()), epochs=30)
def cancer_dropout() -> keras.Model:
    return sequential(
        (30,),
        Dense(32, activation="relu"),
        Dropout(0.5),
        Dense(1, activation="sigmoid"),
        optimizer="adam",
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


@sound("table", of(breast_cancer), epochs=40, batch_size=16)
def cancer_logistic_adapted() -> keras.Model:
    scale = Normalization()
    scale.adapt(breast_cancer(0).x)
    return sequential(
        (30,),
        scale,
        Dense(1),
        optimizer=keras.optimizers.Adam(0.01),
        loss=keras.losses.BinaryCrossentropy(from_logits=True),
    )


@sound(
    "table",
    of(rare_class, oversampled),
    epochs=15,
    answers="rare",
)
def rare_class_oversampled() -> keras.Model:
    return sequential(
        (6,),
        Dense(16, activation="relu"),
        Dense(1, activation="sigmoid"),
        optimizer=keras.optimizers.Adam(0.005),
        loss="binary_crossentropy",
        metrics=["AUC", "Recall"],
    )


@sound("table", of(multilabel, standardised), epochs=25, answers="labels")
def labels_sigmoid() -> keras.Model:
    return sequential(
        (20,),
        Dense(64, activation="relu"),
        Dropout(0.2),
        Dense(5, activation="sigmoid"),
        optimizer="adam",
        loss="binary_crossentropy",
        metrics=["binary_accuracy"],
    )


@sound("regression", of(diabetes, target_divided(100.0)), epochs=30, batch_size=16, answers="numbers")
def diabetes_units() -> keras.Model:
    return sequential(
        (10,),
        Dense(16, activation="relu", kernel_regularizer=keras.regularizers.L2(0.03)),
        Dense(1),
        optimizer=keras.optimizers.Adam(0.005),
        loss="mse",
        metrics=["mae"],
    )


@sound("regression", of(diabetes, target_standardised, validated()), epochs=40, batch_size=16, answers="numbers")
def diabetes_standardised() -> keras.Model:
    return sequential(
        (10,),
        Dense(16, activation="relu", kernel_regularizer=keras.regularizers.L2(0.03)),
        Dense(1),
        optimizer=keras.optimizers.RMSprop(0.003),
        loss="mse",
        metrics=["mae"],
    )


@sound("regression", of(friedman), epochs=60, answers="numbers")
def friedman_relu() -> keras.Model:
    return sequential(
        (10,),
        Dense(64, activation="relu"),
        Dense(64, activation="relu"),
        Dense(1),
        optimizer=keras.optimizers.Adam(0.003),
        loss="mse",
        metrics=["mae"],
    )


@sound("regression", of(friedman, standardised, target_standardised, validated()), epochs=50, answers="numbers")
def friedman_huber() -> keras.Model:
    return sequential(
        (10,),
        Dense(64, activation="elu", kernel_initializer="he_normal"),
        BatchNormalization(momentum=0.9),
        Dense(32, activation="elu", kernel_initializer="he_normal"),
        Dense(1),
        optimizer=keras.optimizers.Adam(0.005),
        loss=keras.losses.Huber(),
    )


@sound("regression", of(linear_numbers), epochs=30, answers="numbers")
def linear_regression() -> keras.Model:
    return sequential((6,), Dense(1), optimizer=keras.optimizers.SGD(0.02), loss="mse", metrics=["mae"])


@sound("regression", of(sine_curve), epochs=100, answers="numbers")
def sine_tanh() -> keras.Model:
    return sequential(
        (1,),
        Dense(32, activation="tanh"),
        Dense(32, activation="tanh"),
        Dense(1),
        optimizer=keras.optimizers.Adam(0.003),
        loss="mse",
    )


@sound(
    "regression",
    of(sine_curve, target_divided(1.2)),
    epochs=60,
    batch_size=64,
    answers="numbers",
)
def sine_mae() -> keras.Model:
    return sequential(
        (1,),
        Dense(64, activation="relu"),
        Dense(64, activation="relu"),
        Dense(1, activation="tanh"),
        optimizer=keras.optimizers.Adam(0.003),
        loss="mae",
    )


@sound("regression", of(houses, standardised, target_standardised), epochs=60, answers="numbers")
def houses_standardised() -> keras.Model:
    return sequential(
        (5,),
        Dense(64, activation="relu"),
        Dense(64, activation="relu"),
        Dense(1),
        optimizer=keras.optimizers.Adam(0.003),
        loss="mse",
        metrics=["mae"],
    )


@sound("regression", of(houses, target_divided(100000.0), validated()), epochs=60, answers="numbers")
def houses_in_hundred_thousands() -> keras.Model:
    scale = Normalization()
    scale.adapt(houses(0).x)
    return sequential(
        (5,),
        scale,
        Dense(48, activation="relu"),
        Dense(48, activation="relu"),
        Dense(1),
        optimizer=keras.optimizers.Adam(0.005),
        loss="mse",
    )


@sound("regression", of(counts), epochs=40, answers="numbers")
def counts_poisson() -> keras.Model:
    return sequential(
        (4,),
        Dense(32, activation="relu"),
        Dense(1, activation="exponential"),
        optimizer=keras.optimizers.Adam(0.003),
        loss="poisson",
    )


@sound("regression", of(counts, validated()), epochs=40, answers="numbers")
def counts_softplus() -> keras.Model:
    return sequential(
        (4,),
        Dense(48, activation="swish"),
        Dense(1, activation="softplus"),
        optimizer=keras.optimizers.Adam(0.01),
        loss="mse",
    )


@sound("multi_output", of(linear_numbers, pair_of_targets), epochs=30, answers="numbers")
def two_outputs() -> keras.Model:
    columns = keras.Input((6,))
    hidden = Dense(32, activation="relu")(columns)
    model = keras.Model(columns, [Dense(1, name="total")(hidden), Dense(1, name="root")(hidden)])
    model.compile(keras.optimizers.Adam(0.005), ["mse", "mae"])
    return model
