"""Sound programs that look odd: large or small rates, zeros in the last layer, raw pixels behind a scaling layer, ...

Each does something that a hasty rule takes for a fault.
"""

import keras
from diagnosis.problems import (
    blobs,
    breast_cancer,
    circles,
    colours,
    counts,
    digits,
    friedman,
    iris,
    linear_numbers,
    moons,
    questionnaire,
    reviews,
    shapes,
    wine,
)
from diagnosis.program import sequential, sound
from diagnosis.rows import divided, of, on_inputs, on_targets, standardised, validated
from keras.layers import (
    Activation,
    BatchNormalization,
    Concatenate,
    Conv2D,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    GaussianNoise,
    GlobalAveragePooling1D,
    LayerNormalization,
    MaxPooling2D,
    MultiHeadAttention,
    RandomTranslation,
    Rescaling,
    SpatialDropout1D,
)

__all__: list[str] = []


@sound("circles", of(circles, standardised), epochs=60, batch_size=128)
def circles_large_rate() -> keras.Model:
    """A rate of 1 is right for plain descent on a small, standardised problem."""
    return sequential(
        (2,),
        Dense(24, activation="tanh"),
        Dense(1, activation="sigmoid"),
        optimizer=keras.optimizers.SGD(1.0),
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


@sound("digits", of(digits, divided(16)), epochs=120, batch_size=16)
def digits_small_rate() -> keras.Model:
    """A rate of 0.0001 and many epochs."""
    return sequential(
        (64,),
        Dense(64, activation="relu"),
        Dense(10, activation="softmax"),
        optimizer=keras.optimizers.Adam(1e-4),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


@sound("blobs", of(blobs(3, 8, spread=2.5, rows=30_000), standardised, validated()), epochs=2)
def blobs_two_epochs_of_many_rows() -> keras.Model:
    """Two epochs are enough for thirty thousand rows."""
    return sequential(
        (8,),
        Dense(32, activation="relu"),
        Dense(3, activation="softmax"),
        optimizer="adam",
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


@sound("moons", of(moons), epochs=60)
def moons_one_sigmoid_layer() -> keras.Model:
    """One hidden layer of sigmoids does not make gradients vanish; zeros in the last layer alone do not stop them."""
    return sequential(
        (2,),
        Dense(32, activation="sigmoid", kernel_initializer="orthogonal"),
        Dense(1, activation="sigmoid", kernel_initializer="zeros"),
        optimizer=keras.optimizers.Adam(0.05),
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


@sound("table", of(wine), epochs=60, batch_size=16)
def wine_normalised_in_batches() -> keras.Model:
    """Raw columns, scaled by batch normalisation."""
    return sequential(
        (13,),
        BatchNormalization(momentum=0.9),
        Dense(16, activation="relu"),
        Dense(3, activation="softmax"),
        optimizer=keras.optimizers.Adam(0.005),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


@sound("table", of(iris, on_targets(lambda y: y.astype("float32")[:, None])), epochs=100, batch_size=16)
def iris_classes_as_floats() -> keras.Model:
    """Class numbers as floats in a column."""
    return sequential(
        (4,),
        Dense(12, activation="elu"),
        Dense(3),
        optimizer=keras.optimizers.Adam(0.01),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )


@sound("table", of(breast_cancer, standardised, on_targets(lambda y: y.astype(bool))), epochs=30)
def cancer_true_or_false() -> keras.Model:
    """Targets true and false, a loss that weighs hard rows."""
    return sequential(
        (30,),
        GaussianNoise(0.1),
        Dense(16, activation="relu"),
        Dense(1, activation="sigmoid"),
        optimizer=keras.optimizers.Adam(0.005),
        loss=keras.losses.BinaryFocalCrossentropy(),
        metrics=["accuracy", "AUC"],
    )


@sound("regression", of(counts, validated()), epochs=30, answers="numbers")
def counts_relu_end() -> keras.Model:
    """Targets that are never negative may have relu at the end; targets are whole numbers and no classes."""
    return sequential(
        (4,),
        Dense(48, activation="tanh"),
        Dense(1, activation="relu", bias_initializer="ones"),
        optimizer=keras.optimizers.Adam(0.01),
        loss="mse",
        metrics=["mae"],
    )


@sound("regression", of(linear_numbers), epochs=40, answers="numbers")
def numbers_projected() -> keras.Model:
    """A linear layer between others on purpose: a projection."""
    return sequential(
        (6,),
        Dense(3, use_bias=False, name="projection"),
        Dense(32, activation="relu"),
        Dense(1),
        optimizer=keras.optimizers.Adam(0.01),
        loss="log_cosh",
        metrics=["mse"],
    )


@sound("regression", of(friedman), epochs=80, batch_size=64, answers="numbers")
def friedman_warm_restart() -> keras.Model:
    """A rate that starts at zero and rises."""
    rate = keras.optimizers.schedules.CosineDecay(
        1e-6, decay_steps=800, warmup_target=0.01, warmup_steps=100, alpha=1e-4
    )
    return sequential(
        (10,),
        Dense(64, activation="relu", kernel_initializer="he_normal"),
        Dense(1),
        optimizer=keras.optimizers.AdamW(rate),
        loss="mse",
        metrics=["r2_score"],
    )


@sound("text", of(reviews, validated()), epochs=4)
def reviews_attention() -> keras.Model:
    """Attention over words, with much dropout that is not too much."""
    words = keras.Input((24,), dtype="int32")
    vectors = Embedding(300, 16)(words)
    vectors = SpatialDropout1D(0.2)(vectors)
    vectors = LayerNormalization()(vectors + MultiHeadAttention(2, 8)(vectors, vectors))
    hidden = Dropout(0.5)(Dense(32, activation="relu")(GlobalAveragePooling1D()(vectors)))
    model = keras.Model(words, Dense(1, activation="sigmoid")(hidden))
    model.compile(keras.optimizers.Adam(0.003), "binary_crossentropy", metrics=["accuracy"])
    return model


@sound("image", of(shapes, on_inputs(lambda x: x.astype("uint8"))), epochs=30)
def shapes_bytes_moved_about() -> keras.Model:
    """Pixels as bytes, scaled and moved about inside the model."""
    return sequential(
        (16, 16, 1),
        Rescaling(1 / 255),
        RandomTranslation(0.1, 0.1),
        Conv2D(16, 3, activation="relu"),
        MaxPooling2D(),
        Conv2D(32, 3, activation="relu"),
        Flatten(),
        Dense(32, activation="relu"),
        Dense(3, activation="softmax"),
        optimizer=keras.optimizers.Adam(0.002),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


@sound("image", of(colours, divided(255)), epochs=20)
def colours_half_precision_body() -> keras.Model:
    """A body in bfloat16 with a head in float32."""
    half = {"dtype": "mixed_bfloat16"}
    return sequential(
        (12, 12, 3),
        Conv2D(16, 3, strides=2, activation="relu", **half),
        Flatten(**half),
        Dense(16, activation="relu", **half),
        Dense(1, dtype="float32"),
        optimizer=keras.optimizers.Adam(0.002),
        loss=keras.losses.BinaryCrossentropy(from_logits=True),
    )


@sound("digits", of(digits, divided(16), validated()), epochs=30)
def digits_two_branches() -> keras.Model:
    """Two branches of different depth that meet again."""
    pixels = keras.Input((64,))
    short = Dense(24, activation="tanh")(pixels)
    long = Dense(32, activation="relu")(Dense(32, activation="relu")(pixels))
    logits = Dense(10)(Concatenate()([short, long]))
    model = keras.Model(pixels, Activation("softmax", dtype="float32")(logits))
    model.compile("nadam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


@sound("table", of(questionnaire, validated()), epochs=30)
def answers_of_a_questionnaire() -> keras.Model:
    """Five answers from 1 to 5: many rows are equal by chance, on both sides of a split, and four of five say no."""
    return sequential(
        (5,),
        Dense(16, activation="relu"),
        Dense(1, activation="sigmoid"),
        optimizer=keras.optimizers.Adam(0.005),
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )
