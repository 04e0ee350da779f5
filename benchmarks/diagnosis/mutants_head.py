"""The last layer, the loss and the targets do not belong together."""

import keras
from diagnosis import sound_images as images
from diagnosis import sound_points as points
from diagnosis import sound_sequences as sequences
from diagnosis import sound_tables as tables
from diagnosis.problems import blobs
from diagnosis.program import changed, mutant, sequential
from diagnosis.rows import of, standardised
from keras.layers import (
    LSTM,
    Activation,
    Conv1D,
    Dense,
    Embedding,
    Flatten,
    GlobalAveragePooling1D,
    GlobalMaxPooling1D,
    MaxPooling2D,
    Reshape,
    Softmax,
)
from keras.layers import Conv2D as Convolution

__all__: list[str] = []


@mutant(points.circles_relu_adam, "head_loss_mismatch", fix="sigmoid on the last layer")
def circles_softmax_on_one_unit() -> keras.Model:
    return sequential(
        (2,),
        Dense(16, activation="relu"),
        Dense(16, activation="relu"),
        Dense(1, activation="softmax"),
        optimizer="adam",
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


@mutant(points.circles_tanh_sgd, "head_loss_mismatch", also_acceptable=("dying_relu",), fix="sigmoid on the last layer")
def circles_relu_at_the_end() -> keras.Model:
    return sequential(
        (2,),
        Dense(20, activation="relu"),
        Dense(1, activation="relu"),
        optimizer="adam",
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


@mutant(points.moons_leaky, "head_loss_mismatch", fix="from_logits=True, or softmax on the last layer")
def moons_logits_not_told() -> keras.Model:
    return sequential(
        (2,),
        Dense(32, activation="relu"),
        Dense(32, activation="relu"),
        Dense(2),
        optimizer="adam",
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


@mutant(images.digits_dense, "head_loss_mismatch", also_acceptable=("lr_too_low",), fix="drop from_logits=True")
def digits_softmax_told_as_logits() -> keras.Model:
    return sequential(
        (64,),
        Dense(64, activation="relu"),
        Dense(10, activation="softmax"),
        optimizer=keras.optimizers.SGD(0.01),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )


@mutant(
    points.blobs5_sgd_schedule, "head_loss_mismatch", fix="softmax over five units", rows=of(blobs(5), standardised)
)
def blobs5_one_sigmoid() -> keras.Model:
    return sequential(
        (2,),
        Dense(32, activation="relu"),
        Dense(1, activation="sigmoid"),
        optimizer="adam",
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


@mutant(tables.friedman_relu, "head_loss_mismatch", fix="no activation on the last layer")
def friedman_sigmoid_at_the_end() -> keras.Model:
    return sequential(
        (10,),
        Dense(64, activation="relu"),
        Dense(1, activation="sigmoid"),
        optimizer="adam",
        loss="mean_squared_error",
    )


@mutant(tables.sine_tanh, "head_loss_mismatch", fix="no activation on the last layer")
def sine_relu_at_the_end() -> keras.Model:
    return sequential(
        (1,),
        Dense(32, activation="relu"),
        Dense(32, activation="relu"),
        Dense(1, activation="relu"),
        optimizer=keras.optimizers.Adam(0.01),
        loss="mse",
    )


@mutant(tables.labels_sigmoid, "head_loss_mismatch", fix="sigmoid and binary_crossentropy, one unit a label")
def labels_softmax() -> keras.Model:
    return sequential(
        (20,),
        Dense(64, activation="relu"),
        Dense(5, activation="softmax"),
        optimizer="adam",
        loss="categorical_crossentropy",
        metrics=["accuracy"],
    )


@mutant(tables.iris_raw_centimetres, "head_loss_mismatch", fix="sparse_categorical_crossentropy, or one-hot targets")
def iris_numbers_for_one_hot() -> keras.Model:
    return sequential(
        (4,),
        Dense(16, activation="relu"),
        Dense(3, activation="softmax"),
        optimizer="adam",
        loss="categorical_crossentropy",
        metrics=["accuracy"],
    )


@mutant(tables.wine_small, "head_loss_mismatch", fix="softmax over three units and sparse_categorical_crossentropy")
def wine_class_as_number() -> keras.Model:
    return sequential(
        (13,),
        Dense(16, activation="relu"),
        Dense(1, activation="sigmoid"),
        optimizer="adam",
        loss="mse",
        metrics=["accuracy"],
    )


@mutant(sequences.reviews_convolved, "head_loss_mismatch", also_acceptable=("clipped_loss",), fix="sigmoid at the end")
def reviews_linear_at_the_end() -> keras.Model:
    return sequential(
        (24,),
        Embedding(300, 16),
        Conv1D(16, 3, activation="relu"),
        GlobalMaxPooling1D(),
        Dense(1),
        optimizer=keras.optimizers.RMSprop(0.001),
        loss="binary_crossentropy",
        metrics=["acc"],
    )


@mutant(sequences.reviews_pooled, "head_loss_mismatch", fix="sigmoid, or categorical targets for two softmax units")
def reviews_softmax_on_one_unit() -> keras.Model:
    return sequential(
        (24,),
        Embedding(300, 16),
        GlobalAveragePooling1D(),
        Dense(1, activation="softmax"),
        optimizer="rmsprop",
        loss="binary_crossentropy",
        metrics=["acc"],
    )


@mutant(
    images.digits_convolved, "head_loss_mismatch", fix="one softmax", also_acceptable=("lr_too_low", "too_few_epochs")
)
def digits_softmax_twice() -> keras.Model:
    return sequential(
        (64,),
        Reshape((8, 8, 1)),
        Convolution(16, 3, activation="relu"),
        MaxPooling2D(),
        Flatten(),
        Dense(32, activation="relu"),
        Dense(10, activation="softmax"),
        Activation("softmax"),
        optimizer=keras.optimizers.Adam(0.001),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


@mutant(sequences.walks_convolved, "head_loss_mismatch", fix="no Softmax over a single unit: sigmoid")
def walks_softmax_layer_on_one_unit() -> keras.Model:
    return sequential(
        (30, 2),
        LSTM(12),
        Dense(1),
        Softmax(),
        optimizer="adam",
        loss="mse",
        metrics=["accuracy"],
    )


@mutant(tables.diabetes_standardised, "head_loss_mismatch", fix="no activation on the last layer, mse")
def diabetes_crossentropy() -> keras.Model:
    return sequential(
        (10,),
        Dense(16, activation="relu"),
        Dense(1, activation="sigmoid"),
        optimizer="adam",
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


@mutant(tables.iris_one_hot, "head_loss_mismatch", fix="softmax on the last layer")
def iris_relu_at_the_end() -> keras.Model:
    return sequential(
        (4,),
        Dense(10, activation="relu"),
        Dense(3, activation="relu"),
        optimizer="adam",
        loss="categorical_crossentropy",
        metrics=["accuracy"],
    )


changed(
    points.circles_hinge,
    "circles_hinge_for_crossentropy",
    "head_loss_mismatch",
    fix="targets 0 and 1",
    build=lambda: sequential(
        (2,),
        Dense(24, activation="relu"),
        Dense(1, activation="sigmoid"),
        optimizer="adam",
        loss="binary_crossentropy",
        metrics=["accuracy"],
    ),
    threshold=0.5,
    also_acceptable=("label_error",),
)
