"""Sound programs on points in the plane and in a few more dimensions."""

import keras
from diagnosis.problems import blobs, circles, moons, spirals
from diagnosis.program import sequential, sound
from diagnosis.rows import of, on_targets, one_hot, standardised, validated
from keras.layers import Activation, BatchNormalization, Dense, Dropout, LayerNormalization, LeakyReLU, Normalization


@sound("circles", of(circles), epochs=40)
def circles_relu_adam() -> keras.Model:
    return sequential(
        (2,),
        Dense(16, activation="relu"),
        Dense(16, activation="relu"),
        Dense(1, activation="sigmoid"),
        optimizer=keras.optimizers.Adam(0.005),
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


@sound("circles", of(circles, validated()), epochs=60, threshold=0.0)
def circles_tanh_sgd() -> keras.Model:
    return sequential(
        (2,),
        Dense(20, activation="tanh"),
        Dense(1),
        optimizer=keras.optimizers.SGD(0.1, momentum=0.9),
        loss=keras.losses.BinaryCrossentropy(from_logits=True),
    )


@sound("circles", of(circles), epochs=40)
def circles_batch_normalised() -> keras.Model:
    return sequential(
        (2,),
        Dense(32, use_bias=False),
        BatchNormalization(),
        Activation("relu"),
        Dense(32, use_bias=False),
        BatchNormalization(),
        Activation("relu"),
        Dense(1, activation="sigmoid"),
        optimizer="adam",
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


@sound("circles", of(circles, on_targets(lambda y: 2.0 * y - 1.0)), epochs=40, threshold=0.0)
def circles_hinge() -> keras.Model:
    return sequential(
        (2,),
        Dense(24, activation="relu", kernel_initializer="he_normal"),
        Dense(1, activation="tanh"),
        optimizer=keras.optimizers.RMSprop(0.01),
        loss="hinge",
    )


@sound("moons", of(moons), epochs=40, batch_size=64)
def moons_leaky() -> keras.Model:
    return sequential(
        (2,),
        Dense(32),
        LeakyReLU(0.1),
        Dense(32),
        LeakyReLU(0.1),
        Dense(2, activation="softmax"),
        optimizer=keras.optimizers.Nadam(0.005),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


@sound("moons", of(moons, standardised, validated()), epochs=40, threshold=0.0)
def moons_gelu_adamw() -> keras.Model:
    return sequential(
        (2,),
        Dense(32, activation="gelu"),
        Dense(32, activation="gelu"),
        Dense(1),
        optimizer=keras.optimizers.AdamW(0.01, weight_decay=0.001),
        loss=keras.losses.BinaryCrossentropy(from_logits=True),
        metrics=[keras.metrics.BinaryAccuracy(threshold=0.0)],
    )


@sound("moons", of(moons, standardised), epochs=15)
def moons_deep_selu() -> keras.Model:
    return sequential(
        (2,),
        *(Dense(24, activation="selu", kernel_initializer="lecun_normal") for _ in range(6)),
        Dense(1, activation="sigmoid"),
        optimizer=keras.optimizers.Adam(0.002),
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


@sound("spirals", of(spirals), epochs=100)
def spirals_relu() -> keras.Model:
    return sequential(
        (2,),
        *(Dense(48, activation="relu", kernel_initializer="he_uniform") for _ in range(3)),
        Dense(1, activation="sigmoid"),
        optimizer=keras.optimizers.Adam(0.01),
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


@sound("spirals", of(spirals, validated()), epochs=80)
def spirals_residual() -> keras.Model:
    points = keras.Input((2,))
    stream = Dense(32)(points)
    for _ in range(4):
        stream = keras.layers.add([stream, Dense(32)(Dense(32, activation="relu")(LayerNormalization()(stream)))])
    model = keras.Model(points, Dense(2, activation="softmax")(stream))
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


@sound("blobs", of(blobs(2, spread=1.5), standardised), epochs=30)
def blobs2_logistic() -> keras.Model:
    return sequential(
        (2,),
        Dense(1, activation="sigmoid"),
        optimizer=keras.optimizers.SGD(0.1),
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


@sound("blobs", of(blobs(3), one_hot(3)), epochs=50, batch_size=16)
def blobs3_one_hot() -> keras.Model:
    return sequential(
        (2,),
        Dense(16, activation="relu"),
        Dense(3, activation="softmax"),
        optimizer="adam",
        loss="categorical_crossentropy",
        metrics=["accuracy"],
    )


@sound("blobs", of(blobs(4, 8, spread=3.0), standardised, validated()), epochs=15)
def blobs4_dropout() -> keras.Model:
    return sequential(
        (8,),
        Dense(64, activation="relu"),
        Dropout(0.3),
        Dense(64, activation="relu"),
        Dropout(0.3),
        Dense(4),
        optimizer="adam",
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )


@sound("blobs", of(blobs(5), standardised), epochs=60)
def blobs5_sgd_schedule() -> keras.Model:
    return sequential(
        (2,),
        Dense(32, activation="tanh"),
        Dense(5, activation="softmax"),
        optimizer=keras.optimizers.SGD(keras.optimizers.schedules.CosineDecay(0.2, 1200), momentum=0.9, clipnorm=1.0),
        loss="sparse_categorical_crossentropy",
        metrics=["sparse_categorical_accuracy"],
    )


@sound("blobs", of(blobs(3, 8, spread=2.5), one_hot(3)), epochs=30, batch_size=64)
def blobs3_layer_normalised() -> keras.Model:
    return sequential(
        (8,),
        Dense(32),
        LayerNormalization(),
        Activation("silu"),
        Dense(3, activation="softmax"),
        optimizer=keras.optimizers.Adam(0.003),
        loss=keras.losses.CategoricalCrossentropy(label_smoothing=0.05),
        metrics=["accuracy"],
    )


@sound("blobs", of(blobs(2, 6, spread=3.0, rows=2000)), epochs=20, batch_size=128)
def blobs2_normalised_inside() -> keras.Model:
    scale = Normalization()
    scale.adapt(blobs(2, 6, spread=3.0, rows=2000)(0).x)
    return sequential(
        (6,),
        scale,
        Dense(16, activation="relu"),
        Dense(1, activation="sigmoid"),
        optimizer=keras.optimizers.Adam(0.005),
        loss="binary_crossentropy",
        metrics=["AUC"],
    )
