"""Training that goes too fast, too slowly, with the wrong optimizer, or not on for long enough."""

import keras
from diagnosis import sound_images as images
from diagnosis import sound_points as points
from diagnosis import sound_sequences as sequences
from diagnosis import sound_tables as tables
from diagnosis.program import changed, mutant, sequential
from keras.layers import GRU, LSTM, Dense, Embedding, Flatten, GlobalAveragePooling1D, MaxPooling2D
from keras.layers import Conv2D as Convolution

__all__: list[str] = []

# ---- lr_too_high


@mutant(images.digits_dense, "lr_too_high", also_acceptable=("dying_relu",), fix="Adam(0.001)")
def digits_adam_one() -> keras.Model:
    return sequential(
        (64,),
        Dense(64, activation="relu"),
        Dense(10, activation="softmax"),
        optimizer=keras.optimizers.Adam(1.0),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


@mutant(tables.linear_regression, "lr_too_high", also_acceptable=("exploding_gradient",), fix="SGD(0.02)")
def linear_regression_diverges() -> keras.Model:
    return sequential((6,), Dense(1), optimizer=keras.optimizers.SGD(1.5), loss="mse", metrics=["mae"])


@mutant(tables.sine_tanh, "lr_too_high", also_acceptable=("saturation",), fix="a hundredth of the learning rate")
def sine_jumps() -> keras.Model:
    return sequential(
        (1,),
        Dense(32, activation="tanh"),
        Dense(32, activation="tanh"),
        Dense(1),
        optimizer=keras.optimizers.Adam(0.5),
        loss="mse",
    )


@mutant(sequences.reviews_lstm_masked, "lr_too_high", also_acceptable=("saturation",), fix="Adam(0.005)")
def reviews_lstm_jumps() -> keras.Model:
    return sequential(
        (24,),
        Embedding(300, 16, mask_zero=True),
        LSTM(16),
        Dense(1, activation="sigmoid"),
        optimizer=keras.optimizers.RMSprop(1.0),
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


@mutant(images.shapes_convolved, "lr_too_high", also_acceptable=("dying_relu",), fix="Adam(0.001)")
def shapes_adam_tenth() -> keras.Model:
    return sequential(
        (16, 16, 1),
        Convolution(16, 3, activation="relu"),
        MaxPooling2D(),
        Convolution(32, 3, activation="relu"),
        MaxPooling2D(),
        Flatten(),
        Dense(32, activation="relu"),
        Dense(3, activation="softmax"),
        optimizer=keras.optimizers.Adam(0.2),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


@mutant(points.blobs5_sgd_schedule, "lr_too_high", also_acceptable=("saturation",), fix="SGD(0.1, momentum=0.9)")
def blobs5_momentum_too_fast() -> keras.Model:
    return sequential(
        (2,),
        Dense(32, activation="tanh"),
        Dense(5, activation="softmax"),
        optimizer=keras.optimizers.SGD(10.0, momentum=0.9),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


@mutant(tables.friedman_huber, "lr_too_high", also_acceptable=("exploding_gradient", "numeric"), fix="SGD(0.01)")
def friedman_sgd_diverges() -> keras.Model:
    return sequential(
        (10,),
        Dense(64, activation="elu"),
        Dense(32, activation="elu"),
        Dense(1),
        optimizer=keras.optimizers.SGD(2.0),
        loss="mse",
    )


# ---- lr_too_low


@mutant(tables.cancer_dropout, "lr_too_low", also_acceptable=("too_few_epochs", "optimizer"), fix="Adam(0.001)")
def cancer_crawls() -> keras.Model:
    return sequential(
        (30,),
        Dense(32, activation="relu"),
        Dense(1, activation="sigmoid"),
        optimizer=keras.optimizers.Adam(1e-6),
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


@mutant(
    images.digits_dense, "lr_too_low", also_acceptable=("too_few_epochs", "optimizer"), fix="SGD(0.1, momentum=0.9)"
)
def digits_sgd_crawls() -> keras.Model:
    return sequential(
        (64,),
        Dense(64, activation="relu"),
        Dense(10, activation="softmax"),
        optimizer=keras.optimizers.SGD(1e-4),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


@mutant(tables.friedman_relu, "lr_too_low", also_acceptable=("too_few_epochs", "optimizer"), fix="Adam(0.003)")
def friedman_crawls() -> keras.Model:
    return sequential(
        (10,),
        Dense(64, activation="relu"),
        Dense(64, activation="relu"),
        Dense(1),
        optimizer=keras.optimizers.Adam(1e-5),
        loss="mse",
        metrics=["mae"],
    )


@mutant(sequences.wave_gru, "lr_too_low", also_acceptable=("too_few_epochs", "optimizer"), fix="Adam(0.005)")
def wave_crawls() -> keras.Model:
    return sequential(
        (20, 1),
        GRU(16),
        Dense(1),
        optimizer=keras.optimizers.RMSprop(1e-5),
        loss="mse",
    )


@mutant(images.shapes_convolved, "lr_too_low", also_acceptable=("too_few_epochs", "optimizer"), fix="Adam(0.001)")
def shapes_crawl() -> keras.Model:
    return sequential(
        (16, 16, 1),
        Convolution(16, 3, activation="relu"),
        MaxPooling2D(),
        Flatten(),
        Dense(32, activation="relu"),
        Dense(3, activation="softmax"),
        optimizer=keras.optimizers.Adam(1e-6),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


@mutant(points.spirals_relu, "lr_too_low", also_acceptable=("too_few_epochs", "optimizer"), fix="a slower decay")
def spirals_rate_decays_at_once() -> keras.Model:
    decay = keras.optimizers.schedules.ExponentialDecay(0.01, decay_steps=20, decay_rate=0.5)
    return sequential(
        (2,),
        *(Dense(48, activation="relu") for _ in range(3)),
        Dense(1, activation="sigmoid"),
        optimizer=keras.optimizers.Adam(decay),
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


@mutant(
    tables.iris_raw_centimetres,
    "lr_too_low",
    also_acceptable=("too_few_epochs", "optimizer"),
    fix="Adam(0.01)",
    epochs=50,
)
def iris_crawls() -> keras.Model:
    return sequential(
        (4,),
        Dense(16, activation="relu"),
        Dense(3, activation="softmax"),
        optimizer=keras.optimizers.Adam(1e-5),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


# ---- optimizer


@mutant(images.digits_dense, "optimizer", also_acceptable=("lr_too_low", "too_few_epochs"), fix="Adam")
def digits_adadelta() -> keras.Model:
    return sequential(
        (64,),
        Dense(64, activation="relu"),
        Dense(10, activation="softmax"),
        optimizer="adadelta",
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


@mutant(sequences.reviews_pooled, "optimizer", also_acceptable=("lr_too_low", "too_few_epochs"), fix="Adam")
def reviews_plain_sgd() -> keras.Model:
    return sequential(
        (24,),
        Embedding(300, 16),
        GlobalAveragePooling1D(),
        Dense(16, activation="relu"),
        Dense(1, activation="sigmoid"),
        optimizer="sgd",
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


@mutant(points.spirals_relu, "optimizer", also_acceptable=("lr_too_low", "too_few_epochs"), fix="Adam(0.01)")
def spirals_plain_sgd() -> keras.Model:
    return sequential(
        (2,),
        *(Dense(48, activation="relu") for _ in range(3)),
        Dense(1, activation="sigmoid"),
        optimizer="sgd",
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


@mutant(tables.friedman_huber, "optimizer", also_acceptable=("lr_too_low", "too_few_epochs"), fix="Adam(0.005)")
def friedman_adagrad() -> keras.Model:
    return sequential(
        (10,),
        Dense(64, activation="elu"),
        Dense(32, activation="elu"),
        Dense(1),
        optimizer="adagrad",
        loss=keras.losses.Huber(),
    )


@mutant(sequences.walks_stacked_lstm, "optimizer", also_acceptable=("lr_too_low", "too_few_epochs"), fix="Adam(0.01)")
def walks_plain_sgd() -> keras.Model:
    return sequential(
        (30, 2),
        LSTM(12, return_sequences=True),
        LSTM(12),
        Dense(2, activation="softmax"),
        optimizer="sgd",
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


@mutant(images.shapes_convolved, "optimizer", also_acceptable=("lr_too_low", "too_few_epochs"), fix="Adam(0.003)")
def shapes_ftrl() -> keras.Model:
    return sequential(
        (16, 16, 1),
        Convolution(16, 3, activation="relu"),
        MaxPooling2D(),
        Convolution(32, 3, activation="relu"),
        MaxPooling2D(),
        Flatten(),
        Dense(32, activation="relu"),
        Dense(3, activation="softmax"),
        optimizer="ftrl",
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


@mutant(
    tables.houses_standardised,
    "optimizer",
    also_acceptable=("lr_too_low", "too_few_epochs"),
    fix="Adam(0.003)",
    epochs=30,
)
def houses_adadelta() -> keras.Model:
    return sequential(
        (5,),
        Dense(64, activation="relu"),
        Dense(64, activation="relu"),
        Dense(1),
        optimizer=keras.optimizers.Adadelta(),
        loss="mse",
        metrics=["mae"],
    )


# ---- too_few_epochs

SOON = ("lr_too_low",)

changed(points.spirals_relu, "spirals_three_epochs", "too_few_epochs", also_acceptable=SOON, fix="100 epochs", epochs=3)
changed(
    tables.friedman_relu, "friedman_three_epochs", "too_few_epochs", also_acceptable=SOON, fix="60 epochs", epochs=3
)
changed(images.digits_convolved, "digits_one_epoch", "too_few_epochs", also_acceptable=SOON, fix="10 epochs", epochs=1)
changed(tables.wine_small, "wine_two_epochs", "too_few_epochs", also_acceptable=SOON, fix="40 epochs", epochs=2)
changed(images.shapes_convolved, "shapes_one_epoch", "too_few_epochs", also_acceptable=SOON, fix="15 epochs", epochs=1)
changed(sequences.reviews_convolved, "reviews_one_epoch", "too_few_epochs", also_acceptable=SOON, fix="6", epochs=1)
changed(tables.houses_standardised, "houses_one_epoch", "too_few_epochs", also_acceptable=SOON, fix="60", epochs=1)
