"""Benign or not? The rows come sorted from the spreadsheet."""

import keras
import numpy as np
from sklearn.datasets import load_breast_cancer

EPOCHS = 20
BATCH_SIZE = 32


def data():
    x, y = load_breast_cancer(return_X_y=True)
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    order = np.argsort(y)
    x, y = x[order], y[order]
    # the last fifth is for validation
    return x[:455], y[:455], (x[455:], y[455:])


def build():
    model = keras.Sequential()
    model.add(keras.Input((30,)))
    model.add(keras.layers.Dense(16, activation="relu"))
    model.add(keras.layers.Dense(1, activation="sigmoid"))
    model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
    return model


if __name__ == "__main__":
    x, y, *validation = data()
    build().fit(x, y, epochs=EPOCHS, batch_size=BATCH_SIZE, validation_data=validation[0] if validation else None)
