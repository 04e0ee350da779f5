"""Networks that start badly, or whose signal dies on its way: initialisation, dead and saturated units, depth."""

import keras
from diagnosis import sound_images as images
from diagnosis import sound_points as points
from diagnosis import sound_tables as tables
from diagnosis.program import mutant, sequential
from keras.layers import Dense

__all__: list[str] = []


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
        optimizer=keras.optimizers.SGD(0.5),
        loss="mae",
    )


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


@mutant(points.moons_deep_selu, "vanishing_gradient", fix="relu or selu in place of sigmoid", epochs=40)
def moons_twelve_sigmoids() -> keras.Model:
    return sequential(
        (2,),
        *(Dense(24, activation="sigmoid") for _ in range(12)),
        Dense(1, activation="sigmoid"),
        optimizer="adam",
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


@mutant(
    tables.friedman_relu,
    "exploding_gradient",
    also_acceptable=("bad_init", "lr_too_high", "numeric"),
    fix="He initialisation, clipnorm=1",
    epochs=20,
)
def friedman_large_weights_deep() -> keras.Model:
    large = keras.initializers.RandomNormal(stddev=1.0)
    return sequential(
        (10,),
        *(Dense(64, activation="relu", kernel_initializer=large) for _ in range(5)),
        Dense(1),
        optimizer=keras.optimizers.SGD(0.001),
        loss="mse",
    )
