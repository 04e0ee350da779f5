"""Networks that start badly, or whose units die or saturate."""

import keras
from diagnosis import sound_images as images
from diagnosis import sound_points as points
from diagnosis import sound_sequences as sequences
from diagnosis import sound_tables as tables
from diagnosis.problems import breast_cancer, demand, digits, houses, wine
from diagnosis.program import mutant, sequential
from diagnosis.rows import of, standardised, target_standardised, validated
from diagnosis.spoiling import inputs_times
from keras.layers import GRU, Conv1D, Dense, Embedding, Flatten, GlobalMaxPooling1D, MaxPooling2D
from keras.layers import Conv2D as Convolution

__all__: list[str] = []

# ---- bad_init


@mutant(points.circles_relu_adam, "bad_init", fix="the default initialisation: equal units stay equal")
def circles_all_ones() -> keras.Model:
    return sequential(
        (2,),
        Dense(16, activation="relu", kernel_initializer="ones"),
        Dense(16, activation="relu", kernel_initializer="ones"),
        Dense(1, activation="sigmoid", kernel_initializer="ones"),
        optimizer="adam",
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


@mutant(images.digits_dense, "bad_init", fix="the default initialisation")
def digits_all_zeros() -> keras.Model:
    return sequential(
        (64,),
        Dense(64, activation="relu", kernel_initializer="zeros"),
        Dense(10, activation="softmax", kernel_initializer="zeros"),
        optimizer="adam",
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


@mutant(points.spirals_relu, "bad_init", fix="the default initialisation: equal units stay equal")
def spirals_constant() -> keras.Model:
    half = keras.initializers.Constant(0.5)
    return sequential(
        (2,),
        Dense(48, activation="tanh", kernel_initializer=half),
        Dense(48, activation="tanh", kernel_initializer=half),
        Dense(1, activation="sigmoid"),
        optimizer=keras.optimizers.Adam(0.01),
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


@mutant(
    tables.houses_standardised,
    "bad_init",
    also_acceptable=("exploding_gradient",),
    fix="he_normal: a deviation of 10 is far too large",
    epochs=30,
)
def houses_ten_wide() -> keras.Model:
    wide = keras.initializers.RandomNormal(stddev=10.0)
    return sequential(
        (5,),
        Dense(64, activation="relu", kernel_initializer=wide),
        Dense(64, activation="relu", kernel_initializer=wide),
        Dense(1, kernel_initializer=wide),
        optimizer="adam",
        loss="mse",
    )


@mutant(
    images.digits_deep,
    "bad_init",
    also_acceptable=("vanishing_gradient",),
    fix="he_normal: a deviation of 0.0001 leaves no signal",
)
def digits_tiny_weights() -> keras.Model:
    tiny = keras.initializers.RandomNormal(stddev=1e-4)
    return sequential(
        (64,),
        *(Dense(48, activation="relu", kernel_initializer=tiny) for _ in range(4)),
        Dense(10, activation="softmax", kernel_initializer=tiny),
        optimizer=keras.optimizers.SGD(0.05, momentum=0.9),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


@mutant(images.shapes_convolved, "bad_init", fix="the default initialisation")
def shapes_zero_filters() -> keras.Model:
    return sequential(
        (16, 16, 1),
        Convolution(16, 3, activation="relu", kernel_initializer="zeros"),
        MaxPooling2D(),
        Flatten(),
        Dense(32, activation="relu"),
        Dense(3, activation="softmax"),
        optimizer=keras.optimizers.Adam(0.003),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


@mutant(tables.sine_tanh, "bad_init", fix="the default initialisation: equal units stay equal")
def sine_all_equal() -> keras.Model:
    return sequential(
        (1,),
        Dense(32, activation="tanh", kernel_initializer="ones", bias_initializer="ones"),
        Dense(32, activation="tanh", kernel_initializer=keras.initializers.Constant(0.1)),
        Dense(1, kernel_initializer="ones"),
        optimizer=keras.optimizers.Adam(0.01),
        loss="mse",
    )


# ---- dying_relu


@mutant(points.moons_leaky, "dying_relu", also_acceptable=("bad_init",), fix="zero or small positive biases")
def moons_biased_dead() -> keras.Model:
    bias = keras.initializers.Constant(-10.0)
    return sequential(
        (2,),
        Dense(32, activation="relu", bias_initializer=bias),
        Dense(32, activation="relu"),
        Dense(2, activation="softmax"),
        optimizer="adam",
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


@mutant(tables.friedman_relu, "dying_relu", also_acceptable=("lr_too_high",), fix="a learning rate of 0.001", epochs=20)
def friedman_killed_by_its_rate() -> keras.Model:
    return sequential(
        (10,),
        Dense(32, activation="relu"),
        Dense(32, activation="relu"),
        Dense(1),
        optimizer=keras.optimizers.SGD(0.1),
        loss="mse",
    )


@mutant(images.digits_dense, "dying_relu", also_acceptable=("lr_too_high",), fix="Adam(0.001)")
def digits_killed_by_adam() -> keras.Model:
    return sequential(
        (64,),
        Dense(64, activation="relu"),
        Dense(64, activation="relu"),
        Dense(10, activation="softmax"),
        optimizer=keras.optimizers.Adam(0.5),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


@mutant(images.digits_raw_pixels, "dying_relu", also_acceptable=("bad_init",), fix="initial weights of both signs")
def digits_negative_weights() -> keras.Model:
    return sequential(
        (64,),
        Dense(64, activation="relu", kernel_initializer=keras.initializers.RandomUniform(-0.2, 0.0)),
        Dense(10, activation="softmax"),
        optimizer="rmsprop",
        loss="categorical_crossentropy",
        metrics=["accuracy"],
    )


@mutant(
    tables.houses_standardised,
    "dying_relu",
    also_acceptable=("unscaled_input", "bad_init"),
    fix="standardise: all inputs are negative, all weights positive",
    rows=of(houses, standardised, inputs_times(1.0, -8.0), target_standardised),
)
def houses_negative_inputs() -> keras.Model:
    positive = keras.initializers.RandomUniform(0.0, 0.3)
    return sequential(
        (5,),
        Dense(64, activation="relu", kernel_initializer=positive),
        Dense(64, activation="relu"),
        Dense(1),
        optimizer=keras.optimizers.Adam(0.001),
        loss="mse",
    )


@mutant(images.shapes_convolved, "dying_relu", also_acceptable=("bad_init",), fix="zero biases")
def shapes_biased_dead() -> keras.Model:
    return sequential(
        (16, 16, 1),
        Convolution(16, 3, activation="relu"),
        MaxPooling2D(),
        Convolution(32, 3, activation="relu", bias_initializer=keras.initializers.Constant(-5.0)),
        Flatten(),
        Dense(3, activation="softmax"),
        optimizer=keras.optimizers.Adam(0.001),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


@mutant(sequences.reviews_convolved, "dying_relu", also_acceptable=("lr_too_high",), fix="Adam(0.005)")
def reviews_killed_by_its_rate() -> keras.Model:
    return sequential(
        (24,),
        Embedding(300, 16),
        Conv1D(16, 3, activation="relu"),
        GlobalMaxPooling1D(),
        Dense(16, activation="relu"),
        Dense(1, activation="sigmoid"),
        optimizer=keras.optimizers.SGD(20.0, momentum=0.9),
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


# ---- saturation


@mutant(images.digits_deep, "saturation", also_acceptable=("bad_init",), fix="smaller initial weights, or relu")
def digits_sigmoids_pushed_far() -> keras.Model:
    wide = keras.initializers.RandomNormal(stddev=5.0)
    return sequential(
        (64,),
        Dense(48, activation="sigmoid", kernel_initializer=wide),
        Dense(48, activation="sigmoid", kernel_initializer=wide),
        Dense(10, activation="softmax"),
        optimizer="sgd",
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


@mutant(tables.wine_small, "saturation", also_acceptable=("unscaled_input",), fix="standardise", rows=of(wine))
def wine_raw_sigmoid() -> keras.Model:
    return sequential(
        (13,),
        Dense(16, activation="sigmoid"),
        Dense(3, activation="softmax"),
        optimizer="adam",
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


@mutant(
    tables.cancer_dropout,
    "saturation",
    also_acceptable=("unscaled_input",),
    fix="standardise the columns",
    rows=of(breast_cancer, validated()),
)
def cancer_raw_tanh() -> keras.Model:
    return sequential(
        (30,),
        Dense(32, activation="tanh"),
        Dense(16, activation="tanh"),
        Dense(1, activation="sigmoid"),
        optimizer="adam",
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


@mutant(
    sequences.demand_lstm,
    "saturation",
    also_acceptable=("unscaled_input",),
    fix="scale the windows as the target",
    rows=of(demand, target_standardised),
)
def demand_raw_windows() -> keras.Model:
    return sequential(
        (14, 1),
        GRU(24),
        Dense(1),
        optimizer=keras.optimizers.Adam(0.005),
        loss="mse",
    )


@mutant(
    images.digits_deep,
    "saturation",
    also_acceptable=("unscaled_input",),
    fix="pixels between 0 and 1",
    rows=of(digits, inputs_times(16.0)),
)
def digits_raw_tanh() -> keras.Model:
    return sequential(
        (64,),
        Dense(48, activation="tanh"),
        Dense(48, activation="tanh"),
        Dense(10, activation="softmax"),
        optimizer=keras.optimizers.SGD(0.01),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


@mutant(tables.friedman_relu, "saturation", also_acceptable=("bad_init",), fix="zero biases")
def friedman_biased_sigmoids() -> keras.Model:
    return sequential(
        (10,),
        Dense(64, activation="sigmoid", bias_initializer=keras.initializers.Constant(20.0)),
        Dense(64, activation="relu"),
        Dense(1),
        optimizer="adam",
        loss="mse",
    )


@mutant(
    points.spirals_relu,
    "saturation",
    also_acceptable=("bad_init",),
    fix="Glorot initialisation",
)
def spirals_pushed_far() -> keras.Model:
    wide = keras.initializers.RandomNormal(stddev=20.0)
    return sequential(
        (2,),
        Dense(48, activation="tanh", kernel_initializer=wide),
        Dense(48, activation="tanh", kernel_initializer=wide),
        Dense(1, activation="sigmoid"),
        optimizer="adam",
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )
