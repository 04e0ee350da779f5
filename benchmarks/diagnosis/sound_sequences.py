"""Sound programs on text and on series."""

import keras
from diagnosis.problems import demand, reviews, sine_windows, walks
from diagnosis.program import sequential, sound
from diagnosis.rows import of, standardised_as_a_whole, validated, validated_at_the_end
from keras.layers import (
    GRU,
    LSTM,
    Bidirectional,
    Conv1D,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    GlobalAveragePooling1D,
    GlobalMaxPooling1D,
    SimpleRNN,
)


@sound("text", of(reviews), epochs=12)
def reviews_pooled() -> keras.Model:
    return sequential(
        (24,),
        Embedding(300, 16),
        GlobalAveragePooling1D(),
        Dense(16, activation="relu"),
        Dense(1, activation="sigmoid"),
        optimizer=keras.optimizers.Adam(0.005),
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


@sound("text", of(reviews, validated()), epochs=6)
def reviews_convolved() -> keras.Model:
    return sequential(
        (24,),
        Embedding(300, 16),
        Conv1D(16, 3, activation="relu"),
        GlobalMaxPooling1D(),
        Dropout(0.2),
        Dense(1, activation="sigmoid"),
        optimizer=keras.optimizers.Adam(0.005),
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


@sound("text", of(reviews), epochs=4)
def reviews_lstm_masked() -> keras.Model:
    return sequential(
        (24,),
        Embedding(300, 16, mask_zero=True),
        LSTM(16),
        Dense(1, activation="sigmoid"),
        optimizer=keras.optimizers.Adam(0.005),
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


@sound("text", of(reviews, validated()), epochs=3, batch_size=32)
def reviews_bidirectional() -> keras.Model:
    return sequential(
        (24,),
        Embedding(300, 12, mask_zero=True),
        Bidirectional(GRU(10, dropout=0.2)),
        Dense(2, activation="softmax"),
        optimizer=keras.optimizers.RMSprop(0.01),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


@sound("series", of(sine_windows, validated_at_the_end()), epochs=30, answers="numbers")
def wave_dense() -> keras.Model:
    return sequential(
        (20, 1),
        Flatten(),
        Dense(32, activation="relu"),
        Dense(1),
        optimizer="adam",
        loss="mse",
        metrics=["mae"],
    )


@sound("series", of(sine_windows), epochs=20, answers="numbers")
def wave_gru() -> keras.Model:
    return sequential(
        (20, 1),
        GRU(16),
        Dense(1),
        optimizer=keras.optimizers.Adam(0.005),
        loss="mse",
    )


@sound("series", of(sine_windows), epochs=20, answers="numbers")
def wave_simple_rnn() -> keras.Model:
    return sequential(
        (20, 1),
        SimpleRNN(16),
        Dense(1),
        optimizer=keras.optimizers.Adam(0.003, clipnorm=1.0),
        loss="mse",
        metrics=["mae"],
    )


@sound("series", of(demand, standardised_as_a_whole, validated_at_the_end()), epochs=60, answers="numbers")
def demand_lstm() -> keras.Model:
    return sequential(
        (14, 1),
        LSTM(24),
        Dense(1),
        optimizer=keras.optimizers.Adam(0.005),
        loss="mse",
    )


@sound("series", of(walks), epochs=20)
def walks_convolved() -> keras.Model:
    return sequential(
        (30, 2),
        Conv1D(16, 5, activation="relu"),
        Conv1D(16, 5, activation="relu"),
        GlobalAveragePooling1D(),
        Dense(1, activation="sigmoid"),
        optimizer=keras.optimizers.Adam(0.003),
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


@sound("series", of(walks, validated()), epochs=8)
def walks_stacked_lstm() -> keras.Model:
    return sequential(
        (30, 2),
        LSTM(12, return_sequences=True),
        LSTM(12),
        Dense(2, activation="softmax"),
        optimizer=keras.optimizers.Adam(0.01),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
