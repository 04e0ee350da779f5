"""Losses that are clipped, and operations that leave what floating point can hold."""

from typing import Any

import keras
from diagnosis import sound_images as images
from diagnosis import sound_points as points
from diagnosis import sound_sequences as sequences
from diagnosis import sound_tables as tables
from diagnosis.problems import breast_cancer, colours, digits, friedman, houses, moons, shapes, wine
from diagnosis.program import mutant, sequential
from diagnosis.rows import of, one_hot, standardised, target_standardised, validated
from diagnosis.spoiling import holes, inputs_times
from keras import ops
from keras.layers import Conv1D, Dense, Embedding, Flatten, GlobalMaxPooling1D, Lambda

__all__: list[str] = []

# ---- clipped_loss


@mutant(
    images.colours_flat,
    "clipped_loss",
    also_acceptable=("unscaled_input", "lr_too_high"),
    fix="divide the pixels by 255",
    rows=of(colours),
)
def colours_logistic_raw() -> keras.Model:
    return sequential(
        (12, 12, 3),
        Flatten(),
        Dense(1, activation="sigmoid"),
        optimizer=keras.optimizers.SGD(0.01),
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


@mutant(
    images.digits_raw_pixels,
    "clipped_loss",
    also_acceptable=("unscaled_input", "lr_too_high"),
    fix="pixels between 0 and 1",
    rows=of(digits, inputs_times(16.0), one_hot(10), validated()),
)
def digits_softmax_raw() -> keras.Model:
    return sequential(
        (64,),
        Dense(10, activation="softmax"),
        optimizer=keras.optimizers.SGD(0.5),
        loss="categorical_crossentropy",
        metrics=["accuracy"],
    )


@mutant(sequences.reviews_convolved, "clipped_loss", also_acceptable=("head_loss_mismatch",), fix="sigmoid at the end")
def reviews_missing_sigmoid() -> keras.Model:
    return sequential(
        (24,),
        Embedding(300, 16),
        Conv1D(32, 3, activation="relu"),
        GlobalMaxPooling1D(),
        Dense(1),
        optimizer=keras.optimizers.RMSprop(0.05),
        loss="binary_crossentropy",
        metrics=["acc"],
    )


@mutant(
    tables.cancer_dropout,
    "clipped_loss",
    also_acceptable=("unscaled_input", "lr_too_high"),
    fix="standardise the columns; train on logits",
    rows=of(breast_cancer, validated()),
)
def cancer_logistic_raw() -> keras.Model:
    return sequential(
        (30,),
        Dense(1, activation="sigmoid"),
        optimizer="sgd",
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


@mutant(
    tables.wine_small,
    "clipped_loss",
    also_acceptable=("unscaled_input", "lr_too_high"),
    fix="standardise the columns; train on logits",
    rows=of(wine),
)
def wine_softmax_raw() -> keras.Model:
    return sequential(
        (13,),
        Dense(3, activation="softmax"),
        optimizer=keras.optimizers.SGD(0.01),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


@mutant(
    images.shapes_convolved,
    "clipped_loss",
    also_acceptable=("unscaled_input", "lr_too_high", "dying_relu", "head_loss_mismatch"),
    fix="divide the pixels by 255; softmax",
    rows=of(shapes, one_hot(3)),
)
def shapes_sigmoids_raw() -> keras.Model:
    return sequential(
        (16, 16, 1),
        Flatten(),
        Dense(32, activation="relu"),
        Dense(3, activation="sigmoid"),
        optimizer=keras.optimizers.SGD(0.05),
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


def clipped_by_hand(truth: Any, answer: Any) -> Any:
    """Crossentropy whose probabilities are clipped far too early."""
    answer = ops.clip(answer, 0.45, 0.55)
    return -ops.mean(truth * ops.log(answer) + (1 - truth) * ops.log(1 - answer), axis=-1)


@mutant(points.moons_deep_selu, "clipped_loss", fix="clip at 1e-7, or train on logits", rows=of(moons))
def moons_clipped_by_hand() -> keras.Model:
    return sequential(
        (2,),
        Dense(24, activation="relu"),
        Dense(24, activation="relu"),
        Dense(1, activation="sigmoid", bias_initializer=keras.initializers.Constant(1.0)),
        optimizer="adam",
        loss=clipped_by_hand,
        metrics=["accuracy"],
    )


# ---- numeric


def relative_error(truth: Any, answer: Any) -> Any:
    """Divides by targets that may be zero."""
    return ops.mean(ops.square((truth - answer) / truth), axis=-1)


@mutant(tables.counts_softplus, "numeric", fix="no division by a target of zero")
def counts_relative_error() -> keras.Model:
    return sequential(
        (4,),
        Dense(48, activation="relu"),
        Dense(1, activation="softplus"),
        optimizer=keras.optimizers.Adam(0.01),
        loss=relative_error,
    )


def crossentropy_by_hand(truth: Any, answer: Any) -> Any:
    """The logarithm of a probability that may be zero."""
    return -ops.sum(truth * ops.log(answer), axis=-1)


@mutant(
    images.digits_raw_pixels,
    "numeric",
    also_acceptable=("unscaled_input",),
    fix="keras.losses.CategoricalCrossentropy(from_logits=True)",
    rows=of(digits, inputs_times(16.0), one_hot(10), validated()),
)
def digits_log_of_zero() -> keras.Model:
    return sequential(
        (64,),
        Dense(64, activation="relu"),
        Dense(10, activation="softmax"),
        optimizer="adam",
        loss=crossentropy_by_hand,
        metrics=["accuracy"],
    )


@mutant(images.digits_deep, "numeric", fix="keras.ops.softmax, which subtracts the largest logit", rows=of(digits))
def digits_softmax_by_hand() -> keras.Model:
    return sequential(
        (64,),
        Dense(64, activation="relu"),
        Dense(10, kernel_initializer=keras.initializers.RandomNormal(stddev=1.0)),
        Lambda(lambda x: ops.exp(x) / ops.sum(ops.exp(x), axis=-1, keepdims=True)),
        optimizer="adam",
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


@mutant(
    tables.houses_standardised,
    "numeric",
    also_acceptable=("unscaled_input",),
    fix="float32, and standardised columns",
    rows=of(houses, target_standardised),
)
def houses_half_precision() -> keras.Model:
    half = {"dtype": "float16"}
    return sequential(
        (5,),
        Dense(64, activation="relu", **half),
        Dense(64, activation="relu", **half),
        Dense(1, **half),
        optimizer="adam",
        loss="mse",
    )


@mutant(
    tables.cancer_dropout,
    "numeric",
    fix="fill in the missing values",
    rows=of(breast_cancer, standardised, holes(0.002), validated()),
)
def cancer_missing_values() -> keras.Model:
    return sequential(
        (30,),
        Dense(32, activation="relu"),
        Dense(1, activation="sigmoid"),
        optimizer="adam",
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


@mutant(
    tables.friedman_relu,
    "numeric",
    fix="log1p: the logarithm of a zero or of less is no number",
    rows=of(friedman, standardised),
)
def friedman_logarithm_of_inputs() -> keras.Model:
    return sequential(
        (10,),
        Lambda(ops.log),
        Dense(64, activation="relu"),
        Dense(1),
        optimizer=keras.optimizers.Adam(0.003),
        loss="mse",
    )


@mutant(images.digits_dense, "numeric", fix="add a small number: some pixels are the same in all pictures")
def digits_divided_by_no_deviation() -> keras.Model:
    return sequential(
        (64,),
        Lambda(lambda x: (x - ops.mean(x, axis=0)) / ops.std(x, axis=0)),
        Dense(64, activation="relu"),
        Dense(10, activation="softmax"),
        optimizer="adam",
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
