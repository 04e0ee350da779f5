"""Training that goes too fast, too slowly, the wrong way, or not on for long enough; and losses that break."""

import keras
from diagnosis import sound_images as images
from diagnosis import sound_points as points
from diagnosis import sound_sequences as sequences
from diagnosis import sound_tables as tables
from diagnosis.program import changed, mutant, sequential
from keras import ops
from keras.layers import Conv1D, Dense, Embedding, GlobalMaxPooling1D

__all__: list[str] = []


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


changed(
    points.spirals_relu,
    "spirals_two_epochs",
    "too_few_epochs",
    also_acceptable=("lr_too_low",),
    fix="a hundred epochs",
    epochs=3,
)


@mutant(sequences.reviews_convolved, "clipped_loss", also_acceptable=("head_loss_mismatch",), fix="sigmoid at the end")
def reviews_missing_sigmoid() -> keras.Model:
    return sequential(
        (24,),
        Embedding(300, 16),
        Conv1D(32, 3, activation="relu"),
        GlobalMaxPooling1D(),
        Dense(1),
        optimizer=keras.optimizers.RMSprop(0.01),
        loss="binary_crossentropy",
        metrics=["acc"],
    )


def inverse_error(truth: object, answer: object) -> object:
    """Relative error: divides by targets that may be zero."""
    return ops.mean(ops.square((truth - answer) / truth), axis=-1)


@mutant(tables.counts_softplus, "numeric", fix="no division by a target of zero")
def counts_relative_error() -> keras.Model:
    return sequential(
        (4,),
        Dense(48, activation="relu"),
        Dense(1, activation="softplus"),
        optimizer=keras.optimizers.Adam(0.01),
        loss=inverse_error,
    )
