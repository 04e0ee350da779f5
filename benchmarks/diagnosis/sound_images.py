"""Sound programs on pictures."""

import keras
from diagnosis.problems import colours, digits, shapes
from diagnosis.program import sequential, sound
from diagnosis.rows import divided, of, one_hot, targets_are_inputs, validated
from keras.layers import (
    Activation,
    BatchNormalization,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePooling2D,
    MaxPooling2D,
    Rescaling,
    Reshape,
    SeparableConv2D,
)


@sound("digits", of(digits, divided(16)), epochs=20)
def digits_dense() -> keras.Model:
    return sequential(
        (64,),
        Dense(64, activation="relu"),
        Dense(10, activation="softmax"),
        optimizer="adam",
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


@sound("digits", of(digits, one_hot(10), validated()), epochs=15)
def digits_raw_pixels() -> keras.Model:
    return sequential(
        (64,),
        Dense(64, activation="relu"),
        Dropout(0.2),
        Dense(10, activation="softmax"),
        optimizer="rmsprop",
        loss="categorical_crossentropy",
        metrics=["accuracy"],
    )


@sound("digits", of(digits, divided(16)), epochs=15, batch_size=128)
def digits_deep() -> keras.Model:
    return sequential(
        (64,),
        *(Dense(48, activation="relu", kernel_initializer="he_normal") for _ in range(4)),
        Dense(10),
        optimizer=keras.optimizers.SGD(0.05, momentum=0.9, nesterov=True),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )


@sound("digits", of(digits, divided(16), validated()), epochs=10)
def digits_convolved() -> keras.Model:
    return sequential(
        (64,),
        Reshape((8, 8, 1)),
        Conv2D(16, 3, activation="relu"),
        MaxPooling2D(),
        Flatten(),
        Dense(32, activation="relu"),
        Dense(10, activation="softmax"),
        optimizer=keras.optimizers.Adam(0.003),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


@sound("digits", of(digits, divided(16), targets_are_inputs), epochs=30, answers="numbers")
def digits_autoencoder() -> keras.Model:
    return sequential(
        (64,),
        Dense(48, activation="relu"),
        Dense(16, activation="relu"),
        Dense(48, activation="relu"),
        Dense(64, activation="sigmoid"),
        optimizer=keras.optimizers.Adam(0.003),
        loss="binary_crossentropy",
    )


@sound("digits", of(digits, divided(16), targets_are_inputs, validated()), epochs=30, answers="numbers")
def digits_linear_code() -> keras.Model:
    return sequential(
        (64,),
        Dense(12, name="code"),
        Dense(64, name="pixels"),
        optimizer=keras.optimizers.Adam(0.005),
        loss="mse",
    )


@sound("image", of(shapes, divided(255)), epochs=15)
def shapes_convolved() -> keras.Model:
    return sequential(
        (16, 16, 1),
        Conv2D(16, 3, activation="relu"),
        MaxPooling2D(),
        Conv2D(32, 3, activation="relu"),
        MaxPooling2D(),
        Flatten(),
        Dense(32, activation="relu"),
        Dense(3, activation="softmax"),
        optimizer=keras.optimizers.Adam(0.003),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


@sound("image", of(shapes, validated()), epochs=40)
def shapes_rescaled_inside() -> keras.Model:
    return sequential(
        (16, 16, 1),
        Rescaling(1 / 127.5, offset=-1),
        Conv2D(16, 3, use_bias=False),
        BatchNormalization(momentum=0.9),
        Activation("relu"),
        MaxPooling2D(),
        SeparableConv2D(32, 3, activation="relu"),
        GlobalAveragePooling2D(),
        Dense(3),
        optimizer=keras.optimizers.Adam(0.003),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )


@sound("image", of(colours, divided(255)), epochs=10)
def colours_convolved() -> keras.Model:
    return sequential(
        (12, 12, 3),
        Conv2D(16, 3, strides=2, activation="relu"),
        Flatten(),
        Dense(16, activation="relu"),
        Dropout(0.25),
        Dense(1, activation="sigmoid"),
        optimizer=keras.optimizers.Adam(0.003),
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


@sound("image", of(colours, divided(255), one_hot(2)), epochs=15)
def colours_flat() -> keras.Model:
    return sequential(
        (12, 12, 3),
        Flatten(),
        Dense(32, activation="relu", kernel_regularizer=keras.regularizers.L2(0.001)),
        Dense(2, activation="softmax"),
        optimizer=keras.optimizers.Adam(0.002),
        loss="categorical_crossentropy",
        metrics=["accuracy"],
    )
