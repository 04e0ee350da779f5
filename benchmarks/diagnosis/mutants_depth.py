"""Gradients that fade or explode on their way through many layers or steps."""

import keras
from diagnosis import sound_images as images
from diagnosis import sound_points as points
from diagnosis import sound_sequences as sequences
from diagnosis import sound_tables as tables
from diagnosis.program import mutant, sequential
from keras.layers import Conv2D as Convolution
from keras.layers import Dense, Flatten, SimpleRNN

__all__: list[str] = []

# ---- vanishing_gradient


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


@mutant(images.digits_dense, "vanishing_gradient", fix="relu and He initialisation")
def digits_ten_sigmoids() -> keras.Model:
    return sequential(
        (64,),
        *(Dense(32, activation="sigmoid") for _ in range(10)),
        Dense(10, activation="softmax"),
        optimizer=keras.optimizers.SGD(0.1),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


@mutant(tables.friedman_huber, "vanishing_gradient", fix="relu or elu in place of sigmoid")
def friedman_eight_sigmoids() -> keras.Model:
    return sequential(
        (10,),
        *(Dense(32, activation="sigmoid") for _ in range(8)),
        Dense(1),
        optimizer=keras.optimizers.Adam(0.003),
        loss="mse",
    )


@mutant(
    images.digits_deep,
    "vanishing_gradient",
    also_acceptable=("bad_init",),
    fix="He initialisation, or batch normalisation",
)
def digits_thirty_layers() -> keras.Model:
    small = keras.initializers.RandomNormal(stddev=0.05)
    return sequential(
        (64,),
        *(Dense(32, activation="relu", kernel_initializer=small) for _ in range(30)),
        Dense(10, activation="softmax"),
        optimizer="adam",
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


@mutant(
    points.spirals_relu,
    "vanishing_gradient",
    also_acceptable=("bad_init",),
    fix="relu, or Glorot initialisation",
)
def spirals_ten_weak_tanh() -> keras.Model:
    weak = keras.initializers.RandomNormal(stddev=0.05)
    return sequential(
        (2,),
        *(Dense(24, activation="tanh", kernel_initializer=weak) for _ in range(10)),
        Dense(1, activation="sigmoid"),
        optimizer=keras.optimizers.SGD(0.05, momentum=0.9),
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


@mutant(images.shapes_convolved, "vanishing_gradient", fix="relu in place of sigmoid")
def shapes_six_sigmoid_convolutions() -> keras.Model:
    return sequential(
        (16, 16, 1),
        *(Convolution(12, 3, padding="same", activation="sigmoid") for _ in range(5)),
        Convolution(12, 3, strides=2, activation="sigmoid"),
        Flatten(),
        Dense(32, activation="sigmoid"),
        Dense(3, activation="softmax"),
        optimizer=keras.optimizers.Adam(0.001),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


@mutant(
    sequences.walks_stacked_lstm, "vanishing_gradient", also_acceptable=("optimizer",), fix="LSTM or GRU", epochs=15
)
def walks_sigmoid_recurrence() -> keras.Model:
    return sequential(
        (30, 2),
        SimpleRNN(12, activation="sigmoid", return_sequences=True),
        SimpleRNN(12, activation="sigmoid", return_sequences=True),
        SimpleRNN(12, activation="sigmoid"),
        Dense(2, activation="softmax"),
        optimizer="adam",
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


# ---- exploding_gradient


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


@mutant(
    images.digits_deep,
    "exploding_gradient",
    also_acceptable=("bad_init", "clipped_loss"),
    fix="He initialisation",
)
def digits_deep_wide_weights() -> keras.Model:
    large = keras.initializers.RandomNormal(stddev=1.0)
    return sequential(
        (64,),
        *(Dense(48, activation="relu", kernel_initializer=large) for _ in range(6)),
        Dense(10),
        optimizer=keras.optimizers.SGD(0.01),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )


@mutant(
    sequences.walks_stacked_lstm,
    "exploding_gradient",
    also_acceptable=("bad_init",),
    fix="clipnorm=1 and an orthogonal start, or LSTM",
    epochs=10,
)
def walks_relu_recurrence() -> keras.Model:
    return sequential(
        (30, 2),
        SimpleRNN(24, activation="relu", recurrent_initializer=keras.initializers.Orthogonal(gain=2.0)),
        Dense(2),
        optimizer=keras.optimizers.SGD(0.01),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )


@mutant(
    sequences.wave_simple_rnn,
    "exploding_gradient",
    also_acceptable=("bad_init", "numeric"),
    fix="clipnorm=1, tanh, the default recurrent initialisation",
    epochs=10,
)
def wave_growing_recurrence() -> keras.Model:
    return sequential(
        (20, 1),
        SimpleRNN(32, activation="linear", recurrent_initializer=keras.initializers.RandomNormal(stddev=0.5)),
        Dense(1),
        optimizer=keras.optimizers.SGD(0.01),
        loss="mse",
    )


@mutant(
    tables.houses_standardised,
    "exploding_gradient",
    also_acceptable=("bad_init",),
    fix="he_normal, clipnorm=1",
    epochs=30,
)
def houses_ten_large_layers() -> keras.Model:
    large = keras.initializers.RandomUniform(-0.6, 0.6)
    return sequential(
        (5,),
        *(Dense(64, activation="elu", kernel_initializer=large) for _ in range(10)),
        Dense(1),
        optimizer="adam",
        loss="mse",
    )


@mutant(
    images.shapes_convolved,
    "exploding_gradient",
    also_acceptable=("bad_init", "clipped_loss"),
    fix="the default initialisation",
    epochs=8,
)
def shapes_large_filters() -> keras.Model:
    large = keras.initializers.RandomNormal(stddev=1.0)
    return sequential(
        (16, 16, 1),
        *(Convolution(16, 3, activation="relu", kernel_initializer=large) for _ in range(5)),
        Flatten(),
        Dense(3, activation="softmax", kernel_initializer=large),
        optimizer=keras.optimizers.SGD(0.01),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
