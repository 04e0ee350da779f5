"""Questions about digits, pictures, texts and tables; each faulty program after its cure."""

import keras
from diagnosis.problems import breast_cancer, colours, digits, houses, reviews, shapes
from diagnosis.program import changed, mutant, sequential, sound
from diagnosis.reals_problems import ordered_shapes
from diagnosis.rows import (
    divided,
    of,
    on_targets,
    one_hot,
    standardised,
    target_standardised,
    validated,
    validated_at_the_end,
)
from diagnosis.spoiling import inputs_times
from keras.layers import (
    Conv1D,
    Conv2D,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    GlobalMaxPooling1D,
    MaxPooling1D,
    MaxPooling2D,
    Rescaling,
)
from keras.optimizers import SGD, Adam, RMSprop

__all__: list[str] = []

# ---- Data Science 38604: ten digits, one sigmoid


@sound("real", of(digits, divided(16), validated(0.33)), epochs=15, is_real=True)
def ten_digits_cured() -> keras.Model:
    return sequential(
        (64,),
        Dense(64, activation="relu"),
        Dense(10, activation="softmax"),
        optimizer="adam",
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


@mutant(
    ten_digits_cured,
    "head_loss_mismatch",
    also_acceptable=("unscaled_input",),
    fix="ten softmax units",
    rows=of(digits, inputs_times(16.0), validated(0.33)),
    epochs=10,
)
def one_sigmoid_for_ten_digits() -> keras.Model:
    return sequential(
        (64,),
        Dense(64, activation="relu"),
        Dense(1, activation="sigmoid"),
        optimizer="adam",
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


# ---- Data Science 18667: raw pixels hurt relu


@sound("real", of(digits, divided(16), one_hot(10)), epochs=30, batch_size=32, is_real=True)
def relu_on_pixels_cured() -> keras.Model:
    return sequential(
        (64,),
        Dense(100, activation="relu"),
        Dense(10, activation="softmax"),
        optimizer=SGD(0.05),
        loss="categorical_crossentropy",
        metrics=["accuracy"],
    )


@mutant(
    relu_on_pixels_cured,
    "unscaled_input",
    also_acceptable=("lr_too_high", "dying_relu", "clipped_loss"),
    fix="pixels between 0 and 1",
    rows=of(digits, inputs_times(16.0), one_hot(10)),
    epochs=15,
)
def relu_on_pixels() -> keras.Model:
    return sequential(
        (64,),
        Dense(100, activation="relu"),
        Dense(10, activation="softmax"),
        optimizer="sgd",
        loss="categorical_crossentropy",
        metrics=["accuracy"],
    )


# ---- 48385830: digits by sigmoids, squared error and slow descent


@sound("real", of(digits, divided(16), one_hot(10)), epochs=30, is_real=True)
def digits_squared_error_cured() -> keras.Model:
    return sequential(
        (64,),
        Dense(50, activation="relu"),
        Dense(10, activation="softmax"),
        optimizer=SGD(0.1),
        loss="categorical_crossentropy",
        metrics=["accuracy"],
    )


@mutant(
    digits_squared_error_cured,
    "head_loss_mismatch",
    also_acceptable=("vanishing_gradient", "lr_too_low", "optimizer", "too_few_epochs"),
    fix="relu, softmax and categorical crossentropy; a higher rate",
    epochs=10,
)
def digits_squared_error() -> keras.Model:
    return sequential(
        (64,),
        Dense(50, activation="sigmoid"),
        Dense(50, activation="sigmoid"),
        Dense(10, activation="sigmoid"),
        optimizer=SGD(0.01),
        loss="mean_squared_error",
        metrics=["accuracy"],
    )


# ---- 59325381: the labels divided by 255 with the pixels

changed(
    ten_digits_cured,
    "labels_divided_too",
    "label_error",
    also_acceptable=("head_loss_mismatch",),
    fix="divide x alone",
    rows=of(digits, divided(16), on_targets(lambda y: y / 255.0), validated(0.33)),
)

# ---- 56380303: a convnet that plain descent does not move


@sound("real", of(shapes, divided(255), one_hot(3), validated()), epochs=15, is_real=True)
def convnet_cured() -> keras.Model:
    return sequential(
        (16, 16, 1),
        Conv2D(16, 3, activation="relu"),
        MaxPooling2D(),
        Conv2D(32, 3, activation="relu"),
        Flatten(),
        Dense(32, activation="relu"),
        Dropout(0.2),
        Dense(3, activation="softmax"),
        optimizer=Adam(0.002),
        loss="categorical_crossentropy",
        metrics=["accuracy"],
    )


@mutant(
    convnet_cured,
    "optimizer",
    also_acceptable=("lr_too_low", "too_few_epochs"),
    fix="Adam",
    epochs=10,
)
def convnet_plain_descent() -> keras.Model:
    return sequential(
        (16, 16, 1),
        Conv2D(16, 3, activation="relu"),
        MaxPooling2D(),
        Conv2D(32, 3, activation="relu"),
        Flatten(),
        Dense(32, activation="relu"),
        Dropout(0.2),
        Dense(3, activation="softmax"),
        optimizer=SGD(0.001),
        loss="categorical_crossentropy",
        metrics=["accuracy"],
    )


# ---- 48594888: five epochs of large batches


@sound("real", of(breast_cancer, standardised, validated()), epochs=15, is_real=True)
def five_epochs_cured() -> keras.Model:
    return sequential(
        (30,),
        Dense(16, activation="relu"),
        Dense(1, activation="sigmoid"),
        optimizer=Adam(0.005),
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


@mutant(
    five_epochs_cured,
    "too_few_epochs",
    also_acceptable=("lr_too_low",),
    fix="fifteen epochs, smaller batches",
    epochs=5,
    batch_size=500,
)
def five_epochs() -> keras.Model:
    return sequential(
        (30,),
        Dense(16, activation="relu"),
        Dense(1, activation="sigmoid"),
        optimizer=Adam(0.005),
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


# ---- 56103207: validation_split of rows that stand in the order of their classes


@sound("real", of(ordered_shapes, validated()), epochs=12, is_real=True)
def pictures_in_order_cured() -> keras.Model:
    return sequential(
        (16, 16, 1),
        Conv2D(16, 3, activation="relu"),
        MaxPooling2D(),
        Flatten(),
        Dense(32, activation="relu"),
        Dense(1, activation="sigmoid"),
        optimizer=Adam(0.002),
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


changed(
    pictures_in_order_cured,
    "pictures_in_order",
    "ordered_data",
    also_acceptable=("split_mismatch",),
    fix="shuffle before validation_split",
    rows=of(ordered_shapes, validated_at_the_end(0.3)),
)

# ---- pictures by logistic regression on raw pixels: a loss that stands still


@sound("real", of(colours), epochs=15, is_real=True)
def logistic_pictures_cured() -> keras.Model:
    return sequential(
        (12, 12, 3),
        Rescaling(1 / 255),
        Flatten(),
        Dense(1),
        optimizer=Adam(0.005),
        loss=keras.losses.BinaryCrossentropy(from_logits=True),
    )


@mutant(
    logistic_pictures_cured,
    "clipped_loss",
    also_acceptable=("unscaled_input", "lr_too_high"),
    fix="divide the pixels by 255",
)
def logistic_pictures() -> keras.Model:
    return sequential(
        (12, 12, 3),
        Flatten(),
        Dense(1, activation="sigmoid"),
        optimizer=RMSprop(0.001),
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


# ---- a text convnet whose last layer lost its sigmoid: training accuracy falls


@sound("real", of(reviews, validated()), epochs=5, is_real=True)
def text_convnet_cured() -> keras.Model:
    return sequential(
        (24,),
        Embedding(300, 32),
        Conv1D(32, 5, activation="relu"),
        MaxPooling1D(3),
        Conv1D(32, 5, activation="relu"),
        GlobalMaxPooling1D(),
        Dense(1, activation="sigmoid"),
        optimizer=RMSprop(0.001),
        loss="binary_crossentropy",
        metrics=["acc"],
    )


@mutant(
    text_convnet_cured, "head_loss_mismatch", also_acceptable=("clipped_loss",), fix="sigmoid at the end", epochs=20
)
def text_convnet_without_sigmoid() -> keras.Model:
    return sequential(
        (24,),
        Embedding(300, 32),
        Conv1D(32, 5, activation="relu"),
        MaxPooling1D(3),
        Conv1D(32, 5, activation="relu"),
        GlobalMaxPooling1D(),
        Dense(1),
        optimizer=RMSprop(0.003),
        loss="binary_crossentropy",
        metrics=["acc"],
    )


# ---- prices from raw columns: the loss is nan after the first batches


@sound("real", of(houses, standardised, target_standardised, validated()), epochs=40, answers="numbers", is_real=True)
def prices_cured() -> keras.Model:
    return sequential(
        (5,),
        Dense(32, activation="relu"),
        Dense(32, activation="relu"),
        Dense(1),
        optimizer=Adam(0.003),
        loss="mse",
        metrics=["mae"],
    )


@mutant(
    prices_cured,
    "unscaled_input",
    also_acceptable=("unscaled_target", "lr_too_high", "exploding_gradient", "numeric"),
    fix="standardise columns and price",
    rows=of(houses, validated()),
)
def prices_raw() -> keras.Model:
    return sequential(
        (5,),
        Dense(32, activation="relu"),
        Dense(32, activation="relu"),
        Dense(1),
        optimizer="sgd",
        loss="mse",
        metrics=["mae"],
    )


@mutant(prices_cured, "metric", fix="mean absolute error: accuracy counts exact hits and stays at zero")
def prices_accuracy_zero() -> keras.Model:
    return sequential(
        (5,),
        Dense(32, activation="relu"),
        Dense(32, activation="relu"),
        Dense(1),
        optimizer=Adam(0.003),
        loss="mse",
        metrics=["accuracy"],
    )
